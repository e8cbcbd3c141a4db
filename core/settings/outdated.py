"""Values chosen in the chat that this version no longer accepts.

A value whose setting no longer exists is dropped. A value that its setting no longer
accepts is dropped if the value in .env is at least as strict; otherwise the start is
refused, because an upgrade must not loosen a limit.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import ValidationError

from core.model.chosen.setting import Loosens, Outdated
from core.model.errors import SettingsWrong
from core.settings.choosable import from_chat, loosens, value_of, with_words
from core.settings.settings import PREFIX, Settings


_FORGET: Final = "start `openbell settings --forget {name}` to follow .env again"


def outdated_words(base: Settings, chosen: Mapping[str, str]) -> tuple[Outdated, ...]:
    """The values of *chosen* to drop, and why.

    Raises:
        SettingsWrong: what to do first, with one line for each setting.
    """
    gone = [_gone(name, word) for name, word in chosen.items() if not from_chat(name)]
    known = {name: word for name, word in chosen.items() if from_chat(name)}
    refused = {name: known[name] for name in _refused(base, known)}
    wrong = [
        _looser(base, name, word)
        for name, word in refused.items()
        if _may_be_looser(base, name, word)
    ]
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    kept = {name: word for name, word in known.items() if name not in refused}
    _refuse_clashes(base, kept)
    let_go = [Outdated(name=n, value=w, why=_LET_GO) for n, w in refused.items()]
    return (*gone, *let_go)


_LET_GO: Final = "This version of Openbell does not take that value"


def _gone(name: str, word: str) -> Outdated:
    why = "This version of Openbell takes no such setting from the chat"
    return Outdated(name=name, value=word, why=why)


def _refused(base: Settings, words: Mapping[str, str]) -> tuple[str, ...]:
    """The names of settings that do not accept their value."""
    kept = {name: getattr(base, name) for name in Settings.model_fields}
    try:
        Settings(**kept | {name: value_of(name, word) for name, word in words.items()})
    except ValidationError as error:
        return tuple(str(each["loc"][0]) for each in error.errors() if each["loc"])
    return ()


def _may_be_looser(base: Settings, name: str, word: str) -> bool:
    """Whether the value in .env may let the bot do more than *word* did, or that is not
    known."""
    of_file: Any = getattr(base, name)
    match loosens(name):
        case Loosens.NOTHING:
            return False
        case Loosens.YES:
            return bool(of_file) and word != "true"
        case Loosens.MORE | Loosens.LESS as way:
            return _is_past(of_file, word, less=way is Loosens.LESS)
        case Loosens.ANY:
            return True


def _is_past(of_file: Any, word: str, *, less: bool) -> bool:
    try:
        value, other = Decimal(str(of_file)), Decimal(word)
    except InvalidOperation:
        return True
    return value < other if less else value > other


def _refuse_clashes(base: Settings, words: Mapping[str, str]) -> None:
    """Raises SettingsWrong where .env and the chat clash."""
    try:
        with_words(base, words)
    except SettingsWrong as clash:
        names = ", ".join(f"{PREFIX}{name.upper()}={words[name]}" for name in words)
        raise SettingsWrong(
            f"{clash}\nChosen in the chat: {names}. Change .env, or "
            f"{_FORGET.format(name='NAME')}."
        ) from None


def _looser(base: Settings, name: str, word: str) -> str:
    of_file = getattr(base, name)
    return (
        f"{PREFIX}{name.upper()}={word}, chosen in the chat, is not taken by this version, "
        f"and {of_file} may allow more: {_FORGET.format(name=name)}."
    )
