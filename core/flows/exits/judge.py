"""Whether an exit may be sent, checked right before it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from core.flows.gateway_ready import not_ready, slept
from core.flows.standing import Standing
from core.ledger.unit_of_work import now_on
from core.model.errors import BrokerError
from core.model.evidence import Line
from core.model.order import WORKING, Order
from core.model.portfolio import NOTHING_LISTED, Inventory
from core.model.proposal import Purpose
from core.ports.account import HoldingsReader, Prober
from core.ports.market import SteadyClock
from core.ports.orders import CountedOrders
from core.ports.proposals import ProposalReader
from core.ports.settings import InstructionReader
from core.rules.circumstances import Circumstances
from core.rules.exits.guards import exit_refusals
from core.rules.new_york import day_of, start_of
from core.rules.sending import FRESH, Judgement


_NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""An exit plan does not expire."""


_SLEPT: Final = "This machine slept while IB listed what is held."


class ExitBroker(HoldingsReader, Prober, Protocol):
    """The roles of the broker that judge an exit; they cannot place orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedExit:
    """``refused`` says why the exit may not be sent; empty if it may. ``inventory`` is
    what IB listed on request, empty if it did not answer."""

    judgement: Judgement
    refused: str
    inventory: Inventory = NOTHING_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitJudge:
    """Asks IB for holdings and working orders, probes the gateway, and then evaluates
    every guard of an exit."""

    broker: ExitBroker
    orders: CountedOrders
    proposals: ProposalReader
    standing: Standing
    clock: SteadyClock
    instructions: InstructionReader

    async def judge(self, order: Order) -> JudgedExit:
        """Judge *order* by the current state."""
        asleep = slept(self.clock)
        judgement = self._judgement_of_now(self.broker.line())
        try:
            inventory = await self.broker.inventory()
        except BrokerError as problem:
            return JudgedExit(judgement=judgement, refused=str(problem))
        if slept(self.clock) - asleep > FRESH.total_seconds():
            return JudgedExit(judgement=judgement, refused=_SLEPT)
        judgement = self._judgement_of_now(judgement.line)
        within = self.instructions.read().timeouts.probe
        away = await not_ready(self.broker, within=within)
        found = exit_refusals([order], self._circumstances(order, inventory))
        texts = [*([away] if away else []), *(each.text for each in found)]
        refused = " ".join(texts)
        return JudgedExit(judgement=judgement, refused=refused, inventory=inventory)

    def _judgement_of_now(self, line: Line) -> Judgement:
        """As old as what IB has just listed, however long that took."""
        of = now_on(self.clock)
        return Judgement(of=of, line=line, deadline=_NEVER, despite_halt=True)

    async def refuses_all(self) -> str:
        """Why no exit could be sent now, whatever it sells; empty if one could."""
        within = self.instructions.read().timeouts.probe
        away = await not_ready(self.broker, within=within)
        blocks = self.standing.blocks(self.standing.readiness(), Purpose.EXITS)
        return " ".join([*([away] if away else []), *blocks])

    async def surely(self) -> datetime:
        """A moment (UTC) that has passed by this machine's clock and by the gateway's,
        which is asked now. Raises BrokerAway or BrokerSilent."""
        await self.broker.probe(within=self.instructions.read().timeouts.probe)
        return self.standing.by_both_clocks()[0]

    def _circumstances(self, order: Order, inventory: Inventory) -> Circumstances:
        now = self.standing.read()
        proposal = self.proposals.by_id(order.proposal_id)
        assert proposal is not None
        return Circumstances(
            now=now.at,
            line=now.line,
            supply=now.supply,
            reconciled=now.reconciled,
            halted=now.halted,
            market=now.market,
            quotes={},
            account=now.supply.account,
            in_doubt=now.in_doubt,
            working=self.orders.in_states(tuple(WORKING)),
            counting=self.orders.counting_since(start_of(day_of(now.at))),
            held=self.broker.positions() or (),
            limits=self.instructions.read().limits,
            proposal=proposal,
            inventory=inventory,
        )
