"""Places, cancels and lists orders; sends order events to the clients concerned."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.accounts import account_changed
from core.sandbox.gateway.requests.contract_lookup import the_contract
from core.sandbox.gateway.requests.read_only import refuse_if_read_only
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import order_replies, replies
from core.sandbox.protocol.placing import Placing, read_placing, ticket
from core.sandbox.protocol.reading import Reader
from core.sandbox.refusal import RequestRefused
from core.sandbox.trading.events import (
    Commission,
    ExchangeEvent,
    Executed,
    Notice,
    OrderChanged,
)
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderRefused, OrderTicket


NO_ORDER_EXCHANGE: Final = (
    "Error validating request.-'bG' : cause - Missing order exchange."
)
NO_PERMISSION: Final = (
    "Order rejected - reason:No trading permissions. The simulated gateway shows this"
    " contract, and trades stocks alone."
)


# a new order


def place(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """3: a new order, a change of a live one, or a preview.

    Raises:
        UnreadableField: a field is missing, or is no number where it must be one.
    """
    placing = read_placing(read, session.version)
    try:
        refuse_if_read_only(gateway)
        _routed(placing)
        stock = the_contract(gateway, placing.contract)
        order = ticket(placing, con_id=stock.con_id, client_id=session.client_id)
        if order.what_if:
            _preview(gateway, session, order)
            return
        _permitted(stock)
        _within_presets(gateway, order)
    except RequestRefused as refusal:
        wait = session.takes(AnswerKind.ACK)
        session.error(placing.order_id, refusal.code, refusal.text, delay=wait)
        return
    events = gateway.exchange.place(order, gateway.now)
    gateway.count_id(session.client_id, placing.order_id)
    gateway.publish(events)


def _routed(placing: Placing) -> None:
    """Refuse an order without an exchange, even where a contract number names the
    stock.
    """
    asked = placing.contract
    if (asked.con_id or asked.symbol) and not asked.exchange:
        raise RequestRefused(321, NO_ORDER_EXCHANGE)


def _permitted(stock: Stock) -> None:
    if stock.sec_type != "STK":
        raise RequestRefused(201, NO_PERMISSION)


def _within_presets(gateway: Gateway, ticket: OrderTicket) -> None:
    largest = gateway.config.largest_order
    if largest is not None and ticket.quantity > largest:
        text = (
            "The following order size exceeds the Size Limit of"
            f" {replies.number(largest)}. Restriction is specified in Precautionary"
            " Settings of Global Configuration/Presets."
        )
        raise RequestRefused(383, text)
    most = gateway.config.largest_value
    price = gateway.exchange.quote(ticket.con_id, gateway.now).last
    if most is not None and ticket.quantity * price > most:
        text = (
            "The following order value estimate exceeds the Total Value Limit of"
            f" {replies.number(most)} USD. Restriction is specified in Precautionary"
            " Settings of Global Configuration/Presets."
        )
        raise RequestRefused(451, text)


def _preview(gateway: Gateway, session: ClientSession, ticket: OrderTicket) -> None:
    wait = session.takes(AnswerKind.REFERENCE)
    try:
        answer = gateway.exchange.what_if(ticket, gateway.now)
    except OrderRefused as refusal:
        session.error(ticket.order_id, refusal.code, refusal.text, delay=wait)
        return
    shown = BookOrder(
        ticket=ticket,
        perm_id=0,
        status=OrderStatus.PRE_SUBMITTED,
        placed_at=gateway.now,
    )
    message = order_replies.open_order(shown, _stock(gateway, ticket.con_id), answer)
    session.say(message, delay=wait)


def cancel(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """4: cancel an order of this client.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    read.version()
    order_id = read.integer()
    refuse_if_read_only(gateway)
    events = gateway.exchange.cancel(session.client_id, order_id, gateway.now)
    gateway.publish(events)


def cancel_all(gateway: Gateway, _session: ClientSession, _read: Reader) -> None:
    """58: cancel every order of every client.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    refuse_if_read_only(gateway)
    gateway.publish(gateway.exchange.global_cancel(gateway.now))


# what happened


def tell(gateway: Gateway, events: list[ExchangeEvent]) -> None:
    """Send the exchange's events to the clients concerned."""
    for event in events:
        for session in _concerned(gateway, event):
            _tell(gateway, session, event)
        if isinstance(event, Executed):
            account_changed(gateway, event.order.ticket)


def _concerned(gateway: Gateway, event: ExchangeEvent) -> Iterator[ClientSession]:
    key = event.order.key if isinstance(event, OrderChanged | Executed) else None
    owner = key.client_id if key else _key_of(event)
    for session in tuple(gateway.sessions):
        if session.client_id in {owner, gateway.config.master_client_id}:
            yield session


def _key_of(event: ExchangeEvent) -> int:
    return event.key.client_id if isinstance(event, Commission | Notice) else 0


def _tell(gateway: Gateway, session: ClientSession, event: ExchangeEvent) -> None:
    match event:
        case OrderChanged(order=order, terms=False):
            session.say(order_replies.order_status(_seen_by(session, order)))
        case OrderChanged(order=order):
            _say_order(gateway, session, order)
        case Executed(order=order):
            stock = _stock(gateway, order.ticket.con_id)
            done = replace(event, order=_seen_by(session, order))
            session.say(order_replies.exec_details(done, stock, replies.NOT_TIED))
        case Commission():
            session.say(order_replies.commission(event))
        case Notice(key=key, code=code, text=text):
            session.error(key.order_id, code, text)


def _say_order(gateway: Gateway, session: ClientSession, order: BookOrder) -> None:
    stock = _stock(gateway, order.ticket.con_id)
    seen = _seen_by(session, order)
    session.say(order_replies.open_order(seen, stock))
    session.say(order_replies.order_status(seen))


def _stock(gateway: Gateway, con_id: int) -> Stock:
    return gateway.exchange.contract(con_id)


# orders typed into the terminal


NOT_CLIENT_0: Final = (
    "Error validating request.-'b1' : cause - Only the default client (i.e 0) can auto"
    " bind orders;"
)


class Binding(ClientState):
    """Whether orders typed into the terminal get an order id that this client can use."""

    on = False


def bind(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """15: bind orders typed into the terminal; only client 0 can."""
    read.version()
    wanted = read.flag()
    if wanted and session.client_id != 0:
        session.error(replies.NOT_TIED, 321, NOT_CLIENT_0)
        return
    session.state(Binding).on = wanted


def _seen_by(session: ClientSession, order: BookOrder) -> BookOrder:
    """The order with the id that this client sees: 0 for one that it cannot use."""
    if order.key.order_id >= 0 or session.state(Binding).on:
        return order
    return replace(order, ticket=replace(order.ticket, order_id=0))


# lists


def list_own(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """5: this client's live orders.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    _list_open(gateway, session, whose=session.client_id)


def list_all(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """16: every client's live orders.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    _list_open(gateway, session, whose=None)


def _list_open(gateway: Gateway, session: ClientSession, *, whose: int | None) -> None:
    refuse_if_read_only(gateway)

    def answer() -> None:
        for order in gateway.open_orders():
            if whose in {None, order.key.client_id}:
                _say_order(gateway, session, order)
        session.say(replies.end(53))

    session.later(session.takes(AnswerKind.ACCOUNT), answer)


def list_completed(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """99: today's filled, cancelled and rejected orders of every client.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    refuse_if_read_only(gateway)

    def answer() -> None:
        today = session.now.astimezone(NEW_YORK).date()
        for order in gateway.exchange.completed_orders(today):
            stock = _stock(gateway, order.ticket.con_id)
            session.say(order_replies.completed_order(order, stock))
        session.say(replies.end(102))

    session.later(session.takes(AnswerKind.ACCOUNT), answer)


def list_executions(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """7: the fills since midnight in New York that match the filter."""
    read.version()
    req_id = read.integer()
    wanted = _Wanted(read)

    def answer() -> None:
        local = session.now.astimezone(NEW_YORK)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for done in gateway.exchange.executions(midnight):
            stock = _stock(gateway, done.order.ticket.con_id)
            if wanted.passes(done, stock):
                seen = replace(done, order=_seen_by(session, done.order))
                session.say(order_replies.exec_details(seen, stock, req_id))
                _repeat_commission(gateway, session, done)
        session.say(replies.end(55, req_id))

    session.later(session.takes(AnswerKind.ACCOUNT), answer)


def _repeat_commission(
    gateway: Gateway, session: ClientSession, done: Executed
) -> None:
    report = gateway.commissions.get(done.execution.exec_id)
    sees = {done.order.key.client_id, gateway.config.master_client_id}
    if report is not None and session.client_id in sees:
        session.say(order_replies.commission(report))


class _Wanted:
    """The filter of an executions request; empty fields match everything."""

    def __init__(self, read: Reader) -> None:
        self._client_id, self._account, self._since = (
            read.integer(),
            read.text(),
            "".join(each for each in read.text() if each.isdecimal()),
        )
        self._symbol, _type, self._exchange = read.text(), read.text(), read.text()
        self._side = read.text()

    def passes(self, done: Executed, stock: Stock) -> bool:
        """Whether a fill matches the filter."""
        execution, order = done.execution, done.order
        time = execution.time.astimezone(NEW_YORK).strftime("%Y%m%d%H%M%S")
        asked = (
            (self._client_id or None, order.key.client_id),
            (self._account, execution.account),
            (self._symbol, stock.symbol),
            (self._exchange, execution.exchange),
            (self._side, execution.side.value),
        )
        return time >= self._since and all(a in {None, "", is_} for a, is_ in asked)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {
        3: place,
        4: cancel,
        5: list_own,
        7: list_executions,
        15: bind,
        16: list_all,
        58: cancel_all,
        99: list_completed,
    },
)
