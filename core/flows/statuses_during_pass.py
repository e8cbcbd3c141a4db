"""The statuses that IB sends during a pass: repetitions that the pass itself causes, or
news."""

from dataclasses import dataclass, field

from core.model.evidence import Evidence
from core.model.order import OrderRef


@dataclass(slots=True)
class StatusesDuringPass:
    """Words that only a pass explains, received while one was under way.

    IB repeats the status of each order that it lists, so a pass that is made because
    of a word hears that word again.
    """

    _received: dict[OrderRef, str] = field(default_factory=dict)
    _puzzling: set[tuple[OrderRef, str]] = field(default_factory=set)

    def keep(self, ref: OrderRef, status: str) -> None:
        """*status*, in IB's word, was said of the order."""
        self._received[ref] = status

    def leave_open(self, evidence: Evidence) -> bool:
        """Whether something was said that the pass does not list, so that another has
        to be made. The same word is asked about once, and then it stands."""
        listed = {
            *((order.ref, order.status) for order in evidence.open_orders),
            *((each.names.ref, each.status) for each in evidence.completed),
        }
        left = {each for each in self._received.items() if each not in listed}
        news = left - self._puzzling
        self._received, self._puzzling = {}, left
        return bool(news)
