"""Scans, tables, reports and status, as the owner reads them."""

from datetime import timedelta
from decimal import Decimal
from textwrap import dedent

import pytest

from bot.views import account, report, status, words
from bot.views.scans import scanning, table
from core.model.evidence import LineState
from core.model.market import Freshness
from core.model.order import OrderState
from core.model.portfolio import BaseFigures
from core.model.proposal import Mode
from core.model.status import MarketPhase, MarketState, ScanProgress
from tests.bot.values import a_report, a_status
from tests.bot.views.hands import check, read
from tests.builders import (
    CLOSES,
    NOW,
    OPENS,
    a_line,
    a_quote,
    a_ranking,
    a_sent_order,
    a_snapshot,
    an_account,
    an_open_order,
)


TUESDAY = OPENS + timedelta(days=1)


def shown(html: str) -> str:
    check(html)
    return read(html)


def expected(text: str) -> str:
    return dedent(text).strip()


# scanning


def test_a_scan_that_has_just_begun() -> None:
    begun = ScanProgress(code="TOP_PERC_GAIN", location="STK.US.MAJOR")

    assert shown(scanning.scanning(begun)) == expected(
        """
        Scanning top gainers, US majors …
        scanner   asking
        quotes
        bars
        """
    )


def test_a_scan_half_way() -> None:
    half = ScanProgress(
        code="TOP_PERC_GAIN",
        location="STK.US.MAJOR",
        rows=50,
        scanner_seconds=0.61,
        quotes=38,
        bars=3,
        bars_wanted=5,
    )

    assert shown(scanning.scanning(half)) == expected(
        """
        Scanning top gainers, US majors …
        scanner   50 rows     0.6 s
        quotes    38 / 50
        bars       3 / 5
        """
    )


def test_a_scan_that_nobody_named_is_called_by_its_code() -> None:
    assert "HIGH_OPT_IMP_VOLAT, STK.EU" in scanning.scanning(
        ScanProgress(code="HIGH_OPT_IMP_VOLAT", location="STK.EU")
    )


def test_a_wide_scan_names_all_that_it_looks_for() -> None:
    wide = ScanProgress(code="TOP_PERC_GAIN,MOST_ACTIVE", location="STK.US.MAJOR")

    assert "Scanning top gainers, most active, US majors" in scanning.scanning(wide)


def test_the_whole_table_says_who_is_not_quoted() -> None:
    rows = (
        a_snapshot(quote=a_quote(average_volume=500_000)),
        a_snapshot(rank=50, quote=None),
    )

    assert shown(table.table(a_ranking(rows=rows))) == expected(
        f"""
        All 2 · 09:41:07 ET · live, 1 of 2 without bid and ask
        1{words.DASH}2 of 2, in IB's order
                       bid     ask    last
           vs open vs close  volume  usual
         1 QRVX       4.81    4.83    4.82
           ▲+14.8%  ▲+23.6%    1.3M   2.5x
        50 QRVX          {words.DASH}       {words.DASH}       {words.DASH}
        1 of 2 without a quote
        """
    )


def test_a_figure_that_is_not_known_is_a_dash_and_never_zero() -> None:
    rows = (a_snapshot(quote=a_quote(open=None, close=None, volume=0)),)
    moves = shown(table.table(a_ranking(rows=rows))).splitlines()[-1]

    assert moves.split() == [words.DASH] * 4


def test_what_is_no_stock_says_what_it_is() -> None:
    rows = (a_snapshot(quote=None, unfit="a warrant"),)

    assert "\n   a warrant\n" in shown(table.table(a_ranking(rows=rows)))


# the report


def test_a_morning_report() -> None:
    assert shown(report.report(a_report())) == expected(
        """
        Good morning · $101,240 ▲ 1.2%
        Mon 23 Nov · market opened 09:30 ET
        PAPER · DU1234567
        +1,200.66 since the last report
        funds free $97,400

        Holdings       now     day  bought
        FDMX 100     24.02   ▲2.5%   ▲2.5%
                    $2,402     +59     +59
        Open orders: none

        Last picks, Fri 20 Nov
                   shown      now    since
        QRVX        4.82     4.58   ▼ 5.0%
          most %, not bought
        FDMX       26.59    27.25   ▲ 2.5%
          most $, not bought
        """
    )


def test_a_report_before_the_open_of_a_short_day() -> None:
    early = a_report(at=OPENS - timedelta(minutes=5), early_close=True)

    assert "opens 09:30 ET · closes early 16:00 ET" in shown(report.report(early))


def test_a_report_of_a_session_that_is_over_does_not_call_its_market_open() -> None:
    """Before the next open and at weekends the newest session is one of the past."""
    over = a_report(at=CLOSES + timedelta(hours=17), early_close=True)

    assert "Mon 23 Nov · market closed 16:00 ET\n" in shown(report.report(over))


def test_a_report_in_the_afternoon_does_not_say_good_morning() -> None:
    text = shown(report.report(a_report(at=NOW + timedelta(hours=4))))

    assert text.startswith("Report · $101,240")


def test_figures_that_are_not_of_now_say_of_when_they_are() -> None:
    late = a_report(at=NOW + timedelta(minutes=9))
    fresh = a_report(at=NOW + timedelta(minutes=2))

    assert "as of 09:41 ET" in shown(report.report(late))
    assert "as of" not in shown(report.report(fresh))


def test_a_report_names_what_it_could_not_read() -> None:
    text = shown(
        report.report(
            a_report(
                account=None,
                overnight=None,
                positions=None,
                open_orders=None,
                last_picks=None,
                gaps=("the positions", "the open orders"),
            )
        )
    )

    assert text == expected(
        """
        Good morning · the account's value is not known
        Mon 23 Nov · market opened 09:30 ET
        PAPER

        ! Could not be read: the positions, the open orders.
        """
    )


def test_a_report_lists_what_is_working() -> None:
    text = shown(report.report(a_report(open_orders=(an_open_order(),))))

    assert "Open orders\nBUY 100 QRVX    MKT GTC Submitted" in text


def test_a_report_of_an_empty_account() -> None:
    assert "Holdings: none" in shown(report.report(a_report(positions=())))


# status


def test_ready_to_trade() -> None:
    assert shown(status.status(a_status(), sockets=2)) == expected(
        """
        Ready to trade

        mode     SANDBOX DU1234567
        gateway  connected 3 h
                 answered 0 ms ago
        market   open until 16:00 ET
        orders   none in doubt
        next     report Tue 09:35 ET
        caps     $5,000 an order
                 $2,830 of $10,000 today
        Telegram 2 connections
        journal  1.2 MB, 40 kB a day
        as of 09:41:07 ET
        """
    )


@pytest.mark.attack(19)
def test_ready_while_a_yes_would_ask_to_queue_says_so() -> None:
    told = shown(status.status(a_status(waits_for=TUESDAY), sockets=2))
    again = shown(status.resumed(a_status(waits_for=TUESDAY)))

    for text in (told, again):
        assert text.startswith("Ready to queue for Tue 09:30 ET")
        assert "asks first whether the order may wait" in text
        assert "Ready to trade" not in text


def test_what_is_in_the_way_comes_first() -> None:
    stands = a_status(
        halted="by Sam",
        blocks=("trading is halted: by Sam", "the gateway is not connected"),
        line=a_line(
            state=LineState.DOWN,
            since=NOW - timedelta(minutes=4),
            answered=None,
            troubles=("the US stock data farm is down",),
        ),
        market=MarketState(phase=MarketPhase.CLOSED, session=None, next_open=TUESDAY),
        in_doubt=(a_sent_order(state=OrderState.UNKNOWN),),
        next_report=None,
        strangers=4,
    )

    assert shown(status.status(stands, sockets=2)) == expected(
        """
        Halted

        ! Trading is halted: by Sam.
        ! The gateway is not connected.

        mode     SANDBOX DU1234567
        gateway  down for 4 min
                 the US stock data farm is
                 down
        market   closed until Tue 09:30 ET
        orders   in doubt: QRVX
        next     no report planned
        caps     $5,000 an order
                 $2,830 of $10,000 for Tue
        Telegram 2 connections
        journal  1.2 MB, 40 kB a day
        ignored  4 from strangers
        as of 09:41:07 ET
        """
    )


def test_a_market_outside_the_calendar_is_not_guessed_at() -> None:
    nowhere = MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None)

    assert "outside the" in status.status(a_status(market=nowhere), sockets=2)


@pytest.mark.parametrize("freshness", [Freshness.DELAYED, Freshness.FROZEN])
def test_the_table_says_how_old_its_prices_are(freshness: Freshness) -> None:
    rows = (a_snapshot(), a_snapshot(rank=2, quote=a_quote(freshness=freshness)))
    text = shown(table.table(a_ranking(rows=rows)))

    assert text.splitlines()[0].endswith(freshness)


@pytest.mark.attack(25)
def test_an_account_in_another_currency_is_shown_in_both() -> None:
    euros = BaseFigures(
        currency="EUR",
        per_dollar=Decimal("0.8314"),
        net_liquidation=Decimal("90000.00"),
        available_funds=Decimal("8123.45"),
    )

    text = shown(account.account(an_account(base=euros), mode=Mode.PAPER))

    assert "EUR: value 90,000.00, funds free 8,123.45; $1 is 0.8314." in text
    assert "97,400" in text


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        (("4.8", "4.815"), ("4.80", "4.82")),
        (("0.995", "1.01"), ("0.9950", "1.0100")),
        ((None, "0.5"), (words.DASH, "0.5000")),
        (("1234.5", "1300"), ("1,234.50", "1,300.00")),
    ],
)
def test_prices_beside_each_other_have_the_same_decimals(
    amounts: tuple[str | None, ...], told: tuple[str, ...]
) -> None:
    known = [None if each is None else Decimal(each) for each in amounts]

    assert words.alike(*known) == told


def test_an_exact_pair_keeps_what_the_finer_one_needs() -> None:
    pair = words.alike(Decimal("4.8"), Decimal("4.815"), written=words.order_price)

    assert pair == ("4.800", "4.815")
