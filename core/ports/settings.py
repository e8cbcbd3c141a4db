"""The settings that the owner can choose in the chat, and the instructions that follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.model.chosen.setting import (
    Judged,
    Outdated,
    Setting,
    SettingChange,
    SettingQuestion,
)
from core.model.instructions import Instructions, Limits
from core.ports.transactions import Transactions


class InstructionReader(Protocol):
    """What is in force. Asked once for a scan, a card or a tap; reads nothing from disk."""

    def read(self) -> Instructions:
        """What holds now, and for whatever is made from now on."""

    def of(self, made_at: datetime) -> Instructions:
        """What held when a card was made at *made_at* (UTC)."""

    def limits_of(self, made_at: datetime) -> Limits:
        """What binds a card that was made at *made_at*: each limit as it was then or as it
        is now, whichever is the stricter."""


class Catalogue(Protocol):
    """All settings that the chat may choose, over those of .env. The words of the chat
    are texts as .env has them, by the name of the setting."""

    def settings(self, chosen: Mapping[str, str]) -> tuple[Setting, ...]:
        """Each as it stands, group by group."""

    def judged(self, chosen: Mapping[str, str], name: str, to: str | None) -> Judged:
        """What choosing *to* for *name* would be (None: follow .env again), judged
        together with all others.

        Raises:
            LookupError: the chat cannot choose this.
            SettingsWrong: it cannot be, in a sentence.
        """

    def outdated(self, chosen: Mapping[str, str]) -> tuple[Outdated, ...]:
        """Those of *chosen* that are taken no more, and let the bot do no more when they
        are let go.

        Raises:
            SettingsWrong: others are taken no more, or they clash with .env.
        """

    def instructions(self, chosen: Mapping[str, str]) -> Instructions:
        """What follows from *chosen*, which was judged before."""

    def at_that_time(self, chosen: Mapping[str, str]) -> Instructions:
        """What follows from what was *chosen* once, as far as today's .env and this
        Openbell can be asked about it."""

    def stricter_limits(
        self, one: Mapping[str, str], other: Mapping[str, str]
    ) -> Limits:
        """Each limit as it follows from *one*, which was chosen once (as ``at_that_time``),
        or the *other*, which counts now: the stricter of both."""


class SettingChanges(Transactions, Protocol):
    """Every change of a setting that was made in the chat. Nothing is changed or lost."""

    def add(self, change: SettingChange) -> None:
        """*write*"""

    def all(self) -> tuple[SettingChange, ...]:
        """In the order in which they were made."""


class QuestionMemory(Protocol):
    """What each owner was asked last about a setting: nobody answers another's question.
    An *asker* is known by his number in the chat."""

    def setting_question(self, asker: int) -> SettingQuestion | None:
        """None when it is answered, or there was none."""

    def set_setting_question(
        self, asker: int, question: SettingQuestion | None
    ) -> None:
        """*write*"""
