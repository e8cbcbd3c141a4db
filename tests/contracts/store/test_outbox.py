"""News is told once, in its order; a card or a report in its newest edition."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.errors import Contradiction
from core.model.news import (
    CardChanged,
    InDoubt,
    LineBack,
    ReportReady,
    Settled,
    TradingHalted,
)
from core.model.order import OrderRef
from core.model.proposal import Mode
from core.model.report import MorningReport
from core.ports.journal import Store
from tests.builders import (
    NOW,
    PROPOSAL_ID,
    a_session,
    a_shown,
    an_account,
)


SECOND = timedelta(seconds=1)
CARD = CardChanged(proposal_id=PROPOSAL_ID)
DONE = Settled(proposal_id=PROPOSAL_ID)
MESSAGE = 812


def test_news_is_told_once(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(DONE)
        store.outbox.notify(DONE)

    with store.transaction():
        store.outbox.mark_sent(DONE, edition=1, message=MESSAGE)
        store.outbox.notify(DONE)

    assert store.outbox.unsent() == ()


def test_news_is_read_by_its_key_whether_or_not_it_was_sent(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(DONE)
        store.outbox.mark_sent(DONE, edition=1, message=MESSAGE)
        store.outbox.notify(CARD)

    assert store.outbox.news(DONE.key) == DONE
    assert store.outbox.news(CARD.key) == CARD
    assert store.outbox.news("settled:unknown") is None


def test_news_is_told_in_the_order_it_happened(store: Store) -> None:
    halted = TradingHalted(at=NOW, reason="a ghost")
    back = LineBack(since=NOW, at=NOW + SECOND)

    with store.transaction():
        for news in (halted, DONE, back):
            store.outbox.notify(news)

    assert [item.news for item in store.outbox.unsent()] == [halted, DONE, back]


def test_a_card_that_changes_again_is_a_new_edition(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.mark_sent(CARD, edition=1, message=MESSAGE)
        store.outbox.notify(CARD)

    (item,) = store.outbox.unsent()
    assert (item.news, item.edition, item.message) == (CARD, 2, MESSAGE)


def test_an_edition_told_late_does_not_hide_a_newer_one(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.notify(CARD)
        store.outbox.mark_sent(CARD, edition=1, message=MESSAGE)

    assert [item.edition for item in store.outbox.unsent()] == [2]


def test_an_older_edition_told_last_does_not_bring_the_newer_one_back(
    store: Store,
) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.notify(CARD)
        store.outbox.mark_sent(CARD, edition=2, message=MESSAGE)
        store.outbox.mark_sent(CARD, edition=1, message=MESSAGE)

    assert store.outbox.unsent() == ()


def test_a_report_made_again_replaces_the_one_that_waits(store: Store) -> None:
    report = MorningReport(
        at=NOW,
        session=a_session(),
        early_close=False,
        mode=Mode.SANDBOX,
        account=an_account(),
        overnight=None,
        positions=(),
        open_orders=(),
        last_picks=None,
        gaps=(),
    )
    ready = ReportReady(shown=a_shown(), report=report)
    again = ReportReady(shown=a_shown(), report=replace(report, gaps=("positions",)))

    with store.transaction():
        store.outbox.notify(ready)
        store.outbox.notify(again)

    (item,) = store.outbox.unsent()
    assert (item.news, item.edition) == (again, 2)


def test_a_card_that_waits_keeps_its_turn(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.notify(DONE)
        store.outbox.notify(CARD)

    assert [item.news for item in store.outbox.unsent()] == [CARD, DONE]


def test_a_card_that_had_been_told_takes_a_new_turn(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.mark_sent(CARD, edition=1, message=MESSAGE)
        store.outbox.notify(DONE)
        store.outbox.notify(CARD)

    assert [item.news for item in store.outbox.unsent()] == [DONE, CARD]


def test_news_may_have_a_message_before_it_is_told_there(store: Store) -> None:
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.set_message(CARD, message=MESSAGE)

    (item,) = store.outbox.unsent()
    assert (item.message, item.edition) == (MESSAGE, 1)


def test_what_was_never_to_be_told_cannot_have_been_told(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction():
        store.outbox.mark_sent(DONE, edition=1, message=MESSAGE)


def test_a_placeholder_stands_where_it_was_last_put(store: Store) -> None:
    with store.transaction():
        store.outbox.place("scan:1", a_shown(message=1))
        store.outbox.place("scan:1", a_shown(message=2))

    assert store.outbox.placed("scan:1") == a_shown(message=2)
    assert store.outbox.placed("scan:2") is None


@pytest.mark.attack(15)
def test_a_placeholder_is_open_until_news_has_taken_its_place(store: Store) -> None:
    with store.transaction():
        store.outbox.place("scan:2", a_shown(message=2))
        store.outbox.place("scan:1", a_shown(message=1))
        store.outbox.notify(CARD)
    before = store.outbox.open_places()
    with store.transaction():
        store.outbox.mark_sent(CARD, edition=1, message=1)
    after = store.outbox.open_places()
    with store.transaction():
        store.outbox.unplace("scan:2")

    assert before == (("scan:1", a_shown(message=1)), ("scan:2", a_shown(message=2)))
    assert after == (("scan:2", a_shown(message=2)),)
    assert store.outbox.open_places() == ()
    assert store.outbox.placed("scan:2") is None


OTHER_CHAT = 2002


def test_another_chat_is_told_the_same_news_by_itself(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        store.outbox.notify(DONE)
        store.outbox.mark_sent(CARD, edition=1, message=MESSAGE)
        there.mark_sent(DONE, edition=1, message=7)

    assert [item.news for item in store.outbox.unsent()] == [DONE]
    assert [item.news for item in there.unsent()] == [CARD]
    assert store.outbox.told_at(a_shown(chat=OTHER_CHAT, message=7)) == DONE.key
    assert store.outbox.told_at(a_shown(message=MESSAGE)) is None


def test_another_chat_s_message_is_kept_over_editions(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        there.set_message(CARD, message=7)
    (before,) = there.unsent()
    with store.transaction():
        there.mark_sent(CARD, edition=1, message=None)
        store.outbox.notify(CARD)
    (after,) = there.unsent()

    assert (before.message, before.edition) == (7, 1)
    assert (after.message, after.edition) == (7, 2)


def test_what_came_before_somebody_was_let_in_is_not_told_to_him(
    store: Store,
) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.notify(DONE)
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)

    assert [item.news for item in there.unsent()] == [CARD]
    assert len(store.outbox.unsent()) == 2


def test_old_news_that_changes_is_told_to_who_was_let_in_since(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.notify(CARD)
        store.outbox.notify(DONE)
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        store.outbox.notify(DONE)

    assert [(item.news, item.edition) for item in there.unsent()] == [(CARD, 2)]


def test_an_edition_that_the_owner_has_read_is_still_told_elsewhere(
    store: Store,
) -> None:
    """It keeps its turn while he waits for it, and nobody else may lose it so."""
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        there.mark_sent(CARD, edition=1, message=7)
        store.outbox.notify(CARD)
        store.outbox.mark_sent(CARD, edition=2, message=MESSAGE)

    assert store.outbox.unsent() == ()
    assert [(item.edition, item.message) for item in there.unsent()] == [(2, 7)]


def test_a_chat_that_has_ended_is_told_nothing_more(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        store.outbox.end_chat(OTHER_CHAT)
        store.outbox.notify(DONE)
        there.mark_sent(CARD, edition=1, message=7)  # it was on its way

    assert there.unsent() == ()
    assert store.outbox.told_at(a_shown(chat=OTHER_CHAT, message=7)) is None


def test_a_chat_that_was_not_begun_after_all_is_told_nothing(store: Store) -> None:
    with suppress(ZeroDivisionError), store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        raise ZeroDivisionError
    with store.transaction():
        store.outbox.notify(DONE)

    assert [item.news for item in store.outbox.unsent()] == [DONE]
    assert store.outbox.of_chat(OTHER_CHAT).unsent() == ()


def test_a_chat_that_ends_leaves_nothing_behind(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    shown = a_shown(owner=OTHER_CHAT, chat=OTHER_CHAT, message=7)
    with store.transaction():
        store.outbox.begin_chat(OTHER_CHAT)
        store.outbox.notify(CARD)
        there.mark_sent(CARD, edition=1, message=7)
        there.place("card:a", shown)
        store.outbox.place("card:a", a_shown())
        store.outbox.end_chat(OTHER_CHAT)

    assert there.placed("card:a") is None
    assert store.outbox.placed("card:a") == a_shown()
    assert store.outbox.told_at(shown) is None


def test_places_of_chats_are_apart(store: Store) -> None:
    there = store.outbox.of_chat(OTHER_CHAT)
    with store.transaction():
        there.place("given:a", a_shown(message=1))

    assert store.outbox.placed("given:a") is None
    assert there.placed("given:a") == a_shown(message=1)
    assert there.open_places() == ()
    with store.transaction():
        there.unplace("given:a")
    assert there.placed("given:a") is None


@pytest.mark.attack(15)
def test_a_doubt_that_is_told_again_is_a_new_edition(store: Store) -> None:
    doubt = InDoubt(ref=OrderRef("tb-a-1"), position_now=None)
    with store.transaction():
        store.outbox.notify(doubt)
        store.outbox.mark_sent(doubt, edition=1, message=MESSAGE)
        store.outbox.notify(doubt)

    (item,) = store.outbox.unsent()
    assert (item.edition, item.message) == (2, MESSAGE)
