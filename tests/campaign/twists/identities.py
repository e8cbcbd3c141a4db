"""Twists about who speaks to IB: another client id, another tool, another gateway."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve
from core.sandbox.trading.holdings import AccountSpec
from tests.campaign import judge, trouble
from tests.campaign.dying_bot import REFUSED
from tests.campaign.judge import Count
from tests.campaign.plan import Behaviour
from tests.campaign.twists.twisted import LONG, POLL_INTERVAL, Twisted
from tests.harness.market import SEED


OURS: Final = 17
"""The bot's client id, where no setting says another."""

ANOTHER: Final = 18

CLIENT_ID: Final = "OPENBELL_GATEWAY_CLIENT_ID"

_SHORTLY: Final = 0.005

_ORDERS: Final = 2

A_TOOL: Final = "tb-scalper-7"

ANOTHER_LOGIN: Final = AccountSpec(account="DU7654321")

PORT: Final = "OPENBELL_GATEWAY_PORT"

_ELSEWHERE: Final = ("belongs to another login", "I can't see what became of")

_LONGEST: Final = 25.0
"""Seconds that he waits for that word on a busy machine."""


@dataclass(slots=True, kw_only=True)
class OtherClient(Twisted):
    """The second life is started under another client id. While orders may be open it
    does not start; the owner sets the id back."""

    _id: int = OURS
    _open: bool = False
    _unnoticed: int = 0
    _refused: int = 0

    def settings(self, life: int) -> Mapping[str, str]:
        if life == 0:
            return self.harness.settings
        return {**self.harness.settings, CLIENT_ID: f"{self._id}"}

    def while_dead(self) -> None:
        orders = self.harness.gateway.orders()
        self._open = any(each.ticket.client_id != ANOTHER for each in orders)
        self._id = ANOTHER if self._id == OURS else OURS

    def expects(self, exit_code: int) -> bool:
        """A start that was refused; one that should have been, and lived, is counted."""
        is_refused = exit_code == REFUSED
        self._refused += is_refused
        self._unnoticed += self._id == ANOTHER and self._open and not is_refused
        return is_refused

    @property
    def met(self) -> bool:
        return self._refused > 0

    def count(self, ours: judge.Book) -> Count:
        """The life that goes on at the end counts as well."""
        lives = self._id == ANOTHER and self._open
        return Count(unnoticed=self._unnoticed + lives)


@dataclass(slots=True, kw_only=True)
class OtherTool(Twisted):
    """While the bot is dead, another tool uses its client id, and IB gives it the next
    order id that it knows of: that of an order that did not arrive, or a new one. The
    refs of a third tool begin as ours do."""

    _seen: set[int] = field(default_factory=set)

    def look(self, card: Message) -> None:
        """IB has counted that order: he looks into it, and allows orders again."""
        for message in self.harness.phone.received:
            if message.message_id in self._seen:
                continue
            if judge.is_halted(message):
                self._seen.add(message.message_id)
                self.harness.chat.chats.receive(self.harness.phone.user, "/resume")
            elif judge.has(message, "Allow"):
                self._seen.add(message.message_id)
                self.harness.phone.press(message, judge.label_of(message, "Allow"))

    def while_dead(self) -> None:
        if self._keys:
            return
        gateway = self.harness.gateway.gateway
        if any(each.client_id == OURS for each in gateway.sessions):
            # the dead bot's last bytes are read before anybody has its client id
            asyncio.get_running_loop().call_later(_SHORTLY, self.while_dead)
            return
        server = self.harness.gateway
        known = {o.ticket.order_id for o in (*server.orders(), *server.completed())}
        next_id = max(gateway.next_order_id(OURS), 1 + max(known, default=0))
        if self.plan.behaviour is Behaviour.CUT_OFF:
            next_id += _ORDERS  # ours may wait in the gateway for its line to IB
        self.place(client_id=OURS, order_id=next_id, ref="")
        self.place(client_id=55, order_id=1, ref=A_TOOL)

    @property
    def met(self) -> bool:
        return bool(self._keys)


@dataclass(slots=True, kw_only=True)
class Elsewhere(Twisted):
    """The second life finds another gateway, with the same account or of another login.
    What may be open at the first one is neither judged nor cancelled from there, and
    the owner is told whose it is; then he sets the port back."""

    _other: GatewayServer | None = None
    _life: int = 0
    _open: bool = False
    _told: bool = False
    _unnoticed: int = 0
    _since: float = 0.0

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        account = ANOTHER_LOGIN if self.plan.late else AccountSpec()
        config = GatewayConfig(
            port=0,
            seed=SEED,
            profile=Profile.INSTANT,
            reject_over_rate=True,
            clock=self.harness.gateway.clock.now(),
            shapes=trouble.shapes(self.plan),
            accounts=(account,),
        )
        async with serve(config) as self._other:
            yield

    def settings(self, life: int) -> Mapping[str, str]:
        self._life = life
        if life != 1 or self._other is None:
            return self.harness.settings
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        loop.call_later(POLL_INTERVAL, self._watch)
        return {**self.harness.settings, PORT: f"{self._other.port}"}

    def while_dead(self) -> None:
        if self._life == 0:
            self._open = bool(self.harness.gateway.orders())

    def _watch(self) -> None:
        """He goes back when he has been told, or has waited for long."""
        loop = asyncio.get_running_loop()
        assert self._other
        if self._life != 1:
            return
        here = {o.key: o for o in (*self._other.orders(), *self._other.completed())}
        self.elsewhere = tuple(here.values())
        received = self.harness.phone.received
        self._told = any(any(w in m.text for w in _ELSEWHERE) for m in received)
        waited = loop.time() - self._since
        if waited > _LONGEST or (waited > LONG and (self._told or not self._open)):
            self._unnoticed += self._open and not self._told
            self.kill()
        else:
            loop.call_later(POLL_INTERVAL, self._watch)

    def is_over(self, card: Message) -> bool:
        """One that was asked anew while the bot was elsewhere says that nothing was
        bought, and has no Yes any more, back here neither."""
        is_back = self._life != 1
        return is_back and "came late" in card.text and not judge.has(card, "Yes")

    @property
    def met(self) -> bool:
        return self._told

    def count(self, ours: judge.Book) -> Count:
        return Count(unnoticed=self._unnoticed)

    def end(self) -> None:
        self._life = -1
