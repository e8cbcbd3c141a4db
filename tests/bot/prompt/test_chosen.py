"""What was chosen in the chat, at the prompt."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.checks.finding import Grade
from bot.exits import ENV_FILE, OK, WRONG
from bot.prompt.chosen import chosen_findings, effective_or, settings
from core.model.chosen.setting import SettingChange
from core.settings.loading import load_settings
from core.store.journal import Journal
from tests.fakes.clock import HandClock


AT = datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One where shares and a limit were chosen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("OPENBELL_SHARES", "70")
    path = tmp_path / "openbell.sqlite3"
    with Journal.opened(path, clock=HandClock(AT)) as opened, opened.transaction():
        for name, value in (("shares", "50"), ("max_order_dollars", "900")):
            opened.setting_changes.add(
                SettingChange(at=AT, by="Ada", name=name, value=value, was=None)
            )
    return path


def _shares() -> int:
    """As a start has them."""
    found, _ = effective_or(load_settings(ENV_FILE))
    return found.shares


@pytest.mark.usefixtures("journal")
def test_what_was_chosen_is_printed_with_what_env_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert settings(forget=None) == OK

    assert capsys.readouterr().out.splitlines() == [
        "OPENBELL_MAX_ORDER_DOLLARS=900 (chosen in the chat; .env says 5000)",
        "OPENBELL_SHARES=50 (chosen in the chat; .env says 70)",
    ]


@pytest.mark.parametrize("name", ["shares", "OPENBELL_SHARES"])
@pytest.mark.usefixtures("journal")
def test_a_word_of_the_chat_is_let_go_at_the_prompt(name: str) -> None:
    assert _shares() == 50

    assert settings(forget=name) == OK

    assert _shares() == 70
    assert settings(forget=name) == WRONG


def test_while_the_bot_runs_it_is_left_to_the_chat(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Journal.opened(journal, clock=HandClock(AT)):
        assert settings(forget="shares") == WRONG

    assert "another" in capsys.readouterr().err.lower()


def test_a_journal_of_before_has_nothing_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path / "none yet"))

    assert _shares() == 100


@pytest.mark.usefixtures("journal")
def test_the_doctor_names_what_was_chosen_and_what_keeps_it_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = list(chosen_findings(load_settings(ENV_FILE)))
    assert [each.grade for each in found] == [Grade.OK, Grade.OK]

    monkeypatch.setenv("OPENBELL_MAX_DAY_DOLLARS", "100")
    monkeypatch.setenv("OPENBELL_MAX_ORDER_DOLLARS", "50")
    clashing = list(chosen_findings(load_settings(ENV_FILE)))

    assert Grade.MEND in {each.grade for each in clashing}
    assert "is less than" in str([each.mend for each in clashing])
