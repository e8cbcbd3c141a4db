"""The campaign plays what it was asked for, and leaves nobody behind."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from core.model import points
from tests.bot.processes import contents
from tests.campaign.holding.plan import HoldingPlan, Scene, holding_plan
from tests.campaign.plan import Behaviour
from tests.campaign.run import STOPPED, _arguments, _plans
from tests.campaign.trial import PREFIX
from tests.harness.waiting import until
from tests.memory import MEMORY


pytestmark = pytest.mark.real_time


POLL_INTERVAL: Final = 0.05
"""Seconds between two looks at every process of the machine, which are dear."""


def test_the_trials_of_one_label_and_behaviour_keep_their_numbers() -> None:
    cards = ["--kind", "cards", "--seed", "3"]
    asked = _arguments(
        [*cards, "--trials", "5", "--label", "W2", "--behaviour", "mute"]
    )
    every = _plans(_arguments([*cards, "--trials", "2000"]))

    wanted = (one for one in every if one.label == points.W2.after)
    muted = (one for one in wanted if one.behaviour is Behaviour.MUTE)
    assert list(_plans(asked)) == list(islice(muted, 5))


def test_every_third_trial_is_of_a_holding() -> None:
    plans = list(_plans(_arguments(["--trials", "9", "--seed", "3"])))

    assert [isinstance(each, HoldingPlan) for each in plans] == [False, False, True] * 3
    assert plans[2::3] == [holding_plan(n, seed=3) for n in range(3)]
    asked = ["--kind", "holdings", "--only", "2", "--seed", "3"]
    assert list(_plans(_arguments(asked))) == [holding_plan(2, seed=3)]


def test_a_scene_is_chosen_by_its_name() -> None:
    asked = _arguments(["--trials", "4", "--scene", Scene.PANIC])

    assert {getattr(each, "scene", None) for each in _plans(asked)} == {Scene.PANIC}


@pytest.fixture
def folder() -> Iterator[Path]:
    """One with a short name: a socket in it may have 107 letters (unix(7))."""
    with TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as name:
        yield Path(name)


@asynccontextmanager
async def a_campaign(folder: Path) -> AsyncIterator[Process]:
    """One with a bot alive, in a session of its own; its trials are in *folder*."""
    campaign = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.campaign.run"),
        *("--trials", "9", "--at-once", "1"),
        env={**os.environ, "TMPDIR": f"{folder}"},
        stdout=DEVNULL,
        start_new_session=True,
    )
    try:
        begun = f"{PREFIX}*/bot.log"
        await until(lambda: any(folder.glob(begun)), interval=POLL_INTERVAL)
        yield campaign
    finally:
        for each in living_in(campaign.pid):
            with suppress(ProcessLookupError):
                os.kill(each, SIGKILL)
        await campaign.wait()


def living_in(session: int) -> list[int]:
    """The processes of a session that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, _, theirs, *_ = stat.read_text().rpartition(") ")[2].split()
            if int(theirs) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.journey
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("end", [SIGKILL, SIGTERM, SIGINT])
async def test_no_bot_outlives_the_campaign(folder: Path, end: Signals) -> None:
    async with a_campaign(folder) as campaign:
        assert len(living_in(campaign.pid)) > 1

        campaign.send_signal(end)

        code = await campaign.wait()
        await until(lambda: not living_in(campaign.pid), interval=POLL_INTERVAL)
        assert code == (-SIGKILL if end is SIGKILL else STOPPED)
        assert end is SIGKILL or contents(folder) == []
