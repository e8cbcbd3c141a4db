"""The guards of every order: the line to IB, its data, the account, the clock.

Each guard checks one thing in a ``Readiness``. A Yes, /status and the card use the same
guards, so that "Ready" means that a Yes would be sent now.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from core.model.evidence import Line, LineState
from core.model.instructions import Limits
from core.model.market import Freshness
from core.model.order import OrderState
from core.model.proposal import Mode
from core.model.status import MarketPhase, Readiness
from core.rules.circumstances import Circumstances, Reason, RefusalKind
from core.rules.figures.in_words import clock, dollars, lead, minute, weekday_time
from core.rules.order_guards import unknown_funds
from core.rules.sessions import coming_close, near


_WORDS: Final = {
    LineState.DOWN: "IB Gateway is not connected",
    LineState.FROZEN: "IB Gateway is connected but does not answer",
    LineState.CUT_OFF: "IB Gateway has lost its connection to IB",
}


def line_is_up(now: Readiness, _: Limits) -> Iterator[Reason]:
    line = now.line
    if line.state is not LineState.UP:
        more = line.reason if line.state is not LineState.CUT_OFF else ""
        because = f" ({more})" if more else ""
        yield RefusalKind.LINE, f"{_WORDS[line.state]}{because}."


def orders_are_compared(now: Readiness, _: Limits) -> Iterator[Reason]:
    """Not for a read-only gateway, which may list nothing to compare: another guard
    names it instead."""
    if _is_up(now) and not now.reconciled and not now.supply.read_only:
        yield (
            RefusalKind.NOT_RECONCILED,
            "The orders are still being compared with IB's.",
        )


def not_halted(now: Readiness, _: Limits) -> Iterator[Reason]:
    if now.halted is not None:
        yield RefusalKind.HALTED, f"Trading is halted: {now.halted}. /resume allows it."


def account_fits_the_mode(now: Readiness, limits: Limits) -> Iterator[Reason]:
    if _is_up(now) and limits.account not in now.line.accounts:
        yield RefusalKind.ACCOUNT, f"IB does not offer the account {limits.account}."
    is_paper = limits.account.startswith("D")  # DU..., DF...: IB's paper accounts
    if is_paper and limits.mode is Mode.LIVE:
        yield (
            RefusalKind.MODE,
            f"{limits.account} is a paper account; the mode is live.",
        )
    if not is_paper and limits.mode is not Mode.LIVE:
        yield (
            RefusalKind.MODE,
            f"{limits.account} is not a paper account; the mode is {limits.mode}.",
        )


def gateway_fits_the_mode(now: Readiness, limits: Limits) -> Iterator[Reason]:
    if _is_up(now) and (problem := wrong_gateway(now.line, limits.mode)):
        yield RefusalKind.MODE, problem


def wrong_gateway(line: Line, mode: Mode) -> str | None:
    """How the session's gateway contradicts *mode*; None if it fits. In sandbox mode
    the gateway has to prove that it is the simulated one, which a real one cannot."""
    if mode is Mode.SANDBOX and not line.is_sandbox:
        return (
            "The mode is sandbox, and this gateway is not proven to be Openbell's own"
            " sandbox: it may be a real one."
        )
    if mode is not Mode.SANDBOX and line.is_sandbox:
        return f"The gateway is Openbell's own sandbox, and the mode is {mode}."
    return None


TO_BE_ASKED: Final = (account_fits_the_mode, gateway_fits_the_mode)
"""What must hold before a what-if question: it is sent as an order message, and only a
flag in it says that nothing is to be placed."""


def clocks_agree(now: Readiness, limits: Limits) -> Iterator[Reason]:
    if abs(now.line.skew) > limits.max_skew.total_seconds():
        yield (
            RefusalKind.CLOCK,
            f"The gateway's clock is {lead(now.line.skew)} s from this machine's.",
        )


def gateway_stays(now: Readiness, limits: Limits) -> Iterator[Reason]:
    if near(now.at, limits.gateway_restart, limits.restart_guard):
        yield (
            RefusalKind.RESTART,
            f"IB Gateway restarts at {clock(limits.gateway_restart)} ET.",
        )


def nothing_is_being_sent(now: Readiness, _: Limits) -> Iterator[Reason]:
    """I3: at most one order is ever in doubt."""
    for order in now.in_doubt:
        if order.state is OrderState.SENDING:
            yield RefusalKind.IN_DOUBT, f"{order.instrument.symbol} is being sent."


def market_is_known(now: Readiness, _: Limits) -> Iterator[Reason]:
    if now.market.phase is MarketPhase.UNKNOWN:
        yield RefusalKind.MARKET_UNKNOWN, "It is not known whether the market is open."


def gateway_takes_orders(now: Readiness, _: Limits) -> Iterator[Reason]:
    if _is_up(now) and now.supply.read_only:
        yield (
            RefusalKind.READ_ONLY,
            (
                "The gateway's Read-Only API is on: switch it off in the API settings of"
                " TWS or IB Gateway."
            ),
        )


def order_ids_are_left(now: Readiness, _: Limits) -> Iterator[Reason]:
    if _is_up(now) and now.supply.ids_used_up:
        yield (
            RefusalKind.ORDER_IDS,
            (
                "IB's order ids have run too high for this program: use another client id,"
                " or reset the API order ID sequence while no order works."
            ),
        )


def holdings_are_listed(now: Readiness, _: Limits) -> Iterator[Reason]:
    if _is_up(now) and not now.supply.is_listed:
        yield RefusalKind.NOT_LISTED, "IB has not listed yet what the account holds."


def data_comes_live(now: Readiness, limits: Limits) -> Iterator[Reason]:
    """Only in an open market: outside it no quote is live, and none is needed to
    queue."""
    if not _is_up(now) or now.market.phase is not MarketPhase.OPEN:
        return
    supply = now.supply
    if supply.no_data is not None:
        yield RefusalKind.NOT_LIVE, f"No market data comes: {supply.no_data}."
    elif supply.data not in {None, Freshness.LIVE} and not limits.allow_delayed:
        yield (
            RefusalKind.NOT_LIVE,
            (
                f"Market data is {supply.data}, not live: subscribe to US stock data for"
                " the API, or allow it with OPENBELL_ALLOW_DELAYED=true."
            ),
        )


def funds_are_known(now: Readiness, _: Limits) -> Iterator[Reason]:
    account = now.supply.account
    if not _is_up(now) or (account and account.available_funds is not None):
        return
    yield RefusalKind.FUNDS, unknown_funds(account)


def day_is_not_used_up(now: Readiness, limits: Limits) -> Iterator[Reason]:
    if now.used_today >= limits.max_day:
        yield (
            RefusalKind.DAY_CAP,
            f"The limit of {dollars(limits.max_day)} a day is used up.",
        )


def _is_up(now: Readiness) -> bool:
    return now.line.state is LineState.UP


ReadinessGuard = Callable[[Readiness, Limits], Iterator[Reason]]

BEFORE_ANY_ORDER: Final[tuple[ReadinessGuard, ...]] = (
    line_is_up,
    orders_are_compared,
    not_halted,
    account_fits_the_mode,
    gateway_fits_the_mode,
    clocks_agree,
    gateway_stays,
    nothing_is_being_sent,
    market_is_known,
    gateway_takes_orders,
    order_ids_are_left,
    holdings_are_listed,
)
"""Also checked before each order, right when it is sent."""

BEFORE_A_YES: Final[tuple[ReadinessGuard, ...]] = (
    *BEFORE_ANY_ORDER,
    data_comes_live,
    funds_are_known,
    day_is_not_used_up,
)
"""Before an order, guards of its own stock and cost replace the last three."""


def card_is_of_this_account(c: Circumstances) -> Iterator[Reason]:
    if (c.proposal.account, c.proposal.mode) != (c.limits.account, c.limits.mode):
        yield (
            RefusalKind.ACCOUNT,
            f"The card was for {c.proposal.account} ({c.proposal.mode}).",
        )


def market_is_open_or_awaited(c: Circumstances) -> Iterator[Reason]:
    """An order that this session can no longer execute waits for the next open, which
    the owner has to choose. What trades on an exchange of another country goes to IB at
    any time, and waits there for its hours: the card says so."""
    if c.may_wait or c.proposal.has_own_hours:
        return
    if c.market.phase is MarketPhase.OPEN and c.is_for_an_open:
        text = "The market has opened: an order for its open would come too late."
        yield RefusalKind.MARKET_OPENED, text
    elif c.market.phase is MarketPhase.CLOSED:
        yield RefusalKind.MARKET_CLOSED, _closed_until(c.market.next_open)
    elif closes := coming_close(c.market, c.now):
        at = minute(closes)
        text = f"The market closes at {at}: an order sent now could miss that."
        yield RefusalKind.MARKET_CLOSED, text


def _closed_until(opens: datetime | None) -> str:
    if opens is None:
        return "The market is closed."
    return f"The market opens {weekday_time(opens)} ET."
