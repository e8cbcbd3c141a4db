"""Every class of core.model is a value: frozen, slotted, and built by name."""

import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

import core.model


def values() -> Iterator[type]:
    for module in pkgutil.iter_modules(core.model.__path__):
        room = import_module(f"core.model.{module.name}")
        for thing in vars(room).values():
            if isinstance(thing, type) and thing.__module__ == room.__name__:
                yield thing


DATACLASSES = [value for value in values() if is_dataclass(value)]


def test_there_are_values() -> None:
    assert len(DATACLASSES) > 50


@pytest.mark.parametrize("value", DATACLASSES, ids=lambda value: value.__name__)
def test_a_value_is_frozen_slotted_and_keyword_only(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]  # set by dataclass
    assert "__slots__" in vars(value)
    assert all(field.kw_only for field in fields(value))
