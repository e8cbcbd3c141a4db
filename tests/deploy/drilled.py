"""`python -m tests.deploy.drilled`: tests/deploy/drill.sh under a systemd of its own, as
root, with docs/deploy's unit unchanged and both sandboxes outside.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.harness.product import at, opened
from tests.soak.under_systemd import under_systemd


DRILL: Final = "/usr/local/lib/openbell/checkout/tests/deploy/drill.sh"


async def _drilled(folder: Path) -> str:
    async with (
        opened(folder, clock=at(9, 41)) as harness,
        under_systemd(harness.settings, instead="") as service,
    ):
        return await service.run("bash", DRILL)


def main() -> int:
    """Print what the drill says of each promise; 1 if one is not kept."""
    with TemporaryDirectory(prefix="drilled-") as folder:
        said = asyncio.run(_drilled(Path(folder)))
    print(said)
    return int("WRONG" in said or "a copy is made" not in said)


if __name__ == "__main__":
    sys.exit(main())
