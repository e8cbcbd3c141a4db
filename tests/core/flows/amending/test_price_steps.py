"""A card within a limit stands at once, and asks when its limit is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.model.errors import BrokerSaidNo
from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.market import OrderType
from core.model.money import PriceStep, Size
from core.model.proposal import Choice, Proposal, Verdict
from tests.builders import FDMX, QRVX, money, price
from tests.fakes.calendar import FakeCalendar
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns, until


HALF_CENTS = (PriceStep(above=price("0"), step=price("0.005")),)


@asynccontextmanager
async def trading(tmp_path: Path, **named: Any) -> AsyncIterator[Harness]:
    """The owner buys within limits; QRVX is priced in half cents."""
    wanted = {"order_type": OrderType.LIMIT, **named}
    with an_open_harness(tmp_path, **wanted) as harness:
        harness.market.steps[QRVX.con_id] = HALF_CENTS
        async with harness.trading():
            yield harness


async def priced(harness: Harness) -> Proposal:
    """The card once all of its limits stand."""
    await until(lambda: all(leg.limit for leg in harness.card().legs))
    return harness.card()


def limits_of(card: Proposal) -> dict[str, Decimal | None]:
    return {leg.instrument.symbol: leg.limit for leg in card.legs}


async def test_the_limit_is_on_the_card_before_the_yes_and_on_the_order(
    tmp_path: Path,
) -> None:
    async with trading(tmp_path) as harness:
        await harness.scan()
        card = await priced(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

        sent = {o.instrument.symbol: o.limit for o in harness.broker.sent}
        assert limits_of(card) == {"QRVX": price("4.875"), "FDMX": price("26.87")}
        assert sent == limits_of(card)
        assert {o.order_type for o in harness.broker.sent} == {OrderType.LIMIT}


async def test_the_company_s_name_comes_with_its_price_steps_and_costs_nothing(
    tmp_path: Path,
) -> None:
    """It is in the same answer of IB's; the offer's buttons stay as they are."""
    stop = ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT))
    async with trading(tmp_path, order_type=OrderType.MARKET, exits=stop) as harness:
        harness.market.companies[QRVX.con_id] = "QUARTZ RIVER VENTURES INC"
        card = await harness.scan()
        await until(lambda: all(leg.steps for leg in harness.card().legs))
        named = harness.card()
        asked = list(harness.market.steps_asked)

    companies = {leg.instrument.symbol: leg.company for leg in named.legs}
    assert companies == {"QRVX": "QUARTZ RIVER VENTURES INC", "FDMX": ""}
    assert sorted(asked) == sorted([QRVX.con_id, FDMX.con_id])
    assert named.token == card.token


async def test_before_the_step_is_known_no_yes_is_offered_and_an_old_one_buys_nothing(
    tmp_path: Path,
) -> None:
    async with trading(tmp_path) as harness:
        waiting = await harness.scan()
        looked = harness.cards_to_look_at().card(waiting.id)
        await priced(harness)
        decision = harness.tap(waiting, Choice.YES)
        await turns()

        assert looked is not None
        assert looked.fitting == ()
        assert "price step" in looked.refused[0]
        assert decision.verdict in {Verdict.NOT_NOW, Verdict.UNKNOWN}
        assert harness.broker.sent == []


async def test_a_step_that_ib_does_not_tell_is_asked_for_again(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, order_type=OrderType.LIMIT) as harness:
        harness.market.steps_fail = {FDMX.con_id: BrokerSaidNo(200, "no definition")}
        async with harness.trading():
            card = await harness.scan()
            await turns()
            harness.engine.look()
            await turns()
            assert harness.market.steps_asked.count(FDMX.con_id) == 1
            assert limits_of(harness.card())["FDMX"] is None
            looked = harness.cards_to_look_at().card(card.id)

            del harness.market.steps_fail[FDMX.con_id]
            harness.clock.forward(seconds=11)
            harness.engine.look()
            await until(lambda: limits_of(harness.card())["FDMX"] is not None)

        assert looked is not None
        [fits] = looked.fitting
        assert card.legs[fits - 1].instrument == QRVX


async def test_a_market_order_asks_for_no_step(harness: Harness) -> None:
    async with harness.trading():
        await harness.yes()

    assert harness.market.steps_asked == []


async def test_an_ask_above_the_limit_asks_again_with_a_new_one(tmp_path: Path) -> None:
    """QRVX asks 4.89 by now, within the band of two percent, above the limit."""
    async with trading(tmp_path) as harness:
        await harness.scan()
        card = await priced(harness)
        harness.quote(QRVX, ask=price("4.89"))
        [leg] = [leg for leg in card.legs if leg.instrument == QRVX]
        harness.tap(card, Choice(f"{leg.number}"))
        await harness.until_settled(card)

        again = harness.card()
        assert harness.broker.sent == []
        assert "above the limit of 4.875" in (again.note or "")
        assert limits_of(again) == {"QRVX": price("4.935")}


async def test_what_waits_for_an_open_is_bought_no_higher_than_the_cap(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, max_gap=Decimal(3)) as harness:
        async with harness.trading():
            await harness.scan()
            await until(lambda: all(leg.steps for leg in harness.card().legs))
            card = harness.card()
            harness.clock.forward(hours=7)  # the offer is made after the close
            await harness.engine.scan(key="evening")
            await until(lambda: all(leg.steps for leg in harness.card().legs))
            evening = harness.card()
            asked = harness.tap(evening, Choice.YES)
            question = harness.card()
            harness.tap(question, Choice.YES)
            await harness.until_settled(question)

        assert card.token != evening.token
        assert asked.verdict is Verdict.ASK_QUEUE
        caps = {leg.instrument.symbol: leg.limit for leg in question.legs}
        assert caps == {"QRVX": price("4.96"), "FDMX": price("27.38")}
        assert {o.tif for o in harness.broker.sent} == {"OPG"}
        assert {o.instrument.symbol: o.limit for o in harness.broker.sent} == caps
        assert isinstance(harness.calendar, FakeCalendar)
        assert evening.made_at - card.made_at > timedelta(hours=6)


async def test_a_sum_that_waits_for_an_open_is_counted_at_the_cap(
    tmp_path: Path,
) -> None:
    """500 dollars are 103 shares at 4.83, and 100 at no more than 4.96."""
    five_hundred = Size(dollars=money("500"))
    with an_open_harness(tmp_path, max_gap=Decimal(3), size=five_hundred) as harness:
        async with harness.trading():
            harness.clock.forward(hours=7)
            await harness.engine.scan(key="evening")
            await until(lambda: all(leg.steps for leg in harness.card().legs))
            evening = harness.card()
            harness.tap(evening, Choice.YES)
            question = harness.card()

        shares = {leg.instrument.symbol: leg.shares for leg in question.legs}
        assert shares == {"QRVX": 100, "FDMX": 18}
        assert question.token != evening.token


async def test_a_cap_that_cannot_be_set_leaves_no_yes_to_the_queue(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, max_gap=Decimal(3)) as harness:
        silent = BrokerSaidNo(321, "no such rule")
        harness.market.steps_fail = {QRVX.con_id: silent, FDMX.con_id: silent}
        async with harness.trading():
            harness.clock.forward(hours=7)
            await harness.engine.scan(key="evening")
            await turns()
            harness.tap(harness.card(), Choice.YES)
            question = harness.card()
            looked = harness.cards_to_look_at().card(question.id)
            harness.tap(question, Choice.YES)
            await harness.until_settled(question)

        assert looked is not None
        assert "price step" in looked.refused[0]
        assert looked.fitting == ()
        assert harness.broker.sent == []
