"""Whether the gateway is there: one question at a time, and no answer that is old."""

import asyncio

import pytest

from core.broker.heartbeat import FRESH
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import LineState
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import IMPATIENT, a_desk


async def test_a_probe_takes_the_answer_to_one_begun_before() -> None:
    async with a_desk() as desk:
        await desk.broker.probe(within=1)
        desk.broker.begin_probe()
        await asyncio.sleep(0.1)
        desk.server.freeze()

        await desk.broker.probe(within=0.05)


async def test_a_probe_that_was_begun_serves_one_caller() -> None:
    async with a_desk() as desk:
        desk.broker.begin_probe()
        await desk.broker.probe(within=1)
        desk.server.freeze()

        with pytest.raises(BrokerSilent):
            await desk.broker.probe(within=0.05)


async def test_an_old_probe_says_nothing_of_this_moment() -> None:
    async with a_desk() as desk:
        desk.broker.begin_probe()
        await asyncio.sleep(FRESH + 0.05)
        desk.server.freeze()

        with pytest.raises(BrokerSilent):
            await desk.broker.probe(within=0.05)


async def test_a_probe_is_not_begun_without_a_line() -> None:
    async with a_desk() as desk:
        desk.server.cut()
        await desk.line_is(LineState.DOWN)

        desk.broker.begin_probe()

        with pytest.raises(BrokerAway):
            await desk.broker.probe(within=0.05)


async def test_a_question_that_somebody_gave_up_is_asked_anew() -> None:
    async with a_desk() as desk:
        await desk.broker.probe(within=1)
        desk.server.add_trouble(Trouble(message="currentTime", action=Action.DROP))
        with pytest.raises(BrokerSilent):
            await desk.broker.probe(within=0.05)

        await desk.broker.probe(within=1)


async def test_one_who_gives_up_does_not_make_the_others_deaf() -> None:
    async with a_desk() as desk:
        await desk.broker.probe(within=1)
        desk.server.freeze()
        async with asyncio.TaskGroup() as probes:
            patient = probes.create_task(desk.broker.probe(within=2))
            with pytest.raises(BrokerSilent):
                await desk.broker.probe(within=0.05)
            desk.server.thaw()

        assert patient.done()


async def test_the_end_of_the_line_answers_every_probe() -> None:
    async with a_desk(timing=IMPATIENT) as desk:
        await desk.broker.probe(within=1)
        desk.server.freeze()

        with pytest.raises(BrokerAway):
            await desk.broker.probe(within=3)
