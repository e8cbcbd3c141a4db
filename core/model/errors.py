"""Everything that can go wrong, as one tree.

OpenbellError
├── SettingsWrong            the process cannot start like this
├── BrokerError
│   ├── BrokerAway           no line to IB: nothing was sent
│   │   └── OutOfReach       there is one, and not for this order: nothing was sent
│   ├── BrokerSilent         sent, and no answer in time: it may have been done
│   └── BrokerSaidNo         IB refused; carries its code
├── ScanError
│   ├── ScanRefused          the scanner said no; carries its code
│   └── ScanTimedOut         the scanner did not answer in time
├── NotifierAway             the chat could not be reached
├── StoreError
│   ├── NoJournal            nothing was ever written there
│   ├── StoreOlder           no start has brought it up to date yet
│   ├── StoreBusy            another process holds the database
│   └── StoreUnavailable     it cannot be written for now: a full disk, a lock
│       └── StoreLocked      (StoreBusy too) another program writes to it
├── OutOfDate                what an order was judged by no longer holds: judge again
└── Contradiction            the journal and the world cannot both be right: stop

The class writes the message and keeps the data.
"""


class OpenbellError(Exception):
    """The root of the tree."""


class SettingsWrong(OpenbellError):
    """A sentence on a line of its own for each: which setting, and what it takes."""


class BrokerError(OpenbellError):
    """Between us and Interactive Brokers."""


class BrokerAway(BrokerError):
    """There is no line to IB. Nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"IB Gateway is not connected: {reason}.")
        self.reason = reason


class OutOfReach(BrokerAway):
    """This session with IB may not touch the order. Nothing was sent."""

    def __init__(self, reason: str) -> None:
        OpenbellError.__init__(self, f"Nothing was sent to IB: {reason}.")
        self.reason = reason


class BrokerSilent(BrokerError):
    """Something was sent and not answered in time. It may have been done."""

    def __init__(self, asked: str, seconds: float) -> None:
        super().__init__(f"IB did not answer {asked} within {round(seconds, 1):g} s.")
        self.asked = asked
        self.seconds = seconds


class BrokerSaidNo(BrokerError):
    """IB refused a request."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"IB refused: {text} (TWS {code}).")
        self.code = code
        self.text = text


class ScanError(OpenbellError):
    """No answer from the market scanner to rank."""


class ScanRefused(ScanError):
    """The scanner said no; *meaning* is the code in words."""

    def __init__(self, code: int, text: str, meaning: str) -> None:
        super().__init__(f"{meaning} (TWS {code}: {text})")
        self.code = code
        self.text = text
        self.meaning = meaning


class ScanTimedOut(ScanError):
    """The scanner did not answer in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The market scanner did not answer within {round(seconds, 1):g} s."
        )
        self.seconds = seconds


class NotifierAway(OpenbellError):
    """The chat could not be reached. What had to be told is kept."""


class StoreError(OpenbellError):
    """The journal on disk cannot be used."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class NoJournal(StoreError):
    """Nothing was ever written there."""


class StoreOlder(StoreError):
    """An older Openbell has written it, and no start has brought it up to date."""


class StoreUnavailable(StoreError):
    """It cannot be written for now; what stands in the way may end by itself."""


class StoreLocked(StoreBusy, StoreUnavailable):
    """Another program, no Openbell, has locked the database."""


class OutOfDate(OpenbellError):
    """What an order was judged by no longer holds. Nothing was written."""


class Contradiction(OpenbellError):
    """What the journal says and what happened cannot both be true."""
