"""What was chosen and is taken no more after an upgrade never loosens a limit."""

from typing import Any

import pytest

from core.model.errors import SettingsWrong
from core.settings.outdated import outdated_words
from core.settings.settings import Settings


def judged(chosen: dict[str, str], **env: Any) -> list[str]:
    base = Settings(**env)
    return [each.name for each in outdated_words(base, chosen)]


def test_what_fits_is_kept() -> None:
    assert judged({"shares": "50", "max_order_dollars": "6000"}) == []


def test_a_setting_that_is_no_more_is_let_go() -> None:
    assert judged({"gone_for_good": "5", "shares": "50"}) == ["gone_for_good"]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("shares", "2000000"),  # what .env says is less
        ("restart_guard_minutes", "-1"),  # what .env says is more
        ("automatic", "perhaps"),  # what .env says is false
        ("scan_rows", "0"),  # it limits nothing
    ],
)
def test_a_word_that_is_taken_no_more_is_let_go_where_env_is_as_strict(
    name: str, word: str
) -> None:
    assert judged({name: word}) == [name]


@pytest.mark.parametrize(
    ("name", "word", "env"),
    [
        ("shares", "0", {}),
        ("shares", "few", {}),
        ("restart_guard_minutes", "99", {}),
        ("automatic", "never", {"automatic": True}),
        ("gateway_restart", "soon", {}),
    ],
)
def test_where_env_may_allow_more_there_is_no_start(
    name: str, word: str, env: dict[str, Any]
) -> None:
    with pytest.raises(SettingsWrong, match=f"--forget {name}"):
        judged({name: word}, **env)


def test_a_clash_with_a_changed_env_names_what_was_chosen() -> None:
    with pytest.raises(SettingsWrong) as told:
        judged(
            {"max_order_dollars": "4000"}, max_order_dollars=100, max_day_dollars=200
        )

    assert "OPENBELL_MAX_DAY_DOLLARS is less than" in str(told.value)
    assert "OPENBELL_MAX_ORDER_DOLLARS=4000" in str(told.value)
    assert "--forget NAME" in str(told.value)
