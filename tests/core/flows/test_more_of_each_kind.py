"""Further inputs of the kinds that the hostile reading found (docs/safety.md), at the
real engine on a real journal."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.broker.exchange_rates import ExchangeRates
from core.broker.translate import decimal_in
from core.loopback import is_loopback
from core.model.evidence import CodeMessage, LineState, Meaning
from core.model.exits.news import ChangedAtIb
from core.model.identity import gateway_at
from core.model.market import Freshness
from core.model.money import Shares
from core.model.order import WORKING, OrderState
from core.model.order_events import WordOfFill
from core.model.points import W2
from core.model.proposal import Choice, Verdict
from core.rules.next_id import NextId, compare_next_id
from core.rules.order_messages import is_of
from core.rules.order_states import can_be_so
from tests.builders import (
    FDMX,
    PERM_ID,
    QRVX,
    a_sent_order,
    price,
    some_names,
)
from tests.core.flows.test_before_it_leaves import once
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


@pytest.mark.attack(1)
async def test_a_halt_that_was_resumed_at_once_does_not_bring_a_cancelled_order_back(
    harness: Harness,
) -> None:
    def cancelled_halted_and_resumed() -> None:
        (order,) = harness.orders(card)
        harness.engine.halt(by=OWNER, reason="by Sam")
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.resume(by=OWNER, named=harness.halts().all())

    async with harness.trading():
        card = await harness.scan()
        harness.reached = when(W2.before, once(cancelled_halted_and_resumed))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.broker.sent == []


@pytest.mark.attack(1)
async def test_a_cancel_between_the_journals_line_and_the_bytes_is_asked_for(
    harness: Harness,
) -> None:
    """It is on disk as being sent: it leaves, and IB is asked as soon as it holds it."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await harness.scan()
        cancel = once(
            lambda: harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)
        )
        harness.reached = when(W2.after, cancel)
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["cancelled"])

    assert len(harness.broker.cancelled) == 1


@pytest.mark.attack(3)
async def test_a_no_that_waited_for_hours_still_counts(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        no = replace(harness.a_tap(card, Choice.NO), waited=timedelta.max)
        decision = harness.engine.decide(no)
        yes = harness.tap(card, Choice.YES)

    assert decision.verdict is Verdict.DECLINED
    assert yes.verdict is Verdict.ALREADY
    assert harness.broker.sent == []


@pytest.mark.attack(4)
@pytest.mark.parametrize("freshness", [Freshness.UNKNOWN, Freshness.DELAYED])
async def test_one_pick_without_live_data_keeps_only_its_own_order_back(
    harness: Harness, freshness: Freshness
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(QRVX, freshness=freshness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        bought = {order.instrument.symbol for order in harness.broker.sent}

    assert "QRVX" not in bought


@pytest.mark.attack(10)
async def test_a_cancel_that_is_wanted_survives_a_size_that_is_changed_meanwhile(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.go(LineState.CUT_OFF, "1100")
        harness.engine.cancel(order.ref, by=OWNER)
        harness.broker.resize(order, 300)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])
        (ended,) = harness.orders(card)

    assert ended.cancel_asked
    assert len(harness.broker.cancelled) >= 1
    assert harness.halts().halted is None


@pytest.mark.attack(17)
async def test_a_rate_code_that_is_about_a_working_order_refuses_nothing(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        assert order.order_id is not None
        harness.broker.say(
            CodeMessage(
                order_id=order.order_id,
                code=100,
                text="Max rate of messages per second has been exceeded",
                meaning=Meaning.DEAD,
            )
        )
        await turns()
        await harness.ready()

    assert harness.states(card) == ["acked"]


@pytest.mark.attack(26)
async def test_an_order_that_was_enlarged_at_ib_counts_against_the_days_limit(
    harness: Harness,
) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
        most = harness.instructions.limits.max_day
        harness.broker.resize(order, int(most / order.about) + 100)
        await until(lambda: harness.news(ChangedAtIb) != [])
        second = await harness.scan("b")
        harness.tap(second, Choice.SECOND)
        await turns()

    assert len(harness.broker.sent) == 1


@pytest.mark.attack(10)
async def test_a_size_with_a_fraction_is_noted_and_not_counted(
    harness: Harness,
) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
        with_a_fraction: Any = Decimal("99.5")
        harness.broker.resize(order, with_a_fraction)
        await turns()
        (known,) = harness.journal.orders.in_states(tuple(WORKING))

    assert known.shares == order.shares
    assert "99.5" in (known.reason or "")
    assert known.state is OrderState.ACKED


@pytest.mark.attack(22)
@pytest.mark.parametrize("moved", ["0.01", "99999"])
async def test_a_price_that_left_its_band_for_good_buys_nothing(
    harness: Harness, moved: str
) -> None:
    async with harness.trading():
        card = await harness.scan()
        for stock in (QRVX, FDMX):
            harness.quote(stock, last=price(moved), bid=price(moved), ask=price(moved))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.broker.sent == []


@pytest.mark.attack(13)
async def test_a_reason_that_comes_while_resume_asks_stays_in_force(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.engine.alarm("A webhook was set")
        named = harness.halts().all()
        harness.engine.alarm("The journal is an old copy", old_copy=True)
        harness.engine.alarm("A webhook was set")
        harness.engine.resume(by=OWNER, named=named)
        card = await harness.scan()
        decision = harness.tap(card, Choice.YES)

    assert harness.halts().halted == "The journal is an old copy"
    assert decision.verdict is Verdict.NOT_NOW
    assert harness.broker.sent == []


@pytest.mark.attack(6)
@pytest.mark.parametrize("gateway", ["LOCALHOST:4002", "127.0.0.1:4002", "[::1]:4002"])
async def test_another_spelling_of_this_machine_is_the_same_gateway(
    gateway: str,
) -> None:
    host, _, port = gateway.rpartition(":")

    assert gateway_at(host, int(port)) == gateway_at("localhost", 4002)


@pytest.mark.attack(8)
@pytest.mark.parametrize(
    ("next_id", "high", "seen", "found"),
    [
        (2**31 - 1, 50, 40, NextId.AHEAD),
        (51, 50, 40, NextId.EXPECTED),
        (52, 50, 40, NextId.AHEAD),
        (1, 50, 40, NextId.FELL_BACK),
        (0, 50, 1, NextId.FELL_BACK),
        (60, 50, 60, NextId.EXPECTED),
        (2**31 - 1, 50, None, NextId.EXPECTED),
    ],
)
def test_ibs_next_id_is_compared_with_both_counts(
    next_id: int, high: int, seen: int | None, found: NextId
) -> None:
    assert compare_next_id(next_id, high=high, seen=seen) is found


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("shares", "at", "possible"),
    [(100, "4.83", True), (101, "4.83", False), (0, "4.83", False), (40, "0", False)],
)
async def test_a_word_of_a_fill_is_taken_only_if_it_can_be_so(
    harness: Harness, shares: int, at: str, *, possible: bool
) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
    word = WordOfFill(ref=order.ref, shares=Shares(shares), price=price(at))

    assert can_be_so(word, order) is possible


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ({}, True),
        ({"ref": ""}, True),
        ({"ref": "", "perm_id": 0}, True),
        ({"ref": "tb-", "perm_id": PERM_ID}, False),
        ({"ref": "other", "perm_id": PERM_ID}, False),
        ({"ref": "", "perm_id": PERM_ID + 1}, False),
        ({"ref": "", "perm_id": 0, "client_id": 18}, False),
        ({"ref": "", "perm_id": 0, "order_id": 0}, False),
    ],
)
def test_whose_a_message_is_by_each_of_its_names(
    named: dict[str, Any], *, ours: bool
) -> None:
    order = a_sent_order(state=OrderState.ACKED, perm_id=PERM_ID)

    assert is_of(order, some_names(**named), order.terms) is ours


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    ("rate", "dollars"),
    [
        ("0.8314", "120.28"),
        ("0", None),
        ("-0.8314", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e-9", None),
        ("7.7863", "12.84"),
    ],
)
def test_a_rate_that_is_none_makes_the_money_unknown(
    rate: str, dollars: str | None
) -> None:
    rates = ExchangeRates()
    rates.learn("USD", Decimal("0.9"))
    rates.learn("USD", decimal_in(rate))
    found = rates.dollars(Decimal(100), "BASE", base="EUR")

    assert (None if found is None else f"{found:.2f}") == dollars


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("::ffff:127.0.0.1", True),
        ("0x7f.1", True),
        ("0177.0.0.1", True),
        ("::1%lo", True),
        ("LOCALHOST.", True),
        ("127.0.0.1.nip.io", False),
        ("localhost.example", False),
        ("0.0.0.0", False),  # noqa: S104  asked about, and not bound
        ("\uff11\uff12\uff17.0.0.1", False),
        ("", False),
    ],
)
def test_which_host_can_only_be_this_machine(host: str, *, here: bool) -> None:
    assert is_loopback(host) is here
