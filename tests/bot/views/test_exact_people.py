"""Each line with a figure of /people is the one that the test reckons itself."""

from typing import Final

from hypothesis import given, strategies as st

from bot.views import people
from core.model.identity import Person, Rights
from core.model.news import PeopleChanged
from tests.bot.views.own_figures import (
    any_case,
    with_figures,
)
from tests.builders import (
    NOW,
)


persons: Final = st.builds(
    Person, number=st.integers(1, 10**10), rights=st.sampled_from(Rights)
)


@any_case
@given(st.integers(1, 10**10), st.lists(persons, max_size=4))
def test_people_are_counted_and_named(owner: int, others: list[Person]) -> None:
    number = 1 + len(others)

    assert with_figures(people.listed(owner, others)) == [
        f"{number} {'person' if number == 1 else 'people'} may see this account",
        f"{owner} owner, named in .env",
        *(f"{each.number} {each.rights}" for each in others),
        "/people add 123456 viewer",
        "/people add 123456 owner",
        "/people remove 123456",
    ]


@any_case
@given(persons, st.booleans())
def test_a_change_of_people_names_the_one_it_is_about(
    one: Person,
    is_removed: bool,  # noqa: FBT001  drawn
) -> None:
    rights = None if is_removed else one.rights
    news = PeopleChanged(at=NOW, number=one.number, rights=rights, by="Sam")

    told = with_figures(people.changed(news))

    if is_removed:
        assert told == [f"{one.number} is not answered any more, said Sam."]
    else:
        first, second = told
        assert first == f"{one.number} is {one.rights} from now on, said Sam."
        assert second.endswith(f"If that is wrong: /people remove {one.number}.")
