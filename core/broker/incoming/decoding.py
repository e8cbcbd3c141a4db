"""The messages that come by the hundred in a scan, from their fields to ours.

ib_async's decoder is made for all messages: for each row of a scan it goes through the
sixty attributes of two objects, for each tick through a table of types. The layouts here
are as its own (ib_async/decoder.py), and whatever cannot be read is said to it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from ib_async import Contract

from core.broker.messages import (
    End,
    GenericTick,
    Message,
    PriceTick,
    ScanRow,
    SizeTick,
    TextTick,
)


PRICE, SIZE, SCAN, GENERIC, TEXT = 1, 2, 20, 45, 46
"""The numbers of tickPrice, tickSize, scannerData, tickGeneric and tickString."""

RT_VOLUME: Final = "48"
"""The tick of generic tick 233: price;size;time;volume;VWAP;single."""

_ROW: Final = 16
"""Fields of a scan's row."""

Fields = Sequence[str]
Tell = Callable[[int, Message], None]


def decode_ourselves(decoder: Any, tell: Tell) -> None:
    """Have these messages handed to *tell*, with the number of their request, in the
    place of ib_async's *decoder*."""
    decoder.handlers |= {
        PRICE: lambda fields: _price(fields, tell),
        SIZE: lambda fields: _size(fields, tell),
        SCAN: lambda fields: _scan(fields, tell),
        GENERIC: lambda fields: _generic(fields, tell),
        TEXT: lambda fields: _text(fields, tell),
    }


def _price(fields: Fields, tell: Tell) -> None:
    _, _, number, kind, price, size, _ = fields
    if price:
        tell(int(number), PriceTick(int(kind), float(price), float(size or 0)))


def _size(fields: Fields, tell: Tell) -> None:
    _, _, number, kind, size, *_ = fields
    tell(int(number), SizeTick(int(kind or 0), float(size or 0)))


def _generic(fields: Fields, tell: Tell) -> None:
    _, _, number, kind, value, *_ = fields
    tell(int(number), GenericTick(int(kind or 0), float(value or 0)))


def _text(fields: Fields, tell: Tell) -> None:
    """The time of every trade comes this way too: nobody needs it."""
    _, _, number, kind, text, *_ = fields
    if kind == RT_VOLUME:
        tell(int(number), TextTick(int(kind), text))


def _scan(fields: Fields, tell: Tell) -> None:
    number, count = int(fields[2]), int(fields[3])
    rows = fields[4:]
    for at in range(0, count * _ROW, _ROW):
        tell(number, _row(rows[at : at + _ROW]))
    tell(number, End())


def _row(fields: Fields) -> ScanRow:
    rank, con_id, symbol, kind, expiry, strike, right, exchange, *more = fields
    currency, local_symbol, _market, trading_class, *_ = more
    contract = Contract(
        secType=kind,
        conId=int(con_id or 0),
        symbol=symbol,
        lastTradeDateOrContractMonth=expiry,
        strike=float(strike or 0),
        right=right,
        exchange=exchange,
        currency=currency,
        localSymbol=local_symbol,
        tradingClass=trading_class,
    )
    return ScanRow(int(rank), contract)
