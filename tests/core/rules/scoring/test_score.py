"""From recordings to gains after costs, and to the score of the newest series."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from core.model.market import Side, Snapshot
from core.model.money import Shares
from core.model.order import Order
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.model.scoring.score import PRIMARY, Conclusion, Score
from core.rules.scoring.outcomes import (
    Outcome,
    ScoredScan,
    fill_moves,
    outcomes,
    unpriced,
)
from core.rules.scoring.score import score
from tests.builders import (
    FDMX,
    MONDAY,
    NOW,
    QRVX,
    a_fill,
    a_quote,
    an_order,
    money,
    price,
)


def a_recording(day: date = MONDAY, **named: Any) -> Recording:
    """Two rows: QRVX, picked, at an ask of 5.00, and FDMX at 20.00."""
    asks = ((QRVX, "5.00"), (FDMX, "20.00"))
    recording = Recording(
        proposal_id=ProposalId(f"card-{day}"),
        session_day=day,
        at=NOW,
        series="12345678",
        settings="50 rows",
        shares=Shares(100),
        rows=tuple(
            Snapshot(rank=rank, instrument=stock, quote=a_quote(ask=price(ask)))
            for rank, (stock, ask) in enumerate(asks, start=1)
        ),
        picked=(QRVX.con_id,),
    )
    return replace(recording, **named)


def became(
    *prices: str | None,
    recording: Recording,
    horizon: Horizon = Horizon.CLOSE,
    spy: tuple[str, str] | None = ("600", "600"),
    factor: Decimal = Decimal(1),
) -> Followed:
    return Followed(
        proposal_id=recording.proposal_id,
        horizon=horizon,
        until=NOW,
        spy_from=price(spy[0]) if spy else None,
        spy_to=price(spy[1]) if spy else None,
        rows=tuple(
            FollowedRow(
                con_id=row.instrument.con_id,
                price=price(each) if each else None,
                factor=factor,
                problem=None if each else "no bid in that time",
            )
            for row, each in zip(recording.rows, prices, strict=True)
        ),
    )


def a_scored_scan(
    *prices: str | None,
    day: date = MONDAY,
    orders: tuple[Order, ...] = (),
    spy: tuple[str, str] | None = ("600", "600"),
    factor: Decimal = Decimal(1),
    **named: Any,
) -> ScoredScan:
    recording = a_recording(day, **named)
    followed = became(*prices, recording=recording, spy=spy, factor=factor)
    return ScoredScan(recording=recording, followed=(followed,), orders=orders)


def gains(scored_scan: ScoredScan) -> list[float]:
    return [each.gain for each in outcomes(scored_scan)]


def scored(*scored_scans: ScoredScan) -> Score:
    found = score(scored_scans, choices=Random(1).choices)
    assert found is not None
    return found


def test_one_buys_at_the_ask_sells_at_the_bid_and_pays_both_fees() -> None:
    """100 at 5.00 is $500, sold at 5.50 for $550; each order costs a dollar. Of the sale
    the SEC takes $20.60 in a million, and FINRA $0.000195 a share."""
    first = 550 * 20.60e-6 + 100 * 0.000195
    second = 2000 * 20.60e-6 + 100 * 0.000195
    assert gains(a_scored_scan("5.50", "20.00")) == pytest.approx(
        [(550 - 500 - 2 - first) / 500 * 100, (-2 - second) / 2000 * 100]
    )


PASSED_ON = 0.011
"""Percent: the fees that are passed on of a sale are less than this in what follows."""


def test_what_was_bought_counts_from_its_fills_and_its_fees() -> None:
    fills = (
        a_fill(shares=Shares(60), price=price("5.10"), commission=money("0.70")),
        a_fill(
            exec_id="b.01",
            shares=Shares(40),
            price=price("5.20"),
            commission=money("1"),
        ),
    )
    order = an_order(instrument=QRVX, side=Side.BUY, fills=fills)
    picked, _ = outcomes(a_scored_scan("5.50", "20.00", orders=(order,)))
    paid = Decimal("5.10") * 60 + Decimal("5.20") * 40
    assert picked.bought
    expected = (Decimal(550) - paid - Decimal("1.70") - 1) / paid * 100
    assert picked.gain == pytest.approx(float(expected), abs=PASSED_ON)


def test_a_sale_of_a_card_is_no_purchase() -> None:
    order = an_order(instrument=QRVX, side=Side.SELL, fills=(a_fill(),))
    assert not any(
        each.bought for each in outcomes(a_scored_scan("5.5", "20", orders=(order,)))
    )


def test_after_a_split_there_are_more_shares() -> None:
    """2 for 1: the price that was 5.00 is 2.50 now, and 100 shares are 200."""
    halved = a_scored_scan("2.75", "10.00", factor=Decimal(1) / 2)
    gain = (550 - 500 - 2) / 500 * 100
    assert gains(halved)[0] == pytest.approx(gain, abs=PASSED_ON)


def test_spy_counts_over_the_same_time() -> None:
    (first, _) = outcomes(a_scored_scan("5.50", "20.00", spy=("600", "606")))
    assert first.spy == pytest.approx(1)


def test_what_has_no_price_is_named_and_not_counted() -> None:
    scored_scan = a_scored_scan(None, "20.00")
    assert [each.con_id for each in outcomes(scored_scan)] == [FDMX.con_id]
    assert unpriced([scored_scan, scored_scan]) == (("no bid in that time", 2),)


def test_without_spy_nothing_is_measured_and_that_is_named() -> None:
    scored_scan = a_scored_scan("5.50", "20.00", spy=None)
    assert gains(scored_scan) == []
    assert unpriced([scored_scan]) == (("no price of SPY", 1),)


def test_a_row_without_an_ask_counts_from_its_last_price() -> None:
    bare = tuple(
        replace(row, quote=a_quote(ask=None, last=price("5.00")))
        for row in a_recording().rows
    )
    (first, *_) = gains(a_scored_scan("5.50", "5.50", rows=bare))
    assert first == pytest.approx(48 / 500 * 100, abs=PASSED_ON)


def test_slippage_is_the_fill_against_the_cards_ask() -> None:
    fill = a_fill(shares=Shares(100), price=price("5.05"))
    order = an_order(instrument=QRVX, fills=(fill,))
    assert [*fill_moves(a_scored_scan("5", "20", orders=(order,)))] == [
        pytest.approx(1)
    ]
    assert [*fill_moves(a_scored_scan("5", "20"))] == []


def test_without_a_recording_there_is_no_score() -> None:
    assert score((), choices=Random(1).choices) is None


def test_only_the_newest_series_is_scored_and_the_others_are_counted() -> None:
    found = scored(
        a_scored_scan("9.00", "20.00", series="old"),
        a_scored_scan("5.00", "20.00", day=MONDAY + timedelta(days=1)),
        a_scored_scan("5.00", "20.00", day=MONDAY + timedelta(days=2)),
    )
    assert (found.series, found.other_series) == ("12345678", 1)
    assert found.results[0].days == 2
    assert [figure.day.day for figure in found.days] == [24, 25]


def test_the_primary_measure_comes_first_and_says_nothing_yet() -> None:
    found = scored(a_scored_scan("5.50", "20.00", spy=("600", "606")))
    assert found.results[0].measure == PRIMARY
    assert found.results[0].mean == pytest.approx(9.6 - 1, abs=PASSED_ON)
    assert found.results[0].verdict is Conclusion.TOO_EARLY


def test_bought_is_measured_apart() -> None:
    order = an_order(instrument=QRVX, fills=(a_fill(shares=Shares(100)),))
    found = scored(
        a_scored_scan("5.00", "20.00", orders=(order,)),
        a_scored_scan("5.00", "20.00", day=MONDAY + timedelta(days=1)),
    )
    assert found.bought is not None
    assert (found.bought.days, found.results[0].days) == (1, 2)
    assert scored(a_scored_scan("5.00", "20.00")).bought is None


def test_what_was_not_bought_is_measured_apart_too() -> None:
    order = an_order(instrument=QRVX, fills=(a_fill(shares=Shares(100)),))
    found = scored(
        a_scored_scan("5.00", "20.00", orders=(order,)),
        a_scored_scan("6.00", "20.00", day=MONDAY + timedelta(days=1)),
    )
    assert found.not_bought is not None
    assert found.not_bought.days == 1
    assert found.not_bought.mean == pytest.approx(20 - 0.4, abs=PASSED_ON)
    assert scored(a_scored_scan("5.00", "20.00", orders=(order,))).not_bought is None


def test_the_fees_that_ib_charged_are_measured() -> None:
    """A dollar and a half on $480; an order whose fee is not told yet is left out."""
    told = a_fill(shares=Shares(100), price=price("4.80"), commission=money("1.50"))
    untold = replace(told, exec_id="2.01", commission=None)
    days = [
        a_scored_scan(
            *("5.00", "20.00"),
            day=MONDAY + timedelta(days=number),
            orders=(an_order(instrument=QRVX, fills=fills),),
        )
        for number, fills in enumerate([(told,), (told, untold)])
    ]
    assert scored(*days).fees == pytest.approx(1.5 / 480 * 100)
    assert scored(a_scored_scan("5.00", "20.00")).fees is None


def test_a_part_that_was_taken_back_costs_no_fee() -> None:
    """A bust leaves a fill of no shares, with the fee of before: /pnl left it out, and
    the score counted it."""
    stays = a_fill(shares=Shares(100), price=price("5.00"), commission=money("1.00"))
    fees = (money("1.00"), None)
    busted = [
        replace(stays, exec_id="2.02", shares=Shares(0), commission=fee) for fee in fees
    ]
    alone, *others = [
        a_scored_scan("5.00", "20.00", orders=(an_order(instrument=QRVX, fills=fills),))
        for fills in [(stays,), *((stays, each) for each in busted)]
    ]
    assert [gains(each) for each in others] == [gains(alone)] * 2
    assert [scored(each).fees for each in others] == [scored(alone).fees] * 2


def test_settings_that_are_set_back_go_on_with_their_series() -> None:
    series = ("12345678", "87654321", "12345678")
    found = scored(
        *(
            a_scored_scan(
                "5.00", "20.00", day=MONDAY + timedelta(days=day), series=name
            )
            for day, name in enumerate(series)
        )
    )
    assert (found.series, found.other_series) == ("12345678", 1)
    assert [figure.day.day for figure in found.days] == [23, 25]


def test_the_figures_of_a_day_are_those_of_its_cards() -> None:
    (figure,) = scored(a_scored_scan("5.50", "20.00", spy=("600", "606"))).days
    assert figure.picks == pytest.approx(9.6, abs=PASSED_ON)
    assert figure.spy == pytest.approx(1)
    assert figure.rows == pytest.approx((9.6 - 0.1) / 2, abs=PASSED_ON)


def test_an_outcome_knows_its_day_and_horizon() -> None:
    first = next(outcomes(a_scored_scan("5.50", "20.00")))
    assert first == Outcome(
        proposal_id=ProposalId(f"card-{MONDAY}"),
        day=MONDAY,
        con_id=QRVX.con_id,
        horizon=Horizon.CLOSE,
        picked=True,
        bought=False,
        gain=first.gain,
        spy=0.0,
    )
