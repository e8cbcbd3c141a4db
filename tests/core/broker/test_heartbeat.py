"""Whether the gateway is there: one question at a time, and no answer that is old."""

import asyncio

import pytest

from core.broker.heartbeat import FRESH
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import LineState
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import IMPATIENT, both_ends


async def test_a_probe_takes_the_answer_to_one_begun_before() -> None:
    async with both_ends() as ends:
        await ends.broker.probe(within=1)
        ends.broker.begin_probe()
        await asyncio.sleep(0.1)
        ends.server.freeze()

        await ends.broker.probe(within=0.05)


async def test_a_probe_that_was_begun_serves_one_caller() -> None:
    async with both_ends() as ends:
        ends.broker.begin_probe()
        await ends.broker.probe(within=1)
        ends.server.freeze()

        with pytest.raises(BrokerSilent):
            await ends.broker.probe(within=0.05)


async def test_an_old_probe_says_nothing_of_this_moment() -> None:
    async with both_ends() as ends:
        ends.broker.begin_probe()
        await asyncio.sleep(FRESH + 0.05)
        ends.server.freeze()

        with pytest.raises(BrokerSilent):
            await ends.broker.probe(within=0.05)


async def test_a_probe_is_not_begun_without_a_line() -> None:
    async with both_ends() as ends:
        ends.server.cut()
        await ends.line_is(LineState.DOWN)

        ends.broker.begin_probe()

        with pytest.raises(BrokerAway):
            await ends.broker.probe(within=0.05)


async def test_a_question_that_somebody_gave_up_is_asked_anew() -> None:
    async with both_ends() as ends:
        await ends.broker.probe(within=1)
        ends.server.add_trouble(Trouble(message="currentTime", action=Action.DROP))
        with pytest.raises(BrokerSilent):
            await ends.broker.probe(within=0.05)

        await ends.broker.probe(within=1)


async def test_one_who_gives_up_does_not_make_the_others_deaf() -> None:
    async with both_ends() as ends:
        await ends.broker.probe(within=1)
        ends.server.freeze()
        async with asyncio.TaskGroup() as probes:
            patient = probes.create_task(ends.broker.probe(within=2))
            with pytest.raises(BrokerSilent):
                await ends.broker.probe(within=0.05)
            ends.server.thaw()

        assert patient.done()


async def test_the_end_of_the_line_answers_every_probe() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        await ends.broker.probe(within=1)
        ends.server.freeze()

        with pytest.raises(BrokerAway):
            await ends.broker.probe(within=3)
