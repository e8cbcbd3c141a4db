"""The market scanner: filters and ranks the stocks as IB's scan codes do."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from core.sandbox.market.data import ScanRejected, ScanRequest
from core.sandbox.market.hours import Hours, TradingPhase
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock, Universe


MOST_ROWS: Final = 50

LOCATIONS: Final[Mapping[str, frozenset[str]]] = {
    "STK.US": frozenset({"NASDAQ", "NYSE", "AMEX", "ARCA"}),
    "STK.US.MAJOR": frozenset({"NASDAQ", "NYSE", "AMEX", "ARCA"}),
    "STK.US.MINOR": frozenset(),
    "STK.NASDAQ": frozenset({"NASDAQ"}),
    "STK.NYSE": frozenset({"NYSE"}),
    "STK.AMEX": frozenset({"AMEX"}),
    "STK.ARCA": frozenset({"ARCA"}),
}

_PERCENT = 100.0


class Measured(NamedTuple):
    """What a scan knows of one stock at one moment: prices in dollars, volume in
    shares.

    ``opened`` is None before today's first regular trade; ``evening`` is true once the
    regular session is over.
    """

    stock: Stock
    last: float
    previous_close: float
    opened: float | None
    close: float
    volume: int
    halted: bool
    evening: bool

    @property
    def change(self) -> float:
        """Per cent since the previous close."""
        return _PERCENT * (self.last / self.previous_close - 1)

    @property
    def change_since_open(self) -> float | None:
        """Per cent since today's open."""
        return None if self.opened is None else _PERCENT * (self.last / self.opened - 1)

    @property
    def gap(self) -> float | None:
        """Per cent from the previous close to today's open."""
        if self.opened is None:
            return None
        return _PERCENT * (self.opened / self.previous_close - 1)

    @property
    def after_hours(self) -> float | None:
        """Per cent since today's close."""
        return _PERCENT * (self.last / self.close - 1) if self.evening else None

    @property
    def relative_volume(self) -> float:
        """Today's volume divided by a usual day's."""
        return self.volume / self.stock.average_volume

    @property
    def cap(self) -> float:
        """Market capitalisation at the last price, millions of dollars."""
        return self.last * self.stock.shares_millions


RowMeasure = Callable[[Measured], float | None]


def _falling(measure: RowMeasure) -> RowMeasure:
    def turned(row: Measured) -> float | None:
        value = measure(row)
        return None if value is None else -value

    return turned


# Rows without the measure are not in the result; the largest comes first.
CODES: Final[Mapping[str, RowMeasure]] = {
    "TOP_PERC_GAIN": lambda row: row.change,
    "TOP_PERC_LOSE": lambda row: -row.change,
    "TOP_OPEN_PERC_GAIN": lambda row: row.change_since_open,
    "TOP_OPEN_PERC_LOSE": _falling(lambda row: row.change_since_open),
    "HIGH_OPEN_GAP": lambda row: row.gap,
    "LOW_OPEN_GAP": _falling(lambda row: row.gap),
    "TOP_AFTER_HOURS_PERC_GAIN": lambda row: row.after_hours,
    "TOP_AFTER_HOURS_PERC_LOSE": _falling(lambda row: row.after_hours),
    "MOST_ACTIVE": lambda row: float(row.volume),
    "MOST_ACTIVE_USD": lambda row: row.volume * row.last,
    "HOT_BY_VOLUME": lambda row: row.relative_volume,
    "TOP_TRADE_RATE": lambda row: row.relative_volume,
    "TOP_VOLUME_RATE": lambda row: row.relative_volume,
    "HALTED": lambda row: row.change if row.halted else None,
    "NOT_OPEN": lambda row: row.change if row.opened is None else None,
}

# (the measure, +1 for "at least" and -1 for "at most")
FILTERS: Final[Mapping[str, tuple[RowMeasure, int]]] = {
    "priceAbove": (lambda row: row.last, 1),
    "priceBelow": (lambda row: row.last, -1),
    "usdPriceAbove": (lambda row: row.last, 1),
    "usdPriceBelow": (lambda row: row.last, -1),
    "volumeAbove": (lambda row: float(row.volume), 1),
    "usdVolumeAbove": (lambda row: row.volume * row.last, 1),
    "avgVolumeAbove": (lambda row: row.stock.average_volume, 1),
    "avgVolumeBelow": (lambda row: row.stock.average_volume, -1),
    "marketCapAbove1e6": (lambda row: row.cap, 1),
    "marketCapBelow1e6": (lambda row: row.cap, -1),
    "usdMarketCapAbove": (lambda row: row.cap, 1),
    "usdMarketCapBelow": (lambda row: row.cap, -1),
    "changePercAbove": (lambda row: row.change, 1),
    "changePercBelow": (lambda row: row.change, -1),
    "changeOpenPercAbove": (lambda row: row.change_since_open, 1),
    "changeOpenPercBelow": (lambda row: row.change_since_open, -1),
    "openGapPercAbove": (lambda row: row.gap, 1),
    "openGapPercBelow": (lambda row: row.gap, -1),
}

STOCK_TYPES: Final = "stkTypes"


class Scanner:
    """Scans over everything that is listed."""

    def __init__(
        self, *, universe: Universe, tape: Tape, quotes: Quotes, hours: Hours
    ) -> None:
        self._universe = universe
        self._tape = tape
        self._quotes = quotes
        self._hours = hours

    def scan(self, request: ScanRequest, now: datetime) -> list[Stock]:
        """The stocks that pass, best first; ties by symbol.

        Raises:
            ScanRejected: 162 for a wrong location, 321 for any other unknown word.
        """
        measure, exchanges = _measure(request), _exchanges(request)
        passes = _passes(request.filters)
        found = [
            (-value, row.stock.symbol, row.stock)
            for row in self._rows(exchanges, now)
            if passes(row) and (value := measure(row)) is not None
        ]
        rows = MOST_ROWS if request.rows < 0 else min(request.rows, MOST_ROWS)
        return [stock for _, _, stock in sorted(found, key=lambda f: f[:2])[:rows]]

    def _rows(self, exchanges: frozenset[str], now: datetime) -> Iterable[Measured]:
        evening = self._hours.state(now) is TradingPhase.POST
        session = self._hours.current(now)
        for stock in self._universe.stocks:
            if stock.primary_exchange not in exchanges:
                continue
            if self._tape.shape(stock).no_quote:
                continue
            today = self._tape.day(stock, session)
            yield Measured(
                stock=stock,
                last=today.last(now),
                previous_close=today.previous_close,
                opened=today.open if today.traded(now) else None,
                close=today.close,
                volume=today.volume(now),
                halted=bool(self._quotes.halted(stock, now)),
                evening=evening,
            )


def _measure(request: ScanRequest) -> RowMeasure:
    measure = CODES.get(request.code)
    if measure is None:
        raise ScanRejected(
            321,
            f"Error validating request.-'bV' : cause - Scan code {request.code} "
            "is not supported.",
        )
    return measure


def _exchanges(request: ScanRequest) -> frozenset[str]:
    if request.instrument != "STK":
        raise ScanRejected(
            321,
            "Error validating request.-'bV' : cause - Scanner instrument "
            f"{request.instrument} is not supported.",
        )
    exchanges = LOCATIONS.get(request.location)
    if exchanges is None:
        raise ScanRejected(
            162,
            "Historical Market Data Service error message:Scanner is not configured "
            f"for one of chosen locations: {request.location}.",
        )
    return exchanges


def _passes(filters: Mapping[str, str]) -> Callable[[Measured], bool]:
    bounds = [_bound(tag, text) for tag, text in filters.items() if tag != STOCK_TYPES]
    types = _types(filters.get(STOCK_TYPES, ""))

    def passes(row: Measured) -> bool:
        if not types(row.stock.stock_type):
            return False
        for measure, sign, limit in bounds:
            value = measure(row)
            if value is None or sign * value < sign * limit:
                return False
        return True

    return passes


def _bound(tag: str, text: str) -> tuple[RowMeasure, int, float]:
    known = FILTERS.get(tag)
    if known is None:
        raise ScanRejected(
            321, f"Error validating request.-'bV' : cause - Unknown filter {tag}."
        )
    try:
        return *known, float(text)
    except ValueError as wrong:
        raise ScanRejected(
            321,
            f"Error validating request.-'bV' : cause - Filter {tag} has an invalid "
            f"value {text!r}.",
        ) from wrong


def _types(requested: str) -> Callable[[str], bool]:
    """``inc:CORP,ETF`` keeps only those types, ``exc:ETF`` all others; empty keeps all."""
    how, _, names = requested.partition(":")
    listed = frozenset(names.split(","))
    if how == "inc":
        return lambda kind: kind in listed
    if how == "exc":
        return lambda kind: kind not in listed
    return lambda _kind: True
