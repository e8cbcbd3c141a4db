"""Who may import whom, derived from the tree: a new module is covered by being there.

What reads better as a list of layers stands in pyproject.toml; here stands what would
have to be repeated there for every new module.
"""

import ast
from collections.abc import Iterable
from typing import Final

import pytest

from tests.source_tree import (
    MODULES,
    imported_by,
    imported_in,
    is_within,
    module_of,
    python_files,
    tree_of,
)


SANDBOXES: Final = ("core.sandbox", "bot.sandbox")
SIMULATIONS: Final = ("bot.demo", "bot.past", "bot.simulated", *SANDBOXES)
"""What only exists to try the product without an account."""

PRODUCT: Final = [name for name in MODULES if not is_within(name, *SIMULATIONS)]
SIMULATED: Final = [name for name in MODULES if is_within(name, *SANDBOXES)]

SHARED: Final = ("core.model", "core.loopback")
"""What a sandbox may know of the product: its values, and the one function that says
which host is this machine."""

AUDITOR: Final = "tests.simulation.auditor"

STARTS_ONE: Final = (
    "bot.__main__",
    {"bot.demo", "bot.simulated.demo", "core.sandbox.cli"},
)
"""The command line, and what it imports once such a command was meant."""

ONLY_IN: Final = {
    "ib_async": ("core.broker", "bot.simulated.libraries"),
    "sqlalchemy": ("core.store",),
    "alembic": ("core.store",),
    "apscheduler": ("core.schedule", "bot.simulated.libraries"),
    "exchange_calendars": ("core.calendar", "core.sandbox.market.hours"),
    "pydantic": ("core.settings", "core.store.bodies"),
    "dotenv": ("core.env_file",),
    "matplotlib": (
        "bot.views.scans.paint",
        "bot.views.scans.paint_candles",
        "bot.views.scores.paint",
    ),
    "telegram": ("bot",),
    "httpx": ("bot",),
    "aiohttp": ("bot.sandbox",),
}
"""Each library has one place that knows it."""

OUTSIDE: Final = ("core.broker", "core.store", "core.schedule")
"""What reaches out: the gateway, the disk, the timer."""

KNOW_THE_OUTSIDE: Final = {
    "bot.app",
    "bot.checks.gateway",
    "bot.checks.journal",
    "bot.past.writing",
    "bot.prompt.chosen",
    "bot.prompt.doctor",
    "bot.prompt.gateways",
    "bot.prompt.records",
    "bot.prompt.replay",
    "bot.prompt.score",
    "bot.prompt.setup",
}
"""Who names it in the bot: all others are given what they need through a port."""

PURE: Final = {
    *("asyncio", "logging", "os", "pathlib", "socket", "time", "random", "secrets"),
    *("threading", "subprocess", "sqlite3"),
}
"""What neither a value nor a rule may know: no loop, no disk, no chance."""


def importers(package: str, among: Iterable[str]) -> set[str]:
    return {
        module
        for module in among
        if any(is_within(name, package) for name in imported_by(module))
    }


@pytest.mark.parametrize("package", SIMULATIONS)
def test_the_product_imports_no_sandbox(package: str) -> None:
    starter, _ = STARTS_ONE

    assert importers(package, PRODUCT) <= {starter}


def test_the_command_line_imports_a_sandbox_only_to_start_it() -> None:
    starter, started = STARTS_ONE
    simulations = {
        name for name in imported_by(starter) if is_within(name, *SIMULATIONS)
    }

    assert simulations == started


def test_the_sandboxes_share_values_with_the_product_and_nothing_else() -> None:
    shared = {
        (module, name)
        for module in SIMULATED
        for name in imported_by(module) & MODULES.keys()
        if not is_within(name, *SHARED, *SANDBOXES)
    }

    assert shared == set()


def test_the_auditor_shares_no_code_with_the_product() -> None:
    """It judges by the two sandboxes: a mistake of the product must not be its own."""
    tests = {module_of(path): path for path in python_files("tests")}
    found: set[str] = set()
    waiting = {AUDITOR}
    while waiting:
        imported = imported_in(tests[waiting.pop()])
        waiting |= (imported & tests.keys()) - found
        found |= imported

    assert found & MODULES.keys()
    assert {n for n in found & MODULES.keys() if not is_within(n, *SANDBOXES)} == set()


@pytest.mark.parametrize(("library", "places"), ONLY_IN.items())
def test_each_library_has_one_place(library: str, places: tuple[str, ...]) -> None:
    users = importers(library, MODULES)

    assert users
    assert {user for user in users if not is_within(user, *places)} == set()


@pytest.mark.parametrize("package", OUTSIDE)
def test_only_the_front_page_and_the_prompt_name_what_is_outside(package: str) -> None:
    of_the_bot = [name for name in PRODUCT if is_within(name, "bot")]

    assert importers(package, of_the_bot) <= KNOW_THE_OUTSIDE


def test_the_core_has_never_heard_of_a_chat() -> None:
    of_the_core = [name for name in MODULES if is_within(name, "core")]

    for word in ("telegram", "httpx", "aiohttp", "bot"):
        assert importers(word, of_the_core) == set()


def test_values_and_rules_know_no_loop_no_disk_and_no_chance() -> None:
    pure = [name for name in MODULES if is_within(name, "core.model", "core.rules")]

    assert pure
    for module in pure:
        outside = {name.partition(".")[0] for name in imported_by(module)}
        assert not outside & (PURE | ONLY_IN.keys()), module


FIGURES: Final = "core.rules.figures"
"""Where percent is worked out, in ``percent``; all others call it."""

HUNDREDS: Final = {"100", "100.0", "HUNDRED", "percent.HUNDRED", "words.HUNDRED"}

NOT_IN_VIEWS: Final = {
    *("zoneinfo", "zoneinfo.ZoneInfo", "core.rules.new_york.NEW_YORK"),
    "core.model.fees.published",
}
"""What a view gets from a rule: New York's zone, and IB's schedule of fees."""


def percent_in(tree: ast.Module) -> list[str]:
    """Each product or quotient with a hundred, which is percent by hand."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult | ast.Div)
        and {ast.unparse(node.left), ast.unparse(node.right)} & HUNDREDS
    ]


def test_percent_is_worked_out_in_one_place() -> None:
    found = {
        module: by_hand
        for module in PRODUCT
        if not is_within(module, FIGURES)
        and (by_hand := percent_in(tree_of(MODULES[module])))
    }

    assert found == {}


@pytest.mark.parametrize("source", ["a = share * 100", "a = 100 * (b - c) / HUNDRED"])
def test_percent_by_hand_is_seen(source: str) -> None:
    assert percent_in(ast.parse(source))


def test_no_view_knows_a_zone_or_a_schedule_of_fees() -> None:
    views = [name for name in MODULES if is_within(name, "bot.views")]
    found = {
        view: known
        for view in views
        if (known := NOT_IN_VIEWS & (imported_by(view) | names_imported_by(view)))
    }

    assert views
    assert found == {}


def test_a_new_module_would_be_covered() -> None:
    """The lists above name packages: nobody has to add a module to them."""
    for module in ("core.flows.new", "bot.new", "bot.handlers.new", "core.new"):
        assert not is_within(module, *SIMULATIONS)
        assert not is_within(module, *OUTSIDE)


WRITES: Final = {
    *("send_message", "send_photo", "send_document", "send_media_group"),
    *("edit_message_text", "edit_message_caption", "edit_message_reply_markup"),
    *("delete_message", "reply_text", "reply_photo", "reply_document", "edit_text"),
}
"""Calls of python-telegram-bot that change what stands in a chat."""

QUEUED: Final = "bot.outgoing.delivery"
"""The one module that makes them, one try at a time."""


BEFORE_THE_QUEUE: Final = {"bot.prompt.pairing"}
"""What greets a new owner at the prompt, where no bot, journal or queue is yet."""


def test_all_that_the_owner_reads_goes_through_one_queue() -> None:
    makers = {
        module
        for module in PRODUCT
        if any(
            isinstance(node, ast.Attribute) and node.attr in WRITES
            for node in ast.walk(tree_of(MODULES[module]))
        )
    }
    senders = {
        module
        for module in PRODUCT
        if {f"{QUEUED}.{name}" for name in ("send", "edit", "delete")}
        & names_imported_by(module)
    }

    assert makers == {QUEUED}
    assert senders - BEFORE_THE_QUEUE == {
        "bot.outgoing.chat",
        "bot.outgoing.last_message",
    }
    assert senders > BEFORE_THE_QUEUE


def names_imported_by(module: str) -> set[str]:
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree_of(MODULES[module]))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
