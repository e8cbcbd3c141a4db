"""Implements Memory as named values. The names are only in this file (those of a chat
in core.store.notes.chat). Values are cached, since no other process writes here."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from core.model.chosen.setting import SettingQuestion
from core.model.exits.protection import Protection
from core.model.identity import Identity, Person, Rights
from core.model.market import ConId
from core.model.money import Money
from core.model.order import JOURNAL_NAME, OrderRef
from core.model.proposal import ProposalId
from core.model.scoring.score import Score
from core.model.status import Halt, Panic
from core.store.access import Access, Role
from core.store.bodies import (
    protections_from_json,
    protections_to_json,
    question_from_json,
    question_to_json,
    score_from_json,
    score_to_json,
)
from core.store.notes.chat import ChatNotes


DB_UUID: Final = "db_uuid"
ORDER_ID_HIGH: Final = "order_id_high"

ANSWER: Final = "card "
"""The prefix of the name for the card that answered a request; its key follows."""

_FORMER: Final = "former uuids"
_STALE: Final = "stale"
_HALTED: Final = "halted"
_OUTAGE: Final = "outage told"
_PANIC: Final = "panic"
_PROTECTIONS: Final = "exit plans"
_BOOTS: Final = "boots"
_PEOPLE: Final = "people"
_UNCLEAN: Final = "unclean starts"
_VALUE: Final = "account value "
_SCORE: Final = "score"
_SETTING_QUESTION: Final = "setting question of "
_RUNNING: Final = "running"
_BROKEN_BY: Final = "broken by"

_RECALL: Final = "SELECT v FROM meta WHERE k = ?"
_NAMED: Final = "SELECT k, v FROM meta WHERE k >= ? AND k < ?"
_REMEMBER: Final = """
INSERT INTO meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v
"""


class SqlMemory(Role, ChatNotes):
    """Implements Memory, and keeps what the journal must know about itself."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._known: dict[str, str | None] = {}
        access.followed_by(self)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._known.clear()

    def _recall(self, name: str) -> str | None:
        """The value of *name*; None if it was never set, or set to None."""
        if name not in self._known:
            self._known[name] = self._access.value(_RECALL, (name,))
        return self._known[name] or None

    def _remember(self, name: str, value: str | None) -> None:
        self._access.change(_REMEMBER, (name, value or ""))
        self._known[name] = value

    recall, remember = _recall, _remember

    # the journal itself

    def db_uuid(self) -> str:
        """The uuid of this database; "" before it was created."""
        return self._recall(DB_UUID) or ""

    def set_db_uuid(self, db_uuid: str) -> None:
        """Give this database a new uuid; its earlier names remain our own."""
        if before := self.db_uuid():
            former = f"{before} {self._recall(_FORMER) or ''}".strip()
            self._remember(_FORMER, former)
        self._remember(DB_UUID, db_uuid)

    def journal_names(self) -> tuple[str, ...]:
        uuids = f"{self.db_uuid()} {self._recall(_FORMER) or ''}"
        return tuple(uuid[:JOURNAL_NAME] for uuid in uuids.split())

    def stale(self) -> str | None:
        """Why it is not the database that was written last, until that is accepted."""
        return self._recall(_STALE)

    def set_stale(self, reason: str | None) -> None:
        self._remember(_STALE, reason)

    # orders

    def order_id_high(self) -> int:
        return int(self._recall(ORDER_ID_HIGH) or 0)

    def raise_order_id_high(self, to: int) -> None:
        self._remember(ORDER_ID_HIGH, str(to))

    def next_id_seen(self, identity: Identity) -> int | None:
        seen = self._recall(_next_id(identity))
        return None if seen is None else int(seen)

    def set_next_id_seen(self, identity: Identity, next_id: int) -> None:
        self._remember(_next_id(identity), str(next_id))

    def halts(self) -> tuple[Halt, ...]:
        kept = self._recall(_HALTED)
        if kept is None:
            return ()
        return tuple(
            Halt(at=datetime.fromisoformat(at), by=by, reason=reason, old_copy=any(old))
            for at, by, reason, *old in json.loads(kept)
        )

    def set_halts(self, halts: Iterable[Halt]) -> None:
        kept = [(h.at.isoformat(), h.by, h.reason, h.old_copy) for h in halts]
        self._remember(_HALTED, json.dumps(kept) if kept else None)

    def is_ghost(self, ref: str) -> bool:
        return self._recall(f"ghost {ref}") is not None

    def add_ghost(self, ref: str, text: str) -> None:
        self._remember(f"ghost {ref}", text)

    def is_unwanted(self, ref: OrderRef) -> bool:
        return self._recall(f"unwanted {ref}") is not None

    def add_unwanted(self, ref: OrderRef, text: str) -> None:
        self._remember(f"unwanted {ref}", text)

    def was_told(self, key: str) -> bool:
        return self._recall(f"told {key}") is not None

    def add_told(self, key: str) -> None:
        self._remember(f"told {key}", "yes")

    def was_seen(self, ref: OrderRef) -> bool:
        return self._recall(f"seen {ref}") is not None

    def add_seen(self, ref: OrderRef, text: str) -> None:
        self._remember(f"seen {ref}", text)

    def doubts(self, ref: OrderRef) -> int:
        return int(self._recall(f"doubts {ref}") or 0)

    def add_doubt(self, ref: OrderRef) -> None:
        self._remember(f"doubts {ref}", str(self.doubts(ref) + 1))

    # cards, outages, reports

    def answer_to(self, key: str) -> ProposalId | None:
        answer = self._recall(f"{ANSWER}{key}")
        return None if answer is None else ProposalId(answer)

    def add_answer(self, key: str, proposal_id: ProposalId) -> None:
        self._remember(f"{ANSWER}{key}", proposal_id)

    def panic(self) -> Panic | None:
        kept = json.loads(self._recall(_PANIC) or "null")
        if kept is None:
            return None
        at, by, key = kept
        return Panic(at=datetime.fromisoformat(at), by=by, key=key)

    def set_panic(self, panic: Panic | None) -> None:
        if panic is None:
            self._remember(_PANIC, None)
        else:
            kept = (panic.at.isoformat(), panic.by, panic.key)
            self._remember(_PANIC, json.dumps(kept))

    def outage_told(self) -> datetime | None:
        since = self._recall(_OUTAGE)
        return None if since is None else datetime.fromisoformat(since)

    def set_outage_told(self, since: datetime | None) -> None:
        self._remember(_OUTAGE, None if since is None else since.isoformat())

    def account_value(self, day: date) -> Money | None:
        value = self._recall(f"{_VALUE}{day.isoformat()}")
        return None if value is None else Money(Decimal(value))

    def set_account_value(self, day: date, value: Money) -> None:
        self._remember(f"{_VALUE}{day.isoformat()}", str(value))

    def account_values(self) -> tuple[tuple[date, Money], ...]:
        found = self._access.rows(_NAMED, (_VALUE, beyond(_VALUE)))
        days = ((name.removeprefix(_VALUE), value) for name, value in found)
        return tuple(
            sorted((date.fromisoformat(k), Money(Decimal(v))) for k, v in days)
        )

    def score(self) -> Score | None:
        body = self._recall(_SCORE)
        return None if body is None else score_from_json(body)

    def set_score(self, score: Score) -> None:
        self._remember(_SCORE, score_to_json(score))

    # exits

    def protections(self) -> tuple[Protection, ...]:
        return protections_from_json(self._recall(_PROTECTIONS) or "[]")

    def set_protection(self, protection: Protection) -> None:
        self._keep_protections((*self._others(protection.stands_for), protection))

    def drop_protection(self, con_id: ConId, *, account: str) -> None:
        self._keep_protections(self._others((account, con_id)))

    def _others(self, stands_for: tuple[str, ConId]) -> tuple[Protection, ...]:
        return tuple(p for p in self.protections() if p.stands_for != stands_for)

    def _keep_protections(self, kept: Iterable[Protection]) -> None:
        by_stock = sorted(kept, key=lambda each: each.stands_for)
        self._remember(_PROTECTIONS, protections_to_json(tuple(by_stock)))

    # what was asked about a setting

    def setting_question(self, asker: int) -> SettingQuestion | None:
        kept = self._recall(f"{_SETTING_QUESTION}{asker}")
        return None if kept is None else question_from_json(kept)

    def set_setting_question(
        self, asker: int, question: SettingQuestion | None
    ) -> None:
        kept = None if question is None else question_to_json(question)
        self._remember(f"{_SETTING_QUESTION}{asker}", kept)

    # people

    def people(self) -> tuple[Person, ...]:
        kept = json.loads(self._recall(_PEOPLE) or "[]")
        return tuple(Person(number=n, rights=Rights(rights)) for n, rights in kept)

    def set_people(self, people: Iterable[Person]) -> None:
        kept = [(each.number, each.rights) for each in people]
        self._remember(_PEOPLE, json.dumps(kept))

    def of_chat(self, chat: int) -> "OtherChat":
        return OtherChat(self, chat)

    # runs

    def boots(self) -> int:
        return int(self._recall(_BOOTS) or 0)

    def unclean_starts(self) -> tuple[datetime, ...]:
        kept = json.loads(self._recall(_UNCLEAN) or "[]")
        return tuple(datetime.fromisoformat(text) for text in kept)

    def is_running(self) -> bool:
        return self._recall(_RUNNING) is not None

    def broken_by(self) -> str | None:
        return self._recall(_BROKEN_BY)

    def break_run(self, reason: str) -> None:
        self._remember(_RUNNING, "yes")
        self._remember(_BROKEN_BY, reason)

    def begin_run(self, *, unclean_starts: Iterable[datetime]) -> None:
        self._remember(_BOOTS, str(self.boots() + 1))
        self._remember(_UNCLEAN, json.dumps([at.isoformat() for at in unclean_starts]))
        self._remember(_RUNNING, "yes")
        self._remember(_BROKEN_BY, None)

    def end_run(self) -> None:
        self._remember(_RUNNING, None)


def beyond(prefix: str) -> str:
    """The first text that sorts after all texts beginning with *prefix*."""
    return f"{prefix[:-1]}{chr(ord(prefix[-1]) + 1)}"


class OtherChat(ChatNotes):
    """The notes of a chat other than the owner's, with names of its own."""

    def __init__(self, memory: SqlMemory, chat: int) -> None:
        self._memory, self._chat = memory, chat

    def _recall(self, name: str) -> str | None:
        return self._memory.recall(f"{name} of {self._chat}")

    def _remember(self, name: str, value: str | None) -> None:
        self._memory.remember(f"{name} of {self._chat}", value)


def _next_id(identity: Identity) -> str:
    login = ",".join(identity.accounts)
    return f"next id {identity.gateway} {login} {identity.client_id}"
