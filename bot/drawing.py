"""Pictures, each drawn in a process of its own that ends with it: the loop goes on
turning, and the drawing library's memory is given back."""

import asyncio
import sys
from pathlib import Path
from typing import Final


WITHIN: Final = 60.0
"""Seconds that a picture may take; the first on a machine looks for its fonts."""

LAST_WORDS: Final = 300

_CODE: Final = Path(__file__).parents[1]
"""From where a painter is found, wherever this process was started."""

CHARTS: Final = "bot.views.scans.paint"


class DrawingFailed(Exception):
    """There is no picture; the painter's last words say why."""


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
