"""The bot lives where a machine is not as most are: no home, a folder that nobody can
write to, another locale, another time zone."""

from pathlib import Path

import pytest

from tests.bot.processes import running
from tests.harness.product import WARM, at, opened


UNWRITABLE = Path("/proc")
"""A folder in which not even root can make a file."""


@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/nonexistent", "XDG_CACHE_HOME": ""},
        {"LC_ALL": "C", "LANG": "", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.ISO-8859-9", "TZ": "Asia/Kathmandu"},
        {"TZ": "Nowhere/Land"},
    ],
    ids=["no home", "C locale", "Turkish in Nepal", "a zone that is none"],
)
@pytest.mark.timeout(120)
async def test_it_is_ready_and_ends_in_order_on_an_odd_machine(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        words = {**harness.settings, **environment}
        async with running("run", cwd=UNWRITABLE, settings=words) as process:
            await process.says(lambda said: "ready mode=" in said, within=WARM)
            await harness.ready()
            process.process.terminate()

            assert await process.ends() == 0
            assert "Traceback" not in process.said
