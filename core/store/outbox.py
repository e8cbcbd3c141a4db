"""News to be told, and where placeholders stand (W6)."""

from typing import Any, Final

from sqlalchemy import (
    Integer,
    Row,
    Update,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from core.model.errors import Contradiction
from core.model.news import REDRAWN, News, OutboxItem
from core.model.proposal import Shown
from core.store.access import Role
from core.store.bodies import kind_of, news_from_json, news_to_json
from core.store.tables import outbox, placeholder


_NEXT_TURN: Final = select(
    func.coalesce(func.max(outbox.c.turn), 0) + 1
).scalar_subquery()
_TELL: Final = insert(outbox).values(turn=_NEXT_TURN, edition=1, told=0, tries=0)
_TELL_ONCE: Final = _TELL.on_conflict_do_nothing()
_TELL_AGAIN: Final = _TELL.on_conflict_do_update(
    index_elements=[outbox.c.key],
    set_={
        "payload": _TELL.excluded.payload,
        "turn": case(
            (outbox.c.told < outbox.c.edition, outbox.c.turn),
            else_=_TELL.excluded.turn,
        ),
        "edition": outbox.c.edition + 1,
        "tries": 0,
    },
)
UNTOLD: Final = outbox.c.told < outbox.c.edition
"""News that waits to be told."""

_UNTOLD: Final = select(outbox).where(UNTOLD).order_by(outbox.c.turn, outbox.c.key)
_NOTE: Final = (
    update(outbox)
    .where(outbox.c.key == bindparam("this"))
    .values(message_id=func.coalesce(bindparam("message"), outbox.c.message_id))
)
_THIS: Final = bindparam("this_edition", type_=Integer)
_TOLD: Final = _NOTE.values(
    told=case((outbox.c.told > _THIS, outbox.c.told), else_=_THIS)
)
_TRIED: Final = _NOTE.values(
    tries=case((outbox.c.edition == _THIS, outbox.c.tries + 1), else_=outbox.c.tries)
)
_PLACED: Final = select(placeholder).where(placeholder.c.key == bindparam("this"))
_OPEN: Final = (
    select(placeholder)
    .where(
        placeholder.c.message_id.not_in(
            select(outbox.c.message_id).where(outbox.c.message_id.is_not(None))
        )
    )
    .order_by(placeholder.c.message_id)
)
_UNPLACE: Final = delete(placeholder).where(placeholder.c.key == bindparam("this"))
_SPOT: Final = insert(placeholder)
_PLACE: Final = _SPOT.on_conflict_do_update(
    index_elements=[placeholder.c.key],
    set_={name: _SPOT.excluded[name] for name in ("owner_id", "chat_id", "message_id")},
)


class SqlOutbox(Role):
    """Implements OutboxStore."""

    def tell(self, news: News) -> None:
        """A new edition waits for its turn; one that still waits keeps its turn."""
        redrawn = isinstance(news, REDRAWN)
        row = {"key": news.key, "kind": kind_of(news), "payload": news_to_json(news)}
        self._writing.execute(_TELL_AGAIN if redrawn else _TELL_ONCE, row)

    def untold(self) -> tuple[OutboxItem, ...]:
        return tuple(
            OutboxItem(
                news=news_from_json(row.kind, row.payload),
                edition=row.edition,
                message=row.message_id,
                tries=row.tries,
            )
            for row in self._reading.execute(_UNTOLD)
        )

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        self._note(_TOLD, news, message=message, this_edition=edition)

    def stands(self, news: News, *, message: int) -> None:
        self._note(_NOTE, news, message=message)

    def tried(self, news: News, *, edition: int, message: int | None) -> None:
        """A try of an edition that has been replaced meanwhile does not count."""
        self._note(_TRIED, news, message=message, this_edition=edition)

    def _note(
        self, change: Update, news: News, *, message: int | None, **about: int
    ) -> None:
        about_it = {"this": news.key, "message": message, **about}
        if self._writing.execute(change, about_it).rowcount != 1:
            raise Contradiction(f"The news {news.key} was never to be told.")

    def placed(self, key: str) -> Shown | None:
        row = self._reading.execute(_PLACED, {"this": key}).one_or_none()
        if row is None:
            return None
        return _shown(row)

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        return tuple((row.key, _shown(row)) for row in self._reading.execute(_OPEN))

    def unplace(self, key: str) -> None:
        self._writing.execute(_UNPLACE, {"this": key})

    def place(self, key: str, shown: Shown) -> None:
        spot = {
            "key": key,
            "owner_id": shown.owner,
            "chat_id": shown.chat,
            "message_id": shown.message,
        }
        self._writing.execute(_PLACE, spot)


def _shown(row: Row[Any]) -> Shown:
    return Shown(owner=row.owner_id, chat=row.chat_id, message=row.message_id)
