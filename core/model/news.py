"""What the owner must be told. Written with the change of state, told after it.

Each kind of news is a type; its ``key`` is its natural identity: news with the same
key is the same news, told once. Card news is a standing order to redraw: the newest
state is read when it is told, so an old edit cannot overwrite a newer one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from core.model.chosen.news import (
    BriefReady,
    LimitRaised,
    RunsMissed,
    SettingSetAside,
    SummaryReady,
)
from core.model.exits.news import ExitClosed, ExitDone, Unprotected
from core.model.fills import Fill
from core.model.identity import Rights
from core.model.order import OrderRef
from core.model.proposal import ProposalId, Shown
from core.model.report import MorningReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged:
    """Redraw the card where it stands."""

    proposal_id: ProposalId

    @property
    def key(self) -> str:
        return f"card:{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFailed:
    """A scan ended without a card; ``problem`` in words, ``again`` whether to offer
    another try. It takes the place of the progress message."""

    shown: Shown
    problem: str

    @property
    def key(self) -> str:
        return f"scan-failed:{self.shown.chat}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Every order of a card has come to its end: one message that may buzz."""

    proposal_id: ProposalId

    @property
    def key(self) -> str:
        return f"settled:{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FillChanged:
    """IB has corrected an execution of an order of ours, or taken it back (no shares)."""

    ref: OrderRef
    was: Fill
    now: Fill

    @property
    def key(self) -> str:
        return f"fill-changed:{self.now.exec_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """What the owner approved was not sent, and the card *proposal_id* asks again;
    ``reason`` says in words why. It rings: who pocketed the phone must not believe
    that he bought."""

    proposal_id: ProposalId
    reason: str

    @property
    def key(self) -> str:
        return f"asked-again:{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Nobody can tell whether an order exists: ask the owner, with the facts."""

    ref: OrderRef
    position_now: Decimal | None

    @property
    def key(self) -> str:
        return f"doubt:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """An order turned up that our journal had ended, or never knew (R16, R17);
    ``old_copy`` as a Halt's."""

    ref: str
    text: str
    old_copy: bool = False

    @property
    def key(self) -> str:
        return f"ghost:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """An order of another tool whose ref begins like ours (R17): it is left alone."""

    ref: str
    text: str

    @property
    def key(self) -> str:
        return f"look-alike:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFellBack:
    """IB's count of order ids went back: the gateway was reset. ``at`` is UTC."""

    at: datetime
    next_id: int

    @property
    def key(self) -> str:
        return f"count-fell-back:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherName:
    """An order of ours that was sent under another login, gateway or client id than
    the session's (R18); ``text`` says which. Nothing can be concluded about it."""

    ref: OrderRef
    text: str

    @property
    def key(self) -> str:
        return f"other-name:{self.ref}:{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLost:
    """The line to IB has been down for a while. ``since`` is UTC."""

    since: datetime
    reason: str

    @property
    def key(self) -> str:
        return f"line-lost:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBack:
    """It is back, and the orders have been compared."""

    since: datetime
    at: datetime

    @property
    def key(self) -> str:
        return f"line-back:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingHalted:
    """Nothing is sent any more until /resume; ``old_copy`` as a Halt's."""

    at: datetime
    reason: str
    old_copy: bool = False

    @property
    def key(self) -> str:
        return f"halted:{self.at.isoformat()}:{self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToSell:
    """The account holds nothing that /panic, said ``at`` (UTC), could sell."""

    at: datetime

    @property
    def key(self) -> str:
        return f"nothing-to-sell:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The run before this one did not end well: *why*, in words; None when it could not
    write that down (it was killed, or the power failed)."""

    at: datetime
    why: str | None

    @property
    def key(self) -> str:
        return f"restarted:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReady:
    """The morning report, in the place of its placeholder."""

    shown: Shown
    report: MorningReport

    @property
    def key(self) -> str:
        return f"report:{self.report.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMissed:
    """No report could be made for a session, and why."""

    day: date
    reason: str

    @property
    def key(self) -> str:
        return f"report-missed:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedToday:
    """No session on a weekday: one line, with the next report's moment (UTC).

    ``holiday`` is its name when the calendar knows it. ``closes_early`` is the next
    session's close (UTC) if that is early.
    """

    day: date
    next_report: datetime | None
    closes_early: datetime | None

    @property
    def key(self) -> str:
        return f"closed:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChanged:
    """Somebody may act or look from now on, or no more; ``by`` whom. ``rights`` are None
    for who was removed. It goes to all who may act."""

    at: datetime
    number: int
    rights: Rights | None
    by: str

    @property
    def key(self) -> str:
        return f"people:{self.at.isoformat()}:{self.number}:{self.rights}"


News = (
    CardChanged
    | PeopleChanged
    | ScanFailed
    | Settled
    | FillChanged
    | AskedAgain
    | ExitDone
    | ExitClosed
    | Unprotected
    | InDoubt
    | Ghost
    | LookAlike
    | CountFellBack
    | OtherName
    | LineLost
    | LineBack
    | TradingHalted
    | NothingToSell
    | Restarted
    | ReportReady
    | ReportMissed
    | ClosedToday
    | LimitRaised
    | SettingSetAside
    | BriefReady
    | SummaryReady
    | RunsMissed
)

REDRAWN: Final = (CardChanged, ReportReady, BriefReady, SummaryReady, InDoubt)
"""News that is told again, in the same place, whenever it is written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One piece of news on its way. ``edition`` grows with every redraw asked for;
    ``message`` is the chat's number of it once it stands there."""

    news: News
    edition: int
    message: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSend:
    """The message that was handed to the chat last. ``after`` is the newest number
    known there before it (None: none was known), ``body`` what it says, in the chat's
    own form; ``message`` is its number, None while nobody knows whether it arrived."""

    key: str
    after: int | None
    body: str
    message: int | None = None
