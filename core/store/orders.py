"""Orders of ours and their fills: one order for a stock of a card, one for an order
id, one row for a fill, whatever is repeated (W2 to W5)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from core.model.errors import Contradiction
from core.model.market import ConId, Instrument
from core.model.money import Money, Price, Shares
from core.model.order import Fill, Order, OrderRef, OrderState, Side
from core.model.proposal import ProposalId
from core.store.tables import execution, intent


def add(on: Connection, order: Order) -> None:
    on.execute(insert(intent).values(**_columns(order)))
    _keep_fills(on, order)


def change(on: Connection, order: Order, *, was: OrderState) -> bool:
    changed = on.execute(
        update(intent)
        .where(intent.c.ref == order.ref, intent.c.state == was)
        .values(**_columns(order))
    )
    if changed.rowcount != 1:
        return False
    _keep_fills(on, order)
    return True


def _keep_fills(on: Connection, order: Order) -> None:
    """By stem; a correction takes the place of what it corrects."""
    for place, fill in enumerate(order.fills):
        row = insert(execution).values(
            exec_stem=fill.stem,
            exec_id=fill.exec_id,
            ref=order.ref,
            place=place,
            qty=fill.shares,
            price=fill.price,
            ts=fill.at,
            commission=fill.commission,
        )
        kept = on.execute(
            row.on_conflict_do_update(
                index_elements=[execution.c.exec_stem],
                set_={
                    name: row.excluded[name]
                    for name in ("exec_id", "place", "qty", "price", "ts", "commission")
                },
                where=execution.c.ref == order.ref,
            )
        )
        if kept.rowcount != 1:
            raise Contradiction(f"Fill {fill.stem} belongs to another order already.")


def by_ref(on: Connection, ref: OrderRef) -> Order | None:
    return _one(on, intent.c.ref == ref)


def by_order_id(on: Connection, *, client_id: int, order_id: int) -> Order | None:
    return _one(on, intent.c.client_id == client_id, intent.c.order_id == order_id)


def by_exec(on: Connection, exec_id: str) -> Order | None:
    stem = exec_id.rpartition(".")[0] or exec_id
    owner = select(execution.c.ref).where(execution.c.exec_stem == stem)
    return _one(on, intent.c.ref.in_(owner))


def in_states(on: Connection, states: Iterable[OrderState]) -> tuple[Order, ...]:
    return _all(on, intent.c.state.in_(tuple(states)))


def of_proposal(on: Connection, proposal_id: ProposalId) -> tuple[Order, ...]:
    found = _all(on, intent.c.proposal_id == proposal_id)
    return tuple(sorted(found, key=lambda order: order.leg))


def sent_on(on: Connection, day: date) -> tuple[Order, ...]:
    return _all(on, intent.c.sent_day_ny == day)


def _one(on: Connection, *where: ColumnElement[bool]) -> Order | None:
    found = _all(on, *where)
    return found[0] if found else None


def _all(on: Connection, *where: ColumnElement[bool]) -> tuple[Order, ...]:
    """In the order of their making, which SQLite's rowid keeps."""
    made = literal_column("intent.rowid", Integer)
    rows = on.execute(select(intent).where(*where).order_by(made)).all()
    fills = select(execution).where(execution.c.ref.in_([row.ref for row in rows]))
    kept: dict[str, list[Fill]] = {row.ref: [] for row in rows}
    if rows:
        for row in on.execute(fills.order_by(execution.c.place)):
            kept[row.ref].append(_fill(row))
    return tuple(_order(row, tuple(kept[row.ref])) for row in rows)


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
        "account": order.account,
        "estimate": order.estimate,
        "state": order.state,
        "order_id": order.order_id,
        "client_id": order.client_id,
        "perm_id": order.perm_id,
        "pos_before": order.position_before,
        "sent_at": order.sent_at,
        "sent_day_ny": order.sent_day,
        "gw_epoch": order.epoch,
        "held_until": order.held_until,
        "cancel_asked": order.cancel_asked,
        "reason": order.reason,
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
        order_id=row.order_id,
        client_id=row.client_id,
        perm_id=row.perm_id,
        position_before=row.pos_before,
        sent_at=row.sent_at,
        sent_day=row.sent_day_ny,
        epoch=row.gw_epoch,
        held_until=row.held_until,
        cancel_asked=row.cancel_asked,
        reason=row.reason,
        fills=fills,
    )


def _fill(row: Row[Any]) -> Fill:
    return Fill(
        exec_id=row.exec_id,
        shares=Shares(row.qty),
        price=Price(row.price),
        at=row.ts,
        commission=None if row.commission is None else Money(row.commission),
    )
