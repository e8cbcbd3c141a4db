"""The write-ahead points, at which a test may kill the process and nothing may be lost.

The product only reports that it passes them; docs/safety.md has the transactions W0 to
W5.
"""

from collections.abc import Callable
from typing import Final, NamedTuple


Reached = Callable[[str], None]
"""Called with the name of every point as it is passed."""


class Write(NamedTuple):
    """The points of one transaction: right before it, before its commit, and after."""

    before: str
    inside: str
    after: str


W1: Final = Write("pre-W1", "in-W1", "W1")  # the owner's decision
W2: Final = Write("pre-W2", "in-W2", "W2")  # sending, under a new order id
W3: Final = Write("acked", "in-W3", "W3")  # IB has confirmed the order
W4: Final = Write("fill", "in-W4", "W4")  # an execution
W5: Final = Write("verdict", "in-W5", "W5")  # its end, or a doubt about it
CHOICE: Final = Write("pre-choice", "in-choice", "choice")  # a setting from the chat
EXITS: Final = Write("pre-exits", "in-exits", "exits")  # exits that are to be sent
NOTE: Final = Write("note", "in-note", "noted")  # a fee, a warning, a held order
CARD: Final = Write("pre-card", "in-card", "card")  # a question that is to be shown
PANIC: Final = Write("pre-panic", "in-panic", "panic")  # halt, cancels, a card owed
PANIC_OVER: Final = Write("pre-panic-over", "in-panic-over", "panic-over")  # card sent

W0: Final = "W0"  # updates are on disk, not confirmed to Telegram yet
ANSWER: Final = "answer"  # an update is handled and answered, not marked as done
SENT: Final = "sent"  # the order has been handed to the kernel
RECOVER_ADOPT: Final = "recover-adopt"  # a listing shows an order in doubt
RECOVER_ABSENT: Final = "recover-absent"  # proven absent
RECOVER_ASK: Final = "recover-ask"  # not decidable: the owner must look
OUTBOX_SEND: Final = "outbox-send"  # a message is about to be sent
OUTBOX_SENT: Final = "outbox-sent"  # sent, not yet recorded as sent
REPORT_CLAIM: Final = "report-claim"  # the day's report is claimed
REPORT_SENT: Final = "report-sent"  # the day's report is made


def ignore(_: str) -> None:
    """The default: do nothing."""
