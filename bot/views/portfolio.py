"""What the account holds and what is working in it, in columns for a phone."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from bot.views import words
from core.model.market import Instrument
from core.model.portfolio import STOCK, OpenOrder, Position
from core.model.proposal import Mode
from core.rules.figures import percent


_MOST: Final = 20
_COLUMNS: Final = (
    words.Column(width=10, right=False),
    words.Column(width=8),
    words.Column(width=8),
    words.Column(width=8),
)


def holdings(positions: Sequence[Position]) -> str:
    """Each position in two lines: what it is worth a share and how it moved, and
    below that its dollars."""
    rows = [words.row(("Holdings", "now", "day", "bought"), _COLUMNS)]
    shown, more = words.first(positions, _MOST)
    for position in shown:
        rows.extend(_position(position))
    notes = dict.fromkeys(note for each in positions for note in _notes(each))
    return words.lines(words.pre(rows), more, _of_the_day(positions), *notes)


def _notes(position: Position) -> Iterator[str]:
    yield _rate(position)
    if position.is_unadjusted:
        symbol = words.safe(position.instrument.symbol)
        yield f"{symbol}: IB's prior close is of before its split, so its day is not known."


def _rate(position: Position) -> str:
    """In which currency the prices of a stock abroad are, and IB's rate; else empty."""
    if not position.is_stock or position.is_dollar_stock:
        return ""
    currency = words.safe(position.instrument.currency)
    held = f"{words.shares(position.shares)} {words.safe(position.instrument.symbol)}"
    if position.rate is None:
        return f"{held}: price in {currency}, whose rate IB has not sent."
    rate = words.dollar_rate(position.rate)
    return f"{held}: price in {currency}; 1 {currency} is {rate}."


def _of_the_day(positions: Sequence[Position]) -> str:
    """What the day's figures mean where something was bought or sold today."""
    if not any(position.traded_today for position in positions):
        return ""
    return "What was traded today counts from its own price, with IB's fees."


def positions(
    held: Sequence[Position],
    *,
    mode: Mode,
    otherwise: Mapping[str, Decimal] = MappingProxyType({}),
) -> str:
    """/positions; *otherwise* are the shares that IB lists on request, by symbol, where
    they are not those of the account window."""
    head = f"<b>Positions</b> · {words.bold(words.mode_word(mode))}"
    lags = "\n".join(_lagging(*each) for each in otherwise.items())
    if not held:
        return words.lines(head, lags or "The account holds nothing.")
    sells = "To sell, tap how much: a card asks first."
    return words.lines(head, holdings(held), lags, sells)


def _lagging(symbol: str, shares: Decimal) -> str:
    return (
        f"IB lists {words.shares(shares)} {words.safe(symbol)} by now; its account window"
        ", which is shown here, follows within three minutes."
    )


def open_orders(orders: Sequence[OpenOrder], *, head: str = "Open orders") -> str:
    """Working orders as IB lists them."""
    rows = [head]
    shown, more = words.first(orders, _MOST)
    for order in shown:
        rows.extend(_open_order(order))
    return words.lines(words.pre(rows), more)


def _position(position: Position) -> Iterator[str]:
    name = f"{_name(position)} {words.shares(position.shares)}"
    day = words.arrow(_day_percent(position)).replace(" ", "")
    bought = words.arrow(_open_percent(position)).replace(" ", "")
    yield words.row((name, _now(position.price), day, bought), _COLUMNS)
    if position.day_profit is not None or position.open_profit is not None:
        value = words.dollars(position.market_value)
        profits = _whole(position.day_profit), _whole(position.open_profit)
        yield words.row(("", value, *profits), _COLUMNS)


def _now(price: Decimal | None) -> str:
    """From a thousand dollars on without cents: it would touch the count of shares."""
    if price is None or price < words.THOUSAND:
        return words.price(price)
    return words.whole(price)


def _name(position: Position) -> str:
    """An option on a stock has the stock's symbol: its kind is told, too."""
    symbol = position.instrument.symbol
    return symbol if position.kind == STOCK else f"{symbol} {position.kind}"


def _whole(amount: Decimal | None) -> str:
    if amount is None:
        return words.UNKNOWN
    return words.signed(words.rounded(amount, Decimal(1))).removesuffix(".00")


def _day_percent(position: Position) -> Decimal | None:
    if position.day_profit is None or not position.day_basis:
        return None
    return percent.share(position.day_profit, position.day_basis)


def _open_percent(position: Position) -> Decimal | None:
    if position.price is None or not position.average_cost:
        return None
    moved = percent.moved(position.average_cost, position.price)
    return moved if position.shares > 0 else -moved


def _open_order(order: OpenOrder) -> Iterator[str]:
    size = words.shares(order.shares) if order.shares else words.UNKNOWN
    left = f"{order.side} {size} {symbol(order.instrument)}"
    kind = f"{order.order_type} {order.tif}"
    filled = f" filled {words.shares(order.filled)}" if order.filled else ""
    yield from words.beside(left, f"{kind} {order.status}{filled}", width=16)


def symbol(instrument: Instrument) -> str:
    return words.fit(instrument.symbol, 6)
