"""Builds the parts that maintain exits."""

from core.flows.exits.judge import ExitJudge
from core.flows.exits.keeper import ExitKeeper
from core.flows.exits.late import LateExits
from core.flows.exits.needs import ExitNeeds
from core.flows.exits.pauses import ExitPauses
from core.flows.exits.planned import PlannedExits
from core.flows.exits.plans import Plans
from core.flows.exits.pricing import ExitPricing
from core.flows.exits.timed import TimedExits
from core.flows.reconcile import Reconciler
from core.flows.send import Sender
from core.flows.standing import Standing
from core.ledger.writers import Writers
from core.ports.edges import Edges
from core.ports.settings import InstructionReader


def exit_keeper(
    edges: Edges,
    instructions: InstructionReader,
    *,
    writers: Writers,
    reconciler: Reconciler,
    standing: Standing,
    sender: Sender,
) -> ExitKeeper:
    """The exit keeper, built from the engine's parts."""
    store, broker = edges.store, edges.broker
    judge = ExitJudge(
        broker=broker,
        orders=store.orders,
        proposals=store.proposals,
        standing=standing,
        clock=edges.clock,
        instructions=instructions,
    )
    plans = Plans(
        broker=broker,
        orders=store.orders,
        book=writers.exits,
        calendar=edges.calendar,
        clock=edges.clock,
        instructions=instructions,
    )
    timed = TimedExits(plans=plans, judge=judge, standing=standing, clock=edges.clock)
    late = LateExits(book=writers.exits, plans=plans, clock=edges.clock)
    needs = ExitNeeds(
        orders=store.orders,
        proposals=store.proposals,
        plans=plans,
        timed=timed,
        halts=writers.halts,
        clock=edges.clock,
    )
    planned = PlannedExits(
        plans=plans,
        judge=judge,
        timed=timed,
        late=late,
        ledger=writers.ledger,
        halts=writers.halts,
        sender=sender,
        clock=edges.clock,
    )
    return ExitKeeper(
        broker=broker,
        book=writers.exits,
        plans=plans,
        needs=needs,
        pricing=ExitPricing(market=edges.market, instructions=instructions),
        timed=timed,
        planned=planned,
        late=late,
        pauses=ExitPauses(clock=edges.clock),
        ledger=writers.ledger,
        halts=writers.halts,
        reconciler=reconciler,
        standing=standing,
        instructions=instructions,
    )
