"""The library of scenarios by name."""

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
"""The scenarios that the simulator's days are drawn from, and any gateway can be started
with."""

BY_NAME: Final = MappingProxyType[str, Scenario](
    {**LIBRARY, **{each.name: each for each in orders.CHANGES}}
)
"""All that a gateway can be started with: the library, and what changes books afterwards.
The simulator's days are drawn from the library alone: its auditor compares what is held with
the orders' own counts, which a bust, a correction and a split leave as they are."""
