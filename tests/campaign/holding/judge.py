"""What the owner was told of a holding, against the gateway's own book."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.trading.tickets import Side
from tests.campaign import judge
from tests.campaign.holding.facts import Facts
from tests.campaign.holding.watch import Watch


AWAKE: Final = 60.0
"""Seconds that a connected bot may leave shares without a stop: much more than the
protocol needs, for a machine on which twelve bots wait for two processors. What it does
need is in the figures that the campaign prints, one trial at a time."""

SETTLING: Final = 6.0
"""Seconds that exits may live of which one has sold: IB has five to end them itself."""

BARE: Final = (
    "has no exit now",
    "lacks an exit",
    "have no other ",
    "place no exit for them",
    "you said it is not there",
)
_EXIT_TOLD: Final = re.compile(
    r"^(?:Stop|Trailing stop|Target|Timed exit): sold ([\d,]+)"
)
_SALE_TOLD: Final = re.compile(r"^(?:Part sold|Sold) ([\d,]+) ")
_BOUGHT_TOLD: Final = re.compile(r"^(?:Part bought|Bought) ([\d,]+) ")
_SOLD_BY_CARD: Final = re.compile(r"^\w+ SELL \d", re.MULTILINE)


def is_approved(card: Message) -> bool:
    """Whether it says who said Yes to it."""
    return judge.APPROVED in card.text


def is_unsent(card: Message) -> bool:
    """Whether an order of it is still to be sent: there is no truth to judge yet."""
    return "waiting to be sent" in card.text


def is_sale(message: Message) -> bool:
    """Whether it is a card that sells, in whatever state."""
    return (
        _SOLD_BY_CARD.search(message.text) is not None
        or "Offered: SELL" in message.text
        or judge.has(message, "Yes, sell")
    )


def is_about_exits(message: Message) -> bool:
    """Whether it is a card that asks for other exits, in whatever state."""
    words = ("Exits of ", "Exits for ", "Take the exits of ")
    return any(each in message.text for each in words) and (
        is_approved(message) or judge.has(message, "No") or "said " in message.text
    )


def is_told_bare(received: Sequence[Message]) -> bool:
    """Whether he knows that an exit is lacking, or is asked about an order in doubt."""
    return any(
        any(words in m.text for words in BARE) or judge.has(m, "It is there")
        for m in received
    )


def wrong_at_rest(
    facts: Facts, received: Sequence[Message], *, is_owed: bool
) -> Counter[str]:
    """What is not as it should be once nothing goes on by itself any more."""
    wrong = Counter[str]()
    if facts.naked and is_owed and not is_told_bare(received):
        wrong["unprotected"] += 1
    if not facts.held and any(not order.done for order in facts.exits):
        wrong["alive_on_flat"] += 1
    if facts.held and facts.too_much:
        wrong["oversold"] += 1
    wrong["untold"] += sum(1 for _ in untold(facts, received))
    return +wrong


def untold(facts: Facts, received: Sequence[Message]) -> Iterator[str]:
    """What was filled and has no message of its own, or one too many."""
    entries, exits, sales = facts.entries, facts.exits, facts.sales
    for what, told, orders in (
        ("exits", _EXIT_TOLD, exits),
        ("sales", _SALE_TOLD, sales),
        ("purchases", _BOUGHT_TOLD, [o for o in entries if o.done]),
    ):
        said = _told(told, received)
        filled = int(sum(order.filled for order in orders))
        if said != filled:
            yield f"{what}: told {said}, filled {filled}"


def _told(pattern: re.Pattern[str], received: Sequence[Message]) -> int:
    found = (pattern.match(m.text) for m in received)
    return sum(int(match[1].replace(",", "")) for match in found if match)


def wrong_ever(facts: Facts, watch: Watch, cards: Sequence[Message]) -> Counter[str]:
    """What was not as it must be at some moment."""
    wrong = Counter[str]()
    wrong["short"] += facts.lowest < 0
    wrong["oversold"] += sum(each.seconds > SETTLING for each in watch.too_much)
    wrong["unprotected"] += sum(each.awake > AWAKE for each in watch.naked)
    wrong["unapproved"] += max(0, _sold_by(facts) - len(approved(cards)))
    wrong["duplicates"] += len(facts.sales) - _sold_by(facts)
    wrong["duplicates"] += max(0, len(facts.entries) - 1)
    return +wrong


def approved(cards: Sequence[Message]) -> list[Message]:
    """The cards that sell and that he said Yes to."""
    return [card for card in cards if is_sale(card) and is_approved(card)]


def _sold_by(facts: Facts) -> int:
    """How many cards' sales IB has had: one each, as there is one stock."""
    return len({order.ticket.order_ref for order in facts.sales})


def exits_unapproved(facts: Facts, plans: Sequence[Sequence[float]]) -> int:
    """Exits at a price that no approved plan has; *plans* are their distances from what
    was paid, in percent, down for a stop and up for a target."""
    paid = [
        each.execution.price
        for each in facts.executions
        if each.execution.side is Side.BUY
    ]
    stops = [1 - stop / 100 for stop, _ in plans]
    targets = [1 + target / 100 for _, target in plans if target]
    wrong = 0
    for order in facts.exits:
        ticket = order.ticket
        if ticket.order_type == "STP":
            wrong += not _is_near(ticket.aux_price, paid, stops)
        elif ticket.order_type == "LMT":
            wrong += not _is_near(ticket.limit_price, paid, targets)
    return wrong


def _is_near(
    price: float | None, paid: Sequence[float], shares: Sequence[float]
) -> bool:
    """Whether it is one of the *shares* of what was paid, on the average of some fills."""
    low, high = min(paid) * (1 - _NEAR), max(paid) * (1 + _NEAR)
    return any(low * each <= (price or 0.0) <= high * each for each in shares)


_NEAR: Final = 0.005
"""Of a price: exits of a holding count from its last one, on IB's next step."""
