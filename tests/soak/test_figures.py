"""What a soak takes for growth."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.figures import Held, grown, held_by


FLAT = Held(sockets=4, descriptors=20, threads=3, memory=150.0, files=2.0)


@pytest.mark.parametrize("name", ["sockets", "descriptors", "threads", "memory"])
def test_what_each_day_adds_to_is_grown(name: str) -> None:
    days = [replace(FLAT, **{name: getattr(FLAT, name) + day}) for day in range(100)]

    assert list(grown(days)) == [name]


def test_what_is_learned_once_is_no_growth() -> None:
    days = [replace(FLAT, memory=100.0)] * 20 + [FLAT] * 80

    assert grown(days) == {}


def test_what_was_high_for_some_days_is_no_growth() -> None:
    days = [FLAT] * 90 + [replace(FLAT, sockets=12, memory=400.0)] * 5 + [FLAT] * 5

    assert grown(days) == {}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
def test_a_socket_more_is_seen(tmp_path: Path) -> None:
    before = held_by(os.getpid(), tmp_path)

    with socket.socket():
        now = held_by(os.getpid(), tmp_path)

    assert now.sockets == before.sockets + 1
    assert now.descriptors == before.descriptors + 1
