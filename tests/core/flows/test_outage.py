"""One message when the line stays down, one when it is back, restarts included."""

from core.model.evidence import LineState
from core.model.news import LineBack, LineLost
from core.model.proposal import Choice
from tests.builders import NOW
from tests.harness.core import OWNER, House, turns


async def wait(house: House, seconds: float) -> None:
    """Time passes, and somebody looks."""
    await turns()
    house.clock.forward(seconds=seconds)
    house.engine.look()
    await turns()


async def test_a_long_outage_is_told_once_and_so_is_its_end(house: House) -> None:
    async with house.trading():
        house.broker.go(LineState.DOWN, "cable")
        for _ in range(4):
            await wait(house, 40)
        house.broker.connect()
        await house.ready()
        await wait(house, 100)

    (lost,) = house.news(LineLost)
    (back,) = house.news(LineBack)
    assert (lost.since, lost.reason) == (NOW, "cable")
    assert back.since == NOW


async def test_a_short_drop_is_not_worth_a_message(house: House) -> None:
    async with house.trading():
        house.broker.go(LineState.DOWN, "nightly restart")
        await wait(house, 50)
        house.broker.connect()
        await house.ready()
        await wait(house, 100)

    assert house.news(LineLost) == []
    assert house.news(LineBack) == []


async def test_a_gateway_that_never_was_there_is_told(house: House) -> None:
    async with house.running():
        await wait(house, 0)
        await wait(house, 61)

    assert house.news(LineLost)[0].reason == "nothing listens"


async def test_a_line_on_which_orders_cannot_be_compared_is_told(
    house: House,
) -> None:
    house.broker.silent = True
    async with house.running():
        house.broker.connect()
        await wait(house, 0)
        await wait(house, 200)
        early = house.news(LineLost)
        await wait(house, 101)

    assert early == []
    assert "comparison" in house.news(LineLost)[0].reason


async def test_who_was_told_not_now_hears_when_it_is_over(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.go(LineState.CUT_OFF, "1100")
        house.tap(card, Choice.YES)
        house.broker.connect()
        await house.ready()

    assert house.news(LineLost) == []
    assert len(house.news(LineBack)) == 1


async def test_not_now_for_another_reason_promises_no_line(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.halt(by=OWNER, reason="lunch")
        house.tap(card, Choice.YES)
        await turns()
        house.broker.connect()
        await turns()
        await house.ready()

    assert house.news(LineBack) == []


async def test_a_promise_before_anybody_noticed_the_outage_counts_from_then(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.go(LineState.DOWN, "cable")
        house.tap(card, Choice.YES)  # nobody has heard of the cable yet
        house.tap(card, Choice.YES)
        house.broker.connect()
        await turns()
        await house.ready()

    assert [back.since for back in house.news(LineBack)] == [NOW]


# a restart in the middle of it


async def test_a_restart_in_a_long_outage_tells_it_no_second_time(
    house: House,
) -> None:
    async with house.running():
        await wait(house, 0)
        await wait(house, 61)
    house.restart()
    async with house.running():
        await wait(house, 0)
        await wait(house, 61)

    assert [lost.since for lost in house.news(LineLost)] == [NOW]


async def test_an_outage_told_before_a_restart_is_over_after_it(house: House) -> None:
    async with house.running():
        await wait(house, 0)
        await wait(house, 61)
    house.restart()
    async with house.trading():
        await wait(house, 100)
    house.restart()
    async with house.trading():
        await turns()

    (back,) = house.news(LineBack)
    assert back.since == NOW


async def test_a_promise_made_before_a_restart_is_kept_after_it(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.go(LineState.CUT_OFF, "1100")
        house.tap(card, Choice.YES)
    house.restart()
    async with house.trading():
        await turns()

    assert len(house.news(LineBack)) == 1


async def test_the_next_outage_after_one_that_was_told_is_told_too(
    house: House,
) -> None:
    async with house.trading():
        for cause in ("cable", "fuse"):
            house.broker.go(LineState.DOWN, cause)
            await wait(house, 0)
            await wait(house, 61)
            house.broker.connect()
            await house.ready()

    assert [lost.reason for lost in house.news(LineLost)] == ["cable", "fuse"]
    assert len(house.news(LineBack)) == 2


async def test_a_drop_that_nobody_was_told_of_is_forgotten_at_a_restart(
    house: House,
) -> None:
    async with house.running():
        await wait(house, 0)
        await wait(house, 50)
    house.restart()
    async with house.running():
        await wait(house, 0)
        await wait(house, 50)
        early = house.news(LineLost)
        await wait(house, 11)

    assert early == []
    assert len(house.news(LineLost)) == 1
