"""The example file shows every setting as it is."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from pydantic_core import PydanticUndefined

from core.settings.loading import load_settings
from core.settings.marks import bounds_of
from core.settings.settings import PREFIX, Settings


EXAMPLE = Path(__file__).parents[3] / ".env.example"


ABOUT_EVERY_PORT: Final = {"1", "65535"}
"""What every port may be, whosever it is; and 1, the least of what is counted."""


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+", text)) - {"0"}


def above(field: str) -> str:
    """The comment above the setting in the example."""
    text = EXAMPLE.read_text(encoding="utf-8")
    [comment] = re.findall(
        rf"((?:^# .*\n)+)^{PREFIX}{field.upper()}=", text, re.MULTILINE
    )
    return str(comment)


def test_the_example_names_exactly_the_settings_that_exist() -> None:
    named = list(dotenv_values(EXAMPLE))

    assert sorted(named) == sorted(
        PREFIX + field.upper() for field in Settings.model_fields
    )
    assert len(named) == len(set(named))


def test_the_example_shows_the_values_that_are_used_without_it() -> None:
    shown = dotenv_values(EXAMPLE)

    assert load_settings(EXAMPLE) == load_settings(Path("there is no such file"))
    for field, about in Settings.model_fields.items():
        if about.default not in {None, "", PydanticUndefined}:
            assert shown[PREFIX + field.upper()], field


def test_the_example_has_a_sentence_above_every_setting() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()

    for above, line in pairwise(lines):
        if line.startswith(PREFIX):
            assert above.startswith("# "), line
            assert above.endswith("."), line


def test_the_example_names_the_range_of_every_number_that_has_one() -> None:
    """The numbers of the field's own description, which a refusal names."""
    told = {field: numbers_in(above(field)) for field in Settings.model_fields}
    ranges = {
        field: numbers_in(about.description or "") - ABOUT_EVERY_PORT
        for field, about in Settings.model_fields.items()
        if bounds_of(about) and about.description
    }

    assert {f: left for f in ranges if (left := ranges[f] - told[f])} == {}
