"""`make stoqey`: the gateway tests of @stoqey/ib, which its package brings along, against
a gateway of ours in this process.

It is in a session, and the account holds a stock, as some of the tests expect. Each file
runs in a process of its own, because some of their failures end the process. What fails
is listed with its first line; docs/gateway.md says why. Nothing of theirs is kept in
this repository.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.server import serve
from core.sandbox.trading.holdings import AccountSpec
from tests.conformance.install import FOLDER, HERE, install_node_package


NAME: Final = "stoqey_tests"
HOME: Final = (FOLDER / NAME).resolve()  # jest goes by the real path
TESTS: Final = HOME / "node_modules/@stoqey/ib/dist/tests/unit"
WITH_GATEWAY: Final = ("api", "api-next-live")
"""The folders whose tests need a gateway; the others run without one."""

CLOCK: Final = datetime.fromisoformat("2026-11-23T11:20:00-05:00")
HELD: Final = AccountSpec(positions=(("AAPL", 100.0, 250.0),))
_LONGEST: Final = 110


def suites(words: str) -> list[Path]:
    """The test files that need a gateway and whose path has those words in it."""
    found = (each for folder in WITH_GATEWAY for each in _files(TESTS / folder))
    return [each for each in found if words in str(each.relative_to(TESTS))]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.test.js"))


async def outcomes(files: Iterable[Path]) -> list[Mapping[str, Any]]:
    """What jest says of those files, one after the other."""
    config = GatewayConfig(port=0, clock=CLOCK, accounts=(HELD,))
    async with serve(config) as server:
        with TemporaryDirectory() as folder:
            return [await outcome(each, server.port, Path(folder)) for each in files]


async def outcome(suite: Path, port: int, folder: Path) -> Mapping[str, Any]:
    """What jest says of one file; if its process died, the end of what it said."""
    report = folder / f"{suite.name}.json"
    jest = await asyncio.create_subprocess_exec(
        *("node_modules/.bin/jest", "--runInBand", "--forceExit", "--json"),
        *("--testTimeout=20000", f"--outputFile={report}", str(suite)),
        cwd=HOME,
        env={
            **os.environ,
            "IB_HOST": "127.0.0.1",
            "IB_PORT": str(port),
            "IB_TEST_ACCOUNT": HELD.account,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await jest.communicate()
    if report.exists():
        found: Mapping[str, Any] = json.loads(report.read_text())
        return found
    died = f"the process died: {reason(said.decode())}"
    dead = {"name": str(suite), "assertionResults": [], "message": died}
    return {"testResults": [dead], "numPassedTests": 0, "numTotalTests": 1}


def reason(said: str) -> str:
    """What a process that died said of it: the last line with an error in it."""
    told = [each.strip() for each in said.splitlines() if "Error" in each]
    return told[-1] if told else "no reason given"


def lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each test that failed, and the count of those that did not."""
    for suite in (each for outcome in found for each in outcome["testResults"]):
        name = Path(suite["name"]).name
        if not suite["assertionResults"]:
            yield f"not run  {name}: {first_line(suite['message'])}"
        for test in suite["assertionResults"]:
            if test["status"] != "passed":
                why = first_line("\n".join(test["failureMessages"]))
                yield f"{test['status']:8} {name}: {test['fullName']}: {why}"
    passed, total = (
        sum(each[count] for each in found)
        for count in ("numPassedTests", "numTotalTests")
    )
    yield f"{passed} of {total} pass"


def first_line(message: str) -> str:
    said = (line.strip() for line in message.splitlines())
    return next((line[:_LONGEST] for line in said if line), "no reason given")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.stoqey")
    parser.add_argument("words", nargs="?", default="", help="part of a file's path")
    words = parser.parse_args().words
    install_node_package(NAME, HERE / NAME)
    for line in lines(asyncio.run(outcomes(suites(words)))):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
