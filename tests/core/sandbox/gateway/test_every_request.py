"""Every message that a client can send has an answer on its own id, or an end."""

from datetime import UTC, date, datetime

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.handlers import HANDLERS
from core.sandbox.latency import Profile
from core.sandbox.market.permission import DataPermission
from core.sandbox.protocol.message_names import REQUESTS
from core.sandbox.protocol.wire import Fields
from tests.core.sandbox.talking import AAPL, Talker, a_gateway, contract, of_kind


ID = 4711
STOCK = contract(AAPL)
ELEVEN = STOCK[:8] + STOCK[9:]  # without the primary exchange
ASKED: dict[int, tuple[object, ...]] = {
    1: (11, ID, *STOCK, 0, "", 0, 0, ""),
    4: (1, ID, ""),
    7: (3, ID, 0, "", "", "", "", "", ""),
    9: (8, ID, *STOCK, 0, "", "", ""),
    10: (5, ID, *STOCK, 5, 0, ""),
    19: (1, 1, "<xml/>", ID),
    20: (ID, *STOCK, 0, "", "1 day", "2 D", 1, "TRADES", 1, 0, ""),
    21: (2, ID, *ELEVEN, 1, 1, "", 0),
    22: (ID, 5, "STK", "STK.US.MAJOR", "MOST_ACTIVE", *[""] * 17, "", ""),
    23: (1, ID),
    25: (1, ID),
    50: (3, ID, *STOCK, 5, "TRADES", 0, ""),
    52: (2, ID, *STOCK[:3], "SMART", "", "USD", "", "ReportSnapshot", ""),
    54: (3, ID, *STOCK, 1.0, 2.0, ""),
    55: (3, ID, *STOCK, 1.0, 2.0, ""),
    62: (1, ID, "All", "NetLiquidation"),
    67: (1, ID),
    68: (1, ID, 1),
    69: (1, ID, "none"),
    74: (1, ID, "", ""),
    76: (1, ID, "", "", 1),
    78: (ID, "AAPL", "", "STK", AAPL),
    79: (ID,),
    81: (ID, "AA"),
    83: (ID, "9c0001"),
    84: (ID, "SIM", "SIM$1.20260730", ""),
    86: (ID, AAPL, "SIM", "", "", 10, ""),
    87: (ID, *STOCK, 0, 1, "TRADES", 1),
    88: (ID, *STOCK, 0, 1, "1 days"),
    92: (ID, "", ""),
    94: (ID, "", "", AAPL),
    96: (ID, *STOCK, 0, "", "20260730-14:40:00", 10, "TRADES", 1, 0, ""),
    97: (ID, *STOCK, "Last", 0, 0),
    100: (ID,),
    102: (ID, AAPL, "", 0, 0, 0, "", "", 10),
    104: (ID,),
}
WITHOUT_ID = {  # the message that answers, or the error
    5: ((1,), "53"),
    6: ((2, 1, ""), "54"),
    8: ((1, 1), "9"),
    16: ((1,), "53"),
    17: ((1,), "15"),
    18: ((1, 1), "4"),
    24: ((1,), "19"),
    49: ((1,), "49"),
    61: ((1,), "62"),
    80: ((), "78"),
    82: ((), "80"),
    85: ((), "85"),
    91: ((26,), "93"),
    99: ((0,), "102"),
}
ENDS_OR_SETTINGS = {
    2,
    11,
    12,
    13,
    14,
    15,
    51,
    53,
    56,
    57,
    58,
    59,
    63,
    64,
    70,
    75,
    77,
} | {
    *(89, 90, 93, 95, 98, 101, 103),
}
PLACED_ELSEWHERE = {3, 71}


def answers(talker: Talker, number: int, fields: tuple[object, ...]) -> list[Fields]:
    """What is said within a quarter of a minute of asking."""
    return [*talker.ask(number, *fields), *talker.wait(15)]


def test_no_message_is_forgotten_here() -> None:
    known = {*ASKED, *WITHOUT_ID, *ENDS_OR_SETTINGS, *PLACED_ELSEWHERE}

    assert known == set(REQUESTS)
    assert set(REQUESTS) - {71} == set(HANDLERS)


@pytest.mark.parametrize("permission", [DataPermission.LIVE, DataPermission.NONE])
@pytest.mark.parametrize("number", ASKED)
def test_a_request_with_an_id_is_answered_on_it(
    number: int, permission: DataPermission
) -> None:
    config = GatewayConfig(profile=Profile.INSTANT, permission=permission)
    talker = Talker(a_gateway(config)).start()

    found = answers(talker, number, ASKED[number])

    assert any(str(ID) in each[1:4] for each in found), found


@pytest.mark.parametrize("number", WITHOUT_ID)
def test_a_request_without_an_id_is_answered_by_its_kind(number: int) -> None:
    talker = Talker(a_gateway()).start()
    fields, kind = WITHOUT_ID[number]

    assert of_kind(answers(talker, number, fields), int(kind))


@pytest.mark.parametrize("number", [96, 88])
def test_ticks_of_a_stock_that_is_not_known_are_200(number: int) -> None:
    talker = Talker(a_gateway()).start()
    nowhere = contract("1")

    found = answers(talker, number, (ID, *nowhere, *ASKED[number][13:]))

    assert [each[2:4] for each in of_kind(found, 4)] == [(str(ID), "200")]


@pytest.mark.parametrize(
    ("what", "kind", "width"),
    [("TRADES", 98, 6), ("BID_ASK", 97, 6), ("MIDPOINT", 96, 4)],
)
def test_past_ticks_are_as_many_as_asked_and_before_the_moment(
    what: str, kind: int, width: int
) -> None:
    talker = Talker(a_gateway()).start()
    until = "20260730-14:40:00"

    found = answers(talker, 96, (ID, *STOCK, 0, "", until, 10, what, 1, 0, ""))

    (told,) = of_kind(found, kind)
    assert told[2] == "10"
    assert len(told) == 3 + 10 * width + 1
    assert max(told[3 : 3 + 10 * width : width]) <= "1785422400"


def test_ticks_from_a_holiday_on_are_those_of_the_next_session() -> None:
    """As @stoqey/ib asks for them: a thousand from New Year's Day 2021 on."""
    talker = Talker(a_gateway()).start()
    start = "20210101-16:00:00"
    talker.ask(96, 5, *contract(AAPL), 0, start, "", 1000, "TRADES", 1, 0, "")
    talker.wait(5)

    (found,) = of_kind(talker.received, 98)
    first = datetime.fromtimestamp(int(found[3]), UTC)
    assert int(found[2]) == 1000
    assert first.date() == date(2021, 1, 4)


def test_streamed_trades_are_those_that_history_tells() -> None:
    talker = Talker(a_gateway()).start()
    received = of_kind(answers(talker, 97, (ID, *STOCK, "AllLast", 0, 0)), 99)
    until = talker.gateway.now.strftime("%Y%m%d-%H:%M:%S")

    found = answers(talker, 96, (ID, *STOCK, 0, "", until, 10, "TRADES", 1, 0, ""))

    (told,) = of_kind(found, 98)
    past = {told[at : at + 4][0]: told[at : at + 4][2] for at in range(3, 63, 6)}
    streamed = {each[3]: each[4] for each in received}
    assert past.keys() & streamed.keys()
    assert all(past[at] == streamed[at] for at in past.keys() & streamed.keys())


@pytest.mark.parametrize("number", [10, 97])
def test_so_many_streams_and_no_more(number: int) -> None:
    talker = Talker(a_gateway()).start()
    codes = []
    for each in range(7):
        fields = [each if field == ID else field for field in ASKED[number]]
        codes += of_kind(talker.ask(number, *fields), 4)

    assert [each[3] for each in codes] == (
        ["309"] * 4 if number == 10 else ["10190"] * 2
    )


def test_a_book_is_told_once_and_then_changed() -> None:
    talker = Talker(a_gateway()).start()

    rows = of_kind(answers(talker, 10, ASKED[10]), 12)

    inserted = [each for each in rows if each[4] == "0"]
    assert len(inserted) == 10
    assert rows[: len(inserted)] == inserted
    bids = [float(each[6]) for each in inserted if each[5] == "1"]
    asks = [float(each[6]) for each in inserted if each[5] == "0"]
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] < asks[0]


def test_what_was_ended_is_silent() -> None:
    talker = Talker(a_gateway()).start()
    for number, end in ((10, 11), (50, 51), (97, 98)):
        talker.ask(number, *ASKED[number])
        talker.wait(6)
        talker.ask(end, *((ID,) if end == 98 else (1, ID)))
        talker.wait(0.1)

        assert not talker.wait(12)


def test_news_tells_of_the_days_on_which_a_stock_moved_much() -> None:
    talker = Talker(a_gateway()).start()
    stocks = talker.gateway.exchange.universe.stocks
    found = [
        each
        for stock in stocks[-40:-34]
        for each in talker.ask(86, ID, stock.con_id, "SIM", "", "", 5, "")
    ]

    stories = of_kind(found, 86)
    assert stories
    assert len(of_kind(found, 87)) == 6
    article = talker.ask(84, ID, "SIM", stories[0][4], "")
    assert of_kind(article, 83)
    assert of_kind(talker.ask(84, ID, "SIM", "nothing", ""), 4)


def test_a_closed_market_has_no_live_bars() -> None:
    gateway = a_gateway()
    gateway.now = gateway.now.replace(month=8, day=1)  # a Saturday

    assert not answers(Talker(gateway).start(), 50, ASKED[50])
