"""What holds the event loop for more than 100 ms is seen, and nothing else is."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

from tests.promptness import LONGEST, measured


TOO_LONG = 1.6 * LONGEST
Call = Callable[..., Any]


def work() -> None:
    until = time.thread_time() + TOO_LONG
    while time.thread_time() < until:
        pass


def written_in(file: Path, source: str, **known: Any) -> Call:
    """The function ``it`` of *source*, as if it stood in *file*."""
    names: dict[str, Any] = {"work": work, "asyncio": asyncio, **known}
    code = compile(dedent(source), str(file), "exec")
    exec(code, names)  # noqa: S102  our own words
    found: Call = names["it"]
    return found


A_CALLBACK = """
    def it():
        work()
"""
A_STORY = """
    async def it():
        await asyncio.sleep(0)
        work()
"""


async def run(story: Call) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(story())


@pytest.mark.parametrize("room", ["core/flows", "bot/handlers"])
async def test_a_story_of_the_product_that_works_too_long_is_named(
    tmp_path: Path, room: str
) -> None:
    with measured(tmp_path) as steps:
        await run(written_in(tmp_path / room / "slow.py", A_STORY))

    [step] = steps.slow
    assert step.startswith(f"{room}/slow.py: it worked ")


async def test_a_callback_of_the_product_that_works_too_long_is_named(
    tmp_path: Path,
) -> None:
    with measured(tmp_path) as steps:
        slow = written_in(tmp_path / "core" / "slow.py", A_CALLBACK)
        asyncio.get_running_loop().call_soon(slow)
        await asyncio.sleep(0.01)

    assert len(steps.slow) == 1


@pytest.mark.slow_on_purpose
async def test_what_is_done_while_ib_is_being_heard_counts(tmp_path: Path) -> None:
    class Transport:
        _protocol = type("Protocol", (), {"__module__": "ib_async.connection"})()

        def read(self) -> None:
            work()

    with measured(tmp_path) as steps:
        asyncio.get_running_loop().call_soon(Transport().read)
        await asyncio.sleep(0.01)

    assert len(steps.slow) == 1


@pytest.mark.parametrize(
    "place", ["tests/test_x.py", "core/sandbox/x.py", "bot/sandbox/x.py"]
)
async def test_the_work_of_tests_and_sandboxes_does_not_count(
    tmp_path: Path, place: str
) -> None:
    with measured(tmp_path) as steps:
        await run(written_in(tmp_path / place, A_STORY))
        asyncio.get_running_loop().call_soon(written_in(tmp_path / place, A_CALLBACK))
        await asyncio.sleep(0.01)
        work()

    assert steps.slow == []


async def test_many_short_steps_are_none_too_long(tmp_path: Path) -> None:
    story = """
        async def it():
            for _ in range(30):
                until = time.thread_time() + 0.005
                while time.thread_time() < until:
                    pass
                await asyncio.sleep(0)
    """

    with measured(tmp_path) as steps:
        await run(written_in(tmp_path / "core" / "fair.py", story, time=time))

    assert steps.slow == []


async def test_a_machine_that_lets_it_wait_fails_nobody(tmp_path: Path) -> None:
    story = """
        async def it():
            wait(0.2)
    """
    wait = threading.Event().wait

    with measured(tmp_path) as steps:
        await run(written_in(tmp_path / "core" / "starved.py", story, wait=wait))

    assert steps.slow == []


async def test_the_collection_of_rubbish_does_not_count(tmp_path: Path) -> None:
    hands = SimpleNamespace()
    story = """
        async def it():
            hands.steps.collecting("start", {})
            work()
            hands.steps.collecting("stop", {})
    """

    with measured(tmp_path) as hands.steps:
        await run(written_in(tmp_path / "core" / "tidy.py", story, hands=hands))

    assert hands.steps.slow == []


def test_the_loop_is_as_it_was_afterwards() -> None:
    before = asyncio.Handle._run

    with measured():
        assert asyncio.Handle._run is not before

    assert asyncio.Handle._run is before
