"""Whatever the core says, the message parses, fits, and wraps nowhere on a phone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings, strategies as st
from telegram import InlineKeyboardMarkup
from telegram.constants import MessageLimit

from bot.callback_data import Open, parse
from bot.handlers.looks.table import table_page
from bot.views import (
    account,
    announcements,
    audit,
    noise,
    people,
    portfolio,
    report,
    status,
    system,
    trouble,
)
from bot.views.orders import overview
from bot.views.scans import card, scanning, stock, table
from core.model.audit import AuditTrail, Logged
from core.model.card import Card
from core.model.identity import Person, Rights
from core.model.market import ConId, Instrument
from core.model.news import PeopleChanged
from core.model.order import Order
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Decision, Mode, Proposal, ProposalState, Verdict
from core.model.ranking import Ranking
from core.model.report import MorningReport
from core.model.status import ScanProgress
from core.rules.figures import facts
from core.rules.figures.table_order import SortBy
from tests.bot.values import a_status
from tests.bot.views import strategies as any_
from tests.bot.views.hands import check, monospace_rows, read
from tests.builders import NOW, a_leg, a_proposal


whatever = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@whatever
@given(any_.cards, any_.names)
def test_any_card(shown: Card, code: str) -> None:
    check(card.card(shown, scan_code=code))


@whatever
@given(any_.cards)
def test_any_card_says_no_more_than_it_holds(shown: Card) -> None:
    proposal, text = shown.proposal, read(card.card(shown, scan_code="X"))
    is_offer = proposal.state is ProposalState.OFFERED and not proposal.queue_for
    held = {p.instrument.con_id for p in shown.held if p.shares}

    assert ("Yes buys" in text) <= (is_offer and not shown.refused)
    assert ("you hold" in text) <= any(
        leg.instrument.con_id in held for leg in proposal.legs
    )
    assert ("usual days" in text) <= any(
        facts.relative_volume(each) for each in proposal.ranking.candidates
    )
    for nothing in ("spread 0.0%: ", "you hold 0\n", " 0 at the ask", "volume 0.0 "):
        assert nothing not in text


@whatever
@given(any_.proposals.filter(lambda each: each.ranking.rows))
def test_the_picks_are_marked_and_nobody_else(offered: Proposal) -> None:
    offered = replace(offered, state=ProposalState.OFFERED, queue_for=None)
    shown = card.card(Card(proposal=offered, orders=(), opens=None), scan_code="X")
    picked = {leg.instrument.con_id for leg in offered.legs}
    stocks = [row for row in monospace_rows(shown) if row[0] in "🟢🔴⚪"]

    assert [row[1] == "►" for row in stocks] == [
        each.instrument.con_id in picked for each in offered.ranking.candidates
    ]


@whatever
@given(any_.rankings, st.sampled_from(SortBy))
def test_any_table_has_every_row_on_one_page_with_a_button(
    ranking: Ranking, by: SortBy
) -> None:
    opened: list[int] = []
    told: list[str] = []
    for page in range(table.pages(ranking)):
        shown = table_page(a_proposal(ranking=ranking), by=by, page=page)
        check(shown.text)
        told += monospace_rows(shown.text)
        opened += stocks_of(shown.keyboard)

    assert sorted(opened) == sorted(row.instrument.con_id for row in ranking.rows)
    assert sum(row[:2].strip().isdigit() for row in told) >= len(ranking.rows)


def stocks_of(keyboard: InlineKeyboardMarkup | None) -> list[int]:
    """Which stocks its buttons open."""
    rows = keyboard.inline_keyboard if keyboard else ()
    assert all(len(row) <= 3 for row in rows)
    pressed = [parse(str(b.callback_data)) for row in rows for b in row]
    return [press.con_id for press in pressed if isinstance(press, Open)]


@whatever
@given(any_.rankings)
def test_any_stock_of_a_table(ranking: Ranking) -> None:
    for row in ranking.rows:
        check(stock.stock(ranking, row.instrument.con_id))


@whatever
@given(any_.reports)
def test_any_report(morning: MorningReport) -> None:
    check(report.report(morning))


@whatever
@given(
    any_.some(any_.orders, 30),
    any_.some(any_.open_orders, 40),
    any_.maybe(any_.reasons),
)
def test_any_orders(
    ours: Sequence[Order], listed: Sequence[OpenOrder], missing: str | None
) -> None:
    check(overview.orders(ours, listed, mode=Mode.LIVE, missing=missing, at=NOW))
    check(overview.cancellable(ours, mode=Mode.LIVE))


@whatever
@given(any_.some(any_.positions, 60))
def test_any_positions(held: Sequence[Position]) -> None:
    check(portfolio.positions(held, mode=Mode.LIVE))


@whatever
@given(any_.accounts)
def test_any_account(figures: AccountSummary) -> None:
    check(account.account(figures, mode=Mode.LIVE))


@whatever
@given(any_.maybe(any_.reasons), any_.some(any_.reasons, 12), any_.some(any_.orders, 5))
def test_any_status(
    halted: str | None, blocks: tuple[str, ...], in_doubt: tuple[Order, ...]
) -> None:
    stands = a_status(halted=halted, blocks=blocks, in_doubt=in_doubt)

    check(status.status(stands, sockets=2))
    check(status.resumed(stands))


@whatever
@given(any_.progresses)
def test_any_progress(progress: ScanProgress) -> None:
    check(scanning.scanning(progress))


@whatever
@given(any_.cards)
def test_any_end_of_a_card(shown: Card) -> None:
    check(announcements.settled(shown))


@whatever
@given(any_.orders, st.none() | st.decimals(-(10**7), 10**7, places=4))
def test_any_doubt(order: Order, position: Decimal | None) -> None:
    check(trouble.in_doubt(order, position_now=position))


@whatever
@given(any_.some(any_.reasons, 40), any_.moments, st.sampled_from(["INFO", "ERROR"]))
def test_any_log(texts: Sequence[str], at: datetime, level: str) -> None:
    lines = [Logged(at=at, level=level, text=text) for text in texts]

    check(system.log(lines, bad_only=False))
    check(system.log(lines, bad_only=True))


@whatever
@given(any_.some(any_.cards, 40))
def test_anything_that_was_held(shown: Sequence[Card]) -> None:
    if texts := [announcements.settled(each) for each in shown]:
        check(noise.held(texts))


@whatever
@given(any_.maybe(any_.moments), any_.maybe(st.just("22:00-07:00")))
def test_any_noise(muted: datetime | None, quiet: str | None) -> None:
    check(noise.noise({"fills": "loud"}, quiet=quiet, muted_until=muted))
    check(noise.muted(muted))


@whatever
@given(
    st.lists(st.integers(1, 10**15), max_size=20, unique=True),
    st.sampled_from(Rights),
    any_.names,
)
def test_any_people(numbers: list[int], rights: Rights, by: str) -> None:
    them = [Person(number=number, rights=rights) for number in numbers]
    check(people.listed(1001, them))
    for person in them[:1]:
        check(people.asks(person, sure=False))
        check(people.asks(person, sure=True))
        check(people.asks_to_remove(person))
        for then in (rights, None):
            news = PeopleChanged(at=NOW, number=person.number, rights=then, by=by)
            check(people.changed(news))


@whatever
@given(any_.reasons)
def test_any_reason(reason: str) -> None:
    check(trouble.scan_failed(reason))
    check(trouble.no_line(reason))


@whatever
@given(st.sampled_from(Verdict), any_.maybe(any_.proposals), any_.some(any_.reasons, 5))
def test_any_answer_to_a_tap_fits_a_toast(
    verdict: Verdict, proposal: Proposal | None, reasons: tuple[str, ...]
) -> None:
    decision = Decision(verdict=verdict, proposal=proposal, reasons=reasons)

    assert 0 < len(trouble.toast(decision)) <= 200


def test_names_from_outside_are_shown_and_never_obeyed() -> None:
    wild = Instrument(con_id=ConId(1), symbol="<b>&X")
    proposal = a_proposal(legs=(a_leg(instrument=wild),))

    shown = card.card(Card(proposal=proposal, orders=(), opens=None), scan_code="<i>")

    assert "buys 100 <b>&X" in read(shown)
    assert read(shown).splitlines()[0].startswith("<b>&X +14.8%")
    assert "\n<i> · 09:41:07 ET" in read(shown)


@whatever
@given(
    st.integers(min_value=0, max_value=10**9),
    any_.maybe(any_.moments),
    any_.maybe(any_.moments),
    any_.some(any_.reasons, 6),
)
def test_any_audit_trail(
    count: int,
    first: datetime | None,
    last: datetime | None,
    faults: Sequence[str],
) -> None:
    trail = AuditTrail(lines=count, first=first, last=last, faults=tuple(faults))
    caption = audit.caption(trail, mode=Mode.LIVE)

    check(caption)
    check(audit.too_large(caption, megabytes=51.2, most=50))
    assert len(read(caption)) <= MessageLimit.CAPTION_LENGTH
