"""The exceptions of the program, as one tree.

OpenbellError
├── SettingsWrong            the settings do not allow a start
├── BrokerError
│   ├── BrokerAway           no connection to IB: nothing was sent
│   │   └── OutOfReach       connected under another identity: nothing was sent
│   ├── BrokerSilent         sent, but not answered in time: it may have been done
│   └── BrokerSaidNo         IB refused; carries its code
│       └── BrokerBusy       for a cause that passes: the same can be asked again
├── ScanError
│   ├── ScanRefused          the scanner refused; carries its code
│   └── ScanTimedOut         the scanner did not answer in time
├── NotifierAway             the chat could not be reached
├── StoreError
│   ├── NoJournal            there is no journal at that path
│   ├── StoreOlder           the journal has not been migrated to this version yet
│   ├── StoreNewer           a newer version has written the journal
│   ├── StoreDamaged         the file is damaged, or is no journal: no start can mend it
│   ├── StoreMisplaced       no file can be made or opened there: no start can mend it
│   ├── StoreBusy            another process holds the database
│   └── StoreUnavailable     not writable for now: the disk is full, or it is locked
│       └── StoreLocked      (also a StoreBusy) another program has it locked
├── OutOfDate                what an order was judged by no longer holds: judge again
└── Contradiction            the journal and the world cannot both be right: stop

Each class builds its own message and keeps the data it was made from.
"""


class OpenbellError(Exception):
    """The root of the tree."""


class SettingsWrong(OpenbellError):
    """The settings are not valid. The message has one line for each: which setting, and
    what it accepts."""


class BrokerError(OpenbellError):
    """A request to Interactive Brokers failed."""


class BrokerAway(BrokerError):
    """There is no connection to IB. Nothing was sent."""

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


class BrokerBusy(BrokerSaidNo):
    """IB refused a request for a cause that passes: the same can be asked again."""


class ScanError(OpenbellError):
    """The market scanner gave no result."""


class ScanRefused(ScanError):
    """The scanner refused the scan; *meaning* is the code in words."""

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
    """The chat could not be reached. The message is kept and will be sent later."""


class StoreError(OpenbellError):
    """The journal on disk cannot be used."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class StoreMisplaced(StoreError):
    """No file of the journal can be made or opened where it belongs, and another start
    would meet the same."""


class NoJournal(StoreError):
    """There is no journal at that path."""


class StoreOlder(StoreError):
    """The journal is of an older version; a start of the bot migrates it."""


class StoreNewer(StoreError):
    """The journal is of a newer version, which this one cannot read."""


class StoreDamaged(StoreError):
    """The journal's file is damaged, or is no journal: no start can mend it."""


class StoreUnavailable(StoreError):
    """The journal cannot be written at the moment; the cause may go away by itself."""


class StoreLocked(StoreBusy, StoreUnavailable):
    """A program other than Openbell has locked the database."""


class OutOfDate(OpenbellError):
    """What an order was judged by no longer holds. Nothing was written."""


class Contradiction(OpenbellError):
    """The journal and what happened cannot both be true: the process must stop."""
