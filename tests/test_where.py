"""Where a module's tests are: under the same path, or where this table says.

``core/rules/figures/fees.py`` is tested by ``tests/core/rules/figures/test_fees.py``. What has no such
file is tested through what uses it, in the places named here for its package.
"""

from pathlib import Path
from typing import Final

import pytest

from tests.source_tree import MODULES, ROOT, name_of


ELSEWHERE: Final = {
    "bot": ("tests/bot/test_app.py", "tests/bot/test_run.py"),
    "bot/bot_api": ("tests/bot/bot_api",),
    "bot/checks": ("tests/bot/checks", "tests/bot/prompt/test_doctor.py"),
    "bot/health": ("tests/bot/health", "tests/bot/test_app.py"),
    "bot/handlers": ("tests/bot/handlers", "tests/bot/test_every_button.py"),
    "bot/outgoing": ("tests/bot/outgoing", "tests/bot/test_run.py"),
    "bot/sandbox": ("tests/bot/sandbox",),
    "bot/views": (
        *("tests/bot/views/test_messages.py", "tests/bot/views/test_figures.py"),
        *("tests/bot/views/test_every_view.py", "tests/bot/views/test_true_words.py"),
    ),
    "core": ("tests/core", "tests/bot/test_app.py"),
    "core/broker": ("tests/core/broker", "tests/contracts/ib"),
    "core/flows": ("tests/core/flows",),
    "core/model": ("tests/core/model", "tests/core/rules"),
    "core/ports": ("tests/contracts",),
    "core/rules": ("tests/core/rules",),
    "core/sandbox": ("tests/core/sandbox", "tests/conformance"),
    "core/store": ("tests/contracts/store", "tests/core/store"),
}
"""The longest package that a module is in counts."""


def own_test(path: Path) -> Path:
    relative = path.relative_to(ROOT)
    return ROOT / "tests" / relative.parent / f"test_{relative.stem.strip('_')}.py"


def without_its_own() -> list[str]:
    return [
        name_of(path)
        for path in MODULES.values()
        if path.name != "__init__.py" and not own_test(path).exists()
    ]


def package_of(module: str) -> str | None:
    """The longest of the table that *module* is in."""
    fitting = [name for name in ELSEWHERE if module.startswith(f"{name}/")]
    return max(fitting, key=len, default=None)


@pytest.mark.parametrize("module", without_its_own())
def test_every_module_has_a_place_where_it_is_tested(module: str) -> None:
    assert package_of(module), f"{module}: no test under its path, and none named"


def test_every_place_named_is_there_and_needed() -> None:
    needed = {package_of(module) for module in without_its_own()}

    assert needed >= ELSEWHERE.keys()
    for places in ELSEWHERE.values():
        assert [place for place in places if not (ROOT / place).exists()] == []
