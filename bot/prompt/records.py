"""The journal's records, from the prompt: export, verify, backup. Safe while it runs."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.exits import BROKE, ENV_FILE, OK, WRONG
from core.model.errors import SettingsWrong, StoreError
from core.settings import Settings, load_settings
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
    return _with_the_journal(lambda settings: _backup(settings.journal, to))


def _with_the_journal(do: Callable[[Settings], int]) -> int:
    try:
        return do(load_settings(ENV_FILE))
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG


def _export(settings: Settings) -> int:
    secret = settings.seal_secret()
    inspection.export(settings.journal, sys.stdout, secret=secret)
    return OK


def _verify(settings: Settings) -> int:
    journal = settings.journal
    faults = inspection.verify(journal, secret=settings.seal_secret())
    for sentence in faults or (f"{journal}: the audit trail is whole.",):
        print(sentence)
    return BROKE if faults else OK


def _backup(journal: Path, to: Path) -> int:
    back_up(journal, to)
    print(f"{journal} is copied to {to}.")
    return OK
