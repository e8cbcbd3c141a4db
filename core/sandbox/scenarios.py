"""The library of scenarios, each with where the behaviour was seen."""

from types import MappingProxyType
from typing import Final

from core.sandbox.faults import QUIET_DAY, Scenario


LIBRARY: Final = MappingProxyType[str, Scenario](
    {each.name: each for each in (QUIET_DAY,)},
)
