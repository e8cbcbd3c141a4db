"""The one place where a setting is changed from the chat: asked, judged, written, told.

Nothing here awaits; see core.ledger.cards.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from core.ledger.cards import Cards
from core.ledger.instructions import CurrentInstructions
from core.ledger.unit_of_work import UnitOfWork
from core.model.chosen.news import LimitRaised
from core.model.chosen.setting import (
    JudgedSetting,
    Setting,
    SettingChange,
    SettingQuestion,
)
from core.model.errors import SettingsWrong
from core.model.points import CHOICE
from core.ports.settings import QuestionMemory, SettingChanges
from core.rules.chosen.choices import chosen_after, is_over


TWICE: Final = 2
"""How many Yes answers a change needs that loosens a limit."""


class Answered(StrEnum):
    """What became of a Yes or a No to the question about a setting."""

    CHANGED = "changed"
    ASKED_ONCE_MORE = "asked once more"
    LEFT = "left as it is"
    OVER = "over"  # it was answered, replaced by another, or is too old
    LATE = "late"  # the Yes had waited too long and does not count
    WRONG = "wrong"  # the value is not valid any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about a setting, and what a Yes would change."""

    question: SettingQuestion
    judged: JudgedSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOutcome:
    """The result of an answer. ``judged`` is the change that was asked about, None if
    it is no longer known; ``problem`` says why it is not possible."""

    answered: Answered
    asked: Asked | None = None
    problem: str = ""


class Choices:
    """The settings that owners choose in the chat. A question is in the journal until
    it is answered, so a restart in between loses nothing. Each *asker* (a Telegram
    number) has a question of his own."""

    def __init__(
        self,
        unit: UnitOfWork,
        *,
        changes: SettingChanges,
        memory: QuestionMemory,
        current: CurrentInstructions,
        cards: Cards,
    ) -> None:
        self._unit, self._catalogue = unit, current.catalogue
        self._changes, self._memory = changes, memory
        self.current, self._cards = current, cards

    def settings(self) -> tuple[Setting, ...]:
        """All settings with their current values, group by group."""
        return self._catalogue.settings(self.current.chosen)

    def awaited(self, asker: int) -> str | None:
        """The setting whose value *asker* was asked to type; None if there is none."""
        question = self._memory.setting_question(asker)
        if question is None or question.stage or is_over(question, self._unit.now()):
            return None
        return question.name

    def await_value(self, name: str, *, key: str, asker: int) -> None:
        """The next message of *asker* may be the value of *name*; *key* identifies the
        request that asks."""
        self._put(asker, self._question(name, key))

    def await_nothing(self, asker: int) -> None:
        """The next message of *asker* is not a value: he was asked something else."""
        if self.awaited(asker) is not None:
            self._put(asker, None)

    def ask(self, name: str, to: str | None, *, key: str, asker: int) -> Asked:
        """Ask whether to set *name* to *to* (None: follow .env). Nothing is changed
        yet. *key* identifies the request that asks; a repeated request gets the same
        question.

        Raises:
            LookupError: this setting cannot be changed in the chat.
            SettingsWrong: the value is not valid; says why.
        """
        judged = self._catalogue.judged(self.current.chosen, name, to)
        question = replace(
            self._question(name, key),
            value=judged.to,
            reset=to is None,
            loosens=judged.loosens,
            stage=TWICE if judged.loosens else 1,
        )
        self._put(asker, question)
        return Asked(question=question, judged=judged)

    def _question(self, name: str, key: str) -> SettingQuestion:
        """A question that awaits a value."""
        return SettingQuestion(token=key, at=self._unit.now(), name=name)

    def _put(self, asker: int, question: SettingQuestion | None) -> None:
        with self._unit.writing():
            self._memory.set_setting_question(asker, question)

    def answer(
        self, token: str, *, stage: int, yes: bool | None, by: str, asker: int
    ) -> ChoiceOutcome:
        """Handle the answer to a question at that *stage*. What it changes is on disk
        and, as far as possible, in force when this returns. *yes* is None for an answer
        that had waited too long before it was heard; *by* is the name of the
        *asker*."""
        question = self._memory.setting_question(asker)
        now = self._unit.now()
        if (
            question is None
            or not question.stage
            or question.token != token
            or is_over(question, now)
        ):
            return ChoiceOutcome(answered=Answered.OVER)
        if yes is False:
            self._put(asker, None)
            return ChoiceOutcome(answered=Answered.LEFT)
        try:
            judged = self._judged(question)
        except SettingsWrong as wrong:
            return ChoiceOutcome(answered=Answered.WRONG, problem=str(wrong))
        if yes is None:
            late = Asked(question=question, judged=judged)
            return ChoiceOutcome(answered=Answered.LATE, asked=late)
        asked = self._yes(question, judged, stage)
        if asked is not None:
            self._put(asker, asked)
            once_more = Asked(question=asked, judged=judged)
            return ChoiceOutcome(answered=Answered.ASKED_ONCE_MORE, asked=once_more)
        self._change(judged, by, asker)
        done = Asked(question=question, judged=judged)
        return ChoiceOutcome(answered=Answered.CHANGED, asked=done)

    def _judged(self, question: SettingQuestion) -> JudgedSetting:
        """Judged again, since other settings may have changed since the question."""
        to = None if question.reset else question.value
        return self._catalogue.judged(self.current.chosen, question.name, to)

    def _yes(
        self, question: SettingQuestion, judged: JudgedSetting, stage: int
    ) -> SettingQuestion | None:
        """The next question after a Yes; None if that was the last one."""
        if judged.loosens and not question.loosens:  # others were changed meanwhile
            return replace(question, loosens=True, stage=TWICE)
        if stage != question.stage:  # a second tap on the first Yes is not the second
            return question
        return replace(question, stage=stage - 1) if stage > 1 else None

    def _change(self, judged: JudgedSetting, by: str, asker: int) -> None:
        """Write the change; its effect on open offers is in the same transaction."""
        chosen = self.current.chosen
        change = SettingChange(
            at=self._unit.now(),
            by=by,
            name=judged.name,
            value=judged.to,
            was=chosen.get(judged.name),
        )
        after = self._catalogue.instructions(chosen_after(chosen, change))
        with self._unit.writing(CHOICE):
            self._memory.set_setting_question(asker, None)
            self._changes.add(change)
            said = f"by {by}: {judged.name} {judged.was} -> {judged.value}"
            self._unit.audit("", "setting", said)
            if judged.loosens:
                self._unit.notify(_told(judged, change))
            self._cards.shorten(after.limits.offer_life)
            self._cards.redraw()
        self.current.renew()


def _told(judged: JudgedSetting, change: SettingChange) -> LimitRaised:
    return LimitRaised(
        at=change.at, by=change.by, name=judged.name, was=judged.was, value=judged.value
    )
