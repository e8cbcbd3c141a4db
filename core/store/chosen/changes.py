"""Every change of a setting in the chat; rows are never changed or deleted."""

from typing import Final

from core.model.chosen.setting import SettingChange
from core.store.access import Access, Role
from core.store.tables import from_moment, to_moment


_ADD: Final = """
INSERT INTO setting_change (at, by, name, value, was) VALUES (?, ?, ?, ?, ?)
"""
_ALL: Final = "SELECT at, by, name, value, was FROM setting_change ORDER BY seq"
_IS_THERE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'setting_change'"


class SqlSettingChanges(Role):
    """Implements SettingChanges."""

    def add(self, change: SettingChange) -> None:
        at, name = from_moment(change.at), change.name
        self._access.change(_ADD, (at, change.by, name, change.value, change.was))

    def all(self) -> tuple[SettingChange, ...]:
        return changes_on(self._access)


def changes_on(access: Access) -> tuple[SettingChange, ...]:
    """All changes in the journal, oldest first."""
    return tuple(
        SettingChange(**{**dict(row), "at": to_moment(row["at"])})
        for row in access.rows(_ALL)
    )


def has_changes(access: Access) -> bool:
    """Whether the journal has the table of changed settings."""
    return access.value(_IS_THERE) is not None
