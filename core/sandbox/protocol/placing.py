"""Reads placeOrder, the longest message a client sends.

The official client writes 114 fields for a plain market order, others stop a little
earlier: what stands behind ``randomizePrice`` may be missing.
"""

from typing import Final, NamedTuple

from core.sandbox.protocol.reading import (
    UNSET_INTEGER,
    ContractAsked,
    Reader,
    UnreadableField,
)
from core.sandbox.protocol.versions import FA_PROFILE_GONE
from core.sandbox.trading.tickets import Condition, OrderTicket


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
_PERCENT: Final = SECOND.index("faPercentage") + 1
WITH_FA_PROFILE: Final = [*SECOND[:_PERCENT], "faProfile", *SECOND[_PERCENT:]]
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
PEGGED_FIELDS: Final = 5
EXECUTION: Final = 5
CONDITION_FIELDS: Final = {1: 6, 3: 3, 4: 3, 5: 4, 6: 5, 7: 5}  # by kind
ALIASES: Final = {  # other names of order types that IB takes
    "LIMIT": "LMT",
    "MARKET": "MKT",
    "STOP": "STP",
    "STPLMT": "STP LMT",
    "STOP LIMIT": "STP LMT",
    "MKT CLS": "MOC",
    "LMT CLS": "LOC",
    "TRAILING STOP": "TRAIL",
    "TRAILLMT": "TRAIL LIMIT",
}
LARGEST: Final = 1e12  # no price and no quantity comes near


class RepeatedFields(NamedTuple):
    """The repeated fields of an order: the algo's parameters and the conditions."""

    algo: str = ""
    algo_params: dict[str, str] = {}  # noqa: RUF012  never changed
    conditions: tuple[Condition, ...] = ()
    ignore_rth: bool = False
    cancel: bool = False


class Placing(NamedTuple):
    """The fields of one placeOrder message."""

    order_id: int
    contract: ContractAsked
    raw: dict[str, str]
    terms: RepeatedFields = RepeatedFields()


def read_placing(read: Reader, version: int) -> Placing:
    """Read the message as a client of that version writes it.

    Raises:
        UnreadableField: a field is missing, or is no number where it must be one.
    """
    order_id, contract = read.integer(), read.contract()
    raw = _named(FIRST, read)
    if contract.sec_type == "BAG":
        return Placing(order_id, contract, raw)  # refused anyway: no such stock
    raw |= _named(SECOND if version >= FA_PROFILE_GONE else WITH_FA_PROFILE, read)
    if raw["deltaNeutralOrderType"]:
        read.skip(DELTA_NEUTRAL_FIELDS)
    raw |= _named(THIRD, read)
    if (raw_number(raw, "scalePriceIncrement") or 0) > 0:
        read.skip(SCALE_FIELDS)
    raw |= _named(FOURTH, read)
    if raw["hedgeType"]:
        read.skip(1)
    raw |= _named(FIFTH, read)
    if read.flag():
        read.skip(3)  # a delta-neutral contract
    terms = _algo(read)
    raw |= _named(SIXTH, read)
    if raw["orderType"] in {"PEG BENCH", "PEGBENCH"}:
        read.skip(PEGGED_FIELDS)
    terms = _with_conditions(terms, read)
    raw |= _named(LAST[: read.left], read)
    return Placing(order_id, contract, raw, terms)


def _named(names: list[str], read: Reader) -> dict[str, str]:
    return {name: read.text() for name in names}


def _algo(read: Reader) -> RepeatedFields:
    name = read.text()
    count = read.integer() if name else 0
    return RepeatedFields(name, {read.text(): read.text() for _ in range(count)})


def _with_conditions(terms: RepeatedFields, read: Reader) -> RepeatedFields:
    count = read.integer() if read.left else 0
    if not count:
        return terms
    conditions = tuple(_condition(read) for _ in range(count))
    return terms._replace(
        conditions=conditions, ignore_rth=read.flag(), cancel=read.flag()
    )


def _condition(read: Reader) -> Condition:
    kind = read.integer()
    echo = tuple(read.text() for _ in range(CONDITION_FIELDS.get(kind, 0)))
    if not echo:
        raise UnreadableField(f"no condition has the number {kind}")
    if kind == EXECUTION:
        return Condition(kind=kind, joined=echo[0], value=echo[3], echo=echo)
    contract = int(echo[3]) if len(echo) > 3 and echo[3].isdecimal() else 0  # noqa: PLR2004  behind the value
    return Condition(
        kind=kind,
        joined=echo[0],
        more=echo[1] not in {"0", "false"},
        value=echo[2],
        con_id=contract,
        echo=echo,
    )


def raw_number(raw: dict[str, str], name: str) -> float | None:
    """Return a named field as a number, None when it is unset.

    Raises:
        UnreadableField: it is something else.
    """
    value = Reader(("", raw.get(name, ""))).real()
    if value is not None and abs(value) > LARGEST:
        raise UnreadableField(f"{name} cannot be {raw[name][:40]}")
    return value


def _whole(raw: dict[str, str], name: str) -> int:
    """A whole number that some clients write as 2147483647 where it is not set."""
    value = Reader(("", raw[name])).integer()
    return 0 if value == UNSET_INTEGER else value


def ticket(placing: Placing, *, con_id: int, client_id: int) -> OrderTicket:
    """Return the order as the exchange takes it.

    Raises:
        UnreadableField: a field that must be a number is not one.
    """
    raw = placing.raw
    quantity = raw_number(raw, "totalQuantity")
    if quantity is None and not raw["action"]:
        raise UnreadableField("an order without action and quantity")
    return OrderTicket(
        client_id=client_id,
        order_id=placing.order_id,
        con_id=con_id,
        action="SELL" if raw["action"] == "SSHORT" else raw["action"],
        quantity=quantity or 0.0,
        account=raw["account"],
        order_type=ALIASES.get(raw["orderType"], raw["orderType"]),
        limit_price=raw_number(raw, "lmtPrice"),
        aux_price=raw_number(raw, "auxPrice"),
        trail_percent=raw_number(raw, "trailingPercent"),
        trail_stop=raw_number(raw, "trailStopPrice"),
        limit_offset=_limit_offset(raw),
        conditions=placing.terms.conditions,
        conditions_ignore_rth=placing.terms.ignore_rth,
        conditions_cancel=placing.terms.cancel,
        algo=placing.terms.algo,
        algo_params=placing.terms.algo_params,
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


def _limit_offset(raw: dict[str, str]) -> float | None:
    """How far a TRAIL LIMIT's limit is beyond its stop; a limit price says it as well."""
    offset, limit = raw_number(raw, "lmtPriceOffset"), raw_number(raw, "lmtPrice")
    stop = raw_number(raw, "trailStopPrice")
    if offset is not None or limit is None or stop is None:
        return offset
    return abs(round(limit - stop, 4))


def _yes(text: str) -> bool:
    return text not in {"", "0", "false"}
