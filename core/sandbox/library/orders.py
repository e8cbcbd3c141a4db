"""Scenarios about orders: every line of the decision table, and every refusal."""

from typing import Final

from core.sandbox.faults import Action, Happening, LineEvent, Scenario, Trouble
from core.sandbox.shapes import Shape


ALWAYS: Final = 0
TIF_OF_OPEN_ORDER: Final = 18
STATUS_OF_ORDER_STATUS: Final = 2
NEVER: Final = 1e9  # seconds until more shares are offered
A_LONG_TIME: Final = 3600.0
PRESETS: Final = "Restriction is specified in Precautionary Settings of Global Configuration/Presets."


def _at_order(name: str, seen: str, *actions: Action, seconds: float = 0.0) -> Scenario:
    troubles = tuple(
        Trouble(message="placeOrder", action=each, seconds=seconds) for each in actions
    )
    return Scenario(name=name, seen=seen, troubles=troubles)


def _refused(code: int, seen: str, text: str) -> Scenario:
    trouble = Trouble(
        message="placeOrder",
        action=Action.REFUSE,
        times=ALWAYS,
        code=code,
        text=text,
        seconds=0.1,
    )
    return Scenario(name=f"order-refused-{code}", seen=seen, troubles=(trouble,))


def _noted(code: int, seen: str, text: str, *, seconds: float = 0.05) -> Scenario:
    trouble = Trouble(
        message="placeOrder",
        action=Action.NOTE,
        times=ALWAYS,
        code=code,
        text=text,
        seconds=seconds,
    )
    return Scenario(name=f"order-noted-{code}", seen=seen, troubles=(trouble,))


def _cancel_judged(code: int, seen: str, text: str) -> Scenario:
    trouble = Trouble(
        message="cancelOrder", action=Action.REFUSE, times=ALWAYS, code=code, text=text
    )
    return Scenario(name=f"cancel-judged-{code}", seen=seen, troubles=(trouble,))


def _at_order_happens(name: str, seen: str, *events: Happening) -> Scenario:
    troubles = tuple(
        Trouble(message="placeOrder", action=Action.HAPPEN, happening=each)
        for each in events
    )
    return Scenario(name=name, seen=seen, troubles=troubles)


LOST: Final = (
    _at_order(
        "ack-lost",
        "The line dies behind placeOrder; the order is live or filled (R1, R2).",
        Action.CUT,
    ),
    _at_order(
        "order-lost",
        "The line dies before the order is read: nothing was placed (R6).",
        Action.CUT_BEFORE,
    ),
    _at_order(
        "order-swallowed",
        "Paper servers gave no callback ever, id counted: Lean issue 93 (R9, R15).",
        Action.SWALLOW,
    ),
    _at_order(
        "order-never-arrived",
        "No callback and no trace, the line stays up (R15).",
        Action.DROP,
    ),
    _at_order(
        "swallowed-and-cut",
        "The id was counted, the order is nowhere, the line is dead (R9).",
        Action.SWALLOW,
        Action.CUT,
    ),
    _at_order(
        "ghost-order",
        "The frame is read half a minute after its socket died (R16).",
        Action.DELAY,
        Action.CUT,
        seconds=30,
    ),
    Scenario(
        name="never-acknowledged",
        seen="The order works, but its owner hears nothing: pysystemtrade issue 188.",
        troubles=tuple(
            Trouble(message=message, action=Action.DROP, times=ALWAYS)
            for message in (
                "openOrder",
                "orderStatus",
                "execDetails",
                "commissionReport",
            )
        ),
    ),
    _at_order_happens(
        "line-lost-while-sending",
        "1100 while the order is on its way; back after 8 s (fault 6).",
        Happening(after=0, event=LineEvent.LOST),
        Happening(after=8, event=LineEvent.BACK),
    ),
    _at_order_happens(
        "restart-at-order",
        "Written to a dying socket, never read, id reissued: Lean issue 242 (fault 14).",
        Happening(after=0, event=LineEvent.RESTART, down=2),
    ),
    _at_order_happens(
        "freeze-at-order",
        "SIGSTOP of the gateway behind the order (fault 20).",
        Happening(after=0, event=LineEvent.FREEZE),
        Happening(after=30, event=LineEvent.THAW),
    ),
)

FILLS: Final = (
    Scenario(
        name="slow-fill",
        seen="8.3 s from acknowledgement to fill after a false cancel.",
        settings={"fill_seconds": 8.0},
    ),
    Scenario(
        name="no-fill",
        seen="Halts, no opposite quote, or paper without data: it rests (R1).",
        settings={"fill_seconds": A_LONG_TIME},
    ),
    Scenario(
        name="partial-fill-rests",
        seen="Thin books: part fills, a GTC rest stays live (R3, fault 18).",
        shapes={"*": Shape(ask_size=30, bid_size=30, refill_seconds=NEVER)},
    ),
    Scenario(
        name="partial-fills",
        seen="Two or more executions for one market order.",
        shapes={"*": Shape(ask_size=40, bid_size=40, refill_seconds=1)},
    ),
    Scenario(
        name="no-filled-status",
        seen="A fast market order may bring executions only: Lean pull 14.",
        troubles=(
            Trouble(
                message="orderStatus",
                action=Action.DROP,
                times=ALWAYS,
                containing="Filled",
                field=STATUS_OF_ORDER_STATUS,
            ),
        ),
    ),
    Scenario(
        name="statuses-twice",
        seen="Duplicate orderStatus messages are normal.",
        troubles=(
            Trouble(message="orderStatus", action=Action.REPEAT, times=ALWAYS),
            Trouble(message="openOrder", action=Action.REPEAT, times=ALWAYS),
        ),
    ),
    Scenario(
        name="fills-twice",
        seen="Executions are told again after a reconnect.",
        troubles=(Trouble(message="execDetails", action=Action.REPEAT, times=ALWAYS),),
    ),
    Scenario(
        name="status-first",
        seen="Captures show orderStatus before openOrder.",
        troubles=(Trouble(message="openOrder", action=Action.SWAP, times=ALWAYS),),
    ),
    Scenario(
        name="fill-before-ack",
        seen="Executions before openOrder: nautilus_trader execution.py:2063.",
        troubles=(
            Trouble(message="openOrder", action=Action.DELAY, seconds=2),
            Trouble(message="orderStatus", action=Action.DELAY, seconds=2),
        ),
    ),
    Scenario(
        name="late-fill",
        seen="Filled before its executions, captured from a live gateway.",
        troubles=(
            Trouble(
                message="execDetails",
                action=Action.DELAY,
                times=ALWAYS,
                seconds=2,
            ),
        ),
    ),
    Scenario(
        name="commission-late",
        seen="Commission reports come seconds after the fill at worst.",
        troubles=(
            Trouble(
                message="commissionReport",
                action=Action.DELAY,
                times=ALWAYS,
                seconds=5,
            ),
        ),
    ),
    Scenario(
        name="fill-corrected",
        seen="A correction repeats the fill with the last digits of its id changed.",
        troubles=(Trouble(message="execDetails", action=Action.CORRECT, times=ALWAYS),),
    ),
    Scenario(
        name="tif-rewritten",
        seen="A preset turns GTC into DAY: 10349, ib_async issues 191 and 217 (R14).",
        troubles=(
            Trouble(
                message="placeOrder",
                action=Action.NOTE,
                times=ALWAYS,
                code=10349,
                text="Order TIF was set to DAY based on order preset.",
                seconds=0.05,
            ),
            Trouble(
                message="openOrder",
                action=Action.REPLACE,
                times=ALWAYS,
                field=TIF_OF_OPEN_ORDER,
                text="DAY",
            ),
        ),
    ),
)

REFUSED: Final = (
    _refused(
        103,
        "An id that is not above the last one (R11).",
        "Duplicate order id",
    ),
    _refused(
        110,
        "A price off the tick (R13).",
        "The price does not conform to the minimum price variation for this contract.",
    ),
    _refused(
        111,
        "TIF and order type do not go together; likeliest for MKT with GTC.",
        "The TIF (Time in Force) and the order type are incompatible.",
    ),
    _refused(
        200,
        "No such stock any more (R13).",
        "No security definition has been found for the request",
    ),
    _refused(
        201,
        "Funds, closing only, exchange closed: ib_insync issue 554 (R13).",
        "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE"
        " DESIRED POSITION YOUR EQUITY WITH LOAN VALUE MUST EXCEED THE INITIAL MARGIN.",
    ),
    _refused(203, "Not for this account.", "The security is not available or allowed"),
    _refused(321, "Read-only API on one order (R13).", "The API is in Read-Only mode."),
    _refused(383, "The preset for sizes.", f"Size exceeds the limit of 50. {PRESETS}"),
    _refused(388, "Too small.", "Order size is smaller than the minimum requirement."),
    _refused(435, "Advisor logins.", "You must specify an account."),
    _refused(434, "Size nought.", "The order size cannot be zero."),
    _refused(451, "The preset for values.", f"Value exceeds the limit. {PRESETS}"),
    _refused(460, "No permission.", "No trading permissions."),
    _refused(463, "Seen in two bots' lists.", "You must enter a valid price."),
    _refused(10243, "Fractions.", "Fractional-sized order cannot be placed via API."),
    _refused(
        10268, "An old default.", "The 'EtradeOnly' order attribute is not valid."
    ),
    _refused(10318, "Fractions.", "This order doesn't support fractional quantity."),
    _refused(10289, "Cash quantity.", "You must specify a cash quantity."),
)

NOTED: Final = (
    _noted(
        103,
        "103 although the order is live (R11, fault 15).",
        "Duplicate order id",
    ),
    _noted(
        399,
        "Held until the open (R14).",
        "Order Message:\nWarning: your order will not be placed at the exchange until"
        " 2026-07-31 09:30:00 US/Eastern",
    ),
    _noted(404, "Held for a locate (R14).", "Shares are being located."),
    _noted(
        2109,
        "outsideRth ignored (R14).",
        "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored"
        " based on the order type and destination.",
    ),
    _noted(
        2161, "A 21xx warning (R14).", "Price cap applied in accordance with rules."
    ),
    _noted(10167, "Delayed data (R14).", "Displaying delayed market data."),
    _noted(10311, "A notice (R14).", "This order will be directly routed."),
    _noted(
        10349,
        "15 orders 'cancelled', all filled: pysystemtrade issue 1580 (R14).",
        "Order TIF was set to DAY based on order preset.",
    ),
    _noted(
        10347,
        "Limited liquidity; what it means for the order is not established.",
        "This security has limited liquidity.",
    ),
    _noted(
        99999,
        "A code nobody has heard of: ib_async calls the order Cancelled.",
        "An unheard-of notice",
    ),
)

CANCELS: Final = (
    _cancel_judged(10147, "R12.", "OrderId that needs to be cancelled is not found."),
    _cancel_judged(
        10148,
        "Often the order has filled: Lean pull 248 (R12).",
        "OrderId that needs to be cancelled cannot be cancelled, state: Filled.",
    ),
    _cancel_judged(
        161, "R12.", "Cancel attempted when order is not in a cancellable state."
    ),
    Scenario(
        name="cancel-unanswered",
        seen="Cancels outside hours may be confirmed at the next open: Lean pull 256.",
        troubles=(Trouble(message="cancelOrder", action=Action.DROP, times=ALWAYS),),
    ),
)
