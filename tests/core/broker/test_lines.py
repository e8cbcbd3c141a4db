"""One line's values: by field, the newest counts, and a price is above zero."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.broker.lines import QuoteLine
from core.broker.messages import (
    ConnectionLost,
    DataKind,
    ErrorMessage,
    GenericTick,
    PriceTick,
    SizeTick,
    TextTick,
)
from core.model.market import Freshness, Lending
from tests.builders import NOW, QRVX
from tests.contracts.ib.worlds import FixedClock


def a_line() -> QuoteLine:
    return QuoteLine(QRVX, FixedClock())


ticks = st.lists(
    st.builds(
        PriceTick,
        st.sampled_from([1, 2, 4, 6, 7, 9, 14, 66, 67, 68, 75, 76, 37]),
        st.sampled_from([-1.0, 0.0, 10.01, 10.1, 1e300, float("nan")]),
        st.sampled_from([0.0, 100.0]),
    )
)
NAMES = {
    1: "bid",
    66: "bid",
    2: "ask",
    67: "ask",
    4: "last",
    68: "last",
    6: "high",
    7: "low",
    9: "close",
    75: "close",
    14: "open",
    76: "open",
}


@given(ticks)
def test_the_newest_value_of_each_field_counts(said: list[PriceTick]) -> None:
    line = a_line()

    for tick in said:
        line.take(tick)

    for name in set(NAMES.values()):
        mine = [tick for tick in said if NAMES.get(tick.kind) == name]
        if mine:
            newest = mine[-1]
            no_side = name in {"bid", "ask"} and newest.size == 0
            real = newest.price in {10.01, 10.1} and not no_side
            expected = Decimal(str(newest.price)) if real else None
            assert getattr(line.quote, name) == expected


@given(ticks)
def test_every_price_that_is_there_is_above_zero(said: list[PriceTick]) -> None:
    line = a_line()

    for tick in said:
        line.take(tick)

    for name in set(NAMES.values()):
        value = getattr(line.quote, name, None)
        assert value is None or value > 0


def test_a_price_is_exact() -> None:
    line = a_line()

    line.take(PriceTick(4, 10.1, 1))

    assert line.quote is not None
    assert str(line.quote.last) == "10.1"


def test_a_side_whose_size_has_gone_is_gone() -> None:
    line = a_line()
    line.take(PriceTick(1, 10.0, 100))
    line.take(PriceTick(2, 10.1, 100))

    line.take(SizeTick(0, 0.0))
    line.take(SizeTick(3, 200.0))

    assert line.quote is not None
    assert (line.quote.bid, line.quote.ask) == (None, Decimal("10.1"))


def test_usable_is_a_last_price_an_open_and_a_close() -> None:
    line = a_line()
    for kind in (4, 14):
        line.take(PriceTick(kind, 10.0, 1))
    before = line.settled

    line.take(PriceTick(9, 10.0, 0))

    assert (before, line.settled) == (False, True)


def test_both_sides_do_not_stand_in_for_a_last_price() -> None:
    """A change since the open, and how far a price is from the card's, need the last."""
    line = a_line()
    for kind in (1, 2, 14, 9):
        line.take(PriceTick(kind, 10.0, 1))
    without = line.settled

    line.take(PriceTick(4, 10.1, 1))

    assert (without, line.settled) == (False, True)


def test_a_halt_is_unknown_until_a_tick_and_when_ib_does_not_know() -> None:
    line = a_line()
    line.take(PriceTick(4, 10.0, 1))
    seen = [line.quote.halted if line.quote else "?"]

    for value in (0.0, 1.0, 2.0, -1.0, 1.0, float("nan")):
        line.take(GenericTick(49, value))
        seen.append(line.quote.halted if line.quote else "?")

    assert seen == [None, False, True, True, None, True, None]


def test_delayed_ticks_are_delayed_even_without_a_word() -> None:
    line = a_line()

    line.take(PriceTick(68, 10.0, 1))

    assert line.quote is not None
    assert line.quote.freshness is Freshness.DELAYED


def test_message_58_before_and_after_the_first_value_counts_alike() -> None:
    early, late = a_line(), a_line()

    early.take(DataKind(1))
    early.take(PriceTick(4, 10.0, 1))
    late.take(PriceTick(4, 10.0, 1))
    late.take(DataKind(1))

    assert early.quote == late.quote
    assert early.quote is not None
    assert early.quote.freshness is Freshness.LIVE


def test_after_10167_the_next_price_says_whether_it_is_live() -> None:
    line = a_line()
    line.take(DataKind(1))
    line.take(PriceTick(4, 10.0, 1))

    said = []
    for word in (ErrorMessage(10167, "delayed"), PriceTick(4, 10.1, 1)):
        line.take(word)
        said.append(line.quote.freshness if line.quote else None)

    assert said == [Freshness.UNKNOWN, Freshness.LIVE]


@pytest.mark.attack(4)
def test_a_delayed_price_on_a_live_line_makes_it_delayed() -> None:
    line = a_line()
    line.take(DataKind(1))
    line.take(PriceTick(4, 10.0, 1))

    line.take(PriceTick(68, 9.5, 1))

    assert line.quote is not None
    assert line.quote.freshness is Freshness.DELAYED


@pytest.mark.attack(4)
@pytest.mark.parametrize("kind", [2, 3, 4])
def test_prices_from_before_the_data_was_live_do_not_become_live(kind: int) -> None:
    """Delayed prices are some 15 minutes old, frozen ones of the last session."""
    line = a_line()
    line.take(DataKind(kind))
    for tick in (66, 67, 68) if kind > 2 else (1, 2, 4):
        line.take(PriceTick(tick, 10.0, 1))

    line.take(DataKind(1))
    switched = line.quote
    line.take(PriceTick(2, 12.0, 1))

    assert switched is not None
    assert switched.freshness is Freshness.UNKNOWN
    assert line.quote is not None
    assert line.quote.freshness is Freshness.LIVE
    assert (line.quote.last, line.quote.bid) == (None, None)


def test_volume_is_whole_and_unset_volume_is_none() -> None:
    line = a_line()
    line.take(SizeTick(8, 123456.0))
    counted = line.quote.volume if line.quote else None

    line.take(SizeTick(8, 1.7976931348623157e308))

    assert counted == 123_456
    assert line.quote is not None
    assert line.quote.volume is None


def test_a_refusal_kills_and_an_advisory_code_does_not() -> None:
    dead, waiting = a_line(), a_line()

    dead.take(ErrorMessage(354, "not subscribed"))
    waiting.take(ErrorMessage(10089, "more"))
    waiting.take(ErrorMessage(99999, "never heard of"))

    assert dead.problem == "not subscribed to market data"
    assert (waiting.problem, waiting.settled) == (None, False)


def test_the_first_problem_is_the_one_that_is_told() -> None:
    line = a_line()
    line.take(ErrorMessage(200, "no such stock"))

    line.take(ConnectionLost("hung up"))

    assert line.problem == "IB does not know this stock"


def after(*said: PriceTick | SizeTick | GenericTick | TextTick) -> QuoteLine:
    line = a_line()
    for word in said:
        line.take(word)
    return line


def test_the_newest_size_at_the_ask_counts_and_goes_with_the_ask() -> None:
    asked = PriceTick(2, 10.0, 300.0)
    quote = after(asked).quote
    assert quote
    assert quote.ask_size == 300
    assert (quote := after(asked, SizeTick(3, 40.0)).quote)
    assert quote.ask_size == 40
    assert (quote := after(asked, SizeTick(3, 0.0)).quote)
    assert (quote.ask, quote.ask_size) == (None, None)


@pytest.mark.parametrize(
    ("value", "lending"),
    [
        (3.0, Lending.EASY),
        (2.5, Lending.HARD),
        (1.6, Lending.HARD),
        (1.5, Lending.NONE),
        (0.0, Lending.NONE),
        (-1.0, None),
    ],
)
def test_how_easily_it_is_borrowed(value: float, lending: Lending | None) -> None:
    quote = after(GenericTick(46, value)).quote

    assert quote
    assert (quote.lending, quote.halted) == (lending, None)


@pytest.mark.parametrize(
    ("text", "vwap"),
    [
        ("4.82;100;1764000000000;12500;4.7512;true", Decimal("4.7512")),
        (";0;1764000000000;12500;4.7512;true", Decimal("4.7512")),
        ("4.82;100;1764000000000;12500;0;true", None),
        ("4.82;100", None),
        ("", None),
        ("a;b;c;d;e;f", None),
    ],
)
def test_the_days_average_price_is_the_fifth_field(
    text: str, vwap: Decimal | None
) -> None:
    quote = after(TextTick(48, text)).quote

    assert quote
    assert quote.vwap == vwap


def test_the_average_volume_stands_beside_the_volume() -> None:
    quote = after(SizeTick(8, 900.0), SizeTick(21, 300.0)).quote

    assert quote
    assert (quote.volume, quote.average_volume) == (900, 300)


class Moving(FixedClock):
    """A clock that a test sets."""

    at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.mark.attack(4)
@pytest.mark.parametrize(
    "gone", [PriceTick(2, -1.0, 0.0), PriceTick(2, 10.2, 0.0), SizeTick(3, 0.0)]
)
def test_a_side_that_goes_away_does_not_make_the_others_younger(
    gone: PriceTick | SizeTick,
) -> None:
    """The last price stays, from five minutes ago: it is asked for anew before an
    order."""
    clock = Moving()
    line = QuoteLine(QRVX, clock)
    line.take(PriceTick(4, 10.0, 100.0))
    line.take(PriceTick(2, 10.1, 100.0))
    clock.at += timedelta(minutes=5)
    line.take(gone)

    assert line.quote
    assert (line.quote.ask, line.quote.last, line.quote.at) == (None, Decimal(10), NOW)


@pytest.mark.attack(2)
def test_a_fact_that_comes_later_does_not_make_a_price_younger() -> None:
    clock = Moving()
    line = QuoteLine(QRVX, clock)
    line.take(PriceTick(4, 10.0, 100.0))
    clock.at += timedelta(minutes=5)
    for late in (
        SizeTick(21, 300.0),
        GenericTick(46, 3.0),
        TextTick(48, "1;1;1;1;9;t"),
    ):
        line.take(late)
    line.take(SizeTick(3, 40.0))

    assert line.quote
    assert line.quote.at == NOW


UNSET = 1.7976931348623157e308
NO_NUMBERS = (-1.0, -100.0, UNSET, -UNSET, float("nan"), float("inf"), -float("inf"))
COUNTS = {
    3: "ask_size",
    70: "ask_size",
    8: "volume",
    74: "volume",
    21: "average_volume",
}


@pytest.mark.parametrize("value", NO_NUMBERS)
@pytest.mark.parametrize("kind", COUNTS)
def test_a_size_that_is_no_number_of_shares_is_unknown(kind: int, value: float) -> None:
    line = a_line()
    line.take(PriceTick(2, 10.0, 300.0))
    line.take(SizeTick(kind, 500.0))
    line.take(SizeTick(kind, value))

    assert line.quote is not None
    assert getattr(line.quote, COUNTS[kind]) is None


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_so_is_the_size_beside_an_ask(value: float) -> None:
    line = a_line()
    line.take(PriceTick(2, 10.0, value))

    assert line.quote is not None
    assert line.quote.ask_size is None


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_a_word_of_ib_that_is_no_number_says_nothing(value: float) -> None:
    """Neither that trading is halted, nor that it is not, nor who lends the stock."""
    line = a_line()
    line.take(PriceTick(4, 10.0, 100.0))
    line.take(GenericTick(46, value))
    line.take(GenericTick(49, value))

    assert line.quote is not None
    assert line.quote.lending is None
    assert line.quote.halted is None


@pytest.mark.parametrize(
    "value", [*map(str, NO_NUMBERS), "0", "", "1.7976931348623157E308"]
)
def test_a_vwap_that_is_no_price_is_unknown(value: str) -> None:
    line = a_line()
    line.take(PriceTick(4, 10.0, 100.0))
    line.take(TextTick(48, f"10.0;1;1784000000000;500;{value};true"))

    assert line.quote is not None
    assert line.quote.vwap is None
