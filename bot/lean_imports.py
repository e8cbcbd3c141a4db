"""Leaves out of the process what no part of it uses.

The events of ib_async can gather their values in numpy's arrays, and httpx brings a
command line of its own (with rich and pygments, where they are installed). ib_async reads
account statements as XML, and APScheduler can run jobs in processes. Nobody here asks for
any of it. The first two would be 12 and 4 MB of memory and a tenth of a second of every
start, the others 1 MB; so while those libraries are imported an empty module stands in
the place of each. What httpx needs for host names with letters beyond ASCII (1.3 MB) is
imported by the first such name. And httpcore asks at each lock whether sniffio is there:
where it is not, every folder of the path was searched for it, three times a request.
"""

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
"""The library, what it would import, and the names that it takes from there: they become
None."""


_NEEDED_LATER: Final = ("httpx", "idna")

_LOOKED_FOR: Final = "sniffio"


def import_leanly() -> None:
    """To be called before anything imports these libraries; nothing where a library or
    its unused part is there already, since then there is nothing to save."""
    if _LOOKED_FOR not in sys.modules and find_spec(_LOOKED_FOR) is None:
        absent: Any = None
        sys.modules[_LOOKED_FOR] = absent
    library, later = _NEEDED_LATER
    with _standing_in(library, _later(later)):
        for library, unused, names in _UNUSED:
            with _standing_in(library, _empty(unused, names)):
                import_module(library)


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
    """Who asks it for anything gets that of the module with this *name*."""
    module = ModuleType(name)
    vars(module)["__getattr__"] = lambda asked: getattr(import_module(name), asked)
    return module
