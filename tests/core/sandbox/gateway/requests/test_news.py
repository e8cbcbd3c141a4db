"""Headlines, as ib_async sees them."""

from datetime import UTC, date, datetime
from typing import Any, Final

from ib_async import HistoricalNews

from core.sandbox.market.shapes import Shape
from tests.harness.ib_client import AAPL, MORNING, a_client, a_server


TODAY: Final = date(2026, 7, 30)
MUCH: Final = {"AAPL": Shape(on=TODAY, prior_open=80, prior_close=90, open=95, last=99)}
DAY_AFTER_THANKSGIVING: Final = date(2026, 11, 27)
HALF_DAY: Final = {
    "AAPL": Shape(on=DAY_AFTER_THANKSGIVING, prior_close=90, open=95, last=99)
}


async def headlines(now: datetime, shapes: dict[str, Shape]) -> list[HistoricalNews]:
    """Those about AAPL, newest first."""
    async with a_server(clock=now, shapes=shapes) as server, a_client(server) as ib:
        told: Any = await ib.reqHistoricalNewsAsync(AAPL.conId, "SIM", "", "", 5)
    return list(told)  # its type says that it is one headline


async def test_no_headline_is_dated_in_the_future() -> None:
    newest, *_ = await headlines(MORNING, MUCH)

    assert "10.0 % to 99.00" in newest.headline  # of the session that is going on
    assert newest.time.date() == TODAY
    assert newest.time.replace(tzinfo=UTC) <= MORNING


async def test_a_headline_about_an_earlier_session_is_dated_at_its_close() -> None:
    _, before, *_ = await headlines(MORNING, MUCH)

    assert before.time == datetime(2026, 7, 29, 20, 0)  # noqa: DTZ001  IB says no zone


async def test_an_early_close_counts() -> None:
    evening = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)

    newest, *_ = await headlines(evening, HALF_DAY)

    assert newest.time == datetime(2026, 11, 27, 18, 0)  # noqa: DTZ001  IB says no zone
