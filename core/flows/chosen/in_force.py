"""At a start: the instructions in force, and chosen values that this version no longer
accepts."""

from datetime import datetime

from core.ledger.instructions import CurrentInstructions
from core.model.chosen.news import SettingSetAside
from core.model.chosen.setting import Outdated, SettingChange
from core.model.status import THE_BOT
from core.ports.journal import Store
from core.ports.market import Clock
from core.ports.settings import Catalogue
from core.rules.chosen.choices import chosen


def in_force(catalogue: Catalogue, store: Store, clock: Clock) -> CurrentInstructions:
    """The settings in .env, overridden by those chosen in the chat. Chosen values that
    are no longer valid are set aside, and the owner is told.

    Raises:
        SettingsWrong: without such a value the bot could do more than the owner
            allowed, or the chosen values clash with .env; the owner has to decide.
    """
    for outdated in catalogue.outdated(chosen(store.setting_changes.all())):
        _set_aside(outdated, store, clock.now())
    return CurrentInstructions(catalogue, store.setting_changes)


def _set_aside(outdated: Outdated, store: Store, now: datetime) -> None:
    name, value, why = outdated.name, outdated.value, outdated.why
    change = SettingChange(at=now, by=THE_BOT, name=name, value=None, was=value)
    with store.transaction():
        store.setting_changes.add(change)
        store.trail.append(
            at=now,
            ref="",
            kind="setting",
            payload=f"by {THE_BOT}: {name} {value} -> {why}",
        )
        store.outbox.notify(SettingSetAside(at=now, name=name, value=value, why=why))
