"""Executions of other people's and tools' orders, one row for each stem."""

from decimal import Decimal
from typing import Final

from core.model.errors import Contradiction
from core.model.fills import Fill, Trade, stem_of
from core.model.identity import Names
from core.model.market import ConId, Side
from core.model.money import Price, Shares
from core.store.access import Role, Row
from core.store.tables import from_exact, from_moment, to_exact, to_moment


_PUT: Final = """
INSERT INTO other_trade (
    exec_stem, exec_id, account, con_id, side, qty, price, ts, commission, currency,
    ref, client_id, order_id, perm_id
)
VALUES (
    :stem, :exec_id, :account, :con_id, :side, :shares, :price, :at, :fee, :currency,
    :ref, :client_id, :order_id, :perm_id
)
ON CONFLICT (exec_stem) DO UPDATE SET
    exec_id = excluded.exec_id,
    account = excluded.account,
    con_id = excluded.con_id,
    side = excluded.side,
    qty = excluded.qty,
    price = excluded.price,
    ts = excluded.ts,
    commission = excluded.commission,
    currency = excluded.currency,
    ref = excluded.ref,
    client_id = excluded.client_id,
    order_id = excluded.order_id,
    perm_id = excluded.perm_id
"""
_BY_EXEC: Final = "SELECT * FROM other_trade WHERE exec_stem = ?"
_ALL: Final = "SELECT * FROM other_trade ORDER BY ts, exec_stem"


class SqlOtherTrades(Role):
    """Implements OtherTrades."""

    def by_exec(self, exec_id: str) -> Trade | None:
        found = self._access.row(_BY_EXEC, (stem_of(exec_id),))
        return None if found is None else _trade(found)

    def put(self, trade: Trade) -> None:
        fill, names = trade.fill, trade.names
        if names is None:
            raise Contradiction(f"The execution {fill.exec_id} names no order.")
        of_order = {
            "ref": names.ref,
            "client_id": names.client_id,
            "order_id": names.order_id,
            "perm_id": names.perm_id,
        }
        self._access.change(_PUT, {**_values(trade), **of_order})

    def all(self) -> tuple[Trade, ...]:
        return tuple(map(_trade, self._access.rows(_ALL)))


def _values(trade: Trade) -> dict[str, object]:
    fill = trade.fill
    return {
        "stem": fill.stem,
        "exec_id": fill.exec_id,
        "account": trade.account,
        "con_id": trade.con_id,
        "side": trade.side,
        "shares": from_exact(trade.shares),
        "price": from_exact(fill.price),
        "at": from_moment(fill.at),
        "fee": from_exact(fill.commission),
        "currency": fill.currency,
    }


def _trade(row: Row) -> Trade:
    return Trade(
        con_id=ConId(row["con_id"]),
        side=Side(row["side"]),
        shares=Decimal(row["qty"]),
        fill=_fill(row),
        account=row["account"],
        names=Names(
            ref=row["ref"],
            client_id=row["client_id"],
            order_id=row["order_id"],
            perm_id=row["perm_id"],
        ),
    )


def _fill(row: Row) -> Fill:
    at = to_moment(row["ts"])
    assert at is not None
    return Fill(
        exec_id=row["exec_id"],
        shares=Shares(int(Decimal(row["qty"]))),
        price=Price(Decimal(row["price"])),
        at=at,
        commission=to_exact(row["commission"]),
        currency=row["currency"],
    )
