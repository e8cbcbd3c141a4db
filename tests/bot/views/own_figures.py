"""The test's own way to write figures, and the lines of a message that have some."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings, strategies as st

from core.model.money import Price, Shares
from tests.bot.views.hands import read
from tests.builders import FDMX, NOW, QRVX


MINUS: Final = "\N{MINUS SIGN}"

any_case: Final = settings(
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def places(number: Any, digits: int) -> str:
    """Without a sign, halves away from zero."""
    exact = Fraction(number) * 10**digits
    whole = Decimal(int(abs(exact) + Fraction(1, 2))).scaleb(-digits)
    return f"{whole:,.{digits}f}"


def sign(number: Any, digits: int) -> str:
    if not places(number, digits).strip("0.,"):
        return ""
    return "+" if number > 0 else MINUS


def signed(number: Any, digits: int = 2) -> str:
    return sign(number, digits) + places(number, digits)


def dollars(number: Any, digits: int = 2) -> str:
    return f"{sign(number, digits).strip('+')}${places(number, digits)}"


def arrow(number: Any) -> str:
    digits = 0 if Fraction(places(number, 1).replace(",", "")) >= 1_000 else 1
    mark = {"+": "▲ ", MINUS: "▼ ", "": ""}[sign(number, 1)]
    return f"{mark}{places(number, digits)}%"


def percent(number: Any) -> str:
    return "\N{EN DASH}" if number is None else f"{signed(number, 1)}%"


def arrowed(share: Any) -> str:
    """With arrow and sign; from a hundred on without decimals."""
    if share is None:
        return "\N{EN DASH}"
    digits = 0 if Fraction(places(share, 1).replace(",", "")) >= 100 else 1
    mark = {"+": "▲", "": "", sign(-1, 0): "▼"}[sign(share, digits)]
    whole = places(share, digits).replace(",", "")
    if Fraction(whole) >= 10_000:
        return f"{mark}>9999%"
    return f"{mark}{sign(share, digits)}{whole}%"


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def day(when: date, *, year: bool) -> str:
    return f"{when:%a} {when.day} {when:%b}" + (f" {when.year}" if year else "")


def days(first: date, last: date) -> tuple[str, str]:
    year = first.year != last.year
    return day(first, year=year), day(last, year=year)


def moved(since: Any, now: Any) -> Fraction:
    return (Fraction(now) / Fraction(since) - 1) * 100


def with_figures(html: str) -> list[str]:
    """The lines with a figure before what opens at a tap, with single spaces."""
    lines = read(html.partition("<blockquote")[0]).splitlines()
    return [" ".join(e.split()) for e in lines if any(map(str.isdigit, e))]


STOCKS: Final = (QRVX, FDMX)
CENT: Final = Decimal("0.01")

prices: Final = st.integers(100, 900_000).map(lambda n: Price(Decimal(n) / 100))
fees: Final = st.integers(0, 2_000).map(lambda n: Decimal(n) / 100)
counts: Final = st.sampled_from([1, 3, 100, 1_250]).map(Shares)
moments: Final = st.integers(0, 30 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n))
some_money: Final = st.none() | st.integers(0, 10**7).map(lambda n: Decimal(n) / 100)


def there(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("America/New_York"))


def when(at: datetime) -> str:
    return f"{day(there(at).date(), year=False)} {there(at):%H:%M} ET"


def thousands(number: int) -> str:
    return f"{number:,}"


def fee_of(shares: int, cost: Any) -> Fraction:
    """IB's fixed plan: half a cent a share, at least a dollar, at most one percent."""
    least = max(Fraction(1), Fraction(shares, 200))
    return min(least, Fraction(cost) / 100)


def short_fee(amount: Any) -> str:
    return f"${places(amount, 2)}".removesuffix(".00")
