"""/people: who may look and who may act. Each change is asked about first."""

from collections.abc import Sequence
from typing import Final

from bot import keyboards
from bot.handlers.services import Received, Services, Tapped, redraw, reply, toast
from bot.outgoing.page import Page
from bot.presses.people import Admit, Dismiss
from bot.views import people as view
from core.model.identity import Person, Rights


MOST: Final = 20
"""The most people beside the owner."""

_LONGEST: Final = 16
"""Digits of a number in Telegram, at most."""


async def people(received: Received, services: Services) -> None:
    """/people: list them; /people add NUMBER owner|viewer; /people remove NUMBER."""
    match [word.lower() for word in received.arguments]:
        case []:
            text = view.listed(services.people.owner, services.people.others)
            await reply(received, Page(text=text))
        case ["add", *rest]:
            await reply(received, _asks_to_add(rest, services))
        case ["remove", number]:
            await reply(received, _asks_to_remove(number, services))
        case _:
            await reply(received, _refused(view.NOT_UNDERSTOOD))


def _asks_to_add(said: Sequence[str], services: Services) -> Page:
    match said:
        case [number, rights] if rights in set(Rights):
            person = _person(number, Rights(rights))
        case _:
            return _refused(view.SAY_WHO)
    if person is None:
        return _refused(view.IN_DIGITS)
    if problem := _against(person, services):
        return _refused(problem)
    keyboard = keyboards.for_person(person, sure=False)
    return Page(text=view.asks(person, sure=False), keyboard=keyboard)


def _person(number: str, rights: Rights) -> Person | None:
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST):
        return None
    return Person(number=int(number), rights=rights) if int(number) else None


def _against(person: Person, services: Services) -> str:
    """Why *person* cannot be added; "" if he can."""
    others = services.people.others
    if person.number == services.people.owner:
        return view.IS_THE_OWNER
    if person in others:
        return view.added_already(person)
    if len(others) >= MOST and services.people.rights_of(person.number) is None:
        return view.too_many(MOST)
    return ""


def _asks_to_remove(number: str, services: Services) -> Page:
    found = [each for each in services.people.others if str(each.number) == number]
    if not found:
        return _refused(view.NOBODY)
    keyboard = keyboards.for_removal(found[0].number)
    return Page(text=view.asks_to_remove(found[0]), keyboard=keyboard)


def _refused(problem: str) -> Page:
    return Page(text=view.not_possible(problem))


async def admit(chosen: Admit, tapped: Tapped, services: Services) -> None:
    """Add a person, if that is still possible; for an owner a second question comes
    first."""
    await toast(tapped)
    person = Person(number=chosen.number, rights=chosen.rights)
    if problem := _against(person, services):
        await redraw(tapped, _refused(problem))
    elif person.rights is Rights.OWNER and not chosen.sure:
        keyboard = keyboards.for_person(person, sure=True)
        page = Page(text=view.asks(person, sure=True), keyboard=keyboard)
        await redraw(tapped, page)
    else:
        services.engine.people.add(person, by=tapped.by)
        await redraw(tapped, _list(services))


async def dismiss(chosen: Dismiss, tapped: Tapped, services: Services) -> None:
    """Remove a person; the owner himself cannot be removed."""
    await toast(tapped)
    if (
        services.people.rights_of(chosen.number)
        and chosen.number != services.people.owner
    ):
        services.engine.people.remove(chosen.number, by=tapped.by)
    await redraw(tapped, _list(services))


def _list(services: Services) -> Page:
    return Page(text=view.listed(services.people.owner, services.people.others))
