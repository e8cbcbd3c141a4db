"""Leaves out of the process what no part of it uses.

The events of ib_async can gather their values in numpy's arrays, which nobody here asks
of them. numpy would be 12 MB of memory and a tenth of a second of every start, so while
those events are imported an empty module stands in its place.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Final


_EVENTS: Final = "eventkit"
_ARRAYS: Final = "numpy"


def import_events_without_arrays() -> None:
    """To be called before anything imports ib_async; nothing when the events or the
    arrays are there already, since then there is nothing to save."""
    if _EVENTS in sys.modules or _ARRAYS in sys.modules:
        return
    sys.modules[_ARRAYS] = ModuleType(_ARRAYS)
    try:
        import_module(_EVENTS)
    finally:
        del sys.modules[_ARRAYS]
