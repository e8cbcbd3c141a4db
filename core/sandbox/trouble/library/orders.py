"""Scenarios about orders: lost messages, fills, busted trades and splits."""

from typing import Final

from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Scenario, Trouble


ALWAYS: Final = 0  # "times": every one of them
TIF_OF_OPEN_ORDER: Final = 18
STATUS_OF_ORDER_STATUS: Final = 2
NEVER: Final = 1e9  # seconds until more shares are offered
A_LONG_TIME: Final = 3600.0
A_WHILE: Final = 10.0
A_LOW_PRICE: Final = 4.5
OVERNIGHT: Final = 16 * A_LONG_TIME  # from regular hours to before the next ones


def _at_order(name: str, seen: str, *actions: Action, seconds: float = 0.0) -> Scenario:
    """A scenario whose troubles apply to the first placeOrder."""
    troubles = tuple(
        Trouble(message="placeOrder", action=each, seconds=seconds) for each in actions
    )
    return Scenario(name=name, seen=seen, troubles=troubles)


def _at_order_happens(name: str, seen: str, *events: Happening) -> Scenario:
    troubles = tuple(
        Trouble(message="placeOrder", action=Action.HAPPEN, happening=each)
        for each in events
    )
    return Scenario(name=name, seen=seen, troubles=troubles)


def _after_the_fill(happening: Happening) -> Trouble:
    """A trouble that does *happening* once, counted from the first execution."""
    return Trouble(message="execDetails", action=Action.HAPPEN, happening=happening)


def _split(ratio: float) -> Happening:
    return Happening(after=OVERNIGHT, event=LineEvent.SPLIT, ratio=ratio)


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

CHANGES: Final = (
    Scenario(
        name="trade-busted",
        seen="The exchange takes a trade back: it is told again, of no shares.",
        troubles=(_after_the_fill(Happening(after=A_WHILE, event=LineEvent.BUST)),),
    ),
    Scenario(
        name="price-corrected",
        seen="The exchange corrects a trade's price, and the account with it.",
        troubles=(
            _after_the_fill(
                Happening(after=A_WHILE, event=LineEvent.CORRECT, price=A_LOW_PRICE)
            ),
        ),
    ),
    Scenario(
        name="split-overnight",
        seen="10 for 1 while the market is closed; IB ends GTC orders of the stock.",
        troubles=(_after_the_fill(_split(10)),),
    ),
    Scenario(
        name="reverse-split-overnight",
        seen="1 for 10 while the market is closed; IB ends GTC orders of the stock.",
        troubles=(_after_the_fill(_split(0.1)),),
    ),
)
