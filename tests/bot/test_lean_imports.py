"""The process that trades does without what it does not use, and whoever wants it later still gets it."""

import os
import subprocess
import sys

from tests.source_tree import ROOT


PROGRAM = """
import sys
from bot.lean_imports import import_leanly
import_leanly()
import bot.app
assert "ib_async" in sys.modules
assert "numpy" not in sys.modules, "numpy was imported"
assert "pandas" not in sys.modules, "pandas was imported"
assert "sqlalchemy" not in sys.modules, "sqlalchemy was imported"
assert "httpx" in sys.modules
assert "rich" not in sys.modules, "rich was imported"
assert "xml.etree.ElementTree" not in sys.modules, "an XML parser was imported"
assert "apscheduler.schedulers.asyncio" in sys.modules
assert "multiprocessing" not in sys.modules, "multiprocessing was imported"
assert "sniffio" in sys.modules, "it is searched for at each lock"
assert "idna" not in sys.modules, "idna was imported"
import telegram
assert telegram.Message.__doc__ is None, "its docstring is kept"
assert telegram.ext.Application.__doc__ is None, "its docstring is kept"
import httpx
assert httpx.URL("https://b\u00fccher.example/").raw_host == b"xn--bcher-kva.example"
assert "idna" in sys.modules
from apscheduler.executors.pool import ThreadPoolExecutor
assert ThreadPoolExecutor(1)
from ib_async.flexreport import FlexReport
assert FlexReport().topics
import numpy
assert numpy.asarray([1, 2]).sum() == 3
from eventkit import Event
heard = []
event = Event()
event += heard.append
event.emit(1)
assert heard == [1]
"""


def test_the_bot_starts_without_what_it_does_not_use() -> None:
    without_coverage = {  # which imports what it needs itself
        name: value for name, value in os.environ.items() if "COV" not in name
    }
    run = subprocess.run(  # noqa: S603  the text above
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=without_coverage,
    )

    assert run.stderr == ""
