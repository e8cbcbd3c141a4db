"""The unit of systemd keeps what docs/safety.md promises of a restart."""

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest

from bot.exits import WRONG
from bot.loop_watchdog import FROZEN
from core.settings.settings import PREFIX, Settings
from tests.source_tree import ROOT


DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(
    each.name for each in DEPLOY.iterdir() if each.suffix in {".service", ".timer"}
)


STARTED = ("/usr/local/lib/openbell/bin/openbell", "/usr/local/bin/litestream")
"""The programs that they start, which are not installed here."""

SERVICES = [name for name in UNITS if name.endswith(".service")]


class _Unit(RawConfigParser):
    """The names of directives keep their capitals."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


class _Many(dict[str, Any]):
    """A directive may stand more than once: its values are joined by a line break."""

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list) and key in self:
            value = [*self[key], *value]
        super().__setitem__(key, value)


def unit(name: str) -> RawConfigParser:
    parser = _Unit(strict=False, dict_type=_Many)
    parser.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return parser


def test_only_what_a_restart_can_mend_is_started_again() -> None:
    service = unit("openbell.service")["Service"]

    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(WRONG)


def test_systemd_never_gives_up_on_a_bot_that_halts_by_itself() -> None:
    assert unit("openbell.service")["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_bot_can_say_where_it_stood_still_before_systemd_ends_it() -> None:
    service = unit("openbell.service")["Service"]

    assert service["Type"] == "notify"
    assert float(service["WatchdogSec"]) > FROZEN


def test_the_token_is_a_credential_and_nothing_else_is_given_that_is_no_setting() -> (
    None
):
    service = unit("openbell.service")["Service"]
    given = dict(each.split("=", 1) for each in service["Environment"].splitlines())

    assert "%d/telegram-token" in given["OPENBELL_TELEGRAM_TOKEN_FILE"]
    assert service["LoadCredential"].startswith("telegram-token:")
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert {name for name in given if name.startswith(PREFIX)} <= known


@pytest.fixture
def installed(tmp_path: Path) -> list[str]:
    """The units, as if what they start were installed."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        for program in STARTED:
            text = text.replace(program, "/bin/true")
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in UNITS]


ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="systemd is not installed here"
)


def analyzed(*words: str) -> tuple[int, str]:
    """What systemd says of its units; needs no running systemd."""
    run = subprocess.run(  # noqa: S603  words of this module alone
        [ANALYZE or "", *words], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(installed: list[str]) -> None:
    assert analyzed("verify", "--man=no", *installed) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_little_of_the_machine_is_exposed(name: str) -> None:
    """2.0 of 10 is the most; systemd calls that OK."""
    code, said = analyzed(
        "security", "--offline=true", "--threshold=20", str(DEPLOY / name)
    )

    assert code == 0, said[-200:]
