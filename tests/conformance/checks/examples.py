"""The scripts of ib_async's own README, run as they stand: only their port is ours.

They are read from the installed package, so they are those of the version that is tested.
"""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import metadata
from types import MappingProxyType
from typing import Any, Final

from tests.conformance.checks.facade import ONLY_IB_ASYNC
from tests.conformance.install import FOLDER
from tests.harness.client import USUAL, Check, ClientHarness, check


PORT: Final = "7497"
BEGINS: Final = "from ib_async import *"
FOR_NOTEBOOKS: Final = "util.startLoop()  # Required"
TOO_OLD: Final = """
ib = IB()
ib.errorEvent += lambda _id, code, text, _contract: print(code, text)
ib.connect("127.0.0.1", 7497, clientId=1, timeout=2)
"""
PIECES: Final = re.compile(
    r"^#+ +(.+?)$|^```python\n(.*?)^```", re.DOTALL | re.MULTILINE
)
ENDS_ITSELF: Final = MappingProxyType(  # a line of it, and what the library says
    {
        "ticker = ib.reqMktData(contract, '', False, False)": "no 'conId' value exists",
        "pnl.updateEvent += onPnL": "'PnL' object has no attribute 'updateEvent'",
    },
)
"""The two that stop in ib_async 2.1.0 itself, whatever gateway it is."""


def scripts() -> dict[str, str]:
    """Every whole script of the README by the heading above it."""
    about: Any = metadata("ib_async")
    text = str(about.get_payload() or about["Description"])
    found: dict[str, str] = {}
    heading = ""
    for title, script in PIECES.findall(text):
        heading = title or heading
        whole = BEGINS in script and FOR_NOTEBOOKS not in script
        if whole:
            name = heading if heading not in found else f"{heading}, again"
            found[name] = script
    return found


@asynccontextmanager
async def running(script: str, port: int, path: str = "") -> AsyncIterator[Process]:
    """The script in a process of its own, which the end of the block ends."""
    words = ("-c", script.replace(PORT, str(port)))
    where = {**os.environ, "PYTHONPATH": path} if path else None
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=PIPE, stderr=PIPE, env=where
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def play(script: str, harness: ClientHarness) -> None:
    """Run it to its end."""
    async with running(script, harness.tap.port) as process:
        _, complaints = await process.communicate()
    said = complaints.decode()
    for line, words in ENDS_ITSELF.items():
        if line in script:
            assert words in said
            return
    assert process.returncode == 0, said[-500:]
    assert "Traceback" not in said


@check("ib_insync 0.9.61 is told with 357 that it is too old", without=ONLY_IB_ASYNC)
async def too_old(harness: ClientHarness) -> None:
    script = BEGINS.replace("ib_async", "ib_insync") + TOO_OLD
    path = str(FOLDER / "ib_insync-0.9.61")
    async with running(script, harness.tap.port, path) as process:
        said, _ = await process.communicate()
    text = (
        "Your client version is out of date. Please upgrade to a minimum version 157."
    )
    assert said.decode().splitlines() == [f"357 {text}"]


CHECKS: Final = [
    Check(
        title=f"README: {heading}",
        play=partial(play, script),
        gateway=USUAL,
        without=ONLY_IB_ASYNC,
    )
    for heading, script in scripts().items()
]
