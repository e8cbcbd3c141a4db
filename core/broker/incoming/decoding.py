"""A faster decoder for the messages that come by the hundred in a scan.

ib_async's general decoder goes through the sixty attributes of two objects for each row
of a scan, and through a table of types for each tick. The layouts here are the same
(ib_async/decoder.py). The error of a message that cannot be read goes to ib_async's
decoder, which logs it and goes on."""

from collections.abc import Callable
from typing import Any, Final

from ib_async import Contract

from core.broker.lines import SIZES
from core.broker.messages import (
    DataKind,
    End,
    GenericTick,
    Message,
    PriceTick,
    ScanRow,
    SizeTick,
    TextTick,
)
from core.broker.raw_fields import Fields


PRICE, SIZE, SCAN, GENERIC, TEXT, DATA_KIND, PARAMETERS = 1, 2, 20, 45, 46, 58, 81
"""The numbers of tickPrice, tickSize, scannerData, tickGeneric, tickString,
marketDataType and tickReqParams."""

RT_VOLUME: Final = "48"
"""The tick of generic tick 233: price;size;time;volume;VWAP;single."""

_SIZES: Final = frozenset(map(str, SIZES))

_ROW: Final = 16
"""Fields of a scan's row."""

Tell = Callable[[int, Message], None]


def decode_ourselves(decoder: Any, tell: Tell) -> None:
    """Have these messages handed to *tell*, with the number of their request, in the
    place of ib_async's *decoder*."""
    decoding = _Decoding(tell)
    decoder.handlers |= {
        PRICE: decoding.price,
        SIZE: decoding.size,
        SCAN: decoding.scan,
        GENERIC: decoding.generic,
        TEXT: decoding.text,
        DATA_KIND: decoding.data_kind,
        PARAMETERS: _nobody_reads,
    }


class _Decoding:
    """Each takes the fields of one message. What nobody reads is not decoded."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def price(self, fields: Fields) -> None:
        _, _, number, kind, price, size, _ = fields
        if price:
            tick = PriceTick(int(kind), float(price), float(size or 0))
            self._tell(int(number), tick)

    def size(self, fields: Fields) -> None:
        """How many can be borrowed, and the size of each trade, come this way too."""
        _, _, number, kind, size, *_ = fields
        if kind in _SIZES:
            self._tell(int(number), SizeTick(int(kind), float(size or 0)))

    def generic(self, fields: Fields) -> None:
        _, _, number, kind, value, *_ = fields
        self._tell(int(number), GenericTick(int(kind or 0), float(value or 0)))

    def text(self, fields: Fields) -> None:
        """The time of every trade comes this way too."""
        _, _, number, kind, text, *_ = fields
        if kind == RT_VOLUME:
            self._tell(int(number), TextTick(int(kind), text))

    def data_kind(self, fields: Fields) -> None:
        _, _, number, kind, *_ = fields
        self._tell(int(number or 0), DataKind(int(kind or 0)))

    def scan(self, fields: Fields) -> None:
        number, count = int(fields[2]), int(fields[3])
        rows = fields[4:]
        for at in range(0, count * _ROW, _ROW):
            self._tell(number, _row(rows[at : at + _ROW]))
        self._tell(number, End())


def _nobody_reads(_fields: Fields) -> None:
    """Ignores tickReqParams, which names the price steps of a quoted stock: those are
    requested where they are needed."""


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
