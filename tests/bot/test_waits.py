"""What had waited for long is named in one message and not run; what stops is heard."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Update

from bot.views import trouble
from bot.waits import LONG, Waits
from core.rules.sending import LATE_TAP, Moment


NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def a_tap(number: int) -> Update:
    user = {"id": 1, "is_bot": False, "first_name": "Sam"}
    query: Any = {"id": "1", "from": user, "chat_instance": "1", "data": "v1:s:"}
    return Update.de_json({"update_id": number, "callback_query": query}, None)


def by_clock(at: datetime, *, set_back: timedelta = timedelta(0)) -> Moment:
    """That moment by a clock that was *set_back* by as much meanwhile."""
    return Moment(at=at - set_back, boottime=at.timestamp())


def a_message(*, sent: datetime, number: int = 1) -> Update:
    chat = {"id": 1, "type": "private"}
    body = {"message_id": 1, "date": int(sent.timestamp()), "chat": chat, "text": "x"}
    return Update.de_json({"update_id": number, "message": body}, None)


@pytest.mark.attack(18)
def test_a_message_has_waited_since_it_was_sent() -> None:
    sent = NOW - timedelta(hours=3)

    assert Waits().of(a_message(sent=sent), now=NOW) == timedelta(hours=3)


@pytest.mark.attack(18)
def test_a_tap_may_have_waited_since_telegram_answered_last() -> None:
    waits = Waits()
    waits.answered(at=by_clock(NOW - timedelta(hours=1)))
    waits.answered(7, at=by_clock(NOW))

    assert waits.of(a_tap(7), now=NOW) == timedelta(hours=1)


@pytest.mark.attack(18)
def test_a_tap_that_came_while_we_listened_has_not_waited() -> None:
    waits = Waits()
    waits.answered(at=by_clock(NOW - timedelta(seconds=25)))
    waits.answered(7, at=by_clock(NOW))

    assert waits.of(a_tap(7), now=NOW) < LATE_TAP


@pytest.mark.attack(3)
@pytest.mark.parametrize("took", [1.5, 25])
def test_an_answer_that_was_slow_after_an_outage_brings_what_had_waited(
    took: float,
) -> None:
    waits = Waits()
    waits.answered(at=by_clock(NOW - timedelta(seconds=88 + took)))
    waits.answered(7, at=by_clock(NOW))

    assert waits.of(a_tap(7), now=NOW) == timedelta(seconds=88 + took)


@pytest.mark.attack(3)
def test_a_tap_that_lay_here_while_the_machine_slept_has_waited() -> None:
    waits = Waits()
    waits.answered(at=by_clock(NOW - timedelta(hours=8)))
    waits.answered(
        7, at=by_clock(NOW)
    )  # one poll, which took a second of the loop's time

    assert waits.of(a_tap(7), now=NOW) > LATE_TAP


@pytest.mark.attack(3)
def test_a_clock_that_was_set_back_makes_no_tap_fresh() -> None:
    waits = Waits()
    waits.answered(at=by_clock(NOW))
    waits.answered(7, at=by_clock(NOW, set_back=timedelta(hours=1)))

    assert waits.of(a_tap(7), now=NOW) > LATE_TAP


@pytest.mark.attack(3)
@pytest.mark.attack(18)
def test_a_clock_that_is_set_back_by_an_outage_hides_none_of_it() -> None:
    """Of ten minutes it shows ten seconds: neither a tap nor a date says so."""
    outage, set_back = timedelta(minutes=10), timedelta(seconds=590)
    waits = Waits()
    waits.answered(at=by_clock(NOW - outage))
    then = by_clock(NOW, set_back=set_back)
    waits.answered(7, 8, at=then)

    sent = NOW - outage
    assert waits.of(a_tap(7), now=then.at) == outage
    assert waits.of(a_message(sent=sent, number=8), now=then.at) == outage


@pytest.mark.attack(18)
def test_a_tap_of_an_earlier_run_may_have_waited_for_ever() -> None:
    waits = Waits()
    waits.begin()
    waits.answered(7, at=by_clock(NOW))

    assert waits.of(a_tap(7), now=NOW) > LONG
    assert waits.of(a_tap(8), now=NOW) > LONG


@pytest.mark.attack(18)
def test_what_waits_behind_a_full_answer_has_waited_as_long() -> None:
    waits = Waits()
    waits.answered(7, at=by_clock(NOW), more=True)
    waits.answered(8, at=by_clock(NOW))
    waits.answered(9, at=by_clock(NOW))

    assert waits.of(a_tap(8), now=NOW) > LONG
    assert waits.of(a_tap(9), now=NOW) < LONG


@pytest.mark.attack(18)
def test_late_commands_are_named_together() -> None:
    told = trouble.waited_too_long(["scan", "report", "scan"])

    assert "/scan (2 times), /report" in told
    assert "Send it again" in told
