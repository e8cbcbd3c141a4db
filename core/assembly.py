"""Builds the parts of the engine, one after the other: each is given those built before
it, and what it must tell a later one travels as an event that both were given."""

from dataclasses import dataclass
from functools import partial

from core.chance import RandomBytes, new_proposal_id, new_token
from core.flows.amending.built import Amending, amending
from core.flows.chosen.built import reports
from core.flows.chosen.scheduled import Scheduled
from core.flows.data_heartbeat import DataHeartbeat
from core.flows.decide import Decider
from core.flows.exits.built import exit_keeper
from core.flows.exits.split_ends import SplitEnds
from core.flows.listen import Listener
from core.flows.named.by_name import ByName, by_name
from core.flows.named.propose import Proposer
from core.flows.new_cards import NewCards
from core.flows.offer import Offers
from core.flows.outage import Outage
from core.flows.outcomes import OutcomeTracker
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import Reconciler
from core.flows.report import Reporter
from core.flows.research.stocks import Stocks
from core.flows.send import Sender
from core.flows.sent.late_cancels import LateCancels
from core.flows.sent.late_fills import LateFills
from core.flows.sent.part_fills import PartFills
from core.flows.signals import Signals
from core.flows.standing import Standing
from core.flows.trade import Trader
from core.flows.upkeep import Upkeep
from core.ledger.instructions import CurrentInstructions
from core.ledger.writers import Writers, writers_of
from core.model.points import Reached
from core.ports.chat import StrangerCount
from core.ports.edges import Edges
from core.queries.chat import Queries


__all__ = ["Edges", "Parts", "assemble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that the engine runs and uses."""

    writers: Writers
    signals: Signals
    watch: QuoteWatch
    heartbeat: DataHeartbeat
    reconciler: Reconciler
    late_cancels: LateCancels
    part_fills: PartFills
    outage: Outage
    decider: Decider
    amending: Amending
    offers: Offers
    named: ByName
    trader: Trader
    reporter: Reporter
    scheduled: Scheduled
    outcomes: OutcomeTracker
    listener: Listener
    upkeep: Upkeep
    queries: Queries


def assemble(
    edges: Edges,
    instructions: CurrentInstructions,
    *,
    gate: StrangerCount,
    reached: Reached,
    random_bytes: RandomBytes,
) -> Parts:
    """Build every part without starting it; the arguments are those of Engine."""
    signals = Signals()
    new_card_token = partial(new_token, random_bytes)
    store, broker, market = edges.store, edges.broker, edges.market
    notifier, calendar, clock = edges.notifier, edges.calendar, edges.clock
    writers = writers_of(store, notifier, clock, instructions, reached=reached)
    unit, halts, others = writers.unit, writers.halts, writers.others
    cards, ledger = writers.cards, writers.ledger
    watch = QuoteWatch(market=market, proposals=store.proposals, orders=store.orders)
    reconciler = Reconciler(
        broker=broker,
        orders=store.orders,
        clock=clock,
        timeouts=instructions.read().timeouts,
        ledger=ledger,
        others=others,
        split_ends=SplitEnds(orders=store.orders, proposals=store.proposals),
        signals=signals,
        reached=reached,
    )
    heartbeat = DataHeartbeat(
        market=market, broker=broker, calendar=calendar, clock=clock
    )
    standing = Standing(
        broker=broker,
        heartbeat=heartbeat,
        orders=store.orders,
        reconciler=reconciler,
        halts=halts,
        calendar=calendar,
        clock=clock,
        instructions=instructions,
    )
    outage = Outage(
        standing=standing,
        timeouts=instructions.read().timeouts,
        unit=unit,
        cards=cards,
        halts=halts,
        memory=store.memory,
        clock=clock,
        compared=signals.compared,
    )
    decider = Decider(
        proposals=store.proposals,
        orders=store.orders,
        cards=cards,
        standing=standing,
        outage=outage,
        broker=broker,
        new_token=new_card_token,
        orders_due=signals.orders_due,
    )
    amendments = amending(
        edges,
        instructions,
        writers=writers,
        reconciler=reconciler,
        standing=standing,
        new_token=new_card_token,
    )
    new_cards = NewCards(
        broker=broker,
        clock=clock,
        cards=cards,
        watch=watch,
        steps=amendments.steps,
        new_id=partial(new_proposal_id, random_bytes),
        new_token=new_card_token,
    )
    offers = Offers(
        market=market,
        notifier=notifier,
        calendar=calendar,
        clock=clock,
        instructions=instructions,
        unit=unit,
        cards=cards,
        standing=standing,
        decider=decider,
        headlines=amendments.headlines,
        new_cards=new_cards,
    )
    sender = Sender(
        broker=broker,
        memory=store.memory,
        timeouts=instructions.read().timeouts,
        ledger=ledger,
        reconciler=reconciler,
        clock=clock,
        reached=reached,
    )
    named = by_name(
        edges,
        instructions,
        writers=writers,
        reconciler=reconciler,
        standing=standing,
        proposer=Proposer(
            notifier=notifier,
            instructions=instructions,
            cards=cards,
            new_cards=new_cards,
        ),
    )
    exits = exit_keeper(
        edges,
        instructions,
        writers=writers,
        reconciler=reconciler,
        standing=standing,
        sender=sender,
    )
    trader = Trader(
        market=market,
        broker=broker,
        notifier=notifier,
        proposals=store.proposals,
        orders=store.orders,
        instructions=instructions,
        unit=unit,
        ledger=ledger,
        standing=standing,
        reconciler=reconciler,
        offers=offers,
        sender=sender,
        exits=exits,
        clock=clock,
        orders_due=signals.orders_due,
    )
    bring = reports(
        edges, instructions, writers=writers, offers=offers, reached=reached
    )
    outcomes = OutcomeTracker(
        past=edges.past,
        lines=broker,
        recordings=store.recordings,
        calendar=calendar,
        unit=unit,
        scoring=edges.scoring,
        memory=store.memory,
    )
    listener = Listener(
        broker=broker,
        orders=store.orders,
        ledger=ledger,
        others=others,
        reconciler=reconciler,
        watch=watch,
        outage=outage,
        late_fills=LateFills(
            orders=store.orders,
            reconciler=reconciler,
            others=others,
            clock=edges.clock,
        ),
        orders_due=signals.orders_due,
    )
    queries = Queries(
        market=market,
        history=market,
        broker=broker,
        proposals=store.proposals,
        orders_of_ours=store.orders,
        calendar=calendar,
        clock=clock,
        standing=standing,
        instructions=instructions,
        gate=gate,
        memory=store.memory,
        journal=store.retention,
        stocks=Stocks(
            market=market,
            broker=broker,
            proposals=store.proposals,
            orders=store.orders,
            calendar=calendar,
            clock=clock,
            instructions=instructions,
        ),
        schedules=store.schedules,
    )
    upkeep = Upkeep(
        retention=store.retention,
        orders=store.orders,
        unit=unit,
        instructions=instructions,
    )
    return Parts(
        writers=writers,
        signals=signals,
        watch=watch,
        heartbeat=heartbeat,
        reconciler=reconciler,
        late_cancels=LateCancels(ledger=ledger, reconciler=reconciler, clock=clock),
        part_fills=PartFills(orders=store.orders, unit=unit),
        outage=outage,
        decider=decider,
        amending=amendments,
        offers=offers,
        named=named,
        trader=trader,
        reporter=bring.reporter,
        scheduled=bring.scheduled,
        outcomes=outcomes,
        listener=listener,
        upkeep=upkeep,
        queries=queries,
    )
