"""Rows to be quoted, and the lines that they take."""

from collections.abc import Sequence

from core.model.market import ConId, Instrument
from core.sandbox.gateway.requests.quotes import QuoteSubscriptions
from tests.harness.connection import STOCKS, BothEnds


def lines_in_use(ends: BothEnds) -> int:
    """By the gateway's own count."""
    sessions = ends.server.gateway.sessions
    return sum(len(session.state(QuoteSubscriptions).open) for session in sessions)


def ids(rows: Sequence[Instrument]) -> list[ConId]:
    return [row.con_id for row in rows]


def some_rows(count: int) -> tuple[Instrument, ...]:
    return STOCKS[:count]
