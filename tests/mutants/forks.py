"""A task in a fork of this process, with a deadline: what it breaks dies with it."""

import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Final


MEMORY: Final = 4 << 30
"""Bytes of address space that a task may take: some never stop asking for more."""


def in_a_fork(task: Callable[[], bytes], *, within: float) -> bytes | None:
    """What *task* returned; nothing at all if it died, None if *within* seconds were
    not enough and it was killed."""
    to_read, to_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(to_read)
        _run(task, to_write)
    os.close(to_write)
    try:
        return _read(to_read, by=time.monotonic() + within)
    finally:
        os.close(to_read)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _run(task: Callable[[], bytes], to_write: int) -> None:
    """Never returns: the parent's code is not the child's to go on with."""
    try:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(silence, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with os.fdopen(to_write, "wb") as pipe:
            pipe.write(task())
    finally:
        os._exit(0)


def _read(pipe: int, *, by: float) -> bytes | None:
    """All that comes until the other end is closed."""
    told = b""
    while select.select([pipe], [], [], max(0.0, by - time.monotonic()))[0]:
        piece = os.read(pipe, 1 << 16)
        if not piece:
            return told
        told += piece
    return None
