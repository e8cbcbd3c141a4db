"""The command line answers every wrong word with a sentence, and at once."""

import subprocess
import sys
from socket import create_server

import pytest

import bot.__main__
from bot.__main__ import main
from tests.bot.processes import ROOT


HEAVY = {
    *("ib_async", "telegram", "sqlalchemy", "pandas", "numpy"),
    *("matplotlib", "aiohttp", "httpx", "pydantic", "apscheduler"),
}

Printed = pytest.CaptureFixture[str]


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "argparse" in loaded
    assert not loaded & HEAVY
    for command in ("run", "demo", "doctor", "gateway", "export", "verify", "backup"):
        assert f"    {command} " in told.stdout


def test_it_says_its_version(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert not end.value.code
    assert capsys.readouterr().out.startswith("openbell ")


def test_flags_of_a_simulation_are_listed_by_its_own_help(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as end:
        main(["demo", "--help"])

    assert not end.value.code
    assert "--clock" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "required: COMMAND"),
        ("trade", "invalid choice: 'trade'"),
        ("run --fast", "unrecognized arguments: --fast"),
        ("doctor now", "unrecognized arguments: now"),
        ("demo --port http", "'http' is not a port: 0 to 65535"),
        ("demo --port 65536", "'65536' is not a port: 0 to 65535"),
        ("demo --port -1", "'-1' is not a port"),
        ("demo --seed x", "invalid int value: 'x'"),
        ("demo --profile hasty", "choose from"),
        ("demo --clock noon", "'noon' is no time"),
        ("demo --clock 2026-11-23T09:34:40", "has no zone"),
        ("gateway --prot 4002", "unrecognized arguments: --prot 4002"),
    ],
)
def test_a_wrong_word_is_answered_by_what_would_be_right(
    capsys: Printed, words: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words.split())

    assert end.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("gateway --port 0 --scenario nothing", "no scenario 'nothing'"),
        ("gateway --port 0 --clock noon", "'noon' is no time"),
        ("gateway --port 0 --speed 0", "cannot run at speed 0"),
    ],
)
def test_a_gateway_that_cannot_be_is_refused_in_one_sentence(
    words: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words.split())

    assert complaint in str(end.value.code)


def test_a_gateway_whose_port_is_taken_says_which() -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            main(["gateway", "--port", str(port)])

    assert str(port) in str(end.value.code)


def test_an_interrupt_with_nothing_open_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(bot.__main__._PLAIN, "doctor", (interrupted, ""))

    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == ""
