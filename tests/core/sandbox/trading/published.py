"""What IB publishes of the codes that orders are refused with.

The table of message codes: https://interactivebrokers.github.io/tws-api/message_codes.html
"""

from types import MappingProxyType
from typing import Final


TABLE: Final = MappingProxyType(
    {
        105: "Order being modified does not match original order.",
        110: "The price does not conform to the minimum price variation for this contract.",
        113: "The Tif option should be set to DAY for MOC and LOC orders.",
        117: "The block order size must be at least 50.",
        145: "Error in validating entry fields -",
        146: "Invalid trigger method.",
        147: "The conditional contract info is incomplete.",
        152: 'The "hidden" order attribute may not be specified for this order.',
        154: "Orders cannot be transmitted for a halted security.",
        200: "No security definition has been found for the request",
        201: "Order rejected - reason:",
        311: "The origin is invalid.",
        325: "Discretionary orders are not supported for this combination of exchange and"
        " order type.",
        328: "Trailing stop orders can be attached to limit or stop-limit orders only.",
        334: "Invalid Good Till Date order",
        337: "The date, time, or time-zone entered is invalid. The correct format is yyyymmdd"
        " hh:mm:ss ",
        344: "The account logged into is not a financial advisor account.",
        346: "Not an institutional account or an away clearing account.",
        348: "Order not a short sale -- type must be SSHORT to specify short sale slot.",
        367: "Volatility type if set must be 1 or 2 for VOL orders. Do not set it for other"
        " order types.",
        368: "Reference Price Type must be 1 or 2 for dynamic volatility management. Do not"
        " set it for non-VOL orders.",
        371: "VOL order requires positive floating point value for volatility. Do not set it"
        " for other order types.",
        372: "Cannot set dynamic VOL attribute on non-VOL order.",
        373: "Can only set stock range attribute on VOL or RELATIVE TO STOCK order.",
        387: "Unsupported order type for this exchange and security type.",
        398: "<",
        405: "The child order quantity should be equivalent to the parent order size.",
        413: "What-if order should have the transmit flag set to true.",
        429: "Delta neutral orders are only supported for combos (BAG security type).",
        434: "The order size cannot be zero.",
        435: "You must specify an account.",
        439: "Order processing failed. Algorithm definition not found.",
        441: "Algo attributes validation failed:",
        442: "Specified algorithm is not allowed for this order.",
        443: "Order processing failed. Unknown algo attribute",
    },
)
"""How each text begins in the table; what varies follows."""

TODAY: Final = MappingProxyType(
    {
        103: "Duplicate order id",  # the table: Duplicate order ID.
        104: "Cannot modify a filled order.",  # the table: Can't modify a filled order.
        111: "The order TIF (Tif type) and the order type are incompatible.",
        321: "Error validating request.-",  # the table names it without its cause
    },
)
"""Codes whose texts users and captures of today's gateways quote otherwise."""

UNLISTED: Final = frozenset(
    {460, 10006, 10020, 10243, 10244, 10268, 10269, 10274, 10314}
)
"""Codes that the table has not; their texts are as users quote them."""


def is_as_published(code: int, text: str) -> bool:
    """Whether a refusal's text is IB's, as far as it is known."""
    if code in UNLISTED:
        return bool(text)
    return text.startswith(TABLE.get(code) or TODAY[code])
