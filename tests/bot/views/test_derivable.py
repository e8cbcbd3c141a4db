"""No message names a figure, a day, a time or a symbol that its state does not hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from inspect import signature
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from core.model.chosen.bulletins import Summary
from core.model.chosen.setting import Setting
from core.model.scoring.score import Conclusion, Score
from core.model.scoring.trades import OpenLot, RoundTrip, Trades
from core.rules.new_york import day_of
from core.rules.scoring.results import LEAST_DAYS
from tests.bot.views.derivable import foreign
from tests.bot.views.sober import sober
from tests.bot.views.test_all_views import TYPES, arguments, called, messages


Told = Mapping[str, Any]


def _people(told: Told) -> int:
    return len(told["people"]) + 1  # and the owner of the settings


def _word_of_a_fill(told: Told) -> tuple[Decimal, int]:
    return told["shares"] * told["price"], told["order"].shares - told["shares"]


def _left_since(told: Told) -> object:
    """How many shares of an order in doubt are gone."""
    return (told["order"].position_before or 0) - (told["position_now"] or 0)


def _summary(told: Told) -> Decimal:
    said: Summary = told["said"]
    return sum((trip.profit for trip in said.trips or ()), Decimal(0))


def _score(told: Told) -> list[object]:
    score: Score | None = told["score"]
    if score is None or not score.results:
        return []
    first = score.results[0]
    share = first.hit_interval
    return [
        *(share.low * 100, share.high * 100, LEAST_DAYS, 0.05),
        Decimal(first.hits) / first.days * 100 if first.days else 0,
        sum(count for _, count in score.unpriced),
    ]


def _history(told: Told) -> list[object]:
    parts = [
        [trip for trip in pick.trips if trip.elsewhere is elsewhere]
        for pick in told["picks"]
        for elsewhere in (False, True)
    ]
    return [part for trips in parts if trips for part in _sold(trips)]


def _sold(trips: Sequence[RoundTrip]) -> tuple[Decimal, Decimal]:
    """The shares, and the average of what one brought."""
    shares = sum((trip.shares for trip in trips), Decimal(0))
    return shares, sum((trip.got for trip in trips), Decimal(0)) / shares


def _profits(told: Told) -> list[object]:
    trades: Trades = told["trades"]
    today: date = told["today"]
    since = (
        *(today, today - timedelta(days=today.weekday())),
        *(today.replace(day=1), date.min),
    )
    of_it = [[t for t in trades.trips if day_of(t.sold_at) >= day] for day in since]
    lots = trades.lots
    priced = [lot.profit for lot in lots if lot.profit is not None]
    by_hand = [
        [t for t in trades.trips if t.elsewhere and t.instrument.symbol == symbol]
        for symbol in {t.instrument.symbol for t in trades.trips if t.elsewhere}
    ]
    by_sale = [sum(of.values(), Decimal(0)) for of in map(_by_sale, of_it)]
    return [
        *(of.values() for of in map(_by_sale, of_it)),
        *(len(_by_sale(trips)) for trips in of_it),
        *(sum((t.fees for t in trips), Decimal(0)) for trips in of_it),
        *by_sale,
        sum(profit > 0 for profit in _by_sale(trades.trips).values()),
        sum((lot.paid for lot in lots), Decimal(0)),
        sum(priced, Decimal(0)),
        len({lot.instrument.con_id for lot in lots}),
        len({lot.instrument.con_id for lot in lots if lot.profit is None}),
        *(_sold(trips) for trips in by_hand),
        len({t.sale for t in trades.trips if t.elsewhere and not t.fee_told}),
        *(n * trades.rates[c] for c, n in trades.other_fees if c in trades.rates),
        *(n * trades.rates[c] for c, n in trades.abroad if c in trades.rates),
        *(_moves([value for _, value in trades.values])),
        *(_moves([value for _, value in trades.spy])),
    ]


def _by_sale(trips: Iterable[RoundTrip]) -> dict[str, Decimal]:
    """What each sale brought."""
    found: dict[str, Decimal] = {}
    for trip in trips:
        found[trip.sale] = found.get(trip.sale, Decimal(0)) + trip.profit
    return found


def _moves(values: Sequence[Decimal]) -> list[Decimal]:
    """In percent, from any to any later one."""
    return [(now - at) / at * 100 for at, now in combinations(values, 2) if at]


DERIVED: Final[Mapping[str, Callable[[Told], object]]] = MappingProxyType(
    {
        "people.listed": _people,
        "scans.table.table": lambda told: [
            sum(row.quote is None for row in told["ranking"].rows)
        ],
        "schedule.bulletins.summary": _summary,
        "scores.history.history": _history,
        "scores.profits.profits": _profits,
        "trouble.in_doubt": _left_since,
        "trouble.ask_filled": _word_of_a_fill,
        "scores.in_words.score": _score,
    }
)
"""What a view reckons of all that it is told; of a single value the helper knows it."""


ELSEWHERE: Final = frozenset(
    {"announcements.settled", "scans.card.card", "trading.checked.checked"}
)
"""Their estimates of cost and fees, and what fills were worse by: tests/bot/views/scans/test_card.py, trading/."""


@pytest.fixture(scope="module", autouse=True)
def _types() -> None:
    for of, values in TYPES.items():
        st.register_type_strategy(of, values)


def told(name: str) -> st.SearchStrategy[Told]:
    return arguments(name, messages()[name]).map(sober).filter(_asked)


def _asked(told: Told) -> bool:
    """No fill is asked about that is larger than its order."""
    return "shares" not in told or told["shares"] <= told["order"].shares


@pytest.mark.parametrize("name", sorted({*messages()} - ELSEWHERE))
def test_whatever_it_is_told_a_message_names_nothing_else(name: str) -> None:
    @settings(
        max_examples=4,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(told(name))
    def whatever(told: Told) -> None:
        derived = DERIVED.get(name, len)(told)
        assert not foreign(called(messages()[name], told), told, derived)

    whatever()


@pytest.mark.parametrize(
    "said",
    ["$12", "-5.00", "+5.00", "5.01", "09:31 ET", "Tue 24 Nov", "Mon 22 Nov", "QRVY"],
)
def test_what_is_not_of_the_state_is_found(said: str) -> None:
    state = (Decimal(-5), datetime(2026, 11, 23, 14, 30, tzinfo=UTC), "QRVX")

    assert not foreign("QRVX \N{MINUS SIGN}5.00 on Mon 23 Nov 09:30 ET", state)
    assert foreign(f"QRVX {said}", state)


# what is claimed beside figures

Claim = tuple[str, str, Callable[[Any], bool]]

CLAIMS: Final[tuple[Claim, ...]] = (
    ("scores.in_words.score", "did better", lambda s: _verdict(s) is Conclusion.BETTER),
    ("scores.in_words.score", "did worse", lambda s: _verdict(s) is Conclusion.WORSE),
    ("scores.in_words.score", "None of them was bought", lambda s: s.bought is None),
    ("scores.in_words.score", "% above the card", lambda s: s.slippage > 0),
    ("scores.in_words.score", "none is sure", lambda s: not _sure(s)),
    ("scores.profits.profits", "still open:", lambda t: bool(t.lots)),
    ("scores.profits.profits", "nothing bought here is still", lambda t: not t.lots),
    ("scores.profits.profits", "bought here was sold yet", lambda t: not t.trips),
    ("scores.profits.profits", "/positions prices", lambda t: not _priced(t)),
    ("scores.profits.profits", "sold by hand", lambda t: any(_by_hand(t))),
    ("scores.profits.profits", "not told yet", lambda t: t.untold_fees > 0),
    ("scores.profits.profits", "SPY ▲", lambda t: len(t.spy) > 1),
    ("schedule.bulletins.brief", "Nothing is held", lambda b: not b.gaps),
    ("schedule.bulletins.brief", "No order waits", lambda b: not b.queued),
    ("schedule.bulletins.brief", "No session on", lambda b: b.closed is not None),
    ("schedule.bulletins.brief", "cannot be reached", lambda b: bool(b.away)),
    ("schedule.bulletins.summary", "No fills today", lambda s: not s.orders),
    ("schedule.bulletins.summary", "could not be read", lambda s: s.trips is None),
    ("schedule.bulletins.summary", "was sold today", lambda s: s.trips == ()),
    ("schedule.bulletins.summary", "held:", lambda s: s.held > 0),
    ("portfolio.positions", "holds nothing", lambda held: not held),
    (
        *("portfolio.positions", "traded today counts"),
        lambda held: any(each.traded_today for each in held),
    ),
    (
        *("trading.listed_exits.overview", "has a stop</b>"),
        lambda held: not any(each.naked for each in held),
    ),
    ("trading.listed_exits.overview", "Nothing to protect", lambda held: not held),
    ("health.health", "<b>Healthy</b>", lambda h: not (h.findings or h.status.blocks)),
    (
        "settings.shown.overview",
        "as .env has them",
        lambda all_: not any(_chosen(all_)),
    ),
)
"""A view, what it says, and of which state (its first argument) that holds."""


def _verdict(score: Score) -> Conclusion:
    return score.results[0].verdict


def _sure(score: Score) -> bool:
    sure = {Conclusion.BETTER, Conclusion.WORSE}
    return any(result.verdict in sure for result in score.results)


def _priced(trades: Trades) -> list[OpenLot]:
    return [lot for lot in trades.lots if lot.price is not None]


def _by_hand(trades: Trades) -> list[bool]:
    return [trip.elsewhere for trip in trades.trips]


def _chosen(every: Sequence[Setting]) -> list[bool]:
    return [one.is_chosen for one in every]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in CLAIMS}))
def test_what_is_claimed_holds(name: str) -> None:
    first = next(iter(signature(messages()[name]).parameters))

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(told(name))
    def whatever(told: Told) -> None:
        text = called(messages()[name], told)
        for view, said, holds in CLAIMS:
            assert view != name or said not in text or holds(told[first]), said

    whatever()
