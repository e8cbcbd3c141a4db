"""The card, as the owner reads it: before, while and after it is decided."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from textwrap import dedent
from typing import Any

import pytest

from bot.views.scans import card as views
from core.model.card import Card
from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.market import Freshness, Headline, Lending
from core.model.order import Order
from core.model.proposal import Mode, Pick, ProposalState
from core.model.ranking import Candidate, Month, Ranking
from tests.bot.views.hands import check, read
from tests.builders import (
    CLOSES,
    NOW,
    OPENS,
    a_bar,
    a_candidate,
    a_change,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_ranking,
    a_second_candidate,
    a_second_leg,
    price,
)


def drawn(
    *orders: Order, opens: bool = False, closes: datetime | None = None, **named: Any
) -> str:
    """The card without its details, as text."""
    proposal = a_proposal(**named)
    next_open = OPENS + timedelta(days=1) if opens else None
    html = views.card(
        Card(proposal=proposal, orders=orders, opens=next_open, closes=closes),
        scan_code="TOP_PERC_GAIN",
    )
    check(html)
    return read(html.partition("<blockquote")[0]).strip()


def expected(text: str) -> str:
    return dedent(text).strip()


# offered


def test_an_offer_of_two() -> None:
    assert drawn() == expected(
        """
        QRVX +14.8% · FDMX +3.10

        Top gainers · 09:41:07 ET · live
        SANDBOX · DU1234567

                         since the open of
                     last   today   20 Nov
        🟢►QRVX      4.82 ▲+14.8%  ▲+29.6%
        🟢►FDMX     26.59 ▲+13.2%  ▲+15.9%
        QRVX largest gain in %: +14.8%
        spread 0.4%
        FDMX largest gain in $: +3.10
        spread 0.2%

        Yes buys 100 QRVX and 100 FDMX
        market order, good till cancelled
        no exits: nothing is sold by itself
        about $3,144 + $2 fees
        3.1% of account · funds free $97,400
        offer ends 09:51 ET · 10 min after the card
        """
    )


def test_the_details_hold_both_days_the_spread_and_the_volume() -> None:
    html = views.card(
        Card(proposal=a_proposal(), orders=(), opens=None), scan_code="TOP_PERC_GAIN"
    )

    assert "<blockquote expandable>" in html
    assert expected(
        """
        Quotes of 09:41:07 ET, ranked by IB
        Days: open high low close · volume
        QRVX bid 4.81 ask 4.83 · spread 0.4%
        +0.62 (+14.8%) since today's open
        +1.10 (+29.6%) since Fri's open
        Mon 4.20 4.90 4.10 4.82 · 1.3M
        Fri 3.72 3.95 3.65 3.90 · 1.3M
        """
    ) in read(html)


def test_one_stock_that_leads_both_ways_is_one_order() -> None:
    text = drawn(legs=(a_leg(picks=(Pick.DOLLARS, Pick.PERCENT)),))

    assert "QRVX leads in $ and in %:\n+0.62, +14.8% · one order, 100 shares\n" in text
    assert "Yes buys 100 QRVX\n" in text


def test_nobody_up_is_said_in_words() -> None:
    down = a_candidate(since_open=a_change("-0.10", "-2.3"))
    text = drawn(
        legs=(),
        state=ProposalState.DRAFT,
        ranking=a_ranking(candidates=(down,)),
    )

    assert text.endswith("None of the top five is above today's open.")
    assert text.count("No offer") == 1  # the first line
    assert "🔴 QRVX      4.82  ▼−2.3%  ▲+29.6%" in text  # noqa: RUF001  a real minus


def test_a_stock_that_cannot_be_picked_says_why() -> None:
    flawed = a_second_candidate(
        since_open=None, since_prior_open=None, flaw="no bar of today's session"
    )
    text = drawn(ranking=a_ranking(candidates=(a_candidate(), flawed)))

    assert "⚪►FDMX     26.59       –        –\n   ! no bar of today's session" in text  # noqa: RUF001  the dash that is shown


def test_nothing_that_can_be_picked_is_no_offer() -> None:
    unknown = a_candidate(since_open=None)
    text = drawn(
        legs=(),
        state=ProposalState.DRAFT,
        ranking=a_ranking(candidates=(unknown,)),
    )

    assert text.endswith("None of the five can be picked.")


def test_a_closed_market_is_said_before_the_tap() -> None:
    assert "The market opens Tue 24 Nov 09:30 ET: Yes asks once more." in drawn(
        opens=True
    )


def test_a_price_that_moved_stands_at_the_head() -> None:
    text = drawn(note="FDMX is at 27.40 now, +3.0% since the card")

    assert text.startswith("FDMX is at 27.40 now, +3.0% since the card.\n\n")


def test_a_lead_that_was_lost_since_is_not_claimed() -> None:
    ahead = a_second_candidate(since_open=a_change("3.10", "19.00"))
    text = drawn(ranking=a_ranking(candidates=(a_candidate(), ahead)))

    assert "\nQRVX was largest gain in %: +14.8%\n" in text
    assert "\nFDMX largest gain in $: +3.10\n" in text


@pytest.mark.parametrize("freshness", list(Freshness))
def test_how_fresh_the_data_is_stands_beside_the_scan_s_time(
    freshness: Freshness,
) -> None:
    text = drawn(ranking=a_ranking(freshness=freshness))

    assert f"09:41:07 ET · {freshness}\n" in text


def test_the_first_line_names_the_picks_for_the_lock_screen() -> None:
    assert drawn().splitlines()[0] == "QRVX +14.8% · FDMX +3.10"
    assert drawn(legs=()).splitlines()[0] == "No offer"


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("state", list(ProposalState))
def test_whose_money_moves_stands_on_every_card(
    mode: Mode, state: ProposalState
) -> None:
    assert mode.name in drawn(mode=mode, state=state)
    assert mode.name in drawn(mode=mode, state=state, queue_for=OPENS)


@pytest.mark.attack(5)
def test_right_before_a_close_the_question_says_that_either_may_happen() -> None:
    text = drawn(queue_for=OPENS + timedelta(days=1), closes=CLOSES)

    assert (
        "The market closes at 16:00 ET. Nothing is sent yet: a market order sent now is"
        " filled right before that, or it waits for the open Tue 24 Nov 09:30 ET, at"
        " whatever price that brings. Queue it?"
    ) in text


@pytest.mark.attack(5)
def test_right_before_a_close_the_card_says_that_yes_asks_once_more() -> None:
    assert "The market closes at 16:00 ET: Yes asks once more." in drawn(closes=CLOSES)


def test_the_question_whether_to_queue() -> None:
    assert drawn(queue_for=OPENS + timedelta(days=1)) == expected(
        """
        Queue: BUY 100 QRVX and 100 FDMX?
        SANDBOX · DU1234567

        The market opens Tue 24 Nov 09:30 ET. A market order sent now waits for that open, at whatever price it brings. Queue it?

        about $3,144 + $2 fees · 3.1% of account
        offer ends 09:51 ET · 10 min after the card
        """
    )


def test_exits_of_what_waits_for_an_open_need_the_bot_at_that_open() -> None:
    plan = ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT))
    leg = replace(a_leg(), exits=plan)

    text = drawn(legs=(leg,), queue_for=OPENS + timedelta(days=1))

    assert "exits: stop 5%" in text
    assert "keep it running" in text
    assert "keep it running" not in drawn(legs=(leg,))


def test_fees_are_at_least_a_dollar_and_at_most_one_percent() -> None:
    cheap = a_leg(reference=price("0.50"), ask=price("0.50"))
    many = a_second_leg(shares=1000)

    assert "+ $5.50 fees" in drawn(legs=(cheap, many))


def test_an_account_without_figures_is_no_obstacle() -> None:
    text = drawn(funds=None, net_liquidation=None)

    assert "about $3,144 + $2 fees\noffer ends" in text


# ended without an order


@pytest.mark.parametrize(
    ("state", "by", "first"),
    [
        (
            ProposalState.DECLINED,
            "Sam",
            "No, said Sam · 09:41:07 ET. Nothing was bought.",
        ),
        (
            ProposalState.EXPIRED,
            "time",
            "Offer ended 09:51 ET. Nothing was bought. /scan for a new one.",
        ),
        (
            ProposalState.SUPERSEDED,
            "a newer card",
            "No longer open (a newer card) · 09:41:07 ET. Nothing was bought.",
        ),
    ],
)
def test_a_card_that_ended_keeps_its_figures_and_says_how(
    state: ProposalState, by: str, first: str
) -> None:
    text = drawn(state=state, decided_by=by, decided_at=NOW)

    assert text.splitlines()[0] == first
    assert "🟢►QRVX      4.82 ▲+14.8%" in text
    assert "Yes buys" not in text
    assert text.endswith(
        "Offered: BUY 100 QRVX and 100 FDMX, about $3,144 + $2 fees · 3.1% of account"
    )


def test_five_stocks_fit() -> None:
    five: tuple[Candidate, ...] = tuple(
        replace(a_candidate(), rank=rank) for rank in range(1, 6)
    )

    assert drawn(ranking=a_ranking(candidates=five)).count("▲+14.8%") == 5


def test_a_new_card_on_which_no_pick_is_a_gain_offers_nothing() -> None:
    text = drawn(state=ProposalState.DRAFT, legs=(), note="FDMX is at 20.00 now")

    assert "No pick is above today's open any more. No offer." in text


# what stands beside the price

MONTH = Month(
    atr=Decimal("0.3166"),
    high=price("4.95"),
    low=price("3.10"),
    usual_volume=Decimal(200_000),
    gap=Decimal("7.69"),
    short_restricted=True,
)


def with_facts(**named: Any) -> Ranking:
    quote = a_quote(ask_size=300, vwap=price("4.7512"), lending=Lending.HARD, **named)
    return a_ranking(candidates=(a_candidate(month=MONTH, quote=quote),))


def whole(ranking: Ranking, **named: Any) -> str:
    proposal = a_proposal(ranking=ranking, legs=(a_leg(),))
    shown = Card(proposal=proposal, orders=(), opens=None, **named)
    html = views.card(shown, scan_code="TOP_PERC_GAIN")
    check(html)
    return read(html)


def test_three_facts_stand_in_the_open_and_what_is_held() -> None:
    text = whole(with_facts(), held=(a_position(shares=Decimal(40)),))

    assert (
        expected(
            """
        QRVX largest gain in %: +14.8%
        spread 0.4% · volume 6.3 usual days
        gap +7.7% · you hold 40
        """
        )
        in text
    )


def test_the_other_facts_stand_in_the_details() -> None:
    assert expected(
        """
        VWAP 4.75 · ATR 0.32 · gap +7.7%
        20 days before: 3.10 to 4.95
        volume 6.3 usual days · 300 at the ask
        hard to borrow · short sales restricted
        """
    ) in whole(with_facts())


def test_what_is_not_known_is_left_out() -> None:
    text = whole(a_ranking(candidates=(a_candidate(quote=None, today=None),)))

    for word in ("spread", "usual", "gap", "VWAP", "ATR", "20 days", "hold", "borrow"):
        assert word not in text
    assert "0 at the ask" not in text


def test_a_red_flag_is_a_word() -> None:
    text = whole(with_facts(bid=price("4.68")))

    assert "! spread 3.1%: a market order pays it twice\n" in text
    assert "usual days" in text


def test_a_thin_book_and_a_thin_day_are_said() -> None:
    thin = a_candidate(quote=a_quote(ask_size=40), today=a_bar(volume=5_000))
    text = whole(a_ranking(candidates=(thin,)))

    assert "! 40 shares at the ask: the rest pays more\n" in text
    assert "! 100 are 2.0% of today's volume\n" in text


def test_a_headline_of_the_last_day_stands_in_the_details() -> None:
    told = tuple(
        Headline(at=NOW, provider="SIM", text=text)
        for text in ("QRVX <wins> a contract", "Before that")
    )
    text = whole(a_ranking(candidates=(a_candidate(headlines=told),)))

    assert "“QRVX <wins> a contract” · SIM, 1 more" in text
    assert "“" not in whole(a_ranking())


def test_a_company_s_name_that_came_stands_in_the_details() -> None:
    """Of a pick whose price steps were asked for; "<" is no tag."""
    named = a_leg(company="QUARTZ <RIVER> VENTURES INC OF NEVADA")
    html = views.card(
        Card(proposal=a_proposal(legs=(named,)), orders=(), opens=None),
        scan_code="TOP_PERC_GAIN",
    )
    check(html)

    assert "QUARTZ" not in html.partition("<blockquote")[0]
    assert "QUARTZ <RIVER> VENTURES INC OF NE…\n" in read(html)
