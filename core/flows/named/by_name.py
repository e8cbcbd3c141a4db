"""The part of the engine for stocks that the owner names, and for /panic."""

from dataclasses import dataclass

from core.flows.named.exit_cards import ExitCards
from core.flows.named.panic import Panics
from core.flows.named.propose import Proposer
from core.flows.named.purchases import NoPurchase, Purchases
from core.flows.named.sales import NoSale, Sales
from core.flows.named.splits import SplitWatch
from core.flows.named.waiting_sales import WaitingSales
from core.flows.reconcile import Reconciler
from core.flows.sent.sold_short import SoldShort
from core.flows.standing import Standing
from core.ledger.exits import ExitBook
from core.ledger.writers import Writers
from core.model.market import ConId
from core.model.money import Size
from core.model.order import FINAL, Order, OrderState
from core.model.points import NOTE
from core.ports.edges import Edges
from core.ports.orders import OrderLists
from core.ports.settings import InstructionReader
from core.rules.selling.amount import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName:
    """Buys, sells, cancels, protects holdings, and ends everything (/panic)."""

    orders: OrderLists
    sales: Sales
    purchases: Purchases
    panics: Panics
    waiting_sales: WaitingSales
    sold_short: SoldShort
    splits: SplitWatch
    exits: ExitCards
    book: ExitBook

    async def sell(
        self, holding: ConId | str, amount: Amount, *, key: str
    ) -> NoSale | None:
        """Ask on a card whether to sell. Returns why there is no card, None if there
        is.

        Raises:
            BrokerAway, BrokerSilent: IB could not be asked.
            NotifierAway: the chat could not be reached.
        """
        return await self.sales.offer(holding, amount, key=key)

    async def buy(
        self, stock: ConId | str, size: Size, *, key: str
    ) -> NoPurchase | None:
        """Ask on a card whether to buy. Returns why there is no card, None if there is.

        Raises: as ``sell``, and BrokerSaidNo.
        """
        return await self.purchases.offer(stock, size, key=key)

    def panic(self, *, by: str, key: str) -> tuple[Order, ...]:
        """Halt, cancel all orders, and ask on a card whether to sell everything. This
        is on disk when it returns. Returns the orders to be cancelled."""
        return self.panics.begin(by=by, key=key)

    def look(self) -> None:
        """Time has passed: see what is due. Returns at once."""
        self.panics.look()
        self.waiting_sales.look()
        self.sold_short.look()
        self.splits.look()

    def cancel_all(self, *, by: str, symbol: str | None = None) -> tuple[Order, ...]:
        """Write that every order that has not ended is to be cancelled (only of
        *symbol*, if given), take the exits among them off their plans, and ask IB, as
        Engine.cancel does. Returns these orders."""
        alive = self.orders.in_states(frozenset(OrderState) - FINAL)
        meant = [o for o in alive if symbol is None or o.instrument.is_named(symbol)]
        with self.panics.unit.writing(NOTE):
            wanted = self.panics.cancel(meant, by=by)
            self.book.give_up(wanted, by=by)
        self.panics.ask_ib(wanted)
        return wanted


def by_name(
    edges: Edges,
    instructions: InstructionReader,
    *,
    writers: Writers,
    reconciler: Reconciler,
    standing: Standing,
    proposer: Proposer,
) -> ByName:
    """A ByName, built from the engine's parts."""
    store, broker, market, clock = (
        edges.store,
        edges.broker,
        edges.market,
        edges.clock,
    )
    sales = Sales(
        market=market,
        broker=broker,
        orders=store.orders,
        clock=clock,
        proposer=proposer,
        instructions=instructions,
    )
    panics = Panics(
        orders=store.orders,
        proposals=store.proposals,
        memory=store.memory,
        unit=writers.unit,
        halts=writers.halts,
        ledger=writers.ledger,
        cards=writers.cards,
        reconciler=reconciler,
        sales=sales,
        clock=clock,
        within=instructions.read().timeouts.ack,
    )
    purchases = Purchases(
        market=market,
        clock=clock,
        proposer=proposer,
        instructions=instructions,
    )
    exits = ExitCards(
        market=market,
        orders=store.orders,
        memory=store.memory,
        sales=sales,
        proposer=proposer,
        instructions=instructions,
        clock=clock,
        standing=standing,
    )
    waiting_sales = WaitingSales(
        broker=broker,
        orders=store.orders,
        unit=writers.unit,
        ledger=writers.ledger,
        halts=writers.halts,
        reconciler=reconciler,
        standing=standing,
    )
    return ByName(
        orders=store.orders,
        sales=sales,
        purchases=purchases,
        panics=panics,
        waiting_sales=waiting_sales,
        sold_short=SoldShort(
            broker=broker,
            orders=store.orders,
            others=writers.others,
            unit=writers.unit,
            instructions=instructions,
        ),
        splits=SplitWatch(
            broker=broker,
            orders=store.orders,
            book=writers.exits,
            unit=writers.unit,
            instructions=instructions,
        ),
        exits=exits,
        book=writers.exits,
    )
