"""Scenarios about error messages for orders: refusals, notices, refused cancels."""

from typing import Final

from core.sandbox.trouble.faults import Action, Scenario, Trouble


ALWAYS: Final = 0  # "times": every one of them
PRESETS: Final = "Restriction is specified in Precautionary Settings of Global Configuration/Presets."


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
