"""Ports to the news that waits to be sent, and to where in a chat it stands.

Tested by tests/contracts/store. Methods marked *write* only work inside ``transaction()``
of any role of the same store."""

from typing import Protocol

from core.model.news import News, OutboxItem
from core.model.proposal import Shown
from core.ports.transactions import Transactions, UnsyncedTransactions


class UnsentNews(Protocol):
    """The news of the outbox, to look at."""

    def unsent(self) -> tuple[OutboxItem, ...]:
        """News to be sent, oldest first."""

    def news(self, key: str) -> News | None:
        """The news with this key, sent or not; None if it is not kept."""


class Notices(Protocol):
    """Where news for the owner is left."""

    def notify(self, news: News) -> None:
        """*write* Store *news* to be sent. News in REDRAWN with a known key gets a new
        edition; any other known key changes nothing."""


class Places(UnsyncedTransactions, Protocol):
    """Where in the chat the result for a key is or will be shown."""

    def placed(self, key: str) -> Shown | None:
        """The place of the placeholder with this key, None if there is none."""

    def place(self, key: str, shown: Shown) -> None:
        """*write*"""


class OpenPlaces(Places, Protocol):
    """Also lists and removes the placeholders that have no result."""

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        """Placeholders without news so far, by key."""

    def unplace(self, key: str) -> None:
        """*write* The placeholder of *key* is gone."""


class SentMarks(Transactions, Protocol):
    """Marks news as sent."""

    def mark_sent(self, news: News, *, edition: int, message: int | None) -> None:
        """*write* This edition is in the chat; a newer one stays unsent."""

    def set_message(self, news: News, *, message: int) -> None:
        """*write* The news has this message in the chat, whatever it shows so far."""


class OutboxStore(OpenPlaces, Notices, UnsentNews, SentMarks, Protocol):
    """The durable outbox: news to be sent, and the message of each."""


class SentNews(Protocol):
    """What was sent to further people's chats, to look up."""

    def told_at(self, shown: Shown) -> str | None:
        """The key of the news in that message, in a chat other than the owner's."""


class ChatOutboxes(Protocol):
    """Finds the outbox of a chat other than the owner's."""

    def of_chat(self, chat: int) -> OutboxStore:
        """The outbox with the same news for another chat, which has no placeholders."""


class NewsChats(Protocol):
    """Which further chats news is sent to."""

    def begin_chat(self, chat: int) -> None:
        """*write* Begin a chat: later news is sent there too, until ``end_chat``."""

    def end_chat(self, chat: int) -> None:
        """*write* Send nothing more there, and forget what was sent."""


class OutboxOfChats(OutboxStore, SentNews, ChatOutboxes, NewsChats, Protocol):
    """The owner's outbox, and those of other chats; each sends all news once."""
