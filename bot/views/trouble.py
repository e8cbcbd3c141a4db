"""Words for trouble: what happened; whether an order exists; what to do now."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.views import words
from bot.views.orders import order_words
from bot.views.trading import exits, terms
from core.model.market import Side
from core.model.money import Price, Shares
from core.model.order import Order, OrderState
from core.model.proposal import Decision, ProposalState, Purpose, Verdict
from core.rules.figures.amounts import in_all
from core.rules.figures.splits import by_shares_alone


def scan_failed(problem: str) -> str:
    return words.lines(
        f"<b>No card.</b> {words.sentence(problem)}",
        "Nothing was offered and nothing was bought.",
    )


def in_doubt(order: Order, *, position_now: Decimal | None) -> str:
    """The facts about an order that nobody can judge but the owner."""
    what = words.safe(f"{order.side} {order.shares:,} {order.instrument.symbol}")
    sent = words.day_moment(order.sent_at) if order.sent_at else "at an unknown time"
    now, before = _held(position_now), _held(order.position_before)
    lost = "what became of" if order.perm_id else "whether IB has"
    return words.paragraphs(
        f"<b>I can't tell {lost} this order: {what}.</b>",
        words.sentence(order.reason or ""),
        words.lines(
            f"sent {sent}",
            f"position then {before}, now {now}{_fits(order, position_now)}",
            f"ref <code>{words.safe(order.ref)}</code>",
        ),
        "Look for it in IB's own app, under orders and trades. Until you answer I "
        f"{_leave_alone(order)}. Is it there, or was it filled?",
        words.lines("Only a part, or at another price:", _filled_command(order)),
    )


def _filled_command(order: Order) -> str:
    """How the owner would say what was filled of *order*, with its own numbers."""
    price = f"{words.price(order.about)}".replace(",", "")
    said = f"/filled {order.instrument.symbol} {order.shares} {price}"
    return f"<code>{words.safe(said)}</code>"


def filled_usage(doubtful: Sequence[Order]) -> str:
    """What /filled takes; it is only for orders in doubt."""
    if not doubtful:
        return "No order is in doubt: IB itself says what was filled. /orders shows it."
    return words.lines(
        "<b>Nothing was written.</b> Say the stock, how many shares were filled in all, "
        "and the price of one, for an order in doubt:",
        *(_filled_command(order) for order in doubtful),
    )


def ask_filled(order: Order, *, shares: Shares, price: Price) -> str:
    """What was typed, as it was understood."""
    what = words.safe(f"{order.side} {order.shares:,} {order.instrument.symbol}")
    rest = order.shares - shares
    none = f" The other {rest:,} count as not filled." if rest else ""
    return words.lines(
        f"<b>Was it filled like this?</b> {what}: {shares:,} in all at "
        f"{words.price(price)} each, {words.dollars(in_all(shares, price))}.{none}",
        "Nothing is written until you tap. What IB lists later takes its place.",
    )


def _held(shares: Decimal | None) -> str:
    return words.UNKNOWN if shares is None else words.shares(shares)


def _fits(order: Order, position_now: Decimal | None) -> str:
    """What the position suggests; a trade by hand would look the same."""
    if position_now is None or order.position_before is None:
        return ""
    more = position_now - order.position_before
    signed = order.shares if order.side is Side.BUY else -order.shares
    if more == signed:
        return ", as if all of it had filled"
    split = by_shares_alone(order.position_before, position_now)
    return _as_split(order, split, more) if split and order.side is Side.SELL else ""


def _as_split(order: Order, split: str, more: Decimal) -> str:
    """The split that a changed number of shares suggests; a sale changes it, too."""
    part = f", or as if {-more:,} had filled" if -order.shares < more < 0 else ""
    return f", as after a split, {split}, at which IB ends a stock's orders{part}"


def _leave_alone(order: Order) -> str:
    """What is not done until the owner has answered."""
    if order.side is Side.BUY:
        return "buy no more of this stock"
    return "sell none of the shares that it may have sold"


def doubt_closed(order: Order) -> str:
    """How a doubt ended: by the owner's word, or because IB has told after all."""
    what = f"{order.side} {order.shares:,} {order.instrument.symbol}"
    if order.state is OrderState.CLOSED_BY_HUMAN:
        head, then = (
            order.reason or "",
            _closed(order) + _CANCEL_IT * order.cancel_asked,
        )
    elif any(fill.by_word for fill in order.fills):
        head, then = order.reason or "", _BY_WORD
        average = words.price(order.average_price)
        what = f"{order.side} {order.filled:,} {order.instrument.symbol} at about {average}"
    else:
        head = f"No longer in doubt: {order_words.end_words(order)}"
        then = _NEVER_THERE if order.state is OrderState.ABSENT else _REPORTED
    told = words.at_its_price(words.sentence(head))
    return words.lines(words.strong(told), words.safe(f"{what}. {then}"))


def _closed(order: Order) -> str:
    """What follows from the owner's word. A sale keeps its shares (S1), whatever he
    says: a second order could sell them twice. What an exit leaves bare is news."""
    if order.side is Side.BUY:
        return "Buying again is always a new card: /scan."
    shares = f"{order.shares - order.filled:,} {order.instrument.symbol}"
    if order.exit is not None:
        return (
            f"I sell none of these {shares} today (New York): should this order be at IB"
            " after all, both would sell them. If it is not there, other exits that you"
            " approve with /exits free them; or sell them in TWS. Tomorrow exits are placed"
            " as approved: what stands at IB then, cancel it there first, or both sell."
        )
    return (
        f"I sell none of these {shares} and place no exit for them before the next "
        "session: should this order be at IB after all, a second would sell them twice. "
        "Until then watch them, or sell them in TWS."
    )


_CANCEL_IT: Final = (
    " I cannot ask IB to cancel it while IB does not list it, and ask as soon as it does."
    " If you see it at IB, cancel it there."
)
_REPORTED: Final = "IB has reported it after all."
_NEVER_THERE: Final = (
    "IB lists no such order over a new connection either: none exists, and nothing was"
    " traded."
)
_BY_WORD: Final = (
    "The books take it at that price, without a fee, until IB lists it itself."
)


def other_name(order: Order, *, belongs: str) -> str:
    """R18: an order of ours that this session with IB cannot speak of."""
    what = words.safe(f"{order.side} {order.shares:,} {order.instrument.symbol}")
    return words.paragraphs(
        f"<b>I can't see what became of {what}.</b>",
        words.lines(
            words.sentence(belongs),
            f"ref <code>{words.safe(order.ref)}</code>",
        ),
        "It may still work there: I neither judge nor cancel it from here, and I "
        f"{_leave_alone(order)}. Set the login and the settings back as they were, and "
        "I compare again; or look for it in IB's own app.",
    )


def interrupted(command: str) -> str:
    """The text at a placeholder whose result will not come."""
    return words.lines(
        "<b>Nothing came of this: I was interrupted.</b>",
        "Nothing was offered here, and nothing was bought or sold by it.",
        f"/{command} tries again.",
    )


def no_place(problem: str) -> str:
    """Telegram did not take the message that was to become what was asked for."""
    return words.lines(
        "<b>No card: Telegram did not accept its message.</b>",
        words.sentence(problem),
        "Nothing was offered, and nothing was bought or sold by it. Ask again.",
    )


def no_line(reason: str) -> str:
    """A question to IB that could not be asked."""
    return words.lines(
        words.sentence(reason),
        "That was only a question: no order is touched by it.",
        "I keep trying to reach IB; /status shows how that goes.",
    )


def no_records(problem: str) -> str:
    """The journal's records could not be read."""
    return words.lines(
        "<b>The records cannot be read now.</b>",
        words.sentence(problem),
        "No order is touched by that. Try again in a moment.",
    )


ANSWER_REFUSED: Final = (
    "<b>I cannot show the answer: Telegram refuses it.</b>\n"
    "What you asked for was dealt with: /status and /orders show how things stand."
)


def failed_page() -> str:
    """The program itself failed at something that the owner asked for."""
    return words.lines(
        "<b>That did not work: something went wrong in the bot itself.</b>",
        "What you approved before is in the journal: /orders shows how it stands.",
        "Try again, or look at /status.",
    )


TYPED_YES: Final = (
    "<b>A typed word decides nothing.</b> Yes and No are buttons under the card, or under "
    "the question. /scan makes a card."
)


def not_understood(
    nearest: Sequence[str], *, acts: bool = True, stock: str = "", latin: bool = True
) -> str:
    """Neither a command nor near one; *nearest* are those that it may have meant, *stock*
    the symbol that it may be. One who does not ``act`` is offered what he may send. Who
    writes in other letters than ``latin`` ones is told which language is read."""
    usual = _USUAL if acts else _USUAL_TO_LOOK
    named = dict.fromkeys((*nearest, *usual))
    *others, last = [f"/{name}" for name in tuple(named)[: len(usual)]]
    asked = f"Did you mean {', '.join(others)} or {last}?"
    alone = f"For the stock: <code>/quote {words.safe(stock)}</code>" if stock else ""
    known = "I don't know that one." if latin else "I only read English."
    return words.lines(f"{known} {asked} /help lists everything.", alone)


NO_WORDS: Final = (
    "I only read words: no pictures, voice or places. “stop” as a message, or below a "
    "picture, stops everything; /help lists the rest."
)
"""For a message without a text and without a caption."""

_USUAL: Final = ("scan", "positions", "status")
_USUAL_TO_LOOK: Final = ("positions", "account", "status")
"""What stands in for the nearest where fewer are near."""


_REASONS: Final = 150
"""So many letters of the reasons leave room for the rest of a toast."""


def toast(decision: Decision) -> str:
    """The plain answer to a tap on a card: the state now, in at most 200 letters."""
    proposal = decision.proposal
    match decision.verdict:
        case Verdict.APPROVED:
            return "Checking the price …"
        case Verdict.DECLINED:
            return f"Closed. Nothing was {_done(decision)}."
        case Verdict.ASK_QUEUE:
            return "Nothing is sent yet: the market is closed or closing, one more question."
        case Verdict.NOT_NOW:
            why = words.fit(" ".join(decision.reasons), _REASONS)
            return f"Not sent. {why} Nothing was {_done(decision)}."
        case Verdict.EXPIRED:
            ended = f" at {words.minute(proposal.expires_at)}" if proposal else ""
            return (
                f"Too late: the offer ended{ended}. Nothing was sent. "
                f"{'/positions' if _done(decision) == 'sold' else '/scan'} for a new one."
            )
        case _:
            return _already(decision)


def resized(decision: Decision) -> str:
    """The answer to a tap on a size."""
    if decision.verdict is not Verdict.RESIZED or decision.proposal is None:
        return toast(decision)
    if terms.lacks_limit(decision.proposal):
        return "The card has the new size. Nothing was sent."
    legs = decision.proposal.legs
    sizes = ", ".join(f"{leg.shares:,} {leg.instrument.symbol}" for leg in legs)
    return f"The card asks for {sizes} now. Nothing was sent."


def repriced(decision: Decision) -> str:
    """The answer to a tap on the type of order."""
    if decision.verdict is not Verdict.RESIZED or decision.proposal is None:
        return toast(decision)
    if terms.lacks_limit(decision.proposal):  # the card may show it before this is read
        return "Changed to a limit order: the card shows its limit. Nothing was sent."
    return f"Changed to a {terms.kind_of_order(decision.proposal)}. Nothing was sent."


def left_out(decision: Decision) -> str:
    """The answer to a tap that leaves a stock out, or puts it back."""
    if decision.verdict is not Verdict.RESIZED or decision.proposal is None:
        return toast(decision)
    stays = [leg for leg in decision.proposal.legs if leg.left_out]
    left = ", ".join(leg.instrument.symbol for leg in stays[:_SOME])
    more = " and others" if len(stays) > _SOME else ""
    said = f"Left out: {left}{more}." if left else "Nothing is left out."
    return f"{said} Nothing was sent."


_SOME: Final = 8


def rechosen(decision: Decision) -> str:
    """The answer to a tap on other exits."""
    if decision.verdict is not Verdict.RESIZED or decision.proposal is None:
        return toast(decision)
    return f"The card has {exits.plan_words(decision.proposal.legs[0].exits)} now. Nothing was sent."


def _done(decision: Decision) -> str:
    purpose = decision.proposal.purpose if decision.proposal else Purpose.PICKS
    return purpose.done


def _already(decision: Decision) -> str:
    proposal = decision.proposal
    if proposal is None or proposal.state is ProposalState.OFFERED:
        return "This button is not valid any more. Nothing was sent. /scan for a card."
    when = f" {words.clock_time(proposal.decided_at)}" if proposal.decided_at else ""
    is_over = proposal.state is ProposalState.SUPERSEDED
    return f"Already {'closed' if is_over else proposal.state}{when}. Nothing new was sent."


def waited_too_long(names: Sequence[str]) -> str:
    """Commands that came too late to be run: each with how often."""
    counted = Counter(names)
    listed = ", ".join(
        f"/{name}" if times == 1 else f"/{name} ({times} times)"
        for name, times in counted.items()
    )
    return words.lines(
        f"<b>Not run, because it had waited too long: {words.safe(listed)}.</b>",
        "I hear you again only now, and what was right then may be wrong by now. "
        "Nothing was bought and nothing was changed by it.",
        "Send it again if you still want it. /status shows how things stand.",
    )
