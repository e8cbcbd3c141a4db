"""Reads a scenario from a TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import (
    Action,
    Happening,
    LineEvent,
    Scenario,
    ScenarioError,
    Trouble,
)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises:
        ScenarioError: a field is unknown or has a value that is not possible.
    """
    try:
        script = tomllib.loads(path.read_text(encoding="utf-8"))
        scenario = Scenario(
            name=script.pop("name", path.stem),
            seen=script.pop("seen"),
            troubles=tuple(_trouble(each) for each in script.pop("trouble", ())),
            line=tuple(_happening(each) for each in script.pop("line", ())),
            settings=MappingProxyType(script.pop("settings", {})),
            shapes={
                symbol: Shape(**wishes)
                for symbol, wishes in script.pop("shapes", {}).items()
            },
            **script,
        )
        _known(scenario.settings)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as problem:
        raise ScenarioError(f"{path.name}: {problem}") from problem
    return scenario


def _known(settings: Mapping[str, Any]) -> None:
    unknown = set(settings) - {each.name for each in fields(GatewayConfig)}
    if unknown:
        raise ScenarioError(f"no setting is called {min(unknown)!r}")


def _trouble(script: dict[str, Any]) -> Trouble:
    happening = script.get("happening")
    return Trouble(
        **{
            **script,
            "action": Action(script["action"]),
            "happening": None if happening is None else _happening(happening),
        },
    )


def _happening(script: dict[str, Any]) -> Happening:
    event = LineEvent(str(script["event"]))
    return Happening(**{"after": 0.0, **script, "event": event})
