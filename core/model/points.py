"""The write-ahead points: where a test may end the process, and nothing may be lost.

The product only says that it passes them (docs/safety.md calls the transactions W0 to W5).
"""

from collections.abc import Callable
from typing import Final, NamedTuple


Reached = Callable[[str], None]
"""Told the name of every point as it is passed."""


class Write(NamedTuple):
    """The points of one transaction: right before it, written but not yet committed,
    and on disk."""

    before: str
    inside: str
    after: str


W1: Final = Write("pre-W1", "in-W1", "W1")  # the owner's decision
W2: Final = Write("pre-W2", "in-W2", "W2")  # sending, under a new order id
W3: Final = Write("acked", "in-W3", "W3")  # IB names the order
W4: Final = Write("fill", "in-W4", "W4")  # shares
W5: Final = Write("verdict", "in-W5", "W5")  # its end, or the doubt about it
CHOICE: Final = Write("pre-choice", "in-choice", "choice")  # a setting from the chat
EXITS: Final = Write("pre-exits", "in-exits", "exits")  # exits that are to be sent
NOTE: Final = Write("note", "in-note", "noted")  # a fee, a warning, a held order
CARD: Final = Write("pre-card", "in-card", "card")  # a question that is to be shown
PANIC: Final = Write("pre-panic", "in-panic", "panic")  # halt, cancels, a card owed
PANIC_OVER: Final = Write("pre-panic-over", "in-panic-over", "panic-over")  # not owed

W0: Final = "W0"  # updates are on disk, Telegram does not know it
ANSWER: Final = "answer"  # an update is handled and answered, not yet finished
SENT: Final = "sent"  # the order has been handed to the kernel
RECOVER_ADOPT: Final = "recover-adopt"  # a listing shows an order in doubt
RECOVER_ABSENT: Final = "recover-absent"  # proven absent
RECOVER_ASK: Final = "recover-ask"  # not decidable: the owner must look
OUTBOX_SEND: Final = "outbox-send"  # about to be told
OUTBOX_SENT: Final = "outbox-sent"  # told, not yet written down as told
REPORT_CLAIM: Final = "report-claim"  # the day's report is ours to make
REPORT_SENT: Final = "report-sent"  # and made


def ignore(_: str) -> None:
    """Nobody wants to know."""
