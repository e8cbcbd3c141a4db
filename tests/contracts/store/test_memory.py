"""What must be remembered is recalled as it was written last, and nothing else."""

from dataclasses import replace

from core.model.exits.plan import ExitKind
from core.model.identity import Person, Rights
from core.model.news import ChatSend
from core.model.order import OrderRef
from core.model.scoring.score import DayFigure, Score
from core.model.status import Panic
from core.ports.journal import Store
from tests.builders import (
    FDMX,
    FRIDAY,
    MONDAY,
    NOW,
    PROPOSAL_ID,
    QRVX,
    a_protection,
    money,
    price,
)
from tests.values import a_halt


REF, OTHER = OrderRef("tb-aaaaaaaaaa-1"), OrderRef("tb-aaaaaaaaaa-2")


def test_nothing_is_remembered_of_a_new_store(store: Store) -> None:
    memory = store.memory

    assert (memory.order_id_high(), memory.boots()) == (0, 0)
    assert memory.halts() == ()
    assert memory.outage_told() is None
    assert memory.panic() is None
    assert memory.protections() == ()
    assert memory.answer_to("a") is None
    assert memory.account_value(MONDAY) is None
    assert memory.unclean_starts() == ()
    assert not memory.is_running()


def test_a_halt_holds_until_it_is_lifted(store: Store) -> None:
    with store.transaction():
        store.memory.set_halts([a_halt("by the owner")])
    halted = store.memory.halts()
    with store.transaction():
        store.memory.set_halts(())

    assert (halted, store.memory.halts()) == ((a_halt("by the owner"),), ())


def test_a_stock_of_an_account_has_one_exit_plan_the_newest(store: Store) -> None:
    other, elsewhere = a_protection(instrument=FDMX), a_protection(account="DU7654321")
    newer = a_protection(entries=(), basis=price("4.83"), off=(ExitKind.STOP,))
    with store.transaction():
        for each in (a_protection(), other, elsewhere, newer):
            store.memory.set_protection(each)
    all_three = store.memory.protections()
    with store.transaction():
        store.memory.drop_protection(QRVX.con_id, account=newer.account)
        store.memory.drop_protection(QRVX.con_id, account=newer.account)

    assert set(all_three) == {newer, other, elsewhere}
    assert set(store.memory.protections()) == {other, elsewhere}


def test_a_panic_waits_until_its_card_stands(store: Store) -> None:
    panic = Panic(at=NOW, by="Ada", key="panic:7")
    with store.transaction():
        store.memory.set_panic(panic)
    waits = store.memory.panic()
    with store.transaction():
        store.memory.set_panic(None)

    assert (waits, store.memory.panic()) == (panic, None)


def test_what_is_remembered_of_one_order_is_not_of_another(store: Store) -> None:
    with store.transaction():
        store.memory.add_ghost(REF, "listed")
        store.memory.add_unwanted(REF, "alive")
        store.memory.add_seen(REF, "by Ada")
        store.memory.add_doubt(REF)
        store.memory.add_doubt(REF)

    assert (store.memory.doubts(REF), store.memory.doubts(OTHER)) == (2, 0)
    for knows in (
        store.memory.is_ghost,
        store.memory.is_unwanted,
        store.memory.was_seen,
    ):
        assert (knows(REF), knows(OTHER)) == (True, False)


def test_ids_answers_values_and_outages_are_kept_exactly(store: Store) -> None:
    with store.transaction():
        store.memory.raise_order_id_high(41)
        store.memory.add_answer("scan:1", PROPOSAL_ID)
        store.memory.set_account_value(FRIDAY, money("100000.10"))
        store.memory.set_outage_told(NOW)

    assert store.memory.order_id_high() == 41
    assert store.memory.answer_to("scan:1") == PROPOSAL_ID
    assert store.memory.account_value(FRIDAY) == money("100000.10")
    assert store.memory.account_value(MONDAY) is None
    assert store.memory.outage_told() == NOW


def test_a_run_is_counted_and_stands_until_it_ends_well(store: Store) -> None:
    with store.transaction():
        store.memory.begin_run(unclean_starts=[NOW])
    begun = store.memory.is_running()
    with store.transaction():
        store.memory.end_run()

    assert (begun, store.memory.is_running(), store.memory.boots()) == (True, False, 1)
    assert store.memory.unclean_starts() == (NOW,)


def test_the_score_is_the_last_that_was_worked_out(store: Store) -> None:
    first = Score(
        series="12345678",
        settings="50 rows",
        other_series=0,
        results=(),
        bought=None,
        days=(DayFigure(day=MONDAY, picks=1.5, spy=-0.1, rows=0.25),),
        unpriced=(("no bid in that time", 2),),
        slippage=0.1,
    )
    assert store.memory.score() is None
    for score in (first, replace(first, other_series=1)):
        with store.transaction():
            store.memory.set_score(score)
        assert store.memory.score() == score


def test_what_is_muted_held_and_being_given_is_kept(store: Store) -> None:
    memory = store.memory
    nothing = (memory.muted_until(), memory.held(), memory.giving())
    with store.transaction():
        memory.set_muted_until(NOW)
        memory.set_held(("settled:a", "line-lost:b"))
        memory.set_giving(["settled:c"])
    kept = (memory.muted_until(), memory.held(), memory.giving())
    with store.transaction():
        memory.set_muted_until(None)
        memory.set_held(())

    assert nothing == (None, (), ())
    assert kept == (NOW, ("settled:a", "line-lost:b"), ("settled:c",))
    assert (memory.muted_until(), memory.held()) == (None, ())


def test_people_are_kept_in_their_order(store: Store) -> None:
    people = (
        Person(number=4004, rights=Rights.VIEWER),
        Person(number=3003, rights=Rights.OWNER),
    )
    nobody = store.memory.people()
    with store.transaction():
        store.memory.set_people(people)

    assert (nobody, store.memory.people()) == ((), people)


def test_each_chat_has_notes_of_its_own(store: Store) -> None:
    there = store.memory.of_chat(4004)
    send = ChatSend(key="settled:a", after=7, body="{}")
    with store.transaction():
        there.set_chat_send(send)
        there.set_muted_until(NOW)
        there.set_held(("a",))
        there.set_giving(("b",))
        there.set_keyboard(on=True)

    assert (store.memory.chat_send(), store.memory.muted_until()) == (None, None)
    assert store.memory.of_chat(5005).chat_send() is None
    again = store.memory.of_chat(4004)
    assert (again.chat_send(), again.muted_until()) == (send, NOW)
    assert (again.held(), again.giving()) == (("a",), ("b",))
    assert (again.has_keyboard(), store.memory.has_keyboard()) == (True, False)
    with store.transaction():
        again.set_keyboard(on=False)
    assert not again.has_keyboard()


def test_the_last_send_to_the_chat_is_kept_exactly(store: Store) -> None:
    send = ChatSend(key="settled:a", after=7, body='{"text": "Bought"}')
    nothing = store.memory.chat_send()
    with store.transaction():
        store.memory.set_chat_send(send)
    kept = store.memory.chat_send()
    with store.transaction():
        store.memory.set_chat_send(None)

    assert (nothing, kept, store.memory.chat_send()) == (None, send, None)


def test_the_accounts_values_come_by_their_days(store: Store) -> None:
    assert store.memory.account_values() == ()
    with store.transaction():
        store.memory.set_account_value(MONDAY, money("101"))
        store.memory.set_account_value(FRIDAY, money("100.50"))
        store.memory.set_account_value(MONDAY, money("102"))

    found = store.memory.account_values()
    assert found == ((FRIDAY, money("100.50")), (MONDAY, money("102")))
