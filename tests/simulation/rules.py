"""Counts which steps and rules of the order protocol a day has met.

The product is not changed: its functions are wrapped under their own names, and their
calls and results are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from bot.simulated.libraries import replaced
from core.flows import listen, reconcile
from core.ledger import orders as ledger
from core.ledger.others import Others
from core.model.evidence import CodeMessage
from core.model.order import Order
from core.model.order_events import Cancelled, Noted, OrderEvent
from core.rules import order_messages, order_states
from core.rules.listings import absence, reconciliation
from core.rules.order_states import STEPS


RULES: Final = tuple(f"R{number}" for number in range(1, 19))
_NO_VERDICT: Final = {
    "R11": frozenset({103, 104, 105, 161}),
    "R12": frozenset({10147, 10148}),
}
_WORTHLESS: Final = ("reconciliation is worth nothing", "reconciliation was cut")


def step(order: Order, event: OrderEvent) -> str:
    """The name of a step from one state of an order to another."""
    return f"{order.state} {type(event).__name__}"


ALL_STEPS: Final = tuple(f"{state} {event.__name__}" for state, event in STEPS)

_ASKED_AGAIN: Final = (
    "a journal that asks again has compared the orders before; the old copy of one that"
    " was sent shows it in that comparison, as planned"
)
NOT_HERE: Final = {
    **{
        f"needs reconfirm {event}": _ASKED_AGAIN
        for event in ("Acked", "Filled", "Cancelled", "Rejected")
    },
    **{
        f"{state} Amended": "an echo of the simulated gateway's shows that it has the"
        " order, so that Acked comes before it; Inactive, it has the shares as sent"
        for state in ("sending", "unknown")
    },
    "unknown Refused": "a code is of this order only over the line that it left on, and"
    " R15 ends that line in the moment in which it calls the order unknown",
    "planned Noted": "a code names an order id, which a planned order has not; what a"
    " listing notes comes behind Acked",
}
"""Steps that no simulated day can meet, and why: tests/core/rules/test_steps.py plays
them."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Counts into *counts* while ``met`` is open."""

    counts: Counter[str]

    def met(self, rule: str) -> None:
        self.counts[f"rule {rule}"] += 1

    def logged(self, message: str) -> None:
        """Count R10, a pass from which nothing is concluded: it leaves only a log line."""
        if message.startswith(_WORTHLESS):
            self.met("R10")

    def advance(self, order: Order, event: OrderEvent) -> Order:
        if (order.state, type(event)) in STEPS:
            self.counts[f"step {step(order, event)}"] += 1
        return order_states.advance(order, event)

    def yields(self, rule: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def counting(*arguments: Any) -> tuple[Any, ...]:
            said = tuple(function(*arguments))
            if said:
                self.met(rule)
            return said

        return counting

    def says(self, rule: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def counting(*arguments: Any, **named: Any) -> Any:
            said = function(*arguments, **named)
            if said:
                self.met(rule)
            return said

        return counting

    def asked(self, rule: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def counting(*arguments: Any) -> Any:
            self.met(rule)
            return function(*arguments)

        return counting

    def fills(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(order: Order, found: Any) -> tuple[Any, ...]:
            said = tuple(function(order, found))
            if said:
                shares = sum(received.fill.shares for received in found.fills)
                self.met("R2" if shares >= order.shares else "R3")
            return said

        return counting

    def ends(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(order: Order, found: Any) -> tuple[Any, ...]:
            said = tuple(function(order, found))
            for event in said:
                self.met("R4" if isinstance(event, Cancelled) else "R5")
            return said

        return counting

    def wants(self, function: Callable[..., bool]) -> Callable[..., bool]:
        def counting(order: Order, received: Any) -> bool:
            wanted = function(order, received)
            if isinstance(received, CodeMessage):
                for rule, codes in _NO_VERDICT.items():
                    if received.code in codes:
                        self.met(rule)
            return wanted

        return counting

    def notes(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(order: Order, received: CodeMessage) -> tuple[Any, ...]:
            said = tuple(function(order, received))
            if any(isinstance(event, Noted) for event in said):
                self.met("R14")
            return said

        return counting


@contextmanager
def watched(counts: Counter[str]) -> Iterator[Watch]:
    """Count every step and rule that runs while the block is open."""
    watch, found = Watch(counts), reconciliation
    named = {
        absence.r6_absent: "R6",
        absence.r7_midnight_passed: "R7",
        absence.r8_position_moved: "R8",
        absence.r9_id_counted: "R9",
        absence.r15_without_fence: "R15",
        absence.r16_ended_and_open: "R16",
    }
    verdicts = tuple(
        watch.says(named[rule], rule) if rule in named else rule
        for rule in absence.VERDICTS
    )
    silence = reconcile.Reconciler._notify_of_silence
    with ExitStack() as undo:
        for holder, name, value in (
            (ledger, "advance", watch.advance),
            (ledger, "is_ghost", watch.says("R16", order_states.is_ghost)),
            (found, "_r1_open", watch.yields("R1", found._r1_open)),
            (found, "_r2_r3_fills", watch.fills(found._r2_r3_fills)),
            (found, "_r4_r5_completed", watch.ends(found._r4_r5_completed)),
            (found, "_r13_refused", watch.yields("R13", found._r13_refused)),
            (absence, "VERDICTS", verdicts),
            (reconcile, "belongs_to", watch.says("R18", found.belongs_to)),
            (reconcile.Reconciler, "_notify_of_silence", watch.asked("R15", silence)),
            (listen, "wants_evidence", watch.wants(order_messages.wants_evidence)),
            (order_messages, "_of_code", watch.notes(order_messages._of_code)),
            (
                Others,
                "note_unknown_order",
                watch.asked("R17", Others.note_unknown_order),
            ),
        ):
            undo.enter_context(replaced(holder, name, value))
        yield watch
