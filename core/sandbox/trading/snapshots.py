"""What survives a restart, as plain JSON and back."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from core.sandbox.timers import Timer
from core.sandbox.trading.accounts import Account, AccountHolding, Morning
from core.sandbox.trading.book import OrderBook
from core.sandbox.trading.events import Commission, Executed
from core.sandbox.trading.order_state import BookOrder, Execution, OrderStatus
from core.sandbox.trading.order_timers import OrderStep, OrderTimers, Step
from core.sandbox.trading.tickets import Condition, OrderKey, OrderTicket, Side


SavedState = dict[str, Any]
"""Only dicts, lists, text, numbers and None."""


def written(
    book: OrderBook, timers: OrderTimers, accounts: dict[str, Account]
) -> SavedState:
    """Book, timers and accounts as dicts, lists, text, numbers and None."""
    return {
        "orders": [_plain(order) for order in book.orders.values()],
        "parked": [_plain(ticket) for ticket in book.parked.values()],
        "completed": [_plain(order) for order in book.completed],
        "executions": [_plain(done) for done in book.executions],
        "highest": {str(client): n for client, n in book.highest.items()},
        "perm_ids": book.perm_ids,
        "exec_ids": book.exec_ids,
        "timers": [_timer(each) for each in timers.pending()],
        "accounts": [_plain(account) for account in accounts.values()],
    }


def read(snapshot: SavedState) -> tuple[OrderBook, OrderTimers, dict[str, Account]]:
    """What ``written`` returned, as book, timers and accounts.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    orders = [_order(plain) for plain in snapshot["orders"]]
    parked = [_ticket(plain) for plain in snapshot["parked"]]
    book = OrderBook(
        orders={order.key: order for order in orders},
        parked={ticket.key: ticket for ticket in parked},
        completed=[_order(plain) for plain in snapshot["completed"]],
        executions=[_executed(plain) for plain in snapshot["executions"]],
        highest={int(client): n for client, n in snapshot["highest"].items()},
        perm_ids=snapshot["perm_ids"],
        exec_ids=snapshot["exec_ids"],
    )
    timers = OrderTimers()
    for plain in snapshot["timers"]:
        report = None if plain["report"] is None else commission_of(plain["report"])
        due = datetime.fromisoformat(plain["due"])
        timers.plan(Step(plain["step"]), OrderKey(*plain["key"]), due, report)
    accounts = [_account(plain) for plain in snapshot["accounts"]]
    return book, timers, {account.name: account for account in accounts}


def _timer(timer: Timer[OrderStep]) -> dict[str, Any]:
    return {**_plain(timer.what), "due": timer.due.isoformat()}


def _plain(
    thing: BookOrder | OrderTicket | Executed | OrderStep | Account,
) -> dict[str, Any]:
    return _told(asdict(thing))


def _told(fields: dict[Any, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            plain[str(name)] = _told(value)
        elif isinstance(value, date):  # a datetime is a date too
            plain[str(name)] = value.isoformat()
        else:
            plain[str(name)] = value
    return plain


def _order(plain: dict[str, Any]) -> BookOrder:
    ended = plain["completed_at"]
    return BookOrder(
        **{
            **plain,
            "ticket": _ticket(plain["ticket"]),
            "status": OrderStatus(plain["status"]),
            "placed_at": datetime.fromisoformat(plain["placed_at"]),
            "completed_at": None if ended is None else datetime.fromisoformat(ended),
        }
    )


def _ticket(plain: dict[str, Any]) -> OrderTicket:
    conditions = tuple(
        Condition(**{**each, "echo": tuple(each["echo"])})
        for each in plain["conditions"]
    )
    return OrderTicket(**{**plain, "conditions": conditions})


def _executed(plain: dict[str, Any]) -> Executed:
    done = plain["execution"]
    time, side = datetime.fromisoformat(done["time"]), Side(done["side"])
    return Executed(
        at=datetime.fromisoformat(plain["at"]),
        order=_order(plain["order"]),
        execution=Execution(**{**done, "time": time, "side": side}),
    )


def commission_of(plain: dict[str, Any]) -> Commission:
    at, key = datetime.fromisoformat(plain["at"]), OrderKey(*plain["key"])
    return Commission(**{**plain, "at": at, "key": key})


def _account(plain: dict[str, Any]) -> Account:
    morning = plain["morning"]
    return Account(
        name=plain["name"],
        kind=plain["kind"],
        cash=plain["cash"],
        holdings={
            int(c): AccountHolding(**held) for c, held in plain["holdings"].items()
        },
        realized_total=plain["realized_total"],
        currency=plain.get("currency", "USD"),
        per_dollar=plain.get("per_dollar", 1.0),
        morning=None
        if morning is None
        else Morning(
            day=date.fromisoformat(morning["day"]),
            cash=morning["cash"],
            quantities={int(c): q for c, q in morning["quantities"].items()},
        ),
    )
