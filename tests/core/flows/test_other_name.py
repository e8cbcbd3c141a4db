"""R18. What was sent in another name is neither judged nor cancelled from here."""

from dataclasses import replace

import pytest

from core.model.evidence import CodeHeard, Meaning, StatusHeard
from core.model.identity import Identity
from core.model.news import Ghost, InDoubt, LookAlike, OtherName
from core.model.order import Order, OrderState
from core.model.proposal import Choice, Proposal
from tests.builders import IDENTITY, an_open_order
from tests.fakes.broker import Conduct
from tests.harness.core import House, turns, until


OTHERS = [
    replace(IDENTITY, client_id=18),
    replace(IDENTITY, accounts=("DU7654321",)),
    replace(IDENTITY, gateway="localhost:4001"),
]
IDS = ["client id", "login", "gateway"]


async def one_order(house: House, conduct: Conduct, state: str) -> Proposal:
    """One leg is sent, and the process dies."""
    house.broker.conduct = conduct
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.FIRST)
        await until(lambda: len(house.broker.sent) == 1)
        await until(lambda: house.states(card) == [state])
    return card


def elsewhere(house: House, session: Identity) -> None:
    """The bot starts again in another name, where IB lists nothing of ours."""
    house.restart()
    house.broker.identity = session
    house.broker.book.clear()


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_a_lost_order_is_not_called_absent_in_another_name(
    house: House, session: Identity
) -> None:
    card = await one_order(house, Conduct.LOSES, "sending")
    elsewhere(house, session)

    async with house.trading():
        await turns()

    assert house.states(card) == ["unknown"]
    assert "belongs to another login or client id" in str(house.orders(card)[0].reason)
    assert len(house.news(InDoubt)) == 1


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_a_working_order_keeps_its_state_and_blocks_its_stock(
    house: House, session: Identity
) -> None:
    card = await one_order(house, Conduct.HOLDS, "acked")
    elsewhere(house, session)

    async with house.trading():
        await turns()
        house.broker.connect()
        await turns()
        await house.ready()
        again = await house.yes("b")

    assert house.states(card) == ["acked"]
    assert len(house.news(OtherName)) == 1
    (order,) = house.orders(card)
    blocked = [each for each in again if each.instrument == order.instrument]
    assert all(each.state is OrderState.LAPSED for each in blocked)


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_back_in_its_own_name_a_working_order_goes_on(
    house: House, session: Identity
) -> None:
    card = await one_order(house, Conduct.HOLDS, "acked")
    book = dict(house.broker.book)
    elsewhere(house, session)
    async with house.trading():
        await turns()
    house.restart()
    house.broker.identity, house.broker.book = IDENTITY, book

    async with house.trading():
        await turns()

    assert house.states(card) == ["acked"]
    assert house.broker.cancelled == []
    assert house.news(Ghost) == []


@pytest.mark.attack(6)
async def test_r18_what_another_session_says_of_an_id_is_not_about_our_order(
    house: House,
) -> None:
    card = await one_order(house, Conduct.HOLDS, "acked")
    (order,) = house.orders(card)
    names = house.broker.names(order)
    elsewhere(house, OTHERS[1])

    async with house.trading():
        for ref in (order.ref, ""):
            said = replace(names, ref=ref)
            house.broker.say(StatusHeard(names=said, status="Cancelled"))
        house.broker.say(a_cancellation(order))
        await turns()

    assert house.states(card) == ["acked"]


def a_cancellation(order: Order) -> CodeHeard:
    assert order.order_id is not None
    return CodeHeard(
        order_id=order.order_id, code=202, text="gone", meaning=Meaning.CANCELLED
    )


@pytest.mark.attack(7)
async def test_an_order_of_another_tool_under_our_id_is_left_alone(
    house: House,
) -> None:
    """Its id was never counted, so ours had it too: ours never arrived."""
    card = await one_order(house, Conduct.LOSES, "sending")
    (order,) = house.orders(card)
    assert order.order_id is not None
    assert order.client_id is not None
    house.restart()
    for ref in ("", "momentum-7"):
        stranger = an_open_order(
            ref=ref,
            order_id=order.order_id,
            client_id=order.client_id,
            perm_id=5,
            order_type="LMT",
            shares=10,
        )
        house.broker.strangers.append(stranger)

    async with house.trading():
        await until(lambda: house.states(card) == ["absent"])
        await turns()

    assert house.broker.cancelled == []
    assert house.news(Ghost) == []


@pytest.mark.attack(7)
async def test_a_code_on_an_id_of_an_earlier_session_is_looked_into(
    house: House,
) -> None:
    """Another tool may have been given the id since."""
    card = await one_order(house, Conduct.HOLDS, "acked")
    (order,) = house.orders(card)
    house.restart()

    async with house.trading():
        passes = house.broker.passes
        house.broker.say(a_cancellation(order))
        await until(lambda: house.broker.passes > passes)
        await house.ready()

    assert house.states(card) == ["acked"]


@pytest.mark.attack(7)
async def test_a_tool_whose_refs_begin_like_ours_is_told_once_and_does_not_halt(
    house: House,
) -> None:
    house.broker.strangers.append(an_open_order(ref="tb-momentum-7"))
    async with house.trading():
        house.broker.connect()
        await turns()
        await house.ready()

        assert house.engine.queries.status().halted is None

    assert [each.ref for each in house.news(LookAlike)] == ["tb-momentum-7"]


@pytest.mark.attack(17)
async def test_another_openbell_in_the_account_is_told_and_halts(house: House) -> None:
    async with house.trading():
        house.broker.strangers.append(an_open_order(ref="tb-ffffffff-abcdefghij-1"))
        house.broker.connect()
        await until(lambda: house.engine.queries.status().halted is not None)
        await house.ready()
        house.engine.resume(by="Ada", named=house.engine.queries.halts())
        house.broker.strangers.append(an_open_order(ref="tb-ffffffff-abcdefghij-2"))
        house.broker.connect()
        await until(lambda: house.engine.queries.status().halted is not None)

    assert len(house.news(Ghost)) == 2
    assert "another Openbell" in house.news(Ghost)[0].text
