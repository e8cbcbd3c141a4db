"""News to be told, and where placeholders stand (W6)."""

from sqlalchemy import ColumnElement, Connection, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from core.model.errors import Contradiction
from core.model.news import CardChanged, News, OutboxItem, ReportReady
from core.model.proposal import Shown
from core.store.bodies import kind_of, news_from_json, news_to_json
from core.store.tables import outbox, placeholder


def tell(on: Connection, news: News) -> None:
    """A new edition waits for its turn; one that still waits keeps its turn."""
    row = insert(outbox).values(
        key=news.key,
        kind=kind_of(news),
        payload=news_to_json(news),
        turn=_next_turn(on),
        edition=1,
        told=0,
        tries=0,
    )
    if isinstance(news, CardChanged | ReportReady):
        waits = outbox.c.told < outbox.c.edition
        on.execute(
            row.on_conflict_do_update(
                index_elements=[outbox.c.key],
                set_={
                    "payload": row.excluded.payload,
                    "turn": case((waits, outbox.c.turn), else_=row.excluded.turn),
                    "edition": outbox.c.edition + 1,
                    "tries": 0,
                },
            )
        )
    else:
        on.execute(row.on_conflict_do_nothing())


def _next_turn(on: Connection) -> int:
    return (on.execute(select(func.max(outbox.c.turn))).scalar() or 0) + 1


def untold(on: Connection) -> tuple[OutboxItem, ...]:
    rows = on.execute(
        select(outbox)
        .where(outbox.c.told < outbox.c.edition)
        .order_by(outbox.c.turn, outbox.c.key)
    )
    return tuple(
        OutboxItem(
            news=news_from_json(row.kind, row.payload),
            edition=row.edition,
            message=row.message_id,
            tries=row.tries,
        )
        for row in rows
    )


def told(on: Connection, news: News, *, edition: int, message: int | None) -> None:
    newest = case((outbox.c.told > edition, outbox.c.told), else_=edition)
    _note(on, news, message, told=newest)


def tried(on: Connection, news: News, *, edition: int, message: int | None) -> None:
    """A try of an edition that has been replaced meanwhile does not count."""
    counted = case(
        (outbox.c.edition == edition, outbox.c.tries + 1), else_=outbox.c.tries
    )
    _note(on, news, message, tries=counted)


def _note(
    on: Connection, news: News, message: int | None, **values: ColumnElement[int]
) -> None:
    stands = func.coalesce(message, outbox.c.message_id)
    changed = on.execute(
        update(outbox)
        .where(outbox.c.key == news.key)
        .values(message_id=stands, **values)
    )
    if changed.rowcount != 1:
        raise Contradiction(f"The news {news.key} was never to be told.")


def placed(on: Connection, key: str) -> Shown | None:
    row = on.execute(select(placeholder).where(placeholder.c.key == key)).one_or_none()
    if row is None:
        return None
    return Shown(owner=row.owner_id, chat=row.chat_id, message=row.message_id)


def place(on: Connection, key: str, shown: Shown) -> None:
    spot = {
        "owner_id": shown.owner,
        "chat_id": shown.chat,
        "message_id": shown.message,
    }
    on.execute(
        insert(placeholder)
        .values(key=key, **spot)
        .on_conflict_do_update(index_elements=[placeholder.c.key], set_=spot)
    )
