"""A loop that stands still is told of; one that never turns again ends the process."""

import signal
import subprocess
import sys
import time
from textwrap import dedent

import pytest

from bot import loop_watchdog
from bot.loop_watchdog import FROZEN, LATE
from tests.bot.processes import ROOT
from tests.harness.waiting import SOON


pytestmark = pytest.mark.real_time


HEAD = """
    import asyncio, logging, time
    from bot.loop_watchdog import watched

    logging.basicConfig(level="INFO", format="%(levelname)s %(message)s")

    def dig() -> None:
        time.sleep({seconds})

    def count() -> None:
        end = time.thread_time() + {seconds}
        while time.thread_time() < end:
            pass
"""


def outcome(story: str, *, seconds: float = 0.0) -> tuple[int, str]:
    """How a process with that story on its loop ended, and what it said."""
    script = dedent(HEAD).format(seconds=seconds) + dedent(story)
    ended = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SOON,
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("work", ["dig", "count"])
def test_a_loop_that_stood_still_is_told_once_with_where_and_how_long(
    work: str,
) -> None:
    code, said = outcome(
        f"""
        async def live() -> None:
            with watched():
                await asyncio.sleep(0.2)
                {work}()
                await asyncio.sleep(0.2)

        asyncio.run(live())
        """,
        seconds=0.8,
    )

    [told] = [line for line in said.splitlines() if work in line]
    start, _, rest = told.partition(" s, ")
    assert code == 0
    assert start.startswith("WARNING the loop stood still for ")
    assert float(start.split()[-1]) >= 0.8
    assert f"{work} < " in rest


def test_waiting_and_computing_are_told_apart() -> None:
    story = """
        async def live() -> None:
            with watched():
                dig()
                await asyncio.sleep(0.2)
                count()
                await asyncio.sleep(0.2)

        asyncio.run(live())
        """

    _, said = outcome(story, seconds=0.8)

    told = [line for line in said.splitlines() if "dig" in line or "count" in line]
    dug, counted = (float(line.split(", ")[1].split(" s ")[0]) for line in told)
    assert dug < 0.4
    assert counted >= 0.8


def test_a_loop_that_does_not_turn_any_more_ends_the_process_with_its_stack() -> None:
    code, said = outcome(
        """
        async def live() -> None:
            with watched(frozen=1.0):
                await asyncio.sleep(0.2)
                dig()

        asyncio.run(live())
        print("went on")
        """,
        seconds=20,
    )

    assert code == 1
    assert "stood still for 1 s" in said
    assert "in dig" in said
    assert "went on" not in said


def test_a_loop_that_turns_lives_longer_than_one_that_does_not() -> None:
    code, said = outcome(
        """
        async def live() -> None:
            with watched(frozen=2.0):
                await asyncio.sleep(3)

        asyncio.run(live())
        print("went on")
        """
    )

    assert code == 0
    assert "went on" in said


def test_nobody_is_watched_after_the_end() -> None:
    code, said = outcome(
        """
        async def live() -> None:
            with watched(frozen=0.5):
                await asyncio.sleep(0.1)

        asyncio.run(live())
        dig()
        print("went on")
        """,
        seconds=1.5,
    )

    assert code == 0
    assert "went on" in said
    assert "stood still" not in said.partition("went on")[2]


PAUSED = """
    import os, signal, subprocess, sys

    async def live() -> None:
        told = asyncio.Queue()
        with watched(frozen=1.0, paused=0.5, on_pause=told.put_nowait):
            await asyncio.sleep(0.2)
            cont = f"import os, time; time.sleep(2); os.kill({os.getpid()}, 18)"
            subprocess.Popen([sys.executable, "-c", cont])
            os.kill(os.getpid(), signal.SIGSTOP)
            print("paused for at least 1 s:", await told.get() > 1)
            await asyncio.sleep(0.3)

    asyncio.run(live())
    print("went on")
"""


@pytest.mark.attack(16)
def test_a_process_that_was_paused_says_so_and_lives() -> None:
    code, said = outcome(PAUSED)

    assert code == 0
    assert "WARNING the process was paused for" in said
    assert "paused for at least 1 s: True" in said
    assert "stood still" not in said
    assert "went on" in said


@pytest.mark.attack(16)
def test_a_pause_does_not_hide_that_the_loop_is_stuck() -> None:
    code, said = outcome(
        """
        import os, signal, subprocess, sys

        async def live() -> None:
            with watched(frozen=3.0, paused=0.5):
                await asyncio.sleep(0.2)
                cont = f"import os, time; time.sleep(1); os.kill({os.getpid()}, 18)"
                subprocess.Popen([sys.executable, "-c", cont])
                os.kill(os.getpid(), signal.SIGSTOP)
                dig()

        asyncio.run(live())
        print("went on")
        """,
        seconds=20,
    )

    assert code == 1
    assert "the process was paused for" in said
    assert "in dig" in said


def test_a_loop_that_is_stuck_inside_c_code_ends_the_process_too() -> None:
    code, said = outcome(
        """
        import re

        async def live() -> None:
            with watched(frozen=0.5):
                await asyncio.sleep(0.2)
                re.match(r"(a+)+$", "a" * 40 + "b")

        asyncio.run(live())
        print("went on")
        """
    )

    assert code == -signal.SIGPROF
    assert "in live" in said
    assert "went on" not in said


@pytest.mark.attack(16)
@pytest.mark.parametrize(
    ("passed", "worked", "is_pause"),
    [
        (75, 0.0, True),
        (75, 0.4, True),
        (3600 * 9, 2.0, True),  # a night's sleep
        (5.2, 0.0, True),
        (5.1, 0.0, False),
        (0.125, 0.1, False),
        (75, 75, False),  # it worked all the time
        (75, 40, False),
        (75, 37, True),
    ],
)
async def test_a_pause_is_told_from_a_loop_that_is_stuck(
    monkeypatch: pytest.MonkeyPatch, passed: float, worked: float, *, is_pause: bool
) -> None:
    """By what the process has worked meanwhile: paused, it works nothing."""
    moments, work = iter([0.0, passed]), iter([0.0, worked])
    monkeypatch.setattr(loop_watchdog, "boottime", lambda: next(moments))
    monkeypatch.setattr(time, "process_time", lambda: next(work))
    watch = loop_watchdog._Watch(
        late=LATE, frozen=FROZEN, paused=loop_watchdog.PAUSED, on_pause=lambda _: None
    )

    slept = watch._slept()

    assert slept == (passed if is_pause else None)
    assert watch._stuck == (0 if is_pause else passed)


@pytest.mark.attack(16)
async def test_pauses_in_a_row_never_add_up_to_a_loop_that_is_stuck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = iter(range(1000, 100_000, 50))
    monkeypatch.setattr(loop_watchdog, "boottime", lambda: float(next(moments)))
    monkeypatch.setattr(time, "process_time", lambda: 50.0)
    watch = loop_watchdog._Watch(
        late=LATE, frozen=FROZEN, paused=loop_watchdog.PAUSED, on_pause=lambda _: None
    )

    assert [watch._slept() for _ in range(5)] == [50] * 5
    assert watch._stuck == 0
