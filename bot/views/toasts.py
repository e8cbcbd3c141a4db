"""The short answers to taps, which the client shows for some seconds.

They promise nothing that is still to be judged. Tested by the tests of the handlers.
"""

from typing import Final


SCANNING: Final = "Scanning …"
LOOKING: Final = "Looking …"
LOOKING_AT_THE_PRICE: Final = "Looking at the price …"
DRAWING: Final = "Drawing …"
STILL_DRAWING: Final = "Still drawing. One moment."
ASKING_IB: Final = "Asking IB … nothing is sent."
WRITTEN_DOWN: Final = "Written down."
STAYS_OPEN: Final = "It stays open, and the stock stays blocked. /orders asks again."

SETTLED: Final = "That is settled already. /orders shows how."
NOT_WORKING: Final = "That order is not working any more. /orders tells."
CARD_CHANGED: Final = "The card has changed since then. Nothing was sent."
SCAN_GONE: Final = "That scan is gone. /scan makes a new one."
NO_BUTTON: Final = "This button is not valid any more."
TOO_LATE: Final = (
    "This tap had waited too long: nothing was bought, sold or changed by it. Tap again "
    "or send the command, if you still want it."
)
LOOK_ONLY: Final = "You can look here, but not act. /help lists what you can see."
