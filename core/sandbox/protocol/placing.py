"""Reads placeOrder, the longest message a client sends.

The official client writes 114 fields for a plain market order, others stop a little
earlier: what stands behind ``randomizePrice`` may be missing.
"""

from typing import Final, NamedTuple

from core.sandbox.protocol.reading import ContractAsked, Reader, Unreadable
from core.sandbox.trading.tickets import OrderTicket


FIRST: Final = [
    "secIdType",
    "secId",
    "action",
    "totalQuantity",
    "orderType",
    "lmtPrice",
    "auxPrice",
    "tif",
    "ocaGroup",
    "account",
    "openClose",
    "origin",
    "orderRef",
    "transmit",
    "parentId",
    "blockOrder",
    "sweepToFill",
    "displaySize",
    "triggerMethod",
    "outsideRth",
    "hidden",
]
SECOND: Final = [
    "sharesAllocation",
    "discretionaryAmt",
    "goodAfterTime",
    "goodTillDate",
    "faGroup",
    "faMethod",
    "faPercentage",
    "modelCode",
    "shortSaleSlot",
    "designatedLocation",
    "exemptCode",
    "ocaType",
    "rule80A",
    "settlingFirm",
    "allOrNone",
    "minQty",
    "percentOffset",
    "eTradeOnly",
    "firmQuoteOnly",
    "nbboPriceCap",
    "auctionStrategy",
    "startingPrice",
    "stockRefPrice",
    "delta",
    "stockRangeLower",
    "stockRangeUpper",
    "overridePercentageConstraints",
    "volatility",
    "volatilityType",
    "deltaNeutralOrderType",
    "deltaNeutralAuxPrice",
]
THIRD: Final = [
    "continuousUpdate",
    "referencePriceType",
    "trailStopPrice",
    "trailingPercent",
    "scaleInitLevelSize",
    "scaleSubsLevelSize",
    "scalePriceIncrement",
]
FOURTH: Final = ["scaleTable", "activeStartTime", "activeStopTime", "hedgeType"]
FIFTH: Final = ["optOutSmartRouting", "clearingAccount", "clearingIntent", "notHeld"]
SIXTH: Final = [
    "algoId",
    "whatIf",
    "orderMiscOptions",
    "solicited",
    "randomizeSize",
    "randomizePrice",
]
LAST: Final = [
    "adjustedOrderType",
    "triggerPrice",
    "lmtPriceOffset",
    "adjustedStopPrice",
    "adjustedStopLimitPrice",
    "adjustedTrailingAmount",
    "adjustableTrailingUnit",
    "extOperator",
    "softDollarTierName",
    "softDollarTierValue",
    "cashQty",
    "mifid2DecisionMaker",
    "mifid2DecisionAlgo",
    "mifid2ExecutionTrader",
    "mifid2ExecutionAlgo",
    "dontUseAutoPriceForHedge",
    "isOmsContainer",
    "discretionaryUpToLimitPrice",
    "usePriceMgmtAlgo",
    "duration",
    "postToAts",
    "autoCancelParent",
    "advancedErrorOverride",
    "manualOrderTime",
]
DELTA_NEUTRAL_FIELDS: Final = 8
SCALE_FIELDS: Final = 7
LARGEST: Final = 1e12  # no price and no quantity comes near


class Placing(NamedTuple):
    """What a placeOrder message says."""

    order_id: int
    contract: ContractAsked
    raw: dict[str, str]


def read_placing(read: Reader) -> Placing:
    """Read the message.

    Raises:
        Unreadable: a field is missing, or is no number where it must be one.
    """
    order_id, contract = read.integer(), read.contract()
    raw = _named(FIRST, read)
    if contract.sec_type == "BAG":
        return Placing(order_id, contract, raw)  # refused anyway: no such stock
    raw |= _named(SECOND, read)
    if raw["deltaNeutralOrderType"]:
        read.skip(DELTA_NEUTRAL_FIELDS)
    raw |= _named(THIRD, read)
    if (raw_number(raw, "scalePriceIncrement") or 0) > 0:
        read.skip(SCALE_FIELDS)
    raw |= _named(FOURTH, read)
    if raw["hedgeType"]:
        read.skip(1)
    raw |= _named(FIFTH, read)
    _skip_neutral_and_algo(read)
    raw |= _named(SIXTH, read)
    if raw["orderType"] not in {"PEG BENCH", "PEGBENCH"} and _no_conditions(read):
        raw |= _named(LAST[: read.left], read)
    return Placing(order_id, contract, raw)


def _named(names: list[str], read: Reader) -> dict[str, str]:
    return {name: read.text() for name in names}


def _skip_neutral_and_algo(read: Reader) -> None:
    if read.flag():
        read.skip(3)
    if read.text():
        for _ in range(read.integer()):
            read.skip(2)


def _no_conditions(read: Reader) -> bool:
    return read.left > 0 and read.integer() == 0


def raw_number(raw: dict[str, str], name: str) -> float | None:
    """Return a named field as a number, None when it is unset.

    Raises:
        Unreadable: it is something else.
    """
    value = Reader(("", raw.get(name, ""))).real()
    if value is not None and abs(value) > LARGEST:
        raise Unreadable(f"{name} cannot be {raw[name][:40]}")
    return value


def _whole(raw: dict[str, str], name: str) -> int:
    return Reader(("", raw[name])).integer()


def ticket(placing: Placing, *, con_id: int, client_id: int) -> OrderTicket:
    """Return the order as the exchange takes it.

    Raises:
        Unreadable: a number is none.
    """
    raw = placing.raw
    quantity = raw_number(raw, "totalQuantity")
    if quantity is None and not raw["action"]:
        raise Unreadable("an order without action and quantity")
    return OrderTicket(
        client_id=client_id,
        order_id=placing.order_id,
        con_id=con_id,
        action="SELL" if raw["action"] == "SSHORT" else raw["action"],
        quantity=quantity or 0.0,
        account=raw["account"],
        order_type=raw["orderType"],
        limit_price=raw_number(raw, "lmtPrice"),
        aux_price=raw_number(raw, "auxPrice"),
        trail_percent=raw_number(raw, "trailingPercent"),
        trail_stop=raw_number(raw, "trailStopPrice"),
        tif=raw["tif"],
        order_ref=raw["orderRef"],
        outside_rth=_yes(raw["outsideRth"]),
        what_if=_yes(raw.get("whatIf", "")),
        transmit=raw["transmit"] == "" or _yes(raw["transmit"]),
        parent_id=_whole(raw, "parentId"),
        oca_group=raw["ocaGroup"],
        oca_type=_whole(raw, "ocaType"),
        raw=raw,
    )


def _yes(text: str) -> bool:
    return text not in {"", "0", "false"}
