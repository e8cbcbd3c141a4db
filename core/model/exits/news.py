"""News for the owner about holdings, their exit orders, and orders that others
changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.market import ConId, TrailingDistance
from core.model.money import Price
from core.model.order import OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitDone:
    """An exit order has ended after selling all or part of its shares, ``filled`` of them;
    what is learned to be sold after that is told again. News of early versions does not
    say it."""

    ref: OrderRef
    filled: int | None = None

    @property
    def key(self) -> str:
        sold = "" if self.filled is None else f":{self.filled}"
        return f"exit-done:{self.ref}{sold}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPartFilled:
    """An exit order has sold a part of its shares, and the rest of it works at IB."""

    ref: OrderRef

    @property
    def key(self) -> str:
        return f"exit-part-filled:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAtIb:
    """A working order that has another size, price or time in force at IB since ``at``
    (UTC): changed by hand, by another program or by a preset of the gateway. What has
    not changed is equal to what it was."""

    at: datetime
    ref: OrderRef
    shares: int
    was_shares: int
    tif: str
    was_tif: str
    limit: Price | None = None
    was_limit: Price | None = None
    stop: Price | None = None
    was_stop: Price | None = None
    distance: TrailingDistance | None = None
    was_distance: TrailingDistance | None = None

    @property
    def key(self) -> str:
        return f"changed-at-ib:{self.ref}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprotected:
    """Shares lack an approved exit that will not be placed again automatically.
    ``reason`` says why; ``is_bare`` is whether they have no exit at all. ``shares`` are
    those held, None if not known, and ``plan`` is what was approved for them. ``at`` is
    UTC."""

    at: datetime
    con_id: ConId
    symbol: str
    reason: str
    is_bare: bool
    shares: int | None = None
    plan: ExitPlan = NO_EXITS

    @property
    def key(self) -> str:
        return f"unprotected:{self.con_id}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitsLate:
    """Exits that are due could not be placed or ended since ``at`` (UTC), because IB
    does not answer: ``reason`` says what. They are tried again by themselves."""

    at: datetime
    con_id: ConId
    symbol: str
    reason: str

    @property
    def key(self) -> str:
        return f"exits-late:{self.con_id}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingGone:
    """Of ``shares`` that had exits none is held since ``at`` (UTC), and no order of ours
    has sold them, so their exits are over."""

    at: datetime
    con_id: ConId
    symbol: str
    shares: int

    @property
    def key(self) -> str:
        return f"holding-gone:{self.con_id}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedExitMissed:
    """The timed exit of ``shares`` in ``account`` was not sold before the close of the
    session ``missed`` (New York date): the bot was off, or IB did not let it be sent. It
    is due again before ``closes`` (UTC). News of before has no account."""

    con_id: ConId
    symbol: str
    shares: int
    missed: date
    closes: datetime
    account: str = ""

    @property
    def key(self) -> str:
        of_account = f":{self.account}" if self.account else ""
        closes = self.closes.isoformat()
        return f"timed-exit-missed:{self.con_id}:{self.missed}:{closes}{of_account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitClosed:
    """The owner says that an exit in doubt does not exist, so its shares lack it.
    ``plan`` is what is approved for them, empty if nothing is."""

    ref: OrderRef
    plan: ExitPlan

    @property
    def key(self) -> str:
        return f"exit-closed:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSeen:
    """A holding without an exit plan has been split, ``split`` in words ("4 for 1"):
    ``before`` shares are ``shares`` now. ``since`` is the newest order in the stock,
    before which it was not."""

    at: datetime
    con_id: ConId
    symbol: str
    split: str
    before: Decimal
    shares: Decimal
    since: OrderRef

    @property
    def key(self) -> str:
        return f"split:{self.since}:{self.split}"
