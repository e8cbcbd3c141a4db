"""The real client library meets this server as it meets Telegram."""

import asyncio
import struct

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.sandbox.faults import Drop, Fault
from bot.sandbox.server import BotApiServer
from tests.bot.sandbox.conftest import a_bot


YES_NO = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Yes", callback_data="y", style="success"),
            InlineKeyboardButton("No", callback_data="n", style="danger"),
        ]
    ]
)


async def test_the_bot_knows_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.is_bot, me.username) == (True, "openbell_sandbox_bot")


async def test_what_a_person_says_is_an_update_until_it_is_confirmed(
    bot: Bot, server: BotApiServer
) -> None:
    await server.phone.send("/scan")

    first = await bot.get_updates()
    again = await bot.get_updates()
    after = await bot.get_updates(offset=first[0].update_id + 1)

    assert first[0].update_id == again[0].update_id
    assert first[0].message is not None
    assert first[0].message.text == "/scan"
    assert first[0].message.entities[0].type == "bot_command"
    assert after == ()


async def test_a_long_poll_ends_as_soon_as_somebody_speaks(
    bot: Bot, server: BotApiServer
) -> None:
    poll = asyncio.Task(bot.get_updates(timeout=20))
    await server.phone.wait_for(lambda _: server.page.polls)
    await server.phone.send("hello")

    updates = await poll

    assert [u.message.text for u in updates if u.message] == ["hello"]


async def test_a_card_is_sent_tapped_answered_and_edited(
    bot: Bot, server: BotApiServer
) -> None:
    sent = await bot.send_message(
        1001, "<b>QRVX</b> &amp; FDMX", parse_mode="HTML", reply_markup=YES_NO
    )
    card = await server.phone.reads("QRVX")
    query_id = server.phone.press(card, "Yes")
    update = (await bot.get_updates())[0]
    assert update.callback_query is not None
    assert await update.callback_query.answer("placed")
    answer = await server.phone.answered(query_id)
    await bot.edit_message_text("done", 1001, sent.message_id)

    after = server.phone.now(card)

    assert (card.html, card.labels) == ("<b>QRVX</b> &amp; FDMX", ("Yes", "No"))
    assert (update.callback_query.data, answer.text) == ("y", "placed")
    assert (after.text, after.labels, after.edits) == ("done", (), 1)


async def test_an_answer_shows_what_it_answers(bot: Bot, server: BotApiServer) -> None:
    said = await server.phone.send("/scan")

    sent = await bot.send_message(1001, "x", reply_to_message_id=said.message_id)

    assert sent.reply_to_message
    assert sent.reply_to_message.text == "/scan"


async def test_a_photo_goes_up_and_comes_down(bot: Bot, server: BotApiServer) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 2560, 1600)

    sent = await bot.send_photo(1001, png, caption="chart")
    file = await bot.get_file(sent.photo[-1].file_id)
    back = bytes(await file.download_as_bytearray())

    assert (sent.photo[-1].width, sent.photo[-1].height) == (1280, 800)
    assert back == png


async def test_the_menu_is_kept_per_scope(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("scan", "Look now")])

    menu = await bot.get_my_commands()

    assert [(c.command, c.description) for c in menu] == [("scan", "Look now")]


async def test_a_wrong_token_is_refused(server: BotApiServer) -> None:
    stranger = a_bot(server, token=f"{server.token}x")

    with pytest.raises(InvalidToken):
        async with stranger:
            pass


async def test_the_older_of_two_pollers_ends_in_a_conflict(
    bot: Bot, server: BotApiServer
) -> None:
    older = asyncio.Task(bot.get_updates(timeout=20))
    await server.phone.wait_for(lambda _: server.page.polls)

    async with a_bot(server) as second:
        await second.get_updates(timeout=0)

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older


async def test_an_edit_that_changes_nothing_says_so(bot: Bot) -> None:
    sent = await bot.send_message(1001, "same")

    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_text("same", 1001, sent.message_id)


async def test_a_flood_is_told_how_long_to_wait(
    bot: Bot, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it the library warns
    server.faults.next("sendMessage", Fault(status=429, retry_after=3))

    with pytest.raises(RetryAfter, match="Flood control exceeded"):
        await bot.send_message(1001, "x")

    assert server.phone.messages == ()


async def test_a_bad_gateway_answers_in_html(bot: Bot, server: BotApiServer) -> None:
    server.faults.next("sendMessage", Fault(status=502))

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(1001, "x")


async def test_a_dropped_answer_leaves_the_message_in_the_chat(
    bot: Bot, server: BotApiServer
) -> None:
    server.faults.next("sendMessage", Fault(drop=Drop.AFTER))
    server.faults.next("getMe", Fault(drop=Drop.BEFORE))

    with pytest.raises(NetworkError):
        await bot.send_message(1001, "once")
    with pytest.raises(NetworkError):
        await bot.get_me()

    assert [m.text for m in server.phone.messages] == ["once"]


@pytest.mark.parametrize("fault", [Fault(delay=9.0), Fault(hold=asyncio.Event())])
async def test_a_client_that_gave_up_waiting_was_obeyed_all_the_same(
    bot: Bot, server: BotApiServer, fault: Fault
) -> None:
    server.faults.next("sendMessage", fault)

    with pytest.raises(TimedOut):
        await bot.send_message(1001, "late", read_timeout=0.05)

    late = await server.phone.reads("late")
    assert server.phone.messages == (late,)


async def test_the_last_batch_comes_again_if_the_confirmation_was_lost(
    bot: Bot, server: BotApiServer
) -> None:
    await server.phone.send("/scan")
    first = await bot.get_updates()
    server.faults.next("getUpdates", Fault(repeat=True))

    again = await bot.get_updates(offset=first[0].update_id + 1)

    assert [u.update_id for u in again] == [first[0].update_id]
