"""The morning report."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bot.views import portfolio, words
from bot.views.scores import in_words
from core.model.report import MorningReport, PickOutcome, Scorecard
from core.rules.figures import percent
from core.rules.new_york import local


_NOON: Final = 12
_OLD: Final = timedelta(minutes=4)
"""IB renews the account's figures every three minutes."""


def report(report: MorningReport) -> str:
    """The account, what it holds, what is working, and how the last picks did."""
    return words.paragraphs(
        _head(report),
        words.lines(_holdings(report), _open_orders(report)),
        words.lines(_last_picks(report.last_picks), in_words.line(report.score)),
        _gaps(report.gaps),
    )


def _head(report: MorningReport) -> str:
    session = report.session
    day = words.long_day(session.day)
    state = "opened" if report.at >= session.opens else "opens"
    at = session.opens
    if report.at >= session.closes:
        state, at = "closed", session.closes
    early = (
        f" · closes early {words.moment(session.closes)}"
        if report.early_close and report.at < session.closes
        else ""
    )
    morning = local(report.at).hour < _NOON
    return words.lines(
        f"<b>{'Good morning' if morning else 'Report'}</b>{_answer(report)}",
        f"{day} · market {state} {words.moment(at)}{early}",
        _away(report),
        _account(report),
    )


def _answer(report: MorningReport) -> str:
    """What the lock screen shows: the account's value, and what it did; that IB
    cannot be reached."""
    if report.away is not None:
        return " · IB cannot be reached"
    worth = report.account.net_liquidation if report.account else None
    if worth is None:
        return " · the account's value is not known"
    return f" · {words.dollars(worth)} {_move(report.overnight, worth)}".rstrip()


def _away(report: MorningReport) -> str:
    """That IB cannot be reached, and of when all that follows is."""
    if report.away is None:
        return ""
    dated = (
        f"Figures, holdings and prices below are of {words.day_time(report.account.at)}"
        if report.account
        else "Nothing of the account is known"
    )
    return words.lines(
        f"<b>IB cannot be reached</b>: {words.sentence(report.away)}", f"{dated}."
    )


def _account(report: MorningReport) -> str:
    account = report.account
    mode = words.bold(words.mode_word(report.mode))
    if account is None:
        return mode
    worth = account.net_liquidation
    return words.lines(
        f"{mode} · {words.safe(account.account)}",
        _overnight(report.overnight, worth),
        f"funds free {words.dollars(account.available_funds)}",
        f"as of {words.moment(account.at)}" if report.at - account.at > _OLD else "",
    )


def _overnight(change: Decimal | None, worth: Decimal | None) -> str:
    if not _move(change, worth):
        return ""
    return f"{words.signed(change)} since the last report"


def _move(change: Decimal | None, worth: Decimal | None) -> str:
    if change is None or worth is None or worth == change:
        return ""
    return words.arrow(percent.moved(worth - change, worth)).strip()


def _gaps(gaps: Sequence[str]) -> str:
    """The parts that are missing, and that this was not overlooked."""
    return f"! Could not be read: {words.safe(', '.join(gaps))}." if gaps else ""


def _holdings(report: MorningReport) -> str:
    if report.positions is None:
        return ""
    if not report.positions:
        return "Holdings: none"
    return portfolio.holdings(report.positions)


def _open_orders(report: MorningReport) -> str:
    if report.open_orders is None:
        return ""
    if not report.open_orders:
        return "Open orders: none"
    return portfolio.open_orders(report.open_orders)


def _last_picks(scorecard: Scorecard | None) -> str:
    if scorecard is None or not scorecard.outcomes:
        return ""
    head = f"Last picks, {words.long_day(scorecard.outcomes[0].day)}"
    rows = [words.row(("", "shown", "now", "since"), _PICK_COLUMNS)]
    rows += [row for outcome in scorecard.outcomes for row in _outcome(outcome)]
    return f"{head}\n{words.pre(rows)}"


def _outcome(outcome: PickOutcome) -> Iterator[str]:
    yield words.row(
        (
            outcome.instrument.symbol,
            words.price(outcome.shown_at),
            words.price(outcome.now),
            words.arrow(outcome.percent),
        ),
        _PICK_COLUMNS,
    )
    why = " and ".join(pick.value for pick in outcome.picks)
    bought = outcome.order.filled if outcome.order else 0
    yield f"  {why}, {f'bought {bought:,}' if bought else 'not bought'}".rstrip()


_PICK_COLUMNS: Final = (
    words.Column(width=7, right=False),
    words.Column(width=9),
    words.Column(width=9),
    words.Column(width=9),
)
