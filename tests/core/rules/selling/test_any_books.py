"""Never short, whatever happens in whatever turn: compared with what is truly held."""

from typing import Final

from hypothesis import example, given, settings, strategies as st

from tests.core.rules.selling.books import Books


ANY: Final = (
    *("list_anew", "buy", "sell", "protect", "cancel", "close_by_word"),
    *("fill", "fill_a_part", "fill_untold", "tell"),
    *("buy_by_hand", "sell_by_hand", "order_by_hand", "fill_by_hand"),
)
WAITS: Final = st.tuples(
    st.just("wait"), st.sampled_from((1, 30, 100, 165, 174, 179, 180, 300))
)
STEPS: Final = st.tuples(st.sampled_from(ANY), st.sampled_from((1, 40, 60, 100)))

SLOW: Final = [
    *[("sell", 40), ("wait", 15), ("fill", 1), ("wait", 165)],
    *[("sell", 60), ("wait", 180), ("fill", 1), ("sell", 60)],
]
"""The second was sent by a listing that lacked the fill of the first, and is filled when
the first was sent more than six minutes ago."""

STOPPED: Final = [
    *[("protect", 40), ("wait", 1000), ("list_anew", 1), ("wait", 1), ("fill", 1)],
    *[("wait", 174), ("sell", 60), ("wait", 30), ("fill", 1), ("sell", 60)],
]
"""As SLOW, after a stop that was sent long ago."""

BOTH: Final = [
    *[("sell", 1), ("wait", 100), ("wait", 300), ("fill", 1), ("wait", 1)],
    *[("sell", 1), ("fill", 1), ("sell", 100)],
]
"""The listing lacks a fill that came late, and one that came at once behind it."""

COVERED: Final = [
    *[("protect", 100), ("wait", 300), ("wait", 100), ("list_anew", 1), ("wait", 1)],
    *[("fill", 1), ("wait", 1), ("buy", 60), ("wait", 1), ("protect", 60)],
    ("sell", 40),
]
"""Exits of what was bought after a stop, which no listing shows yet."""


@settings(max_examples=300)
@example(SLOW)
@example(STOPPED)
@example(BOTH)
@example(COVERED)
@given(st.lists(STEPS | WAITS, min_size=3, max_size=20))
def test_all_that_works_never_sells_more_than_is_held(
    steps: list[tuple[str, int]],
) -> None:
    books = Books()
    for name, amount in steps:
        getattr(books, name)(amount)
        assert books.may_sell <= books.held, books
