"""Takes the gateway's messages from ib_async's decoder and gives them to whoever asked.

Nothing here waits or decides. ib_async logs a message that fails and goes on; such
messages are counted, since a pass in which one failed proves nothing.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from ib_async import (
    BarData,
    CommissionReport,
    Contract,
    Execution,
    NewsProvider,
    Order as IbOrder,
    OrderState as IbOrderState,
    PriceIncrement,
)

from core.broker import translate
from core.broker.codes import ACCOUNT_LOST, code, held_until, meaning_of
from core.broker.incoming.executions import charge_message, fill_message
from core.broker.messages import (
    ConnectionLost,
    Details,
    End,
    ErrorMessage,
    GatewayTime,
    MarketRule,
    Message,
    MessageHandler,
    MessageQueue,
    NewsItem,
    NewsProviders,
    PreviewState,
    RawBar,
    Samples,
)
from core.broker.supply import SupplySigns
from core.broker.texts import plain
from core.broker.unread import CLOCK
from core.model.evidence import BrokerEvent, CodeMessage, StatusMessage
from core.model.identity import Names
from core.model.portfolio import STOCK


FIRST_REQUEST: Final = 100_000_000
"""Requests are numbered from here, so that an error's id is clearly an order's or a
request's."""

_decoder_log: Final = logging.getLogger("ib_async.Decoder")


@dataclass(slots=True, kw_only=True)
class Listeners:
    """Callbacks for messages that no request asked for; each returns at once.

    ``order`` gets events of orders, ``news`` the codes that concern no single request or
    order (id -1, and 2100 and 2101 under any id), ``account`` the messages of the account
    subscription (name and values), ``answered`` the number of every request that a message
    came for, ``closed`` the end of the socket.
    """

    order: Callable[[BrokerEvent], None]
    news: Callable[[int, str], None]
    account: Callable[..., None]
    answered: Callable[[int], None]
    closed: Callable[[], None]


class _Unreadable(logging.Handler):
    """Counts the messages that ib_async could not read, or that failed here."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002  logging's signature
        self.count += 1


class ClientWrapper:
    """Receives the messages of one conversation with the gateway.

    ``named`` has the ids under which IB has shown this client's orders, by order id.
    ``rules`` are the handlers waiting for a market rule, by its number, which is all
    that the answer has; ``writers`` is the handler waiting for the news providers.
    ``previews`` are the handlers of what-if order ids; an id stays there, so that
    nothing under it is ever taken for an order. ``clock`` is the handler of answers to
    reqCurrentTime. ``signs`` is what the gateway has shown about its data and settings."""

    def __init__(self, listeners: Listeners, *, client_id: int) -> None:
        self.next_valid_id = 0
        self.highest_order_id = 0
        self.signs = SupplySigns()
        self.named: dict[int, Names] = {}
        self._client_id = client_id
        self._listeners = listeners
        self._unreadable = _Unreadable()
        self._requests = FIRST_REQUEST
        self._handlers: dict[int, MessageHandler] = {}
        self._listing: MessageHandler | None = None
        self.rules: dict[int, MessageHandler] = {}
        self.previews: dict[int, MessageHandler] = {}
        self.clock: MessageHandler = lambda _message: None
        self.writers: MessageHandler | None = None
        _decoder_log.addHandler(self._unreadable)

    @property
    def unreadable(self) -> int:
        """How many messages could not be read so far."""
        return self._unreadable.count

    def close(self, reason: str) -> None:
        """Tell every waiting handler that no answer will come."""
        _decoder_log.removeHandler(self._unreadable)
        gone = ConnectionLost(reason)
        shared = (self._listing, self.clock, self.writers)
        for handler in (
            *self._handlers.values(),
            *self.rules.values(),
            *self.previews.values(),
            *shared,
        ):
            if handler is not None:
                handler(gone)

    def draw(self, handler: MessageHandler) -> int:
        """A new request's number, whose answers *handler* is given until it is
        dropped."""
        self._requests += 1
        self._handlers[self._requests] = handler
        return self._requests

    def drop(self, number: int) -> None:
        """Stop delivering answers to a request."""
        self._handlers.pop(number, None)

    @contextmanager
    def listing(self) -> Iterator[MessageQueue]:
        """All messages about orders and positions while the block is open.

        Listings share message types, so only one may be open.
        """
        inbox = MessageQueue()
        self._listing = inbox.put_nowait
        try:
            yield inbox
        finally:
            self._listing = None

    def tell_everyone(self, number: int, text: str) -> None:
        """Deliver a code without a request number to every request."""
        for handler in tuple(self._handlers.values()):
            handler(ErrorMessage(number, text))

    def tell_order(self, order_id: int, number: int, text: str) -> None:
        """Deliver a code about an order to the order events."""
        self._listeners.order(
            CodeMessage(
                order_id=order_id,
                code=number,
                text=text or code(number).words,
                meaning=meaning_of(number, text),
                until=held_until(number, text),
                names=self.named.get(order_id),
            )
        )

    # the messages

    def wrapper(self) -> SimpleNamespace:
        """The methods that ib_async's decoder calls; other messages are ignored."""
        account = self._listeners.account
        return SimpleNamespace(
            ib=SimpleNamespace(TimezoneTWS="America/New_York"),
            defaultTimezone=UTC,
            connectAck=lambda: None,
            setEventsDone=self._listeners.closed,
            connectionClosed=self._listeners.closed,
            nextValidId=self._on_next_valid_id,
            error=self._on_error,
            currentTime=self._on_current_time,
            historicalData=self._on_bar,
            contractDetails=lambda n, found: self.tell(n, Details(found)),
            contractDetailsEnd=lambda n: self.tell(n, End()),
            marketRule=self._on_market_rule,
            newsProviders=self._on_news_providers,
            historicalNews=lambda n, *item: self.tell(n, NewsItem(*item)),
            historicalNewsEnd=lambda n, _more: self.tell(n, End()),
            symbolSamples=lambda n, found: self.tell(n, Samples(tuple(found))),
            historicalDataEnd=lambda n, *_span: self.tell(n, End()),
            openOrder=self._on_open_order,
            openOrderEnd=self._on_open_order_end,
            orderStatus=self._on_order_status,
            completedOrder=self._on_completed,
            completedOrdersEnd=lambda: self._list(End()),
            execDetails=self._on_execution,
            execDetailsEnd=lambda n: self.tell(n, End()),
            commissionReport=self._on_commission,
            position=self._on_position,
            positionEnd=lambda: self._list(End()),
            updateAccountValue=lambda *values: account("value", *values),
            updatePortfolio=lambda *values: account("portfolio", *values),
            updateAccountTime=lambda at: account("time", at),
            accountDownloadEnd=lambda name: account("end", name),
            pnl=lambda _n, *values: account("pnl", *values),
        )

    def tell(self, number: int, message: Message) -> None:
        """Deliver a message to the request with this number."""
        self._listeners.answered(number)
        handler = self._handlers.get(number)
        if handler is not None:
            handler(message)

    def _list(self, message: Message) -> None:
        if self._listing is not None:
            self._listing(message)

    def _on_next_valid_id(self, order_id: int) -> None:
        self.next_valid_id = max(self.next_valid_id, order_id)

    def _on_error(self, number: int, error: int, raw: str, _json: str) -> None:
        text, of_request = plain(raw), number >= FIRST_REQUEST
        of_order = number >= 0 and not of_request
        self.signs.note_code(error, text, of_order=of_order, of_request=of_request)
        if number in self.previews:
            self.previews[number](ErrorMessage(error, text))
            return
        if number in self._handlers:
            self.tell(number, ErrorMessage(error, text))
        elif number < 0 or error in ACCOUNT_LOST:
            if self._listing is not None and self.signs.note_refusal(error, text):
                self._list(ErrorMessage(error, text))
            self._listeners.news(error, text)
        elif number < FIRST_REQUEST:
            self.tell_order(number, error, text)

    def _on_current_time(self, seconds: int) -> None:
        self._listeners.answered(CLOCK)
        self.clock(GatewayTime(datetime.fromtimestamp(seconds, UTC)))

    def _on_bar(self, number: int, bar: BarData) -> None:
        self.tell(number, RawBar(bar))

    def _on_market_rule(self, rule: int, steps: list[PriceIncrement]) -> None:
        if rule in self.rules:
            self.rules[rule](MarketRule(tuple(steps)))

    def _on_news_providers(self, found: list[NewsProvider]) -> None:
        if self.writers is not None:
            self.writers(NewsProviders(tuple(each.code for each in found)))

    def _on_open_order(
        self, _order_id: int, contract: Contract, order: IbOrder, state: IbOrderState
    ) -> None:
        if order.whatIf or self._was_asked_about(order):
            if order.orderId in self.previews:
                self.previews[order.orderId](PreviewState(state))
            elif order.clientId == self._client_id:
                raise ValueError(f"a question that nobody asked: {order}")
            return
        self._saw(order.clientId, order.orderId)
        message = translate.open_order_message(contract, order, state)
        if order.clientId == self._client_id:
            self.named[order.orderId] = message.names
        self._listeners.order(message)
        self._list(
            translate.open_order_of(contract, order, state, client_id=self._client_id)
        )

    def _was_asked_about(self, order: IbOrder) -> bool:
        """Whether *order* is a what-if of ours. Each client has its own ids, so another
        client's order may have the same one."""
        return order.clientId == self._client_id and order.orderId in self.previews

    def _on_open_order_end(self) -> None:
        self.signs.note_listing()
        self._list(End())

    def _on_order_status(self, order_id: int, status: str, *rest: Any) -> None:
        filled, remaining, _average, told, _parent, _last, client_id, *_ = rest
        self._saw(client_id, order_id)
        message = StatusMessage(
            names=Names(
                ref="",
                client_id=client_id,
                order_id=order_id,
                perm_id=translate.perm_id_in(told),
            ),
            status=status,
            shares=translate.total(filled, remaining),
            filled=translate.counted(filled),
        )
        self._listeners.order(message)
        self._list(message)

    def _on_completed(
        self, _contract: Contract, order: IbOrder, state: IbOrderState
    ) -> None:
        self._list(translate.completed_of(order, state))

    def _on_execution(
        self, number: int, contract: Contract, execution: Execution
    ) -> None:
        self._saw(execution.clientId, translate.id_in(execution.orderId))
        if contract.secType not in {"", STOCK}:
            return  # options and spreads may cost nothing, or less
        message = fill_message(contract, execution)
        if number in self._handlers:
            self.tell(number, message)
        else:
            self._listeners.order(message)

    def _on_commission(self, report: CommissionReport) -> None:
        message = charge_message(report)
        if message is not None:
            self._listeners.order(message)
            self._list(message)

    def _on_position(
        self, account: str, contract: Contract, shares: float, cost: float
    ) -> None:
        self._list(translate.held_of(account, contract, shares, cost))

    def _saw(self, client_id: int, order_id: int) -> None:
        if client_id == self._client_id:
            self.highest_order_id = max(self.highest_order_id, order_id)
