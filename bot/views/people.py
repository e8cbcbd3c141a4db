"""/people: who may look, and who may act."""

from collections.abc import Iterable
from typing import Final

from bot.views import words
from core.model.identity import Person, Rights
from core.model.news import PeopleChanged


_MAY: Final = {
    Rights.OWNER: "An owner sees, decides and orders.",
    Rights.VIEWER: "A viewer sees all of it, and can do nothing.",
}


def listed(owner: int, people: Iterable[Person]) -> str:
    """Everybody, and how to change it."""
    everybody = [
        f"<code>{owner}</code> owner, named in .env",
        *(f"<code>{each.number}</code> {each.rights}" for each in people),
    ]
    count = len(everybody)
    return words.paragraphs(
        f"<b>{count} {'person' if count == 1 else 'people'} may see this account</b>",
        words.lines(*everybody),
        how_to(),
    )


def how_to() -> str:
    return words.lines(
        "<code>/people add 123456 viewer</code>",
        "<code>/people add 123456 owner</code>",
        "<code>/people remove 123456</code>",
        "The number is what @userinfobot tells that person, who must then open this bot "
        "and press Start.",
    )


def asks(person: Person, *, sure: bool) -> str:
    """Whether to let him; an owner is asked about twice."""
    may = _MAY[person.rights]
    if not sure:
        return words.lines(
            f"<b>Add {person.number} as {person.rights}?</b> {may}",
            "Nothing is changed until you tap.",
        )
    return words.lines(
        f"<b>Are you sure? {person.number} could buy and sell with your money.</b>",
        "Every owner is told. Nothing is changed until you tap.",
    )


def asks_to_remove(person: Person) -> str:
    return words.lines(
        f"<b>Remove {person.number}, {person.rights}?</b>",
        "Nothing new is shown there from then on; what is on that phone stays.",
    )


def changed(news: PeopleChanged) -> str:
    """What every owner is told."""
    by = words.safe(news.by)
    if news.rights is None:
        return words.lines(
            f"<b>{news.number} is not answered any more</b>, said {by}.",
            "/people lists who is.",
        )
    return words.lines(
        f"<b>{news.number} is {news.rights} from now on</b>, said {by}.",
        f"{_MAY[news.rights]} If that is wrong: <code>/people remove {news.number}</code>.",
    )


NOT_UNDERSTOOD: Final = "That was not understood."
SAY_WHO: Final = "Say the number, and owner or viewer."
IN_DIGITS: Final = "The number is in digits, as @userinfobot tells it."
IS_THE_OWNER: Final = "That is the owner of the settings."
NOBODY: Final = "Nobody of that number was added here."


def added_already(person: Person) -> str:
    return f"{person.number} is {person.rights} already."


def too_many(most: int) -> str:
    return f"There are {most} already."


def not_possible(problem: str) -> str:
    return words.lines(
        f"<b>Nothing was changed.</b> {words.sentence(problem)}", how_to()
    )
