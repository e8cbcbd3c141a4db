"""A second /panic, and /resume: which question counts, and which is taken back."""

from core.model.evidence import LineState
from core.model.news import NothingToSell
from core.model.proposal import (
    Choice,
    Verdict,
)
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.panics import asked, held, hold, panic, the_question
from tests.harness.waiting import turns, until


async def test_twice_is_one_question_and_the_first_one_s_sales_go_on(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        hold(harness)
        panic(harness)
        first = await the_question(harness)
        harness.tap(first, Choice.YES)
        await harness.until_settled(first)
        panic(harness, "panic:2")
        await until(lambda: harness.news(NothingToSell))

    assert harness.states(first) == ["acked", "acked"]
    assert harness.broker.cancelled == []
    assert len(harness.engine.queries.halts()) == 1


async def test_twice_before_the_yes_the_newer_question_counts(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        first = await the_question(harness)
        panic(harness, "panic:2")
        second = await the_question(harness)
        assert harness.tap(first, Choice.YES).verdict is Verdict.ALREADY
        harness.tap(second, Choice.YES)
        await harness.until_settled(second)

    assert held(harness) == [0, 0]
    assert len(harness.broker.sent) == 2


async def test_resume_takes_a_question_back_that_does_not_stand_yet(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        harness.broker.go(LineState.DOWN, "gone")
        panic(harness)
        harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())
        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await turns()

    assert asked(harness) is None
    assert harness.engine.queries.halts() == ()


async def test_resume_takes_a_question_back_that_is_on_its_way(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        halts = harness.engine.queries.halts
        harness.broker.meanwhile = lambda: harness.engine.resume(
            by=OWNER, named=halts()
        )
        panic(harness)
        await turns()

    assert asked(harness) is None
    assert harness.engine.queries.halts() == ()


async def test_a_second_panic_while_the_first_one_asks_has_a_question_of_its_own(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)

        def again() -> None:
            harness.broker.meanwhile = lambda: None
            panic(harness, "panic:2")

        harness.broker.meanwhile = again
        panic(harness)
        await the_question(harness)
        await turns()

    card = asked(harness)
    assert card is not None
    assert harness.journal.memory.answer_to("panic:2") == card.id


async def test_to_resume_what_came_before_it_takes_no_question_back(
    harness: Harness,
) -> None:
    """The button of an older question, tapped after /panic: the panic's halt holds."""
    async with harness.trading():
        hold(harness)
        harness.engine.alarm("a ghost")
        older = harness.engine.queries.halts()
        harness.broker.go(LineState.DOWN, "gone")
        panic(harness)
        harness.engine.resume(by=OWNER, named=older)
        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await the_question(harness)

    assert [each.reason for each in harness.engine.queries.halts()] == ["/panic by Ada"]
