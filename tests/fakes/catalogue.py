"""Instructions that nobody changes, for tests that are not about the settings."""

from collections.abc import Mapping

from core.ledger.instructions import CurrentInstructions
from core.model.chosen.setting import JudgedSetting, Outdated, Setting
from core.model.instructions import Instructions, Limits
from core.ports.journal import Store


class NothingToChoose:
    """A Catalogue without any setting: the instructions are what they are."""

    def __init__(self, instructions: Instructions) -> None:
        self._instructions = instructions

    def settings(self, chosen: Mapping[str, str]) -> tuple[Setting, ...]:
        del chosen
        return ()

    def judged(
        self, chosen: Mapping[str, str], name: str, to: str | None
    ) -> JudgedSetting:
        del chosen, to
        raise LookupError(name)

    def outdated(self, chosen: Mapping[str, str]) -> tuple[Outdated, ...]:
        del chosen
        return ()

    def instructions(self, chosen: Mapping[str, str]) -> Instructions:
        del chosen
        return self._instructions

    def at_that_time(self, chosen: Mapping[str, str]) -> Instructions:
        return self.instructions(chosen)

    def stricter_limits(
        self, one: Mapping[str, str], other: Mapping[str, str]
    ) -> Limits:
        del one, other
        return self._instructions.limits


def unchanging(instructions: Instructions, store: Store) -> CurrentInstructions:
    return CurrentInstructions(NothingToChoose(instructions), store.setting_changes)
