"""Twists about what is kept and told: an old data folder, a halt on a halt, lost answers."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.sandbox.api_types import Message
from bot.sandbox.faults import Drop, Fault
from tests.campaign import judge, trouble
from tests.campaign.judge import Count
from tests.campaign.twists.twisted import Twisted


A_TWIN: Final = "tb-ffffffff-abcdefghij-1"
"""The ref of another Openbell's order."""

_AGAIN: Final = 3.0
"""Seconds after which the owner repeats a command that nobody has answered."""

Looks = Callable[[Message], bool]


@dataclass(slots=True, kw_only=True)
class Restored(Twisted):
    """The next life finds the data folder as it was before the Yes. If IB has had an
    order of the lost time, trading halts; nothing is bought twice."""

    _copy: Path | None = None
    _done: bool = False

    async def before_yes(self, card: Message) -> None:
        self._copy = self._data / "copy"
        self._copy.mkdir()
        for file in self._data.glob("openbell*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, self._copy / file.name)

    @property
    def _data(self) -> Path:
        return Path(self.harness.settings["OPENBELL_DATA_DIR"])

    def while_dead(self) -> None:
        if self._done or self._copy is None:
            return
        self._done = True
        for file in self._data.glob("openbell*"):
            file.unlink()
        for file in self._copy.iterdir():
            shutil.copyfile(file, self._data / file.name)

    @property
    def met(self) -> bool:
        return self._done

    def count(self, ours: judge.Book) -> Count:
        """Judged by the book alone: the journal has forgotten what the card said."""
        twice = sum(max(0, len(orders) - 1) for orders in ours.values())
        return Count(duplicates=twice)


@dataclass(slots=True, kw_only=True)
class Halted(Twisted):
    """The owner has halted trading when another Openbell is found in the account: that
    is told too, nothing leaves, and /resume names both."""

    _sent: int = 0
    _unnoticed: int = 0
    _has_resumed: bool = False

    async def before_yes(self, card: Message) -> None:
        await self._says("/halt", _says("Halted."))
        self.harness.phone.press(card, judge.label_of(card, "Yes"))
        self.place(client_id=55, order_id=1, ref=A_TWIN)
        self.harness.gateway.cut()
        await self._receives(_says(A_TWIN))
        self._sent = trouble.seen(self.harness)
        asks = await self._says("/resume", lambda m: judge.has(m, "Allow"))
        named = ("/halt by", A_TWIN)
        self._unnoticed += not all(each in asks.text for each in named)
        self.harness.phone.press(asks, judge.label_of(asks, "Allow"))
        await self._receives(_says("No longer halted", "Ready to trade"))
        self._has_resumed = True

    async def _says(self, command: str, answers: Looks) -> Message:
        """Send *command* until it is answered."""
        while True:
            sent = await self.harness.phone.send(command)
            with suppress(TimeoutError):
                return await self._receives(answers, after=sent, within=_AGAIN)

    async def _receives(
        self, looks: Looks, *, after: Message | None = None, within: float = 60.0
    ) -> Message:
        since = after.message_id if after else 0
        return await self.harness.phone.wait_for(
            lambda phone: next(
                (m for m in phone.received if m.message_id > since and looks(m)), None
            ),
            within=within,
        )

    @property
    def met(self) -> bool:
        return self._has_resumed

    def count(self, ours: judge.Book) -> Count:
        return Count(while_halted=self._sent, unnoticed=self._unnoticed)


@dataclass(slots=True, kw_only=True)
class LostSends(Twisted):
    """Telegram obeys, and its answer is cut; or it does not hear at all."""

    async def before_yes(self, card: Message) -> None:
        faults, times = self.harness.chat.faults, 1 + self.plan.rollback
        when = Drop.AFTER if self.plan.late else Drop.BEFORE
        for method in ("sendMessage", "editMessageText"):
            faults.next(method, Fault(drop=when), times=times)
        faults.next("answerCallbackQuery", Fault(drop=when))

    @property
    def met(self) -> bool:
        return self.harness.chat.faults.take("sendMessage") is None


def _says(*words: str) -> Looks:
    return lambda message: any(each in message.text for each in words)
