"""The morning report, assembled from what could be read; missing parts are named."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.model.fills import Trade
from core.model.market import ConId, Quote, Session, Sessions
from core.model.money import Money, Price
from core.model.news import ClosedToday
from core.model.order import Order
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Mode, Proposal
from core.model.report import MorningReport
from core.model.scoring.score import Score
from core.rules.figures.day_profit import day_profit
from core.rules.figures.scorecard import scorecard
from core.rules.new_york import day_of
from core.rules.sessions import is_early_close, next_report, next_session


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParts:
    """What was read for a report at ``now`` (UTC); a part that could not be read is
    None.

    ``last_value`` is the account's value in dollars in the previous session's report,
    None without one. ``last_picks`` is the last card with picks, if any. ``away`` says
    why IB cannot be reached, None if it can. ``trades`` are the day's. Of the stocks in
    ``unadjusted`` IB's prior close is of before a split.
    """

    now: datetime
    session: Session
    mode: Mode
    account: AccountSummary | None
    last_value: Money | None
    positions: Sequence[Position] | None
    quotes: Mapping[ConId, Quote]
    open_orders: Sequence[OpenOrder] | None
    last_picks: Proposal | None
    last_orders: Sequence[Order]
    away: str | None
    trades: Sequence[Trade] | None
    score: Score | None
    unadjusted: Collection[ConId] = ()


def morning_report(parts: ReportParts) -> MorningReport:
    """The report made of *parts*, with positions at current prices."""
    account, picks = parts.account, parts.last_picks
    value = account.net_liquidation if account else None
    positions = None if parts.positions is None else _marked(parts)
    return MorningReport(
        at=parts.now,
        session=parts.session,
        early_close=is_early_close(parts.session),
        mode=parts.mode,
        account=account,
        overnight=overnight(value, parts.last_value),
        positions=positions,
        open_orders=None if parts.open_orders is None else tuple(parts.open_orders),
        last_picks=scorecard(picks, parts.last_orders, _prices(parts.quotes))
        if picks
        else None,
        gaps=tuple(_gaps(parts, positions)),
        away=parts.away,
        score=parts.score,
    )


def overnight(value: Money | None, before: Money | None) -> Money | None:
    """The change in dollars since the last report; None if either value is unknown."""
    return None if value is None or before is None else Money(value - before)


def closed_today(
    sessions: Sessions, now: datetime, after_open: timedelta
) -> ClosedToday:
    """The news for a New York date without a session, with the next report."""
    following = next_session(sessions, now)
    is_early = following is not None and is_early_close(following)
    return ClosedToday(
        day=day_of(now),
        next_report=next_report(sessions, now, after_open),
        closes_early=following.closes if following and is_early else None,
    )


def _marked(parts: ReportParts) -> tuple[Position, ...]:
    return tuple(
        marked(
            position,
            parts.quotes.get(number := position.instrument.con_id),
            parts.trades,
            is_unadjusted=number in parts.unadjusted,
        )
        for position in parts.positions or ()
    )


def marked(
    position: Position,
    quote: Quote | None,
    trades: Sequence[Trade] | None,
    *,
    is_unadjusted: bool = False,
) -> Position:
    """*position* at its quote's last price, since IB's own mark can be 3 minutes old. A
    position in another currency, or of something other than a stock, is returned
    unchanged.

    *trades* are all trades of the day, in any stock; if they are not known (None), the
    day's profit is not known either. Nor is it where IB has not adjusted the prior close
    for a split (*is_unadjusted*).
    """
    if quote is None or quote.last is None or not position.is_dollar_stock:
        return position
    con_id, prior_close = (
        position.instrument.con_id,
        None if is_unadjusted else quote.close or position.prior_close,
    )
    of_it = [trade for trade in trades or () if trade.con_id == con_id]
    day = day_profit(position.shares, of_it, last=quote.last, prior_close=prior_close)
    known = day if trades is not None else None
    return replace(
        position,
        price=quote.last,
        prior_close=prior_close,
        market_value=Money(position.shares * quote.last),
        open_profit=_profit(position, since=position.average_cost, now=quote.last),
        day_profit=known.amount if known else None,
        day_basis=known.basis if known else None,
        traded_today=bool(of_it),
        is_unadjusted=is_unadjusted,
    )


def _profit(position: Position, *, since: Price | None, now: Price) -> Money | None:
    return None if since is None else Money(position.shares * (now - since))


def _prices(quotes: Mapping[ConId, Quote]) -> dict[ConId, Price]:
    return {
        con_id: quote.last for con_id, quote in quotes.items() if quote.last is not None
    }


def _gaps(parts: ReportParts, positions: Sequence[Position] | None) -> Iterator[str]:
    if parts.account is None:
        yield "the account's figures"
    if positions is None:
        yield "the positions"
    if parts.open_orders is None:
        yield "the open orders"
    if positions and parts.trades is None and parts.away is None:
        yield "what was traded today"
    unpriced = [p.instrument.symbol for p in positions or () if p.price is None]
    if unpriced:
        yield "the price of " + ", ".join(unpriced)
