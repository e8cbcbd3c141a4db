"""The settings that the owner can choose in the chat, and the instructions that
follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.model.chosen.setting import (
    JudgedSetting,
    Outdated,
    Setting,
    SettingChange,
    SettingQuestion,
)
from core.model.instructions import Instructions, Limits
from core.ports.transactions import Transactions


class InstructionReader(Protocol):
    """The instructions in force. Reading them does not access the disk."""

    def read(self) -> Instructions:
        """The current instructions."""

    def of(self, made_at: datetime) -> Instructions:
        """The instructions when a card was made at *made_at* (UTC)."""

    def limits_of(self, made_at: datetime) -> Limits:
        """The limits for a card made at *made_at* (UTC): of each limit, the stricter of
        its value then and now."""


class Catalogue(Protocol):
    """All settings that can be changed in the chat. Chosen values are texts as in .env,
    by the name of the setting."""

    def settings(self, chosen: Mapping[str, str]) -> tuple[Setting, ...]:
        """Each as it stands, group by group."""

    def judged(
        self, chosen: Mapping[str, str], name: str, to: str | None
    ) -> JudgedSetting:
        """The change of *name* to *to* (None: follow .env again), checked together with
        all other settings.

        Raises:
            LookupError: this setting cannot be changed in the chat.
            SettingsWrong: the value is not valid; says why.
        """

    def outdated(self, chosen: Mapping[str, str]) -> tuple[Outdated, ...]:
        """The values of *chosen* that are no longer valid and can be dropped without
        loosening a limit.

        Raises:
            SettingsWrong: other values are no longer valid, or they clash with .env.
        """

    def instructions(self, chosen: Mapping[str, str]) -> Instructions:
        """The instructions with *chosen*, which was checked before."""

    def at_that_time(self, chosen: Mapping[str, str]) -> Instructions:
        """The instructions with values *chosen* earlier, as far as today's .env and
        this version still accept them."""

    def stricter_limits(
        self, one: Mapping[str, str], other: Mapping[str, str]
    ) -> Limits:
        """Of each limit, the stricter value of *one*, chosen earlier (see
        ``at_that_time``), and *other*, which is chosen now."""


class SettingChangeReader(Protocol):
    """Every change of a setting made in the chat, to look at."""

    def all(self) -> tuple[SettingChange, ...]:
        """All changes, oldest first."""


class SettingChanges(Transactions, SettingChangeReader, Protocol):
    """Every change of a setting made in the chat, kept forever."""

    def add(self, change: SettingChange) -> None:
        """*write*"""


class QuestionMemory(Protocol):
    """The last question to each owner about a setting. An *asker* is a Telegram number;
    nobody can answer another person's question."""

    def setting_question(self, asker: int) -> SettingQuestion | None:
        """The open question; None if it was answered, or there was none."""

    def set_setting_question(
        self, asker: int, question: SettingQuestion | None
    ) -> None:
        """*write*"""
