"""The journal's commands: export, verify, backup and restore. All except restore are
safe while the bot runs, and restore refuses to run then."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.exits import BROKE, ENV_FILE, OK, WRONG
from core.clock import SystemClock
from core.model.errors import SettingsWrong, StoreError
from core.settings.loading import load_settings
from core.settings.settings import Settings
from core.store import inspection
from core.store.copies.backup import back_up, back_up_into, recordings_beside
from core.store.copies.restore import restore as put_back


def export() -> int:
    """Write the audit trail to standard output. Returns the process's exit code."""
    return _with_the_journal(_export)


def verify() -> int:
    """Print whether every line of the audit trail is as it was written."""
    return _with_the_journal(_verify)


def backup(to: Path) -> int:
    """Copy the journal in its current state to the new file *to*."""
    return _with_the_journal(lambda settings: _backup(settings.journal, to))


def backup_into(folder: Path, *, keep: int) -> int:
    """Copy the journal into *folder*, with the time in its name, and delete all such
    copies except the newest *keep*."""

    def do(settings: Settings) -> int:
        now = SystemClock().now()
        copy, old = back_up_into(folder, settings.journal, now=now, keep=keep)
        deleted = f" {len(old)} old ones are deleted." if old else ""
        print(f"{settings.journal} is copied to {copy}.{deleted}")
        _tell_of_recordings(copy, settings.journal)
        return OK

    return _with_the_journal(do)


def restore(copy: Path) -> int:
    """Put *copy* in the journal's place, marked as restored."""
    return _with_the_journal(lambda settings: _restore(copy, settings.journal))


def _restore(copy: Path, journal: Path) -> int:
    aside = put_back(copy, journal, now=SystemClock().now())
    if aside is not None:
        print(f"The previous journal is kept as {aside}.")
    print(
        f"{journal} is the copy now, and marked as restored: the next start voids every "
        "offer, halts, and compares all orders with IB's. /resume when you have looked."
    )
    return OK


def _with_the_journal(do: Callable[[Settings], int]) -> int:
    try:
        code = do(load_settings(ENV_FILE))
        sys.stdout.flush()
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # the command line's, for all commands
        raise
    except OSError as problem:
        print(f"This was not written to its end: {problem.strerror}.", file=sys.stderr)
        return BROKE
    return code


def _export(settings: Settings) -> int:
    secret = settings.seal_secret()
    inspection.export(settings.journal, sys.stdout, secret=secret)
    return OK


def _verify(settings: Settings) -> int:
    journal = settings.journal
    faults = inspection.verify(journal, secret=settings.seal_secret())
    for sentence in faults or (
        f"{journal}: the audit trail is whole, and what it seals.",
    ):
        print(sentence)
    return BROKE if faults else OK


def _backup(journal: Path, to: Path) -> int:
    back_up(journal, to)
    print(f"{journal} is copied to {to}.")
    _tell_of_recordings(to, journal)
    return OK


def _tell_of_recordings(copy: Path, journal: Path) -> None:
    if kept := recordings_beside(copy, journal):
        print(f"Recorded scans that had left it are in {kept.folder} ({len(kept)}).")
