"""The account at Interactive Brokers and its orders, one protocol for each role."""

from typing import Protocol

from core.model.card import Preview
from core.model.evidence import BrokerEvent, Evidence, Line
from core.model.fills import Trade
from core.model.order import Order
from core.model.portfolio import AccountSummary, Inventory, OpenOrder, Position
from core.model.status import Supply


class LineReader(Protocol):
    """Sees how far one can reach. Nothing here sends anything."""

    def line(self) -> Line:
        """How far one can reach at this moment."""


class AccountReader(LineReader, Protocol):
    """Looks at the account. Nothing here can move money."""

    def account(self) -> AccountSummary | None:
        """The account's figures from its subscription; None before IB has told them
        all, and when their age is not known."""

    def positions(self) -> tuple[Position, ...] | None:
        """What the account holds, from its subscription; None before IB has listed it
        all."""

    def supply(self) -> Supply:
        """What IB gives over the line at this moment, as far as it has shown it."""

    async def trades(self) -> tuple[Trade, ...]:
        """What was bought and sold in the account since midnight in New York, by
        whomever, as far as IB lists it.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: the listing did not end in time.
        """

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order of the account, whoever placed it.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: the listing did not end in time.
        """

    async def inventory(self) -> Inventory:
        """What is held and what works, asked for now: what a sale is judged by.

        Raises: as open_orders.
        """


class Prober(LineReader, Protocol):
    """Asks whether the gateway answers just now. Nothing here can move money."""

    def begin_probe(self) -> None:
        """Ask whether the gateway is there, and return at once: the next probe takes
        the answer for its own. Who begins one probes within milliseconds, or not at all."""

    async def probe(self, *, within: float) -> None:
        """Return when the gateway has answered just now: since the last one begun, if
        nobody has probed since, or else since the call.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
        """

    def has_sent_all(self) -> bool:
        """Whether nothing waits to be sent: an order would leave at once."""


class EvidenceSource(LineReader, Protocol):
    """Lists what IB knows of orders. Nothing here can move money."""

    async def evidence(self) -> Evidence:
        """One complete pass over IB's listings.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: a listing did not end in time: the pass is worth nothing.
        """

    async def reconnect(self) -> None:
        """Drop the socket and return after a new handshake with the same client id.

        Raises:
            BrokerAway: no handshake within the connection's own deadline.
        """


class BrokerEvents(Protocol):
    """What IB says of its own accord."""

    async def heard(self) -> BrokerEvent:
        """The next thing IB said, in order. One consumer only."""


class OrderCanceller(LineReader, Protocol):
    """Takes orders back. It can place none."""

    def cancel(self, order: Order) -> None:
        """Ask for *order*'s cancellation. Returning means asked, not done.

        Raises:
            BrokerAway: nothing was sent.
        """


class Previewer(LineReader, Protocol):
    """Asks what an order would do to the account. It can place none."""

    def order_id_floor(self) -> int:
        """As OrderSender.order_id_floor."""

    async def preview(self, order: Order, *, within: float) -> Preview:
        """What IB says of *order* without placing it. It carries an order id that no
        order ever gets. A figure that has not come within *within* seconds is None.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer at all within *within* seconds.
            BrokerSaidNo: IB would refuse it; carries code and words.
        """


class OrderSender(AccountReader, Prober, Protocol):
    """Places orders: the only role that can spend money."""

    def order_id_floor(self) -> int:
        """The lowest order id that IB and its client library would accept now."""

    def place(self, order: Order) -> None:
        """Send *order* (SENDING, with its order_id). Returning means handed over to
        the socket, not accepted.

        Raises:
            BrokerAway: nothing was sent.
        """


class Broker(
    OrderSender, Previewer, OrderCanceller, EvidenceSource, BrokerEvents, Protocol
):
    """All roles of one broker, for whoever hands them out."""
