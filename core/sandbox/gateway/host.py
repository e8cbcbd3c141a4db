"""What a client's session needs from its gateway."""

from typing import Protocol, TypeVar

from core.sandbox.latency import Latency
from core.sandbox.protocol.wire import Fields
from core.sandbox.timers import Callback
from core.sandbox.trouble.faults import Passed, Trouble


Client_contra = TypeVar("Client_contra", contravariant=True)
"""The client's session: named by the session itself, which imports this."""


class Host(Protocol[Client_contra]):
    """What a client's session needs from its gateway."""

    @property
    def messages_a_second(self) -> int:
        """How many messages a client may send within one second."""

    @property
    def rejects_over_rate(self) -> bool:
        """Whether messages above that rate are rejected rather than paced."""

    def admit(self, session: Client_contra, client_id: int) -> None:
        """Let the client in.

        Raises:
            RequestRefused: 326, its id is in use, or there are as many as may be.
        """

    def leave(self, session: Client_contra) -> None:
        """Remove the client."""

    def latency(self, client_id: int) -> Latency:
        """The delays of this client's answers."""

    def alter_request(self, session: Client_contra, message: Fields) -> Passed:
        """Apply the scenario's troubles to a request."""

    def alter_reply(self, session: Client_contra, message: Fields) -> Passed:
        """Apply the scenario's troubles to a reply."""

    def apply_trouble(
        self, trouble: Trouble, session: Client_contra, message: Fields
    ) -> None:
        """Do what *trouble* does besides changing the message."""

    def plan(self, seconds: float, callback: Callback) -> None:
        """Call *callback* after *seconds*, even if the client has gone."""

    def answer(self, session: Client_contra, message: Fields) -> None:
        """Answer a request.

        Raises:
            UnreadableField: a field does not have the type that the message needs there.
            RequestRefused: the request is refused.
        """
