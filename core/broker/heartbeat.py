"""Whether the gateway is there: requests for its clock, one at a time."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final

from core.broker.line_monitor import LineMonitor
from core.broker.messages import ConnectionLost, GatewayTime, Message
from core.broker.pacing import Urgency
from core.broker.session import GatewaySession
from core.broker.unread import CLOCK
from core.model.errors import BrokerAway
from core.ports.market import Clock


FRESH: Final = 1.0
"""Seconds after which a probe that was begun is not used any more."""

FORGOTTEN: Final = 1.5
"""Seconds without an answer after which a request counts as lost when the next proof is
needed, whether or not somebody waits for it."""

ProbeAnswer = asyncio.Future[GatewayTime | ConnectionLost]


class Heartbeat:
    """Asks the gateway of one conversation. Callers share the answer of a pending
    request; after one of them has timed out, the request is sent again."""

    def __init__(
        self, session: GatewaySession, monitor: LineMonitor, *, clock: Clock
    ) -> None:
        self._session, self._monitor, self._clock = session, monitor, clock
        self._loop = asyncio.get_running_loop()
        self._waiting: list[ProbeAnswer] = []
        self._out: ProbeAnswer | None = None
        self._begun: tuple[float, ProbeAnswer] | None = None
        self._asked = clock.now()
        self._began = self._loop.time()
        session.listen_to_the_clock(self._take_message)
        session.when_unread(self.prove_read)

    def begin_probe(self) -> None:
        """Ask now, for the next ``look``; does nothing if the line is lost."""
        with suppress(BrokerAway):
            self._begun = self._loop.time(), self._ask()

    def prove_read(self) -> None:
        """Ask after messages without an answer of their own: the answer proves that the
        gateway has read them."""
        if self._out is not None and self._loop.time() - self._began > FORGOTTEN:
            self._out = None
        if self._out is None:
            with suppress(BrokerAway):
                self._ask()

    async def look(self) -> datetime:
        """The gateway's clock (UTC, whole seconds), as the answer to the last probe
        that was begun, or else to a new request.

        Raises:
            BrokerAway: the conversation is over.
        """
        begun, self._begun = self._begun, None
        if begun is not None and self._loop.time() - begun[0] < FRESH:
            return await self._patiently(begun[1])
        return await self.time()

    async def time(self) -> datetime:
        """Ask now, or share the pending request; as ``look``."""
        return await self._patiently(self._ask())

    def _ask(self) -> ProbeAnswer:
        lost = self._session.lost
        if lost.done():
            raise BrokerAway(lost.result())
        if self._out is None:
            self._out = self._loop.create_future()
            self._waiting.append(self._out)
            self._asked, self._began = self._clock.now(), self._loop.time()
            ask = self._session.client.reqCurrentTime
            self._session.send(Urgency.PROOF, ask, number=CLOCK)
        return self._out

    async def _patiently(self, answer: ProbeAnswer) -> datetime:
        try:
            await asyncio.wait({answer})
        finally:
            if answer is self._out:
                self._out = None
        match answer.result():
            case GatewayTime(at=gateway):
                return gateway
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)

    def _take_message(self, message: Message) -> None:
        """An answer does not say which request it belongs to; since it proves that the
        gateway is there, it answers all of them."""
        assert isinstance(message, GatewayTime | ConnectionLost)
        if isinstance(message, GatewayTime) and self._waiting:
            self._monitor.answered(
                self._asked, message.at, self._loop.time() - self._began
            )
        for answer in self._waiting:
            answer.set_result(message)
        self._waiting.clear()
        self._out = None
