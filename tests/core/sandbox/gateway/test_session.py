"""One client's conversation: any chopping, any garbage, any speed."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.session import Phase, request_id
from core.sandbox.latency import Profile
from core.sandbox.protocol.wire import PREFIX, frame
from tests.core.sandbox.talking import (
    AAPL,
    MORNING,
    OFFER,
    SPY,
    Talker,
    a_gateway,
    an_order,
    contract,
    message,
    of_kind,
)


CONVERSATION = b"".join(
    (
        OFFER,
        message(71, 2, 7, ""),
        message(61, 1),
        message(49, 1),
        message(9, 8, 1, *contract(AAPL), 0, "", "", ""),
        message(1, 11, 2, *contract(SPY), 0, "", 0, 0, ""),
    ),
)


def test_the_handshake_ends_in_ids_accounts_and_farms() -> None:
    talker = Talker(a_gateway())

    talker.start()

    first, *rest = talker.received
    assert first[0] == "178"
    assert len(first) == 2
    assert rest[:2] == [("15", "1", "DU1234567"), ("9", "1", "1")]
    assert [each[3] for each in rest[2:]] == ["2104", "2106", "2158"]


def test_nothing_is_said_before_start_api() -> None:
    talker = Talker(a_gateway())
    talker.say(OFFER)

    answered = talker.ask(49, 1)

    assert answered == []


@pytest.mark.parametrize("offer", [b"v100..156", b"v9"])
def test_who_is_too_old_is_told_so_and_the_line_ends(offer: bytes) -> None:
    talker = Talker(a_gateway())

    said = talker.say(PREFIX + len(offer).to_bytes(4, "big") + offer)

    assert [each[3] for each in said] == ["357"]
    assert talker.session.phase is Phase.CLOSED


@pytest.mark.parametrize("offer", [b"v179..200", b"v201..226", b"v999999..999999"])
def test_who_begins_after_ours_is_told_ours_and_the_line_stays(offer: bytes) -> None:
    talker = Talker(a_gateway())

    said = talker.say(PREFIX + len(offer).to_bytes(4, "big") + offer)

    assert [each[0] for each in said] == ["178"]
    assert talker.session.phase is Phase.VERSION_AGREED


@pytest.mark.parametrize("offer", [b"v178..100", b"v157.178", b"178", b"v-1..178", b""])
def test_an_offer_that_is_none_gets_no_session(offer: bytes) -> None:
    talker = Talker(a_gateway())

    talker.say(PREFIX + len(offer).to_bytes(4, "big") + offer)

    assert talker.session.phase is Phase.CLOSED


def test_a_frame_of_sixteen_megabytes_ends_its_line_before_it_is_kept() -> None:
    gateway = a_gateway()
    bad, good = Talker(gateway, client_id=1).start(), Talker(gateway).start()

    bad.say((16 << 20).to_bytes(4, "big") + b"3\0" * 1000)

    assert bad.session.phase is Phase.CLOSED
    assert of_kind(good.ask(49, 1), 49)


def test_a_client_that_goes_in_the_middle_of_an_order_has_placed_none() -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    order = message(*an_order(1))
    talker.say(order[:-1])
    talker.session.close()

    again = Talker(gateway).start()

    assert again.received[2] == ("9", "1", "1")  # the same id is free
    assert not again.wait(5)
    assert not gateway.exchange.completed_orders(gateway.now.date())


def test_the_thirty_third_client_is_told_that_there_is_no_room() -> None:
    gateway = a_gateway()
    for number in range(32):
        Talker(gateway, client_id=number).start()
    late, again = Talker(gateway, client_id=99), Talker(gateway, client_id=5)

    for talker, words in ((late, "32 clients"), (again, "already in use")):
        talker.start()

        assert [each[2:4] for each in talker.received[1:]] == [("-1", "326")]
        assert words in talker.received[1][4]
        assert talker.session.phase is Phase.CLOSED


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, len(CONVERSATION)), max_size=30))
def test_any_chopping_gives_the_same_conversation(cuts: list[int]) -> None:
    whole, chopped = Talker(a_gateway()), Talker(a_gateway())
    whole.session.receive(CONVERSATION, MORNING)

    start = 0
    for cut in [*sorted(cuts), len(CONVERSATION)]:
        chopped.session.receive(CONVERSATION[start:cut], MORNING)
        start = cut

    assert chopped.wait(0.3) == whole.wait(0.3)
    assert len(whole.received) > 20


def test_the_same_seed_gives_the_same_bytes() -> None:
    slow = GatewayConfig(profile=Profile.TYPICAL, seed=3)
    one, two = Talker(a_gateway(slow)), Talker(a_gateway(slow))

    one.say(CONVERSATION)
    two.say(CONVERSATION)

    assert one.wait(2.0) == two.wait(2.0)


@pytest.mark.parametrize(
    "garbage", [b"\xff" * 64, b"\0" * 64, b"\x7f\xff\xff\xffAPI\0", b"spam" * 9]
)
def test_garbage_ends_only_its_own_conversation(garbage: bytes) -> None:
    gateway = a_gateway()
    bad, good = Talker(gateway, client_id=1), Talker(gateway, client_id=2)
    bad.start()
    good.start()

    bad.say(garbage)

    assert bad.session.phase is Phase.CLOSED
    assert of_kind(good.ask(49, 1), 49)


def test_a_field_that_cannot_be_read_is_answered_with_320() -> None:
    talker = Talker(a_gateway()).start()

    answered = talker.ask(2, 2, "spam")

    assert [each[3] for each in answered] == ["320"]


def test_an_unknown_message_is_answered_and_survived() -> None:
    talker = Talker(a_gateway()).start()

    answered = talker.ask(999, 1) + talker.ask("spam") + talker.ask(49, 1)

    assert [each[0] for each in answered] == ["4", "4", "49"]


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_mutated_frames_kill_nothing(seed: int) -> None:
    gateway, chance = a_gateway(GatewayConfig(lines=10**9)), Random(seed)
    talker, second = Talker(gateway, client_id=1).start(), Talker(gateway).start()
    plain = [each.split(b"\0")[:-1] for each in _bodies()]

    for _ in range(1000):
        fields = list(chance.choice(plain))
        spot = chance.randrange(len(fields))
        fields[spot] = chance.choice(
            [b"", b"-1", b"nan", b"9" * 400, b"\xff", b"1e308"]
        )
        body = b"\0".join(fields) + b"\0"
        talker.session.receive(len(body).to_bytes(4, "big") + body, gateway.now)
    talker.wait(0.1)

    assert talker.session.phase is Phase.OPEN
    assert of_kind(second.ask(49, 1), 49)


def _bodies() -> list[bytes]:
    order = ["3", "9", *contract(AAPL), "", "", "BUY", "100", "MKT", *[""] * 98]
    asks = (
        order,
        [
            "20",
            "8",
            *contract(SPY),
            "0",
            "",
            "1 day",
            "2 D",
            "1",
            "TRADES",
            "1",
            "0",
            "",
        ],
        ["1", "11", "2", *contract(SPY), "0", "", "0", "0", ""],
        ["22", "3", "5", "STK", "STK.US.MAJOR", "TOP_PERC_GAIN", *[""] * 19],
        ["7", "3", "5", "0", "", "", "", "", "", ""],
        ["62", "1", "4", "All", "NetLiquidation"],
        ["94", "6", "DU1234567", "", AAPL],
        ["87", "5", *contract(AAPL), "0", "1", "TRADES", "1"],
    )
    return [frame(tuple(each))[4:] for each in asks]


REJECTING = GatewayConfig(profile=Profile.INSTANT, reject_over_rate=True)


def test_over_fifty_messages_a_second_wait_for_their_turn() -> None:
    talker = Talker(a_gateway()).start()

    early = talker.say(message(49, 1) * 120)
    later = talker.wait(1.0)
    last = talker.wait(1.0)

    assert [len(of_kind(each, 49)) for each in (early, later, last)] == [50, 50, 20]
    assert not of_kind([*early, *later, *last], 4)


def test_over_fifty_messages_a_second_is_a_strike_and_three_end_it() -> None:
    talker = Talker(a_gateway(REJECTING)).start()
    codes = list[str]()

    for _ in range(3):
        found = talker.say(message(49, 1) * 60)
        codes += [each[3] for each in of_kind(found, 4)]
        talker.gateway.now += timedelta(seconds=1.1)

    assert codes == ["100", "100", "100"]
    assert talker.session.phase is Phase.CLOSED


def test_forty_nine_messages_a_second_are_fine_for_ever() -> None:
    talker = Talker(a_gateway()).start()

    for _ in range(5):
        talker.gateway.now += timedelta(seconds=1.1)
        found = talker.say(message(49, 1) * 49)

        assert len(of_kind(found, 49)) == 49


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("3", "41", "0"), 41),
        (("22", "5", "50"), 5),
        (("1", "11", "6"), 6),
        (("5", "1"), -1),
        (("2", "2", "spam"), -1),
        ((), -1),
    ],
)
def test_an_error_carries_the_id_of_its_request(
    fields: tuple[str, ...], expected: int
) -> None:
    found = request_id(fields)

    assert found == expected
