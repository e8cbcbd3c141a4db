"""Keeps unused parts of libraries from being imported.

ib_async's events can collect values in numpy arrays, and httpx has a command line (with
rich and pygments, if installed); ib_async parses account statements as XML, and
APScheduler can run jobs in processes. None of that is used here. The first two would
cost 12 and 4 MB of memory and a tenth of a second at every start, the others 1 MB; so
an empty module replaces each of them while those libraries are imported. What httpx
needs for non-ASCII host names (1.3 MB) is imported when the first such name is used.
And httpcore looks for sniffio at every lock: if it is not installed, the whole path
would be searched three times per request. Nobody reads the docstrings of
python-telegram-bot's classes here, which are 0.9 MB."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final


_UNUSED: Final = (
    ("eventkit", "numpy", ()),
    ("httpx", "httpx._main", ()),
    ("ib_async", "ib_async.flexreport", ("FlexReport", "FlexError")),
    (
        "apscheduler.schedulers.asyncio",
        "apscheduler.executors.pool",
        ("ThreadPoolExecutor",),
    ),
)
"""The library, the module that it would import, and the names it takes from there,
which become None."""


_NEEDED_LATER: Final = ("httpx", "idna")

_LOOKED_FOR: Final = "sniffio"

_DESCRIBED_AT_LENGTH: Final = "telegram"


def import_leanly() -> None:
    """Call this before anything imports these libraries. It skips a library that is
    already imported, or whose unused part is."""
    if _LOOKED_FOR not in sys.modules and find_spec(_LOOKED_FOR) is None:
        absent: Any = None
        sys.modules[_LOOKED_FOR] = absent
    library, later = _NEEDED_LATER
    with _standing_in(library, _later(later)):
        for library, unused, names in _UNUSED:
            with _standing_in(library, _empty(unused, names)):
                import_module(library)
    import_module(f"{_DESCRIBED_AT_LENGTH}.ext")
    _forget_docstrings(_DESCRIBED_AT_LENGTH)


def _forget_docstrings(library: str) -> None:
    """Drop the docstrings of *library*'s classes; a function's belongs to its code, and
    stays."""
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] == library:
            for value in vars(module).values():
                if isinstance(value, type) and value.__module__ == name:
                    value.__doc__ = None


@contextmanager
def _standing_in(library: str, module: ModuleType) -> Iterator[None]:
    name = module.__name__
    is_new = library not in sys.modules and name not in sys.modules
    if is_new:
        sys.modules[name] = module
    try:
        yield
    finally:
        if is_new:
            del sys.modules[name]


def _empty(name: str, names: tuple[str, ...]) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(dict.fromkeys(names))
    return module


def _later(name: str) -> ModuleType:
    """A module that imports the one with this *name* when an attribute is used."""
    module = ModuleType(name)
    vars(module)["__getattr__"] = lambda asked: getattr(import_module(name), asked)
    return module
