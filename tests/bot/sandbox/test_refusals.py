"""What the server refuses, it refuses in the words of the real one."""

from typing import Any

import pytest

from bot.sandbox.server import BotApiServer
from tests.bot.sandbox.conftest import KEY, Api, keyboard


BUTTON = "can't parse inline keyboard button"
UNPARSABLE = "can't parse entities: Can't find"


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("noSuchMethod", {}, "Not Found: method not found"),
        ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "x"}, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": "@x", "text": "x"}, "Bad Request: chat not found"),
        ("sendMessage", {}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": " \n"}, "Bad Request: text must be non-empty"),
        ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
        (
            "sendMessage",
            {"text": "<b>x", "parse_mode": "HTML"},
            f'Bad Request: {UNPARSABLE} end tag corresponding to start tag "b"',
        ),
        (
            "sendMessage",
            {"text": "x", "parse_mode": "MarkdownV2"},
            "Bad Request: unsupported parse_mode",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
        (
            "editMessageText",
            {"text": "x"},
            "Bad Request: message identifier is not specified",
        ),
        (
            "editMessageText",
            {"text": "x", "message_id": 99},
            "Bad Request: message to edit not found",
        ),
        (
            "deleteMessage",
            {"message_id": 99},
            "Bad Request: message to delete not found",
        ),
        ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
        (
            "sendDocument",
            {"document": "https://a.org/x"},
            "Bad Request: failed to get HTTP URL content",
        ),
        ("getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
        (
            "sendChatAction",
            {"action": "dance"},
            "Bad Request: wrong parameter action in request",
        ),
        (
            "setMyCommands",
            {"commands": "{"},
            "Bad Request: can't parse commands JSON object",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "Scan!", "description": "x"}]},
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "scan"}]},
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("pinChatMessage", {"message_id": 9}, "Bad Request: message to pin not found"),
        ("unpinChatMessage", {}, "Bad Request: message to unpin not found"),
        (
            "leaveChat",
            {},
            "Bad Request: chat member status can't be changed in private chats",
        ),
    ],
)
async def test_refusals_use_the_real_words(
    api: Api, method: str, values: dict[str, Any], words: str
) -> None:
    needs_chat = words != "Bad Request: chat_id is empty"

    said = await api.says(method, **({"chat_id": 1001} if needs_chat else {}) | values)

    assert said == words


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
        ({"inline_keyboard": 1}, 'field "inline_keyboard" must be of type Array'),
        (
            {"inline_keyboard": [1]},
            'field "inline_keyboard" must be an Array of Arrays',
        ),
        (
            keyboard({"text": "Yes"}),
            f"{BUTTON}: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard({"callback_data": "y"}),
            f'{BUTTON}: Field "text" must be of type String',
        ),
        (
            keyboard({"text": " ", "callback_data": "y"}),
            f"{BUTTON}: Button text must be non-empty",
        ),
        (keyboard(KEY | {"callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (keyboard(KEY | {"style": "pink"}), "invalid button style specified"),
        (
            keyboard({"text": "x", "url": "http://localhost/"}),
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        ({"inline_keyboard": [[KEY]] * 101}, "reply markup is too long"),
    ],
)
async def test_keyboards_are_judged(api: Api, markup: Any, words: str) -> None:
    said = await api.says("sendMessage", chat_id=1001, text="x", reply_markup=markup)

    assert said == f"Bad Request: {words}"


async def test_sixty_four_bytes_of_data_and_a_loopback_address_are_allowed(
    api: Api, server: BotApiServer
) -> None:
    row = [KEY | {"callback_data": "é" * 32}, {"text": "x", "url": "http://127.0.0.1/"}]

    await api("sendMessage", chat_id=1001, text="x", reply_markup=keyboard(*row))

    assert server.phone.received[0].buttons == (("Yes", "x"),)


async def test_what_fits_after_parsing_is_sent(api: Api, server: BotApiServer) -> None:
    text = f"<b>{'🏟' * 4096}</b>"

    body = await api("sendMessage", chat_id=1001, text=text, parse_mode="HTML")

    assert body["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 8192}]


async def test_an_edit_that_changes_only_the_buttons_is_an_edit(
    api: Api, server: BotApiServer
) -> None:
    sent = (
        await api("sendMessage", chat_id=1001, text="x", reply_markup=keyboard(KEY))
    )["result"]
    where = {"chat_id": 1001, "message_id": sent["message_id"]}

    same = await api.says(
        "editMessageText", text="x", reply_markup=keyboard(KEY), **where
    )
    assert (await api("editMessageReplyMarkup", **where))["ok"]

    assert same.startswith(
        "Bad Request: message is not modified: specified new message"
    )
    assert (server.phone.received[0].labels, server.phone.received[0].edits) == ((), 0)


async def test_edits_have_limits_of_their_own(api: Api, server: BotApiServer) -> None:
    text = (await api("sendMessage", chat_id=1001, text="x"))["result"]["message_id"]
    keys = await api(
        "sendMessage",
        chat_id=1001,
        text="x",
        reply_markup={"keyboard": [[{"text": "a"}]]},
    )
    mine = await server.phone.send("hello")

    async def edit(method: str, message_id: int, **values: Any) -> str:
        return await api.says(method, chat_id=1001, message_id=message_id, **values)

    fixed = keys["result"]["message_id"]
    assert (
        await edit("editMessageText", text, text="x" * 4097)
        == "Bad Request: MESSAGE_TOO_LONG"
    )
    assert "no caption in the message to edit" in await edit("editMessageCaption", text)
    assert "message can't be edited" in await edit("editMessageText", fixed, text="y")
    assert "message can't be edited" in await edit(
        "editMessageText", mine.message_id, text="y"
    )
