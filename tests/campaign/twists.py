"""What else goes wrong in a trial, and what its right end is.

Each twist acts at four moments (the card is there, Yes was said, the bot is dead, the
owner looks), and counts what should not have come of it.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGCONT
from typing import Final

from bot.sandbox.api_types import Message
from bot.sandbox.faults import Drop, Fault
from core.model.points import W2
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.universe import universe
from core.sandbox.server import GatewayServer, serve
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderKey, OrderTicket
from core.sandbox.trouble.faults import Action, Trouble
from tests.campaign import judge, trouble
from tests.campaign.dying_bot import REFUSED, Death
from tests.campaign.judge import Count
from tests.campaign.plan import Behaviour, Plan, Twist
from tests.harness.product import MOST_DOLLARS, MOST_PERCENT, SEED, ProductHarness


CLIENT_ID: Final = "OPENBELL_GATEWAY_CLIENT_ID"
OURS: Final = 17
"""The bot's client id, where no setting says another."""

ANOTHER: Final = 18
_SHORTLY: Final = 0.005
_ORDERS: Final = 2
LONG: Final = 3.0
"""Seconds of a suspension or a silence: more than a judgement, or a price, may be old."""

SHARES: Final = 7
"""Of another tool's order, far below the market: it works as long as nobody cancels it."""

A_TOOL: Final = "tb-scalper-7"
A_TWIN: Final = "tb-ffffffff-abcdefghij-1"
"""The ref of another Openbell's order."""

Looks = Callable[[Message], bool]

_AGAIN: Final = 3.0
"""Seconds after which the owner repeats a command that nobody has answered."""

_GLANCE: Final = 0.05


@dataclass(slots=True, kw_only=True)
class Twisted:
    """Nothing else goes wrong; what the others have in common."""

    plan: Plan
    harness: ProductHarness
    kill: Callable[[], None] = lambda: None
    """Ends the bot's life."""
    others: list[BookOrder] = field(default_factory=list)
    """Orders of other tools that work, as they were placed."""
    elsewhere: Sequence[BookOrder] = ()
    """Orders of ours at another gateway."""
    _keys: set[OrderKey] = field(default_factory=set)
    """Of all orders of other tools, those that IB refused at once too."""

    def settings(self, life: int) -> Mapping[str, str]:
        """What the bot's *life* is started with."""
        return self.harness.settings

    def pause(self, life: int) -> Death | None:
        """Where the bot's *life* is suspended."""
        return None

    async def before_yes(self, card: Message) -> None:
        """The card is there."""

    def after_yes(self, pid: int) -> None:
        """The first Yes was said, to the bot in process *pid*."""

    def while_dead(self) -> None:
        """Between two lives."""

    def look(self, card: Message) -> None:
        """The owner looks at the chat."""

    def is_over(self, card: Message) -> bool:
        """Whether the card has come to an end of its own kind."""
        return False

    @property
    def met(self) -> bool:
        """Whether the trouble has come about."""
        return False

    def expects(self, exit_code: int) -> bool:
        """Whether the bot should have ended by itself, with that code."""
        return False

    def is_other(self, order: BookOrder) -> bool:
        """Whether the order is another tool's."""
        return order.key in self._keys

    def count(self, ours: judge.Book) -> Count:
        """What should not have come about; *ours* is the book without others' orders."""
        return Count(touched=sum(not self._is_untouched(each) for each in self.others))

    def end(self) -> None:
        """The trial is over."""

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        """What is there for the whole of the trial."""
        yield

    def _is_untouched(self, other: BookOrder) -> bool:
        working = {each.key: each for each in self.harness.gateway.orders()}
        now = working.get(other.key)
        return now is not None and now.ticket == other.ticket

    def place(self, *, client_id: int, order_id: int, ref: str) -> None:
        """An order of another tool, under an id that the gateway does not count."""
        gateway = self.harness.gateway.gateway
        ticket = OrderTicket(
            client_id=client_id,
            order_id=order_id,
            con_id=_con_id(MOST_PERCENT),
            action="BUY",
            quantity=SHARES,
            order_type="LMT",
            limit_price=0.5,
            tif="GTC",
            order_ref=ref,
        )
        self._keys.add(ticket.key)
        now = self.harness.gateway.clock.now()
        gateway.advance(now)
        gateway.spread(gateway.exchange.place(ticket, now))
        working = self.harness.gateway.orders()
        self.others += [each for each in working if each.key == ticket.key]


@dataclass(slots=True, kw_only=True)
class CancelFirst(Twisted):
    """The gateway answers the last question before the send late; meanwhile the owner
    cancels. What he was told will not be sent is not; the rest ends as IB says."""

    _queries: dict[str, str] = field(default_factory=dict)

    async def before_yes(self, card: Message) -> None:
        late = Trouble(message="currentTime", action=Action.DELAY, times=3, seconds=0.4)
        self.harness.gateway.add_trouble(late)

    def after_yes(self, pid: int) -> None:
        self.harness.chat.chats.hear(self.harness.phone.user, "/cancel")

    def look(self, card: Message) -> None:
        """Every button of the answer to /cancel, and of the card, once."""
        for message in self.harness.phone.heard:
            for label in (each for row in message.buttons for each in row):
                key = f"{message.message_id} {label}"
                if label.startswith("Cancel ") and key not in self._queries.values():
                    self._queries[self.harness.phone.press(message, label)] = key

    @property
    def _answers(self) -> list[str]:
        answers = self.harness.chat.chats.answers
        return [answers[query].text for query in self._queries if query in answers]

    @property
    def met(self) -> bool:
        return any("will not be sent" in text for text in self._answers)

    def count(self, ours: judge.Book) -> Count:
        said = self._answers
        barred = [s for s in ours if any(judge.is_barred(s, text) for text in said)]
        asked = [
            s for s in ours if any(judge.is_cancel_asked(s, text) for text in said)
        ]
        alive = [s for s in asked if any(not order.done for order in ours[s])]
        return Count(after_cancel=len(barred), cancels_lost=len(alive))


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
        for message in self.harness.phone.heard:
            if message.message_id in self._seen:
                continue
            if judge.is_halted(message):
                self._seen.add(message.message_id)
                self.harness.chat.chats.hear(self.harness.phone.user, "/resume")
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
class Silent(Twisted):
    """The quotes that run say nothing any more, and the price is 20 % higher: nothing
    is bought on the old one. The owner does not want it at the new one."""

    _declined: set[str] = field(default_factory=set)

    async def before_yes(self, card: Message) -> None:
        self.harness.gateway.silence()
        for symbol in (MOST_PERCENT, MOST_DOLLARS):
            shape = trouble.shapes(self.plan)[symbol]
            assert shape.last
            risen = replace(shape, last=shape.last * 1.2)
            self.harness.gateway.set_override(symbol, risen)
        await asyncio.sleep(LONG)

    def look(self, card: Message) -> None:
        """He says No to the card that asks once more."""
        asks = "Not bought." in card.text and judge.has(card, "No")
        if asks and card.text not in self._declined:
            self._declined.add(card.text)
            self.harness.phone.press(card, judge.label_of(card, "No"))

    def is_over(self, card: Message) -> bool:
        return "Not bought." in card.text and not judge.has(card, "Yes")

    @property
    def met(self) -> bool:
        return bool(self._declined)

    def count(self, ours: judge.Book) -> Count:
        return Count(stale=trouble.seen(self.harness))


@dataclass(slots=True, kw_only=True)
class Suspended(Twisted):
    """The process stands still for some seconds: before W2, and the order is judged
    again; or between W2 and its bytes, and it does not leave."""

    _stood: bool = False
    _over: bool = False

    def pause(self, life: int) -> Death | None:
        return Death(label=self._where) if life == 0 else None

    @property
    def _where(self) -> str:
        return W2.after if self.plan.late else W2.before

    def after_yes(self, pid: int) -> None:
        self._watch(pid)

    def _watch(self, pid: int) -> None:
        """Wait until the bot stands, and continue it after a while."""
        loop = asyncio.get_running_loop()
        if self._over or not _is_alive(pid):
            return
        if _is_stopped(pid):
            self._stood = True
            loop.call_later(LONG, self._continue, pid)
        else:
            loop.call_later(_GLANCE, self._watch, pid)

    def _continue(self, pid: int) -> None:
        if not self._over and _is_alive(pid):
            os.kill(pid, SIGCONT)

    @property
    def met(self) -> bool:
        return self._stood

    def count(self, ours: judge.Book) -> Count:
        """One order fewer than was approved has left, if it stood between the two."""
        left = sum(map(len, ours.values()))
        too_late = self._stood and self._where == W2.after
        approved = len({MOST_PERCENT, MOST_DOLLARS})
        return Count(stale=int(too_late and left >= approved))

    def end(self) -> None:
        self._over = True


@dataclass(slots=True, kw_only=True)
class Restored(Twisted):
    """The next life finds the data folder as it was before the Yes. If IB has had an
    order of the lost time, trading halts; nothing is bought twice."""

    _copy: Path | None = None
    _done: bool = False

    async def before_yes(self, card: Message) -> None:
        self._copy = self._data / "copy"
        self._copy.mkdir()
        for file in self._data.glob("openbell*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, self._copy / file.name)

    @property
    def _data(self) -> Path:
        return Path(self.harness.settings["OPENBELL_DATA_DIR"])

    def while_dead(self) -> None:
        if self._done or self._copy is None:
            return
        self._done = True
        for file in self._data.glob("openbell*"):
            file.unlink()
        for file in self._copy.iterdir():
            shutil.copyfile(file, self._data / file.name)

    @property
    def met(self) -> bool:
        return self._done

    def count(self, ours: judge.Book) -> Count:
        """Judged by the book alone: the journal has forgotten what the card said."""
        twice = sum(max(0, len(orders) - 1) for orders in ours.values())
        return Count(duplicates=twice)


@dataclass(slots=True, kw_only=True)
class Halted(Twisted):
    """The owner has halted trading when another Openbell is found in the account: that
    is told too, nothing leaves, and /resume names both."""

    _sent: int = 0
    _unnoticed: int = 0
    _has_resumed: bool = False

    async def before_yes(self, card: Message) -> None:
        await self._says("/halt", _says("Halted."))
        self.harness.phone.press(card, judge.label_of(card, "Yes"))
        self.place(client_id=55, order_id=1, ref=A_TWIN)
        self.harness.gateway.cut()
        await self._hears(_says(A_TWIN))
        self._sent = trouble.seen(self.harness)
        asks = await self._says("/resume", lambda m: judge.has(m, "Allow"))
        named = ("/halt by", A_TWIN)
        self._unnoticed += not all(each in asks.text for each in named)
        self.harness.phone.press(asks, judge.label_of(asks, "Allow"))
        await self._hears(_says("No longer halted", "Ready to trade"))
        self._has_resumed = True

    async def _says(self, command: str, answers: Looks) -> Message:
        """Send *command* until it is answered."""
        while True:
            sent = await self.harness.phone.send(command)
            with suppress(TimeoutError):
                return await self._hears(answers, after=sent, within=_AGAIN)

    async def _hears(
        self, looks: Looks, *, after: Message | None = None, within: float = 60.0
    ) -> Message:
        since = after.message_id if after else 0
        return await self.harness.phone.wait_for(
            lambda phone: next(
                (m for m in phone.heard if m.message_id > since and looks(m)), None
            ),
            within=within,
        )

    @property
    def met(self) -> bool:
        return self._has_resumed

    def count(self, ours: judge.Book) -> Count:
        return Count(while_halted=self._sent, unnoticed=self._unnoticed)


@dataclass(slots=True, kw_only=True)
class LostSends(Twisted):
    """Telegram obeys, and its answer is cut; or it does not hear at all."""

    async def before_yes(self, card: Message) -> None:
        faults, times = self.harness.chat.faults, 1 + self.plan.rollback
        when = Drop.AFTER if self.plan.late else Drop.BEFORE
        for method in ("sendMessage", "editMessageText"):
            faults.next(method, Fault(drop=when), times=times)
        faults.next("answerCallbackQuery", Fault(drop=when))

    @property
    def met(self) -> bool:
        return self.harness.chat.faults.take("sendMessage") is None


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
        loop.call_later(_GLANCE, self._watch)
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
        heard = self.harness.phone.heard
        self._told = any(any(w in m.text for w in _ELSEWHERE) for m in heard)
        waited = loop.time() - self._since
        if waited > _LONGEST or (waited > LONG and (self._told or not self._open)):
            self._unnoticed += self._open and not self._told
            self.kill()
        else:
            loop.call_later(_GLANCE, self._watch)

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


_ELSEWHERE: Final = ("belongs to another login", "I can't see what became of")
_LONGEST: Final = 25.0
"""Seconds that he waits for that word on a busy machine."""

ANOTHER_LOGIN: Final = AccountSpec(account="DU7654321")
PORT: Final = "OPENBELL_GATEWAY_PORT"

_TWISTS: Final[Mapping[Twist, type[Twisted]]] = {
    Twist.NONE: Twisted,
    Twist.CANCEL_FIRST: CancelFirst,
    Twist.OTHER_CLIENT: OtherClient,
    Twist.OTHER_TOOL: OtherTool,
    Twist.SILENT: Silent,
    Twist.SUSPENDED: Suspended,
    Twist.RESTORED: Restored,
    Twist.HALTED: Halted,
    Twist.LOST_SENDS: LostSends,
    Twist.ELSEWHERE: Elsewhere,
}


def twisted(plan: Plan, harness: ProductHarness) -> Twisted:
    """What else goes wrong in a trial of *plan*."""
    return _TWISTS[plan.twist](plan=plan, harness=harness)


def _says(*words: str) -> Looks:
    return lambda message: any(each in message.text for each in words)


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _is_stopped(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return stat.rpartition(") ")[2].startswith("T")


def _con_id(symbol: str) -> int:
    return next(n for n, s in universe(SEED).by_con_id.items() if s.symbol == symbol)
