"""What can happen to an order around a code: every way, at every moment.

IB's book decides what the code was worth: the same words come of orders that live and
of orders that are dead.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from core.sandbox.trading.order_state import OrderStatus
from core.sandbox.trouble.faults import Action
from tests.codes.case import Case


CANCELLED: Final = OrderStatus.CANCELLED
REJECTED: Final = OrderStatus.INACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``meets`` is what the order meets on its way to the gateway. ``silent`` is an
    end of which IB says nothing but the code."""

    play: Callable[[Case], Awaitable[None]]
    meets: tuple[tuple[Action, float], ...] = ()
    silent: bool = False

    @property
    def name(self) -> str:
        return self.play.__name__

    @property
    def leaves_no_trace(self) -> bool:
        """The order never comes into IB's book."""
        return (Action.REFUSE, 0.0) in self.meets


# before IB has named it


async def refused_by_the_gateway(case: Case) -> None:
    """IB has never heard of it."""


async def read_late(case: Case) -> None:
    """The code comes first; then the order gets there, and fills."""
    await case.sent()
    case.is_named()
    case.is_filled()


async def named_and_filled(case: Case) -> None:
    await case.sent()
    case.is_spoken_of()
    case.is_named()
    case.is_filled()


async def named_and_working(case: Case) -> None:
    await case.sent()
    case.is_spoken_of()
    case.is_named()


async def named_late(case: Case) -> None:
    """Who looks at once finds it open, and IB has not said so by itself."""
    await case.sent()
    case.is_spoken_of()
    await case.harness.until_settled()
    case.is_named()


async def named_while_it_was_looked_for(case: Case) -> None:
    """The code and IB's first word come while the listings are taken."""
    await case.compared()
    case.is_spoken_of()
    case.is_named()


async def filled_while_it_was_looked_for(case: Case) -> None:
    await case.compared()
    case.is_spoken_of()
    case.is_named()
    case.is_filled()


async def rejected_while_it_was_looked_for(case: Case) -> None:
    await case.compared()
    case.is_spoken_of()
    case.is_over(REJECTED)


async def named_and_part_filled(case: Case) -> None:
    await case.sent()
    case.is_spoken_of()
    case.is_named()
    case.is_part_filled()


async def rejected(case: Case) -> None:
    await case.sent()
    case.is_spoken_of()
    case.is_over(REJECTED)


async def rejected_before_the_code(case: Case) -> None:
    await case.sent()
    case.is_over(REJECTED)
    case.is_spoken_of()


async def rejected_by_the_code_alone(case: Case) -> None:
    await case.sent()
    case.is_over_in_silence(REJECTED)
    case.is_spoken_of()


async def cancelled_unnamed(case: Case) -> None:
    await case.sent()
    case.is_spoken_of()
    case.is_over(CANCELLED)


# after IB has named it


async def working_and_filled(case: Case) -> None:
    await case.working()
    case.is_spoken_of()
    case.is_filled()


async def working_on(case: Case) -> None:
    await case.working()
    case.is_spoken_of()


async def cancelled(case: Case) -> None:
    await case.working()
    case.is_spoken_of()
    case.is_over(CANCELLED)


async def cancelled_before_the_code(case: Case) -> None:
    await case.working()
    case.is_over(CANCELLED)
    case.is_spoken_of()


async def cancelled_by_the_code_alone(case: Case) -> None:
    await case.working()
    case.is_over_in_silence(CANCELLED)
    case.is_spoken_of()


async def deactivated(case: Case) -> None:
    await case.working()
    case.is_spoken_of()
    case.is_over(REJECTED)


async def deactivated_by_the_code_alone(case: Case) -> None:
    await case.working()
    case.is_over_in_silence(REJECTED)
    case.is_spoken_of()


# after a fill


async def filled(case: Case) -> None:
    await case.working()
    case.is_filled()
    await case.harness.until_settled()
    case.is_spoken_of()


async def part_filled_and_working(case: Case) -> None:
    await case.part_filled()
    case.is_spoken_of()


async def part_filled_and_then_the_rest(case: Case) -> None:
    await case.part_filled()
    case.is_spoken_of()
    case.is_filled()


async def part_filled_and_cancelled(case: Case) -> None:
    await case.part_filled()
    case.is_spoken_of()
    case.is_over(CANCELLED)


async def part_filled_and_cancelled_by_the_code_alone(case: Case) -> None:
    await case.part_filled()
    case.is_over_in_silence(CANCELLED)
    case.is_spoken_of()


FEW: Final = (
    Way(play=refused_by_the_gateway, meets=((Action.REFUSE, 0.0),), silent=True),
    Way(play=named_and_filled),
    Way(play=rejected_by_the_code_alone, silent=True),
    Way(play=working_on),
    Way(play=cancelled_by_the_code_alone, silent=True),
    Way(play=filled),
    Way(play=part_filled_and_working),
    Way(play=part_filled_and_cancelled),
)
"""Alive and dead, before and after IB has named it, and after a fill."""

WAYS: Final = (
    *FEW,
    Way(play=named_and_working),
    Way(play=working_and_filled),
    Way(play=read_late, meets=((Action.NOTE, 0.0), (Action.DELAY, 0.05))),
    Way(play=named_late),
    Way(play=named_and_part_filled),
    Way(play=rejected),
    Way(play=rejected_before_the_code),
    Way(play=cancelled_unnamed),
    Way(play=cancelled),
    Way(play=cancelled_before_the_code),
    Way(play=deactivated),
    Way(play=deactivated_by_the_code_alone, silent=True),
    Way(play=part_filled_and_then_the_rest),
    Way(play=part_filled_and_cancelled_by_the_code_alone, silent=True),
)

LOOKED_FOR: Final = (
    Way(play=named_while_it_was_looked_for),
    Way(play=filled_while_it_was_looked_for),
    Way(play=rejected_while_it_was_looked_for),
)
"""All that is said comes in the middle of a comparison."""
