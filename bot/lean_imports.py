"""Leaves out of the process what no part of it uses.

The events of ib_async can gather their values in numpy's arrays, and httpx brings a
command line of its own (with rich and pygments, where they are installed); nobody here
asks for either. They would be 12 and 4 MB of memory and a tenth of a second of every
start, so while those libraries are imported an empty module stands in the place of each.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Final


_UNUSED: Final = {"eventkit": "numpy", "httpx": "httpx._main"}
"""By the library that would import it."""


def import_leanly() -> None:
    """To be called before anything imports ib_async or httpx; nothing where a library or
    its unused part is there already, since then there is nothing to save."""
    for library, unused in _UNUSED.items():
        if library not in sys.modules and unused not in sys.modules:
            _import_without(library, unused)


def _import_without(library: str, unused: str) -> None:
    sys.modules[unused] = ModuleType(unused)
    try:
        import_module(library)
    finally:
        del sys.modules[unused]
