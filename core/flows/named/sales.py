"""From /sell to a card that asks: what is held, how much can be sold, at what price."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.flows.named.propose import Proposer
from core.flows.research.snapshots import quotes_of
from core.model.errors import BrokerAway
from core.model.evidence import LineState
from core.model.market import ConId, Instrument, Quote, Side
from core.model.money import Shares
from core.model.order import SETTLED, Order
from core.model.portfolio import LISTING_LAG, Inventory, OpenOrder, Position
from core.model.proposal import Leg, Proposal, Purpose
from core.ports.account import HoldingsReader
from core.ports.market import Clock, QuoteSource
from core.ports.orders import CountedOrders
from core.ports.settings import InstructionReader
from core.rules.listings.found import row_of
from core.rules.new_york import day_of, start_of
from core.rules.selling.amount import Amount
from core.rules.selling.fresh import Holdings, holdings_now
from core.rules.selling.guards import not_listed, too_few
from core.rules.selling.holding import (
    is_ended_first,
    just_filled,
    orders_in,
    sellable_shares,
    without_just_sold,
)
from core.rules.selling.legs import left_out, sale_leg


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSale:
    """Why no card was made. If a symbol fits several holdings, *which* are those, for
    the owner to choose."""

    problem: str
    which: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Makes the cards that sell. Holdings are IB's listing, whoever bought them."""

    market: QuoteSource
    broker: HoldingsReader
    orders: CountedOrders
    clock: Clock
    proposer: Proposer
    instructions: InstructionReader

    async def offer(
        self, holding: ConId | str, amount: Amount, *, key: str
    ) -> NoSale | None:
        """Ask whether to sell *amount* of *holding* (IB's number or a symbol), once for
        *key*. Returns None if the card is shown.

        Raises:
            BrokerAway, BrokerSilent: IB could not be asked.
            NotifierAway: the chat could not be reached.
        """
        if self.proposer.answered(key):
            return None
        inventory = await self._inventory()
        known = self._holdings(inventory).listed
        found = [each for each in known if _is_meant(each.instrument, holding)]
        if len(found) != 1:
            return _not_one(found) if found else self._none(holding)
        leg = await self._leg(found[0], amount, inventory)
        if isinstance(leg, NoSale):
            return leg
        await self.proposer.propose(Purpose.SELL, [leg], key=key)
        return None

    async def offer_all(
        self, *, key: str, note: str | None, is_wanted: Callable[[], bool]
    ) -> Proposal | NoSale | None:
        """Ask whether to sell everything that can be sold. Returns the card; NoSale,
        which says what else is held, if there is nothing; None if *is_wanted* has become
        false.

        Raises:
            BrokerAway, BrokerSilent: IB could not be asked, or has not listed yet what
                was bought just now, and nothing else can be sold.
            NotifierAway: the chat could not be reached.
        """
        inventory = await self._inventory()
        held = self._holdings(inventory)
        free = {p.instrument.con_id: self._free(p, inventory) for p in held.listed}
        sold = [
            p for p in held.listed if free[p.instrument.con_id] and p.is_dollar_stock
        ]
        quotes = await self._quotes(sold)
        legs = [
            sale_leg(
                position,
                free[position.instrument.con_id],
                number=number,
                quote=quotes.get(position.instrument.con_id),
                orders=self.orders.of_stock(position.instrument.con_id),
            )
            for number, position in enumerate(sold, start=1)
        ]
        priced = [leg for leg in legs if leg is not None]
        if not priced and held.unlisted:
            raise BrokerAway(held.in_words())
        rest = left_out(held.listed, priced, free=free)
        if not priced:
            return NoSale(problem=rest)
        notes = filter(None, (note, rest, held.in_words()))
        return await self.proposer.propose(
            Purpose.SELL_ALL,
            priced,
            key=key,
            note=" ".join(notes) or None,
            is_wanted=is_wanted,
        )

    def held(self) -> tuple[Position, ...]:
        """The holdings that IB lists. Raises BrokerAway while they are unknown."""
        line, held = self.broker.line(), self.broker.positions()
        if line.state is not LineState.UP:
            raise BrokerAway(line.reason or line.state)
        if held is None:
            raise BrokerAway("IB has not listed the holdings yet")
        return held

    async def held_now(self) -> tuple[Position, ...]:
        """The holdings, with what was bought in the last minutes as IB lists it on
        request, and without what our orders sold in them.

        Raises:
            BrokerAway, BrokerSilent: IB could not be asked.
        """
        held, now = self.held(), self.clock.now()
        if not any(just_filled(order.fills, now) for order in self._recent()):
            return held
        listed = self._holdings(await self.broker.inventory()).listed
        ours = self._counting()
        return tuple(without_just_sold(each, ours, now) for each in listed)

    async def _inventory(self) -> Inventory:
        """What IB lists on request; asked once more where it lists an order of ours that
        has ended by now: the listing was made before, and would count its shares as being
        sold by somebody else."""
        inventory = await self.broker.inventory()
        if any(map(self._has_ended, inventory.open_orders)):
            return await self.broker.inventory()
        return inventory

    def _has_ended(self, listed: OpenOrder) -> bool:
        ours = self.orders.of_stock(listed.instrument.con_id)
        return any(o.state in SETTLED and row_of(o, [listed]) is not None for o in ours)

    def _holdings(self, inventory: Inventory) -> Holdings:
        now = self.clock.now()
        return holdings_now(self.held(), inventory, self._recent(), now)

    def _recent(self) -> Sequence[Order]:
        """Our orders in the account that IB may not have listed yet."""
        now, account = self.clock.now(), self.instructions.read().limits.account
        return orders_in(account, self.orders.counting_since(now - LISTING_LAG))

    async def _leg(
        self, position: Position, amount: Amount, inventory: Inventory
    ) -> Leg | NoSale:
        symbol = position.instrument.symbol
        if not position.is_stock:
            return NoSale(problem=f"{symbol} is no stock: sell it at IB.")
        free = self._free(position, inventory)
        wanted = amount.of(free)
        if not 0 < wanted <= free:
            return NoSale(problem=_too_few(position, inventory, free))
        leg = sale_leg(
            position,
            wanted,
            number=1,
            quote=(await self._quotes([position])).get(position.instrument.con_id),
            orders=self.orders.of_stock(position.instrument.con_id),
        )
        return leg or NoSale(problem=f"No price is known of {symbol}.")

    async def _quotes(self, held: Sequence[Position]) -> Mapping[ConId, Quote]:
        stocks = [position.instrument for position in held]
        within = self.instructions.read().timeouts.quotes
        return await quotes_of(self.market, stocks, within=within)

    def _none(self, holding: ConId | str) -> NoSale:
        """Why a holding cannot be sold that IB does not list, or not yet."""
        now = self.clock.now()
        name = holding.upper() if isinstance(holding, str) else "that stock"
        bought = any(
            _is_meant(order.instrument, holding)
            for order in self.orders.counting_since(now - LISTING_LAG)
            if order.filled and order.side is Side.BUY
        )
        if bought:
            return NoSale(
                problem=f"{name} was bought just now, and IB has not listed it yet: try"
                " again in a moment."
            )
        return NoSale(problem=f"IB lists no {name} in this account.")

    def _counting(self) -> Sequence[Order]:
        """Our orders in the account that count for what can be sold."""
        today = start_of(day_of(self.clock.now()))
        account = self.instructions.read().limits.account
        return orders_in(account, self.orders.counting_since(today))

    def _free(self, position: Position, inventory: Inventory) -> Shares:
        session = self.broker.line().identity
        return sellable_shares(
            position.instrument,
            held=self.held(),
            ours=self._counting(),
            inventory=inventory,
            now=self.clock.now(),
            without=lambda other: is_ended_first(other, session),
        )


def _too_few(position: Position, inventory: Inventory, free: Shares) -> str:
    symbol, con_id = position.instrument.symbol, position.instrument.con_id
    listed = inventory.shares.get(con_id, min(position.shares, Decimal(0)))
    if con_id not in inventory.shares and position.shares > 0:
        return not_listed(symbol)
    return too_few(symbol, held=f"{min(position.shares, listed):f}", free=free)


def _is_meant(stock: Instrument, holding: ConId | str) -> bool:
    if isinstance(holding, str):
        return stock.is_named(holding)
    return stock.con_id == holding


def _not_one(found: Sequence[Position]) -> NoSale:
    return NoSale(problem=f"Which {found[0].instrument.symbol}?", which=tuple(found))
