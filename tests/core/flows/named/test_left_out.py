"""What /panic asks can leave a stock out: the Yes sells those that are marked, and no other."""

from core.model.proposal import Choice, LeaveOut, Proposal, Verdict
from tests.builders import FDMX, QRVX
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import until


async def panicked(harness: Harness) -> Proposal:
    """The card that asks whether to sell two holdings."""
    for stock in (QRVX, FDMX):
        harness.broker.trade_by_hand(stock, 100)
    harness.engine.named.panic(by=OWNER, key="panic:1")
    await until(lambda: bool(harness.journal.proposals.offers()))
    return harness.card()


def leave_out(harness: Harness, card: Proposal, symbol: str) -> Proposal:
    """Tap on that stock of the card."""
    legs = {leg.instrument.symbol: leg.number for leg in card.legs}
    tap = LeaveOut(token=card.token, number=legs[symbol], shown=card.shown)
    assert harness.engine.leave_out(tap).verdict is Verdict.RESIZED
    return harness.card()


async def sold(harness: Harness, card: Proposal) -> list[str]:
    harness.tap(card, Choice.YES)
    await harness.until_settled(card)
    return sorted(order.instrument.symbol for order in harness.broker.sent)


async def test_yes_sells_what_is_not_left_out(harness: Harness) -> None:
    async with harness.trading():
        card = leave_out(harness, await panicked(harness), "FDMX")
        assert await sold(harness, card) == ["QRVX"]


async def test_what_is_put_back_is_sold(harness: Harness) -> None:
    async with harness.trading():
        card = leave_out(harness, await panicked(harness), "FDMX")
        card = leave_out(harness, card, "FDMX")
        assert await sold(harness, card) == ["FDMX", "QRVX"]


async def test_a_yes_to_the_whole_does_not_count_once_one_is_left_out(
    harness: Harness,
) -> None:
    """It was tapped before the card had changed."""
    async with harness.trading():
        whole = await panicked(harness)
        leave_out(harness, whole, "FDMX")
        harness.tap(whole, Choice.YES)
        await harness.until_settled(whole)
        assert harness.broker.sent == []


async def test_a_second_tap_on_the_same_button_puts_nothing_back(
    harness: Harness,
) -> None:
    """Two phones, or a finger that slipped: the button said Keep."""
    async with harness.trading():
        whole = await panicked(harness)
        card = leave_out(harness, whole, "FDMX")
        again = LeaveOut(token=whole.token, number=1, shown=whole.shown)
        assert harness.engine.leave_out(again).verdict is Verdict.UNKNOWN
        assert harness.card() == card


async def test_where_all_are_left_out_a_yes_sells_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = leave_out(harness, await panicked(harness), "FDMX")
        card = leave_out(harness, card, "QRVX")
        decision = harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.NOT_NOW
    assert harness.broker.sent == []
