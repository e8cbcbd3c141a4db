"""The callback data of buttons about exits. A plan is encoded in a few characters: a
stop of 5 % is ``s5p``, a target 0.50 dollars away ``g0_50d``, a trail of two average
true ranges ``t2a``, the second session's close ``c2``; ``n`` is none."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit
from core.model.market import ConId
from core.model.proposal import Token
from core.rules.exits.written import plan_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenExits:
    """Show the card with these exits."""

    plan: ExitPlan
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExits:
    """Ask on a card whether a holding is to have these exits."""

    con_id: ConId
    plan: ExitPlan


_UNITS: Final = {Unit.PERCENT: "p", Unit.DOLLARS: "d", Unit.ATR: "a"}
_SIGNS: Final = {"p": "%", "d": "", "a": "atr"}
_NAMES: Final = {"s": "stop", "t": "trail", "g": "target"}
_PART: Final = re.compile(r"([stg])(\d+(?:_\d+)?)([pda])|(c)(\d+)", re.ASCII)


def letters(plan: ExitPlan) -> str:
    """*plan* encoded for a button; ``plan_of`` decodes it."""
    if plan == NO_EXITS:
        return "n"
    exits = {"s": plan.stop, "t": plan.trail, "g": plan.target}
    parts = [f"{name}{_letters(each)}" for name, each in exits.items() if each]
    timed = [f"c{plan.sessions}"] if plan.sessions else []
    return "".join((*parts, *timed))


def _letters(distance: Distance) -> str:
    return f"{distance.amount:f}".replace(".", "_") + _UNITS[distance.unit]


def plan_of(text: str) -> ExitPlan:
    """Decode what ``letters`` wrote. Raises ValueError for anything else."""
    words = "none" if text == "n" else " ".join(map(_word, _PART.finditer(text)))
    plan = plan_in(words)
    if plan is None or letters(plan) != text:
        raise ValueError(text)
    return plan


def _word(part: re.Match[str]) -> str:
    if part[4]:
        return f"close {part[5]}"
    amount = Decimal(part[2].replace("_", "."))
    return f"{_NAMES[part[1]]} {amount:f}{_SIGNS[part[3]]}"
