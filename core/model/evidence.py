"""What Interactive Brokers reports: orders, executions, and the state of the
connection.

These are IB's messages as our own values, before any rule has judged them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.model.fills import Fill, Trade, is_told_twice, with_fill
from core.model.identity import Identity, Names, Terms
from core.model.market import ConId, Instrument, Side, TrailingDistance
from core.model.money import Price
from core.model.portfolio import OpenOrder


class Meaning(StrEnum):
    """What a TWS code means for an order. Source: the table in core/broker/codes."""

    NOTE = "note"  # information; the order lives. Unknown codes are notes
    HELD = "held"  # it waits for the next open (399)
    DEAD = "dead"  # refused when new (R13)
    CANCELLED = "cancelled"  # a cancellation notice (202)
    LOOK = "look"  # not a verdict: ask for evidence (R11, R12)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMessage:
    """An openOrder or orderStatus message. ``terms``, ``tif``, ``order_type`` (IB's
    word), ``limit``, ``stop`` (of a stop order), ``distance`` (of a trailing one) and
    ``account`` come with an openOrder and are None for an orderStatus, which has no ref
    either; ``warning`` is the text that came with an openOrder."""

    names: Names
    status: str
    terms: Terms | None = None
    shares: Decimal | None = None
    filled: Decimal | None = None
    tif: str | None = None
    order_type: str | None = None
    limit: Price | None = None
    stop: Price | None = None
    distance: TrailingDistance | None = None
    account: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillMessage:
    """An execution. ``side`` is IB's, in our words. ``account`` is "" where IB does not
    name it. ``fraction`` is the part of a share executed beyond the whole shares of
    ``fill``, which never happens with our own orders."""

    names: Names
    con_id: ConId
    side: Side
    fill: Fill
    account: str = ""
    fraction: Decimal = Decimal(0)

    @property
    def trade(self) -> Trade:
        """The execution as a trade in its account, without a fee."""
        return Trade(
            con_id=self.con_id,
            side=self.side,
            shares=self.fill.shares + self.fraction,
            fill=self.fill,
            account=self.account,
            names=self.names,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeMessage:
    """A commission report: the amount charged in ``currency``, negative for a
    rebate."""

    exec_id: str
    commission: Decimal
    currency: str = "USD"


def charged_trades(
    fills: Iterable[FillMessage], charges: Iterable[ChargeMessage]
) -> tuple[Trade, ...]:
    """The executions in *fills*, each with its fee if *charges* tell one, and each once
    where IB tells it under two ids."""
    fees = {each.exec_id: each for each in charges}
    return tuple(
        _charged(each.trade, fees.get(each.fill.exec_id)) for each in _each_once(fills)
    )


def _each_once(fills: Iterable[FillMessage]) -> Iterator[FillMessage]:
    """Legs of a combination and the accounts that an order was allocated to have one
    permId, and each a count of its own."""
    counted: dict[tuple[int, ConId, str], tuple[Fill, ...]] = {}
    for each in fills:
        count = each.names.perm_id, each.con_id, each.account
        known = counted.get(count, ())
        if not each.names.perm_id or not is_told_twice(each.fill, known):
            counted[count] = with_fill(known, each.fill)
            yield each


def _charged(trade: Trade, charge: ChargeMessage | None) -> Trade:
    if charge is None:
        return trade
    return trade.charged(charge.commission, charge.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """An error message whose id is that of an order. ``until`` (UTC) is the open that a
    HELD text names, if it could be read. ``names`` are the ids under which IB has shown
    the order in this session, None if it has not shown it."""

    order_id: int
    code: int
    text: str
    meaning: Meaning
    until: datetime | None = None
    names: Names | None = None


class LineState(StrEnum):
    """How far the connection reaches: to the gateway, and through it to IB."""

    DOWN = "down"  # no socket, or no finished handshake
    FROZEN = "frozen"  # a socket, and no answer to the heartbeat
    CUT_OFF = "cut off"  # the gateway answers and has lost IB (1100, 2110)
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The connection to IB at one moment. Times are UTC.

    ``epoch`` counts the handshakes completed since the process began;
    ``next_valid_id`` came with the last one. ``gateway`` is its address in canonical
    spelling, ``accounts`` are those of the login. ``since`` is when the state began,
    ``answered`` the last answered heartbeat and ``round_trip`` its duration in seconds.
    ``skew`` is the gateway's clock minus ours in seconds. ``reason`` says why the state
    is not UP. ``troubles`` describes data farms that are down. ``is_sandbox`` is True
    only once the gateway has proven that it is the simulated one. ``id_in_use`` is
    whether the gateway refuses us because another program uses our client id.
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
        """The identity of the newest session; None before the first handshake."""
        return Identity.of(
            gateway=self.gateway, accounts=self.accounts, client_id=self.client_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged:
    """The line's state or epoch has changed."""

    line: Line
    data_lost: bool = False  # 1101: subscriptions are gone


BrokerEvent = StatusMessage | FillMessage | ChargeMessage | CodeMessage | LineChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedOrder:
    """An order of today that can no longer change; ``status`` is IB's word for it.
    ``shares`` is the size it had, None where IB does not name it."""

    names: Names
    status: str
    filled: int
    reason: str
    shares: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """Net shares of one stock in one account, including fractions, and their average
    cost in the stock's currency with fees, None where IB names none."""

    account: str
    con_id: ConId
    shares: Decimal
    average_cost: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One complete pass over IB's listings: every end marker came in time, nothing
    failed to decode, and the connection held. An incomplete pass never becomes one.

    ``gateway_time`` (UTC) is the gateway's clock during the pass;
    ``highest_order_id`` is the highest in any listing under our client id.
    """

    at: datetime
    gateway_time: datetime
    identity: Identity
    epoch: int
    next_valid_id: int
    highest_order_id: int
    open_orders: tuple[OpenOrder, ...]
    completed: tuple[CompletedOrder, ...]
    fills: tuple[FillMessage, ...]
    charges: tuple[ChargeMessage, ...]
    positions: tuple[HeldPosition, ...]

    def position_in(self, instrument: Instrument, account: str) -> Decimal:
        """Shares of *instrument* in *account*; 0 when none are listed."""
        held = (
            each.shares
            for each in self.positions
            if each.con_id == instrument.con_id and each.account == account
        )
        return sum(held, Decimal(0))

    def cost_in(self, instrument: Instrument, account: str) -> Price | None:
        """The average cost of a share of *instrument* in *account*; None if not known."""
        costs = (
            each.average_cost
            for each in self.positions
            if each.con_id == instrument.con_id and each.account == account
        )
        return next(costs, None)
