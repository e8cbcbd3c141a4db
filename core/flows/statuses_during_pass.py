"""The statuses that IB sends during a pass: repetitions that the pass itself causes, or
news."""

from dataclasses import dataclass, field

from core.model.evidence import Evidence
from core.model.order import OrderRef


@dataclass(slots=True)
class StatusesDuringPass:
    """Statuses received during a pass that only a pass can explain.

    IB repeats the status of each order that it lists, so a pass that is made because of
    a status receives that status again.
    """

    _received: dict[OrderRef, str] = field(default_factory=dict)
    _unexplained: set[tuple[OrderRef, str]] = field(default_factory=set)

    def keep(self, ref: OrderRef, status: str) -> None:
        """IB sent *status* for the order."""
        self._received[ref] = status

    def end_pass(self, evidence: Evidence) -> bool:
        """End the pass. Returns whether it does not list a status that was received, so
        that another pass has to be made. The same status causes only one more."""
        listed = {
            *((order.ref, order.status) for order in evidence.open_orders),
            *((each.names.ref, each.status) for each in evidence.completed),
        }
        left = {each for each in self._received.items() if each not in listed}
        news = left - self._unexplained
        self._received, self._unexplained = {}, left
        return bool(news)
