"""Checks the wire to the chat: what Telegram may forget is kept, its patience is
respected, nobody else's words are kept, and each message stands once.

It shares no code with the product: it reads the chat server, the bytes on the wire and
the journal on disk.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.api_types import ChatEvent, Message
from bot.sandbox.server import OWNER, BotApiServer


_CONFIRMS: Final = re.compile(rb"/getUpdates\?\S*\boffset=(\d+)")
_ASKS: Final = re.compile(rb"POST /bot[^/ ]+/(\w+)")
_RETRY_AFTER: Final = re.compile(rb'"retry_after": ?(\d+)')
_UNCHANGED: Final = b"message is not modified"
_EDITS: Final = b"editMessageText"
_POSTS: Final = (b"sendMessage", _EDITS)
_KNOWN: Final = re.compile(rb'"message_id": ?(\d+)')
_DELIVERED: Final = re.compile(rb'"update_id": ?(\d+)')
_ON_ITS_WAY: Final = "…"
_UNDER_WAY: Final = " …"
"""So ends the first line of a message that stands for a result that is to come."""

_SCANNING: Final = "Scanning"
_REPORT: Final = "Good morning"
_NO_CARD: Final = "No card."
_STARTED: Final = "I was started again"
_EXIT_SOLD: Final = re.compile(
    r"(?:Stop|Trailing stop|Target|Timed exit): sold ([\d,]+) (\S+) at "
)
_DOUBT: Final = re.compile(r"v1:d:[a-z]:(.+)")
_IN_DOUBT: Final = ("unknown", "sending")
_A_MINUTE: Final = 60.0
_LATE: Final = 190.0
"""A command that waited for three minutes before it was delivered is named and not run."""

_JUST_DELIVERED: Final = 20.0


@dataclass(slots=True, kw_only=True)
class Posted:
    """A message as the bot posted it: when (the loop's seconds), and the text."""

    at: float
    number: int
    text: str


@dataclass(slots=True, kw_only=True)
class Telling:
    """The chat of one world. *kept* returns the numbers of the updates that the journal
    has, *lost* which of them a power failure would take, *state_of* an order's state
    there, *exits_sold* how many exits have sold just so many shares of a stock, *lives*
    how many the bot has had."""

    chat: BotApiServer
    loop_time: Callable[[], float]
    wrong: Callable[[str], None]
    kept: Callable[[], Collection[int]]
    lost: Callable[[], Collection[int]]
    state_of: Callable[[str], str]
    exits_sold: Callable[[str, int], int]
    lives: Callable[[], int]
    answers_are_lost: bool = False
    """Some answers of Telegram's do not reach the bot on this day, or it dies."""

    went_back: bool = False
    _owners: dict[int, tuple[str, float]] = field(default_factory=dict)
    """The owner's updates: the text, and when he sent it."""

    _strangers: set[int] = field(default_factory=set)
    _kept_below: int = 0
    _asked: dict[int, bytes] = field(default_factory=dict)
    _patient_until: float = 0.0
    _patient_life: int = 0
    _delivered: dict[int, float] = field(default_factory=dict)
    _power_failed: list[float] = field(default_factory=list)
    """When (the loop's seconds). It can take that a message was sent, which goes again."""

    _posted: list[Posted] = field(default_factory=list)
    _known_from: int | None = None
    """The first message of the chat that the bot has heard of. It cannot look for one of
    before whose answer was lost: it knows no number to look behind."""

    def __post_init__(self) -> None:
        self.chat.chats.subscribe(self._event)

    # what people send

    def _event(self, happening: ChatEvent) -> None:
        if happening.kind == "update" and happening.body["update_id"] is not None:
            self._update(self.chat.chats.updates.pending[-1])
        elif happening.kind == "message":
            self._message(happening.body["message"], silent=happening.body["silent"])

    def _update(self, update: dict[str, Any]) -> None:
        body = update.get("message") or update.get("callback_query")
        if body is None:
            return
        number = update["update_id"]
        if body["from"]["id"] == OWNER.id:
            self._owners[number] = (body.get("text", ""), self.loop_time())
        else:
            self._strangers.add(number)

    # what the bot writes and reads

    def writes(self, connection: int, data: bytes) -> None:
        """Take bytes that the bot has written to the chat."""
        if confirmed := _CONFIRMS.search(data):
            self._confirmed(before=int(confirmed[1]))
        if asks := _ASKS.search(data):
            self._asked[connection] = asks[1]
            if self.lives() > self._patient_life:
                self._patient_until = 0.0  # a new life knows nothing of it
            if asks[1] in _POSTS and self.loop_time() < self._patient_until - 0.01:
                self.wrong("a message left while Telegram asked for patience")

    def reads(self, connection: int, data: bytes) -> None:
        """Take bytes of the chat that the bot has read."""
        now = self.loop_time()
        asked = self._asked.get(connection)
        if asked in _POSTS and (wait := _RETRY_AFTER.search(data)):
            self._patient_until = max(self._patient_until, now + int(wait[1]))
            self._patient_life = self.lives()
        if asked == _EDITS and _UNCHANGED in data and not self.answers_are_lost:
            self.wrong("an edit left that changes nothing")
        if self._known_from is None and (first := _KNOWN.search(data)):
            self._known_from = int(first[1])
        for number in map(int, _DELIVERED.findall(data)):
            self._delivered.setdefault(number, now)

    def power_failed(self) -> None:
        """The bot has died of it."""
        self._power_failed.append(self.loop_time())

    def _confirmed(self, *, before: int) -> None:
        """Telegram forgets the updates before that one."""
        for number in self.lost():
            if number < before:
                self.wrong(f"update {number} was confirmed before it was synced")
        due = [n for n in self._owners if self._kept_below <= n < before]
        if not due or self.went_back:
            return
        kept = self.kept()
        for number in due:
            if number not in kept:
                self.wrong(f"update {number} was confirmed, and it is not kept")
        self._kept_below = before

    # what the bot posts

    def _message(self, message: dict[str, Any], *, silent: bool) -> None:
        if not message["from"]["is_bot"] or message["chat"]["id"] != OWNER.id:
            return
        number, text = message["message_id"], message.get("text", "")
        self._posted.append(Posted(at=self.loop_time(), number=number, text=text))
        if text.endswith(_ON_ITS_WAY) and not silent:
            self.wrong(f"message {number} rings, and nothing has come yet")
        if text.startswith(_SCANNING):
            self._in_time()

    def _in_time(self) -> None:
        """Check that a scan was asked for by a command that had not waited for long."""
        now = self.loop_time()
        delivered = [
            (self._owners[number], at)
            for number, at in self._delivered.items()
            if number in self._owners and now - at < _JUST_DELIVERED
        ]
        scans = [
            at - said for (text, said), at in delivered if text.startswith("/scan")
        ]
        if scans and len(scans) == len(delivered) and min(scans) > _LATE:
            self.wrong("a command was run that had waited for minutes")

    # in the calm at the end

    def close(self) -> None:
        """Check the calm end."""
        if self.went_back:
            return
        standing = [
            message
            for message in self.chat.chats.messages(OWNER.id)
            if message.sender.is_bot and message.message_id >= (self._known_from or 0)
        ]
        for message in standing:
            if (first := message.text.partition("\n")[0]).endswith(_UNDER_WAY):
                self.wrong(f"message {message.message_id}: still {first!r}")
            for ref in sorted(set(_asked_about(message))):
                if (state := self.state_of(ref)) not in _IN_DOUBT:
                    self.wrong(f"asked about {ref}, which is {state}")
        self._once({message.message_id for message in standing})
        if self._strangers & {*self.kept()}:
            self.wrong("what a stranger wrote is kept")

    def _once(self, standing: set[int]) -> None:
        """Check that nothing was posted twice within a minute, where at most one act of
        the owner's that the bot had just read can have asked for it. The morning's
        report comes without one; how many there are is the auditor's to count."""
        there = [each for each in self._posted if each.number in standing]
        acts = [self._delivered.get(n, said) for n, (_, said) in self._owners.items()]
        for before, after in _pairs(there):
            asked = sum(before.at - _A_MINUTE < at <= after.at for at in acts)
            is_due = self._is_of_one_each(after.text, there)
            unasked = self._unasked(before)
            is_lost = any(before.at <= at <= after.at for at in self._power_failed)
            may_be = is_due or is_lost or asked + unasked > 1
            if before.text == after.text and not may_be:
                self.wrong(f"messages {before.number} and {after.number} are the same")

    def _unasked(self, message: Posted) -> bool:
        """Whether *message* came without anybody's asking: a report, or that its scan
        failed."""
        if not message.text.startswith(_NO_CARD):
            return message.text.startswith(_REPORT)
        kinds, last = (_REPORT, _NO_CARD), message.number
        before = [
            p for p in self._posted if p.number < last and p.text.startswith(kinds)
        ]
        is_reports = bool(before) and before[-1].text.startswith(_REPORT)
        return is_reports and message.at - before[-1].at < _A_MINUTE

    def _is_of_one_each(self, text: str, there: Iterable[Posted]) -> bool:
        """Whether there is no more than one message of *text* for each exit that has sold
        so, or each start, of which it tells."""
        told = sum(each.text == text for each in there)
        if text.startswith(_STARTED):
            return told < self.lives()
        said = _EXIT_SOLD.match(text)
        if said is None:
            return False
        return told <= self.exits_sold(said[2], int(said[1].replace(",", "")))


def _pairs(posted: list[Posted]) -> Iterator[tuple[Posted, Posted]]:
    for number, after in enumerate(posted):
        for before in posted[:number]:
            if after.at - before.at < _A_MINUTE:
                yield before, after


def _asked_about(message: Message) -> Iterator[str]:
    """The refs of the orders that its buttons ask about."""
    for label in (each for row in message.buttons for each in row):
        data = str(message.button(label).get("callback_data", ""))
        if match := _DOUBT.fullmatch(data):
            yield match[1]
