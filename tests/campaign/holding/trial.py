"""One trial of a holding: bought with exits, then a scene in which the bot dies, and what
the gateway holds and the chat says in the end."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from bot.sandbox.api_types import Message
from core.sandbox.gateway.session import Phase
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import universe
from core.sandbox.trading.order_state import BookOrder
from tests.campaign import judge, trouble
from tests.campaign.dying_bot import KillPoint
from tests.campaign.holding import judge as holdings
from tests.campaign.holding.facts import Facts
from tests.campaign.holding.plan import AT_YES, HoldingPlan, Scene
from tests.campaign.holding.scenes import (
    MOVED,
    PLAN,
    PRICES,
    TIMED,
    Owner,
)
from tests.campaign.holding.watch import Watch
from tests.campaign.judge import PART, Count
from tests.campaign.lives import Lives
from tests.campaign.outcome import Outcome
from tests.campaign.twists.identities import OURS
from tests.harness.market import SEED
from tests.harness.product import (
    A_GOOD_MORNING,
    MOST_PERCENT,
    ProductHarness,
    at,
    opened,
)


T = TypeVar("T")

PREFIX: Final = "campaign-"
TIMEOUT: Final = 90.0
"""Seconds that each step of a trial may take on a loaded machine."""

_SOON: Final = 0.1
_SETTLED: Final = 1.5
"""Seconds after which what could still come about by itself has come about."""

_MORNING: Final = at(9, 41)
_BEFORE_THE_CLOSE: Final = at(15, 49, 45)
_AGAIN: Final = 2.0
"""Seconds between two questions of the owner's to the bot."""

_ONCE: Final = 1e9
_A_SCAN: Final = 30.0
"""Seconds that a scan may take, before he asks for another."""

_PLANS: Final[Mapping[Scene, tuple[tuple[float, float], ...]]] = {
    Scene.MOVE: (PLAN, MOVED),
    Scene.TIMED: (PLAN, TIMED),
}


async def try_out(plan: HoldingPlan) -> Outcome:
    """Play *plan* in a fresh folder."""
    with TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        is_late = plan.scene is Scene.TIMED
        async with opened(
            folder,
            clock=_BEFORE_THE_CLOSE if is_late else _MORNING,
            shapes=_shapes(plan),
            exit_stop=f"{PLAN[0]:.0f}%",
            exit_target=f"{PLAN[1]:.0f}%",
        ) as harness:
            return await HoldingTrial(
                plan=plan, harness=harness, folder=folder
            ).outcome()


def _shapes(plan: HoldingPlan) -> Mapping[str, Shape]:
    bent = dict(A_GOOD_MORNING)
    if plan.part:
        thin = replace(bent[MOST_PERCENT], ask_size=PART, refill_seconds=1e9)
        bent[MOST_PERCENT] = thin
    return bent


@dataclass(slots=True, kw_only=True)
class HoldingTrial:
    """The owner's side of it, and the gateway's."""

    plan: HoldingPlan
    harness: ProductHarness
    folder: Path
    _lives: Lives = field(init=False)
    _watch: Watch = field(init=False)
    _owner: Owner = field(init=False)
    _con_id: int = 0
    _card: Message | None = None
    _card_two: Message | None = None
    _has_begun: bool = False
    _fell: bool = False
    _pressed: dict[str, float] = field(default_factory=dict)
    _problem: str = ""

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        stocks = universe(SEED).by_con_id
        self._con_id = next(n for n, s in stocks.items() if s.symbol == MOST_PERCENT)
        self._owner = Owner(plan=self.plan, harness=self.harness, now=loop.time)
        self._watch = Watch(
            facts=lambda: self.facts(past=False),
            is_owed=self._is_owed,
            is_connected=self._is_connected,
        )
        self._lives = Lives(
            deaths=self.plan.deaths,
            log=self.folder / "bot.log",
            settings=lambda _: self.harness.settings,
            pause=_never,
            expects=lambda _: False,
            died=self._died,
            reborn=self._insist,
            armed=self.folder / "armed",
        )

    async def outcome(self) -> Outcome:
        """Play it, and judge."""
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(self._watch.run(), name="watch")
            try:
                await self._play()
            except TimeoutError as late:
                self._problem = str(late) or "not in time"
            finally:
                watching.cancel()
                self._lives.end()
        return Outcome(
            plan=f"{self.plan}",
            label=self.plan.label,
            behaviour=self.plan.behaviour,
            besides=self.plan.scene,
            count=self._count(),
            has_died_there=self._lives.died_at_label == len(self.plan.deaths),
            met=self._lives.died_at_label > 0,
            words=(),
            naked=tuple(self._watch.naked),
            story=self._story(),
        )

    async def _play(self) -> None:
        self._lives.bear()
        await self.harness.phone.send("/scan")
        self._card = await self._until("a card", self._offer)
        if self.plan.scene in AT_YES:
            self._begin()
        self._press(self._card, f"Only {MOST_PERCENT}")
        if self.plan.scene not in AT_YES:
            await self._until("the exits", self._is_protected)
            await self._prepare()
            self._begin()
            self._owner.speak()
            await self._until("the scene", self._owner.go_on)
        await self._until("the truth", self._is_at_rest)
        if not self._lives.kills or (self.plan.scene in PRICES and not self._fell):
            self._lives.kill()
        await self._until("a death", lambda: self._lives.kills)
        await self._until("the same truth after a start", self._is_at_rest)
        if self._fell:
            await self._until("the exit that fires", self._has_fired)
        await asyncio.sleep(_SETTLED)
        await self._until("the truth in the end", self._is_at_rest)
        await self._until("the truth at /exits", self._overview_is_true)

    def _begin(self) -> None:
        """From now on the bot may die, and the gateway does what it does."""
        (self.folder / "armed").touch()
        for each in trouble.troubles(self.plan):
            self.harness.gateway.add_trouble(each)
        self._owner.since = self.harness.phone.messages[-1].message_id
        self._has_begun = True

    async def _prepare(self) -> None:
        """Before a panic there is another offer, which is tapped once it is over."""
        if self.plan.scene is Scene.PANIC:
            self._card_two = await self._until("another card", self._second_offer)

    # what the owner does

    def _offer(self) -> Message | None:
        label = f"Only {MOST_PERCENT}"
        return next(
            (m for m in self.harness.phone.received if judge.has(m, label)), None
        )

    def _second_offer(self) -> Message | None:
        assert self._card
        first = self._card.message_id
        if self._may("scan", again=_A_SCAN):
            self.harness.chat.chats.receive(self.harness.phone.user, "/scan")
        received = self.harness.phone.received
        return next(
            (m for m in received if m.message_id > first and judge.has(m, "Yes")), None
        )

    def _press(self, card: Message, label: str) -> None:
        self.harness.phone.press(card, label)

    def _may(self, what: str, *, again: float = _AGAIN) -> bool:
        """Whether he may do so: not twice in a moment."""
        now = asyncio.get_running_loop().time()
        if now < self._pressed.get(what, 0.0):
            return False
        self._pressed[what] = now + again
        return True

    def _died(self) -> None:
        """While it is dead the price moves, if there is anything to move it for."""
        scene = self.plan.scene
        if scene in PRICES and not self._fell and self.facts().held:
            self._fell = True
            shape = replace(_shapes(self.plan)[MOST_PERCENT], last=PRICES[scene])
            self.harness.gateway.set_override(MOST_PERCENT, shape)
        self._insist()

    def _insist(self) -> None:
        if not self._has_begun or not self.plan.insists:
            return
        if self.plan.scene in AT_YES:
            assert self._card
            self._press(self._card, f"Only {MOST_PERCENT}")
        elif not self._owner.has_agreed:
            self._owner.speak()

    def _look(self) -> None:
        """What he does whenever he looks at the chat."""
        self._ask_again()
        for message in self.harness.phone.received:
            if _is_halted(message) and self._may(
                f"halt {message.message_id}", again=_ONCE
            ):
                self.harness.chat.chats.receive(self.harness.phone.user, "/resume")
            if judge.has(message, "Allow") and self._may("allow"):
                self._press(message, judge.label_of(message, "Allow"))
            if self.plan.answers and judge.has(message, "It is there"):
                self._answer(message)
            stopped = message.text.startswith("Stopped") and self._card_two
            if stopped and self._card_two and self._may("an old offer"):
                self._press(self._card_two, judge.label_of(self._card_two, "Yes"))

    def _ask_again(self) -> None:
        """A purchase that was not sent and is offered again is wanted still."""
        if self._card is None:
            return
        card = self.harness.phone.now(self._card)
        is_asked = card.text.startswith(("Not ", "Your Yes")) and judge.has(
            card, "Only"
        )
        if is_asked and self._may("Yes"):
            self._press(card, judge.label_of(card, f"Only {MOST_PERCENT}"))

    def _answer(self, question: Message) -> None:
        """He looks at IB, and says truly what is there."""
        refs = {order.ticket.order_ref for order in self.facts().orders}
        is_there = any(ref in question.text for ref in refs if ref)
        label = "It is there" if is_there else "It is not there"
        if judge.has(question, label) and self._may(f"{question.message_id}"):
            self._press(question, judge.label_of(question, label))

    # what he waits for

    def _is_owed(self) -> bool:
        """Whether he has approved exits that should stand now."""
        scene, owner = self.plan.scene, self._owner
        if holdings.is_told_bare(self.harness.phone.received):
            return False
        if not self._has_begun:
            return True
        return scene is not Scene.PANIC and not (
            scene is Scene.OFF and owner.has_agreed
        )

    def _is_protected(self) -> bool:
        facts = self.facts()
        return facts.held > 0 and not facts.naked and facts.alive("LMT") >= facts.held

    def _wrong(self) -> Counter[str]:
        received = self.harness.phone.received
        return holdings.wrong_at_rest(self.facts(), received, is_owed=self._is_owed())

    def _is_at_rest(self) -> bool:
        if self._card_is_lost() or self._is_moving() or self._wrong():
            return False
        if self.plan.scene in {Scene.OFF, Scene.PANIC} and self._owner.has_agreed:
            return self._is_off()
        return self._targets_stand()

    def _card_is_lost(self) -> bool:
        """Whether the purchase has not ended, or not begun."""
        card = self.harness.phone.now(self._card) if self._card else None
        if card is None or not holdings.is_approved(card):
            return True
        return judge.has(card, "Yes") or holdings.is_unsent(card)

    def _is_moving(self) -> bool:
        """Whether an order goes on by itself."""
        facts = self.facts()
        return any(not order.done for order in facts.sales) or any(
            not order.done and not order.filled for order in facts.entries
        )

    def _is_off(self) -> bool:
        return all(order.done for order in self.facts().exits)

    def _targets_stand(self) -> bool:
        """A target beside each stop, where there is to be one."""
        facts = self.facts()
        if self.plan.scene in {Scene.TIMED, Scene.PANIC}:
            return True
        is_bare = holdings.is_told_bare(self.harness.phone.received)
        return is_bare or facts.alive("LMT") == facts.alive("STP", "TRAIL")

    def _has_fired(self) -> bool:
        is_bare = holdings.is_told_bare(self.harness.phone.received)
        return (is_bare or not self.facts().held) and self._is_at_rest()

    def _overview_is_true(self) -> bool:
        """/exits says how many shares have no stop, and that is how it should be."""
        asked = self._pressed.get("exits page")
        if self._may("exits page"):
            self.harness.chat.chats.receive(self.harness.phone.user, "/exits")
        page = next(
            (
                m
                for m in reversed(self.harness.phone.received)
                if m.text.startswith(("Exits ·", "Nothing to protect"))
            ),
            None,
        )
        if page is None or asked is None or not self._is_at_rest():
            return False
        facts = self.facts()
        if not facts.held:
            return page.text.startswith("Nothing to protect")
        naked = f"{facts.naked:,} without a stop"
        return (
            naked in page.text if facts.naked else "Everything has a stop" in page.text
        )

    async def _until(self, what: str, look: Callable[[], T | None]) -> T:
        try:
            async with asyncio.timeout(TIMEOUT):
                while not (found := look()):
                    await asyncio.sleep(_SOON)
                    self._look()
                return found
        except TimeoutError:
            raise TimeoutError(f"{what}: not within {TIMEOUT:.0f} s") from None

    # what there is

    def _is_connected(self) -> bool:
        return any(
            each.client_id == OURS and each.phase is Phase.OPEN
            for each in self.harness.gateway.gateway.sessions
        )

    def facts(self, *, past: bool = True) -> Facts:
        """Of the stock; *past*: with what has ended."""
        gateway = self.harness.gateway
        exchange = gateway.gateway.exchange
        living = gateway.orders() if past else exchange.open_orders()
        orders = [*gateway.completed(), *living] if past else living
        held = sum(p.quantity for p in exchange.positions() if p.con_id == self._con_id)
        mine = {o.key: o for o in orders if o.ticket.con_id == self._con_id}
        fills = gateway.executions() if past else []
        return Facts(
            held=int(held),
            orders=sorted(mine.values(), key=lambda o: o.placed_at),
            executions=[e for e in fills if e.order.ticket.con_id == self._con_id],
        )

    def _count(self) -> Count:
        facts, received = self.facts(), self.harness.phone.received
        wrong = self._wrong() + holdings.wrong_ever(facts, self._watch, received)
        plans = _PLANS.get(self.plan.scene, (PLAN,))
        wrong["unapproved"] += holdings.exits_unapproved(facts, plans)
        wrong["while_halted"] += self._bought_after_panic()
        if self._problem and not +wrong:
            wrong["unexplained"] += 1
        return Count(
            trials=1, kills=self._lives.kills, crashes=self._lives.crashes, **wrong
        )

    def _bought_after_panic(self) -> int:
        gateway = self.harness.gateway
        orders = [*gateway.orders(), *gateway.completed()]
        return sum(o.ticket.con_id != self._con_id for o in orders)

    def _story(self) -> str:
        facts = self.facts()
        log = (self.folder / "bot.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(
            (
                f"TRIAL {self.plan}: {self._problem or 'judged'}",
                f"{self.plan!r}",
                f"{self._count()}",
                f"held {facts.held}; {[*holdings.untold(facts, self.harness.phone.received)]}",
                f"naked {self._watch.naked}; too much {self._watch.too_much}",
                "-- the chat",
                self.harness.phone.transcript(),
                "-- the gateway's book",
                *(f"    {_line(order)}" for order in facts.orders),
                "-- the bot's log",
                *log.splitlines(),
            )
        )


def _is_halted(message: Message) -> bool:
    words = ("crashed 3 times",)
    return judge.is_halted(message) or any(each in message.text for each in words)


def _line(order: BookOrder) -> str:
    ticket = order.ticket
    ended = f"{order.completed_at:%H:%M:%S.%f}" if order.completed_at else "lives"
    price = ticket.aux_price or ticket.limit_price or ""
    return (
        f"{ticket.order_ref} {ticket.action} {ticket.order_type} {price} "
        f"{order.filled:.0f} of {ticket.quantity:.0f} {order.status} "
        f"{order.placed_at:%H:%M:%S.%f} {ended} {order.completed_status.strip()}"
    )


def _never(_: int) -> KillPoint | None:
    return None
