"""The Broker port over a connection: place, cancel, evidence, and IB's messages."""

from core.broker import translate
from core.broker.client_wrapper import FIRST_REQUEST
from core.broker.connection import Connection
from core.broker.listings import Listings
from core.broker.reference.order_words import order_of
from core.broker.reference.preview import preview_of
from core.broker.session import GatewaySession
from core.broker.supply import SupplySigns
from core.model.card import Preview
from core.model.errors import BrokerAway, OutOfReach
from core.model.evidence import BrokerEvent, Evidence, Line, LineState
from core.model.fills import Trade
from core.model.identity import Names
from core.model.order import Order
from core.model.portfolio import AccountSummary, Inventory, OpenOrder, Position
from core.model.status import Supply


class IbBroker:
    """Holds the account and its orders at Interactive Brokers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._listings = Listings(connection)
        self._last_used = 0

    def line(self) -> Line:
        """The state of the line now."""
        return self._connection.line

    def begin_probe(self) -> None:
        """Ask whether the gateway is there; as Broker.begin_probe."""
        self._connection.begin_probe()

    async def probe(self, *, within: float) -> None:
        """Return when the gateway has answered just now; as Broker.probe."""
        await self._connection.probe(within=within)

    def has_sent_all(self) -> bool:
        """Whether an order would be sent at once."""
        return (
            self._connection.line.state is LineState.UP
            and self._connection.session().has_sent_all()
        )

    def order_id_floor(self) -> int:
        """The lowest order id that IB would accept now.

        Requests have a number range of their own, so only orders count.
        """
        highest = self._connection.highest_order_id
        return max(
            self._connection.line.next_valid_id, highest + 1, self._last_used + 1
        )

    def place(self, order: Order) -> None:
        """Send *order* in this very call; as Broker.place.

        A new order object each time: ib_async would change an old one. There is no
        await between the caller's commit and the socket.
        """
        assert order.order_id is not None
        session = self._session_of(order)
        if order.order_id >= FIRST_REQUEST:
            raise OutOfReach("IB's order ids have run too high: use another client id")
        order_id, client = order.order_id, session.client
        contract = translate.contract_of(order.instrument)
        words = order_of(order)
        session.place(order_id, lambda: client.placeOrder(order_id, contract, words))
        self._last_used = max(self._last_used, order_id)

    async def preview(self, order: Order, *, within: float) -> Preview:
        """IB's what-if answer for *order*; as Previewer.preview."""
        assert order.order_id is not None
        self._last_used = max(self._last_used, order.order_id)
        return await preview_of(self._connection, order, within=within)

    def cancel(self, order: Order) -> None:
        """Ask for *order*'s cancellation in this very call; as Broker.cancel.

        IB cancels by the order id alone, so it must have shown in this conversation
        that the id is this order's: another program may have been given it."""
        order_id = order.order_id
        if order_id is None:
            raise OutOfReach("this journal never sent the order")
        session = self._session_of(order)
        shown = session.named(order_id)
        if shown is None:
            raise OutOfReach(f"IB has not shown whose the order id {order_id} is")
        if not _is_of(order, shown):
            raise OutOfReach(f"IB has another order under the id {order_id}")
        session.overtake(lambda: session.client.cancelOrder(order_id, ""))

    def _session_of(self, order: Order) -> GatewaySession:
        """The conversation, if it has the identity that *order* was sent under.

        Raises:
            BrokerAway: there is none.
        """
        session = self._connection.session()
        if order.client_id != session.client_id:
            raise OutOfReach("the order belongs to another client id")
        if not order.is_of(self._connection.line.identity):
            raise OutOfReach("the order belongs to another login or gateway")
        return session

    async def evidence(self) -> Evidence:
        """One complete pass over IB's listings; as Broker.evidence."""
        return await self._listings.evidence()

    async def reconnect(self) -> None:
        """Drop the socket and return after a new handshake; as Broker.reconnect."""
        await self._connection.reconnect()

    async def next_event(self) -> BrokerEvent:
        """The next event from IB, in order. One consumer only."""
        return await self._connection.events.get()

    def account(self) -> AccountSummary | None:
        """The account's figures from its subscription; as Broker.account."""
        return self._connection.book.summary()

    def positions(self) -> tuple[Position, ...] | None:
        """What the account holds, from its subscription; as Broker.positions."""
        return self._connection.book.positions()

    def supply(self) -> Supply:
        """What IB supplies over the line now; as Broker.supply."""
        signs = self._signs()
        return Supply(
            account=self.account(),
            is_listed=self.positions() is not None,
            data=signs.data,
            received_at=signs.received_at,
            no_data=signs.no_data,
            read_only=signs.read_only,
            ids_used_up=self.order_id_floor() >= FIRST_REQUEST,
        )

    def _signs(self) -> SupplySigns:
        try:
            return self._connection.session().signs
        except BrokerAway:
            return SupplySigns()

    async def trades(self) -> tuple[Trade, ...]:
        """Today's executions in the account; as Broker.trades."""
        return await self._listings.trades(self._connection.book.account)

    async def inventory(self) -> Inventory:
        """Holdings and working orders; as Broker.inventory."""
        return await self._listings.inventory(self._connection.book.account)

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account; as Broker.open_orders."""
        return await self._listings.open_orders(self._connection.book.account)


def _is_of(order: Order, shown: Names) -> bool:
    """Whether the ids *shown* belong to *order*: by its ref, or without one by its
    permId."""
    if shown.ref:
        return shown.ref == order.ref
    return bool(shown.perm_id) and shown.perm_id == order.perm_id
