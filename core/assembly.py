"""Builds the parts of the engine, one after the other: each is given those built before
it, and what it must tell a later one travels as an event that both were given."""

from dataclasses import dataclass
from functools import partial

from core.chance import RandomBytes
from core.flows.amending.check import Checker
from core.flows.amending.choose_exits import ExitChooser
from core.flows.amending.headlines import HeadlineFinder
from core.flows.amending.price_steps import StepFinder
from core.flows.amending.resize import Resizer
from core.flows.chosen.bulletins import Bulletins
from core.flows.chosen.once import Once
from core.flows.chosen.scheduled import Scheduled
from core.flows.data_heartbeat import DataHeartbeat
from core.flows.decide import Decider
from core.flows.exits.built import exit_keeper
from core.flows.listen import Listener
from core.flows.named.by_name import ByName, by_name
from core.flows.named.propose import Proposer
from core.flows.names import new_proposal_id, new_token
from core.flows.offer import Offers
from core.flows.outage import Outage
from core.flows.outcomes import OutcomeTracker
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import Reconciler
from core.flows.report import Reporter
from core.flows.research.stocks import Stocks
from core.flows.send import Sender
from core.flows.signals import Signals
from core.flows.standing import Standing
from core.flows.trade import Trader
from core.flows.upkeep import Upkeep
from core.ledger.instructions import CurrentInstructions
from core.ledger.writers import Writers, writers_of
from core.model.points import Reached
from core.ports.chat import StrangerCount
from core.ports.edges import Edges
from core.queries import Queries


__all__ = ["Edges", "Parts", "assemble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that the engine runs and uses."""

    writers: Writers
    signals: Signals
    watch: QuoteWatch
    headlines: HeadlineFinder
    heartbeat: DataHeartbeat
    reconciler: Reconciler
    outage: Outage
    decider: Decider
    resizer: Resizer
    steps: StepFinder
    exit_chooser: ExitChooser
    checker: Checker
    offers: Offers
    named: ByName
    trader: Trader
    reporter: Reporter
    once: Once
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
    headlines = HeadlineFinder(
        news=market, cards=cards, clock=clock, within=instructions.read().patience.news
    )
    reconciler = Reconciler(
        broker=broker,
        orders=store.orders,
        clock=clock,
        patience=instructions.read().patience,
        ledger=ledger,
        others=others,
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
        patience=instructions.read().patience,
        unit=unit,
        cards=cards,
        halts=halts,
        memory=store.memory,
        clock=clock,
        compared=signals.compared,
    )
    decider = Decider(
        proposals=store.proposals,
        cards=cards,
        standing=standing,
        outage=outage,
        broker=broker,
        new_token=new_card_token,
        orders_due=signals.orders_due,
    )
    steps = StepFinder(
        market=market,
        proposals=store.proposals,
        cards=cards,
        instructions=instructions,
        clock=clock,
        new_token=new_card_token,
    )
    resizer = Resizer(
        proposals=store.proposals,
        cards=cards,
        instructions=instructions,
        steps=steps,
        new_token=new_card_token,
    )
    exit_chooser = ExitChooser(
        proposals=store.proposals,
        cards=cards,
        instructions=instructions,
        new_token=new_card_token,
    )
    offers = Offers(
        market=market,
        broker=broker,
        notifier=notifier,
        calendar=calendar,
        clock=clock,
        instructions=instructions,
        unit=unit,
        cards=cards,
        standing=standing,
        decider=decider,
        watch=watch,
        steps=steps,
        headlines=headlines,
        new_id=partial(new_proposal_id, random_bytes),
        new_token=new_card_token,
    )
    sender = Sender(
        broker=broker,
        memory=store.memory,
        patience=instructions.read().patience,
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
            broker=broker,
            notifier=notifier,
            clock=clock,
            instructions=instructions,
            cards=cards,
            watch=watch,
            steps=steps,
            new_id=partial(new_proposal_id, random_bytes),
            new_token=new_card_token,
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
        watch=watch,
        sender=sender,
        exits=exits,
        clock=clock,
        orders_due=signals.orders_due,
    )
    once = Once(reports=store.reports, clock=clock, reached=reached)
    reporter = Reporter(
        market=market,
        broker=broker,
        notifier=notifier,
        calendar=calendar,
        clock=clock,
        reports=store.reports,
        proposals=store.proposals,
        orders=store.orders,
        memory=store.memory,
        scores=store.memory,
        instructions=instructions,
        unit=unit,
        offers=offers,
        schedules=store.schedules,
        once=once,
    )
    scheduled = Scheduled(
        schedules=store.schedules,
        reports=store.reports,
        once=once,
        calendar=calendar,
        clock=clock,
        broker=broker,
        unit=unit,
        offers=offers,
        reporter=reporter,
        bulletins=Bulletins(
            market=market,
            broker=broker,
            notifier=notifier,
            calendar=calendar,
            clock=clock,
            proposals=store.proposals,
            orders=store.orders,
            memory=store.memory,
            scores=store.memory,
            results=edges.results,
            instructions=instructions,
            unit=unit,
            others=others,
        ),
    )
    outcomes = OutcomeTracker(
        past=edges.past,
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
        orders_due=signals.orders_due,
    )
    queries = Queries(
        market=market,
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
        clock=clock,
        instructions=instructions,
    )
    return Parts(
        writers=writers,
        signals=signals,
        watch=watch,
        headlines=headlines,
        heartbeat=heartbeat,
        reconciler=reconciler,
        outage=outage,
        decider=decider,
        resizer=resizer,
        steps=steps,
        exit_chooser=exit_chooser,
        checker=Checker(
            broker=broker,
            memory=store.memory,
            ledger=ledger,
            reconciler=reconciler,
            standing=standing,
            clock=clock,
        ),
        offers=offers,
        named=named,
        trader=trader,
        reporter=reporter,
        once=once,
        scheduled=scheduled,
        outcomes=outcomes,
        listener=listener,
        upkeep=upkeep,
        queries=queries,
    )
