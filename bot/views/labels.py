"""The labels of the buttons. Two stand in a row of 320 pixels, so they are short.

Tested by tests/bot/test_keyboards.py.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from bot.views import words
from core.model.chosen.schedule import RunKind
from core.model.exits.plan import ExitKind
from core.model.identity import Person
from core.model.market import FoundStock
from core.model.money import Price
from core.model.order import Order
from core.model.order_events import WordOfFill
from core.model.portfolio import Position
from core.model.proposal import Leg, OrderTerms, Purpose


NO: Final = "No"
REFRESH: Final = "Refresh"


# a card


SCAN_AGAIN: Final = "Scan again"
CHECK_WITH_IB: Final = "Check with IB"
CHARTS: Final = "Charts"
EXITS: Final = "Exits"
NO_EXITS: Final = "No exits"
STOP_5: Final = "Stop 5%"
TRAIL_5: Final = "Trail 5%"
TERMS: Final = {
    OrderTerms.MARKET: "Market order ▸",
    OrderTerms.LIMIT: "Limit order ▸",
    OrderTerms.ANY_HOURS: "Limit, any hours ▸",
    OrderTerms.CAPPED: "Market order ▸",
}
NO_CAP: Final = "No cap"


def yes(purpose: Purpose, symbols: Sequence[str], *, of: int) -> str:
    """The Yes to *symbols*, which are some *of* so many legs."""
    if purpose is Purpose.SELL_ALL and 1 < len(symbols) < of:
        return f"Yes, sell {len(symbols)} of {of}"
    if purpose is Purpose.SELL_ALL:
        return f"Yes, sell {'all' if len(symbols) > 1 else symbols[0]}"
    act = purpose.side.lower()
    return f"Yes, {act} both" if len(symbols) > 1 else f"Yes, {act} {symbols[0]}"


def yes_to_exits(*, takes_off: bool) -> str:
    return "Yes, take them off" if takes_off else "Yes, set them"


def yes_to_one(leg: Leg) -> str:
    """The Yes to the one leg that would still be sent, with its cost."""
    return f"Yes, buy {leg.instrument.symbol} ({words.dollars(leg.estimate)})"


def only(leg: Leg) -> str:
    return f"Only {leg.instrument.symbol}"


def keep_or_sell(leg: Leg) -> str:
    return f"{'Sell' if leg.left_out else 'Keep'} {leg.instrument.symbol}"


def chosen(label: str) -> str:
    """*label* of what is chosen among several."""
    return f"• {label}"


def pay_at_most(percent: Decimal | int) -> str:
    return f"Pay at most {percent}% more at the open"


def queue_for(opens: datetime) -> str:
    return f"Queue for {words.weekday_time(opens)}"


SEND_ALL: Final = "Send all"


def all_of(count: int) -> str:
    return f"All {count}"


# orders and doubts


IT_IS_THERE: Final = "It is there"
IT_IS_NOT_THERE: Final = "It is not there"
ASK_ME_LATER: Final = "Ask me later"


def cancel(order: Order) -> str:
    left = order.shares - order.filled
    verb = "Ask again: cancel" if order.cancel_asked else "Cancel"
    kind = "" if order.exit is None else f" {EXIT_KINDS[order.exit]}"
    return f"{verb} {order.instrument.symbol} {left:,}{kind}"


EXIT_KINDS: Final = {
    ExitKind.STOP: "stop",
    ExitKind.TRAIL: "trail",
    ExitKind.TARGET: "target",
    ExitKind.CLOSE: "timed",
}
"""The exits of one stock are told apart."""


def it_was_filled(order: Order) -> str:
    left = order.shares - order.filled
    return f"It was filled: {left:,} at about {words.price(order.about)}"


def there(symbol: str) -> str:
    return f"{symbol} is there"


def not_there(symbol: str) -> str:
    return f"{symbol} is not"


def filled_at(symbol: str, price: Price) -> str:
    return f"{symbol} filled @ {words.price(price)}"


def this_fill(word: WordOfFill) -> str:
    return f"Yes: {word.shares:,} at {words.price(word.price)}"


# holdings and stocks


CHART: Final = "Chart"
QUOTE: Final = "Quote"
QUOTE_NOW: Final = "Quote now"


def chart_of(name: str) -> str:
    return f"Chart {name}"


def listed(stock: FoundStock) -> str:
    """A stock that may have been meant, with where it is listed, and its currency."""
    return (
        f"{stock.instrument.symbol} · {stock.listed_on} · {stock.instrument.currency}"
    )


def sell(symbol: str) -> str:
    return f"Sell {symbol}"


def holding(held: Position) -> str:
    """A holding that may have been meant, with where it is listed, and its currency."""
    stock = held.instrument
    return " · ".join(filter(None, (stock.symbol, held.listed_on, stock.currency)))


def sign(currency: str) -> str:
    """A currency in one or two letters where there is a sign: three buttons stand in a
    row of 390 pixels."""
    return _SIGNS.get(currency, currency)


_SIGNS: Final = {"EUR": "\N{EURO SIGN}", "GBP": "\N{POUND SIGN}", "CAD": "C$"}


def sell_part(percent: int, symbol: str) -> str:
    return f"{percent}% {symbol}"


def none_of(symbol: str) -> str:
    """No exits for *symbol*."""
    return f"{symbol} none"


def stop_for(symbol: str) -> str:
    return f"{STOP_5} for {symbol}"


def exits_again(symbol: str) -> str:
    return f"Exits of {symbol} again"


# the table of a scan


IBS_ORDER: Final = "IB's order"
BY_CHANGE: Final = "By change"
BY_VOLUME: Final = "By volume"
BY_SPREAD: Final = "By spread"
BACK: Final = "◂ Back"
NEXT: Final = "Next ▸"


# halts and people


ALLOW_ORDERS: Final = "Allow orders again"
STOP_ALL: Final = "Stop and cancel everything"
ONLY_HALT: Final = "Only send nothing new"


def add(person: Person, *, sure: bool) -> str:
    return f"Yes, {person.number} may act" if sure else f"Add as {person.rights}"


def remove(number: int) -> str:
    return f"Remove {number}"


def remove_line(number: int, kind: RunKind) -> str:
    return f"Remove {number}. {kind}"


# settings


EXPORT: Final = "Export"
ALL_GROUPS: Final = "All groups"
HALF: Final = "Half"
DOUBLE: Final = "Double"
_MOST: Final = 24
"""Letters of a label with a value in it."""


def group(name: str) -> str:
    return name.capitalize()


def setting(name: str) -> str:
    return name.replace("_", " ")


def setting_value(value: str) -> str:
    """A value of .env as a person says it, for a button or a table."""
    return _SAID.get(value, value)


_SAID: Final[Mapping[str, str]] = MappingProxyType({"": "none", **words.SWITCH})


def yes_to_value(value: str, *, sure: bool) -> str:
    """Yes to the new *value* ("" for none); *sure* is the second question."""
    return words.fit(f"Yes, {'really ' if sure else ''}{setting_value(value)}", _MOST)


def default(value: str) -> str:
    return words.fit(f"Default: {setting_value(value)}", _MOST)


def from_file(value: str) -> str:
    return words.fit(f".env: {setting_value(value)}", _MOST)


# the schedule


SCHEDULE_IT: Final = "Yes, schedule it"
BUY_WITHOUT_ASKING: Final = "Yes, buy without asking"
SCAN_AFTER_OPEN: Final = "Scan 15 min after the open"
BRIEF_BEFORE_OPEN: Final = "Brief before the open"
EVENING_SUMMARY: Final = "Evening summary"


def work_on(day: date) -> str:
    return f"Work on {words.long_day(day)}"
