"""Seeded bugs that no simulated day was seen to find yet, and the days to play with each:
those made for it, and those whose faults its rule is about."""

from collections.abc import Mapping
from typing import Final


UNPLAYED: Final[Mapping[str, tuple[int, ...]]] = {
    "count a plan's delay from one that was given up": (67, 77),
    "wait for the account window before exits of a holding stand": (67, 77),
    "forget what happened during a pass": (271,),
    "do not ask for the cancel of an order that came back": (146, 175),
    "wait over a new line as long as over the one before": (50, 161, 163),
    "do not ask for the cancel of an order that two passes show alive": (368,),
    "send an exit that was taken off": (67, 77),
    "take an exit that is planned at every look for one that stands": (67, 77),
    "judge an exit by a moment before IB has listed": (67, 77),
    "take the status of a copy made in TWS for the order's": (470,),
    "ask again about what was cancelled meanwhile": (40,),
    "keep figures of a subscription that was lost": (347,),
    "let a hold stand as the reason of a cancellation": (469,),
    "do not tell an exit whose execution comes behind its end": (482,),
    "place an exit on what the owner said before IB answered": (116,),
    "look at another account's exits as this one's": (67,),
    "overlook that IB's count is ahead": (68,),
    "send an order into a window that may be full": (130,),
    "take a 100 behind an order for nobody's": (26,),
    "take a stop that somebody made larger for one that IB reduced": (512,),
}
"""By the bug's name."""
