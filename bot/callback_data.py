"""The data of buttons: at most 64 bytes, and never an order itself.

The data refers to something that was decided before (a token, an order's ref). The gate
decides who may press, the engine whether a press still counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, get_args

from bot.presses import schedule, settings
from bot.presses.exits import AskExits, ChosenExits, letters, plan_of
from bot.presses.kinds import (
    ChosenTerms,
    DoubtAnswer,
    Extra,
    Halting,
    LeaveOutLeg,
    Overview,
    Stop,
)
from bot.presses.people import Admit, Dismiss, admit
from bot.presses.schedule import SchedulePress
from bot.presses.settings import SettingsPress
from core.model.market import ConId
from core.model.money import Price, Shares, Size
from core.model.order import OrderRef
from core.model.order_events import WordOfFill
from core.model.proposal import Choice, OrderTerms, ProposalId, Token
from core.rules.figures.percent import HUNDRED
from core.rules.figures.size import read, written
from core.rules.figures.table_order import SortBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An answer to a card."""

    choice: Choice
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Show what a card has no room for."""

    what: Extra
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Show one page (from 0) of a card's whole scan, sorted. It refers to the card and
    not to its question, so that choosing another size does not end it."""

    by: SortBy
    page: int
    proposal_id: ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Show one stock of a card's scan."""

    con_id: ConId
    proposal_id: ProposalId


class StockDetail(StrEnum):
    """What to show of one stock."""

    QUOTE = "q"
    CHART = "c"
    EXITS = "x"  # in the list of all exits


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtStock:
    """Show one stock as it is now; the button has everything that is needed."""

    what: StockDetail
    con_id: ConId
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAgain:
    """Make a new card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Ask IB to cancel one order."""

    ref: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What the owner saw of an order in doubt."""

    seen: DoubtAnswer
    ref: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFilled:
    """Confirm the shares filled and the price that the owner typed."""

    word: WordOfFill


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Refresh an answer."""

    overview: Overview


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHalts:
    """End the halts that began up to a moment (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell:
    """Ask whether to sell *percent* of a holding."""

    con_id: ConId
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy:
    """Ask whether to buy *size* of a stock that was offered to choose."""

    con_id: ConId
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSize:
    """Show the card with orders of this size."""

    size: Size
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWithIb:
    """Ask IB for its what-if answer to the orders of a card; place nothing."""

    token: Token


Press = (
    Admit
    | Dismiss
    | Chosen
    | ChosenSize
    | LeaveOutLeg
    | ChosenTerms
    | CheckWithIb
    | More
    | Table
    | Open
    | LookAtStock
    | ScanAgain
    | CancelOrder
    | Doubt
    | ConfirmFilled
    | Refresh
    | Stop
    | EndHalts
    | Sell
    | Buy
    | ChosenExits
    | AskExits
    | SettingsPress
    | SchedulePress
)

_DATA: Final = re.compile(r"v1:([a-z]):([A-Za-z0-9_:-]{0,58})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS: Final = re.compile(r"\d{1,17}", re.ASCII)
_TICK: Final = timedelta(microseconds=1)
_PARTS: Final = 10_000
"""Prices are encoded in ten-thousandths of a dollar: they have at most four
decimals."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,56}", re.ASCII)


def write(press: Press) -> str:
    """The callback data of a button."""
    return f"v1:{_WRITERS[type(press)](press)}"


def parse(data: str | None) -> Press | None:
    """What a button means; None for anything that this program never wrote."""
    match = _DATA.fullmatch(data or "")
    if match is None:
        return None
    kind, rest = match.groups()
    try:
        return _READERS[kind](*rest.split(":"))
    except (KeyError, TypeError, ValueError):  # no such kind, too many parts, a word
        return None


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _digits(text: str) -> str:
    if _DIGITS.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _sell(con_id: str, percent: str) -> Sell:
    share = int(_digits(percent))
    if not 1 <= share <= HUNDRED:
        raise ValueError(percent)
    return Sell(con_id=ConId(int(_digits(con_id))), percent=share)


def _word(ref: str, shares: str, parts: str) -> WordOfFill:
    return WordOfFill(
        ref=OrderRef(_name(ref)),
        shares=Shares(int(_digits(shares))),
        price=Price(Decimal(_digits(parts)) / _PARTS),
    )


def _size(wanted: str) -> Size:
    size = read(wanted)
    if size is None:
        raise ValueError(wanted)
    return size


def _chosen_size(wanted: str, token: str) -> ChosenSize:
    if not wanted:
        raise ValueError(wanted)
    return ChosenSize(size=_size(wanted), token=Token(_name(token)))


def _buy(con_id: str, wanted: str) -> Buy:
    return Buy(con_id=ConId(int(_digits(con_id))), size=_size(wanted))


def _table(by: str, page: str, proposal_id: str) -> Table:
    number = int(_digits(page))
    return Table(by=SortBy(by), page=number, proposal_id=ProposalId(_name(proposal_id)))


def _look(what: str, con_id: str, symbol: str) -> LookAtStock:
    return LookAtStock(
        what=StockDetail(what),
        con_id=ConId(int(_digits(con_id))),
        symbol=_name(symbol).replace("_", " "),
    )


def _scan_again(nothing: str) -> ScanAgain:
    if nothing:
        raise ValueError(nothing)
    return ScanAgain()


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    Admit: lambda press: f"p:{press.number}:{press.rights}:{int(press.sure)}",
    Dismiss: lambda press: f"n:{press.number}",
    Chosen: lambda press: f"o:{press.choice}:{press.token}",
    ChosenSize: lambda press: f"z:{written(press.size)}:{press.token}",
    ChosenTerms: lambda press: f"y:{press.terms}:{press.token}",
    LeaveOutLeg: lambda press: f"l:{press.number}:{press.token}",
    CheckWithIb: lambda press: f"i:{press.token}",
    More: lambda press: f"m:{press.what}:{press.token}",
    Table: lambda press: f"t:{press.by}:{press.page}:{press.proposal_id}",
    Open: lambda press: f"q:{press.con_id}:{press.proposal_id}",
    LookAtStock: lambda press: (
        f"k:{press.what}:{press.con_id}:{press.symbol.replace(' ', '_')}"
    ),
    ScanAgain: lambda _: "s:",
    CancelOrder: lambda press: f"c:{press.ref}",
    Doubt: lambda press: f"d:{press.seen}:{press.ref}",
    ConfirmFilled: lambda press: (
        f"f:{press.word.ref}:{press.word.shares}:{int(press.word.price * _PARTS)}"
    ),
    EndHalts: lambda press: f"h:{(press.until - _EPOCH) // _TICK}",
    Refresh: lambda press: f"r:{press.overview}",
    Stop: lambda press: f"u:{press.what}",
    ChosenExits: lambda press: f"e:{letters(press.plan)}:{press.token}",
    AskExits: lambda press: f"w:{press.con_id}:{letters(press.plan)}",
    Buy: lambda press: f"b:{press.con_id}:{written(press.size)}",
    Sell: lambda press: f"x:{press.con_id}:{press.percent}",
    **dict.fromkeys(
        get_args(SchedulePress), lambda press: f"j:{schedule.written(press)}"
    ),
    **dict.fromkeys(
        get_args(SettingsPress), lambda press: f"g:{settings.written(press)}"
    ),
}

_READERS: Final[dict[str, Callable[..., Press]]] = {
    "p": admit,
    "n": lambda number: Dismiss(number=int(_digits(number))),
    "o": lambda choice, token: Chosen(choice=Choice(choice), token=Token(_name(token))),
    "z": _chosen_size,
    "l": lambda number, token: LeaveOutLeg(
        number=int(_digits(number)), token=Token(_name(token))
    ),
    "y": lambda terms, token: ChosenTerms(
        terms=OrderTerms(terms), token=Token(_name(token))
    ),
    "i": lambda token: CheckWithIb(token=Token(_name(token))),
    "m": lambda what, token: More(what=Extra(what), token=Token(_name(token))),
    "t": _table,
    "q": lambda con_id, proposal_id: Open(
        con_id=ConId(int(_digits(con_id))), proposal_id=ProposalId(_name(proposal_id))
    ),
    "k": _look,
    "s": _scan_again,
    "c": lambda ref: CancelOrder(ref=OrderRef(_name(ref))),
    "d": lambda seen, ref: Doubt(seen=DoubtAnswer(seen), ref=OrderRef(_name(ref))),
    "f": lambda ref, shares, parts: ConfirmFilled(word=_word(ref, shares, parts)),
    "h": lambda ticks: EndHalts(until=_EPOCH + int(_digits(ticks)) * _TICK),
    "x": _sell,
    "b": _buy,
    "e": lambda plan, token: ChosenExits(plan=plan_of(plan), token=Token(_name(token))),
    "w": lambda con_id, plan: AskExits(
        con_id=ConId(int(_digits(con_id))), plan=plan_of(plan)
    ),
    "g": settings.read,
    "j": schedule.read,
    "u": lambda what: Stop(what=Halting(what)),
    "r": lambda named: Refresh(overview=Overview(named)),
}
