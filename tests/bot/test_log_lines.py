"""At INFO the log has one line for every decision, order, state, halt, report and outage;
JSON or plain, by the same lines."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.bot.processes import running
from tests.harness.product import at, opened
from tests.harness.waiting import SOON


LINES: Final = {
    "the decision": (r"approved \S+ by Sam", 1),
    "an order": (r"Sent tb-\S+ sending", 2),
    "IB has it": (r"Acked tb-\S+ acked", 2),
    "it is filled": (r"Filled tb-\S+ filled", 2),
    "its fee": (r"Charged tb-\S+ filled", 2),
    "the outcome is told": (r"to tell: Settled", 1),
    "the report": (r"to tell: ReportReady", 1),
    "the halt": (r"halt - by Sam", 1),
    "the outage": (r"line=down epoch=1000001 the gateway closed the connection", 1),
    "its end": (r"line=up epoch=1000002", 1),
}
"""A pattern for each, and how often it happens in this morning: two orders, each filled
at once."""


def told(lines: Sequence[str]) -> dict[str, int]:
    return {
        name: sum(bool(re.search(pattern, line)) for line in lines)
        for name, (pattern, _) in LINES.items()
    }


@pytest.mark.parametrize("kind", ["plain", "json"])
async def test_a_morning_can_be_read_from_its_log(tmp_path: Path, kind: str) -> None:
    async with (
        opened(tmp_path, clock=at(9, 41), log_format=kind) as harness,
        running("run", cwd=tmp_path, settings=harness.settings) as bot,
    ):
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, "Yes, buy both")
        await harness.phone.reads("in all", within=SOON)
        sent = await harness.phone.send("/report")
        await harness.phone.reads("Good morning", after=sent, within=SOON)
        sent = await harness.phone.send("/halt")
        await harness.phone.reads("alted", after=sent, within=SOON)
        harness.gateway.cut()
        await bot.says(lambda said: "epoch=1000002" in said, within=SOON)
        bot.process.terminate()
        await bot.ends()

    lines = bot.said.splitlines()
    assert told(lines) == {name: times for name, (_, times) in LINES.items()}
    if kind == "json":
        assert {json.loads(line)["level"] for line in lines} >= {"INFO"}
