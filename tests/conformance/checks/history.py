"""History: bars that agree with the ticks, sessions that exist, and refusals."""

from collections.abc import Mapping
from typing import Any

from tests.conformance.checks.quotes import CLOSE, OPEN, price, watch
from tests.conformance.clients import Conversation
from tests.conformance.vocabulary import AAPL, MSFT, stock
from tests.harness.client import MID_MORNING, ClientHarness, check
from tests.harness.waiting import until


MONDAY_AFTER_A_HOLIDAY = MID_MORNING.replace(month=7, day=6)  # Friday 3 July: closed
LAST_WORDS: tuple[Any, ...] = ("TRADES", 1, 1, False, [])
SATURDAY = MID_MORNING.replace(month=8, day=1)
PRE_MARKET = MID_MORNING.replace(hour=8)


async def bars(
    client: Conversation,
    req_id: int,
    duration: str,
    size: str,
    what: str = "TRADES",
    *,
    dates: int = 1,
) -> list[Mapping[str, Any]]:
    """Return the bars of AAPL up to now, in regular hours."""
    words: tuple[Any, ...] = ("", duration, size, what, 1, dates, False, [])
    client.ask("reqHistoricalData", req_id, stock(con_id=AAPL), *words)
    await client.receives("historicalDataEnd", reqId=req_id)
    return [each["bar"] for each in client.all("historicalData", reqId=req_id)]


@check("two days of daily bars are yesterday and today, dated by session")
async def two_days(harness: ClientHarness) -> None:
    client = await harness.client()

    found = await bars(client, 5, "2 D", "1 day")

    assert [each["date"] for each in found] == ["20260729", "20260730"]
    for each in found:
        assert each["low"] <= each["open"] <= each["high"]
        assert each["low"] <= each["close"] <= each["high"]
        assert each["volume"] > 0


@check("daily bars agree with the ticks: today's open, the previous close")
async def bars_and_ticks(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 6, AAPL)

    yesterday, today = await bars(client, 5, "2 D", "1 day")

    assert await price(client, 6, OPEN) == today["open"]
    assert await price(client, 6, CLOSE) == yesterday["close"]


@check("days are counted in sessions that exist", clock=MONDAY_AFTER_A_HOLIDAY)
async def over_a_holiday(harness: ClientHarness) -> None:
    client = await harness.client()

    found = await bars(client, 5, "3 D", "1 day")

    assert [each["date"] for each in found] == ["20260701", "20260702", "20260706"]


@check("on a Saturday the last sessions come", clock=SATURDAY)
async def on_a_saturday(harness: ClientHarness) -> None:
    client = await harness.client()

    found = await bars(client, 5, "2 D", "1 day")

    assert [each["date"] for each in found] == ["20260730", "20260731"]


@check("before the open there is no bar of today", clock=PRE_MARKET)
async def before_the_open(harness: ClientHarness) -> None:
    client = await harness.client()

    found = await bars(client, 5, "2 D", "1 day")

    assert [each["date"] for each in found] == ["20260728", "20260729"]


@check("intraday bars of trades add up to the daily bar")
async def intraday(harness: ClientHarness) -> None:
    client = await harness.client()

    minutes = await bars(client, 5, "1 D", "1 min")
    (day,) = await bars(client, 6, "1 D", "1 day")

    assert minutes[0]["date"].startswith("20260730 09:30:00")
    assert len(minutes) in {45, 46}
    assert minutes[0]["open"] == day["open"]
    assert max(each["high"] for each in minutes) <= day["high"] + 0.005
    assert min(each["low"] for each in minutes) >= day["low"] - 0.005


@check("midpoint, bid and ask bars lie as they must, without volume")
async def kinds_of_bars(harness: ClientHarness) -> None:
    client = await harness.client()

    bid = await bars(client, 5, "3600 S", "5 mins", "BID")
    middle = await bars(client, 6, "3600 S", "5 mins", "MIDPOINT")
    ask = await bars(client, 7, "3600 S", "5 mins", "ASK")

    assert len(bid) == len(middle) == len(ask) >= 9
    for low, mid, high in zip(bid, middle, ask, strict=True):
        assert low["close"] <= mid["close"] <= high["close"]
        assert low["volume"] == -1


@check("formatDate 2 gives seconds for intraday bars, dates for daily ones")
async def format_date(harness: ClientHarness) -> None:
    client = await harness.client()

    minutes = await bars(client, 5, "1 D", "30 mins", dates=2)
    days = await bars(client, 6, "1 D", "1 day", dates=2)

    opened = MID_MORNING.replace(hour=9, minute=30).timestamp()
    assert int(minutes[0]["date"]) == opened
    assert days[0]["date"] == "20260730"


@check("keepUpToDate brings updates until cancelled, then 162", speed=20.0)
async def kept_up(harness: ClientHarness) -> None:
    client = await harness.client()
    words: tuple[Any, ...] = ("", "1 D", "5 mins", "TRADES", 1, 1, True, [])
    client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *words)
    await client.receives("historicalDataEnd", reqId=5)

    bar = (await client.receives("historicalDataUpdate", reqId=5))["bar"]
    assert bar["low"] <= bar["close"] <= bar["high"]
    client.ask("cancelHistoricalData", 5)

    assert "cancelled" in (await client.refused(162, reqId=5))["text"]


@check("the head timestamp says where history begins")
async def head(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqHeadTimeStamp", 5, stock(con_id=AAPL), "TRADES", 1, 1)

    told = (await client.receives("headTimestamp", reqId=5))["time"]
    assert told[:8].isdecimal()
    assert told[:4] < "2026"


@check("a wrong bar size or duration is 321, an unknown contract 200")
async def wrong_requests(harness: ClientHarness) -> None:
    client = await harness.client()
    apple, nobody = stock(con_id=AAPL), stock("NOSUCHNAME")

    for number, (who, duration, size) in enumerate(
        [(apple, "2 D", "1 D"), (apple, "2 X", "1 day"), (nobody, "2 D", "1 day")]
    ):
        words: tuple[Any, ...] = ("", duration, size, "TRADES", 1, 1, False, [])
        client.ask("reqHistoricalData", 5 + number, who, *words)

    await client.refused(321, reqId=5)
    await client.refused(321, reqId=6)
    await client.refused(200, reqId=7)


@check("adjusted prices go to now, by the day at most: else 321")
async def adjusted(harness: ClientHarness) -> None:
    client = await harness.client()
    apple = stock(con_id=AAPL)
    rest: tuple[Any, ...] = ("ADJUSTED_LAST", 1, 1, False, [])

    client.ask(
        "reqHistoricalData", 5, apple, "20260729-20:00:00", "2 D", "1 day", *rest
    )
    client.ask("reqHistoricalData", 6, apple, "", "2 W", "1W", *rest)

    ended, weekly = [await client.refused(321, reqId=each) for each in (5, 6)]
    assert "End date not supported with adjusted last" in ended["text"]
    assert "Multi day bar size not supported" in weekly["text"]
    assert len(await bars(client, 7, "2 D", "1 day", "ADJUSTED_LAST")) == 2


@check("no data is 162, cancelling what is not there 366")
async def no_data(harness: ClientHarness) -> None:
    client = await harness.client()
    words: tuple[Any, ...] = (
        "19500101-00:00:00",
        "1 D",
        "1 day",
        "TRADES",
        1,
        1,
        False,
        [],
    )

    client.ask("reqHistoricalData", 5, stock(con_id=MSFT), *words)
    client.ask("cancelHistoricalData", 99)

    assert "no data" in (await client.refused(162, reqId=5))["text"]
    await client.refused(366, reqId=99)


@check("too long for the unit is 321, too long for such small bars 162")
async def too_long(harness: ClientHarness) -> None:
    client = await harness.client()
    apple = stock(con_id=AAPL)
    wishes = (
        ("366 D", "1 day", 321, "must be made in years"),
        ("86401 S", "1 min", 321, "86400 seconds"),
        ("10 S", "1 secs", 321, "duration is invalid"),
        ("30 D", "1 secs", 162, "Time length exceed max"),
        ("7200 S", "5 secs", 162, "Time length exceed max"),
    )

    for number, (duration, size, code, words) in enumerate(wishes, start=5):
        client.ask("reqHistoricalData", number, apple, "", duration, size, *LAST_WORDS)
        assert words in (await client.refused(code, reqId=number))["text"]

    assert len(await bars(client, 20, "1800 S", "1 secs")) == 1800


@check("a long history keeps nobody waiting")
async def sliced(harness: ClientHarness) -> None:
    asker, other = await harness.client(1), await harness.client(2)
    apple = stock(con_id=AAPL)

    asker.ask("reqHistoricalData", 5, apple, "", "2 Y", "1 week", *LAST_WORDS)
    await until(lambda: harness.server.gateway.long_work.under_way)
    await other.settled()

    assert not asker.all("historicalDataEnd")
    await asker.receives("historicalDataEnd", reqId=5, within=20)
    assert len(asker.all("historicalData")) in {104, 105, 106}
