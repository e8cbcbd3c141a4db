"""Every noun of the core is a value: frozen, slotted, and built by name."""

import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

import core.model


def nouns() -> Iterator[type]:
    for module in pkgutil.iter_modules(core.model.__path__):
        room = import_module(f"core.model.{module.name}")
        for thing in vars(room).values():
            if isinstance(thing, type) and thing.__module__ == room.__name__:
                yield thing


DATACLASSES = [noun for noun in nouns() if is_dataclass(noun)]


def test_there_are_nouns() -> None:
    assert len(DATACLASSES) > 50


@pytest.mark.parametrize("noun", DATACLASSES, ids=lambda noun: noun.__name__)
def test_a_noun_is_frozen_slotted_and_keyword_only(noun: type) -> None:
    assert noun.__dataclass_params__.frozen  # type: ignore[attr-defined]  # set by dataclass
    assert "__slots__" in vars(noun)
    assert all(field.kw_only for field in fields(noun))
