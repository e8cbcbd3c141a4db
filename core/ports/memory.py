"""What must be remembered besides orders and cards, one protocol for each purpose.

Methods marked *write* only work inside a transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from core.model.exits.protection import Protection
from core.model.identity import Identity, Person
from core.model.market import ConId
from core.model.money import Money
from core.model.news import ChatSend
from core.model.order import OrderRef
from core.model.proposal import ProposalId
from core.model.scoring.score import Score
from core.model.status import Halt, Panic
from core.ports.settings import QuestionMemory
from core.ports.transactions import Transactions


class OwnNames(Protocol):
    """The names of the journal in the refs of its orders: a part of its uuid."""

    def journal_names(self) -> tuple[str, ...]:
        """The current name first; then those from before a restored copy was
        accepted."""


class HaltReader(Protocol):
    """Reads the halts."""

    def halts(self) -> tuple[Halt, ...]:
        """The halts in force, oldest first."""


class HaltMemory(HaltReader, Protocol):
    """The halts."""

    def set_halts(self, halts: Iterable[Halt]) -> None:
        """*write*"""


class OrderIdHigh(Protocol):
    """The order ids that were given away."""

    def order_id_high(self) -> int:
        """The highest order id that was ever given to an order; 0 before the first."""


class OrderNumbering(OwnNames, OrderIdHigh, Protocol):
    """What makes the names and numbers of a new order unique."""


class OtherMemory(OrderNumbering, Protocol):
    """Other programs that were noticed, and what was told about them."""

    def next_id_seen(self, identity: Identity) -> int | None:
        """The next order id that IB last named under this identity; None before the
        first."""

    def set_next_id_seen(self, identity: Identity, next_id: int) -> None:
        """*write*"""

    def is_ghost(self, ref: str) -> bool:
        """Whether an unknown order with this ref was reported before."""

    def add_ghost(self, ref: str, text: str) -> None:
        """*write*"""

    def was_told(self, key: str) -> bool:
        """Whether news with this key, which is told only once, was told."""

    def add_told(self, key: str) -> None:
        """*write*"""


class SeenOrders(Protocol):
    """The orders that exist according to the owner."""

    def was_seen(self, ref: OrderRef) -> bool:
        """Whether the owner has said that the order is there."""


class OrderMemory(OrderIdHigh, SeenOrders, Protocol):
    """What the ledger must remember about orders: the highest id, and unexpected
    orders."""

    def raise_order_id_high(self, to: int) -> None:
        """*write*"""

    def is_unwanted(self, ref: OrderRef) -> bool:
        """R16. Whether the order is alive at IB although it was reported as absent."""

    def add_unwanted(self, ref: OrderRef, text: str) -> None:
        """*write*"""

    def add_seen(self, ref: OrderRef, text: str) -> None:
        """*write*"""

    def doubts(self, ref: OrderRef) -> int:
        """How many times it was in doubt whether the order exists."""

    def add_doubt(self, ref: OrderRef) -> None:
        """*write*"""


class CardMemory(OwnNames, Protocol):
    """Which card answered which request."""

    def answer_to(self, key: str) -> ProposalId | None:
        """The card that answered the request *key*; None while it has none."""

    def add_answer(self, key: str, proposal_id: ProposalId) -> None:
        """*write*"""


class PanicMemory(Protocol):
    """The panic whose card is still owed."""

    def panic(self) -> Panic | None:
        """The panic whose card is not shown yet; None if there is none."""

    def set_panic(self, panic: Panic | None) -> None:
        """*write*"""


class ProtectionReader(Protocol):
    """Reads the exit plans in force."""

    def protections(self) -> tuple[Protection, ...]:
        """One for each account and stock, ordered by account and contract number."""


class ProtectionMemory(ProtectionReader, Protocol):
    """The exit plans in force."""

    def set_protection(self, protection: Protection) -> None:
        """*write* Replace the protection of its stock in its account."""

    def drop_protection(self, con_id: ConId, *, account: str) -> None:
        """*write* The stock has no exit plan in *account* any more."""


class OutageMemory(Protocol):
    """The outage that was reported to the owner."""

    def outage_told(self) -> datetime | None:
        """When it began (UTC); None if none is reported."""

    def set_outage_told(self, since: datetime | None) -> None:
        """*write*"""


class LastSend(Protocol):
    """The last message that was handed to one chat."""

    def chat_send(self) -> ChatSend | None:
        """The message handed to the chat last, which a stop may leave in doubt; None if
        it was refused, or there was none yet."""

    def set_chat_send(self, send: ChatSend | None) -> None:
        """*write*"""


class KeyboardMemory(Protocol):
    """Whether one chat has keys below its message box."""

    def has_keyboard(self) -> bool:
        """Whether its owner wants keys below the message box."""

    def set_keyboard(self, *, on: bool) -> None:
        """*write*"""


class HeldNews(Protocol):
    """What is held back in one chat, and until when."""

    def muted_until(self) -> datetime | None:
        """Until when (UTC) the chat is muted; None if it is not."""

    def set_muted_until(self, until: datetime | None) -> None:
        """*write*"""

    def held(self) -> tuple[str, ...]:
        """The keys of the news that is held until the quiet hours end."""

    def set_held(self, keys: Iterable[str]) -> None:
        """*write*"""

    def giving(self) -> tuple[str, ...]:
        """The keys of held news that is being given in one message."""

    def set_giving(self, keys: Iterable[str]) -> None:
        """*write*"""


class ChatMemory(LastSend, KeyboardMemory, HeldNews, Protocol):
    """What must be remembered of one chat."""


class ChatMemories(Protocol):
    """Finds the memory of a chat."""

    def of_chat(self, chat: int) -> ChatMemory:
        """The memory of a chat other than the owner's."""


class PeopleMemory(Protocol):
    """The people who may look or act besides the owner in the settings."""

    def people(self) -> tuple[Person, ...]:
        """In the order in which they were added."""

    def set_people(self, people: Iterable[Person]) -> None:
        """*write*"""


class AccountValues(Protocol):
    """What a report compares with."""

    def account_value(self, day: date) -> Money | None:
        """The account's value in dollars in the report of *day* (New York date)."""

    def account_values(self) -> tuple[tuple[date, Money], ...]:
        """Of every report that has one, the oldest first."""


class ReportMemory(AccountValues, Protocol):
    """What a report leaves behind for later ones."""

    def set_account_value(self, day: date, value: Money) -> None:
        """*write*"""

    def was_told(self, key: str) -> bool:
        """Whether the report with this key was shown with IB's figures."""

    def add_told(self, key: str) -> None:
        """*write*"""


class ScoreReader(Protocol):
    """The last computed score, to look at."""

    def score(self) -> Score | None: ...


class ScoreMemory(ScoreReader, Protocol):
    """The last computed score."""

    def set_score(self, score: Score) -> None:
        """*write*"""


class RunStart(Transactions, Protocol):
    """What a run finds of those before it, and that it begins."""

    def unclean_starts(self) -> tuple[datetime, ...]:
        """When (UTC) runs began whose predecessor had not ended cleanly."""

    def is_running(self) -> bool:
        """Whether a run has begun and not ended cleanly."""

    def broken_by(self) -> str | None:
        """Why the previous run did not end cleanly; None if it recorded no reason, or
        ended cleanly."""

    def begin_run(self, *, unclean_starts: Iterable[datetime]) -> None:
        """*write* Count a run that begins now."""


class RunEnd(Transactions, Protocol):
    """How a run ends."""

    def break_run(self, reason: str) -> None:
        """*write* The run ends, and not well."""

    def end_run(self) -> None:
        """*write* The run ends well."""


class RunMemory(RunStart, RunEnd, Protocol):
    """The runs of this process: how many, and how they ended."""

    def boots(self) -> int:
        """How many runs there have been."""


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
    ChatMemories,
    QuestionMemory,
    PeopleMemory,
    RunMemory,
    Protocol,
):
    """All of it; each part is given only what it uses."""
