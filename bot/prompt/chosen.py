"""`python -m bot settings`: shows the values chosen in the chat, and forgets one, which
may be necessary if it keeps the bot from starting."""

import sys
from collections.abc import Iterator, Mapping

from bot.checks.finding import Finding
from bot.exits import ENV_FILE, OK, WRONG
from core.clock import SystemClock
from core.model.chosen.setting import SettingChange
from core.model.errors import SettingsWrong, StoreError
from core.rules.chosen.choices import chosen
from core.settings.choosable import with_words
from core.settings.loading import load_settings
from core.settings.outdated import outdated_words
from core.settings.settings import PREFIX, Settings
from core.settings.texts import text_of
from core.store.inspection import chosen_words
from core.store.journal import Journal


_BY = "the prompt"


def settings(*, forget: str | None) -> int:
    """Print the chosen values, or forget one. Returns the process's exit code."""
    try:
        of_file = load_settings(ENV_FILE)
        if forget is None:
            return _show(of_file)
        return _forget(of_file, forget.lower().removeprefix(PREFIX.lower()))
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG


def effective_or(of_file: Settings) -> tuple[Settings, dict[str, str]]:
    """The settings of .env with the chosen values on top, and these values. If they
    cannot be read or combined, *of_file* and none; the start itself says why."""
    try:
        words = chosen_words(of_file.journal)
        return with_words(of_file, words), words
    except (SettingsWrong, StoreError):
        return of_file, {}


def chosen_findings(of_file: Settings) -> Iterator[Finding]:
    """A finding about the chosen values, if there are any, or about why the bot cannot
    start with them. None for an unreadable journal, which has its own finding."""
    try:
        words = chosen_words(of_file.journal)
    except StoreError:
        return
    for line in chosen_lines(of_file, words):
        yield Finding(what="chosen", found=line)
    try:
        outdated_words(of_file, words)
    except SettingsWrong as wrong:
        for sentence in str(wrong).splitlines():
            yield Finding(what="chosen", found="cannot be", mend=sentence)


def chosen_lines(of_file: Settings, words: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each setting that was chosen in the chat."""
    return tuple(_line(of_file, name, word) for name, word in sorted(words.items()))


def _line(of_file: Settings, name: str, word: str) -> str:
    instead = text_of(getattr(of_file, name, None)) or "nothing"
    return f"{PREFIX}{name.upper()}={word} (chosen in the chat; .env says {instead})"


def _show(of_file: Settings) -> int:
    words = chosen_words(of_file.journal)
    for line in chosen_lines(of_file, words) or ("Nothing was chosen in the chat.",):
        print(line)
    return OK


def _forget(of_file: Settings, name: str) -> int:
    clock = SystemClock()
    with Journal.opened(
        of_file.journal, clock=clock, secret=of_file.seal_secret()
    ) as journal:
        was = chosen(journal.setting_changes.all()).get(name)
        if was is None:
            print(f"{PREFIX}{name.upper()} was not chosen in the chat.")
            return WRONG
        now = clock.now()
        change = SettingChange(at=now, by=_BY, name=name, value=None, was=was)
        with journal.transaction():
            journal.setting_changes.add(change)
            said = f"by {_BY}: {name} {was} -> what .env says"
            journal.trail.append(at=now, ref="", kind="setting", payload=said)
    print(f"{PREFIX}{name.upper()} follows .env again.")
    return OK
