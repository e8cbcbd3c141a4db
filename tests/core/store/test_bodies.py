"""What is written to the journal comes back the same, to the last digit."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings, strategies as st

from core.model.fills import Fill
from core.model.news import News
from core.model.order import Order
from core.model.proposal import Proposal
from core.store.bodies import (
    kind_of,
    news_from_json,
    news_to_json,
    proposal_from_json,
    proposal_to_json,
)
from tests.builders import a_proposal, an_order
from tests.core.store.journals import passing_journal


LEAVES: Mapping[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    str: st.text(max_size=12),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(fold=0)),
    NoneType: st.none(),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value that the annotation *kind* allows."""
    if kind in LEAVES:
        return LEAVES[kind]
    if isinstance(kind, NewType):
        return anything(kind.__supertype__)
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*(anything(one) for one in get_args(kind)))
    if get_origin(kind) in {tuple, Mapping}:
        return _collection(kind)
    assert isinstance(kind, type)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        named = {field.name: anything(hints[field.name]) for field in fields(kind)}
        return st.builds(kind, **named)
    assert issubclass(kind, StrEnum)
    return st.sampled_from(list(kind))


def _collection(kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) is tuple:
        return _tuples(get_args(kind))
    return st.dictionaries(*map(anything, get_args(kind)), max_size=3)


def _tuples(kinds: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    if kinds[1:] == (...,):
        return st.lists(anything(kinds[0]), max_size=2).map(tuple)
    return st.tuples(*(anything(kind) for kind in kinds))


@settings(max_examples=40, deadline=None)
@given(anything(Proposal))
def test_a_proposal_comes_back_the_same(proposal: Proposal) -> None:
    body = proposal_to_json(proposal)

    back = proposal_from_json(body)

    assert back == proposal
    assert proposal_to_json(back) == body  # 1.0 and 1.00 are equal, and not the same


@pytest.mark.parametrize("kind", get_args(News), ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_news_comes_back_as_its_own_kind(kind: type[News], data: st.DataObject) -> None:
    news = data.draw(anything(kind))
    body = news_to_json(news)

    back = news_from_json(kind_of(news), body)

    assert type(back) is kind
    assert back == news
    assert news_to_json(back) == body


@settings(max_examples=25, deadline=None)
@given(anything(Order), st.lists(anything(Fill), unique_by=lambda f: f.stem))
def test_an_order_comes_back_the_same(order: Order, fills: list[Fill]) -> None:
    order = replace(order, proposal_id=a_proposal().id, fills=tuple(fills))

    with passing_journal() as store:
        with store.transaction():
            store.proposals.add(a_proposal())
            store.orders.add(order)
        back = store.orders.by_ref(order.ref)

    assert back == order
    assert repr(back) == repr(order)


@pytest.mark.parametrize("text", ["0.10", "1E+3", "-0", "1.2300E-7", "0.0001"])
def test_a_price_keeps_every_digit(text: str) -> None:
    order = an_order(estimate=Decimal(text))

    with passing_journal() as store:
        with store.transaction():
            store.proposals.add(a_proposal())
            store.orders.add(order)
        back = store.orders.by_ref(order.ref)

    assert back is not None
    assert str(back.estimate) == text
