"""What the auditor takes for a message that was posted twice."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.sandbox.api_types import ChatEvent
from bot.sandbox.server import OWNER, BotApiServer
from tests.simulation.telling import Telling


REPORT = "Good morning · $99,550"
ASKED = {"from": {"id": OWNER.id}, "text": "/report"}


class Chat:
    """A chat of nobody's in which things are posted at given seconds."""

    def __init__(self) -> None:
        self.now, self.wrong = 0.0, list[str]()
        self.texts = list[str]()
        self.exits_sold, self.lives = 0, 1
        self._pending = list[dict[str, Any]]()
        self._subscribers = list[Callable[[ChatEvent], None]]()
        chats = SimpleNamespace(
            subscribe=self._subscribers.append,
            updates=SimpleNamespace(pending=self._pending),
            messages=lambda _: [*map(_standing, range(len(self.texts)), self.texts)],
        )
        self.telling = Telling(
            chat=cast("BotApiServer", SimpleNamespace(chats=chats)),
            loop_time=lambda: self.now,
            wrong=self.wrong.append,
            kept=list,
            lost=list,
            state_of=lambda _: "",
            exits_sold=lambda *_: self.exits_sold,
            lives=lambda: self.lives,
        )

    def asks(self, second: float) -> None:
        """The owner asks for a report."""
        self.now = second
        self._pending.append({"update_id": len(self._pending), "message": ASKED})
        self._tell("update", {"update_id": len(self._pending) - 1})

    def posts(self, second: float, text: str) -> None:
        """The bot posts."""
        self.now = second
        message = {
            "message_id": len(self.texts),
            "from": {"is_bot": True},
            "chat": {"id": OWNER.id},
            "text": text,
        }
        self.texts.append(text)
        self._tell("message", {"message": message, "silent": True})

    def _tell(self, kind: str, body: dict[str, Any]) -> None:
        for tell in self._subscribers:
            tell(cast("ChatEvent", SimpleNamespace(kind=kind, body=body)))

    def ends(self) -> list[str]:
        """What was wrong."""
        self.telling.close()
        return self.wrong


def _standing(number: int, text: str) -> Any:
    return SimpleNamespace(
        message_id=number, text=text, sender=SimpleNamespace(is_bot=True), buttons=()
    )


def test_the_morning_s_report_and_the_one_asked_for_right_after_it_may_be_equal() -> (
    None
):
    chat = Chat()
    chat.posts(0, REPORT)
    chat.asks(13)
    chat.posts(14, REPORT)
    assert chat.ends() == []


def test_a_report_that_nobody_asked_for_stands_once() -> None:
    chat = Chat()
    chat.posts(0, REPORT)
    chat.posts(14, REPORT)
    assert chat.ends() == ["messages 0 and 1 are the same"]


def test_an_answer_stands_once() -> None:
    chat = Chat()
    chat.asks(0)
    chat.posts(1, "Bought")
    chat.posts(2, "Bought")
    assert chat.ends() == ["messages 0 and 1 are the same"]


def test_a_message_of_before_the_first_that_the_bot_knows_cannot_be_found_again() -> (
    None
):
    chat = Chat()
    for second in range(4):
        chat.posts(second, "Bought")
    chat.telling.reads(1, b'{"ok": true, "result": {"message_id": 2, "date": 0}}')
    chat.telling.reads(1, b'{"ok": true, "result": {"message_id": 1, "date": 0}}')
    assert chat.ends() == ["messages 2 and 3 are the same"]


STOPPED = "Stop: sold 100 AVLZ at 20.60 for $2,060 before fees."


@pytest.mark.parametrize(
    ("sold", "wrong"), [(2, []), (1, ["messages 0 and 1 are the same"])]
)
def test_two_stops_that_have_sold_alike_are_told_alike(
    sold: int, wrong: list[str]
) -> None:
    """One for what was held before, one for what was bought with the newest card."""
    chat = Chat()
    chat.exits_sold = sold
    chat.posts(0, STOPPED)
    chat.posts(1, STOPPED)
    assert chat.ends() == wrong


def test_two_stops_are_not_told_three_times() -> None:
    chat = Chat()
    chat.exits_sold = 2
    for second in range(3):
        chat.posts(second, STOPPED)
    assert "messages 0 and 1 are the same" in chat.ends()


STARTED = "I was started again at 11:02 ET."


@pytest.mark.parametrize(
    ("lives", "wrong"), [(3, []), (2, ["messages 0 and 1 are the same"])]
)
def test_two_starts_within_a_minute_are_told_alike(
    lives: int, wrong: list[str]
) -> None:
    """The first life was no start anew."""
    chat = Chat()
    chat.lives = lives
    chat.posts(0, STARTED)
    chat.posts(20, STARTED)
    assert chat.ends() == wrong
