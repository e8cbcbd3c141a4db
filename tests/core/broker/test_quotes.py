"""Quotes: fresh, shared, within the lines, and never older than their request."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from core.broker.pacing import LINES
from core.broker.quotes import JUST_NOW
from core.model.evidence import LineState
from core.model.market import ConId, Freshness, Instrument
from core.sandbox.gateway.requests.quotes import QuoteSubscriptions
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.harness.connection import GAINERS, STOCKS, BothEnds, both_ends
from tests.harness.waiting import until


def lines_in_use(ends: BothEnds) -> int:
    """By the gateway's own count."""
    sessions = ends.server.gateway.sessions
    return sum(len(session.state(QuoteSubscriptions).open) for session in sessions)


def ids(rows: Sequence[Instrument]) -> list[ConId]:
    return [row.con_id for row in rows]


def some_rows(count: int) -> tuple[Instrument, ...]:
    return STOCKS[:count]


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


async def after_silence(ends: BothEnds) -> timedelta:
    """Quotes that run fall silent, and more than a moment passes."""
    ends.server.silence()
    passed = JUST_NOW + timedelta(seconds=1)
    ends.server.set_clock(ends.server.clock.now() + passed)
    return passed


@pytest.mark.attack(4)
async def test_a_line_gone_silent_keeps_the_moment_of_its_last_price() -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            passed = await after_silence(ends)
            [quote] = stream.quotes().values()
            now = ends.connection.clock.now()

    assert now - quote.at >= passed


@pytest.mark.attack(4)
async def test_who_comes_to_a_silent_line_is_answered_by_a_new_request() -> None:
    async with both_ends() as ends:
        rows = some_rows(3)
        async with ends.market.quotes(rows) as silent:
            await silent.settled(ids(rows), within=2)
            await after_silence(ends)
            opened = ends.connection.clock.now()
            async with ends.market.quotes(rows) as anew:
                at_once = dict(anew.quotes())
                await anew.settled(ids(rows), within=2)
                received = [quote.at for quote in anew.quotes().values()]

    assert at_once == {}
    assert [at >= opened for at in received] == [True] * 3


@pytest.mark.attack(4)
async def test_nothing_old_is_given_when_the_new_request_is_not_answered() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as silent:
            await silent.settled(ids(rows), within=2)
            await after_silence(ends)
            for row in rows:
                ends.server.set_override(row.symbol, Shape(no_quote=True))
            async with ends.market.quotes(rows) as anew:
                await anew.settled(ids(rows), within=0.2)
                found = dict(anew.quotes())

    assert found == {}


@pytest.mark.attack(4)
async def test_sizes_do_not_make_an_old_price_new() -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            [before] = stream.quotes().values()
            ends.server.add_trouble(
                Trouble(message="tickPrice", action=Action.DROP, times=0)
            )
            await until(
                lambda: (
                    [each.volume for each in stream.quotes().values()]
                    != [before.volume]
                )
            )
            [after] = stream.quotes().values()

    assert after.at - before.at < timedelta(seconds=1)


ENDS_A_LINE = [354, 10168, 10182, 10186, 10197, 200]
MAKES_UNSURE = [10089, 10090, 10091, 10167, 4711]


def said_of_a_running_quote(ends: BothEnds, code: int, *, untied: bool = False) -> None:
    """The gateway says this of the next size of a quote that runs, and no more of it."""
    for name in ("tickPrice", "tickSize", "tickString", "tickGeneric"):
        ends.server.add_trouble(Trouble(message=name, action=Action.DROP, times=0))
    ends.server.add_trouble(
        Trouble(
            message="tickSize",
            action=Action.NOTE,
            code=code,
            text="IB's text",
            untied=untied,
        )
    )


@pytest.mark.attack(4)
@pytest.mark.parametrize("code", ENDS_A_LINE)
async def test_a_code_on_a_running_line_ends_it(code: int) -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            said_of_a_running_quote(ends, code)
            await until(lambda: bool(stream.dead()))
            found = dict(stream.quotes())
            async with ends.market.quotes(rows) as later:
                at_once = dict(later.quotes())

    assert (found, at_once) == ({}, {})


@pytest.mark.attack(4)
@pytest.mark.parametrize("code", MAKES_UNSURE)
async def test_a_code_on_a_running_line_makes_its_price_unsure(code: int) -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            said_of_a_running_quote(ends, code)
            await until(
                lambda: (
                    [each.freshness for each in stream.quotes().values()]
                    == [Freshness.UNKNOWN]
                )
            )


@pytest.mark.attack(4)
async def test_a_competing_session_ends_every_line() -> None:
    async with both_ends() as ends:
        rows = some_rows(3)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            said_of_a_running_quote(ends, 10197, untied=True)
            await until(lambda: len(stream.dead()) == 3)
            found = dict(stream.quotes())

    assert found == {}


@pytest.mark.attack(4)
@pytest.mark.parametrize("code", [1100, 2103, 2110])
async def test_a_broken_line_or_farm_makes_every_price_unsure(code: int) -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            ends.server.silence()
            ends.server.flap(code)
            await until(
                lambda: (
                    {each.freshness for each in stream.quotes().values()}
                    == {Freshness.UNKNOWN}
                )
            )


@pytest.mark.attack(4)
async def test_a_line_that_ib_has_ended_is_cancelled_in_its_time() -> None:
    async with both_ends() as ends:
        rows = some_rows(1)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            said_of_a_running_quote(ends, 354)
            await until(lambda: lines_in_use(ends) == 0)


CANCELLED_WITHIN: Final = 2.0
"""Seconds in which five cancels leave one by one."""


@pytest.mark.attack(4)
async def test_a_line_that_is_lost_while_its_cancel_waits_is_not_cancelled() -> None:
    """The cancel had no number any more, and kept back all that waited behind it."""
    failed: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
    async with both_ends() as ends:
        for name in ("tickPrice", "tickSize", "tickString", "tickGeneric"):
            ends.server.add_trouble(Trouble(message=name, action=Action.DROP, times=0))
        rows = some_rows(5)
        async with ends.market.quotes(rows):
            await until(lambda: lines_in_use(ends) == len(rows))
        ends.server.flap(1101)
        over = loop.time() + CANCELLED_WITHIN
        await until(lambda: loop.time() > over)

    assert failed == []


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


@pytest.mark.parametrize("code", [2103, 1100])
async def test_values_from_before_a_disturbance_are_not_handed_on(code: int) -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as one:
            await one.settled(ids(rows), within=2)
            ends.server.flap(code)
            ends.server.flap(2104 if code == 2103 else 1102)
            await ends.broker.probe(within=1)

            async with ends.market.quotes(rows) as two:
                at_once = dict(two.quotes())
                await two.settled(ids(rows), within=2)
                renewed = len(two.quotes())

    assert at_once == {}
    assert renewed == 2


async def test_after_1101_every_quote_is_lost_and_says_so() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=2)
            ends.server.flap(1100)
            ends.server.flap(1101)
            await ends.line_is(LineState.CUT_OFF)
            await ends.line_is(LineState.UP)
            lost = stream.dead()
        async with ends.market.quotes(rows) as again:
            await again.settled(ids(rows), within=2)
            renewed = len(again.quotes())

    assert set(lost.values()) == {"the quote was lost with the connection"}
    assert (len(lost), renewed) == (2, 2)


async def test_a_dead_line_to_the_gateway_is_every_rows_problem() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as stream:
            ends.connection.drop("we hang up")
            await stream.settled(ids(rows), within=30)

    assert set(stream.dead().values()) == {"we hang up"}


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


async def test_quotes_that_the_gateway_threw_away_are_asked_for_again() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        thrown = Trouble(message="reqMktData", action=Action.DROP, times=2)
        complaint = Trouble(
            message="reqMktData",
            action=Action.NOTE,
            nth=2,
            code=100,
            text="Max rate of messages per second has been exceeded",
            untied=True,
        )
        ends.server.add_trouble(thrown)
        ends.server.add_trouble(complaint)
        async with ends.market.quotes(rows) as stream:
            await stream.settled(ids(rows), within=5)
            quoted = len(stream.quotes())

    assert quoted == 2


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
