"""Draws each picture in a process of its own, so that the event loop is not blocked and
the drawing library's memory is freed."""

import asyncio
import sys
from pathlib import Path
from typing import Final


WITHIN: Final = 60.0
"""Seconds that a picture may take; the first one on a machine searches for fonts."""

LAST_WORDS: Final = 300

_CODE: Final = Path(__file__).parents[1]
"""Where a painter module is found, whatever the working directory."""

CHARTS: Final = "bot.views.scans.paint"


class DrawingFailed(Exception):
    """There is no picture; the message has the painter's last line of output."""


async def drawn(sketch: str, *, painter: str = CHARTS, within: float = WITHIN) -> bytes:
    """*sketch* as a PNG, made by the module *painter*.

    Raises:
        DrawingFailed: the painter failed, or took longer than *within* seconds.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", painter),
        cwd=_CODE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            picture, complaint = await process.communicate(sketch.encode())
    except TimeoutError:
        raise DrawingFailed(f"not drawn within {within:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise DrawingFailed(complaint.decode(errors="replace").strip()[-LAST_WORDS:])
    return picture
