"""No secret ever reaches a log."""

import logging

import httpx
import pytest
from hypothesis import given, strategies as st
from telegram import Bot

from bot.redact import RedactingFormatter, redacted, set_up_logging
from bot.sandbox.server import BotApiServer


TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_01234"  # noqa: S105  nobody's


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "bot<token>/getMe"),
        (f"InvalidToken: `{TOKEN}`", "`<token>`"),
        ("account=DU1234567 ready", "account=DU… ready"),
        ("account=U7654321", "account=U…"),
        ("order 12345678 @ 4.82", "order 12345678 @ 4.82"),
        ("09:41:07 tb-0a1b2c3d-abcdefghij-1", "09:41:07 tb-0a1b2c3d-abcdefghij-1"),
    ],
)
def test_what_looks_like_a_secret_is_not_shown(text: str, shown: str) -> None:
    assert redacted(text).endswith(shown)
    assert TOKEN not in redacted(text)


@given(st.text(), st.text())
def test_a_token_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before} {TOKEN} {after}"

    assert TOKEN not in redacted(text)


def test_a_known_secret_is_hidden_whatever_it_looks_like() -> None:
    formatter = RedactingFormatter(secrets=["hunter2", ""])
    record = logging.LogRecord("x", 20, "", 0, "password=%s", ("hunter2",), None)

    assert formatter.format(record).endswith("password=<secret>")


def test_a_traceback_is_redacted_too() -> None:
    formatter = RedactingFormatter()
    with pytest.raises(ValueError, match="invalid literal") as failure:
        int(TOKEN)
    told = (failure.type, failure.value, failure.tb)

    line = formatter.format(logging.LogRecord("x", 40, "", 0, "broke", (), told))

    assert "Traceback" in line
    assert TOKEN not in line


async def test_a_whole_conversation_leaves_no_token_in_the_log(
    server: BotApiServer, bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging("DEBUG")
    try:
        await bot.send_message(server.phone.user.id, "hello")
        logging.getLogger("bot").error("%r failed", bot)
        logging.getLogger("bot").error("%s", httpx.URL(bot.base_url))
    finally:
        root.handlers[:], root.level = handlers, level

    logged = capsys.readouterr().err
    assert "failed" in logged
    assert server.token not in logged
