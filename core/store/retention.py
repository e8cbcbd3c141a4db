"""What the journal forgets, and how large it is. The audit trail is no part of it: the
database refuses to delete from it. Nor are orders of which a share was filled, and
recorded scans, since the score may not depend on what was bought."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Delete,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
)

from core.model.audit import JournalSize
from core.model.order import SETTLED
from core.model.proposal import ProposalState
from core.store.access import Access, Role
from core.store.inbox import UNFINISHED
from core.store.memory import ANSWER
from core.store.outbox import UNTOLD
from core.store.tables import (
    event,
    execution,
    inbox,
    intent,
    meta,
    outbox,
    placeholder,
    proposal,
)


_OLD_UPDATES: Final = (
    select(inbox.c.update_id)
    .where(inbox.c.state != UNFINISHED, inbox.c.received_at < bindparam("before"))
    .order_by(inbox.c.received_at)
    .limit(bindparam("most"))
)
_FORGET_UPDATES: Final = delete(inbox).where(inbox.c.update_id.in_(_OLD_UPDATES))

_CARD_NEWS: Final = ("card:", "settled:", "asked-again:")
"""How the keys begin of the news of a card; its id follows."""

_ITS_ORDERS: Final = intent.c.proposal_id == proposal.c.id
_CAN_STILL_COUNT: Final = exists().where(_ITS_ORDERS, intent.c.state.not_in(SETTLED))
_WAS_FILLED: Final = exists().where(_ITS_ORDERS, execution.c.ref == intent.c.ref)
_IS_TO_BE_TOLD: Final = exists().where(
    UNTOLD, func.instr(outbox.c.key, proposal.c.id) > literal(0)
)
_OLD_CARDS: Final = (
    select(proposal.c.id)
    .where(
        proposal.c.made_at < bindparam("before"),
        proposal.c.state != ProposalState.OFFERED,
        ~_CAN_STILL_COUNT,
        ~_WAS_FILLED,
        ~_IS_TO_BE_TOLD,
    )
    .order_by(proposal.c.made_at)
    .limit(bindparam("most"))
)
_ANSWERS: Final = select(meta.c.k).where(
    meta.c.k.startswith(ANSWER), meta.c.v.in_(bindparam("names", expanding=True))
)
_BORN: Final = select(event.c.ts).order_by(event.c.seq).limit(1)


class SqlRetention(Role):
    """Implements Retention."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._all = access

    def forget_updates(self, *, before: datetime, most: int) -> int:
        which = {"before": before, "most": most}
        return self._writing.execute(_FORGET_UPDATES, which).rowcount

    def forget_cards(self, *, before: datetime, most: int) -> int:
        which = {"before": before, "most": most}
        cards = list(self._writing.execute(_OLD_CARDS, which).scalars())
        if cards:
            self._forget(cards)
            self._all.forget()
        return len(cards)

    def _forget(self, cards: list[str]) -> None:
        """With all that hangs on them: keys of others refuse it before."""
        answers = list(self._writing.execute(_ANSWERS, {"names": cards}).scalars())
        places = [answer.removeprefix(ANSWER) for answer in answers]
        news = [f"{kind}{card}" for card in cards for kind in _CARD_NEWS]
        for table, names in (
            (intent.c.proposal_id, cards),
            (outbox.c.key, news),
            (placeholder.c.key, [*places, *news]),
            (meta.c.k, answers),
            (proposal.c.id, cards),
        ):
            self._writing.execute(_rows_of(table, names))

    def size(self) -> JournalSize:
        pages = self._pragma("page_count") - self._pragma("freelist_count")
        born = self._reading.execute(_BORN).scalar()
        return JournalSize(bytes=pages * self._pragma("page_size"), since=_moment(born))

    def _pragma(self, name: str) -> int:
        return int(self._reading.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _rows_of(column: Column[Any], names: Iterable[str]) -> Delete:
    return delete(column.table).where(column.in_(list(names)))


def _moment(text: str | None) -> datetime | None:
    """When it was written; None where somebody has been at it."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
