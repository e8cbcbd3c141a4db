"""The settings that can be changed in the chat, on top of .env.

A field's values, bounds and default come from the field itself; there is no second
list. Precedence: the value chosen in the chat, then .env, then the default."""

from collections.abc import Mapping
from typing import Final

from core.model.chosen.setting import InForce, JudgedSetting, Outdated, Setting
from core.model.errors import SettingsWrong
from core.model.instructions import Instructions, Limits, Timeouts
from core.model.proposal import Mode
from core.settings.choosable import (
    CHOOSABLE,
    GROUPS,
    is_looser,
    min_of,
    with_words,
    with_words_of_then,
)
from core.settings.instructing import instructions_of
from core.settings.marks import bounds_of
from core.settings.outdated import outdated_words
from core.settings.settings import Settings
from core.settings.texts import options_of, text_of, typed
from core.settings.trading import TradingSettings


NEVER_LIVE: Final = (
    "Automatic orders with real money are not switched on from the chat, only in .env."
)


class SettingsCatalogue:
    """Implements Catalogue over the settings of .env. *timeouts* has the timeouts that
    are not settings. What is asked of chosen values that are not valid raises
    SettingsWrong."""

    def __init__(self, settings: Settings, timeouts: Timeouts) -> None:
        self._base, self._timeouts = settings, timeouts
        self._asked: Mapping[str, str] = {}
        self._found = settings

    def settings(self, chosen: Mapping[str, str]) -> tuple[Setting, ...]:
        now = with_words(self._base, chosen)
        return tuple(
            Setting(
                name=name,
                group=group,
                value=text_of(getattr(now, name)),
                default=text_of(field.get_default()),
                from_file=text_of(getattr(self._base, name)),
                takes=field.description or "",
                bounds=bounds_of(field),
                options=options_of(field),
                in_force=_in_force(name),
                is_chosen=name in chosen,
            )
            for name, (group, field) in CHOOSABLE.items()
        )

    def judged(
        self, chosen: Mapping[str, str], name: str, to: str | None
    ) -> JudgedSetting:
        _, field = CHOOSABLE[name]
        before = with_words(self._base, chosen)
        word = None if to is None else typed(to, field)
        others = {each: text for each, text in chosen.items() if each != name}
        words = others if word is None else {**others, name: word}
        after = with_words(self._base, words)
        if _is_automatic_live(after) and not _is_automatic_live(before):
            raise SettingsWrong(NEVER_LIVE)
        was, value = getattr(before, name), getattr(after, name)
        return JudgedSetting(
            name=name,
            to=None if word is None else text_of(value),
            was=text_of(was),
            value=text_of(value),
            loosens=is_looser(name, value, was),
            in_force=_in_force(name),
        )

    def outdated(self, chosen: Mapping[str, str]) -> tuple[Outdated, ...]:
        return outdated_words(self._base, chosen)

    def effective(self, chosen: Mapping[str, str]) -> Settings:
        """The effective settings, for parts that need more than the instructions."""
        if chosen != self._asked:
            self._asked, self._found = chosen, with_words(self._base, chosen)
        return self._found

    def instructions(self, chosen: Mapping[str, str]) -> Instructions:
        return instructions_of(with_words(self._base, chosen), self._timeouts)

    def at_that_time(self, chosen: Mapping[str, str]) -> Instructions:
        then = with_words_of_then(self._base, chosen)
        return instructions_of(then, self._timeouts)

    def stricter_limits(
        self, one: Mapping[str, str], other: Mapping[str, str]
    ) -> Limits:
        first = with_words_of_then(self._base, one)
        second = with_words(self._base, other)
        strict = {
            name: min_of(name, getattr(first, name), getattr(second, name))
            for name in TradingSettings.model_fields
        }
        return second.model_copy(update=strict).limits()


def _is_automatic_live(settings: Settings) -> bool:
    return settings.mode is Mode.LIVE and settings.automatic


def _in_force(name: str) -> InForce:
    group, _ = CHOOSABLE[name]
    return GROUPS[group][1]
