"""At a start: the instructions in force, and chosen values that this version no longer
accepts."""

from core.ledger.instructions import CurrentInstructions
from core.model.chosen.news import SettingSetAside
from core.model.chosen.setting import Outdated, SettingChange
from core.model.status import THE_BOT
from core.ports.journal import Trail
from core.ports.market import Clock
from core.ports.outbox import Notices
from core.ports.settings import Catalogue, SettingChanges
from core.rules.chosen.choices import chosen


def in_force(
    catalogue: Catalogue,
    changes: SettingChanges,
    clock: Clock,
    *,
    trail: Trail,
    outbox: Notices,
) -> CurrentInstructions:
    """The settings in .env, overridden by those chosen in the chat. Chosen values that
    are no longer valid are set aside, and the owner is told.

    Raises:
        SettingsWrong: without such a value the bot could do more than the owner
            allowed, or the chosen values clash with .env; the owner has to decide.
    """
    for outdated in catalogue.outdated(chosen(changes.all())):
        name, value, now = outdated.name, outdated.value, clock.now()
        with changes.transaction():
            changes.add(
                SettingChange(at=now, by=THE_BOT, name=name, value=None, was=value)
            )
            trail.append(at=now, ref="", kind="setting", payload=_line(outdated))
            outbox.notify(
                SettingSetAside(at=now, name=name, value=value, why=outdated.why)
            )
    return CurrentInstructions(catalogue, changes)


def _line(outdated: Outdated) -> str:
    return f"by {THE_BOT}: {outdated.name} {outdated.value} -> {outdated.why}"
