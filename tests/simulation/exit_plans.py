"""The exits that a card names before its Yes, and after it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final


_SYMBOL: Final = r"([A-Z][A-Z.]*)"
_ASKED: Final = re.compile(rf"Exits for [\d,]+ {_SYMBOL}: (.+)\?")
_TAKES_OFF: Final = re.compile(rf"Take the exits of {_SYMBOL} off\?")
_OF_PURCHASE: Final = re.compile(r"(?:exits|exits of each): (.+)")
_EACH: Final = re.compile(rf"{_SYMBOL}: ([^;]+)")
_BUYS: Final = re.compile(r"(?:yes:? |offered: |queue: )?buys?\b(.*)", re.IGNORECASE)
_NAMES: Final = re.compile(rf"[\d,]+ {_SYMBOL}\b")
_DISTANCE: Final = re.compile(
    r"(trailing stop|stop|target) (\$?)([\d.]+)(%| ATR|)( above| below|)"
)
_TIMED: Final = re.compile(r"sold before the (?:next close|close of session (\d+))")
_STANDS: Final = re.compile(
    rf"([\d,]+) {_SYMBOL}: (trailing stop|stop|target|timed exit)\b.*, "
    r"(sold ([\d,]+) @.*|cancel not confirmed|at IB|not at IB yet"
    r"|placed, unconfirmed|unknown \u2013 please look)"
    r"(?:, only until the next close)?"
)
_UNCONFIRMED: Final = re.compile(
    rf"IB (?:has not confirmed the cancel of|could not be asked to cancel) (?:BUY|SELL) [\d,]+ {_SYMBOL}"
)
_BARE: Final = re.compile(
    rf"{_SYMBOL} (?:has no exit now|lacks an exit)"
    rf"|The exits of {_SYMBOL} could not be placed"
)
_CLOSED: Final = re.compile(rf"([\d,]+) {_SYMBOL} have no (?:trailing )?stop\b")
_NONE_PLACED: Final = re.compile(
    rf"([\d,]+) {_SYMBOL} have no (trailing stop|stop|target)\b.*So I place none",
    re.DOTALL,
)
_KEPT_BACK: Final = re.compile(
    rf"Exits of {_SYMBOL}: .*^No exit is placed", re.DOTALL | re.MULTILINE
)
_ANSWERED: Final = re.compile(rf"SELL [\d,]+ {_SYMBOL}\. I sell none of these")
AT_IB: Final = ("at IB", "cancel not confirmed")
NOT_YET: Final = ("not at IB yet", "placed, unconfirmed")


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance from the price paid: a fraction of it, or dollars; neither where the
    card gives it in average true ranges. A timed exit has the number of its session.
    """

    part: float | None = None
    dollars: float | None = None
    sessions: int = 0
    is_like_a_price: bool = False
    """Dollars, and no word on which side of the price."""

    @property
    def is_unknown(self) -> bool:
        return self.part is None and self.dollars is None

    def of(self, price: float) -> float:
        """The distance in dollars a share; 0 where it is unknown."""
        return price * self.part if self.part is not None else self.dollars or 0.0


ExitPlan = Mapping[str, Distance]
"""Which exits, by what cards call them, and how far away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitClaim:
    """What a card says about one placed exit."""

    shares: int
    symbol: str
    kind: str
    words: str
    sold: int

    @property
    def doubtful(self) -> bool:
        return self.words.endswith("unknown \u2013 please look")


def plan_in(words: str) -> ExitPlan:
    """The plan in a text such as "stop 5%, target $0.50"."""
    plan = {name: _distance(*how) for name, *how in _DISTANCE.findall(words)}
    if timed := _TIMED.search(words):
        return plan | {"timed exit": Distance(sessions=int(timed[1] or 1))}
    return plan


def _distance(dollar: str, number: str, unit: str, side: str) -> Distance:
    if unit == "%":
        return Distance(part=float(number) / 100)
    if not dollar:
        return Distance()
    return Distance(dollars=float(number), is_like_a_price=not side)


def plans_on(text: str) -> dict[str, ExitPlan]:
    """The exits that a Yes to the card sets, by symbol; empty for a stock whose exits
    it removes, no entry for one whose exits stay.
    """
    for line in text.replace("\nand ", " and ").splitlines():
        if match := _ASKED.match(line):
            return {match[1]: plan_in(match[2])}
        if match := _TAKES_OFF.match(line):
            return {match[1]: {}}
    return dict(_with_purchase(text))


def _with_purchase(text: str) -> Iterator[tuple[str, ExitPlan]]:
    for line in text.splitlines():
        words = line.partition(". This bot sends")[0]
        if match := _OF_PURCHASE.match(words):
            yield from ((symbol, plan_in(match[1])) for symbol in _bought(text))
        elif "; " in words and (each := _EACH.findall(words)):
            yield from ((s, plan_in(said)) for s, said in each if plan_in(said))


def _bought(text: str) -> Iterator[str]:
    for line in text.replace("\nand ", " and ").splitlines():
        if match := _BUYS.match(line):
            yield from _NAMES.findall(match[1])


def prices_on(text: str, symbol: str) -> tuple[float, ...]:
    """What the card shows as the price of a stock, in dollars."""
    shown = re.findall(rf"(?:\b{symbol}|\blast) +([\d,]+\.\d+)", text)
    return tuple(float(each.replace(",", "")) for each in shown)


def claims_on(text: str) -> tuple[ExitClaim, ...]:
    """What an approved card says about its exits."""
    return tuple(
        ExitClaim(
            shares=_number(match[1]),
            symbol=match[2],
            kind=match[3],
            words=match[4],
            sold=_number(match[5] or "0"),
        )
        for line in text.splitlines()
        if (match := _STANDS.fullmatch(line))
    )


def unconfirmed(text: str) -> str:
    """The stock of which the message *text* says that IB does not confirm a cancel; empty
    if it says that of none."""
    match = _UNCONFIRMED.match(text)
    return match[1] if match else ""


def answered(text: str) -> str:
    """The stock of whose exit the owner has said where it is, so that it is followed no
    longer; empty for none."""
    match = _ANSWERED.search(text)
    return match[1] if match else ""


def bare(text: str) -> str:
    """The stock that the message says lacks an exit; empty for none."""
    match = _BARE.match(text) or _KEPT_BACK.match(text)
    return next(filter(None, match.groups()), "") if match else ""


def closed(text: str) -> tuple[str, int]:
    """The stock and the shares of which the message says that they have no stop, because
    the owner said that theirs is not there; none of no stock otherwise."""
    match = _CLOSED.match(text)
    return (match[2], _number(match[1])) if match else ("", 0)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def none_placed(text: str) -> tuple[str, str, int]:
    """The stock, the kind of exit and the shares for which a message says that none is
    placed, since one that the owner said is not there might sell, too; none of no stock
    otherwise."""
    found = _NONE_PLACED.search(text)
    return (found[2], found[3], _number(found[1])) if found else ("", "", 0)
