"""Builds the parts that change a card while it asks, and that look up what it shows."""

from dataclasses import dataclass

from core.flows.amending.check import Checker
from core.flows.amending.choose_exits import ExitChooser
from core.flows.amending.headlines import HeadlineFinder
from core.flows.amending.open_offers import OpenOffers
from core.flows.amending.price_steps import StepFinder
from core.flows.amending.resize import Resizer
from core.flows.reconcile import Reconciler
from core.flows.standing import Standing
from core.ledger.writers import Writers
from core.ports.chat import NewToken
from core.ports.edges import Edges
from core.ports.settings import InstructionReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Amending:
    """The parts that change a card while it asks, and that look up what it shows."""

    headlines: HeadlineFinder
    steps: StepFinder
    resizer: Resizer
    exit_chooser: ExitChooser
    checker: Checker


def amending(
    edges: Edges,
    instructions: InstructionReader,
    *,
    writers: Writers,
    reconciler: Reconciler,
    standing: Standing,
    new_token: NewToken,
) -> Amending:
    """An Amending, built from the engine's parts."""
    store, market, clock, cards = edges.store, edges.market, edges.clock, writers.cards
    steps = StepFinder(
        market=market,
        proposals=store.proposals,
        cards=cards,
        instructions=instructions,
        clock=clock,
        new_token=new_token,
    )
    offers = OpenOffers(proposals=store.proposals, cards=cards)
    return Amending(
        headlines=HeadlineFinder(
            news=market,
            cards=cards,
            clock=clock,
            within=instructions.read().timeouts.news,
        ),
        steps=steps,
        resizer=Resizer(
            offers=offers,
            cards=cards,
            instructions=instructions,
            steps=steps,
            new_token=new_token,
        ),
        exit_chooser=ExitChooser(
            offers=offers,
            cards=cards,
            instructions=instructions,
            steps=steps,
            new_token=new_token,
        ),
        checker=Checker(
            broker=edges.broker,
            memory=store.memory,
            ledger=writers.ledger,
            reconciler=reconciler,
            standing=standing,
            clock=clock,
        ),
    )
