"""A setting is changed from the chat once it was judged, confirmed and written; what
loosens a limit is asked twice and told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.ledger.choices import Answered, Asked, Choices
from core.model.chosen.news import LimitRaised, SettingSetAside
from core.model.chosen.setting import SettingChange
from core.model.errors import SettingsWrong
from core.model.news import CardChanged
from core.model.points import CHOICE
from core.rules.chosen.choices import QUESTION_LIFE
from tests.builders import NOW, a_proposal, money
from tests.fakes.clock import HandClock
from tests.fakes.journal_memory import MemoryStore
from tests.harness.choices import choices_over


ADA = "Ada"
SAM, BO = 1001, 5005
"""The numbers of two owners."""


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def choices(store: MemoryStore, clock: HandClock) -> Choices:
    return choices_over(store, clock)


def says(
    choices: Choices, asked: Asked, *, yes: bool | None = True, asker: int = SAM
) -> Answered:
    """The answer to the question as it stands."""
    question = asked.question
    return choices.answer(
        question.token, stage=question.stage, yes=yes, by=ADA, asker=asker
    ).answered


def chosen(store: MemoryStore) -> list[tuple[str, str | None]]:
    return [(each.name, each.value) for each in store.setting_changes.all()]


def raised(store: MemoryStore) -> list[LimitRaised]:
    told = [item.news for item in store.outbox.unsent()]
    return [news for news in told if isinstance(news, LimitRaised)]


def test_nothing_is_changed_before_a_yes(choices: Choices, store: MemoryStore) -> None:
    choices.ask("shares", "50", key="1", asker=SAM)

    assert chosen(store) == []
    assert choices.current.read().limits.shares == 100


def test_a_limit_is_lowered_by_one_yes_and_counts_at_once(
    choices: Choices, store: MemoryStore
) -> None:
    asked = choices.ask("max_order_dollars", "$2,000", key="2", asker=SAM)

    assert says(choices, asked) is Answered.CHANGED
    assert chosen(store) == [("max_order_dollars", "2000")]
    assert choices.current.read().limits.max_order == 2000
    assert raised(store) == []


def test_a_change_is_in_the_audit_trail_with_who_and_from_what_to_what(
    choices: Choices, store: MemoryStore
) -> None:
    says(choices, choices.ask("shares", "50", key="3", asker=SAM))

    [(_, _, kind, payload)] = store._ground.tables.trail
    assert (kind, payload) == ("setting", "by Ada: shares 100 -> 50")


def test_what_loosens_a_limit_is_asked_twice_and_told(
    choices: Choices, store: MemoryStore
) -> None:
    asked = choices.ask("max_order_dollars", "8000", key="4", asker=SAM)
    token = asked.question.token

    first = choices.answer(token, stage=2, yes=True, by=ADA, asker=SAM)

    assert first.answered is Answered.ASKED_ONCE_MORE
    assert chosen(store) == []
    second = choices.answer(token, stage=1, yes=True, by=ADA, asker=SAM)
    assert second.answered is Answered.CHANGED
    [news] = raised(store)
    assert (news.name, news.was, news.value) == ("max_order_dollars", "5000", "8000")
    assert news.by == ADA


def test_a_double_tap_on_the_first_yes_is_not_the_second(
    choices: Choices, store: MemoryStore
) -> None:
    token = choices.ask("shares", "500", key="5", asker=SAM).question.token

    for _ in range(3):
        outcome = choices.answer(token, stage=2, yes=True, by=ADA, asker=SAM)
        assert outcome.answered is Answered.ASKED_ONCE_MORE

    assert chosen(store) == []


def test_the_second_yes_cannot_come_first(choices: Choices, store: MemoryStore) -> None:
    token = choices.ask("shares", "500", key="6", asker=SAM).question.token

    outcome = choices.answer(token, stage=1, yes=True, by=ADA, asker=SAM)

    assert outcome.answered is Answered.ASKED_ONCE_MORE
    assert chosen(store) == []


def test_a_second_tap_on_the_last_yes_changes_nothing_more(
    choices: Choices, store: MemoryStore
) -> None:
    asked = choices.ask("shares", "50", key="7", asker=SAM)

    assert [says(choices, asked) for _ in range(2)] == [Answered.CHANGED, Answered.OVER]
    assert len(chosen(store)) == 1


def test_a_no_leaves_it_and_a_yes_after_it_is_over(
    choices: Choices, store: MemoryStore
) -> None:
    asked = choices.ask("shares", "50", key="8", asker=SAM)

    assert says(choices, asked, yes=False) is Answered.LEFT
    assert says(choices, asked) is Answered.OVER
    assert chosen(store) == []


def test_a_yes_that_had_waited_for_long_asks_again(
    choices: Choices, store: MemoryStore
) -> None:
    asked = choices.ask("shares", "50", key="9", asker=SAM)

    assert says(choices, asked, yes=None) is Answered.LATE
    assert chosen(store) == []
    assert says(choices, asked) is Answered.CHANGED


@pytest.mark.parametrize("after", [QUESTION_LIFE, timedelta(seconds=-1)])
def test_a_question_of_another_time_is_over(
    choices: Choices, store: MemoryStore, clock: HandClock, after: timedelta
) -> None:
    asked = choices.ask("shares", "50", key="10", asker=SAM)

    clock.moment += after

    assert says(choices, asked) is Answered.OVER
    assert chosen(store) == []


def test_nobody_answers_the_question_of_another(
    choices: Choices, store: MemoryStore
) -> None:
    """Two owners set something at one time: neither's words are the other's value."""
    choices.await_value("shares", key="40", asker=SAM)
    of_bo = choices.ask("max_order_dollars", "2000", key="41", asker=BO)

    assert choices.awaited(SAM) == "shares"
    assert choices.awaited(BO) is None
    assert says(choices, of_bo, asker=SAM) is Answered.OVER
    assert says(choices, of_bo, asker=BO) is Answered.CHANGED
    assert choices.awaited(SAM) == "shares"
    assert chosen(store) == [("max_order_dollars", "2000")]


def test_a_newer_question_takes_the_place_of_the_older(
    choices: Choices, store: MemoryStore
) -> None:
    older, newer = (
        choices.ask("shares", "50", key="11", asker=SAM),
        choices.ask("shares", "60", key="12", asker=SAM),
    )

    assert says(choices, older) is Answered.OVER
    assert says(choices, newer) is Answered.CHANGED
    assert chosen(store) == [("shares", "60")]


def test_a_clash_that_came_up_meanwhile_changes_nothing(
    choices: Choices, store: MemoryStore
) -> None:
    """Both fit when they are asked about; together they do not."""
    asked = choices.ask("max_order_dollars", "9000", key="13", asker=SAM)
    other = choices.ask("max_day_dollars", "6000", key="14", asker=BO)
    says(choices, other, asker=BO)

    assert says(choices, asked) is Answered.WRONG
    assert chosen(store) == [("max_day_dollars", "6000")]


def test_what_loosens_by_now_is_asked_twice_although_it_did_not_when_it_was_asked(
    choices: Choices,
) -> None:
    asked = choices.ask("shares", "80", key="15", asker=SAM)
    says(choices, choices.ask("shares", "10", key="16", asker=BO), asker=BO)

    assert says(choices, asked) is Answered.ASKED_ONCE_MORE
    assert choices.answer(
        asked.question.token, stage=1, yes=True, by=ADA, asker=SAM
    ).answered is (Answered.ASKED_ONCE_MORE)
    assert choices.current.read().limits.shares == 10


def test_what_cannot_be_is_not_even_asked(choices: Choices, store: MemoryStore) -> None:
    with pytest.raises(SettingsWrong):
        choices.ask("max_day_dollars", "100", key="17", asker=SAM)

    assert store.memory.setting_question(SAM) is None


def test_the_words_after_a_question_for_a_value_are_its_answer(
    choices: Choices, clock: HandClock
) -> None:
    assert choices.awaited(SAM) is None
    choices.await_value("shares", key="7", asker=SAM)
    assert choices.awaited(SAM) == "shares"
    choices.ask("shares", "50", key="18", asker=SAM)
    assert choices.awaited(SAM) is None
    choices.await_value("shares", key="7", asker=SAM)
    clock.moment += QUESTION_LIFE
    assert choices.awaited(SAM) is None


def test_what_was_chosen_counts_after_a_restart(
    choices: Choices, store: MemoryStore, clock: HandClock
) -> None:
    says(choices, choices.ask("shares", "50", key="19", asker=SAM))

    again = choices_over(store, clock, shares=70)

    assert again.current.read().limits.shares == 50


def test_a_request_that_is_heard_again_asks_the_same_question(
    choices: Choices, store: MemoryStore, clock: HandClock
) -> None:
    """A kill between question and the end of its update: its buttons still count."""
    asked = choices.ask("shares", "50", key="4711", asker=SAM)
    again = choices_over(store, clock)
    again.ask("shares", "50", key="4711", asker=SAM)

    assert says(again, asked) is Answered.CHANGED


def test_a_question_is_answered_after_a_restart(
    choices: Choices, store: MemoryStore, clock: HandClock
) -> None:
    asked = choices.ask("shares", "50", key="20", asker=SAM)

    assert says(choices_over(store, clock), asked) is Answered.CHANGED


def test_after_a_reset_env_counts_again(store: MemoryStore, clock: HandClock) -> None:
    choices = choices_over(store, clock, shares=70)
    says(choices, choices.ask("shares", "50", key="21", asker=SAM))

    asked = choices.ask("shares", None, key="22", asker=SAM)
    token = asked.question.token
    for stage in (2, 1):
        choices.answer(token, stage=stage, yes=True, by=ADA, asker=SAM)

    assert choices.current.read().limits.shares == 70
    assert chosen(store) == [("shares", "50"), ("shares", None)]


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("point", CHOICE)
def test_a_kill_at_a_point_of_the_write_leaves_all_of_it_or_nothing(
    store: MemoryStore, clock: HandClock, point: str
) -> None:
    """The tap is heard again after the start: the change is made once."""

    def reached(passed: str) -> None:
        if passed == point:
            raise Killed

    asked = choices_over(store, clock).ask("shares", "50", key="23", asker=SAM)
    with pytest.raises(Killed):
        says(choices_over(store, clock, reached=reached), asked)

    is_on_disk = point == CHOICE.after
    assert bool(chosen(store)) is is_on_disk
    again = says(choices_over(store, clock), asked)
    assert again is (Answered.OVER if is_on_disk else Answered.CHANGED)
    assert chosen(store) == [("shares", "50")]


# open cards


def test_a_lowered_limit_binds_open_cards_and_a_raised_one_only_new_ones(
    choices: Choices, clock: HandClock
) -> None:
    made_at = clock.now()
    clock.forward(minutes=1)
    says(choices, choices.ask("price_band_percent", "1", key="24", asker=SAM))
    token = choices.ask("max_order_dollars", "9000", key="25", asker=SAM).question.token
    for stage in (2, 1):
        choices.answer(token, stage=stage, yes=True, by=ADA, asker=SAM)

    of_then = choices.current.limits_of(made_at)
    clock.forward(minutes=1)
    of_now = choices.current.limits_of(clock.now())

    assert (of_then.max_order, of_then.price_band) == (money("5000"), Decimal(1))
    assert (of_now.max_order, of_now.price_band) == (money("9000"), Decimal(1))


def test_a_limit_that_was_lowered_and_raised_again_is_that_of_the_card(
    choices: Choices, clock: HandClock
) -> None:
    made_at = clock.now()
    clock.forward(minutes=1)
    says(choices, choices.ask("max_order_dollars", "100", key="26", asker=SAM))
    assert choices.current.limits_of(made_at).max_order == 100
    token = choices.ask("max_order_dollars", None, key="27", asker=SAM).question.token
    for stage in (2, 1):
        choices.answer(token, stage=stage, yes=True, by=ADA, asker=SAM)

    assert choices.current.limits_of(made_at).max_order == 5000


def test_a_shorter_life_ends_open_offers_sooner_and_a_longer_one_leaves_them(
    choices: Choices, store: MemoryStore, clock: HandClock
) -> None:
    offer = a_proposal()
    with store.transaction():
        store.proposals.add(offer)

    says(choices, choices.ask("offer_minutes", "1", key="28", asker=SAM))

    [shorter] = store.proposals.offers()
    assert shorter.expires_at == offer.made_at + timedelta(minutes=1)
    told = [item.news for item in store.outbox.unsent()]
    assert CardChanged(proposal_id=offer.id) in told
    token = choices.ask("offer_minutes", "60", key="29", asker=SAM).question.token
    for stage in (2, 1):
        choices.answer(token, stage=stage, yes=True, by=ADA, asker=SAM)
    assert store.proposals.offers() == (shorter,)


# after an upgrade


def test_a_word_that_is_taken_no_more_is_set_aside_once_and_told(
    store: MemoryStore, clock: HandClock
) -> None:
    with store.transaction():
        store.setting_changes.add(
            SettingChange(at=NOW, by=ADA, name="was_once", value="5", was=None)
        )
    for _ in range(2):
        choices_over(store, clock)

    assert chosen(store) == [("was_once", "5"), ("was_once", None)]
    told = [item.news for item in store.outbox.unsent()]
    [news] = [each for each in told if isinstance(each, SettingSetAside)]
    assert (news.name, news.value) == ("was_once", "5")


def test_there_is_no_start_where_a_limit_would_become_looser(
    store: MemoryStore, clock: HandClock
) -> None:
    with store.transaction():
        store.setting_changes.add(
            SettingChange(at=NOW, by=ADA, name="shares", value="few", was=None)
        )

    with pytest.raises(SettingsWrong, match="--forget shares"):
        choices_over(store, clock)
    assert chosen(store) == [("shares", "few")]
