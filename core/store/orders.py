"""Orders of ours and their fills: one order for a stock of a card, one for an order
id, one row for a fill, whatever is repeated (W2 to W5)."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from core.model.errors import Contradiction
from core.model.exits.plan import ExitKind
from core.model.fills import BY_WORD, Fill, stem_of
from core.model.market import ConId, Instrument, OrderType, Side
from core.model.money import Money, Price, Shares
from core.model.order import FINAL, SETTLED, Order, OrderRef, OrderState
from core.model.proposal import ProposalId
from core.store.access import Access, Role, Row
from core.store.cached.found_orders import Belongs, FoundOrders
from core.store.tables import (
    from_day,
    from_exact,
    from_moment,
    to_day,
    to_exact,
    to_moment,
)


_COLUMNS: Final = (
    *("ref", "proposal_id", "leg", "con_id", "symbol", "exchange", "currency", "side"),
    *("qty", "tif", "account", "estimate", "state", "order_id", "gateway", "login"),
    *("client_id", "perm_id", "held_before", "sent_at", "sent_day_ny", "gw_epoch"),
    *("held_until", "cancel_asked", "reason", "refused"),
    *("order_type", "limit_price", "outside_rth", "stop_price", "trail_percent"),
    *("trail_amount", "exit", "oca_group", "acked_at", "closed_at", "replaced"),
)
_NAMES: Final = ", ".join(_COLUMNS)
_VALUES: Final = ", ".join(f":{name}" for name in _COLUMNS)
_WHAT: Final = ("proposal_id", "leg", "con_id", "account", "exit")
"""What an order with its ref is, and remains: writing that again would write the pages
of four indexes anew."""

_CHANGED: Final = ", ".join(
    f"{name} = :{name}" for name in _COLUMNS if name not in {"ref", *_WHAT}
)
_SAME: Final = " AND ".join(f"{name} IS :{name}" for name in _WHAT)

_ADD: Final = f"INSERT INTO intent ({_NAMES}) VALUES ({_VALUES})"  # noqa: S608  our own words
_CHANGE: Final = f"""
UPDATE intent SET {_CHANGED} WHERE ref = :ref AND state = :was AND {_SAME}
"""  # noqa: S608  our own words
_KEEP_FILL: Final = """
INSERT INTO exec (
    exec_stem, exec_id, ref, place, qty, price, ts, commission, currency, cumulative
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (exec_stem) DO UPDATE SET
    exec_id = excluded.exec_id,
    place = excluded.place,
    qty = excluded.qty,
    price = excluded.price,
    ts = excluded.ts,
    commission = excluded.commission,
    currency = excluded.currency,
    cumulative = excluded.cumulative
WHERE ref = excluded.ref
"""
"""By stem: a correction replaces the row that it corrects."""

_DROP_WORD: Final = "DELETE FROM exec WHERE ref = ? AND substr(exec_stem, 1, ?) = ?"

_ORDER: Final = """
SELECT intent.*, exec.exec_id AS fill_exec_id, exec.qty AS fill_qty,
    exec.price AS fill_price, exec.ts AS fill_ts, exec.commission AS fill_commission,
    exec.currency AS fill_currency, exec.cumulative AS fill_cumulative
FROM intent LEFT JOIN exec ON exec.ref = intent.ref
WHERE intent.ref = ? ORDER BY exec.place
"""
"""One row for each fill; an order without fills has one row."""

_BY_ID: Final = "SELECT ref FROM intent WHERE client_id = ? AND order_id = ?"
_BY_EXEC: Final = "SELECT ref FROM exec WHERE exec_stem = ?"
_OF_STOCK: Final = "SELECT ref FROM intent WHERE con_id = ? ORDER BY rowid"
_IN_STATES: Final = """
SELECT ref FROM intent WHERE state IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""
_OF_PROPOSAL: Final = """
SELECT ref FROM intent WHERE proposal_id = ? AND exit IS NULL ORDER BY leg
"""
_EXITS_OF: Final = """
SELECT ref FROM intent WHERE proposal_id = ? AND exit IS NOT NULL ORDER BY leg
"""
_COUNTING: Final = """
SELECT ref FROM intent WHERE ref IN (
    SELECT ref FROM intent WHERE state IN (SELECT value FROM json_each(?))
    UNION SELECT ref FROM exec WHERE ts >= ?
) ORDER BY rowid
"""
_SENT_ON: Final = "SELECT ref FROM intent WHERE sent_day_ny = ? ORDER BY rowid"
"""SQLite's rowids increase, so this is the order of creation."""

_ALIVE: Final = frozenset(OrderState) - FINAL
_ALIVE_NAMES: Final = json.dumps(sorted(_ALIVE))
_NOT_SETTLED: Final = json.dumps([each for each in OrderState if each not in SETTLED])

_MOST_KNOWN: Final = 2_000
"""How many orders are cached; more than a year of trading has."""


class SqlOrders(Role):
    """Implements Orders. Orders are cached: one without fills as it was written, others as
    they are read again, and so is what queries found; no other process writes here."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._known: dict[str, Order] = {}
        self._lists = FoundOrders()
        access.followed_by(self)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._known.clear()
        self._lists.clear()

    # writing

    def add(self, order: Order) -> None:
        self._access.change(_ADD, _columns(order))
        if order.fills:
            self._lists.clear()
            self._keep_fills(order)
        else:
            self._lists.add(order)
            self._remember(order)

    def update(self, order: Order, *, was: OrderState) -> bool:
        before = self._known.pop(order.ref, None)
        if self._access.change(_CHANGE, {**_columns(order), "was": was}) != 1:
            return False
        if before and not before.fills and not order.fills:
            self._lists.change(order)
            self._remember(order)
        else:
            self._lists.clear()
            self._keep_fills(order)
        return True

    def _remember(self, order: Order) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[order.ref] = order

    def _keep_fills(self, order: Order) -> None:
        if not any(fill.by_word for fill in order.fills):  # IB lists it itself
            self._access.change(_DROP_WORD, (order.ref, len(BY_WORD), BY_WORD))
        for place, fill in enumerate(order.fills):
            if self._access.change(_KEEP_FILL, _fill_row(order, place, fill)) != 1:
                raise Contradiction(
                    f"Fill {fill.stem} belongs to another order already."
                )

    # reading

    def by_ref(self, ref: OrderRef) -> Order | None:
        return self._order(ref)

    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None:
        return _first(self._found(_BY_ID, client_id, order_id))

    def by_exec(self, exec_id: str) -> Order | None:
        return _first(self._found(_BY_EXEC, stem_of(exec_id)))

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        return self._found(_OF_STOCK, con_id)

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """One list has all that have not ended. They are few, and asked for by other
        states several times between two writes."""
        asked = frozenset(states)
        if not asked <= _ALIVE:
            return self._found(_IN_STATES, json.dumps(sorted(asked)))
        alive = self._found(_IN_STATES, _ALIVE_NAMES, belongs=_is_alive)
        return tuple(order for order in alive if order.state in asked)

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        return self._found(_OF_PROPOSAL, proposal_id)

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        return self._found(_EXITS_OF, proposal_id)

    def sent_on(self, day: date) -> tuple[Order, ...]:
        return self._found(_SENT_ON, from_day(day))

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        counts = partial(_counts, at)
        return self._found(_COUNTING, _NOT_SETTLED, from_moment(at), belongs=counts)

    def _found(
        self, query: str, *asked: Any, belongs: Belongs | None = None
    ) -> tuple[Order, ...]:
        question = (query, *asked)
        found = self._lists.listed(question)
        if found is None:
            orders = [self._order(ref) for (ref,) in self._access.rows(query, asked)]
            found = tuple(order for order in orders if order is not None)
            self._lists.keep(question, found, belongs)
        return found

    def _order(self, ref: str) -> Order | None:
        if ref not in self._known:
            rows = self._access.rows(_ORDER, (ref,))
            if not rows:
                return None
            self._remember(_made_of(rows))
        return self._known[ref]


def _is_alive(order: Order) -> bool:
    return order.state in _ALIVE


def _counts(since: datetime, order: Order) -> bool:
    """Whether _COUNTING finds *order*."""
    executed = any(fill.at >= since for fill in order.fills)
    return executed or order.state not in SETTLED


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
        "account": order.account,
        "estimate": from_exact(order.estimate),
        "state": order.state,
        "order_id": order.order_id,
        "gateway": order.gateway,
        "login": json.dumps(order.login),
        "client_id": order.client_id,
        "perm_id": order.perm_id,
        "held_before": from_exact(order.position_before),
        "sent_at": from_moment(order.sent_at),
        "sent_day_ny": from_day(order.sent_day),
        "gw_epoch": order.epoch,
        "held_until": from_moment(order.held_until),
        "cancel_asked": order.cancel_asked,
        "reason": order.reason,
        "refused": order.refused,
        "order_type": order.order_type,
        "limit_price": from_exact(order.limit),
        "outside_rth": order.outside_hours,
        "stop_price": from_exact(order.stop),
        "trail_percent": from_exact(order.trail_percent),
        "trail_amount": from_exact(order.trail_amount),
        "exit": order.exit,
        "oca_group": order.oca_group,
        "acked_at": from_moment(order.acked_at),
        "closed_at": from_moment(order.closed_at),
        "replaced": order.replaced,
    }


def _made_of(rows: Sequence[Row]) -> Order:
    """The order that *rows* hold, one row for each fill."""
    row = rows[0]
    return Order(
        ref=OrderRef(row["ref"]),
        proposal_id=ProposalId(row["proposal_id"]),
        leg=row["leg"],
        instrument=Instrument(
            con_id=ConId(row["con_id"]),
            symbol=row["symbol"],
            exchange=row["exchange"],
            currency=row["currency"],
        ),
        side=Side(row["side"]),
        shares=Shares(row["qty"]),
        account=row["account"],
        state=OrderState(row["state"]),
        estimate=Money(Decimal(row["estimate"])),
        tif=row["tif"],
        order_type=OrderType(row["order_type"]),
        limit=_price(row["limit_price"]),
        outside_hours=bool(row["outside_rth"]),
        order_id=row["order_id"],
        gateway=row["gateway"],
        login=tuple(json.loads(row["login"] or "[]")),
        client_id=row["client_id"],
        perm_id=row["perm_id"],
        position_before=to_exact(row["held_before"]),
        sent_at=to_moment(row["sent_at"]),
        sent_day=to_day(row["sent_day_ny"]),
        epoch=row["gw_epoch"],
        held_until=to_moment(row["held_until"]),
        cancel_asked=bool(row["cancel_asked"]),
        reason=row["reason"],
        refused=row["refused"],
        stop=_price(row["stop_price"]),
        trail_percent=to_exact(row["trail_percent"]),
        trail_amount=_price(row["trail_amount"]),
        exit=None if row["exit"] is None else ExitKind(row["exit"]),
        oca_group=row["oca_group"],
        acked_at=to_moment(row["acked_at"]),
        closed_at=to_moment(row["closed_at"]),
        replaced=bool(row["replaced"]),
        fills=tuple(_fill(each) for each in rows if each["fill_exec_id"] is not None),
    )


def _price(text: str | None) -> Price | None:
    return None if text is None else Price(Decimal(text))


def _fill_row(order: Order, place: int, fill: Fill) -> tuple[Any, ...]:
    return (
        *(fill.stem, fill.exec_id, order.ref, place, fill.shares),
        *(from_exact(fill.price), from_moment(fill.at)),
        *(from_exact(fill.commission), fill.currency, fill.cumulative),
    )


def _fill(row: Row) -> Fill:
    return Fill(
        exec_id=row["fill_exec_id"],
        shares=Shares(row["fill_qty"]),
        price=Price(Decimal(row["fill_price"])),
        at=datetime.fromisoformat(row["fill_ts"]),
        commission=to_exact(row["fill_commission"]),
        currency=row["fill_currency"],
        cumulative=row["fill_cumulative"],
    )
