"""R18. What was sent in another name is neither judged nor cancelled from here."""

from dataclasses import replace

import pytest

from core.model.evidence import CodeMessage, Meaning, StatusMessage
from core.model.identity import Identity
from core.model.news import Ghost, InDoubt, LookAlike, OtherName
from core.model.order import Order, OrderState
from core.model.proposal import Choice, Proposal
from tests.builders import IDENTITY, an_open_order
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


OTHERS = [
    replace(IDENTITY, client_id=18),
    replace(IDENTITY, accounts=("DU7654321",)),
    replace(IDENTITY, gateway="localhost:4001"),
]
IDS = ["client id", "login", "gateway"]


async def one_order(
    harness: Harness, behaviour: BrokerBehaviour, state: str
) -> Proposal:
    """One leg is sent, and the process dies."""
    harness.broker.behaviour = behaviour
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.FIRST)
        await until(lambda: len(harness.broker.sent) == 1)
        await until(lambda: harness.states(card) == [state])
    return card


def elsewhere(harness: Harness, session: Identity) -> None:
    """The bot starts again in another name, where IB lists nothing of ours."""
    harness.restart()
    harness.broker.identity = session
    harness.broker.book.clear()


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_a_lost_order_is_not_called_absent_in_another_name(
    harness: Harness, session: Identity
) -> None:
    card = await one_order(harness, BrokerBehaviour.LOSES, "sending")
    elsewhere(harness, session)

    async with harness.trading():
        await turns()

    assert harness.states(card) == ["unknown"]
    assert "belongs to another login or client id" in str(
        harness.orders(card)[0].reason
    )
    assert len(harness.news(InDoubt)) == 1


@pytest.mark.attack(6)
async def test_r9_another_user_of_the_account_makes_no_order_absent(
    harness: Harness,
) -> None:
    """Behind the same name there is another login to the same account: it lists nothing
    of ours, and counts order ids of its own. That it fell back is all that shows."""
    async with harness.trading():
        await harness.yes("a")
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.drop_events()
        card = await harness.scan("b")
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["sending"])
        harness.broker.book.clear()
        harness.broker.forget()
        harness.broker.connect()
        await harness.ready()

    assert harness.states(card) == ["unknown"]
    assert "fell back" in str(harness.orders(card)[0].reason)


@pytest.mark.attack(6)
async def test_a_count_that_fell_back_by_far_is_read_at_once(harness: Harness) -> None:
    """A tool that takes its ids from a clock had raised the count to many millions, and it
    was reset: the journal was asked for each id between, one by one."""
    async with harness.trading():
        await harness.yes("a")
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        with harness.journal.transaction():
            harness.journal.memory.raise_order_id_high(200_000)
        harness.drop_events()
        card = await harness.scan("b")
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["sending"])
        harness.broker.book.clear()
        harness.broker.forget()
        harness.broker.connect()
        await harness.ready()

    assert harness.states(card) == ["unknown"]


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_a_working_order_keeps_its_state_and_blocks_its_stock(
    harness: Harness, session: Identity
) -> None:
    card = await one_order(harness, BrokerBehaviour.HOLDS, "acked")
    elsewhere(harness, session)

    async with harness.trading():
        await turns()
        harness.broker.connect()
        await turns()
        await harness.ready()
        again = await harness.yes("b")

    assert harness.states(card) == ["acked"]
    assert len(harness.news(OtherName)) == 1
    (order,) = harness.orders(card)
    blocked = [each for each in again if each.instrument == order.instrument]
    assert all(each.state is OrderState.LAPSED for each in blocked)


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_r18_back_in_its_own_name_a_working_order_goes_on(
    harness: Harness, session: Identity
) -> None:
    card = await one_order(harness, BrokerBehaviour.HOLDS, "acked")
    book = dict(harness.broker.book)
    elsewhere(harness, session)
    async with harness.trading():
        await turns()
    harness.restart()
    harness.broker.identity, harness.broker.book = IDENTITY, book

    async with harness.trading():
        await turns()

    assert harness.states(card) == ["acked"]
    assert harness.broker.cancelled == []
    assert harness.news(Ghost) == []


@pytest.mark.attack(6)
async def test_r18_what_another_session_says_of_an_id_is_not_about_our_order(
    harness: Harness,
) -> None:
    card = await one_order(harness, BrokerBehaviour.HOLDS, "acked")
    (order,) = harness.orders(card)
    names = harness.broker.names(order)
    elsewhere(harness, OTHERS[1])

    async with harness.trading():
        for ref in (order.ref, ""):
            said = replace(names, ref=ref)
            harness.broker.say(StatusMessage(names=said, status="Cancelled"))
        harness.broker.say(a_cancellation(order))
        await turns()

    assert harness.states(card) == ["acked"]


def a_cancellation(order: Order) -> CodeMessage:
    assert order.order_id is not None
    return CodeMessage(
        order_id=order.order_id, code=202, text="gone", meaning=Meaning.CANCELLED
    )


@pytest.mark.attack(7)
async def test_an_order_of_another_tool_under_our_id_is_left_alone(
    harness: Harness,
) -> None:
    """Its id was never counted, so ours had it too: ours never arrived."""
    card = await one_order(harness, BrokerBehaviour.LOSES, "sending")
    (order,) = harness.orders(card)
    assert order.order_id is not None
    assert order.client_id is not None
    harness.restart()
    for ref in ("", "momentum-7"):
        stranger = an_open_order(
            ref=ref,
            order_id=order.order_id,
            client_id=order.client_id,
            perm_id=5,
            order_type="LMT",
            shares=10,
        )
        harness.broker.unknown_orders.append(stranger)

    async with harness.trading():
        await until(lambda: harness.states(card) == ["absent"])
        await turns()

    assert harness.broker.cancelled == []
    assert harness.news(Ghost) == []


@pytest.mark.attack(7)
async def test_a_code_on_an_id_of_an_earlier_session_is_looked_into(
    harness: Harness,
) -> None:
    """Another tool may have been given the id since."""
    card = await one_order(harness, BrokerBehaviour.HOLDS, "acked")
    (order,) = harness.orders(card)
    harness.restart()

    async with harness.trading():
        passes = harness.broker.passes
        harness.broker.say(a_cancellation(order))
        await until(lambda: harness.broker.passes > passes)
        await harness.ready()

    assert harness.states(card) == ["acked"]


@pytest.mark.attack(7)
async def test_a_tool_whose_refs_begin_like_ours_is_told_once_and_does_not_halt(
    harness: Harness,
) -> None:
    harness.broker.unknown_orders.append(an_open_order(ref="tb-momentum-7"))
    async with harness.trading():
        harness.broker.connect()
        await turns()
        await harness.ready()

        assert harness.engine.queries.status().halted is None

    assert [each.ref for each in harness.news(LookAlike)] == ["tb-momentum-7"]


@pytest.mark.attack(17)
async def test_another_openbell_in_the_account_is_told_and_halts(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.unknown_orders.append(
            an_open_order(ref="tb-ffffffff-abcdefghij-1")
        )
        harness.broker.connect()
        await until(lambda: harness.engine.queries.status().halted is not None)
        await harness.ready()
        harness.engine.resume(by="Ada", named=harness.engine.queries.halts())
        harness.broker.unknown_orders.append(
            an_open_order(ref="tb-ffffffff-abcdefghij-2")
        )
        harness.broker.connect()
        await until(lambda: harness.engine.queries.status().halted is not None)

    assert len(harness.news(Ghost)) == 2
    assert "another Openbell" in harness.news(Ghost)[0].text
