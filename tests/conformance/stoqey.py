"""`make stoqey CHECKOUT=../ib`: the gateway tests of @stoqey/ib, out of a checkout of
theirs in which `npm ci` was run, against a gateway of ours in this process.

It is in a session, and the account holds a stock, as some of the tests expect. What
fails is listed with its first line: most ask for IB's own prices, or for contracts that
are not served here. Nothing of theirs is kept in this repository.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.server import serve
from core.sandbox.trading.holdings import AccountSpec


THEIRS: Final = ("src/tests/unit/api", "src/tests/unit/api-next-live")
"""The folders whose tests need a gateway; the others run without one."""

CLOCK: Final = datetime.fromisoformat("2026-11-23T11:20:00-05:00")
HELD: Final = AccountSpec(positions=(("AAPL", 100.0, 250.0),))
_LONGEST: Final = 110


async def outcome_of(checkout: Path) -> Mapping[str, Any]:
    """What jest says of those tests, one after the other.

    Raises:
        FileNotFoundError: there is no jest, or it came to no result.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        async with serve(
            GatewayConfig(port=0, clock=CLOCK, accounts=(HELD,))
        ) as server:
            jest = await asyncio.create_subprocess_exec(
                *("node_modules/.bin/jest", "--runInBand", "--forceExit", "--json"),
                *("--testTimeout=20000", f"--outputFile={report}", *THEIRS),
                cwd=checkout,
                env={
                    **os.environ,
                    "IB_HOST": "127.0.0.1",
                    "IB_PORT": str(server.port),
                    "IB_TEST_ACCOUNT": HELD.account,
                },
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await jest.wait()
        found: Mapping[str, Any] = json.loads(report.read_text())
        return found


def lines(outcome: Mapping[str, Any]) -> Iterator[str]:
    """Each test that failed, and the count of those that did not."""
    for suite in outcome["testResults"]:
        name = Path(suite["name"]).name
        if not suite["assertionResults"]:
            yield f"not run  {name}: {first_line(suite['message'])}"
        for test in suite["assertionResults"]:
            if test["status"] != "passed":
                why = first_line("\n".join(test["failureMessages"]))
                yield f"{test['status']:8} {name}: {test['fullName']}: {why}"
    yield f"{outcome['numPassedTests']} of {outcome['numTotalTests']} pass"


def first_line(message: str) -> str:
    said = (line.strip() for line in message.splitlines())
    return next((line[:_LONGEST] for line in said if line), "no reason given")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.stoqey")
    parser.add_argument("checkout", type=Path, help="with node_modules in it")
    for line in lines(asyncio.run(outcome_of(parser.parse_args().checkout))):
        print(line)


if __name__ == "__main__":
    main()
