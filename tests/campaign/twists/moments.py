"""Twists about time: a late cancel, silent quotes, a process that is suspended."""

import asyncio
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGCONT

from bot.sandbox.api_types import Message
from core.model.points import W2
from core.sandbox.trouble.faults import Action, Trouble
from tests.campaign import judge, trouble
from tests.campaign.dying_bot import KillPoint
from tests.campaign.judge import Count
from tests.campaign.twists.twisted import LONG, POLL_INTERVAL, Twisted
from tests.harness.product import MOST_DOLLARS, MOST_PERCENT


@dataclass(slots=True, kw_only=True)
class CancelFirst(Twisted):
    """The gateway answers the last question before the send late; meanwhile the owner
    cancels. What he was told will not be sent is not; the rest ends as IB says."""

    _queries: dict[str, str] = field(default_factory=dict)

    async def before_yes(self, card: Message) -> None:
        late = Trouble(message="currentTime", action=Action.DELAY, times=3, seconds=0.4)
        self.harness.gateway.add_trouble(late)

    def after_yes(self, pid: int) -> None:
        self.harness.chat.chats.receive(self.harness.phone.user, "/cancel")

    def look(self, card: Message) -> None:
        """Every button of the answer to /cancel, and of the card, once."""
        for message in self.harness.phone.received:
            for label in (each for row in message.buttons for each in row):
                key = f"{message.message_id} {label}"
                if label.startswith("Cancel ") and key not in self._queries.values():
                    self._queries[self.harness.phone.press(message, label)] = key

    @property
    def _answers(self) -> list[str]:
        answers = self.harness.chat.chats.answers
        return [answers[query].text for query in self._queries if query in answers]

    @property
    def met(self) -> bool:
        return any("will not be sent" in text for text in self._answers)

    def count(self, ours: judge.Book) -> Count:
        said = self._answers
        barred = [s for s in ours if any(judge.is_barred(s, text) for text in said)]
        asked = [
            s for s in ours if any(judge.is_cancel_asked(s, text) for text in said)
        ]
        alive = [s for s in asked if any(not order.done for order in ours[s])]
        return Count(after_cancel=len(barred), cancels_lost=len(alive))


@dataclass(slots=True, kw_only=True)
class Silent(Twisted):
    """The quotes that run say nothing any more, and the price is 20 % higher: nothing
    is bought on the old one. The owner does not want it at the new one."""

    _declined: set[str] = field(default_factory=set)

    async def before_yes(self, card: Message) -> None:
        self.harness.gateway.silence()
        for symbol in (MOST_PERCENT, MOST_DOLLARS):
            shape = trouble.shapes(self.plan)[symbol]
            assert shape.last
            risen = replace(shape, last=shape.last * 1.2)
            self.harness.gateway.set_override(symbol, risen)
        await asyncio.sleep(LONG)

    def look(self, card: Message) -> None:
        """He says No to the card that asks once more."""
        asks = "Not bought." in card.text and judge.has(card, "No")
        if asks and card.text not in self._declined:
            self._declined.add(card.text)
            self.harness.phone.press(card, judge.label_of(card, "No"))

    def is_over(self, card: Message) -> bool:
        return "Not bought." in card.text and not judge.has(card, "Yes")

    @property
    def met(self) -> bool:
        return bool(self._declined)

    def count(self, ours: judge.Book) -> Count:
        return Count(stale=trouble.seen(self.harness))


@dataclass(slots=True, kw_only=True)
class Suspended(Twisted):
    """The process stands still for some seconds: before W2, and the order is judged
    again; or between W2 and its bytes, and it does not leave."""

    _stood: bool = False
    _over: bool = False

    def pause(self, life: int) -> KillPoint | None:
        return KillPoint(label=self._where) if life == 0 else None

    @property
    def _where(self) -> str:
        return W2.after if self.plan.late else W2.before

    def after_yes(self, pid: int) -> None:
        self._watch(pid)

    def _watch(self, pid: int) -> None:
        """Wait until the bot stands, and continue it after a while."""
        loop = asyncio.get_running_loop()
        if self._over or not _is_alive(pid):
            return
        if _is_stopped(pid):
            self._stood = True
            loop.call_later(LONG, self._continue, pid)
        else:
            loop.call_later(POLL_INTERVAL, self._watch, pid)

    def _continue(self, pid: int) -> None:
        if not self._over and _is_alive(pid):
            os.kill(pid, SIGCONT)

    @property
    def met(self) -> bool:
        return self._stood

    def count(self, ours: judge.Book) -> Count:
        """One order fewer than was approved has left, if it stood between the two."""
        left = sum(map(len, ours.values()))
        too_late = self._stood and self._where == W2.after
        approved = len({MOST_PERCENT, MOST_DOLLARS})
        return Count(stale=int(too_late and left >= approved))

    def end(self) -> None:
        self._over = True


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _is_stopped(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return stat.rpartition(") ")[2].startswith("T")
