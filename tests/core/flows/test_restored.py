"""A data folder that was restored whole, and a start in another name: noticed."""

import shutil
from pathlib import Path

import pytest

from core.flows.boot import refuse_another_name
from core.model.errors import SettingsWrong
from core.model.news import CountFellBack, TradingHalted
from core.model.order import OrderState
from core.rules.next_id import NextId, compare_next_id
from tests.builders import ACCOUNT, CLIENT_ID, a_proposal, a_sent_order, an_order
from tests.fakes.broker import BrokerBehaviour
from tests.fakes.journal_memory import MemoryStore
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


@pytest.mark.attack(8)
@pytest.mark.parametrize(
    ("next_id", "high", "seen", "found"),
    [
        (500, 0, None, NextId.EXPECTED),
        (42, 41, 40, NextId.EXPECTED),
        (41, 41, 40, NextId.EXPECTED),  # ours never reached IB
        (40, 41, 40, NextId.EXPECTED),
        (45, 41, 45, NextId.EXPECTED),
        (43, 41, 40, NextId.AHEAD),
        (46, 41, 45, NextId.AHEAD),
        (9_000, 41, 40, NextId.AHEAD),
        (39, 41, 40, NextId.FELL_BACK),
        (1, 41, 40, NextId.FELL_BACK),
        (1, 41, None, NextId.EXPECTED),
    ],
)
def test_ibs_next_id_is_compared_with_all_that_is_known(
    next_id: int, high: int, seen: int | None, found: NextId
) -> None:
    assert compare_next_id(next_id, high=high, seen=seen) is found


def _copy(one: Path, other: Path) -> None:
    """The whole folder, its high-water mark included."""
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(one, other)


@pytest.mark.attack(8)
async def test_a_folder_that_was_restored_whole_halts(
    harness: Harness, tmp_path: Path
) -> None:
    snapshot = tmp_path.with_name(f"{tmp_path.name}-snapshot")
    async with harness.trading():
        await turns()
    harness.stop()
    _copy(harness.directory, snapshot)
    harness.start()
    async with harness.trading():
        await harness.yes()
    harness.stop()
    _copy(snapshot, harness.directory)
    harness.start()

    async with harness.trading():
        await until(lambda: harness.engine.queries.status().halted is not None)

    (halted,) = harness.news(TradingHalted)
    assert "another program uses this client id" in halted.reason
    assert "old copy" in halted.reason


@pytest.mark.attack(8)
async def test_a_gateway_that_was_reset_is_told_and_ids_go_on_above_ours(
    harness: Harness,
) -> None:
    async with harness.trading():
        first = await harness.yes("a")
        harness.broker.connect()
        await turns()
        await harness.ready()
        harness.broker.forget()
        harness.broker.connect()
        await until(lambda: bool(harness.news(CountFellBack)))
        await harness.ready()

        assert harness.engine.queries.status().halted is None

    assert all(order.state is OrderState.FILLED for order in first)
    assert len(harness.news(CountFellBack)) == 1


@pytest.mark.attack(8)
async def test_starts_and_lost_orders_of_ones_own_are_no_alarm(
    harness: Harness,
) -> None:
    for key, behaviour in enumerate(
        (BrokerBehaviour.FILLS, BrokerBehaviour.LOSES, BrokerBehaviour.SWALLOWS)
    ):
        harness.broker.behaviour = behaviour
        async with harness.trading():
            await harness.scan(str(key))
        harness.restart()

    assert harness.news(TradingHalted) == []
    assert harness.news(CountFellBack) == []


@pytest.mark.attack(6)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ({"client_id": 18}, "OPENBELL_GATEWAY_CLIENT_ID is 18"),
        ({"account": "DU7654321"}, "OPENBELL_ACCOUNT is DU7654321"),
    ],
)
@pytest.mark.parametrize(
    "state",
    [OrderState.SENDING, OrderState.UNKNOWN, OrderState.ACKED, OrderState.PARTIAL],
)
def test_another_client_id_or_account_is_refused_while_orders_are_open(
    state: OrderState, name: dict[str, object], words: str
) -> None:
    store = MemoryStore()
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(a_sent_order(state=state))
    same = {"client_id": CLIENT_ID, "account": ACCOUNT}

    refuse_another_name(store.orders, **same)  # type: ignore[arg-type]  # by name
    with pytest.raises(SettingsWrong, match=words) as refused:
        refuse_another_name(store.orders, **{**same, **name})  # type: ignore[arg-type]  # by name

    assert "Set it back to" in str(refused.value)
    assert "QRVX" in str(refused.value)


def test_an_order_that_only_an_older_copy_of_the_journal_sent_keeps_no_start_back() -> (
    None
):
    """R16. IB shows it, and here it was never sent: no client id can be set back."""
    store = MemoryStore()
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(an_order(state=OrderState.ACKED, perm_id=7))

    refuse_another_name(store.orders, client_id=CLIENT_ID, account=ACCOUNT)
    with pytest.raises(SettingsWrong):
        refuse_another_name(store.orders, client_id=CLIENT_ID, account="DU7654321")


@pytest.mark.parametrize("state", [OrderState.FILLED, OrderState.ABSENT])
def test_another_client_id_is_taken_once_every_order_has_ended(
    state: OrderState,
) -> None:
    store = MemoryStore()
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(a_sent_order(state=state))

    refuse_another_name(store.orders, client_id=18, account=ACCOUNT)
