"""All parts that may change the journal, sharing one unit of work."""

from dataclasses import dataclass

from core.ledger.cards import Cards
from core.ledger.choices import Choices
from core.ledger.exits import ExitBook
from core.ledger.halts import Halts
from core.ledger.instructions import CurrentInstructions
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.ledger.people import PeopleLedger
from core.ledger.schedule import Schedule
from core.ledger.unit_of_work import UnitOfWork
from core.model.points import Reached
from core.ports.chat import Notifier
from core.ports.journal import Store
from core.ports.market import SteadyClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """All parts that may change the journal."""

    unit: UnitOfWork
    cards: Cards
    halts: Halts
    others: Others
    ledger: Ledger
    choices: Choices
    schedule: Schedule
    people: PeopleLedger
    exits: ExitBook


def writers_of(
    store: Store,
    notifier: Notifier,
    clock: SteadyClock,
    instructions: CurrentInstructions,
    *,
    reached: Reached,
) -> Writers:
    """Build them, over one unit of work."""
    unit = UnitOfWork(store, clock=clock, wake=notifier.wake, reached=reached)
    cards = Cards(
        unit,
        proposals=store.proposals,
        orders=store.orders,
        memory=store.memory,
        inbox=store.inbox,
        recordings=store.recordings,
    )
    halts = Halts(unit, memory=store.memory)
    others = Others(
        unit,
        memory=store.memory,
        halts=halts,
        trades=store.other_trades,
        orders=store.orders,
    )
    ledger = Ledger(
        unit,
        orders=store.orders,
        memory=store.memory,
        halts=halts,
        others=others,
    )
    choices = Choices(
        unit,
        changes=store.setting_changes,
        memory=store.memory,
        current=instructions,
        cards=cards,
    )
    return Writers(
        unit=unit,
        cards=cards,
        halts=halts,
        others=others,
        ledger=ledger,
        choices=choices,
        schedule=Schedule(unit, store.schedules),
        people=PeopleLedger(unit, memory=store.memory, outbox=store.outbox),
        exits=ExitBook(
            unit, orders=store.orders, of_cards=store.orders, memory=store.memory
        ),
    )
