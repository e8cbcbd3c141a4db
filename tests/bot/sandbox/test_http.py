"""The Bot API by hand: forms of request, updates, people, and who may come in."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from aiohttp import ClientSession, FormData

from bot.sandbox.api_types import Chat, User
from bot.sandbox.server import BotApiServer, serve
from tests.bot.sandbox.conftest import KEY, MORNING, Api, keyboard


POLL = 50
"""Seconds of the longest poll."""


async def test_json_forms_queries_and_uploads_are_understood(
    session: ClientSession, server: BotApiServer
) -> None:
    address = f"{server.base_url}{server.token}/SENDMESSAGE"
    upload = FormData({"chat_id": "1001"})
    upload.add_field("text", "multipart", content_type="text/plain")

    for request in (
        session.get(f"{address}?chat_id=1001&text=query"),
        session.post(address, json={"chat_id": 1001, "text": "json"}),
        session.post(address, data={"chat_id": 1001, "text": "form"}),
        session.post(address, data=upload),
    ):
        async with request as answer:
            assert answer.status == 200

    said = [message.text for message in server.phone.received]
    assert said == ["query", "json", "form", "multipart"]


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("nonsense", 404, "Not Found"),
        ("123456:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 401, "Unauthorized"),
    ],
)
async def test_a_token_must_be_the_right_one(
    session: ClientSession, server: BotApiServer, token: str, status: int, words: str
) -> None:
    for address in (
        f"{server.base_url}{token}/getMe",
        f"{server.base_file_url}{token}/x",
    ):
        async with session.get(address) as answer:
            body = await answer.json()

        assert (answer.status, body["error_code"]) == (status, status)
        assert body["description"] == words


async def test_the_last_updates_can_be_asked_for_and_the_rest_is_forgotten(
    api: Api, server: BotApiServer
) -> None:
    for words in ("one", "two", "three"):
        await server.phone.send(words)

    last = (await api("getUpdates", offset=-1))["result"]
    rest = (await api("getUpdates", limit=1))["result"]

    assert [update["message"]["text"] for update in last] == ["three"]
    assert rest == last


async def test_only_the_allowed_kinds_arrive(api: Api, server: BotApiServer) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    said = await server.phone.send("hello")
    server.phone.forge(said, "x")

    updates = (await api("getUpdates"))["result"]
    await api("getUpdates", allowed_updates=[])
    server.chats.inject("message_reaction", {})
    edited = await server.phone.rewrite(said, "/scan")
    later = (await api("getUpdates", offset=updates[-1]["update_id"] + 1))["result"]

    assert ["callback_query" in update for update in updates] == [True]
    assert [update["edited_message"]["text"] for update in later] == [edited.text]


async def test_a_tap_is_answered_once(api: Api, server: BotApiServer) -> None:
    said = await server.phone.send("hello")
    query_id = server.phone.forge(said, "x")

    assert (await api("answerCallbackQuery", callback_query_id=query_id))["ok"]

    assert await api.says("answerCallbackQuery", callback_query_id=query_id) == (
        "Bad Request: query is too old and response timeout expired "
        "or query ID is invalid"
    )


async def test_a_tap_on_a_deleted_message_still_says_where_it_was(
    api: Api, server: BotApiServer
) -> None:
    sent = (
        await api("sendMessage", chat_id=1001, text="x", reply_markup=keyboard(KEY))
    )["result"]
    card = server.phone.received[0]
    await api("deleteMessages", chat_id=1001, message_ids=[sent["message_id"], 99])
    server.phone.press(card, "Yes")

    query = (await api("getUpdates"))["result"][0]["callback_query"]

    assert (query["message"]["date"], query["message"]["message_id"]) == (0, 1)
    with pytest.raises(LookupError):
        server.phone.now(card)


async def test_nobody_is_written_to_against_his_will(
    api: Api, server: BotApiServer
) -> None:
    server.chats.meet(User(id=7, first_name="Quiet"), started=False)
    server.chats.join(Chat(id=-100, kind="group", name="Traders"))

    shy = await api.says("sendMessage", chat_id=7, text="x")
    assert (await api("leaveChat", chat_id=-100))["ok"]
    gone = await api.says("sendMessage", chat_id=-100, text="x")
    server.chats.blocked.add(1001)
    blocked = await api.says("sendMessage", chat_id=1001, text="x")

    assert shy == "Forbidden: bot can't initiate conversation with a user"
    assert gone == "Forbidden: bot is not a member of the group chat"
    assert blocked == "Forbidden: bot was blocked by the user"


async def test_the_narrowest_menu_is_shown(api: Api, session: ClientSession) -> None:
    scope = {"type": "chat", "chat_id": 1001}
    menu = [{"command": "scan", "description": "Look now"}]

    await api("setMyCommands", commands=menu, scope=scope)
    own = (await api("getMyCommands", scope=scope))["result"]
    wide = (await api("getMyCommands"))["result"]
    await api("deleteMyCommands", scope=scope)

    assert (own, wide) == (menu, [])
    assert (await api("getMyCommands", scope=scope))["result"] == []


async def test_a_pinned_message_and_a_description_are_kept(api: Api) -> None:
    sent = (await api("sendMessage", chat_id=1001, text="x"))["result"]
    await api("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    await api("setMyDescription", description="What I do")

    chat = (await api("getChat", chat_id=1001))["result"]
    await api("unpinChatMessage", chat_id=1001)

    assert chat["pinned_message"]["text"] == "x"
    assert (await api("getMyDescription"))["result"] == {"description": "What I do"}
    assert "pinned_message" not in (await api("getChat", chat_id=1001))["result"]


async def test_an_old_message_cannot_be_deleted(session: ClientSession) -> None:
    now = [MORNING]
    async with serve(clock=lambda: now[0]) as server:
        api = Api(session, server)
        await api("sendMessage", chat_id=1001, text="x")
        now[0] = datetime(2026, 11, 26, tzinfo=UTC) + timedelta(hours=1)

        refusal = await api.says("deleteMessage", chat_id=1001, message_id=1)

    assert refusal == "Bad Request: message can't be deleted for everyone"


async def test_the_server_stops_at_once_while_somebody_polls(
    session: ClientSession,
) -> None:
    async with serve(clock=lambda: MORNING) as server:
        poll = asyncio.Task(Api(session, server)("getUpdates", timeout=POLL))
        stream = await session.get(f"{server.url}events")
        await server.phone.wait_for(lambda _: server.page.polls)
        began = monotonic()

    assert monotonic() - began < POLL / 2
    assert (await poll)["description"] == "Internal Server Error: restart"
    stream.close()


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "127.0.0.1%00.evil.example"},
    {"Host": "[::1].evil.example"},
    {"Host": "evil.example@127.0.0.1"},
    {"Host": "localhost#.evil.example"},
    {"Host": "localhost/.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
"""What a browser says when another site's page, or another name, is behind it."""


@pytest.mark.attack(30)
@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("route", ["", "page/chat.js", "panel", "nowhere", "events"])
async def test_no_other_site_may_look_at_the_page(
    session: ClientSession, server: BotApiServer, headers: dict[str, str], route: str
) -> None:
    async with session.get(f"{server.url}{route}", headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.attack(30)
@pytest.mark.parametrize("headers", FOREIGN)
async def test_no_other_site_may_speak_for_the_owner_or_for_the_bot(
    session: ClientSession, server: BotApiServer, headers: dict[str, str]
) -> None:
    await server.phone.send("/scan")
    method = f"{server.base_url}{server.token}/sendMessage"
    said = {"chat_id": str(server.phone.user.id), "text": "a lie"}
    before = len(server.phone.messages)

    for address in (f"{server.url}send", f"{server.url}tap", method):
        async with session.post(address, json=said, headers=headers) as answer:
            assert answer.status == 403
    async with session.get(method, params=said, headers=headers) as answer:
        assert answer.status == 403

    assert len(server.phone.messages) == before


@pytest.mark.attack(30)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8480"},
        {"Host": "[::1]:8480"},
        {"Host": "127.0.0.1:8480", "Origin": "http://127.0.0.1:8480"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_clients_of_this_machine_and_the_page_itself_are_let_in(
    session: ClientSession, server: BotApiServer, headers: dict[str, str]
) -> None:
    async with session.get(server.url, headers=headers) as answer:
        assert answer.status == 200


async def test_a_form_of_another_site_cannot_speak(
    session: ClientSession, server: BotApiServer
) -> None:
    async with session.post(f"{server.url}send", data={"text": "/scan"}) as answer:
        assert answer.status == 415

    assert server.phone.messages == ()


async def test_a_person_with_patience_is_told_what_the_chat_shows(
    server: BotApiServer,
) -> None:
    await server.phone.send("/scan")

    with pytest.raises(TimeoutError, match=r"(?s)0\.01 s.*\[1\] Sam.*/scan"):
        await server.phone.reads("nothing", within=0.01)


class Wheel:
    """Notes what it is asked for; it runs at two speeds."""

    def __init__(self) -> None:
        self.asked: list[float | str] = []

    def jump(self) -> None:
        self.asked.append("jump")

    def pace(self, speed: float) -> None:
        if speed not in {1, 60}:
            raise ValueError(speed)
        self.asked.append(speed)


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("jump", {}, 200),
        ("pace", {"speed": 60}, 200),
        ("pace", {"speed": 0}, 400),
        ("pace", {"speed": "fast"}, 400),
        ("pace", {"speed": None}, 400),
        ("pace", {}, 400),
    ],
)
async def test_a_clock_that_can_be_steered_is_steered_by_the_page(
    session: ClientSession,
    server: BotApiServer,
    route: str,
    body: dict[str, object],
    status: int,
) -> None:
    wheel = Wheel()
    server.page.set_control(wheel)

    async with session.post(f"{server.url}{route}", json=body) as answer:
        assert answer.status == status

    assert len(wheel.asked) == (status == 200)


@pytest.mark.parametrize("route", ["jump", "pace"])
async def test_a_clock_that_nobody_can_steer_says_so(
    session: ClientSession, server: BotApiServer, route: str
) -> None:
    async with session.post(f"{server.url}{route}", json={"speed": 60}) as answer:
        assert answer.status == 404
