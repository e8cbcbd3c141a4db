"""The account at Interactive Brokers and its orders, one protocol for each role."""

from typing import Protocol

from core.model.card import Preview
from core.model.evidence import BrokerEvent, Evidence, Line
from core.model.fills import Trade
from core.model.order import Order
from core.model.portfolio import AccountSummary, Inventory, OpenOrder, Position
from core.model.status import Supply


class LineReader(Protocol):
    """Reads the state of the line to IB. Nothing here sends anything."""

    def line(self) -> Line:
        """The state of the line now."""


class SupplyReader(LineReader, Protocol):
    """Reads what IB supplies."""

    def supply(self) -> Supply:
        """What IB supplies over the line now, as far as it is known."""


class SummaryReader(Protocol):
    """Reads what the account is worth."""

    def account(self) -> AccountSummary | None:
        """The account's figures from its subscription; None until IB has sent all of
        them, and if their age is not known."""


class PositionReader(Protocol):
    """Reads what the account is known to hold."""

    def positions(self) -> tuple[Position, ...] | None:
        """What the account holds, from its subscription; None before IB has listed it
        all."""


class HoldingsReader(PositionReader, LineReader, Protocol):
    """Reads what the account holds, also by asking IB. Nothing here can move money."""

    async def inventory(self) -> Inventory:
        """Holdings and working orders, requested now: a sale is judged by them.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: a listing did not end in time.
        """


class TradeReader(PositionReader, Protocol):
    """Reads what was traded in the account. Nothing here can move money."""

    async def trades(self) -> tuple[Trade, ...]:
        """The executions in the account since midnight in New York, whoever placed the
        orders, as far as IB lists them.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: the listing did not end in time.
        """


class AccountReader(SupplyReader, SummaryReader, HoldingsReader, TradeReader, Protocol):
    """Reads everything about the account. Nothing here can move money."""

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account, whoever placed it; the login may have other
        accounts.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: the listing did not end in time.
        """


class Prober(LineReader, Protocol):
    """Asks whether the gateway answers just now. Nothing here can move money."""

    def begin_probe(self) -> None:
        """Ask whether the gateway is there, and return at once: the next probe uses the
        answer. A caller that begins one probes within milliseconds, or not at all."""

    async def probe(self, *, within: float) -> None:
        """Return when the gateway has answered: since the last ``begin_probe``, if it
        has not been used yet, else since this call.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
        """

    def has_sent_all(self) -> bool:
        """Whether nothing waits to be sent, so that an order would be sent at once."""


class EvidenceSource(LineReader, Protocol):
    """Reads IB's listings of orders. Nothing here can move money."""

    async def evidence(self) -> Evidence:
        """One complete pass over IB's listings.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: a listing did not end in time; the pass does not count.
        """

    async def reconnect(self) -> None:
        """Drop the socket and return after a new handshake with the same client id.

        Raises:
            BrokerAway: no handshake within the connection's own deadline.
        """


class BrokerEvents(Protocol):
    """Events that IB sends without a request."""

    async def next_event(self) -> BrokerEvent:
        """The next event from IB, in order. One consumer only."""


class OrderCanceller(LineReader, Protocol):
    """Cancels orders; cannot place any."""

    def cancel(self, order: Order) -> None:
        """Ask for *order*'s cancellation. Returning means asked, not done.

        Raises:
            BrokerAway: nothing was sent.
        """


class OrderIdFloor(Protocol):
    """Knows the lowest order id that IB would accept."""

    def order_id_floor(self) -> int:
        """The lowest order id that IB and its client library would accept now."""


class Previewer(OrderIdFloor, LineReader, Protocol):
    """Asks IB what-if questions; cannot place orders."""

    async def preview(self, order: Order, *, within: float) -> Preview:
        """IB's what-if answer for *order*, whose order id no real order ever gets. A
        figure that has not come within *within* seconds is None.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer at all within *within* seconds.
            BrokerSaidNo: IB would refuse it; carries code and words.
        """


class OrderSender(OrderIdFloor, PositionReader, Prober, Protocol):
    """Places orders: the only role that can spend money."""

    def place(self, order: Order) -> None:
        """Send *order* (SENDING, with its order_id). Returning means handed over to
        the socket, not accepted.

        Raises:
            BrokerAway: nothing was sent.
        """


class Broker(
    AccountReader,
    OrderSender,
    Previewer,
    OrderCanceller,
    EvidenceSource,
    BrokerEvents,
    Protocol,
):
    """All roles of one broker; each part is given only those it uses."""
