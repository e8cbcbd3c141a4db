"""Exit plans as the owner writes them: "stop 5%", "trail 3% target 10%", "none"."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit


_NUMBER: Final = r"(\d{1,6}(?:\.\d{1,4})?)"
_WRITTEN: Final = re.compile(rf"(\$?){_NUMBER}\s*(%|atr|)", re.ASCII | re.IGNORECASE)
_UNITS: Final = {"%": Unit.PERCENT, "atr": Unit.ATR, "": Unit.DOLLARS}
_MOST: Final = {Unit.PERCENT: Decimal(95), Unit.ATR: Decimal(50)}
_NAMES: Final = {"trailing": "trail", "profit": "target"}
_MOST_SESSIONS: Final = 250


def distance_in(text: str) -> Distance | None:
    """Parse "5%", "0.50", "$0.50" or "2atr"; None for zero, for more than 95 % or 50
    average true ranges, and for anything else."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or (match[1] and match[3]):
        return None
    amount, unit = Decimal(match[2]), _UNITS[match[3].lower()]
    if not 0 < amount <= _MOST.get(unit, amount):
        return None
    return Distance(amount=amount, unit=unit)


def plan_in(text: str) -> ExitPlan | None:
    """Parse "stop 5% target 10%", "trail 3% close 2" or "none"; None for anything else
    and for an exit named twice. "close 2" is the close of the second session."""
    words = text.lower().replace(",", " ").split()
    if words in (["none"], ["off"]):
        return NO_EXITS
    if not words or len(words) % 2:
        return None
    named = dict(zip((_NAMES.get(w, w) for w in words[::2]), words[1::2], strict=True))
    is_twice = len(named) * 2 != len(words)
    return None if is_twice else _plan_of(named)


def _plan_of(named: Mapping[str, str]) -> ExitPlan | None:
    """None if a name or a value is not understood."""
    plan = ExitPlan(
        stop=distance_in(named.get("stop", "")),
        trail=distance_in(named.get("trail", "")),
        target=distance_in(named.get("target", "")),
        sessions=_sessions_in(named.get("close", "")),
    )
    understood = (plan.stop, plan.trail, plan.target, plan.sessions)
    return plan if sum(bool(each) for each in understood) == len(named) else None


def _sessions_in(text: str) -> int | None:
    number = int(text) if re.fullmatch(r"\d{1,3}", text, re.ASCII) else 0
    return number if 0 < number <= _MOST_SESSIONS else None
