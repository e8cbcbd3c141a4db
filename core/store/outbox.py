"""News to be sent, and the places of placeholders (W6)."""

from typing import Final

from core.model.errors import Contradiction
from core.model.news import REDRAWN, News, OutboxItem
from core.model.proposal import Shown
from core.store.access import Access, Role, Row
from core.store.bodies import kind_of, news_from_json, news_to_json
from core.store.cached.chats_to_tell import ChatsToTell


_ADD_ONCE: Final = """
INSERT INTO outbox (key, kind, payload, turn, edition, told)
VALUES (?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM outbox), 1, 0)
ON CONFLICT DO NOTHING
"""
_ADD_AGAIN: Final = """
INSERT INTO outbox (key, kind, payload, turn, edition, told)
VALUES (?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM outbox), 1, 0)
ON CONFLICT (key) DO UPDATE SET
    payload = excluded.payload,
    turn = CASE WHEN told < edition THEN turn ELSE excluded.turn END,
    edition = edition + 1
"""
UNSENT: Final = "told < edition"
"""News that waits to be sent; outbox_untold is its index."""

_NEWS: Final = "SELECT kind, payload FROM outbox WHERE key = ?"
_UNSENT: Final = f"SELECT * FROM outbox WHERE {UNSENT} ORDER BY turn, key"  # noqa: S608  our own words
_MARK_SENT: Final = """
UPDATE outbox SET
    message_id = coalesce(:message, message_id),
    told = max(told, :edition)
WHERE key = :key
"""
_NOTE: Final = """
UPDATE outbox SET message_id = coalesce(:message, message_id) WHERE key = :key
"""
_PLACED: Final = "SELECT * FROM placeholder WHERE key = ?"
_OPEN: Final = """
SELECT * FROM placeholder WHERE NOT EXISTS
    (SELECT 1 FROM outbox WHERE outbox.message_id = placeholder.message_id)
ORDER BY message_id
"""
_UNPLACE: Final = "DELETE FROM placeholder WHERE key = ?"
_PLACE: Final = """
INSERT INTO placeholder (key, owner_id, chat_id, message_id) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    owner_id = excluded.owner_id,
    chat_id = excluded.chat_id,
    message_id = excluded.message_id
"""

_FORGET_CHAT: Final = "DELETE FROM copy WHERE chat_id = :chat"
_UNPLACE_CHAT: Final = "DELETE FROM placeholder WHERE chat_id = :chat"
_TOLD_AT: Final = "SELECT key FROM copy WHERE chat_id = ? AND message_id = ?"
_ADD_TO_CHATS: Final = """
INSERT INTO copy (key, chat_id, told, edition)
SELECT outbox.key, chat.chat_id, 0, outbox.edition
FROM chat JOIN outbox ON outbox.key = ? WHERE true
ON CONFLICT (key, chat_id) DO UPDATE SET edition = excluded.edition
"""
_UNSENT_THERE: Final = """
SELECT outbox.*, copy.message_id AS there
FROM copy JOIN outbox ON outbox.key = copy.key
WHERE copy.chat_id = ? AND copy.told < copy.edition
ORDER BY outbox.turn, outbox.key
"""
_MARK_SENT_THERE: Final = """
UPDATE copy SET
    told = max(told, :edition),
    message_id = coalesce(:message, message_id)
WHERE key = :key AND chat_id = :chat
"""


class SqlOutbox(Role):
    """Implements OutboxStore."""

    def __init__(self, access: Access, chats: ChatsToTell | None = None) -> None:
        super().__init__(access)
        self._chats = chats or ChatsToTell(access)

    def notify(self, news: News) -> None:
        """Add or renew *news*; news that still waits keeps its position."""
        statement = _ADD_AGAIN if isinstance(news, REDRAWN) else _ADD_ONCE
        row = (news.key, kind_of(news), news_to_json(news))
        if self._access.change(statement, row) and self._chats.all():
            self._access.change(_ADD_TO_CHATS, (news.key,))

    def unsent(self) -> tuple[OutboxItem, ...]:
        return tuple(
            OutboxItem(
                news=news_from_json(row["kind"], row["payload"]),
                edition=row["edition"],
                message=row["message_id"],
            )
            for row in self._access.rows(_UNSENT)
        )

    def news(self, key: str) -> News | None:
        row = self._access.row(_NEWS, (key,))
        return None if row is None else news_from_json(row["kind"], row["payload"])

    def of_chat(self, chat: int) -> "SqlCopies":
        return SqlCopies(self._access, chat, self._chats)

    def begin_chat(self, chat: int) -> None:
        self._chats.begin(chat)

    def end_chat(self, chat: int) -> None:
        self._chats.end(chat)
        self._access.change(_FORGET_CHAT, {"chat": chat})
        self._access.change(_UNPLACE_CHAT, {"chat": chat})

    def told_at(self, shown: Shown) -> str | None:
        if shown.chat not in self._chats.all():
            return None
        key: str | None = self._access.value(_TOLD_AT, (shown.chat, shown.message))
        return key

    def mark_sent(self, news: News, *, edition: int, message: int | None) -> None:
        """Raises Contradiction: the news was never to be told."""
        self._note(_MARK_SENT, news, message=message, edition=edition)

    def set_message(self, news: News, *, message: int) -> None:
        """Raises Contradiction: the news was never to be told."""
        self._note(_NOTE, news, message=message)

    def _note(
        self, change: str, news: News, *, message: int | None, **about: int
    ) -> None:
        about_it = {"key": news.key, "message": message, **about}
        if self._access.change(change, about_it) != 1:
            raise Contradiction(f"The news {news.key} was never to be told.")

    def placed(self, key: str) -> Shown | None:
        row = self._access.row(_PLACED, (key,))
        return None if row is None else _shown(row)

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        return tuple((row["key"], _shown(row)) for row in self._access.rows(_OPEN))

    def unplace(self, key: str) -> None:
        self._access.change(_UNPLACE, (key,))

    def place(self, key: str, shown: Shown) -> None:
        self._access.change(_PLACE, (key, shown.owner, shown.chat, shown.message))


class SqlCopies(SqlOutbox):
    """The same news for another chat, with rows of its own for what was sent there."""

    def __init__(self, access: Access, chat: int, chats: ChatsToTell) -> None:
        super().__init__(access, chats)
        self._chat = chat

    def unsent(self) -> tuple[OutboxItem, ...]:
        return tuple(
            OutboxItem(
                news=news_from_json(row["kind"], row["payload"]),
                edition=row["edition"],
                message=row["there"],
            )
            for row in self._access.rows(_UNSENT_THERE, (self._chat,))
        )

    def mark_sent(self, news: News, *, edition: int, message: int | None) -> None:
        about = {"key": news.key, "chat": self._chat}
        told = {**about, "edition": edition, "message": message}
        self._access.change(_MARK_SENT_THERE, told)

    def set_message(self, news: News, *, message: int) -> None:
        self.mark_sent(news, edition=0, message=message)

    def placed(self, key: str) -> Shown | None:
        return super().placed(self._own(key))

    def place(self, key: str, shown: Shown) -> None:
        super().place(self._own(key), shown)

    def unplace(self, key: str) -> None:
        super().unplace(self._own(key))

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        return ()

    def _own(self, key: str) -> str:
        return f"{self._chat}/{key}"


def _shown(row: Row) -> Shown:
    return Shown(owner=row["owner_id"], chat=row["chat_id"], message=row["message_id"])
