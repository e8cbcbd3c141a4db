"""Vitals of a bot that is well."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.health.readings import HealthReadings, Versions
from core.model.market import Freshness
from core.model.order import OrderState
from core.model.report import ReportState
from tests.bot.values import a_status
from tests.builders import NOW


def health_readings(**named: Any) -> HealthReadings:
    readings = HealthReadings(
        at=NOW,
        since=NOW - timedelta(hours=30),
        status=a_status(),
        data=Freshness.LIVE,
        orders={OrderState.FILLED: 2},
        telegram=12.0,
        unsent=0,
        waited=0.0,
        last_look=2.0,
        scan=1.4,
        tap_to_order=0.011,
        bare=0.25,
        report=ReportState.SENT,
        journal=1_234_567,
        free=52_300_000_000,
        memory=98_000_000,
        sockets=9,
        versions=Versions(openbell="0.2.0", python="3.11.7", api=178),
        findings=(),
    )
    return replace(readings, **named)
