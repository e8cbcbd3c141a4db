"""The settings that the owner can choose, at their defaults, for tests."""

from typing import Any

from core.flows.chosen.in_force import in_force
from core.ledger.cards import Cards
from core.ledger.choices import Choices
from core.ledger.schedule import Schedule
from core.ledger.unit_of_work import UnitOfWork
from core.model.instructions import Timeouts
from core.model.points import Reached, ignore
from core.ports.journal import Store
from core.ports.market import SteadyClock
from core.settings.catalogue import SettingsCatalogue
from core.settings.settings import Settings


def _nobody() -> None:
    """Nobody is waited for."""


def a_catalogue(**named: Any) -> SettingsCatalogue:
    """The catalogue over settings of which only those *named* are in .env."""
    return SettingsCatalogue(Settings(**named), Timeouts())


def schedule_over(store: Store, clock: SteadyClock) -> Schedule:
    """The schedule of a process on *store*."""
    unit = UnitOfWork(store, clock=clock, wake=_nobody, reached=ignore)
    return Schedule(unit, store.schedules)


def choices_over(
    store: Store,
    clock: SteadyClock,
    *,
    reached: Reached = ignore,
    **named: Any,
) -> Choices:
    """The settings that a process on *store* offers."""
    unit = UnitOfWork(store, clock=clock, wake=_nobody, reached=reached)
    cards = Cards(
        unit,
        proposals=store.proposals,
        orders=store.orders,
        memory=store.memory,
        inbox=store.inbox,
        recordings=store.recordings,
    )
    return Choices(
        unit,
        changes=store.setting_changes,
        memory=store.memory,
        current=in_force(
            a_catalogue(**named),
            store.setting_changes,
            clock,
            trail=store.trail,
            outbox=store.outbox,
        ),
        cards=cards,
    )
