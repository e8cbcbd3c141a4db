"""How many shares of a stock need exits now, and which exits are to end.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from dataclasses import dataclass

from core.flows.exits.plans import Plans
from core.flows.exits.timed import TimedExits
from core.ledger.halts import Halts
from core.model.market import Instrument
from core.model.order import Order, OrderState
from core.model.portfolio import Inventory
from core.model.proposal import Purpose
from core.ports.market import Clock
from core.ports.orders import CountedOrders
from core.ports.proposals import ProposalReader
from core.rules.exits.coverage import Need, need
from core.rules.new_york import day_of, start_of
from core.rules.selling.holding import is_exit, orders_in, sellable_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitNeeds:
    """Compares what is approved with the exits that there are. Changes nothing."""

    orders: CountedOrders
    proposals: ProposalReader
    plans: Plans
    timed: TimedExits
    halts: Halts
    clock: Clock

    def supposed(self, stock: Instrument) -> Need:
        """The need as far as it is known without asking IB."""
        room = self.plans.supposed_room(stock, without=self._takes_nothing)
        return self._need(stock, room)

    def listed(self, stock: Instrument, inventory: Inventory) -> Need:
        """The need by what IB has just listed."""
        now = self.clock.now()
        room = sellable_shares(
            stock,
            held=None,
            ours=orders_in(
                self.plans.account(), self.orders.counting_since(start_of(day_of(now)))
            ),
            inventory=inventory,
            now=now,
            without=self._takes_nothing,
        )
        return self._need(stock, room, inventory)

    def _takes_nothing(self, order: Order) -> bool:
        """Whether *order* takes no shares from exits: it is one, or is planned and a halt
        keeps it back. What /panic sells is sent under any halt."""
        if order.state is not OrderState.PLANNED or not self.halts.all():
            return is_exit(order)
        card = self.proposals.by_id(order.proposal_id)
        return card is None or card.purpose is not Purpose.SELL_ALL

    def _need(
        self, stock: Instrument, room: int, asked: Inventory | None = None
    ) -> Need:
        protection = self.plans.approved(stock)
        return need(
            protection,
            self.plans.orders_of(stock),
            room=room,
            closing=protection is not None and self.timed.is_due(protection),
            now=self.clock.now(),
            listed=None if asked is None else asked.open_orders,
        )
