"""What the owner chose is kept, change by change, and the question that stands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.chosen.setting import SettingChange, SettingQuestion
from core.model.errors import Contradiction
from core.ports.journal import Store
from tests.builders import NOW


FIRST, LAST = "a", "b"
A_CHANGE = SettingChange(at=NOW, by="Ada", name="shares", value="50", was=None)


def test_changes_are_kept_in_the_order_in_which_they_were_made(store: Store) -> None:
    changes = (
        A_CHANGE,
        replace(A_CHANGE, at=NOW - timedelta(days=1), value="20"),  # a clock set back
        replace(A_CHANGE, value=None, was="20"),
    )
    with store.transaction():
        for each in changes:
            store.setting_changes.add(each)

    assert store.setting_changes.all() == changes


def test_a_change_outside_a_transaction_is_none(store: Store) -> None:
    with pytest.raises(Contradiction):
        store.setting_changes.add(A_CHANGE)

    assert store.setting_changes.all() == ()


def test_the_question_that_was_put_last_stands_until_it_is_answered(
    store: Store,
) -> None:
    first = SettingQuestion(token=FIRST, at=NOW, name="shares")
    last = SettingQuestion(
        token=LAST,
        at=NOW,
        name="max_day_dollars",
        value="20000",
        loosens=True,
        stage=2,
    )
    assert store.memory.setting_question(1001) is None
    for question in (first, last, None):
        with store.transaction():
            store.memory.set_setting_question(1001, question)
        assert store.memory.setting_question(1001) == question


def test_each_owner_has_a_question_of_his_own(store: Store) -> None:
    of_one = SettingQuestion(token=FIRST, at=NOW, name="shares")
    of_other = SettingQuestion(token=LAST, at=NOW, name="max_day_dollars")
    with store.transaction():
        store.memory.set_setting_question(1001, of_one)
        store.memory.set_setting_question(5005, of_other)
    with store.transaction():
        store.memory.set_setting_question(1001, None)

    assert store.memory.setting_question(1001) is None
    assert store.memory.setting_question(5005) == of_other
