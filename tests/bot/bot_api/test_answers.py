"""Whatever answers in the place of Telegram, python-telegram-bot gets what it can read."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.bot_api.answers import LONGEST_WAIT, UnreadableAnswer, readable
from bot.bot_api.client import telegram_request
from bot.sandbox.faults import Fault
from bot.sandbox.server import BotApiServer


NO_ANSWERS = [
    "",
    "<html>maintenance</html>",
    "null",
    "[]",
    "5",
    '"ok"',
    '{"status":"maintenance"}',
    '{"ok":"true","result":true}',
    '{"ok":1,"result":true}',
    "[" * 100_000,
    '{"result":{"message_id":5},"ok":',
]
"""HTTP bodies that nobody at Telegram has written."""

NO_RESULTS = [
    '{"ok":true}',
    *(f'{{"ok":true,"result":{each}}}' for each in ("null", "{}", '"x"', "false", "5")),
]
"""They say that it was done, but have no result that a method of ours has."""

EACH_METHOD = [
    "getMe",
    "getUpdates",
    "getChat",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "editMessageText",
    "deleteMessage",
    "answerCallbackQuery",
    "setMyCommands",
]

ODD_RESULTS = [
    '{"ok":true,"result":{"message_id":"5"}}',
    '{"ok":true,"result":{"message_id":true}}',
    '{"ok":true,"result":{"message_id":0}}',
    '{"ok":true,"result":{"message_id":-3}}',
    '{"ok":true,"result":{"message_id":' + "9" * 30 + "}}",
    '{"ok":true,"result":{"message_id":' + "9" * 10_000 + "}}",
    '{"ok":true,"result":{"mess',
]
"""It was done; but which message it made is not told."""


ODD_UPDATES = [{"update_id": 1}, {"update_id": "2"}, {"update_id": 1e9}]
"""The first has a number, the others have none."""


def result_of(method: str, body: str) -> Any:
    code, payload = readable(method, 200, body.encode())
    assert code == 200
    return json.loads(payload)["result"]


@pytest.mark.attack(12)
@pytest.mark.parametrize("body", NO_ANSWERS)
@pytest.mark.parametrize("code", [200, 400, 403, 404, 409, 500])
def test_what_is_no_answer_of_telegrams_is_a_broken_gateway(
    body: str, code: int
) -> None:
    found, payload = readable("sendMessage", code, body.encode())

    assert found == 502
    assert json.loads(payload)["ok"] is False


@pytest.mark.attack(12)
@pytest.mark.parametrize("body", NO_ANSWERS)
@pytest.mark.parametrize("ask", ["get_me", "get_updates", "send", "edit", "toast"])
async def test_a_client_hears_only_of_errors_of_telegrams(
    bot: Bot, server: BotApiServer, body: str, ask: str
) -> None:
    owner = server.phone.user.id
    asks: dict[str, Callable[[], Awaitable[Any]]] = {
        "get_me": bot.get_me,
        "get_updates": lambda: bot.get_updates(timeout=0),
        "send": lambda: bot.send_message(owner, "hello"),
        "edit": lambda: bot.edit_message_text("hello", chat_id=owner, message_id=1),
        "toast": lambda: bot.answer_callback_query("1"),
    }
    server.faults.next("*", Fault(instead=body))

    with pytest.raises(NetworkError) as told:
        await asks[ask]()

    assert not isinstance(told.value, BadRequest)


@pytest.mark.attack(12)
@pytest.mark.parametrize("body", NO_RESULTS)
@pytest.mark.parametrize("method", EACH_METHOD)
def test_a_result_that_the_method_cannot_have_is_no_answer(
    method: str, body: str
) -> None:
    """Of a message it was taken for sent, and of updates for one that cannot be read."""
    found, payload = readable(method, 200, body.encode())

    assert found == 502
    assert json.loads(payload)["ok"] is False


@pytest.mark.attack(12)
@pytest.mark.parametrize("body", ODD_RESULTS)
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "editMessageText"])
def test_what_was_done_is_told_apart_from_what_was_not(method: str, body: str) -> None:
    with pytest.raises(UnreadableAnswer):
        readable(method, 200, body.encode())


@pytest.mark.attack(12)
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "sendDocument"])
def test_a_message_that_was_sent_has_a_number(method: str) -> None:
    """Only of an edit the Bot API answers "true"."""
    assert readable(method, 200, b'{"ok":true,"result":true}')[0] == 502
    assert result_of("editMessageText", '{"ok":true,"result":true}') is True
    assert result_of("sendChatAction", '{"ok":true,"result":true}') is True


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    ("told", "read"),
    [
        (r"half \ud83d a pair", "half \ufffd a pair"),
        (r"the other \ude00", "the other \ufffd"),
        (r"turned \ude00\ud83d", "turned \ufffd\ufffd"),
        (r"three \uD83D\uD83D\uDE00", "three \ufffd\U0001f600"),
        (r"a letter \ud83d\ude00", "a letter \U0001f600"),
        (r"a backslash \\ud83d", r"a backslash \ud83d"),
    ],
)
def test_half_a_letter_is_none(told: str, read: str) -> None:
    """Neither the journal nor an answer could be written with it."""
    update = f'{{"update_id":1,"message":{{"text":"{told}"}}}}'
    body = f'{{"ok":true,"result":[{update}]}}'

    [found] = result_of("getUpdates", body)

    assert found["message"]["text"] == read


@pytest.mark.attack(12)
@given(
    st.lists(st.sampled_from([r"\\", r"\ud83d", r"\ude00", "ud83d", r"\u00e9", "é"]))
)
def test_whole_letters_are_read_as_json_has_them(parts: list[str]) -> None:
    told = "".join(parts)
    update = f'{{"update_id":1,"message":{{"text":"{told}"}}}}'

    [found] = result_of("getUpdates", f'{{"ok":true,"result":[{update}]}}')

    halves = json.loads(f'"{told}"').encode("utf-16-le", "surrogatepass")
    assert found["message"]["text"] == halves.decode("utf-16-le", "replace")


@pytest.mark.attack(12)
async def test_what_was_checked_is_not_parsed_again(server: BotApiServer) -> None:
    """A tap waits for it."""
    url = f"{server.base_url}{server.token}/getUpdates"
    async with telegram_request(server.base_url) as client:
        _, payload = await client.do_request(url, "GET")

        said = client.parse_json_payload(payload)

        assert said == json.loads(payload)
        assert client.parse_json_payload(payload) is said


@pytest.mark.attack(12)
def test_of_a_message_that_was_sent_only_its_number_is_read() -> None:
    made = {"message_id": 7, "date": "?", "entities": [{}], "chat": 5, "from": []}

    read = result_of("sendMessage", json.dumps({"ok": True, "result": made}))

    assert read["message_id"] == 7
    assert "entities" not in read


@pytest.mark.attack(12)
def test_a_byte_order_mark_is_no_part_of_the_answer() -> None:
    """A proxy on the way may put it there."""
    assert result_of("sendMessage", '\ufeff{"ok":true,"result":{"message_id":7}}')


@pytest.mark.attack(12)
@pytest.mark.parametrize("result", [[{}], [None], ODD_UPDATES])
def test_updates_that_cannot_be_confirmed_are_asked_for_again(result: object) -> None:
    with pytest.raises(TelegramError):
        result_of("getUpdates", json.dumps({"ok": True, "result": result}))


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    "parameters", [5, [], "x", {"retry_after": "2"}, {"retry_after": None}]
)
async def test_odd_parameters_of_a_refusal_are_overlooked(
    bot: Bot, server: BotApiServer, parameters: object
) -> None:
    body = {"ok": False, "error_code": 429, "parameters": parameters, "description": 5}
    server.faults.next("getMe", Fault(instead=json.dumps(body)))

    with pytest.raises(NetworkError):
        await bot.get_me()


@pytest.mark.attack(12)
@pytest.mark.parametrize(("named", "waited"), [(2, 2), (-5, 1), (10**9, LONGEST_WAIT)])
async def test_a_wait_that_telegram_names_is_kept_within_reason(
    bot: Bot, server: BotApiServer, named: int, waited: int
) -> None:
    body = {"ok": False, "error_code": 429, "parameters": {"retry_after": named}}
    server.faults.next("getMe", Fault(instead=json.dumps(body)))

    with pytest.raises(RetryAfter) as told:
        await bot.get_me()

    wait = told.value.retry_after
    seconds = wait if isinstance(wait, int) else wait.total_seconds()
    assert seconds == waited
