"""Malformed, extreme and repeated requests: each is answered on its id, and none is fatal."""

from datetime import timedelta
from typing import Final

import pytest

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.protocol.wire import Fields
from tests.core.sandbox.gateway.test_every_request import ASKED, ID
from tests.core.sandbox.talking import (
    AAPL,
    MORNING,
    Talker,
    a_gateway,
    contract,
    of_kind,
)


EXTREME: Final = (
    *("", "-1", "0", "2147483647", "2147483648", "-2147483649", "99999999999999"),
    *("1e400", "nan", "é\u2028", "a" * 5000),
    *("20261332 25:61:61", "99991231-23:59:59", "00010101-00:00:00", "99999999 D"),
)
AT_ONCE: Final = timedelta(seconds=15)
SUBSCRIPTIONS: Final = (1, 10, 22, 50, 92, 94, 97)
WITHOUT_ONE: Final = {2: "300", 11: "310", 23: "365", 25: "366", 51: "300", 98: "300"}
OPTION: Final = ("", "AAPL", "OPT", "20260918", "270", "C", "100", "SMART", "USD")


def answers_to(
    gateway: Gateway, number: int, fields: tuple[object, ...]
) -> list[Fields]:
    """What a client of its own hears of it within half a minute."""
    gateway.now = MORNING
    talker = Talker(gateway).start()
    found = talker.ask(number, *fields)
    for _ in range(2):
        gateway.now += AT_ONCE
        found += talker.wait(0.0)
    talker.session.close()
    return found


@pytest.mark.parametrize("number", sorted(ASKED))
def test_whatever_stands_in_a_field_the_request_is_answered_on_its_id(
    number: int,
) -> None:
    gateway, fields = a_gateway(), ASKED[number]
    for place, plain in enumerate(fields):
        for value in EXTREME if plain != ID else ():
            said = (*fields[:place], value, *fields[place + 1 :])

            found = answers_to(gateway, number, said)

            if (number, place) not in {(20, 16), (20, 17)}:  # long work, in slices
                told = [each for each in found if str(ID) in each[1:4]]
                assert told, (place, value, found)


@pytest.mark.parametrize("number", sorted(ASKED))
def test_a_request_that_is_cut_short_is_answered(number: int) -> None:
    gateway, fields = a_gateway(), ASKED[number]
    for length in range(len(fields)):
        assert answers_to(gateway, number, fields[:length]), length


@pytest.mark.parametrize("number", [-5, 0, 2147483647])
def test_an_id_at_the_edge_is_an_id(number: int) -> None:
    gateway = a_gateway()
    for asked in (9, 1, 97):
        fields = [number if field == ID else field for field in ASKED[asked]]
        good = answers_to(gateway, asked, tuple(fields))
        bad = answers_to(gateway, asked, (*fields[:-3], "1.5", *fields[-2:]))

        assert any(str(number) in each[1:3] for each in good), asked
        assert any(str(number) in each[1:3] for each in bad), asked


@pytest.mark.parametrize("number", SUBSCRIPTIONS)
def test_a_second_subscription_under_a_running_id_is_322(number: int) -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(number, *ASKED[number])
    talker.wait(6)

    found = talker.ask(number, *ASKED[number])

    assert [each[2:4] for each in of_kind(found, 4)] == [(str(ID), "322")]
    goes_on = talker.wait(31)
    assert goes_on or number in {92, 94}  # profit that does not change is not told


def test_a_second_query_of_bars_under_a_running_id_is_322() -> None:
    talker = Talker(a_gateway()).start()
    running = (*ASKED[20][:-2], 1, "")  # kept up to date
    talker.ask(20, *running)

    found = talker.ask(20, *running)

    (refused,) = of_kind(found, 4)
    assert refused[3] == "322"
    assert refused[4].endswith("Duplicate ticker ID for API historical data query")


@pytest.mark.parametrize(("number", "code"), WITHOUT_ONE.items())
def test_the_end_of_what_does_not_run_says_so_each_time(number: int, code: str) -> None:
    talker = Talker(a_gateway()).start()
    end = (ID,) if number == 98 else (1, ID)
    begin = {2: 1, 11: 10, 23: 22, 25: 20, 51: 50, 98: 97}[number]
    talker.ask(begin, *ASKED[begin][:-2], 1, "") if begin == 20 else talker.ask(
        begin, *ASKED[begin]
    )

    first, *others = (of_kind(talker.ask(number, *end), 4) for _ in range(3))

    assert not first or first[0][3] == "162"  # the receipt of a scan and of bars
    assert [[each[2:4] for each in found] for found in others] == (
        [[(str(ID), code)]] * 2
    )


@pytest.mark.parametrize("number", [10, 50, 97])
def test_after_1101_the_same_id_can_be_asked_for_again(number: int) -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    talker.ask(number, *ASKED[number])
    talker.wait(6)
    gateway.flap(1101)
    talker.wait(2)
    assert not talker.wait(10)

    assert not of_kind(talker.ask(number, *ASKED[number]), 4)
    assert talker.wait(10)


def test_a_thousand_requests_under_one_id_are_each_answered() -> None:
    talker = Talker(a_gateway()).start()
    for _ in range(1000):
        talker.session.receive(b"", talker.gateway.now)
        talker.ask(1, *ASKED[1])

    found = [*talker.received, *talker.wait(21)]  # fifty in a second have their turn

    refused = [each for each in of_kind(talker.received, 4) if each[2] == str(ID)]
    assert found
    assert [each[3] for each in refused] == ["322"] * 999


@pytest.mark.parametrize("exchange", ["", "NOWHERE", "smart"])
@pytest.mark.parametrize("named", [AAPL, ""])
def test_a_contract_is_asked_for_at_an_exchange_that_lists_it(
    named: str, exchange: str
) -> None:
    plain = contract(named)
    wanted = (*plain[:1], "AAPL", *plain[2:7], exchange, *plain[8:])

    for number in (1, 20):
        talker = Talker(a_gateway()).start()
        before = (11, ID) if number == 1 else (ID,)
        talker.ask(number, *before, *wanted, *ASKED[number][len(before) + 12 :])

        (refused,) = [
            each for each in of_kind(talker.received, 4) if each[2] == str(ID)
        ]
        assert refused[3] == ("200" if exchange else "321")
        assert exchange or refused[4].endswith("Please enter exchange")


def test_only_client_0_binds_what_is_typed_into_the_terminal() -> None:
    gateway = a_gateway()

    (refused,) = Talker(gateway, client_id=7).start().ask(15, 1, 1)

    assert refused[2:4] == ("-1", "321")
    assert "Only the default client (i.e 0) can auto bind orders" in refused[4]
    assert not Talker(gateway, client_id=0).start().ask(15, 1, 1)


@pytest.mark.parametrize(
    ("named", "action", "quantity", "account", "code"),
    [
        (OPTION, 1, 1, "", "322"),
        (OPTION, 2, 1, "DU1234567", "322"),
        (OPTION, 1, 1, "DU7654321", "322"),
        (OPTION, 3, 1, "", "321"),
        (OPTION, 1, 0, "", "321"),
        (OPTION, 1, -1, "", "321"),
        (OPTION, 1, "1.0", "", "320"),
        (("", "AAPL", "STK", "", "", "", "", "SMART", "USD"), 1, 1, "", "200"),
        ((*OPTION[:4], "9999", *OPTION[5:]), 1, 1, "", "200"),
        ((*OPTION[:7], "", "USD"), 1, 1, "", "321"),
    ],
)
def test_an_option_that_nobody_holds_cannot_be_exercised(
    named: tuple[str, ...], action: int, quantity: object, account: str, code: str
) -> None:
    talker = Talker(a_gateway()).start()

    (refused,) = talker.ask(21, 2, ID, *named, "", "", action, quantity, account, 0)

    assert refused[2:4] == (str(ID), code)
    holder = account or "DU1234567"
    held = f"No unlapsed position exists in this option in account {holder}."
    assert code != "322" or refused[4] == f"Error processing request:{held}"
