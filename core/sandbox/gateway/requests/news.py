"""News: headlines about the days on which a stock moved much, and no others.

Each is dated at the close of its session; one about a session that goes on, now.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import AnswerKind
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.refusal import RequestRefused


PROVIDER: Final = "SIM"
PROVIDERS: Final = ((PROVIDER, "News of the simulated market"),)
MUCH: Final = 5.0  # per cent
MOST: Final = 300
SESSIONS: Final = 60
PLAIN_TEXT: Final = 0


class MadeUpHeadline(NamedTuple):
    """One news item."""

    at: datetime
    article: str
    text: str


def providers(_gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """85: the news providers."""
    named = [part for pair in PROVIDERS for part in pair]
    session.say(replies.fields(85, len(PROVIDERS), *named))


def historical(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """86: the headlines about one stock, newest first, then the end marker.

    Raises:
        RequestRefused: 321, there is no such contract.
    """
    req_id, con_id, wanted = read.integer(), read.integer(), read.text().split("+")
    read.skip(2)  # from and until: the last sixty sessions are all there is
    most = min(max(read.integer(), 0), MOST)
    stock = gateway.exchange.universe.by_con_id.get(con_id)
    if stock is None:
        text = "Error validating request.-'bX' : cause - Invalid contract id"
        raise RequestRefused(321, text)
    wait = session.takes(AnswerKind.REFERENCE)
    found = list(_headlines(gateway, session, stock)) if PROVIDER in wanted else []
    for each in found[:most]:
        when = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}.0"
        told = (req_id, when, PROVIDER, each.article, each.text)
        session.say(replies.fields(86, *told), delay=wait)
    session.say(replies.fields(87, req_id, len(found) > most), delay=wait)


def _headlines(
    gateway: Gateway, session: ClientSession, stock: Stock
) -> Iterator[MadeUpHeadline]:
    hours = gateway.exchange.hours_of(stock)
    closes = gateway.exchange.closes(stock.con_id, sessions=SESSIONS, now=session.now)
    for (_, before), (day, close) in zip(closes[-2::-1], closes[:0:-1], strict=True):
        change = 100 * (close / before - 1)
        session_day = hours.session(day)
        if abs(change) >= MUCH and session_day is not None:
            word = "rise" if change > 0 else "fall"
            article = f"{PROVIDER}${stock.con_id}.{day:%Y%m%d}"
            text = f"{stock.symbol}: shares {word} {abs(change):.1f} % to {close:.2f}"
            at = min(session_day.close, session.now)
            yield MadeUpHeadline(at, article, text)


def article(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """84: the text of a news item.

    Raises:
        RequestRefused: 10172, there is no such item.
    """
    req_id, provider, named = read.integer(), read.text(), read.text()
    if provider != PROVIDER or not named.startswith(f"{PROVIDER}$"):
        raise RequestRefused(10172, "Failed to request news article:No data available")
    text = "A made-up stock moved much on a made-up day; the simulated market says no more."
    wait = session.takes(AnswerKind.REFERENCE)
    session.say(replies.fields(83, req_id, PLAIN_TEXT, text), delay=wait)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {84: article, 85: providers, 86: historical},
)
