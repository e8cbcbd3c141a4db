"""The Memory port in memory, and the store of all roles over one ground."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from core.model.chosen.setting import SettingQuestion
from core.model.exits.protection import Protection
from core.model.identity import Identity, Person
from core.model.market import ConId
from core.model.money import Money
from core.model.news import ChatSend
from core.model.order import OrderRef
from core.model.proposal import ProposalId
from core.model.scoring.score import Score
from core.model.status import Halt, Panic
from tests.builders import JOURNAL
from tests.fakes.journal.chosen import (
    MemoryReports,
    MemorySchedules,
    MemorySettingChanges,
)
from tests.fakes.journal.conversation import MemoryInbox, MemoryOutbox
from tests.fakes.journal.records import MemoryRecordings, MemoryRetention, MemoryTrail
from tests.fakes.journal.tables import Ground, Role
from tests.fakes.journal.trading import (
    MemoryOrders,
    MemoryOtherTrades,
    MemoryProposals,
)


class ChatNotes:
    """What must be remembered of a chat."""

    def _recall(self, *name: object) -> Any:
        raise NotImplementedError

    def _keep(self, value: object, *name: object) -> None:
        raise NotImplementedError

    def chat_send(self) -> ChatSend | None:
        kept: ChatSend | None = self._recall("chat send")
        return kept

    def set_chat_send(self, send: ChatSend | None) -> None:
        self._keep(send, "chat send")

    def muted_until(self) -> datetime | None:
        kept: datetime | None = self._recall("muted")
        return kept

    def set_muted_until(self, until: datetime | None) -> None:
        self._keep(until, "muted")

    def has_keyboard(self) -> bool:
        return bool(self._recall("keyboard"))

    def set_keyboard(self, *, on: bool) -> None:
        self._keep(on, "keyboard")

    def held(self) -> tuple[str, ...]:
        return self._recall("held") or ()

    def set_held(self, keys: Iterable[str]) -> None:
        self._keep(tuple(keys), "held")

    def giving(self) -> tuple[str, ...]:
        return self._recall("giving") or ()

    def set_giving(self, keys: Iterable[str]) -> None:
        self._keep(tuple(keys), "giving")


class MemoryMemory(Role, ChatNotes):
    """Implements Memory."""

    def _recall(self, *name: object) -> Any:
        return self._reading.memory.get(repr(name))

    def _keep(self, value: object, *name: object) -> None:
        self._writing.memory[repr(name)] = value

    recall, keep = _recall, _keep

    def order_id_high(self) -> int:
        return self._recall("id") or 0

    def raise_order_id_high(self, to: int) -> None:
        self._keep(to, "id")

    def next_id_seen(self, identity: Identity) -> int | None:
        kept: int | None = self._recall("next id", identity)
        return kept

    def set_next_id_seen(self, identity: Identity, next_id: int) -> None:
        self._keep(next_id, "next id", identity)

    def halts(self) -> tuple[Halt, ...]:
        return self._recall("halts") or ()

    def set_halts(self, halts: Iterable[Halt]) -> None:
        self._keep(tuple(halts), "halts")

    def protections(self) -> tuple[Protection, ...]:
        kept: dict[tuple[str, ConId], Protection] = self._recall("protections") or {}
        return tuple(kept[one] for one in sorted(kept))

    def set_protection(self, protection: Protection) -> None:
        kept = self._recall("protections") or {}
        self._keep({**kept, protection.stands_for: protection}, "protections")

    def drop_protection(self, con_id: ConId, *, account: str) -> None:
        kept = dict(self._recall("protections") or {})
        kept.pop((account, con_id), None)
        self._keep(kept, "protections")

    def panic(self) -> Panic | None:
        kept: Panic | None = self._recall("panic")
        return kept

    def set_panic(self, panic: Panic | None) -> None:
        self._keep(panic, "panic")

    def is_ghost(self, ref: str) -> bool:
        return self._recall("ghost", ref) is not None

    def add_ghost(self, ref: str, text: str) -> None:
        self._keep(text, "ghost", ref)

    def is_unwanted(self, ref: OrderRef) -> bool:
        return self._recall("unwanted", ref) is not None

    def add_unwanted(self, ref: OrderRef, text: str) -> None:
        self._keep(text, "unwanted", ref)

    def journal_names(self) -> tuple[str, ...]:
        return (JOURNAL,)

    def was_told(self, key: str) -> bool:
        return self._recall("told", key) is not None

    def add_told(self, key: str) -> None:
        self._keep("yes", "told", key)

    def was_seen(self, ref: OrderRef) -> bool:
        return self._recall("seen", ref) is not None

    def add_seen(self, ref: OrderRef, text: str) -> None:
        self._keep(text, "seen", ref)

    def doubts(self, ref: OrderRef) -> int:
        return int(self._recall("doubts", ref) or 0)

    def add_doubt(self, ref: OrderRef) -> None:
        self._keep(self.doubts(ref) + 1, "doubts", ref)

    def answer_to(self, key: str) -> ProposalId | None:
        kept: ProposalId | None = self._recall("card", key)
        return kept

    def add_answer(self, key: str, proposal_id: ProposalId) -> None:
        self._keep(proposal_id, "card", key)

    def outage_told(self) -> datetime | None:
        kept: datetime | None = self._recall("outage")
        return kept

    def set_outage_told(self, since: datetime | None) -> None:
        self._keep(since, "outage")

    def account_value(self, day: date) -> Money | None:
        kept: Money | None = self._recall("value", day)
        return kept

    def set_account_value(self, day: date, value: Money) -> None:
        self._keep(value, "value", day)
        self._keep(
            (*self._recall("days"), day) if self._recall("days") else (day,), "days"
        )

    def account_values(self) -> tuple[tuple[date, Money], ...]:
        days = set(self._recall("days") or ())
        return tuple((day, self._recall("value", day)) for day in sorted(days))

    def score(self) -> Score | None:
        kept: Score | None = self._recall("score")
        return kept

    def set_score(self, score: Score) -> None:
        self._keep(score, "score")

    def setting_question(self, asker: int) -> SettingQuestion | None:
        kept: SettingQuestion | None = self._recall("setting question", asker)
        return kept

    def set_setting_question(
        self, asker: int, question: SettingQuestion | None
    ) -> None:
        self._keep(question, "setting question", asker)

    def people(self) -> tuple[Person, ...]:
        return self._recall("people") or ()

    def set_people(self, people: Iterable[Person]) -> None:
        self._keep(tuple(people), "people")

    def of_chat(self, chat: int) -> "MemoryChat":
        return MemoryChat(self, chat)

    def boots(self) -> int:
        return self._recall("boots") or 0

    def unclean_starts(self) -> tuple[datetime, ...]:
        return self._recall("unclean") or ()

    def is_running(self) -> bool:
        return bool(self._recall("running"))

    def broken_by(self) -> str | None:
        reason: str | None = self._recall("broken by")
        return reason

    def break_run(self, reason: str) -> None:
        self._keep(True, "running")
        self._keep(reason, "broken by")

    def begin_run(self, *, unclean_starts: Iterable[datetime]) -> None:
        self._keep(self.boots() + 1, "boots")
        self._keep(tuple(unclean_starts), "unclean")
        self._keep(True, "running")
        self._keep(None, "broken by")

    def end_run(self) -> None:
        self._keep(False, "running")


class MemoryChat(ChatNotes):
    """The notes of another chat than the owner's."""

    def __init__(self, memory: MemoryMemory, chat: int) -> None:
        self._memory, self._chat = memory, chat

    def _recall(self, *name: object) -> Any:
        return self._memory.recall(*name, self._chat)

    def _keep(self, value: object, *name: object) -> None:
        self._memory.keep(value, *name, self._chat)


class MemoryStore:
    """Implements Store."""

    def __init__(self) -> None:
        self._ground = Ground()
        self.inbox = MemoryInbox(self._ground)
        self.retention = MemoryRetention(self._ground)
        self.outbox = MemoryOutbox(self._ground)
        self.proposals = MemoryProposals(self._ground)
        self.orders = MemoryOrders(self._ground)
        self.other_trades = MemoryOtherTrades(self._ground)
        self.reports = MemoryReports(self._ground)
        self.recordings = MemoryRecordings(self._ground)
        self.schedules = MemorySchedules(self._ground)
        self.setting_changes = MemorySettingChanges(self._ground)
        self.trail = MemoryTrail(self._ground)
        self.memory = MemoryMemory(self._ground)

    def transaction(self) -> AbstractContextManager[None]:
        return self._ground.transaction()

    unsynced = transaction

    def sync(self) -> None:
        """Nothing here is on a disk."""
