"""Quotes: fresh, shared, within the lines, and never older than their request."""

from dataclasses import replace

import pytest

from core.broker.pacing import LINES
from core.model.market import ConId, Freshness, Instrument
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.core.broker.quoted_rows import ids, lines_in_use, some_rows
from tests.harness.connection import GAINERS, BothEnds, both_ends
from tests.harness.waiting import until


async def test_streams_that_overlap_share_a_line() -> None:
    async with both_ends() as ends:
        rows = some_rows(3)
        async with ends.market.quotes(rows) as one:
            await one.settled(ids(rows), within=2)
            async with ends.market.quotes(rows) as two:
                await two.settled(ids(rows), within=2)
                shared = lines_in_use(ends)
            after_two = dict(one.quotes())

    assert shared == 3
    assert after_two.keys() == set(ids(rows))


@pytest.mark.attack(4)
async def test_a_price_carries_the_moment_it_was_heard_for_who_comes_later() -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as one:
            await one.settled(ids(rows), within=2)
            opened = ends.connection.clock.now()
            async with ends.market.quotes(rows) as two:
                [quote] = two.quotes().values()

    assert quote.at < opened
    assert quote.freshness is Freshness.LIVE


async def test_leaving_lets_the_lines_go_one_by_one() -> None:
    async with both_ends() as ends:
        rows = some_rows(5)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
        left_at_once = lines_in_use(ends)

        await until(lambda: lines_in_use(ends) == 0)

    assert left_at_once >= 4


async def test_a_line_that_lingers_is_taken_over_as_it_is() -> None:
    async with both_ends() as ends:
        rows = some_rows(3)
        async with ends.market.quotes(rows) as one:
            await one.settled(ids(rows), within=2)
        async with ends.market.quotes(rows) as two:
            at_once = len(two.quotes())

    assert at_once == 3


async def test_values_of_a_line_that_was_given_back_never_return() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as one:
            await one.settled(ids(rows), within=2)
        await until(lambda: lines_in_use(ends) == 0)

        async with ends.market.quotes(rows) as two:
            at_once = dict(two.quotes())

    assert at_once == {}


async def test_more_stocks_than_lines_are_quoted_in_turns() -> None:
    async with both_ends() as ends:
        rows = await many_rows(ends)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=12)
            quoted, dead = len(stream.quotes()), dict(stream.dead())
            in_use = lines_in_use(ends)

    assert (quoted, dead) == (len(rows), {})
    assert in_use <= LINES


async def many_rows(ends: BothEnds) -> tuple[Instrument, ...]:
    """More stocks than there are lines."""
    wide: dict[ConId, Instrument] = {}
    for code in ("TOP_PERC_GAIN", "TOP_PERC_LOSE", "MOST_ACTIVE", "HOT_BY_VOLUME"):
        rows = await ends.market.scan(replace(GAINERS, code=code), within=2)
        wide |= {row.instrument.con_id: row.instrument for row in rows}
    assert len(wide) > LINES
    return tuple(wide.values())


async def test_who_leaves_at_once_has_asked_for_nothing() -> None:
    async with both_ends() as ends:
        rows = await many_rows(ends)
        async with ends.market.quotes(rows):
            pass
        await ends.broker.probe(within=2)

        assert lines_in_use(ends) == 0


async def test_lines_that_linger_make_room_for_who_comes() -> None:
    async with both_ends() as ends:
        rows = await many_rows(ends)
        async with ends.market.quotes(rows[:80]) as before:
            await before.settled(ids(rows[:80]), within=5)
        async with ends.market.quotes(rows[80:]) as after:
            await after.settled(ids(rows[80:]), within=5)
            quoted, dead = len(after.quotes()), after.dead()

    assert (quoted, dead) == (len(rows) - 80, {})


async def test_delayed_quotes_are_called_delayed() -> None:
    async with both_ends(permission=DataPermission.DELAYED) as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            kinds = {quote.freshness for quote in stream.quotes().values()}

    assert kinds == {Freshness.DELAYED}


async def test_a_quote_is_live_only_if_message_58_said_so() -> None:
    silent = Trouble(message="marketDataType", action=Action.DROP, times=0)
    async with both_ends() as ends:
        ends.server.add_trouble(silent)
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            [quote] = stream.quotes().values()

    assert quote.freshness is Freshness.UNKNOWN


async def test_an_untied_10167_makes_what_is_unknown_delayed() -> None:
    async with both_ends(scenario=LIBRARY["delayed-note-untied"]) as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            kinds = {quote.freshness for quote in stream.quotes().values()}

    assert Freshness.LIVE not in kinds


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (DataPermission.NONE, "not subscribed, and delayed data is off"),
        (
            DataPermission.COMPETING,
            "somebody is logged in elsewhere and receives the data",
        ),
    ],
)
async def test_rows_that_nobody_may_see_die_at_once_and_say_why(
    permission: DataPermission, words: str
) -> None:
    async with both_ends(permission=permission) as ends:
        rows = some_rows(3)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=30)
            dead = stream.dead()

    assert set(dead.values()) == {words}
    assert len(dead) == 3


async def test_a_row_that_waits_for_a_subscription_dies_at_the_deadline() -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        ends.server.set_override(rows[0].symbol, Shape(no_quote=True))
        ends.server.add_trouble(
            Trouble(message="reqMktData", action=Action.NOTE, code=10089, text="more")
        )
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=0.2)
            [words] = stream.dead().values()

    assert words == "needs a further market data subscription"


@pytest.mark.parametrize(("halt", "halted"), [(1, True), (2, True), (0, False)])
async def test_a_halt_is_said_as_it_is(halt: int, halted: bool) -> None:  # noqa: FBT001  a parameter
    async with both_ends() as ends:
        rows = some_rows(1)
        ends.server.set_override(rows[0].symbol, Shape(halted=halt))
        async with ends.market.quotes(rows) as stream:
            await until(
                lambda: [each.halted for each in stream.quotes().values()] == [halted]
            )


@pytest.mark.parametrize("scenario", ["no-last-price", "prices-of-minus-one"])
async def test_a_price_that_is_none_is_none(scenario: str) -> None:
    async with both_ends(scenario=LIBRARY[scenario]) as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=0.5)
            quotes = stream.quotes().values()

    assert quotes
    for quote in quotes:
        prices = (quote.bid, quote.ask, quote.last, quote.open, quote.close)
        assert None in prices
        assert all(price > 0 for price in prices if price is not None)


async def test_facts_ride_in_the_request_that_is_sent_anyway() -> None:
    async with both_ends() as ends:
        told = Trouble(
            message="reqMktData", action=Action.DROP, times=0, containing="165,233,236"
        )
        ends.server.add_trouble(told)
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=0.3)
            unreported = dict(stream.quotes())

    assert unreported == {}  # every request carries them: none came through
