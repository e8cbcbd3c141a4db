"""The library of scenarios by name, each with where the behaviour was seen."""

from types import MappingProxyType
from typing import Final

from core.sandbox.trouble.faults import QUIET_DAY, Scenario
from core.sandbox.trouble.library import line, market, orders, verdicts


LIBRARY: Final = MappingProxyType[str, Scenario](
    {
        each.name: each
        for each in (
            QUIET_DAY,
            *line.CONNECTING,
            *line.LINE,
            *market.UNANSWERED,
            *market.SCANS,
            *market.QUOTES,
            *market.HISTORY,
            *orders.LOST,
            *orders.FILLS,
            *verdicts.REFUSED,
            *verdicts.NOTED,
            *verdicts.CANCELS,
        )
    },
)
