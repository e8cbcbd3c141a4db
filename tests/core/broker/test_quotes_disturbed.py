"""Quotes of a line that falls silent, is ended, or is lost."""

import asyncio
from datetime import timedelta
from typing import Final

import pytest

from core.broker.quotes import JUST_NOW
from core.model.evidence import LineState
from core.model.market import Freshness
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from tests.core.broker.quoted_rows import ids, lines_in_use, some_rows
from tests.fakes.clock import HandClock
from tests.harness.connection import BothEnds, both_ends
from tests.harness.waiting import until


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


@pytest.mark.attack(3)
@pytest.mark.attack(4)
async def test_a_clock_set_back_over_a_silence_makes_no_price_new() -> None:
    async with both_ends() as ends:
        rows = some_rows(2)
        async with ends.market.quotes(rows) as silent:
            await silent.settled(ids(rows), within=2)
            ends.server.silence()
            before = ends.connection.clock.now()
            await asyncio.sleep(JUST_NOW.total_seconds() + 1)
            ends.connection.clock = HandClock(before)
            async with ends.market.quotes(rows) as anew:
                at_once = dict(anew.quotes())

    assert at_once == {}


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
