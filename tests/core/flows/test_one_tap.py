"""What one order costs in readings, from the tap to the socket: a second reading of the
same thing could differ from the first, and each costs time that the price moves in.

A tap is two judgements: of the Yes, before it is written (W1), and of the order, right
before it leaves. Each reads line, comparison, halt and market once, at one moment. What is
read besides is named below with what it is for."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from core.model.points import SENT
from core.model.proposal import Choice
from core.store import bodies
from tests.fakes.broker import FakeBroker
from tests.fakes.calendar import FakeCalendar
from tests.fakes.clock import HandClock
from tests.harness.core import Harness, when
from tests.harness.waiting import until


AT_THE_TAP = {"line": 1, "supply": 1, "sessions": 1, "halts": 1, "now": 3}
READ_FOR = {
    "line": (
        "the Yes is judged",
        "exits of what was bought go first: are the orders compared?",
        "the session with the gateway in which the quotes are asked for",
        "the order is judged, after the gateway has answered",
        "W2: is it still that session?",
    ),
    "supply": ("the Yes is judged", "the order is judged"),
    "sessions": ("the Yes is judged", "the order is judged"),
    "halts": (
        "the Yes is judged",
        "exits of what was bought go first: is the journal an old copy?",
        "the order is judged",
        "W2: was trading halted since?",
    ),
    "now": (
        "is an offer's time over?",
        "the Yes is judged",
        "W1's audit line",
        "the moment of the quotes that run with the card (the fake market's own)",
        "the moment of the order's quotes (the fake market's own)",
        "is the offer's time over, after the Yes has waited for its turn?",
        "how old what is judged may be at most, before the gateway is asked",
        "the order is judged",
        "when the order was sent",
        "W2: how old is the judgement, once the journal could be written?",
        "W2's audit line",
        "how old is it, once W2 is on disk?",
        "the moment of the order's status (the fake broker's own)",
    ),
}
"""Each reading from the tap until the order leaves, in order."""

UNTIL_IT_LEAVES = {what: len(reasons) for what, reasons in READ_FOR.items()}

STATEMENTS = {"SELECT": 2, "INSERT": 7, "UPDATE": 2, "DELETE": 1, "BEGIN": 2}
"""The two transactions of the write-ahead protocol, W1 and W2; W0 is the inbox's. The exits that
were approved with an order are one of them, and what stands of exits is looked for first. News
is written once where nobody else is told. One insertion has the sync of W2 cover W1."""


class Counts:
    """Counts while it is told to."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        self.is_counting = False

    def note(self, what: str) -> None:
        if self.is_counting:
            self.of[what] += 1

    def noting(self, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> Any:
            self.note(what)
            return real(*args, **named)

        return noted

    def until(self, point: str) -> Callable[[str], None]:
        """For ``Harness.reached``."""

        def end() -> None:
            self.is_counting = False

        return when(point, end)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch, harness: Harness) -> Counts:
    counts = Counts()
    for owner, name in (
        (FakeBroker, "line"),
        (FakeBroker, "supply"),
        (FakeCalendar, "sessions"),
        (HandClock, "now"),
        (type(harness.journal.memory), "halts"),
    ):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, counts.noting(name, real))

    def statement(text: str) -> None:
        counts.note(text.split(maxsplit=1)[0])

    harness.journal._connection.set_trace_callback(statement)
    return counts


def exceeded(counts: Counts, most: dict[str, int]) -> dict[str, int]:
    return {what: counts.of[what] for what, n in most.items() if counts.of[what] > n}


async def test_a_tap_is_judged_on_one_reading(harness: Harness, counts: Counts) -> None:
    async with harness.trading():
        tap = harness.a_tap(await harness.scan(), Choice.FIRST)
        counts.is_counting = True
        harness.engine.decide(tap)
        counts.is_counting = False

    assert exceeded(counts, AT_THE_TAP) == {}


async def test_an_order_leaves_after_few_readings_and_two_transactions(
    harness: Harness, counts: Counts
) -> None:
    async with harness.trading():
        card = await harness.scan()
        tap = harness.a_tap(card, Choice.FIRST)
        decoded = bodies.proposal_from_body.cache_info().misses
        harness.reached = counts.until(SENT)
        counts.is_counting = True
        harness.engine.decide(tap)
        await until(lambda: harness.broker.sent)

    assert exceeded(counts, UNTIL_IT_LEAVES | STATEMENTS) == {}
    assert bodies.proposal_from_body.cache_info().misses <= decoded + 1
