"""Attributes of an order that this gateway does not serve, and IB's words for each.

An order that asks for one of them is refused: filling it as if it were plain would
look as if it worked. Codes and texts are those of IB's table of message codes
(https://interactivebrokers.github.io/tws-api/message_codes.html); 10244 and 10274 as
users quote them. Where IB serves what we do not, 321 says so in our own words.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


UNSET: Final = frozenset(
    {"", "0", "0.0", "false", "False", "None", "2147483647", "1.7976931348623157e+308"}
    | {"1.7976931348623157E308", "1.7976931348623157E+308"},
)
NOT_AN_ADVISOR: Final = (
    344,
    "The account logged into is not a financial advisor account.",
)
NOT_INSTITUTIONAL: Final = (
    346,
    "Not an institutional account or an away clearing account.",
)
STOCK_RANGE: Final = (
    373,
    "Can only set stock range attribute on VOL or RELATIVE TO STOCK order.",
)
IN_IBS_WORDS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "hidden": (
            152,
            'The "hidden" order attribute may not be specified for this order.',
        ),
        "discretionaryAmt": (
            325,
            (
                "Discretionary orders are not supported for this combination of exchange and"
                " order type."
            ),
        ),
        "sharesAllocation": NOT_AN_ADVISOR,
        "faGroup": NOT_AN_ADVISOR,
        "faMethod": NOT_AN_ADVISOR,
        "faPercentage": NOT_AN_ADVISOR,
        "faProfile": NOT_AN_ADVISOR,
        "settlingFirm": NOT_INSTITUTIONAL,
        "clearingAccount": NOT_INSTITUTIONAL,
        "origin": (311, "The origin is invalid."),
        "stockRangeLower": STOCK_RANGE,
        "stockRangeUpper": STOCK_RANGE,
        "volatility": (
            371,
            (
                "VOL order requires positive floating point value for volatility. Do not set"
                " it for other order types."
            ),
        ),
        "volatilityType": (
            367,
            (
                "Volatility type if set must be 1 or 2 for VOL orders. Do not set it for"
                " other order types."
            ),
        ),
        "continuousUpdate": (372, "Cannot set dynamic VOL attribute on non-VOL order."),
        "referencePriceType": (
            368,
            (
                "Reference Price Type must be 1 or 2 for dynamic volatility management. Do"
                " not set it for non-VOL orders."
            ),
        ),
        "deltaNeutralOrderType": (
            429,
            "Delta neutral orders are only supported for combos (BAG security type).",
        ),
        "cashQty": (10244, "Cash Quantity cannot be used for this order"),
        "eTradeOnly": (10268, "The 'EtradeOnly' order attribute is not supported."),
        "firmQuoteOnly": (
            10269,
            "The 'FirmQuoteOnly' order attribute is not supported.",
        ),
        "postToAts": (
            10274,
            (
                "The 'PostToATS' order attribute may not be specified for this order or is"
                " invalid."
            ),
        ),
    },
)
SERVED_BY_IB_ALONE: Final = (
    *("modelCode", "designatedLocation", "percentOffset", "nbboPriceCap"),
    *("auctionStrategy", "startingPrice", "stockRefPrice", "delta"),
    *("scaleInitLevelSize", "scaleSubsLevelSize", "scalePriceIncrement", "scaleTable"),
    *("activeStartTime", "activeStopTime", "hedgeType", "notHeld", "orderMiscOptions"),
    *("randomizeSize", "randomizePrice", "adjustedOrderType", "triggerPrice"),
    *("adjustedStopPrice", "adjustedStopLimitPrice", "adjustedTrailingAmount"),
    *("softDollarTierName", "isOmsContainer", "discretionaryUpToLimitPrice"),
    *("duration", "autoCancelParent", "secId", "optOutSmartRouting"),
    *("deltaNeutralAuxPrice", "softDollarTierValue"),
)
NO_EXEMPTION: Final = frozenset({"", "0", "-1"})
ALONE_TEXT: Final = (
    "Error validating request.-'bW' : cause - The simulated gateway does not serve the"
    " order attribute '{}'"
)


def is_set(raw: Mapping[str, str], name: str) -> bool:
    """Whether a field has a value; every client writes "not set" in its own way."""
    return raw.get(name, "") not in UNSET


def unserved(raw: Mapping[str, str]) -> tuple[int, str] | None:
    """Code and text of the refusal for the first attribute that is set and not served;
    None for none.
    """
    for name, refusal in IN_IBS_WORDS.items():
        if is_set(raw, name):
            return refusal
    for name in SERVED_BY_IB_ALONE:
        if is_set(raw, name):
            return 321, ALONE_TEXT.format(name)
    return _clearing(raw) or _short_sale(raw)


def _clearing(raw: Mapping[str, str]) -> tuple[int, str] | None:
    return None if raw.get("clearingIntent", "") in {"", "IB"} else NOT_INSTITUTIONAL


def _short_sale(raw: Mapping[str, str]) -> tuple[int, str] | None:
    if raw.get("exemptCode", "") not in NO_EXEMPTION:
        return 321, ALONE_TEXT.format("exemptCode")
    if is_set(raw, "shortSaleSlot") and raw.get("action") != "SSHORT":
        return 348, (
            "Order not a short sale -- type must be SSHORT to specify short sale slot."
        )
    return None
