"""Orders of ours and their fills: one order for a stock of a card, one for an order
id, one row for a fill, whatever is repeated (W2 to W5)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import Insert, insert

from core.model.errors import Contradiction
from core.model.exits.plan import ExitKind
from core.model.fills import BY_WORD, Fill
from core.model.market import ConId, Instrument, OrderType, Side
from core.model.money import Money, Price, Shares
from core.model.order import SETTLED, Order, OrderRef, OrderState
from core.model.proposal import ProposalId
from core.store.access import Access, Role
from core.store.tables import execution, intent


_ADD: Final = insert(intent)
_CHANGE: Final = update(intent).where(
    intent.c.ref == bindparam("this"), intent.c.state == bindparam("was")
)
_MADE: Final = literal_column("intent.rowid", Integer)  # SQLite counts upwards
_FILL: Final = ("exec_id", "place", "qty", "price", "ts", "commission", "currency")


def _keep_fill() -> Insert:
    """By stem: a correction takes the place of what it corrects, in its order."""
    row = insert(execution)
    return row.on_conflict_do_update(
        index_elements=[execution.c.exec_stem],
        set_={name: row.excluded[name] for name in _FILL},
        where=execution.c.ref == row.excluded.ref,
    )


_KEEP_FILL: Final = _keep_fill()
_DROP_WORD: Final = delete(execution).where(
    execution.c.ref == bindparam("this"),
    execution.c.exec_stem.startswith(BY_WORD, autoescape=True),
)


_WITH_FILLS: Final = select(
    intent, *(execution.c[name].label(f"fill_{name}") for name in _FILL)
).select_from(intent.outerjoin(execution, execution.c.ref == intent.c.ref))
"""A row for each fill; an order without one has a row, too."""

_ALL: Final = _WITH_FILLS.order_by(_MADE, execution.c.place)
_BY_REF: Final = _ALL.where(intent.c.ref == bindparam("this"))
_BY_ID: Final = _ALL.where(
    intent.c.client_id == bindparam("client"), intent.c.order_id == bindparam("number")
)
_BY_EXEC: Final = _ALL.where(
    intent.c.ref.in_(
        select(execution.c.ref).where(execution.c.exec_stem == bindparam("stem"))
    )
)
_OF_STOCK: Final = _ALL.where(intent.c.con_id == bindparam("stock"))
_IN_STATES: Final = _ALL.where(intent.c.state.in_(bindparam("states", expanding=True)))
_OF_PROPOSAL: Final = _WITH_FILLS.where(
    intent.c.proposal_id == bindparam("card"), intent.c.exit.is_(None)
).order_by(intent.c.leg, execution.c.place)
_EXITS_OF: Final = _WITH_FILLS.where(
    intent.c.proposal_id == bindparam("card"), intent.c.exit.is_not(None)
).order_by(intent.c.leg, execution.c.place)
_COUNTING: Final = _ALL.where(
    intent.c.state.not_in(SETTLED)
    | intent.c.ref.in_(
        select(execution.c.ref).where(execution.c.ts >= bindparam("since"))
    )
)
_SENT_ON: Final = _ALL.where(intent.c.sent_day_ny == bindparam("day"))


_MOST_ANSWERS: Final = 100
"""A day's distinct questions between two writes are fewer."""


class SqlOrders(Role):
    """Implements Orders. An answer is known until the next order is written: no other
    process writes here."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._answers: dict[tuple[object, ...], tuple[Order, ...]] = {}
        access.followed_by(self)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._answers.clear()

    def add(self, order: Order) -> None:
        self._answers.clear()
        self._writing.execute(_ADD, _columns(order))
        if order.fills:
            self._keep_fills(order)

    def update(self, order: Order, *, was: OrderState) -> bool:
        self._answers.clear()
        here = {"this": order.ref, "was": was}
        if self._writing.execute(_CHANGE, {**here, **_columns(order)}).rowcount != 1:
            return False
        self._keep_fills(order)
        return True

    def _keep_fills(self, order: Order) -> None:
        if not any(fill.by_word for fill in order.fills):
            self._writing.execute(_DROP_WORD, {"this": order.ref})  # IB lists it itself
        for place, fill in enumerate(order.fills):
            row = {
                "exec_stem": fill.stem,
                "exec_id": fill.exec_id,
                "ref": order.ref,
                "place": place,
                "qty": fill.shares,
                "price": fill.price,
                "ts": fill.at,
                "commission": fill.commission,
                "currency": fill.currency,
            }
            if self._writing.execute(_KEEP_FILL, row).rowcount != 1:
                raise Contradiction(
                    f"Fill {fill.stem} belongs to another order already."
                )

    def by_ref(self, ref: OrderRef) -> Order | None:
        return _first(self._found(_BY_REF, this=ref))

    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None:
        return _first(self._found(_BY_ID, client=client_id, number=order_id))

    def by_exec(self, exec_id: str) -> Order | None:
        stem = exec_id.rpartition(".")[0] or exec_id  # as Fill.stem
        return _first(self._found(_BY_EXEC, stem=stem))

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        return self._found(_OF_STOCK, stock=con_id)

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        return self._found(_IN_STATES, states=tuple(states))

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        return self._found(_OF_PROPOSAL, card=proposal_id)

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        return self._found(_EXITS_OF, card=proposal_id)

    def sent_on(self, day: date) -> tuple[Order, ...]:
        return self._found(_SENT_ON, day=day)

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        return self._found(_COUNTING, since=at)

    def _found(self, query: Select[Any], **asked: Any) -> tuple[Order, ...]:
        question = (query, *asked.values())
        if question not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[question] = self._read(query, asked)
        return self._answers[question]

    def _read(self, query: Select[Any], asked: Mapping[str, Any]) -> tuple[Order, ...]:
        orders: dict[str, Row[Any]] = {}
        fills: dict[str, list[Fill]] = defaultdict(list)
        for row in self._reading.execute(query, dict(asked)):
            orders.setdefault(row.ref, row)
            if row.fill_exec_id is not None:
                fills[row.ref].append(_fill(row))
        return tuple(_order(row, tuple(fills[ref])) for ref, row in orders.items())


def _first(found: tuple[Order, ...]) -> Order | None:
    return found[0] if found else None


def _columns(order: Order) -> dict[str, Any]:
    return {
        "ref": order.ref,
        "proposal_id": order.proposal_id,
        "leg": order.leg,
        "con_id": order.instrument.con_id,
        "symbol": order.instrument.symbol,
        "exchange": order.instrument.exchange,
        "currency": order.instrument.currency,
        "side": order.side,
        "qty": order.shares,
        "tif": order.tif,
        "order_type": order.order_type,
        "limit_price": order.limit,
        "outside_rth": order.outside_hours,
        "account": order.account,
        "estimate": order.estimate,
        "state": order.state,
        "order_id": order.order_id,
        "gateway": order.gateway,
        "login": json.dumps(order.login),
        "client_id": order.client_id,
        "perm_id": order.perm_id,
        "held_before": order.position_before,
        "sent_at": order.sent_at,
        "sent_day_ny": order.sent_day,
        "gw_epoch": order.epoch,
        "held_until": order.held_until,
        "cancel_asked": order.cancel_asked,
        "reason": order.reason,
        "refused": order.refused,
        "exit": order.exit,
        "oca_group": order.oca_group,
        "stop_price": order.stop,
        "trail_percent": order.trail_percent,
        "trail_amount": order.trail_amount,
    }


def _order(row: Row[Any], fills: tuple[Fill, ...]) -> Order:
    return Order(
        ref=OrderRef(row.ref),
        proposal_id=ProposalId(row.proposal_id),
        leg=row.leg,
        instrument=Instrument(
            con_id=ConId(row.con_id),
            symbol=row.symbol,
            exchange=row.exchange,
            currency=row.currency,
        ),
        side=Side(row.side),
        shares=Shares(row.qty),
        account=row.account,
        state=OrderState(row.state),
        estimate=Money(row.estimate),
        tif=row.tif,
        order_type=OrderType(row.order_type),
        limit=row.limit_price,
        outside_hours=row.outside_rth,
        order_id=row.order_id,
        gateway=row.gateway,
        login=tuple(json.loads(row.login or "[]")),
        client_id=row.client_id,
        perm_id=row.perm_id,
        position_before=row.held_before,
        sent_at=row.sent_at,
        sent_day=row.sent_day_ny,
        epoch=row.gw_epoch,
        held_until=row.held_until,
        cancel_asked=row.cancel_asked,
        reason=row.reason,
        refused=row.refused,
        fills=fills,
        stop=row.stop_price,
        trail_percent=row.trail_percent,
        trail_amount=row.trail_amount,
        exit=None if row.exit is None else ExitKind(row.exit),
        oca_group=row.oca_group,
    )


def _fill(row: Row[Any]) -> Fill:
    return Fill(
        exec_id=row.fill_exec_id,
        shares=Shares(row.fill_qty),
        price=Price(row.fill_price),
        at=row.fill_ts,
        commission=row.fill_commission,
        currency=row.fill_currency,
    )
