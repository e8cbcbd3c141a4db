"""The journal's records, from the prompt: export, verify, backup. Safe while it runs."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.exits import BROKE, ENV_FILE, OK, WRONG
from core.model.errors import SettingsWrong, StoreError
from core.settings import load_settings
from core.store import inspection
from core.store.backup import back_up


def export() -> int:
    """Write the audit trail to standard output. Returns the process's exit code."""
    return _with_the_journal(_export)


def verify() -> int:
    """Say whether every line of the audit trail is as it was written."""
    return _with_the_journal(_verify)


def backup(to: Path) -> int:
    """Copy the journal as it stands now to the new file *to*."""
    return _with_the_journal(lambda journal: _backup(journal, to))


def _with_the_journal(do: Callable[[Path], int]) -> int:
    try:
        return do(load_settings(ENV_FILE).journal)
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG


def _export(journal: Path) -> int:
    inspection.export(journal, sys.stdout)
    return OK


def _verify(journal: Path) -> int:
    faults = inspection.verify(journal)
    for sentence in faults or (f"{journal}: the audit trail is whole.",):
        print(sentence)
    return BROKE if faults else OK


def _backup(journal: Path, to: Path) -> int:
    back_up(journal, to)
    print(f"{journal} is copied to {to}.")
    return OK
