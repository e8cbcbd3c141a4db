"""What must be remembered beside orders and cards, by what it means.

Methods marked *write* only work inside a transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from core.model.exits.protection import Protection
from core.model.halt import Halt, Panic
from core.model.identity import Identity, Person
from core.model.market import ConId
from core.model.money import Money
from core.model.news import ChatSend
from core.model.order import OrderRef
from core.model.proposal import ProposalId
from core.model.scoring.score import Score
from core.ports.settings import QuestionMemory
from core.ports.transactions import Transactions


class OwnNames(Protocol):
    """What the journal is called in the refs of its orders: a piece of its uuid."""

    def journal_names(self) -> tuple[str, ...]:
        """The present one first; then those from before it was accepted."""


class HaltReader(Protocol):
    """Looks up what holds back every order."""

    def halts(self) -> tuple[Halt, ...]:
        """Why nothing may be sent until the owner resumes, oldest first; empty when
        it may."""


class HaltMemory(HaltReader, Protocol):
    """What holds back every order."""

    def set_halts(self, halts: Iterable[Halt]) -> None:
        """*write*"""


class OrderIdHigh(Protocol):
    """The order ids that were given away."""

    def order_id_high(self) -> int:
        """The highest order id that was ever given to an order; 0 before the first."""


class OtherMemory(OwnNames, OrderIdHigh, Protocol):
    """Whom we met beside us, and what was told of it."""

    def next_id_seen(self, identity: Identity) -> int | None:
        """The next order id that IB named last in this name; None before the first."""

    def set_next_id_seen(self, identity: Identity, next_id: int) -> None:
        """*write*"""

    def is_ghost(self, ref: str) -> bool:
        """Whether an order with this ref, unknown here, was met and told before."""

    def add_ghost(self, ref: str, text: str) -> None:
        """*write*"""

    def was_told(self, key: str) -> bool:
        """Whether news with this key, which is told once for ever, has been."""

    def add_told(self, key: str) -> None:
        """*write*"""


class SeenOrders(Protocol):
    """Which orders exist by the owner's word."""

    def was_seen(self, ref: OrderRef) -> bool:
        """Whether the owner has said that the order is there."""


class OrderMemory(OrderIdHigh, SeenOrders, Protocol):
    """What the ledger must never forget of orders: ids given away, and ghosts."""

    def raise_order_id_high(self, to: int) -> None:
        """*write*"""

    def is_unwanted(self, ref: OrderRef) -> bool:
        """R16. Whether the order lives at IB although the owner was told that it
        never would."""

    def add_unwanted(self, ref: OrderRef, text: str) -> None:
        """*write*"""

    def add_seen(self, ref: OrderRef, text: str) -> None:
        """*write*"""


class CardMemory(OwnNames, Protocol):
    """Which request has its card."""

    def answer_to(self, key: str) -> ProposalId | None:
        """The card that answered the request *key*; None while it has none."""

    def add_answer(self, key: str, proposal_id: ProposalId) -> None:
        """*write*"""


class PanicMemory(Protocol):
    """What the owner has been promised: a card that asks whether to sell all."""

    def panic(self) -> Panic | None:
        """The panic whose card does not stand yet; None when there is none."""

    def set_panic(self, panic: Panic | None) -> None:
        """*write*"""


class ProtectionReader(Protocol):
    """Looks up which exits stand for what is held."""

    def protections(self) -> tuple[Protection, ...]:
        """One for each stock of an account, by their accounts and stocks' numbers."""


class ProtectionMemory(ProtectionReader, Protocol):
    """Which exits stand for what is held."""

    def set_protection(self, protection: Protection) -> None:
        """*write* In the place of the last one of its stock in its account."""

    def drop_protection(self, con_id: ConId, *, account: str) -> None:
        """*write* The stock has no exit plan in *account* any more."""


class OutageMemory(Protocol):
    """The outage that the owner knows of."""

    def outage_told(self) -> datetime | None:
        """When it began (UTC); None when he knows of none."""

    def set_outage_told(self, since: datetime | None) -> None:
        """*write*"""


class ChatMemory(Protocol):
    """The message that was handed to the chat last: a stop may leave it in doubt."""

    def chat_send(self) -> ChatSend | None:
        """None when it was refused, or there was none yet."""

    def set_chat_send(self, send: ChatSend | None) -> None:
        """*write*"""

    def muted_until(self) -> datetime | None:
        """Until when (UTC) nothing rings that can wait; None when nobody asked."""

    def set_muted_until(self, until: datetime | None) -> None:
        """*write*"""

    def has_keyboard(self) -> bool:
        """Whether its owner wants keys below the message box."""

    def set_keyboard(self, *, on: bool) -> None:
        """*write*"""

    def held(self) -> tuple[str, ...]:
        """The keys of the news that waits until it is not quiet any more."""

    def set_held(self, keys: Iterable[str]) -> None:
        """*write*"""

    def giving(self) -> tuple[str, ...]:
        """The keys of the news that one message is to give, which were held."""

    def set_giving(self, keys: Iterable[str]) -> None:
        """*write*"""


class PeopleMemory(Protocol):
    """Who may look or act beside the owner of the settings."""

    def people(self) -> tuple[Person, ...]:
        """In the order in which they were added."""

    def set_people(self, people: Iterable[Person]) -> None:
        """*write*"""

    def of_chat(self, chat: int) -> ChatMemory:
        """The same of another chat than the owner's."""


class ReportMemory(Protocol):
    """What a report compares with."""

    def account_value(self, day: date) -> Money | None:
        """What the account was worth in the report of *day*, in dollars."""

    def account_values(self) -> tuple[tuple[date, Money], ...]:
        """Of every report that has one, the oldest first."""

    def set_account_value(self, day: date, value: Money) -> None:
        """*write*"""

    def was_told(self, key: str) -> bool:
        """Whether the report with this key has stood with IB's figures in it."""

    def add_told(self, key: str) -> None:
        """*write*"""


class ScoreMemory(Protocol):
    """What the recordings said when they were last looked at as a whole."""

    def score(self) -> Score | None: ...
    def set_score(self, score: Score) -> None:
        """*write*"""


class RunMemory(Transactions, Protocol):
    """The runs of this process: how many, and how they ended."""

    def boots(self) -> int:
        """How many runs there have been."""

    def unclean_starts(self) -> tuple[datetime, ...]:
        """When (UTC) a run began after one that had not ended well."""

    def is_running(self) -> bool:
        """Whether a run has begun and not ended well."""

    def broken_by(self) -> str | None:
        """Why the run before did not end well, in words; None when it did not say, and
        when it ended well."""

    def break_run(self, reason: str) -> None:
        """*write* The run ends, and not well."""

    def begin_run(self, *, unclean_starts: Iterable[datetime]) -> None:
        """*write* Count a run that begins now."""

    def end_run(self) -> None:
        """*write* The run ends well."""


class Memory(
    HaltMemory,
    OtherMemory,
    OrderMemory,
    CardMemory,
    PanicMemory,
    ProtectionMemory,
    OutageMemory,
    ReportMemory,
    ScoreMemory,
    ChatMemory,
    QuestionMemory,
    PeopleMemory,
    RunMemory,
    Protocol,
):
    """All of it, for whoever hands it out."""
