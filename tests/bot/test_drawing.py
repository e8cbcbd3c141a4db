"""A picture is drawn elsewhere, and a painter that fails is heard."""

import pytest

from bot.drawing import DrawingFailed, drawn
from bot.views.scans.chart import sketch
from tests.bot.courses import some_charts


async def test_a_sketch_becomes_a_png() -> None:
    picture = await drawn(sketch(some_charts()))

    assert picture.startswith(b"\x89PNG")


async def test_the_painters_complaint_is_told() -> None:
    with pytest.raises(DrawingFailed, match="JSONDecodeError"):
        await drawn("no sketch")


async def test_a_painter_that_takes_too_long_is_ended() -> None:
    with pytest.raises(DrawingFailed, match="not drawn within 0 s"):
        await drawn(sketch(some_charts()), within=0)
