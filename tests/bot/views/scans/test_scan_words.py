"""How fresh a scan's quotes are, and whose day its open is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.scans import card as views, scan_words, table
from core.model.card import Card
from core.model.market import Freshness
from core.model.proposal import ProposalState
from tests.bot.views.hands import check, read
from tests.builders import (
    MONDAY,
    NOW,
    QRVX,
    a_candidate,
    a_change,
    a_proposal,
    a_quote,
    a_ranking,
    a_snapshot,
)


def shown(**ranking: object) -> str:
    proposal = a_proposal(ranking=a_ranking(**ranking))
    html = views.card(
        Card(proposal=proposal, orders=(), opens=None), scan_code="TOP_PERC_GAIN"
    )
    check(html)
    return read(html)


@pytest.mark.attack(21)
@pytest.mark.parametrize("hours", [-3, 20, 5 * 24])
def test_an_earlier_sessions_open_is_called_by_its_day(hours: int) -> None:
    """Before the open, the next morning, on a holiday: whose open it is stands at the
    head, over the column, and at each pick."""
    at = NOW + timedelta(hours=hours)
    day = MONDAY if hours > 0 else MONDAY - timedelta(days=3)
    named = f"{day:%a} {day.day} {day:%b}"
    text = shown(at=at, session_day=day)

    assert f"No session has opened today: {named} is compared." in text
    assert "today's open" not in text
    assert " today\n" not in text
    assert f"+3.10\nsince the open of {named}\n" in text


@pytest.mark.attack(21)
def test_no_offer_names_the_day_too() -> None:
    down = a_candidate(since_open=a_change("-0.10", "-2.3"))
    proposal = a_proposal(
        legs=(),
        state=ProposalState.DRAFT,
        ranking=a_ranking(candidates=(down,), at=NOW + timedelta(days=1)),
    )
    html = views.card(Card(proposal=proposal, orders=(), opens=None), scan_code="X")

    assert "None of the top five is above the open of Mon 23 Nov." in read(html)


@pytest.mark.attack(21)
def test_todays_session_is_called_today() -> None:
    assert "No session has opened" not in shown()
    assert "since today's open" in shown()


@pytest.mark.attack(21)
@pytest.mark.parametrize("side", ["bid", "ask"])
def test_live_is_only_said_alone_over_rows_with_both_sides(side: str) -> None:
    one_sided = a_candidate(quote=a_quote(**{side: None}))
    both = (a_candidate(), one_sided)

    assert " ET · live\n" in shown()
    assert " ET · live, 1 of 2 without bid and ask\n" in shown(candidates=both)
    assert " ET · no bid and ask\n" in shown(candidates=(one_sided,))


@pytest.mark.attack(21)
def test_the_table_is_judged_by_its_own_rows_and_not_by_the_five() -> None:
    rows = (
        a_snapshot(),
        a_snapshot(rank=2, quote=a_quote(freshness=Freshness.DELAYED)),
    )
    text = read(table.table(a_ranking(rows=rows, freshness=Freshness.LIVE)))

    assert text.splitlines()[0].endswith("· delayed")


def test_no_rows_are_never_live() -> None:
    assert scan_words.freshness((), Freshness.LIVE) == "no bid and ask"


LEFT_OUT = tuple(
    a_snapshot(
        rank=number,
        quote=None,
        instrument=replace(QRVX, symbol=symbol),
        unfit=unfit,
    )
    for number, (symbol, unfit) in enumerate(
        (("QRVXW", "a warrant"), ("SAP", "priced in EUR"), ("", "listed twice")),
        start=1,
    )
)


@pytest.mark.attack(27)
def test_the_card_and_the_table_name_what_was_left_out_and_why() -> None:
    ranking = a_ranking(rows=(*LEFT_OUT, a_snapshot(rank=4)))
    names = "Left out: QRVXW (a warrant), SAP (priced in EUR), row 3 (listed twice)."

    assert names in shown(rows=ranking.rows)
    text = read(table.table(ranking))
    assert names in text
    assert "without a quote" not in text


@pytest.mark.attack(27)
def test_many_that_were_left_out_are_counted() -> None:
    text = scan_words.left_out(a_ranking(rows=LEFT_OUT * 4))

    assert text.endswith("SAP (priced in EUR) and 7 more.")
    assert scan_words.left_out(a_ranking(rows=(a_snapshot(),))) == ""


@pytest.mark.attack(27)
def test_a_scan_of_nothing_that_can_be_bought_says_that() -> None:
    proposal = a_proposal(
        legs=(),
        state=ProposalState.DRAFT,
        ranking=a_ranking(candidates=(), rows=LEFT_OUT),
    )
    html = views.card(Card(proposal=proposal, orders=(), opens=None), scan_code="X")
    check(html)

    assert "no stock that can be bought in dollars" in read(html)
    assert "above" not in read(html)
