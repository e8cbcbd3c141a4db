"""The messages of one conversation, as they are delivered to whoever asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ib_async import (
    BarData,
    Contract,
    ContractDescription,
    ContractDetails,
    OrderState,
    PriceIncrement,
)

from core.model.evidence import (
    ChargeMessage,
    CompletedOrder,
    FillMessage,
    HeldPosition,
    StatusMessage,
)
from core.model.portfolio import OpenOrder


class PriceTick(NamedTuple):
    """A price with its size, by IB's tick type; 0 and below mean there is none."""

    kind: int
    price: float
    size: float


class SizeTick(NamedTuple):
    """A size or a volume, by IB's tick type."""

    kind: int
    size: float


class GenericTick(NamedTuple):
    """Any other number, by IB's tick type; the halt flag is one."""

    kind: int
    value: float


class TextTick(NamedTuple):
    """A tick whose value is text, by IB's tick type."""

    kind: int
    text: str


@dataclass(frozen=True, slots=True)
class DataKind:
    """Message 58: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen."""

    kind: int


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """An error or a notice, delivered to a request. ``number`` is IB's code for it, not the
    number of the request."""

    number: int
    text: str


class ScanRow(NamedTuple):
    """One line of a scan's batch; ranks count from 0."""

    rank: int
    contract: Contract


@dataclass(frozen=True, slots=True)
class RawBar:
    """One bar; its date is still IB's text."""

    bar: BarData


@dataclass(frozen=True, slots=True)
class Samples:
    """The whole answer to a search for a symbol, best first."""

    found: tuple[ContractDescription, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """The details of a contract."""

    details: ContractDetails


@dataclass(frozen=True, slots=True)
class MarketRule:
    """The price steps of one rule."""

    steps: tuple[PriceIncrement, ...]


@dataclass(frozen=True, slots=True)
class NewsProviders:
    """The codes of the news providers that the account may read."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A headline; its time is still IB's text."""

    at: str
    provider: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class PreviewState:
    """The answer to a what-if order."""

    state: OrderState


@dataclass(frozen=True, slots=True)
class GatewayTime:
    """The gateway's clock, in whole seconds, UTC."""

    at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """The end marker: nothing more will come for this request."""


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The conversation is over: no answer will come."""

    reason: str


Listed = (
    OpenOrder
    | CompletedOrder
    | StatusMessage
    | FillMessage
    | ChargeMessage
    | HeldPosition
)

Message = (
    PriceTick
    | SizeTick
    | GenericTick
    | TextTick
    | DataKind
    | ErrorMessage
    | ScanRow
    | RawBar
    | Samples
    | Details
    | MarketRule
    | NewsProviders
    | NewsItem
    | PreviewState
    | GatewayTime
    | End
    | ConnectionLost
    | Listed
)

MessageHandler = Callable[[Message], None]
"""Takes each message of an answer, and a ConnectionLost if none will come."""

MessageQueue = asyncio.Queue[Message]
