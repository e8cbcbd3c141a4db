"""Numbers, money, dates and times as the owner reads them; nothing else formats them.

Decimals round halves away from zero; gains have a plus, losses a minus sign (U+2212);
times are New York's. Tested by tests/bot/views/test_figures.py and test_words.py.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from core.model.money import DOLLARS, Price
from core.model.ranking import Change
from core.rules.new_york import local


DASH: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
UNKNOWN: Final = DASH

CENT: Final = Decimal("0.01")
TENTH: Final = Decimal("0.1")
_LEAST: Final = Decimal("0.001")
HUNDRED: Final = 100
THOUSAND: Final = 1_000
MILLION: Final = 1_000_000
FOUR: Final = Decimal("0.0001")


# numbers


def rounded(number: Decimal, to: Decimal) -> Decimal:
    """*number* rounded to *to*, halves away from zero, never minus zero."""
    return number.quantize(to, rounding=ROUND_HALF_UP) + 0


def dollars(amount: Decimal | None) -> str:
    """Whole dollars: ``$2,823``."""
    if amount is None:
        return UNKNOWN
    whole = rounded(amount, Decimal(1))
    return f"{MINUS if whole < 0 else ''}${abs(whole):,}"


def money(amount: Decimal | None, currency: str) -> str:
    """Whole units: ``$2,823``, or ``2,823 EUR``."""
    if amount is None or currency == DOLLARS:
        return dollars(amount)
    unit = rounded(amount, Decimal(1))
    return f"{MINUS if unit < 0 else ''}{abs(unit):,} {currency}"


def money_exact(amount: Decimal, currency: str) -> str:
    """To the hundredth: ``$1,234.50``, or ``1,234.50 EUR``."""
    if currency == DOLLARS:
        return cents(amount)
    return (
        f"{MINUS if rounded(amount, CENT) < 0 else ''}{exact(abs(amount))} {currency}"
    )


def exact(amount: Decimal | None) -> str:
    """Dollars and cents: ``1,234.50``."""
    return UNKNOWN if amount is None else f"{rounded(amount, CENT):,}"


def price(amount: Price | Decimal | None) -> str:
    """A price as it is quoted: cents, and four decimals below a dollar."""
    if amount is None:
        return UNKNOWN
    return f"{rounded(amount, CENT if amount >= 1 else FOUR):,}"


def order_price(amount: Price | Decimal | None) -> str:
    """The price of an order, exactly: between two cents, too, where IB's step is half a
    cent."""
    if amount is None or amount < 1 or amount == rounded(amount, CENT):
        return price(amount)
    return f"{amount.normalize():,f}"


def alike(
    *amounts: Decimal | None, written: Callable[[Decimal | None], str] = price
) -> tuple[str, ...]:
    """Prices that stand beside each other: each with as many decimals as the one that
    needs most of them, as ``written`` has it: ``0.9950`` and ``1.0100``."""
    places = max(len(written(each).partition(".")[2]) for each in amounts)
    step = Decimal(1).scaleb(-places)
    return tuple(
        UNKNOWN if each is None else f"{rounded(each, step):,}" for each in amounts
    )


def dollar_price(amount: Price | Decimal | None) -> str:
    """A price in dollars: ``$4.82``."""
    return UNKNOWN if amount is None else f"${price(amount)}"


def dollar_rate(rate: Decimal) -> str:
    """What one unit of another currency is in dollars: ``$1.0871``."""
    return f"${order_price(rate)}"


def short_price(amount: Price | Decimal | None) -> str:
    """A price for a narrow column: from ten thousand dollars on without cents."""
    if amount is None or amount < 10 * THOUSAND:
        return price(amount)
    return f"{rounded(amount, Decimal(1)):,}"


def signed(amount: Decimal | None) -> str:
    """Dollars and cents with a sign: ``+3.10``; the minus is U+2212."""
    if amount is None:
        return UNKNOWN
    cents = rounded(amount, CENT)
    return f"{_sign(cents)}{abs(cents):,}"


def percent(share: Decimal | None) -> str:
    """Percent with its sign: ``+14.8%``."""
    if share is None:
        return UNKNOWN
    tenths = rounded(share, TENTH)
    return f"{_sign(tenths)}{abs(tenths):,}%"


def _sign(number: Decimal) -> str:
    return "+" if number > 0 else MINUS if number < 0 else ""


def arrow(share: Decimal | None) -> str:
    """Percent with an arrow instead of colour: ``▲ 14.8%``."""
    if share is None:
        return UNKNOWN
    tenths = rounded(share, TENTH)
    if abs(tenths) >= THOUSAND:
        tenths = rounded(share, Decimal(1))
    marker = "▲ " if tenths > 0 else "▼ " if tenths < 0 else "  "
    return f"{marker}{abs(tenths):,}%"


def moved(share: Decimal | None) -> str:
    """Percent with arrow and sign, in at most seven characters: ``▲+14.8%``."""
    if share is None:
        return UNKNOWN
    exact = rounded(share, TENTH)
    number = exact if abs(exact) < HUNDRED else rounded(share, Decimal(1))
    marker = "▲" if number > 0 else "▼" if number < 0 else ""
    if abs(number) >= 10 * THOUSAND:
        return f"{marker}>9999%"
    return f"{marker}{_sign(number)}{abs(number)}%"


def percent_of(change: Change | None) -> Decimal | None:
    return None if change is None else change.percent


def volume(shares: int | None) -> str:
    """Shares traded, shortened: ``1.2M``, ``830k``."""
    if shares is None:
        return UNKNOWN
    if shares >= MILLION:
        return f"{rounded(Decimal(shares) / MILLION, TENTH)}M"
    return f"{shares // THOUSAND}k" if shares >= 10 * THOUSAND else f"{shares:,}"


def size(count: int) -> str:
    """Bytes, shortened: ``840 kB``, ``12.3 MB``."""
    if count >= MILLION:
        return f"{rounded(Decimal(count) / MILLION, TENTH):,} MB"
    return f"{count // THOUSAND} kB"


def cents(amount: Decimal | None) -> str:
    """Dollars and cents with their sign in front: ``$1,234.50``."""
    if amount is None:
        return UNKNOWN
    return f"{MINUS if rounded(amount, CENT) < 0 else ''}${exact(abs(amount))}"


def tenth(number: Decimal | float) -> str:
    """With one decimal: ``1.6``."""
    return f"{rounded(Decimal(number), TENTH)}"


def spread(share: Decimal) -> str:
    """A spread in percent of the ask: ``0.4%``; a narrow one is ``0.008%``, not
    ``0.0%``."""
    is_narrow = share > 0 and not rounded(share, TENTH)
    return f"{rounded(share, _LEAST if is_narrow else TENTH)}%"


def lead(seconds: float) -> str:
    """How far a clock is ahead, in seconds with its sign: ``+0.5``, ``+60``."""
    found = rounded(Decimal(seconds), TENTH if abs(seconds) < _SECONDS else Decimal(1))
    return f"{_sign(found)}{abs(found)}"


_SECONDS: Final = 10
"""From here on a tenth of a second says nothing."""


def whole(number: Decimal | float) -> str:
    """Rounded to a whole number: ``1,234``."""
    return f"{rounded(Decimal(number), Decimal(1)):,}"


def thousandth(number: Decimal | float) -> str:
    """With three decimals: ``0.025``."""
    return f"{rounded(Decimal(number), Decimal('0.001'))}"


def hundredth(number: Decimal | float) -> str:
    """With two decimals: ``0.25``."""
    return f"{rounded(Decimal(number), CENT)}"


# moments


def clock_time(at: datetime) -> str:
    """``09:41:07 ET``, in New York."""
    return f"{local(at):%H:%M:%S} ET"


def minute(at: datetime) -> str:
    """``09:51 ET``, in New York."""
    return f"{local(at):%H:%M} ET"


def short_day(day: date) -> str:
    """``20 Nov``."""
    return f"{day.day} {day:%b}"


def long_day(day: date) -> str:
    """``Mon 23 Nov``."""
    return f"{day:%a} {short_day(day)}"


def weekday_time(at: datetime) -> str:
    """``Mon 09:30``, in New York: short enough for a button."""
    return f"{local(at):%a %H:%M}"


def day_time(at: datetime) -> str:
    """``Mon 23 Nov 09:30 ET``."""
    there = local(at)
    return f"{long_day(there.date())} {there:%H:%M} ET"


def clock(at: datetime | time) -> str:
    """``09:51``, in New York; a time of day is taken as New York's."""
    return f"{local(at) if isinstance(at, datetime) else at:%H:%M}"


def weekday(day: date) -> str:
    """``Mon``."""
    return f"{day:%a}"


def day_name(day: date) -> str:
    """``Monday``."""
    return f"{day:%A}"


def year_time(at: datetime) -> str:
    """``23 Nov 2026 09:41 ET``."""
    there = local(at)
    return f"{short_day(there.date())} {there:%Y %H:%M} ET"


def age(seconds: float) -> str:
    """How long something has lasted: ``12 ms``, ``40 s``, ``5 min``, ``3 h``."""
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))} ms"
    for limit, unit, word in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // unit)} {word}"
    return f"{int(seconds // 86_400)} days"
