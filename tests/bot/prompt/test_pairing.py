"""The first run pairs: a code that only the terminal shows makes its sender the owner."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.prompt import pairing
from bot.prompt.pairing import TRIES, pair_at_the_prompt
from bot.sandbox.api_types import User
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.server import BotApiServer
from core.settings.settings import Settings
from tests.core.settings.env_files import settings
from tests.harness.waiting import SOON


CODE = "0102030405"
EVE = User(id=666, first_name="Eve")
BYTES = bytes.fromhex(CODE)


def set_up_at(tmp_path: Path, server: BotApiServer) -> Settings:
    return settings(
        tmp_path,
        {
            "TELEGRAM_TOKEN": server.token,
            "TELEGRAM_API_URL": server.base_url.removesuffix("/bot"),
        },
    )


class Prompt:
    """Where the code is shown; the test goes on when it is."""

    def __init__(self, tmp_path: Path, server: BotApiServer) -> None:
        self.env_file = tmp_path / ".env"
        self._settings = set_up_at(tmp_path, server)
        self.shown: list[str] = []
        self.asks = asyncio.Event()
        self.found: bool | None = None

    async def pair(self) -> None:
        self.found = await pair_at_the_prompt(
            self._settings,
            self.env_file,
            say=self._say,
            random_bytes=lambda count: BYTES[:count],
        )

    def _say(self, text: str) -> None:
        self.shown.append(text)
        self.asks.set()


@pytest.fixture
def prompt(tmp_path: Path, server: BotApiServer) -> Prompt:
    return Prompt(tmp_path, server)


async def after(prompt: Prompt, *said: tuple[User, str], server: BotApiServer) -> None:
    """Have these be said while the prompt waits; return when it does no more."""
    async with asyncio.timeout(SOON), asyncio.TaskGroup() as tasks:
        tasks.create_task(prompt.pair())
        await prompt.asks.wait()
        for user, text in said:
            server.chats.receive(user, text)


async def test_who_sends_the_code_is_the_owner(
    prompt: Prompt, server: BotApiServer
) -> None:
    sam = server.phone.user

    await after(prompt, (EVE, "hello"), (sam, f"/start {CODE}"), server=server)

    assert prompt.found is True
    written = prompt.env_file.read_text()
    assert f"OPENBELL_TELEGRAM_OWNER_ID={sam.id}\n" in written
    assert f"{EVE.id}" not in written
    assert CODE in prompt.shown[0]
    assert server.chats.updates.pending == ()


async def test_the_owner_is_told_in_the_chat_who_he_is_now(
    prompt: Prompt, server: BotApiServer
) -> None:
    sam = server.phone.user

    await after(prompt, (EVE, "hello"), (sam, f"/start {CODE}"), server=server)

    (told,) = server.phone.received
    assert told.text.startswith(f"You own this bot now, {sam.first_name}")
    assert "/help" in told.text


async def test_who_cannot_be_greeted_is_the_owner_all_the_same(
    prompt: Prompt, server: BotApiServer
) -> None:
    server.faults.next("sendMessage", Fault(status=500))

    await after(prompt, (server.phone.user, CODE), server=server)

    assert prompt.found is True
    assert server.phone.received == ()


@pytest.mark.parametrize(
    "damaged",
    [
        {"entities": [{}], "chat": {"id": 1001, "type": "private"}},
        {"chat": None},
        {"chat": {"id": 1001, "type": "private"}, "date": "?"},
    ],
)
async def test_an_update_that_cannot_be_read_is_in_nobodys_way(
    prompt: Prompt, server: BotApiServer, damaged: dict[str, Any]
) -> None:
    sam = server.phone.user
    said = {"message_id": 5, "date": 1, "text": "0000000000", **damaged}
    server.chats.updates.add("message", {**said, "from": {"id": 1001}})

    await after(prompt, (sam, CODE), server=server)

    assert prompt.found is True
    assert server.chats.updates.pending == ()


async def test_a_few_wrong_codes_end_it(prompt: Prompt, server: BotApiServer) -> None:
    guesses = [(EVE, f"{number:010X}") for number in range(TRIES)]

    await after(prompt, *guesses, (EVE, CODE), server=server)

    assert prompt.found is False
    assert not prompt.env_file.exists() or "666" not in prompt.env_file.read_text()


async def test_the_code_expires(
    prompt: Prompt, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "TIMEOUT", 0.2)

    await after(prompt, server=server)

    assert prompt.found is False
    assert "has not come" in prompt.shown[-1]


@pytest.mark.parametrize(
    "written",
    ["01020 30405", "/start 01 02 03 04 05", "01020-30405", "/START 0102030405"],
)
async def test_the_code_may_be_written_in_parts(
    prompt: Prompt, server: BotApiServer, written: str
) -> None:
    await after(prompt, (server.phone.user, written), server=server)

    assert prompt.found is True


def a_message(sender: User, **more: Any) -> dict[str, Any]:
    chat = {"id": sender.id, "type": "private"}
    said = {"message_id": 9, "date": 1, "chat": chat, "from": sender.to_json()}
    return {**said, "text": CODE, **more}


async def injected(prompt: Prompt, kind: str, *messages: Any, at: BotApiServer) -> None:
    """Have these come while the prompt waits; return when it does no more."""
    async with asyncio.timeout(SOON), asyncio.TaskGroup() as tasks:
        tasks.create_task(prompt.pair())
        await prompt.asks.wait()
        for message in messages:
            at.chats.inject(kind, message)


async def test_a_wrong_code_may_be_edited_into_the_right_one(
    prompt: Prompt, server: BotApiServer
) -> None:
    await injected(prompt, "edited_message", a_message(server.phone.user), at=server)

    assert prompt.found is True


GROUP = {"id": -5, "type": "group", "title": "Club"}
FORWARDED = {"type": "user", "date": 1, "sender_user": EVE.to_json()}


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize("more", [{"chat": GROUP}, {"forward_origin": FORWARDED}])
async def test_a_code_that_others_have_seen_makes_nobody_the_owner(
    prompt: Prompt, server: BotApiServer, more: dict[str, Any], kind: str
) -> None:
    """Who read it in the group, or wrote it first, could send it as well."""
    seen = a_message(EVE, **more)

    await injected(prompt, kind, seen, a_message(EVE), at=server)

    assert prompt.found is False
    assert f"{EVE.id}" not in prompt.env_file.read_text()
    assert "seen" in prompt.shown[-1]


async def test_of_two_who_have_the_code_the_first_is_the_owner(
    prompt: Prompt, server: BotApiServer
) -> None:
    sam = server.phone.user

    await after(prompt, (sam, CODE), (EVE, CODE), server=server)

    assert f"OWNER_ID={sam.id}\n" in prompt.env_file.read_text()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502),
        Fault(status=429, retry_after=1),
        Fault(drop=Drop.BEFORE),
        Fault(instead='{"ok":true}'),
    ],
    ids=["502", "429", "cut", "nonsense"],
)
async def test_a_poll_without_an_answer_ends_no_pairing(
    prompt: Prompt, server: BotApiServer, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """One ended it, with the code on the phone; that of the confirmation, too."""
    monkeypatch.setattr(pairing, "PAUSE", 0.01)
    server.faults.next("getUpdates", fault)

    await after(prompt, (server.phone.user, CODE), server=server)

    assert prompt.found is True


async def test_a_confirmation_without_an_answer_leaves_the_owner_who_he_is(
    prompt: Prompt, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "PAUSE", 0.01)
    server.chats.receive(server.phone.user, CODE)
    server.faults.next("getUpdates", Fault())
    server.faults.next("getUpdates", Fault(status=502))

    await after(prompt, server=server)

    assert prompt.found is True
