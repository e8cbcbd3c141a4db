"""The protocol as a machine: every step that can be taken from a state."""

from collections.abc import Callable, Iterator
from typing import Final

from tests.model import bot, outside
from tests.model.state import Rules, State, Step


StepRule = Callable[[State, Rules], Iterator[Step]]

MUST: Final[tuple[StepRule, ...]] = (
    bot.start,
    bot.connect,
    bot.compare,
    bot.conclude,
    bot.judge_order,
    bot.write_ahead,
    bot.place,
    bot.time_out,
    bot.ask_cancel,
    outside.frame,
)
"""What goes on by itself: where none of these can, the bot is at rest."""

MAY: Final[tuple[StepRule, ...]] = (
    bot.receive,
    outside.tap,
    outside.cancel,
    outside.halt,
    outside.settle,
    outside.visit,
    outside.fall,
    outside.sleep,
    outside.at_ib,
    outside.restart_gateway,
    outside.midnight,
    outside.trade_by_hand,
    outside.use_tool,
)
"""What the owner, IB, others or fate do, or leave."""


def steps(
    state: State, rules: Rules, rules_of_steps: tuple[StepRule, ...]
) -> Iterator[Step]:
    """All that can happen next and changes anything."""
    for story in rules_of_steps:
        for name, after in story(state, rules):
            if after != state:
                yield name, after
