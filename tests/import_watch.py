"""Imports modules and prints what that did besides, a line for each deed.

`python tests/import_watch.py MODULE...`, where the packages core and bot are. What
another library does while it is itself imported is its own affair.
"""

import os
import sys
from importlib import import_module
from threading import Thread
from types import FrameType
from typing import Any, Final


WATCHED: Final = (
    *("open", "os.", "shutil.", "tempfile.", "sqlite3.", "glob.", "pathlib."),
    *("socket.", "subprocess.", "urllib.", "http."),
)
"""Audit events, by how they begin: disk, network, processes."""

PREFIX: Final = "OPENBELL_"


class Watch:
    """Hears of every deed, and knows whose it was."""

    def __init__(self, *rooms: str) -> None:
        self._rooms = tuple(f"{os.path.realpath(room)}{os.sep}" for room in rooms)
        self.deeds: list[str] = []

    def receive(self, event: str, words: tuple[Any, ...]) -> None:
        """Be told of an audit event."""
        if event.startswith(WATCHED) and (who := self._culprit(sys._getframe(1))):
            what = str(words[0]) if words else ""
            if "zoneinfo" not in what:  # a time zone is data of the standard library
                self.deeds.append(f"{who}: {event} {what}")

    def note(self, deed: str) -> None:
        """Be told of what no audit event tells."""
        if who := self._culprit(sys._getframe(1)):
            self.deeds.append(f"{who}: {deed}")

    def _culprit(self, frame: FrameType | None) -> str | None:
        """Our file that did it; None when the import system is in between."""
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith("<frozen importlib._bootstrap") or "/coverage/" in file:
                return None
            if file.startswith(self._rooms):
                return file
            frame = frame.f_back
        return None


def take_written(watch: Watch) -> None:
    """Have *watch* told of our variables that are read, and of threads."""
    read, start = type(os.environ).__getitem__, Thread.start

    def watched_read(environment: "os._Environ[str]", name: str) -> str:
        if name.startswith(PREFIX):
            watch.note(f"reads {name}")
        return read(environment, name)

    def watched_start(thread: Thread) -> None:
        watch.note("starts a thread")
        start(thread)

    type(os.environ).__getitem__ = watched_read  # type: ignore[method-assign]  # to hear
    Thread.start = watched_start  # type: ignore[method-assign,assignment]  # to hear


def main(modules: list[str]) -> None:
    """Import each, in this order, and print what happened."""
    sys.path[0] = ""
    watch = Watch("core", "bot")
    take_written(watch)
    sys.addaudithook(watch.receive)
    for module in modules:
        import_module(module)
    deeds = list(watch.deeds)
    sys.stdout.write("".join(f"{deed}\n" for deed in deeds))


if __name__ == "__main__":
    main(sys.argv[1:])
