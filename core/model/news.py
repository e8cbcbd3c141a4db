"""News for the owner. It is written together with a change of state and sent after it.

Each kind of news is a type. News with the same ``key`` is sent once. CardChanged means
"redraw": the newest state is read when it is sent, so that no old edit comes last.
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
from core.model.evidence import LineState
from core.model.exits.news import (
    ChangedAtIb,
    ExitClosed,
    ExitDone,
    ExitPartFilled,
    ExitsLate,
    HoldingGone,
    SplitSeen,
    TimedExitMissed,
    Unprotected,
)
from core.model.identity import Rights
from core.model.order import OrderRef, OrderState
from core.model.order_news import CancelUnconfirmed, Enlarged, FillChanged, PartFilled
from core.model.proposal import ProposalId, Shown
from core.model.report import MorningReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged:
    """Redraw the card in its message."""

    proposal_id: ProposalId

    @property
    def key(self) -> str:
        return f"card:{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFailed:
    """A scan ended without a card; ``problem`` says why, ``again`` is whether to offer
    another try. It replaces the progress message."""

    shown: Shown
    problem: str

    @property
    def key(self) -> str:
        return f"scan-failed:{self.shown.chat}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Every order of a card has ended: one message, which may ring. ``filled`` are the
    shares of them all, ``whole`` is whether each was filled whole, ``states`` how each
    ended. Another end is told again: a fill that was learned late, an order that was made
    larger, or one that lived after its end. News of early versions does not say it."""

    proposal_id: ProposalId
    filled: int | None = None
    whole: bool = False
    states: tuple[OrderState, ...] = ()

    @property
    def key(self) -> str:
        filled = (f"{self.filled}",) if self.filled else ()
        how = ("whole",) if self.whole else self.states
        return ":".join(("settled", self.proposal_id, *filled, *how))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """What the owner approved was not sent, and the card *proposal_id* asks again;
    ``reason`` says why. It rings, because an owner who has put the phone away would
    believe that the order was placed."""

    proposal_id: ProposalId
    reason: str

    @property
    def key(self) -> str:
        return f"asked-again:{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """It is not known whether an order exists: ask the owner and give the facts. It is the
    doubt of that ``number`` about the order."""

    ref: OrderRef
    position_now: Decimal | None
    number: int = 1

    @property
    def key(self) -> str:
        return f"doubt:{self.ref}" + (f":{self.number}" if self.number > 1 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """IB lists an order that the journal has as ended, or does not know (R16, R17), since
    ``at`` (UTC); ``old_copy`` as in Halt."""

    ref: str
    text: str
    old_copy: bool = False
    at: datetime | None = None

    @property
    def key(self) -> str:
        return f"ghost:{self.ref}" + (f":{self.at.isoformat()}" if self.at else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """Another tool's order whose ref begins like ours (R17): it is left alone."""

    ref: str
    text: str

    @property
    def key(self) -> str:
        return f"look-alike:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFellBack:
    """IB's next order id went back: the gateway was reset. ``at`` is UTC."""

    at: datetime
    next_id: int

    @property
    def key(self) -> str:
        return f"count-fell-back:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherName:
    """An order of ours was sent under another login, gateway or client id than the
    session's (R18); ``text`` says which. Nothing can be concluded about it."""

    ref: OrderRef
    text: str

    @property
    def key(self) -> str:
        return f"other-name:{self.ref}:{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLost:
    """No order could be sent for a while: ``state`` says how far the line reaches. If it
    is up, IB's listings do not come whole. ``since`` is UTC."""

    since: datetime
    reason: str
    state: LineState = LineState.DOWN

    @property
    def key(self) -> str:
        return f"line-lost:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBack:
    """The line to IB is back, and the orders have been compared."""

    since: datetime
    at: datetime

    @property
    def key(self) -> str:
        return f"line-back:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingHalted:
    """Nothing is sent any more until /resume; ``old_copy`` as in Halt."""

    at: datetime
    reason: str
    old_copy: bool = False

    @property
    def key(self) -> str:
        return f"halted:{self.at.isoformat()}:{self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToSell:
    """The account holds nothing that the /panic of ``at`` (UTC) could sell; ``stays``
    says what else it holds, and is empty if it holds nothing."""

    at: datetime
    stays: str = ""

    @property
    def key(self) -> str:
        return f"nothing-to-sell:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The previous run ended badly; *why* says how, None if it could not be recorded
    (the process was killed, or the power failed). *since* is when that was: several
    starts that end again for the same reason are told as one. None in old journals."""

    at: datetime
    why: str | None
    since: datetime | None = None

    @property
    def key(self) -> str:
        return f"restarted:{(self.since or self.at).isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReady:
    """The morning report; it replaces its placeholder."""

    shown: Shown
    report: MorningReport

    @property
    def key(self) -> str:
        return f"report:{self.report.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMissed:
    """No report could be made for a session; says why."""

    day: date
    reason: str

    @property
    def key(self) -> str:
        return report_missed_key(self.day)


def report_missed_key(day: date) -> str:
    """The key of the news that the report of *day* was missed."""
    return f"report-missed:{day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedToday:
    """A weekday without a session: one line with the time of the next report (UTC).

    ``closes_early`` is the next session's close (UTC) if it is early.
    """

    day: date
    next_report: datetime | None
    closes_early: datetime | None

    @property
    def key(self) -> str:
        return f"closed:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChanged:
    """A person was added, removed or given other rights, ``by`` an owner. ``rights`` is
    None for a person who was removed. It is sent to all owners."""

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
    | Enlarged
    | ChangedAtIb
    | CancelUnconfirmed
    | PartFilled
    | SplitSeen
    | AskedAgain
    | ExitDone
    | ExitPartFilled
    | ExitClosed
    | ExitsLate
    | HoldingGone
    | TimedExitMissed
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
"""News that is redrawn in its message whenever it is written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """News waiting to be sent. ``edition`` grows with every redraw asked for;
    ``message`` is the id of its chat message once it was sent."""

    news: News
    edition: int
    message: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSend:
    """The last message handed to the chat. ``after`` is the newest message id known
    before it (None: none), ``body`` its content in the chat's own format; ``message``
    is its id, None while it is not known whether it arrived."""

    key: str
    after: int | None
    body: str
    message: int | None = None
