"""What holds for every test: how Hypothesis looks for examples, how long a step of the
product may hold the event loop, the level of the log, what the rubbish collection looks
at, and where files are.

A change is judged by the same examples wherever it is tested; the nightly profile
(HYPOTHESIS_PROFILE=nightly) looks for new ones, and the profile for mutants is content
with any example that fails. No example is failed for its speed.
"""

import gc
import logging
import os
import tempfile
from collections.abc import Iterator
from itertools import count
from typing import Final

import pytest
from hypothesis import Phase, settings

from tests.memory import MEMORY
from tests.one_thread import check_threads
from tests.promptness import measured


_NUMBERS: Final = count()

check_threads()
gc.disable()  # until all tests are collected: nothing of that is rubbish

if MEMORY:
    tempfile.tempdir = os.environ["TMPDIR"] = str(
        MEMORY
    )  # programs that are started too

settings.register_profile("change", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=2_000)
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "change"))


def pytest_collection_finish() -> None:
    """Look for rubbish among what the tests make, and not among the tests: a look at
    fifteen thousand of them takes a fifth of a second."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Whatever a test had the program set its log to, the next one hears all again."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)


@pytest.fixture(autouse=True)
def no_data_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Who names no data directory gets a new one, and never the user's own."""
    new = tmp_path_factory.getbasetemp() / f"data of {next(_NUMBERS)}"
    monkeypatch.setenv("XDG_DATA_HOME", str(new))


@pytest.fixture(autouse=True)
def prompt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if a step of the product worked for more than 100 ms."""
    with measured() as steps:
        yield
    if request.node.get_closest_marker("slow_on_purpose") is None:
        assert steps.slow == []
