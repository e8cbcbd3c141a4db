"""The people who may look or act besides the owner in the settings.

Nothing here awaits; see core.ledger.orders.
"""

from core.ledger.unit_of_work import UnitOfWork
from core.model.identity import Person, Rights
from core.model.news import PeopleChanged
from core.ports.memory import PeopleMemory
from core.ports.outbox import NewsChats


class PeopleLedger:
    """All of them. News from before a person was added is not sent to him."""

    def __init__(
        self, unit: UnitOfWork, *, memory: PeopleMemory, outbox: NewsChats
    ) -> None:
        self._unit, self._memory, self._outbox = unit, memory, outbox

    def all(self) -> tuple[Person, ...]:
        """In the order in which they were added."""
        return self._memory.people()

    def add(self, person: Person, *, by: str) -> None:
        """Let *person* look or act from now on; changes the rights of a known
        person."""
        is_new = person.number not in {each.number for each in self.all()}
        with self._unit.writing():
            if is_new:
                self._outbox.begin_chat(person.number)
            self._memory.set_people((*self._others(person.number), person))
            self._note(person.number, person.rights, by)

    def remove(self, number: int, *, by: str) -> None:
        """Take all rights away from the person with this *number*."""
        with self._unit.writing():
            self._memory.set_people(self._others(number))
            self._outbox.end_chat(number)
            self._note(number, None, by)

    def _others(self, number: int) -> tuple[Person, ...]:
        return tuple(each for each in self.all() if each.number != number)

    def _note(self, number: int, rights: Rights | None, by: str) -> None:
        now = self._unit.now()
        self._unit.audit("", "people", f"{number} is {rights or 'nobody'}, by {by}")
        news = PeopleChanged(at=now, number=number, rights=rights, by=by)
        self._unit.notify(news)
