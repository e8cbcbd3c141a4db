"""IB's algos: which are simulated, and how an order with another one is refused.

Names, parameters and their values are those of IB's list
(https://interactivebrokers.github.io/tws-api/ibalgos.html). Adaptive trades as the
order does without it; TWAP and VWAP send a tenth of the order every thirty seconds.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from core.sandbox.trading.terms.times import INVALID, moment_of
from core.sandbox.trading.tickets import OrderTicket


WINDOW: Final = frozenset({"startTime", "endTime", "allowPastEndTime"})
SIMULATED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Adaptive": frozenset({"adaptivePriority"}),
        "Twap": WINDOW | {"strategyType", "catchUp"},
        "Vwap": WINDOW | {"maxPctVol", "noTakeLiq", "speedUp", "optoutClosingAuction"},
    },
)
OF_IB: Final = frozenset(
    {"ArrivalPx", "DarkIce", "AD", "PctVol", "PctVolPx", "PctVolSz", "PctVolTm"}
    | {"ClosePx", "MinImpact", "BalanceImpactRisk", "Inline", "Fixed"},
)
VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "adaptivePriority": frozenset({"Urgent", "Normal", "Patient"}),
        "strategyType": frozenset(
            {"Marketable", "Matching Midpoint", "Matching Same Side", "Matching Last"},
        ),
    },
)
LARGEST_PART: Final = 0.5  # of the volume, as IB's window has it
SMALLEST_PART: Final = 0.01


def refuse_algo(ticket: OrderTicket, now: datetime) -> tuple[int, str] | None:
    """Code and text of the refusal of an algo order; None when it is accepted."""
    if ticket.algo in OF_IB or ticket.order_type not in {"MKT", "LMT"}:
        return 442, "Specified algorithm is not allowed for this order."
    if ticket.algo not in SIMULATED:
        return 439, "Order processing failed. Algorithm definition not found."
    for name, value in ticket.algo_params.items():
        broken = _parameter(ticket.algo, name, value, now)
        if broken is not None:
            return broken
    return None


def _parameter(
    algo: str, name: str, value: str, now: datetime
) -> tuple[int, str] | None:
    if name not in SIMULATED[algo]:
        return 443, f"Order processing failed. Unknown algo attribute:{name}"
    if name in VALUES and value not in VALUES[name]:
        return 145, f"Error in validating entry fields -{value}"
    if name in {"startTime", "endTime"} and value and moment_of(value, now) is None:
        return 10314, INVALID
    if name == "maxPctVol" and not is_part(value):
        return 441, f"Algo attributes validation failed:{name}={value}"
    return None


def is_part(text: str) -> bool:
    """Whether *text* is a participation rate that IB accepts, a fraction of the volume."""
    return is_number(text) and SMALLEST_PART <= float(text) <= LARGEST_PART


def is_number(text: str) -> bool:
    """Whether *text* is a decimal number without exponent."""
    sign, _, digits = text.rpartition("-")
    return not sign and digits.replace(".", "", 1).isdecimal()
