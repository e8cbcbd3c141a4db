"""What Interactive Brokers says: of orders, of executions, of the line to it.

These are IB's words in our values, before anybody has judged them.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.model.fills import Fill
from core.model.identity import Identity, Terms
from core.model.market import ConId, Instrument, Side
from core.model.portfolio import OpenOrder


class Meaning(StrEnum):
    """What a TWS code on an order is worth. Sources: the table in core/broker/codes."""

    NOTE = "note"  # information; the order lives. Unknown codes are notes
    HELD = "held"  # it waits for the next open (399)
    DEAD = "dead"  # refused when new (R13)
    CANCELLED = "cancelled"  # a cancellation notice (202)
    LOOK = "look"  # not a verdict: ask for evidence (R11, R12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names under which IB speaks of an order; "" or 0 where it gave none.

    Completed orders carry neither ``order_id`` nor ``client_id``.
    """

    ref: str
    client_id: int
    order_id: int
    perm_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusHeard:
    """An openOrder or orderStatus message. ``terms``, ``tif`` and ``account`` are the
    echo of an openOrder, None in an orderStatus, which has no ref either; ``warning``
    is an openOrder's own text."""

    names: Names
    status: str
    terms: Terms | None = None
    shares: Decimal | None = None
    filled: Decimal | None = None
    tif: str | None = None
    account: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillHeard:
    """An execution; ``side`` as IB says it in words of ours. ``account`` is "" where IB
    does not name it; ``fraction`` is what was executed beyond the whole shares of
    ``fill``: never of an order of ours."""

    names: Names
    con_id: ConId
    side: Side
    fill: Fill
    account: str = ""
    fraction: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeHeard:
    """A commission report: what was charged in ``currency``, negative for a rebate."""

    exec_id: str
    commission: Decimal
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeHeard:
    """An error message whose id is an order's. ``until`` (UTC) is the open named in
    a HELD text, if it could be read. ``names`` are those under which IB has shown the
    order with this id in this session; None while it has shown none."""

    order_id: int
    code: int
    text: str
    meaning: Meaning
    until: datetime | None = None
    names: Names | None = None


class LineState(StrEnum):
    """How far one can reach: the gateway, and through it IB."""

    DOWN = "down"  # no socket, or no finished handshake
    FROZEN = "frozen"  # a socket, and no answer to the heartbeat
    CUT_OFF = "cut off"  # the gateway answers and has lost IB (1100, 2110)
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line to IB at one moment. Times are UTC.

    ``epoch`` counts finished handshakes since the process began, ``next_valid_id``
    is the handshake's. ``gateway`` is its address in one spelling, ``accounts`` are
    the login's. ``since`` is when the state began, ``answered`` the last
    answered heartbeat and ``round_trip`` its seconds. ``skew`` is the gateway's
    clock minus ours in seconds. ``reason`` says why it is not UP. ``troubles`` are
    farms that are down, in words. ``is_sandbox`` is proven: the session's gateway is the
    simulated one, behind which nothing is real. ``id_in_use``: the gateway lets nobody in
    under our client id, because somebody is.
    """

    state: LineState
    since: datetime
    epoch: int
    client_id: int
    next_valid_id: int = 0
    gateway: str = ""
    accounts: tuple[str, ...] = ()
    answered: datetime | None = None
    round_trip: float | None = None
    skew: float = 0.0
    reason: str | None = None
    troubles: tuple[str, ...] = ()
    is_sandbox: bool = False
    id_in_use: bool = False

    @property
    def identity(self) -> Identity | None:
        """In whose name the newest session is; None before the first handshake."""
        return Identity.of(
            gateway=self.gateway, accounts=self.accounts, client_id=self.client_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged:
    """The line's state or epoch is another than before."""

    line: Line
    data_lost: bool = False  # 1101: subscriptions are gone


BrokerEvent = StatusHeard | FillHeard | ChargeHeard | CodeHeard | LineChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedOrder:
    """An order of today that can no longer change; ``status`` in IB's word."""

    names: Names
    status: str
    filled: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """Net shares of one stock in one account, with their fractions."""

    account: str
    con_id: ConId
    shares: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One complete pass over IB's listings: every end marker came in time, nothing
    failed to decode, and the line held. Less than that is never an Evidence.

    ``gateway_time`` (UTC) is the gateway's clock in the pass, ``highest_order_id``
    the highest seen in any listing of ours.
    """

    at: datetime
    gateway_time: datetime
    identity: Identity
    epoch: int
    next_valid_id: int
    highest_order_id: int
    open_orders: tuple[OpenOrder, ...]
    completed: tuple[CompletedOrder, ...]
    fills: tuple[FillHeard, ...]
    charges: tuple[ChargeHeard, ...]
    positions: tuple[HeldPosition, ...]

    def position_in(self, instrument: Instrument, account: str) -> Decimal:
        """Shares of *instrument* in *account*; 0 when none are listed."""
        held = (
            each.shares
            for each in self.positions
            if each.con_id == instrument.con_id and each.account == account
        )
        return sum(held, Decimal(0))
