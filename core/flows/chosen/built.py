"""Builds the parts that bring reports and scheduled scans."""

from dataclasses import dataclass

from core.flows.chosen.bulletins import Bulletins
from core.flows.chosen.once import Once
from core.flows.chosen.scheduled import Scheduled
from core.flows.offer import Offers
from core.flows.report import Reporter
from core.ledger.writers import Writers
from core.model.points import Reached
from core.ports.edges import Edges
from core.ports.settings import InstructionReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportServices:
    """The parts that bring reports and scheduled scans."""

    reporter: Reporter
    scheduled: Scheduled


def reports(
    edges: Edges,
    instructions: InstructionReader,
    *,
    writers: Writers,
    offers: Offers,
    reached: Reached,
) -> ReportServices:
    """The report services, built from the engine's parts."""
    store, market, broker = edges.store, edges.market, edges.broker
    notifier, calendar, clock = edges.notifier, edges.calendar, edges.clock
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
        unit=writers.unit,
        offers=offers,
        schedules=store.schedules,
        once=once,
    )
    bulletins = Bulletins(
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
        unit=writers.unit,
        others=writers.others,
    )
    scheduled = Scheduled(
        schedules=store.schedules,
        reports=store.reports,
        once=once,
        calendar=calendar,
        clock=clock,
        broker=broker,
        unit=writers.unit,
        offers=offers,
        reporter=reporter,
        bulletins=bulletins,
    )
    return ReportServices(reporter=reporter, scheduled=scheduled)
