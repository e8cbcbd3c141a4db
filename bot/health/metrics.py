"""Vitals as text for Prometheus (exposition format 0.0.4) and as JSON."""

import json
from collections.abc import Iterator
from typing import Final

from bot.health.readings import HealthReadings
from core.model.evidence import LineState
from core.model.order import OrderState


CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_Value = float | int | bool | None


def metrics(readings: HealthReadings) -> str:
    """All gauges with their help text; unknown values are left out."""
    lines = [line for gauge in _gauges(readings) for line in _written(*gauge)]
    help_ = "# HELP openbell_orders Orders that have not ended, and today's.\n"
    states = [
        f'openbell_orders{{state="{state}"}} {readings.orders.get(state, 0)}'
        for state in OrderState
    ]
    orders = [f"{help_}# TYPE openbell_orders gauge", *states]
    return "\n".join([*lines, *orders, ""])


def _written(name: str, help_: str, value: _Value) -> Iterator[str]:
    if value is not None:
        yield f"# HELP openbell_{name} {help_}\n# TYPE openbell_{name} gauge"
        yield f"openbell_{name} {float(value):.17g}"


def _gauges(readings: HealthReadings) -> Iterator[tuple[str, str, _Value]]:
    status, line = readings.status, readings.status.line
    yield (
        "started_seconds",
        "When this run began (Unix time).",
        readings.since.timestamp(),
    )
    yield "ready", "1 when a Yes would be sent now.", not status.blocks
    yield "halted", "1 when trading is halted.", status.halted is not None
    yield "line_up", "1 when IB can be reached.", line.state is LineState.UP
    yield "reconciled", "1 when all orders were compared.", status.reconciled
    yield "round_trip_seconds", "To the gateway and back.", line.round_trip
    yield "clock_skew_seconds", "The gateway's clock against ours.", line.skew
    yield "orders_in_doubt", "Orders being sent or unknown.", len(status.in_doubt)
    yield "used_today_dollars", "What counts against the day.", float(status.used_today)
    yield (
        "telegram_silence_seconds",
        "Since Telegram answered a poll.",
        readings.telegram,
    )
    yield "untold", "News waiting to be sent.", readings.unsent
    yield "outbox_age_seconds", "How long the oldest has waited.", readings.waited
    yield "last_look_seconds", "Since it looked at what is due.", readings.last_look
    yield "scan_seconds", "The last scan, until its card.", readings.scan
    yield (
        "tap_to_order_seconds",
        "The last order, from Yes to the socket.",
        readings.tap_to_order,
    )
    yield (
        "bare_seconds",
        "The longest time a purchase was without its stop.",
        readings.bare,
    )
    yield "strangers", "Messages of strangers since the start.", status.strangers
    yield "journal_bytes", "The journal and its log.", readings.journal
    yield "disk_free_bytes", "Where the journal is.", readings.free
    yield "resident_bytes", "Memory of the process.", readings.memory
    yield "sockets", "Open sockets of the process.", readings.sockets
    yield "findings", "Problems of the machine.", len(readings.findings)


def as_json(readings: HealthReadings) -> str:
    """The body of /healthz; it contains no account, stock or amount."""
    status = readings.status
    return json.dumps(
        {
            "ready": not status.blocks,
            "halted": status.halted is not None,
            "line": str(status.line.state),
            "reconciled": status.reconciled,
            "in_doubt": len(status.in_doubt),
            "untold": readings.unsent,
            "telegram_silence_seconds": readings.telegram,
            "version": readings.versions.openbell,
        }
    )
