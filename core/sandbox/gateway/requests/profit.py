"""Profit and loss of an account or of one holding, sent again when it changes."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.accounts import holding, named
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import refuse_second


REFRESH: Final = 1.0  # IB's figure: about once a second


class Profits(ClientState):
    """The profit last sent to one client, by request id; empty before the first."""

    def __init__(self) -> None:
        self.told: dict[int, Fields] = {}


def profit(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """92: the account's profit, sent again when it changes.

    Raises:
        RequestRefused: 321, there is no such account; 322, the request id is in use.
    """
    req_id, account = read.integer(), named(gateway, read.text())

    def row() -> Fields:
        pnl = gateway.exchange.pnl(account, session.now)
        money = (pnl.daily, pnl.unrealized, pnl.realized)
        return replies.fields(94, req_id, *money)

    _follow_profit(session, req_id, row)


def profit_of_one(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """94: the profit of one holding, sent again when it changes.

    Raises:
        RequestRefused: 321, there is no such account; 322, the request id is in use.
    """
    req_id, account = read.integer(), named(gateway, read.text())
    read.skip(1)  # the model
    con_id = read.integer()
    if con_id not in gateway.exchange.universe.by_con_id:
        session.error(req_id, 2150, "Invalid position trade derived value")
        return

    def row() -> Fields:
        pnl = gateway.exchange.pnl(account, session.now, con_id)
        held = holding(gateway, account, con_id)
        items = gateway.exchange.portfolio(account, session.now)
        values = [i.market_value for i in items if i.position.con_id == con_id]
        money = (pnl.daily, pnl.unrealized, pnl.realized, sum(values))
        return replies.fields(95, req_id, held.quantity, *money)

    _follow_profit(session, req_id, row)


def _follow_profit(
    session: ClientSession, req_id: int, row: Callable[[], Fields]
) -> None:
    told = session.state(Profits).told
    refuse_second(req_id, told)
    told[req_id] = ()

    def show() -> None:
        message = row()
        if told.get(req_id) != message:
            told[req_id] = message
            session.say(message)
        session.later(REFRESH, show, key=("profit", req_id))

    session.later(session.takes(AnswerKind.ACCOUNT), show, key=("profit", req_id))


def cancel_profit(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """93 and 95: end this subscription."""
    req_id = read.integer()
    session.state(Profits).told.pop(req_id, None)
    session.forget(("profit", req_id))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {92: profit, 93: cancel_profit, 94: profit_of_one, 95: cancel_profit},
)
