"""When the orders count as compared, how long a second look waits, and what it takes in."""

from dataclasses import replace
from pathlib import Path

from core.flows.reconcile import Reconciler
from core.flows.signals import Signals
from core.ledger.orders import Ledger
from core.model.evidence import CodeHeard, LineState, Meaning
from core.model.news import Ghost, InDoubt
from core.model.order import OrderRef
from core.model.patience import Patience
from core.model.points import RECOVER_ADOPT, ignore
from core.model.proposal import Choice, Proposal
from tests.builders import money
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import Conduct
from tests.harness.core import House, an_open_house, turns, until, when


SOON_AFTER_A_START: Patience = replace(AT_ONCE, settle_after_outage=30.0)
SOON_AFTER_AN_OUTAGE: Patience = replace(AT_ONCE, settle=30.0)


class Hasty(Ledger):
    """Does not wait for IB's first word."""

    async def past_sending(self, ref: OrderRef, *, within: float) -> bool:
        return False


async def one_yes(house: House) -> Proposal:
    card = await house.scan()
    house.tap(card, Choice.FIRST)
    return card


def a_reconciler(house: House) -> Reconciler:
    return Reconciler(
        broker=house.broker,
        orders=house.journal.orders,
        clock=house.clock,
        patience=house.instructions.patience,
        ledger=house.ledger(),
        signals=Signals(),
        reached=ignore,
    )


async def test_after_a_start_the_second_look_does_not_wait_as_after_an_outage(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path, patience=SOON_AFTER_A_START) as house:
        house.broker.conduct = Conduct.LOSES
        async with house.trading():
            card = await one_yes(house)
            await until(lambda: len(house.broker.sent) == 1)
        house.restart()
        async with house.running():
            house.broker.connect()
            await until(lambda: house.states(card) == ["absent"])


async def test_an_outage_lasts_until_the_orders_have_been_compared(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path, patience=SOON_AFTER_AN_OUTAGE) as house:
        house.broker.conduct = Conduct.LOSES
        async with house.trading():
            house.reached = when(
                "sent", lambda: house.broker.go(LineState.DOWN, "cable")
            )
            card = await one_yes(house)
            await until(lambda: house.states(card) == ["unknown"])
            house.broker.go(LineState.DOWN, "still the cable")
            await turns()
            house.broker.connect()
            await until(lambda: house.states(card) == ["absent"])


async def test_a_line_that_is_not_up_is_not_compared_even_before_it_was_heard(
    house: House,
) -> None:
    async with house.trading():
        house.broker.go(LineState.FROZEN)

        assert not house.engine.queries.status().reconciled


async def test_what_was_forgotten_counts_as_not_compared_at_once(house: House) -> None:
    reconciler = a_reconciler(house)
    house.broker.connect()
    reconciler._clean_epoch = house.broker.line().epoch
    before = reconciler.reconciled

    reconciler.forget()

    assert before
    assert not reconciler.reconciled


async def test_before_any_pass_no_order_id_has_been_seen(house: House) -> None:
    assert a_reconciler(house).highest_order_id == 0


async def test_an_order_id_is_above_those_in_ibs_listings(house: House) -> None:
    async with house.running():
        house.broker.connect()
        house.broker._highest = 70  # listed, and counted by no handshake
        await house.ready()
        house.broker.forget()
        card = await one_yes(house)
        await house.calm(card)

    assert [order.order_id for order in house.broker.sent] == [71]


async def test_fees_that_were_missed_are_taken_from_the_pass(house: House) -> None:
    async with house.trading():
        house.reached = when("W2", house.hush)
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["filled"])

    assert house.orders(card)[0].commission == money("1.00")


async def test_an_absent_order_that_is_only_listed_is_a_ghost(house: House) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["absent"])
        await house.ready()
        house.broker.conduct = Conduct.HOLDS
        house.hush()  # nothing is said of it
        house.broker.place(house.broker.sent[0])
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert len(house.news(Ghost)) == 1
    assert house.engine.queries.status().halted is not None


async def test_an_order_without_a_first_word_is_looked_up(house: House) -> None:
    async with house.trading():
        house.engine._trader.ledger = house.ledger(Hasty)
        house.reached = when("W2", house.hush)
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["filled"])

    assert RECOVER_ADOPT in house.points
    assert house.news(InDoubt) == []


async def test_a_code_that_is_no_verdict_is_no_echo_of_a_pass(house: House) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["acked"])
        (order,) = house.orders(card)
        before = house.broker.passes

        def said_in_the_first() -> None:
            if house.broker.passes == before + 1:
                house.broker.say(
                    CodeHeard(
                        order_id=order.order_id or 0,
                        code=103,
                        text="Duplicate order id",
                        meaning=Meaning.LOOK,
                    )
                )

        house.broker.meanwhile = said_in_the_first
        house.broker.connect()
        await until(lambda: house.broker.passes == before + 2)
        await house.ready()
