"""Scenarios about scans, quotes and history."""

from typing import Final

from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Scenario, Trouble


ALWAYS: Final = 0  # "times": every one of them
SAYS: Final = "Historical Market Data Service error message"
TICK_TYPE: Final = 3  # the field of a tick message that says what it is
TICK_PRICE: Final = 4


def _refused(name: str, seen: str, message: str, code: int, text: str) -> Scenario:
    trouble = Trouble(
        message=message, action=Action.REFUSE, times=ALWAYS, code=code, text=text
    )
    return Scenario(name=name, seen=seen, troubles=(trouble,))


def _unanswered(message: str) -> Scenario:
    return Scenario(
        name=f"unanswered-{message}",
        seen="ib_async's requests have no time limit of their own (measured).",
        troubles=(Trouble(message=message, action=Action.DROP, times=ALWAYS),),
    )


UNANSWERED: Final = tuple(
    _unanswered(message)
    for message in (
        "reqScannerSubscription",
        "reqMktData",
        "reqHistoricalData",
        "reqContractDetails",
        "reqOpenOrders",
        "reqAllOpenOrders",
        "reqCompletedOrders",
        "reqExecutions",
        "reqPositions",
        "reqAccountUpdates",
        "reqCurrentTime",
    )
)

SCANS: Final = (
    Scenario(
        name="scan-empty",
        seen="165 with a batch of no rows: the normal way to find nothing.",
        settings={"empty_scans": True},
    ),
    _refused(
        "scan-empty-without-batch",
        "165 alone hangs reqScannerData in ib_async (measured).",
        "reqScannerSubscription",
        165,
        "Historical Market Data Service query message:no items retrieved",
    ),
    Scenario(
        name="scan-with-count",
        seen="165 with '50 out of 435 items retrieved' comes beside good rows.",
        troubles=(
            Trouble(
                message="reqScannerSubscription",
                action=Action.NOTE,
                times=ALWAYS,
                code=165,
                text="Historical Market Data Service query message:"
                "50 out of 435 items retrieved",
            ),
        ),
    ),
    Scenario(
        name="scan-filter-disabled",
        seen="162 for accounts without the right: seen for usdMarketCapAbove.",
        settings={
            "disabled_filters": frozenset(
                {"marketCapAbove1e6", "marketCapBelow1e6", "usdMarketCapAbove"},
            ),
        },
    ),
    _refused(
        "scan-slots-leaked",
        "Ten scans cancelled from outside, then 322 for hours.",
        "reqScannerSubscription",
        322,
        "Error processing request.-'bW' : cause - Only 10 simultaneous API scanner"
        " subscriptions are allowed.",
    ),
    _refused(
        "scan-invalid",
        "321 never ends a request in ib_async (measured).",
        "reqScannerSubscription",
        321,
        "Error validating request.-'bW' : cause - Scanner parameters are invalid",
    ),
    _refused(
        "scan-wrong-location",
        "162 for a location without permission: ib_async issue 168.",
        "reqScannerSubscription",
        162,
        f"{SAYS}:Scanner is not configured for any of the chosen locations",
    ),
    Scenario(
        name="scan-late",
        seen="Slow answers of 5 to 30 s; late ones are to be ignored.",
        troubles=(
            Trouble(
                message="scannerData",
                action=Action.DELAY,
                times=ALWAYS,
                seconds=15,
            ),
        ),
    ),
    Scenario(
        name="scan-twice",
        seen="A fresh batch clears and refills ib_async's list (measured).",
        troubles=(Trouble(message="scannerData", action=Action.REPEAT, times=ALWAYS),),
    ),
)

QUOTES: Final = (
    Scenario(
        name="no-market-data",
        seen="354 for accounts without a subscription.",
        settings={"permission": DataPermission.NONE},
    ),
    Scenario(
        name="delayed-data",
        seen="10089, or 10167 and ticks 66 to 76 for who asked for type 3.",
        settings={"permission": DataPermission.DELAYED},
    ),
    Scenario(
        name="delayed-note-untied",
        seen="10167 comes with request id -1.",
        settings={"permission": DataPermission.DELAYED},
        troubles=(
            Trouble(
                message="error",
                action=Action.REPLACE,
                times=ALWAYS,
                containing="10167",
                field=2,
                text="-1",
            ),
        ),
    ),
    Scenario(
        name="competing-session",
        seen="10197 for all rows at once when someone else logs in.",
        settings={"permission": DataPermission.COMPETING},
    ),
    Scenario(
        name="no-last-price",
        seen="Snapshots come back with holes: ib_insync issue 423.",
        troubles=(
            Trouble(
                message="tickPrice",
                action=Action.DROP,
                times=ALWAYS,
                containing="4",
                field=TICK_TYPE,
            ),
        ),
    ),
    Scenario(
        name="no-open",
        seen="The open comes late or not at all without the native exchange's data.",
        troubles=(
            Trouble(
                message="tickPrice",
                action=Action.DROP,
                times=ALWAYS,
                containing="14",
                field=TICK_TYPE,
            ),
        ),
    ),
    Scenario(
        name="prices-of-minus-one",
        seen="-1 with size 0 stands for no quote.",
        troubles=(
            Trouble(
                message="tickPrice",
                action=Action.REPLACE,
                times=ALWAYS,
                field=TICK_PRICE,
                text="-1",
            ),
        ),
    ),
    Scenario(
        name="silent-quotes",
        seen="Rows of fresh listings that never tick.",
        shapes={"*": Shape(no_quote=True)},
    ),
    Scenario(
        name="all-halted",
        seen="Tick 49 says 1: a general halt.",
        shapes={"*": Shape(halted=1)},
    ),
    Scenario(
        name="quotes-slow",
        seen="2103 before a scan means that quotes will be late.",
        troubles=(
            Trouble(
                message="reqMktData",
                action=Action.DELAY,
                times=ALWAYS,
                seconds=4,
            ),
        ),
    ),
    Scenario(
        name="rate-warning",
        seen="A warning with code 0 near 45 messages a second.",
        troubles=(
            Trouble(
                message="reqMktData",
                action=Action.NOTE,
                nth=45,
                code=0,
                text="Warning: Approaching max rate of 50 messages per second",
                untied=True,
            ),
        ),
    ),
)

HISTORY: Final = (
    _refused(
        "no-bars",
        "162 for stocks without trades.",
        "reqHistoricalData",
        162,
        f"{SAYS}:HMDS query returned no data",
    ),
    _refused(
        "no-history-permission",
        "162: history needs a live subscription for the stock.",
        "reqHistoricalData",
        162,
        f"{SAYS}:No market data permissions for NASDAQ STK",
    ),
    _refused(
        "history-pacing",
        "162 pacing violation.",
        "reqHistoricalData",
        162,
        f"{SAYS}:Historical data request pacing violation",
    ),
    _refused(
        "history-invalid",
        "321 makes ib_async wait its full time limit (measured).",
        "reqHistoricalData",
        321,
        "Error validating request.-'bT' : cause - Historical data bar size setting"
        " is invalid",
    ),
    Scenario(
        name="bars-late",
        seen="Late data after a cancel refills the list in ib_async.",
        troubles=(
            Trouble(
                message="historicalData",
                action=Action.DELAY,
                times=ALWAYS,
                seconds=12,
            ),
        ),
    ),
    Scenario(
        name="bars-corrupt",
        seen="One undecodable field makes ib_async drop the whole answer.",
        troubles=(Trouble(message="historicalData", action=Action.CORRUPT),),
    ),
)
