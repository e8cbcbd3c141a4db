"""The flags of the gateway."""

import argparse
from datetime import timedelta
from pathlib import Path

import pytest

from core.sandbox.cli import add_arguments, config_from
from core.sandbox.config import GatewayConfig
from core.sandbox.latency import Profile


def config(*flags: str) -> GatewayConfig:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return config_from(parser.parse_args(flags))


def test_without_flags_it_is_a_quiet_day_on_the_usual_port() -> None:
    assert config() == GatewayConfig()


def test_every_flag_is_heard(tmp_path: Path) -> None:
    found = config(
        *("--port", "0", "--seed", "7", "--profile", "slow", "--speed", "60"),
        *("--clock", "2026-07-30T09:45:00-04:00", "--scenario", "ack-lost"),
        *("--state", str(tmp_path / "s.json")),
    )

    assert (found.port, found.seed, found.profile, found.speed) == (
        0,
        7,
        Profile.SLOW,
        60.0,
    )
    assert found.clock is not None
    assert found.clock.utcoffset() == timedelta(hours=-4)
    assert found.scenario.name == "ack-lost"
    assert found.state == tmp_path / "s.json"


def test_a_scenario_can_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("seen = 'here'", encoding="utf-8")

    found = config("--scenario", str(path))

    assert found.scenario.name == "mine"


@pytest.mark.parametrize(
    "flags",
    [
        ("--clock", "2026-07-30T09:45:00"),
        ("--clock", "noon"),
        ("--scenario", "no-such-thing"),
    ],
)
def test_a_flag_that_cannot_be_is_an_error(flags: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"zone|isoformat|scenario"):
        config(*flags)
