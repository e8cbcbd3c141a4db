"""What is said of this process is what the operating system counts."""

import socket
from pathlib import Path

import pytest

from bot.health import process


def test_memory_is_counted_in_bytes() -> None:
    assert 10_000_000 < process.memory() < 10_000_000_000


def test_where_proc_is_not_the_most_there_was_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = process.memory()
    monkeypatch.setattr(process, "_SELF", tmp_path / "nowhere")

    assert process.memory() >= now / 2
    assert process.sockets() is None


def test_every_open_socket_is_counted() -> None:
    before = process.sockets()
    assert before is not None

    with socket.socket(), socket.socket():
        assert process.sockets() == before + 2


def test_files_that_are_not_there_have_no_size(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"12345")

    assert process.size(there, tmp_path / "gone") == 5
