"""What all clients share: ids, the line to the broker, restarts."""

from dataclasses import replace
from typing import Any

import pytest

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.session import Phase
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Scenario
from tests.core.sandbox.talking import (
    AAPL,
    SPY,
    Talker,
    a_gateway,
    a_trouble,
    contract,
    of_kind,
)


def next_id(talker: Talker) -> int:
    (found,) = of_kind(talker.ask(8, 1, 1), 9)
    return int(found[2])


def place(talker: Talker, order_id: int, **fields: str) -> list[tuple[str, ...]]:
    """Place an order for ten shares; a limit far below the market rests."""
    kind, price = fields.get("kind", "LMT"), fields.get("price", "1.0")
    head = (3, order_id, *contract(AAPL), "", "", "BUY", 10, kind, price, "", "GTC")
    return talker.ask(*head, "", "DU1234567", "O", 0, "ref", 1, *[""] * 84)


def test_ids_grow_with_every_order_and_belong_to_a_client() -> None:
    gateway = a_gateway()
    one, two = (
        Talker(gateway, client_id=1).start(),
        Talker(gateway, client_id=2).start(),
    )
    place(one, 5)

    assert next_id(one) == 6
    assert next_id(two) == 1


def test_a_restart_keeps_orders_and_may_roll_ids_back() -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    place(talker, 5)

    gateway.restart(rollback=2)
    again = Talker(gateway).start()

    assert talker.session.phase is Phase.CLOSED
    assert next_id(again) == 4
    assert len(gateway.exchange.open_orders()) == 1
    assert of_kind(place(again, 4), 4) == []  # issued anew, and taken again
    assert next_id(again) == 5


def test_a_restarted_gateway_may_have_its_orders_only_for_the_second_list() -> None:
    gateway = a_gateway()
    place(Talker(gateway).start(), 5)

    gateway.happen(Happening(after=0, event=LineEvent.RESTART, blind=1))
    again = Talker(gateway).start()

    assert of_kind(again.ask(16, 1), 5) == []
    assert [each[1] for each in of_kind(again.ask(16, 1), 5)] == ["5"]


def test_an_id_that_was_used_is_103() -> None:
    talker = Talker(a_gateway()).start()
    place(talker, 5)

    found = place(talker, 4)

    assert [(each[2], each[3]) for each in of_kind(found, 4)] == [("4", "103")]


def test_nobody_is_let_in_while_it_restarts() -> None:
    gateway = a_gateway()
    Talker(gateway).start()

    gateway.restart(down=5)

    assert gateway.connect(gateway.now) is None


@pytest.mark.parametrize("back", [1101, 1102])
def test_what_is_asked_while_the_line_is_lost_is_answered_after(back: int) -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    gateway.flap(1100)

    during = talker.ask(61, 1) + talker.ask(49, 1)
    gateway.flap(back)
    after = talker.wait(0.1)

    assert [each[0] for each in during] == ["4", "49"]
    assert of_kind(after, 62)


def test_fills_wait_for_the_line() -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    gateway.flap(1100)
    during = place(talker, 5, kind="MKT")

    gateway.flap(1102)
    after = talker.wait(2)

    assert of_kind(during, 5) == []
    assert len(of_kind(after, 11)) == 1


@pytest.mark.parametrize(("code", "alive"), [(1101, False), (1102, True)])
def test_1101_loses_the_quote_lines_and_1102_keeps_them(
    code: int, *, alive: bool
) -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    talker.ask(1, 11, 3, *contract("756733"), 0, "", 0, 0, "")
    gateway.flap(1100)

    gateway.flap(code)
    found = talker.wait(5)

    assert bool(of_kind(found, 1)) is alive


def test_a_farm_that_is_down_is_named_to_newcomers() -> None:
    gateway = a_gateway()
    gateway.flap(2105)

    talker = Talker(gateway).start()

    codes = [each[3] for each in of_kind(talker.received, 4)]
    assert sorted(codes) == ["2104", "2105", "2158"]


def test_quotes_stop_while_their_farm_is_down() -> None:
    gateway = a_gateway()
    talker = Talker(gateway).start()
    talker.ask(1, 11, 3, *contract("756733"), 0, "", 0, 0, "")

    gateway.flap(2103)
    during = talker.wait(5)
    gateway.flap(2104)
    after = talker.wait(5)

    assert of_kind(during, 1) == []
    assert of_kind(after, 1)


def test_client_nought_sees_orders_placed_by_hand() -> None:
    gateway = a_gateway()
    Talker(gateway, client_id=0).start()
    other = Talker(gateway, client_id=7).start()
    place(other, 3)

    found = other.ask(5, 1)

    assert [each[0] for each in found] == ["5", "3", "53"]


def test_of_a_scenario_that_is_reloaded_nothing_stays() -> None:
    gateway = a_gateway()
    quiet = a_scenario("first", shapes={"AAPL": Shape(halted=1)}, read_only=True)
    gateway.reload(replace(quiet, troubles=(a_trouble("reqIds", Action.DROP, 99),)))
    talker = Talker(gateway).start()
    assert not of_kind(talker.ask(8, 1, 1), 9)

    gateway.reload(a_scenario("second", shapes={"SPY": Shape(halted=2)}))

    assert next_id(talker) == 1
    assert not gateway.config.read_only
    halted = [
        gateway.exchange.quote(int(each), gateway.now).halted for each in (AAPL, SPY)
    ]
    assert halted == [0, 2]


def called(gateway: Gateway, con_id: str) -> str:
    """The symbol by which a client hears of that contract number."""
    talker = Talker(gateway, client_id=40 + len(gateway.sessions)).start()
    (found,) = of_kind(talker.ask(9, 8, 1, con_id, *[""] * 15), 10)
    return found[2]


def test_a_renamed_stock_keeps_its_contract_number_and_what_is_wished_for_it() -> None:
    gateway = a_gateway()
    before = gateway.exchange.quote(int(AAPL), gateway.now)
    halted = {"AAPL": Shape(halted=1)}
    gateway.reload(replace(a_scenario("a", shapes=halted), renamed={"AAPL": "APPL"}))

    now = gateway.exchange.quote(int(AAPL), gateway.now)
    assert called(gateway, AAPL) == "APPL"
    assert (now.last, now.halted) == (before.last, 1)

    gateway.reload(a_scenario("b"))
    assert called(gateway, AAPL) == "AAPL"
    assert gateway.exchange.quote(int(AAPL), gateway.now) == before


@pytest.mark.parametrize("names", [{"NONE": "SUCH"}, {"AAPL": "MSFT"}])
def test_a_name_that_cannot_be_given_changes_nothing(names: dict[str, str]) -> None:
    gateway = a_gateway()
    gateway.reload(replace(a_scenario("a", read_only=True), renamed={"SPY": "SPYX"}))

    with pytest.raises(ValueError, match="cannot be renamed"):
        gateway.reload(replace(a_scenario("b"), renamed=names))

    assert called(gateway, SPY) == "SPYX"
    assert gateway.config.read_only


def a_scenario(name: str, **changes: Any) -> Scenario:
    shapes = changes.pop("shapes", {})
    return Scenario(name=name, seen="here", shapes=shapes, settings=changes)
