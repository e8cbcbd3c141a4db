"""Who may look or act: on disk, and told to everybody who may act."""

from core.ledger.people import PeopleLedger
from core.ledger.unit_of_work import UnitOfWork
from core.model.identity import Person, Rights
from core.model.news import PeopleChanged
from core.model.points import ignore
from tests.builders import NOW
from tests.fakes.clock import HandClock
from tests.fakes.journal_memory import MemoryStore
from tests.harness.core import Harness


VI = Person(number=4004, rights=Rights.VIEWER)
VI_ACTS = Person(number=4004, rights=Rights.OWNER)
BO = Person(number=5005, rights=Rights.OWNER)


def people_of(store: MemoryStore) -> PeopleLedger:
    clock = HandClock(NOW)
    unit = UnitOfWork(store, clock=clock, wake=lambda: None, reached=ignore)
    return PeopleLedger(unit, memory=store.memory, outbox=store.outbox)


def told(store: MemoryStore) -> list[tuple[int, Rights | None]]:
    items = store.outbox.unsent()
    news = [item.news for item in items if isinstance(item.news, PeopleChanged)]
    return [(each.number, each.rights) for each in news]


def test_who_is_added_may_from_now_on_and_all_are_told() -> None:
    store = MemoryStore()
    people = people_of(store)

    people.add(VI, by="Sam")

    assert people.all() == (VI,)
    assert told(store) == [(VI.number, Rights.VIEWER)]


def test_new_rights_take_the_place_of_the_old_ones() -> None:
    store = MemoryStore()
    people = people_of(store)
    for person in (VI, BO, VI_ACTS):
        people.add(person, by="Sam")

    assert people.all() == (BO, VI_ACTS)


def test_who_is_removed_is_told_nothing_more() -> None:
    store = MemoryStore()
    people = people_of(store)
    people.add(VI, by="Sam")
    people.remove(VI.number, by="Sam")

    assert people.all() == ()
    assert told(store)[-1] == (VI.number, None)


def test_the_past_is_not_told_to_who_is_new() -> None:
    store = MemoryStore()
    news = PeopleChanged(at=NOW, number=1, rights=None, by="Sam")
    with store.transaction():
        store.outbox.notify(news)
    people_of(store).add(VI, by="Sam")

    there = store.outbox.of_chat(VI.number).unsent()

    assert [item.news for item in there if item.news == news] == []
    assert len(there) == 1


def test_every_change_is_in_the_trail(harness: Harness) -> None:
    people = PeopleLedger(
        harness.unit(), memory=harness.journal.memory, outbox=harness.journal.outbox
    )
    people.add(VI, by="Sam")
    people.remove(VI.number, by="Sam")

    said = [
        line.payload for line in harness.journal.trail.lines() if line.kind == "people"
    ]
    assert said == ["4004 is viewer, by Sam", "4004 is nobody, by Sam"]
