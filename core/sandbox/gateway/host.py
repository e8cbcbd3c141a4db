"""What one client's conversation asks of the gateway it belongs to."""

from typing import TYPE_CHECKING, Protocol

from core.sandbox.latency import Latency
from core.sandbox.protocol.wire import Fields
from core.sandbox.timers import Callback
from core.sandbox.trouble.faults import Passed, Trouble


if TYPE_CHECKING:
    from core.sandbox.gateway.session import ClientSession


class Host(Protocol):
    """What a session needs from the gateway it belongs to."""

    @property
    def messages_a_second(self) -> int:
        """How many messages a client may send within one second."""

    def admit(self, session: "ClientSession", client_id: int) -> bool:
        """Let the client in; False when the id is in use."""

    def leave(self, session: "ClientSession") -> None:
        """Forget the client."""

    def latency(self, client_id: int) -> Latency:
        """Return the delays of this client's answers."""

    def alter_request(self, session: "ClientSession", message: Fields) -> Passed:
        """Let the scenario see a request."""

    def alter_reply(self, session: "ClientSession", message: Fields) -> Passed:
        """Let the scenario see a reply."""

    def apply_trouble(
        self, trouble: Trouble, session: "ClientSession", message: Fields
    ) -> None:
        """Do what *trouble* does beyond the message itself."""

    def plan(self, seconds: float, callback: Callback) -> None:
        """Call *callback* after *seconds*, even if the client has gone."""

    def answer(self, session: "ClientSession", message: Fields) -> None:
        """Answer a request.

        Raises:
            Unreadable: a field does not hold what its place demands.
            RequestRefused: it cannot be done.
        """
