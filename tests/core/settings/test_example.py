"""The example file shows every setting as it is."""

from itertools import pairwise
from pathlib import Path

from dotenv import dotenv_values
from pydantic_core import PydanticUndefined

from core.settings.loading import load_settings
from core.settings.settings import PREFIX, Settings


EXAMPLE = Path(__file__).parents[3] / ".env.example"


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
