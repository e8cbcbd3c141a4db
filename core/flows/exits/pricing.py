"""The prices of a plan's exits now, on IB's price steps for the stock.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from core.flows.research.snapshots import quotes_of
from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.money import Price
from core.model.order import Order
from core.ports.market import PriceRules, QuoteSource
from core.ports.settings import InstructionReader
from core.rules.exits.coverage import basis_of
from core.rules.exits.prices import AT_CLOSE, PricedExit, passed, priced


_NO_STEP: Final = (
    "it has no price: IB names no price step for it, it is less than a step away, or it"
    " would lie below nothing"
)
_NO_PRICE: Final = Price(Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The exits to place for shares that cost ``basis`` dollars. The kinds in
    ``left_out`` are not placed; ``problem`` tells the owner why."""

    exits: tuple[PricedExit, ...] = ()
    basis: Price = _NO_PRICE
    left_out: tuple[ExitKind, ...] = ()
    problem: str = ""


class PricingData(QuoteSource, PriceRules, Protocol):
    """What an exit is priced by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPricing:
    """Asks IB for the price steps, and for the price if an exit is placed again."""

    market: PricingData
    instructions: InstructionReader

    async def of(
        self,
        protection: Protection,
        orders: Sequence[Order],
        *,
        kinds: frozenset[ExitKind],
        closing: bool,
    ) -> Priced:
        """The exits of *protection*, whose stock's orders are *orders*, of these *kinds*;
        the timed one alone where it is *closing*.

        An exit that is placed for the first time is sent as approved: if the price has
        already passed a stop, IB sells at once. One that is placed again, after a sale,
        a panic or a change of the holding, is not sent then, and the owner is told.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: the price steps could not be
                requested.
        """
        basis = basis_of(protection, orders)
        if basis is None:
            return Priced()
        if closing:
            return Priced(exits=(AT_CLOSE,), basis=basis)
        exits, left_out = await self._with_prices(protection, kinds, basis)
        if left_out:
            return Priced(exits=exits, basis=basis, left_out=left_out, problem=_NO_STEP)
        if _is_new(protection, orders):
            return Priced(exits=exits, basis=basis)
        stock = protection.instrument
        within = self.instructions.read().timeouts.quotes
        quotes = await quotes_of(self.market, [stock], within=within)
        problem = passed(exits, quotes.get(stock.con_id))
        if problem is None:
            return Priced(exits=exits, basis=basis)
        left_out = tuple(each.kind for each in exits)
        return Priced(basis=basis, left_out=left_out, problem=problem)

    async def _with_prices(
        self, protection: Protection, kinds: frozenset[ExitKind], basis: Price
    ) -> tuple[tuple[PricedExit, ...], tuple[ExitKind, ...]]:
        """The exits that have a valid price, and the kinds that have none."""
        within = self.instructions.read().timeouts.quotes
        steps = await self.market.price_steps(protection.instrument, within=within)
        wanted = kinds - {ExitKind.CLOSE}
        found = priced(protection.plan, basis, steps)
        exits = tuple(each for each in found if each.kind in wanted)
        left_out = wanted - {each.kind for each in exits}
        return exits, tuple(sorted(left_out))


def _is_new(protection: Protection, orders: Sequence[Order]) -> bool:
    """Whether none of its exits was at IB before and was ended by us."""
    return not any(
        order.proposal_id == protection.proposal_id
        and order.cancel_asked
        and order.perm_id
        for order in orders
        if order.exit is not None
    )
