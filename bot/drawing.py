"""Pictures, each drawn in a process of its own that ends with it: the loop goes on
turning, and the drawing library's memory is given back."""

import asyncio
import sys
from typing import Final


WITHIN: Final = 20.0
"""Seconds that a picture may take; the first on a machine looks for its fonts."""

LAST_WORDS: Final = 300


class DrawingFailed(Exception):
    """There is no picture; the painter's last words say why."""


async def drawn(sketch: str, *, within: float = WITHIN) -> bytes:
    """*sketch* as a PNG.

    Raises:
        DrawingFailed: the painter failed, or took longer than *within* seconds.
    """
    painter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.views.paint"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            picture, complaint = await painter.communicate(sketch.encode())
    except TimeoutError:
        raise DrawingFailed(f"not drawn within {within:g} s") from None
    finally:
        if painter.returncode is None:
            painter.kill()
            await painter.wait()
    if painter.returncode:
        raise DrawingFailed(complaint.decode(errors="replace").strip()[-LAST_WORDS:])
    return picture
