"""Every message that there is: found in the tree, made of any values of its parameters' types,
parsed, measured. A new view is tried as soon as something outside ``bot.views`` says it."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from bot.handlers.commands import COMMANDS
from bot.views.help import glossary
from core.model.card import Card
from core.model.chosen.news import RunsMissed
from core.model.fills import Fill
from core.model.market import Bar, ConId, Instrument, Quote
from core.model.money import Money, Price, Shares
from core.model.order import Order
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Leg, Proposal
from core.model.ranking import Candidate, Change, Month, Ranking
from core.model.report import MorningReport, PickOutcome
from core.model.status import ScanProgress
from tests.bot.views import strategies as any_
from tests.bot.views.hands import check
from tests.bot.views.scans.test_candles import a_chart
from tests.source_tree import ROOT, tree_of


VIEWS: Final = ROOT / "bot" / "views"

TYPES: Final[Mapping[Any, st.SearchStrategy[Any]]] = MappingProxyType(
    {
        str: any_.names,
        int: st.integers(0, 10**6),
        float: st.floats(0, 10**6),
        Decimal: any_.amounts,
        datetime: any_.moments,
        date: any_.days,
        Money: any_.amounts,
        Price: any_.prices,
        Shares: any_.shares,
        ConId: st.integers(1, 10**9).map(ConId),
        Instrument: any_.instruments,
        Quote: any_.quotes,
        Month: any_.months,
        Bar: any_.bars,
        Change: any_.changes,
        Candidate: any_.candidates,
        Ranking: any_.rankings,
        Leg: any_.legs,
        Proposal: any_.proposals,
        Fill: any_.fills,
        Order: any_.orders,
        Position: any_.positions,
        Card: any_.cards,
        OpenOrder: any_.open_orders,
        AccountSummary: any_.accounts,
        PickOutcome: any_.outcomes,
        MorningReport: any_.reports,
        ScanProgress: any_.progresses,
    }
)
"""Of these types the values that the core could hand over; of others, any that fit."""

NAMES: Final = st.sampled_from([command.name for command in COMMANDS])
FILLED: Final = any_.orders.filter(lambda order: order.filled > 0)
ONE_LEG: Final = any_.cards.filter(lambda card: len(card.proposal.legs) > 0)


def _has_runs(news: RunsMissed) -> bool:
    return bool(news.runs)


NO_MESSAGES: Final = frozenset(
    {
        "help.glossary.named",  # what was said, as a key
        "scans.scan_words.name",  # a button's label
        "scans.table.place",  # a button's label
        "scans.candles.sketch",  # what is drawn
        "scans.chart.sketch",
        "scores.profits.sketch",
        "scores.sketch.sketch",
        "scores.sketch.sketch_replay",
        "settings.export.env_text",  # a file
        "trouble.toast",  # answers to taps: tests/bot/views/test_every_view.py
        "trouble.left_out",
        "trouble.rechosen",
        "trouble.repriced",
        "trouble.resized",
        "orders.overview.cancel_asked",
    }
)
"""What leaves as something else than a message."""

PLAIN: Final = ("words.", "labels.", "alarms.")
"""Parts of messages; labels of buttons, which are no HTML; and reasons of a halt, which
the message that quotes them escapes."""

HTML: Final = any_.names.map(escape)
CHARTS: Final = st.builds(
    replace,
    st.just(a_chart("4.80", "4.90")),
    instrument=any_.instruments,
    quote=any_.maybe(any_.quotes),
    prior_open=any_.maybe(any_.prices),
    prior_day=any_.maybe(any_.days),
)
CLOSED: Final = st.builds(replace, any_.orders, reason=any_.names.filter(str.strip))

ARGUMENTS: Final[Mapping[str, Mapping[str, st.SearchStrategy[Any]]]] = MappingProxyType(
    {
        "audit.too_large": {"caption": HTML},
        "noise.held": {"texts": st.lists(HTML, min_size=1)},
        "scans.candles.how_to": {"command": NAMES},
        "scans.candles.caption": {"chart": CHARTS},
        "schedule.shown.missed": {"news": st.from_type(RunsMissed).filter(_has_runs)},
        "settings.changes.only_in_file": {"name": NAMES},
        "trading.exit_news.exit_done": {"order": FILLED},
        "trading.exit_news.exit_sold": {"order": FILLED},
        "trading.exit_news.exit_part_filled": {"order": FILLED},
        "trading.exits.exits_card": {"card": ONE_LEG},
        "trading.sale.sale": {"card": ONE_LEG},
        "trading.purchase.purchase": {"card": ONE_LEG},
        "trouble.doubt_closed": {"order": CLOSED},
        "trouble.interrupted": {"command": NAMES},
        "trouble.not_understood": {"nearest": st.lists(NAMES)},
        "welcome.command": {"name": NAMES},
        "welcome.term": {"name": st.sampled_from(sorted(glossary.TERMS))},
        "welcome.commands": {"listed": st.just([("Look", "scan", "a line")])},
    }
)
"""Where a type says less than the caller keeps to."""


@cache
def messages() -> Mapping[str, Callable[..., str]]:
    """Each function of ``bot.views`` that returns a text and is called from outside."""
    return {
        name: view
        for name, view in from_views().items()
        if callable(view)
        and not isinstance(view, type)
        and get_type_hints(view).get("return") is str
    }


@cache
def constants() -> Mapping[str, str]:
    """Each text of ``bot.views`` that is the same each time and is taken from outside."""
    return {name: text for name, text in from_views().items() if isinstance(text, str)}


@cache
def from_views() -> Mapping[str, Any]:
    """What the rest of the bot takes from ``bot.views`` for messages."""
    found = {
        f"{path.removeprefix('bot.views.')}.{name}": getattr(
            import_module(path), name, None
        )
        for path, name in sorted(set(_said()))
    }
    return {
        name: value
        for name, value in found.items()
        if name not in NO_MESSAGES and not name.startswith(PLAIN)
    }


def _said() -> Iterator[tuple[str, str]]:
    """(module, name) of all that the rest of the bot takes from ``bot.views``."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if not path.is_relative_to(VIEWS):
            yield from _taken(tree_of(path))


def _taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "bot.views"
        ):
            for each in node.names:
                if _is_module(f"{node.module}.{each.name}"):
                    modules[each.asname or each.name] = f"{node.module}.{each.name}"
                else:
                    yield node.module or "", each.name
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name in modules:
                yield modules[name], node.attr


def _is_module(path: str) -> bool:
    place = Path(ROOT, *path.split("."))
    return place.with_suffix(".py").exists() or place.is_dir()


def calls(name: str, view: Callable[..., str]) -> st.SearchStrategy[str]:
    """What *view* says of any arguments."""
    return arguments(name, view).map(lambda named: called(view, named))


def arguments(
    name: str, view: Callable[..., str]
) -> st.SearchStrategy[Mapping[str, Any]]:
    """Any arguments of *view*, by their names."""
    hints = get_type_hints(view)
    known = ARGUMENTS.get(name, {})
    given_ = {
        each: known.get(each, st.from_type(hints[each]))
        for each in signature(view).parameters
    }
    return st.fixed_dictionaries(given_).map(_kept)


def _kept(named: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same, with what can be read only once as a list."""
    return {k: list(v) if isinstance(v, Iterator) else v for k, v in named.items()}


def called(view: Callable[..., str], named: Mapping[str, Any]) -> str:
    kinds = {each: one.kind for each, one in signature(view).parameters.items()}
    by_name = {each for each, kind in kinds.items() if kind is Parameter.KEYWORD_ONLY}
    rest = (named[each] for each in kinds if each not in by_name)
    return view(*rest, **{each: named[each] for each in by_name})


@pytest.fixture(scope="module", autouse=True)
def _types() -> None:
    for of, values in TYPES.items():
        st.register_type_strategy(of, values)


def test_there_are_messages() -> None:
    assert len(messages()) > 100
    assert {"trouble.TYPED_YES", "trading.answers.WHICH_OF_THEM"} <= set(constants())


@pytest.mark.parametrize("name", constants())
def test_a_text_that_is_always_the_same_fits_too(name: str) -> None:
    check(constants()[name])


@pytest.mark.parametrize("name", messages())
def test_whatever_it_is_told_a_message_parses_fits_and_does_not_wrap(name: str) -> None:
    @settings(
        max_examples=4,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(calls(name, messages()[name]))
    def whatever(html: str) -> None:
        check(html)

    whatever()
