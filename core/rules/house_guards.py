"""What keeps every order back: the line, the account, the clock, the market."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from core.model.evidence import Line, LineState
from core.model.limits import Limits
from core.model.order import OrderState
from core.model.proposal import Mode
from core.model.status import MarketPhase, MarketState
from core.rules.circumstances import Circumstances, Reason, RefusalKind
from core.rules.new_york import NEW_YORK
from core.rules.sessions import near


_WORDS: Final = {
    LineState.DOWN: "IB Gateway is not connected",
    LineState.FROZEN: "IB Gateway is connected but does not answer",
    LineState.CUT_OFF: "IB Gateway has lost its connection to IB",
}


def of_the_line(line: Line) -> Iterator[Reason]:
    if line.state is not LineState.UP:
        more = line.reason if line.state is not LineState.CUT_OFF else ""
        because = f" ({more})" if more else ""
        yield RefusalKind.LINE, f"{_WORDS[line.state]}{because}."


def of_reconciliation(line: Line, *, reconciled: bool) -> Iterator[Reason]:
    if line.state is LineState.UP and not reconciled:
        yield (
            RefusalKind.NOT_RECONCILED,
            "The orders are still being compared with IB's.",
        )


def of_a_halt(halted: str | None) -> Iterator[Reason]:
    if halted is not None:
        yield RefusalKind.HALTED, f"Trading is halted: {halted}. /resume allows it."


def of_the_account(line: Line, limits: Limits) -> Iterator[Reason]:
    if line.state is LineState.UP and limits.account not in line.accounts:
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


def of_the_clock(line: Line, limits: Limits) -> Iterator[Reason]:
    if abs(line.skew) > limits.max_skew.total_seconds():
        yield (
            RefusalKind.CLOCK,
            f"The gateway's clock is {line.skew:+.0f} s from this machine's.",
        )


def line_is_up(c: Circumstances) -> Iterator[Reason]:
    return of_the_line(c.line)


def orders_are_compared(c: Circumstances) -> Iterator[Reason]:
    return of_reconciliation(c.line, reconciled=c.reconciled)


def not_halted(c: Circumstances) -> Iterator[Reason]:
    return of_a_halt(c.halted)


def account_fits_the_mode(c: Circumstances) -> Iterator[Reason]:
    return of_the_account(c.line, c.limits)


def clocks_agree(c: Circumstances) -> Iterator[Reason]:
    return of_the_clock(c.line, c.limits)


def card_is_of_this_account(c: Circumstances) -> Iterator[Reason]:
    if (c.proposal.account, c.proposal.mode) != (c.limits.account, c.limits.mode):
        yield (
            RefusalKind.ACCOUNT,
            f"The card was for {c.proposal.account} ({c.proposal.mode}).",
        )


def nothing_is_being_sent(c: Circumstances) -> Iterator[Reason]:
    """I3: at most one order is ever in doubt."""
    for order in c.in_doubt:
        if order.state is OrderState.SENDING:
            yield RefusalKind.IN_DOUBT, f"{order.instrument.symbol} is being sent."


def gateway_stays(c: Circumstances) -> Iterator[Reason]:
    if near(c.now, c.limits.gateway_restart, c.limits.restart_guard):
        yield (
            RefusalKind.RESTART,
            f"IB Gateway restarts at {c.limits.gateway_restart:%H:%M} ET.",
        )


def market_is_known(c: Circumstances) -> Iterator[Reason]:
    yield from of_the_calendar(c.market)


def of_the_calendar(market: MarketState) -> Iterator[Reason]:
    if market.phase is MarketPhase.UNKNOWN:
        yield RefusalKind.MARKET_UNKNOWN, "Nobody knows whether the market is open."


def market_is_open_or_awaited(c: Circumstances) -> Iterator[Reason]:
    if c.market.phase is MarketPhase.CLOSED and not c.queued:
        yield RefusalKind.MARKET_CLOSED, _closed_until(c.market.next_open)


def _closed_until(opens: datetime | None) -> str:
    if opens is None:
        return "The market is closed."
    return f"The market opens {opens.astimezone(NEW_YORK):%a %H:%M} ET."
