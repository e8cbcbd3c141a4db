"""The StrangerCount port: a gate that has turned three away."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThreeStrangers:
    strangers: int = 3
