"""Requests for history: bars, schedules, and where a contract's history begins."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import the_contract
from core.sandbox.gateway.requests.ignored import ignore
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.data import BarsRequest, HistoryRejected, MarketBar
from core.sandbox.market.durations import BAR_SIZES, DAY, SAYS, Duration
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused, refuse_second


MOST_OPEN: Final = 50
SECONDS_BETWEEN_UPDATES: Final = 5.0
EPOCH: Final = 2  # formatDate: seconds since 1970
FIRST_YEAR: Final = 1900
BARS_IN_A_SLICE: Final = 2000
DUPLICATE_QUERY: Final = (
    "Error processing request.-'bM' : cause - Duplicate ticker ID for API historical"
    " data query"
)
MOMENT: Final = re.compile(r"(\d{8})(?:([ -])(\d{2}:\d{2}:\d{2})(?: ([\w/+-]+))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One history request."""

    req_id: int
    request: BarsRequest
    date_format: int
    keep: bool


class HistoryRequests(ClientState):
    """The pending history requests of one client."""

    def __init__(self) -> None:
        self.open: dict[int, Query] = {}


def ask(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """20: bars or sessions up to a moment; updates too, if asked for."""
    req_id, asked = read.integer(), read.contract()
    read.skip(1)  # expired contracts
    end, bar_size, duration = read.text(), read.text(), read.text()
    use_rth, what, date_format = read.flag(), read.text(), read.integer()
    if asked.sec_type == "BAG":
        session.error(req_id, 200, "Combinations are not traded here")
        return
    keep = read.flag()
    try:
        refuse_second(req_id, session.state(HistoryRequests).open, DUPLICATE_QUERY)
        _room_for_one_more(session)
        stock = the_contract(gateway, asked)
        request = BarsRequest(
            con_id=stock.con_id,
            duration=duration,
            bar_size=bar_size,
            end=end_time(end, req_id=req_id),
            what=what,
            use_rth=use_rth,
        )
    except RequestRefused as refusal:
        wait = session.takes(AnswerKind.REFERENCE)
        session.error(req_id, refusal.code, refusal.text, delay=wait)
        return
    query = Query(req_id=req_id, request=request, date_format=date_format, keep=keep)
    session.state(HistoryRequests).open[req_id] = query
    session.later(
        session.takes(AnswerKind.BARS), lambda: _answer(gateway, session, query)
    )


def _room_for_one_more(session: ClientSession) -> None:
    if len(session.state(HistoryRequests).open) >= MOST_OPEN:
        text = f"{SAYS}:Historical data request pacing violation"
        raise RequestRefused(162, text)


def end_time(text: str, *, req_id: int) -> datetime | None:
    """Read an end time into UTC; without a zone it is New York time, with a dash UTC.

    Raises:
        RequestRefused: 321, it is no moment, or lies before 1900.
    """
    if not text:
        return None
    refusal = RequestRefused(
        321,
        f"Error validating request.-'bT' : cause - Historical data query end"
        f" date/time string [{text}] is invalid (request {req_id}).",
    )
    match = MOMENT.fullmatch(text)
    if match is None:
        raise refusal
    day, dash, clock, zone = match.groups()
    try:
        naive = datetime.strptime(f"{day} {clock or '23:59:59'}", "%Y%m%d %H:%M:%S")  # noqa: DTZ007  the zone is set below
        where = UTC if dash == "-" else ZoneInfo(zone) if zone else NEW_YORK
        moment = naive.replace(tzinfo=where).astimezone(UTC)
    except (ValueError, KeyError, OverflowError):
        raise refusal from None
    if moment.year < FIRST_YEAR:
        raise refusal
    return moment


def _answer(gateway: Gateway, session: ClientSession, query: Query) -> None:
    queries = session.state(HistoryRequests).open
    if queries.get(query.req_id) is not query:
        return
    if not gateway.farm_up("history"):
        gateway.line.keep(lambda: _answer(gateway, session, query))
        return
    slices = _produce(gateway, session, query)
    for _ in slices:  # most answers are there at once
        gateway.long_work.add(slices)
        return


def _produce(gateway: Gateway, session: ClientSession, query: Query) -> Iterator[None]:
    """Answer in slices, unless the client cancels the request or disconnects meanwhile."""
    queries = session.state(HistoryRequests).open
    try:
        made = _bars_or_sessions(gateway, session, query)
        while (answer := next(made, None)) is None:
            yield
            if queries.get(query.req_id) is not query:
                return
        session.say(answer)
    except HistoryRejected as refusal:
        del queries[query.req_id]
        session.error(query.req_id, refusal.code, refusal.text)
        return
    if query.keep:
        _keep_up(gateway, session, query)
    else:
        del queries[query.req_id]


def _mismatch(query: Query) -> str | None:
    """What a request asks for that does not go together, in IB's words as users of the
    API quote them; None where all does."""
    adjusted = query.request.what == "ADJUSTED_LAST"
    if query.request.end is not None and (query.keep or adjusted):
        other = "adjusted last" if adjusted else "keepUpToDate subscription"
        return f"End date not supported with {other}"
    if adjusted and BAR_SIZES.get(query.request.bar_size, 0) > DAY:
        return "Multi day bar size not supported with adjusted last"
    return None


def _bars_or_sessions(
    gateway: Gateway, session: ClientSession, query: Query
) -> Iterator[Fields | None]:
    """The answer last; before it, None for each slice of the work."""
    if query.request.what == "SCHEDULE":
        yield _schedule(gateway, session, query)
        return
    if (cause := _mismatch(query)) is not None:
        text = "Error validating request.-'bT' : cause"
        raise HistoryRejected(321, f"{text} - {cause}")
    end = query.request.end or session.now
    bars = yield from gateway.exchange.bars_work(query.request, session.now)
    parts: list[str] = []
    for number, bar in enumerate(bars, start=1):
        parts += replies.fields(*_bar_fields(bar, query.date_format))
        if number % BARS_IN_A_SLICE == 0:
            yield None
    span = (_local(_date(bars[0], 1)), f"{_clock(end)} US/Eastern")
    yield (*replies.fields(17, query.req_id, *span, len(bars)), *parts)


def _clock(moment: datetime) -> str:
    return moment.astimezone(NEW_YORK).strftime("%Y%m%d %H:%M:%S")


def _local(date: str) -> str:
    return date if " " in date else f"{date} 00:00:00 US/Eastern"


def _bar_fields(bar: MarketBar, date_format: int) -> tuple[object, ...]:
    date = _date(bar, date_format)
    prices = (bar.open, bar.high, bar.low, bar.close)
    return (date, *prices, bar.volume, bar.wap, bar.count)


def _date(bar: MarketBar, date_format: int) -> str:
    if bar.time is None:
        return bar.day.strftime("%Y%m%d")
    if date_format == EPOCH:
        return str(int(bar.time.timestamp()))
    return f"{_clock(bar.time)} US/Eastern"


def _schedule(gateway: Gateway, session: ClientSession, query: Query) -> Fields:
    span = Duration.read(query.request.duration)
    if span.unit != "D":
        text = "Error validating request.-'bT' : cause - Incorrect duration"
        raise HistoryRejected(321, text)
    sessions = gateway.exchange.schedule(
        query.request.con_id,
        days=span.count,
        end=query.request.end,
        use_rth=query.request.use_rth,
        now=session.now,
    )
    if not sessions:
        raise HistoryRejected(162, f"{SAYS}:HMDS query returned no data")
    rth = query.request.use_rth
    rows = [
        (
            _dashed(each.open if rth else each.pre_open),
            _dashed(each.close if rth else each.post_close),
            each.day.strftime("%Y%m%d"),
        )
        for each in sessions
    ]
    reach = (rows[0][0], rows[-1][1], "US/Eastern", len(rows))
    parts = [part for row in rows for part in row]
    return replies.fields(106, query.req_id, *reach, *parts)


def _dashed(moment: datetime) -> str:
    return moment.astimezone(NEW_YORK).strftime("%Y%m%d-%H:%M:%S")


def _keep_up(gateway: Gateway, session: ClientSession, query: Query) -> None:
    def update() -> None:
        if gateway.farm_up("history"):
            with suppress(HistoryRejected):  # nothing to add right now
                bar = gateway.exchange.newest_bar(query.request, session.now)
                session.say(_update(query, bar))
        _keep_up(gateway, session, query)

    session.later(SECONDS_BETWEEN_UPDATES, update, key=("bars", query.req_id))


def _update(query: Query, bar: MarketBar) -> Fields:
    prices = (bar.open, bar.close, bar.high, bar.low)  # the wire's order
    date = _date(bar, query.date_format)
    return replies.fields(
        90, query.req_id, bar.count, date, *prices, bar.wap, bar.volume
    )


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """25: end a history request, confirmed by an error 162."""
    read.version()
    req_id = read.integer()
    if session.state(HistoryRequests).open.pop(req_id, None) is None:
        text = f"No historical data query found for ticker id:{req_id}"
        session.error(req_id, 366, text)
        return
    session.forget(("bars", req_id))
    text = f"{SAYS}:API historical data query cancelled: {req_id}"
    session.error(req_id, 162, text)


def head(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """87: where the history of a contract begins."""
    req_id, asked = read.integer(), read.contract()
    read.skip(3)  # expired, regular hours, what to show
    date_format = read.integer()
    wait = session.takes(AnswerKind.BARS)
    try:
        stock = the_contract(gateway, asked)
    except RequestRefused as refusal:
        session.error(req_id, refusal.code, refusal.text, delay=wait)
        return
    begin = gateway.exchange.head_timestamp(stock.con_id)
    text = begin.astimezone(UTC).strftime("%Y%m%d-%H:%M:%S")
    if date_format == EPOCH:
        text = str(int(begin.timestamp()))
    session.say(replies.fields(88, req_id, text), delay=wait)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {20: ask, 25: cancel, 87: head, 90: ignore},
)
