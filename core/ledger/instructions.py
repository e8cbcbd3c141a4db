"""The instructions in force: those of .env, and over them what was chosen in the chat."""

from datetime import datetime

from core.model.chosen.setting import SettingChange
from core.model.instructions import Instructions, Limits
from core.ports.settings import Catalogue, SettingChangeReader
from core.rules.chosen.choices import chosen, chosen_at


class CurrentInstructions:
    """Implements InstructionReader. What is read once is kept until a change is made."""

    def __init__(self, catalogue: Catalogue, changes: SettingChangeReader) -> None:
        self.catalogue, self._on_disk = catalogue, changes
        self._changes: tuple[SettingChange, ...] = ()
        self.renew()

    def renew(self) -> None:
        """Read the changes from disk again; they are in force when this returns."""
        self._changes = self._on_disk.all()
        self._now = self.catalogue.instructions(self.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """The chat's words that count now."""
        return chosen(self._changes)

    def read(self) -> Instructions:
        return self._now

    def of(self, made_at: datetime) -> Instructions:
        if self._is_of_now(made_at):
            return self._now
        return self.catalogue.at_that_time(chosen_at(self._changes, made_at))

    def limits_of(self, made_at: datetime) -> Limits:
        if self._is_of_now(made_at):
            return self._now.limits
        then = chosen_at(self._changes, made_at)
        return self.catalogue.stricter_limits(then, self.chosen)

    def _is_of_now(self, made_at: datetime) -> bool:
        return all(change.at < made_at for change in self._changes)
