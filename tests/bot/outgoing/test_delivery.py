"""Every way in which Telegram can fail has one meaning."""

import httpx
import pytest
from hypothesis import given, strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outgoing.delivery import Delivery, judge, waits_are_durations
from bot.outgoing.page import plain


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (caused(TimedOut(), httpx.ReadTimeout("")), Delivery.UNSURE),
        (caused(TimedOut(), httpx.WriteTimeout("")), Delivery.UNSURE),
        (caused(TimedOut(), httpx.ConnectTimeout("")), Delivery.AWAY),
        (caused(TimedOut(), httpx.PoolTimeout("")), Delivery.AWAY),
        (caused(NetworkError("x"), httpx.ConnectError("")), Delivery.AWAY),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("")), Delivery.UNSURE),
        (caused(NetworkError("x"), httpx.ReadError("")), Delivery.UNSURE),
        (NetworkError("Bad Gateway"), Delivery.UNSURE),
        (NetworkError("Unknown HTTPError (504)"), Delivery.UNSURE),
        (NetworkError("Internal Server Error (500)"), Delivery.AWAY),
        (Forbidden("Forbidden: bot was blocked by the user"), Delivery.CLOSED),
        (InvalidToken("Unauthorized"), Delivery.AWAY),
        (Conflict("terminated by other getUpdates request"), Delivery.AWAY),
        (ChatMigrated(-100), Delivery.AWAY),
        (BadRequest("Chat not found"), Delivery.CLOSED),
        (BadRequest("Message to edit not found"), Delivery.GONE),
        (BadRequest("Message can't be edited"), Delivery.GONE),
        (BadRequest("Button_data_invalid"), Delivery.REFUSED),
        (BadRequest("Can't parse entities: unsupported start tag"), Delivery.REFUSED),
    ],
)
def test_an_error_has_one_meaning(error: TelegramError, outcome: Delivery) -> None:
    assert judge(error).outcome is outcome


def test_flood_control_says_how_long_to_wait() -> None:
    waits_are_durations()

    judged = judge(RetryAfter(17))

    assert (judged.outcome, judged.wait) == (Delivery.WAIT, 17.0)


def test_plain_text_has_no_tags_and_no_entities() -> None:
    assert plain("<b>A&amp;B</b> <pre>1 &lt; 2</pre>") == "A&B 1 < 2"


@given(st.text(max_size=9000))
def test_plain_text_always_fits_one_message(text: str) -> None:
    assert len(plain(text)) <= 4096
