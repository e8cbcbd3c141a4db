"""One trial: a card, a Yes, a death, a new start, and what the owner is told."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from bot.sandbox.api_types import Message
from bot.sandbox.faults import Fault
from core.sandbox.market.universe import Stock, universe
from core.sandbox.trading.order_state import BookOrder
from tests.campaign import judge, trouble
from tests.campaign.judge import ASKED, Book, Count, Told
from tests.campaign.lives import Lives
from tests.campaign.outcome import Outcome
from tests.campaign.plan import Plan, Twist
from tests.campaign.twists.choice import twisted
from tests.campaign.twists.twisted import Twisted
from tests.harness.market import SEED
from tests.harness.product import ProductHarness, at, opened


T = TypeVar("T")

TIMEOUT: Final = 90.0
"""Seconds that each step of a trial may take on a loaded machine."""

CANCEL: Final = "Cancel "
NOW: Final = at(9, 41)
PREFIX: Final = "campaign-"
"""Of the folder of each trial."""

_SETTLED: Final = 1.5
"""Seconds after which what an old Yes could bring about has come about."""

_SOON: Final = 0.3
"""Seconds between two asks of the owner for the same thing."""

_NEW_CARD: Final = 3.0
"""Seconds that a new card is waited for before the old one is answered."""


async def try_out(plan: Plan) -> Outcome:
    """Play *plan* in a fresh folder."""
    with TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        async with opened(
            folder,
            clock=NOW,
            shapes=trouble.shapes(plan),
            config=trouble.config(plan),
            report="true" if plan.morning else "false",
        ) as harness:
            twist = twisted(plan, harness)
            log = folder / "bot.log"
            trial = Trial(plan=plan, harness=harness, log=log, twist=twist)
            async with twist.around():
                return await trial.outcome()


async def warm_up() -> None:
    """Let one of them work out what all others share: calendars, and the market."""
    with TemporaryDirectory(prefix=PREFIX) as name:
        async with opened(Path(name), clock=NOW):
            pass


@dataclass(slots=True, kw_only=True)
class Trial:
    """The owner's side of it, and the gateway's."""

    plan: Plan
    harness: ProductHarness
    log: Path
    twist: Twisted
    _lives: Lives = field(init=False)
    _card: Message | None = None
    _absent: set[str] = field(default_factory=set)
    _pressed: set[str] = field(default_factory=set)
    _asked: dict[int, float] = field(default_factory=dict)
    _said: float = 0.0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _problem: str = ""

    def __post_init__(self) -> None:
        self._lives = Lives(
            deaths=self.plan.deaths,
            log=self.log,
            settings=self.twist.settings,
            pause=self.twist.pause,
            expects=self.twist.expects,
            died=self._died,
            reborn=self._insist,
        )
        self.twist.kill = self._lives.kill

    async def outcome(self) -> Outcome:
        """Play it, and judge."""
        self.harness.chat.chats.subscribe(lambda _: self._note())
        told: Told = {}
        try:
            await self._play()
        except TimeoutError as late:
            self._problem = str(late) or "the twist did not come about in time"
        finally:
            self.twist.end()
            self._lives.end()
        told = judge.told_by(self._card_now()) if self._card else {}
        count = self._count(told)
        return Outcome(
            plan=f"{self.plan}",
            label=self.plan.label,
            behaviour=self.plan.behaviour,
            besides=self.plan.twist,
            count=count,
            has_died_there=self._lives.died_at_label == len(self.plan.deaths),
            met=self.twist.met,
            words=tuple(told.values()),
            story=self._story(),
        )

    async def _play(self) -> None:
        await self._begin()
        self._card = await self._until("a card", self._offer)
        async with asyncio.timeout(TIMEOUT):
            await self.twist.before_yes(self._card)
        for each in (*trouble.troubles(self.plan), trouble.COUNTER):
            self.harness.gateway.add_trouble(each)
        if self.plan.redelivered:
            self.harness.chat.faults.next("getUpdates", Fault(repeat=True), times=2)
        self._tap()
        self.twist.after_yes(self._lives.pid)
        if self.plan.twist is Twist.RESTORED:
            await self._go_back()
            return
        await self._until("the truth about each order", self._is_told)
        if self.plan.cancels:
            await self._until("the cancellations", self._is_cancelled)
        if self.plan.answers:
            await self._until("the answered doubts", self._is_answered)
        if not self._lives.kills:
            self._lives.kill()
        self._press_yes()
        await self._until("the same truth after old taps", self._is_told)
        await self._tap_an_old_yes()
        # a doubt may just be clearing up: judge what the card comes to
        await self._until("the truth in the end", self._is_told)

    async def _begin(self) -> None:
        self._lives.bear()
        if self.plan.kill_after is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(self.plan.kill_after, self._lives.kill)
        if not self.plan.morning:
            await self.harness.phone.send("/scan")

    async def _go_back(self) -> None:
        """The journal is an old copy: what IB has is noticed, and nothing comes twice."""
        await self._until("an end", lambda: self._lives.kills or self._is_told())
        if not self.twist.met:
            self._lives.kill()
        await self._until("the copy", lambda: self.twist.met)
        if any(self._book().values()):
            await self._until("a halt", self._is_halted)
        await self._tap_an_old_yes()
        await asyncio.sleep(_SETTLED)

    async def _tap_an_old_yes(self) -> None:
        """It is answered; a toast is said once, so not where answers are cut."""
        query, answers = self._press_yes(), self.harness.chat.chats.answers
        if self.plan.twist is not Twist.LOST_SENDS:
            await self._until("an answer to an old tap", lambda: query in answers)

    def _is_halted(self) -> bool:
        return any(judge.is_halted(m) for m in self.harness.phone.received)

    # lives and deaths

    def _died(self) -> None:
        self.twist.while_dead()
        self._pressed.clear()
        self._insist()

    def _insist(self) -> None:
        if self.plan.insists:
            self._press_yes()

    # the owner

    def _offer(self) -> Message | None:
        """The newest card that can be answered. Where a scan failed, or a halt keeps the
        card's Yes back, he asks again, and gives the new card time to come."""
        received = self.harness.phone.received
        newest = next(
            (m for m in reversed(received) if judge.has(m, "Scan again")), None
        )
        if newest is None:
            return None
        now = asyncio.get_running_loop().time()
        asked = self._asked.get(newest.message_id, -_NEW_CARD)
        if judge.has(newest, "Yes") and now >= asked + _NEW_CARD:
            return newest
        self.twist.look(newest)
        if now >= asked + _NEW_CARD:  # the bot may have died over the tap before
            self._asked[newest.message_id] = now
            self.harness.phone.press(newest, "Scan again")
        return None

    def _may_ask(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._said:
            return False
        self._said = now + _SOON
        return True

    def _tap(self) -> None:
        assert self._card
        self._press_yes()
        self._said = asyncio.get_running_loop().time() + _SOON
        second = self.plan.second_tap
        if not second:
            return
        if not judge.has(self._card, second):  # one stock has won both
            second = "Yes"
        self.harness.phone.press(self._card, judge.label_of(self._card, second))

    def _press_yes(self) -> str:
        """Tap Yes on the card as it was when it came."""
        if self._card is None:
            return ""
        return self.harness.phone.press(self._card, judge.label_of(self._card, "Yes"))

    # what he waits for

    def _is_told(self) -> bool:
        """Whether the chat says where each order stands, for good."""
        card = self._card_now()
        self.twist.look(card)
        if card.text.startswith("No,") or self.twist.is_over(card):
            return True
        if not judge.told_by(card):
            self._try_again(card)
            return False
        line = self.harness.gateway.gateway.line
        return line.up and judge.is_told(
            card, self.harness.phone.received, self._book(), self.plan.fills
        )

    def _try_again(self, card: Message) -> None:
        """Where it says that a Yes could not be sent, or came late, he says it again."""
        asks_again = "Not sent." in card.text or "came late" in card.text
        if asks_again and judge.has(card, "Yes") and self._may_ask():
            self.harness.phone.press(card, judge.label_of(card, "Yes"))

    def _is_cancelled(self) -> bool:
        """He asks again while the answer is that it could not be asked for."""
        card = self._card_now()
        wanted = [one for row in card.buttons for one in row if one.startswith(CANCEL)]
        if wanted and self._may_ask():
            self.harness.phone.press(card, wanted[0])
        return not wanted and self._is_told()

    def _is_answered(self) -> bool:
        """He looks at IB, and says truly what is there."""
        book, told = self._book(), judge.told_by(self._card_now())
        for message in self.harness.phone.received:
            for symbol in told:
                if not judge.asks_about(symbol, [message]):
                    continue
                there = "It is there" if book.get(symbol) else "It is not there"
                if f"{message.message_id}" not in self._pressed:
                    self._pressed.add(f"{message.message_id}")
                    self.harness.phone.press(message, there)
        return self._is_told() and not any(ASKED in words for words in told.values())

    async def _until(self, what: str, look: Callable[[], T | None]) -> T:
        try:
            async with asyncio.timeout(TIMEOUT):
                while not (found := look()):
                    self._changed.clear()
                    with _in_vain():
                        async with asyncio.timeout(_SOON):
                            await self._changed.wait()
                return found
        except TimeoutError:
            raise TimeoutError(f"{what}: not within {TIMEOUT:.0f} s") from None

    def _note(self) -> None:
        """Whatever the chat says at any time counts."""
        self._changed.set()
        if self._card is not None:
            told = judge.told_by(self._card_now())
            self._absent |= {
                symbol
                for symbol, words in told.items()
                if words.startswith(judge.NOT_THERE)
            }

    # what there is

    def _card_now(self) -> Message:
        assert self._card
        return self.harness.phone.now(self._card)

    def _book(self) -> Book:
        gateway, stocks = self.harness.gateway, _stocks()
        known = (*self.twist.elsewhere, *gateway.orders(), *gateway.completed())
        orders = {o.key: o for o in known}
        book: dict[str, list[BookOrder]] = {}
        for order in orders.values():
            if self.twist.is_other(order):
                continue
            book.setdefault(stocks[order.ticket.con_id].symbol, []).append(order)
        return book

    def _count(self, told: Told) -> Count:
        book = self._book()
        if self.plan.twist is Twist.RESTORED:
            return self._count_restored(book)
        reports = [
            m for m in self.harness.phone.received if m.text.startswith(judge.REPORT)
        ]
        false = [s for s in self._absent if judge.alive_or_filled(book.get(s, ()))]
        lost = self.plan.morning > len(reports) or (bool(self._problem) and not told)
        untrue = [s for s, w in told.items() if not judge.is_true(w, book.get(s, ()))]
        return Count(
            trials=1,
            kills=self._lives.kills,
            duplicates=max(
                judge.duplicates(book, told), trouble.seen(self.harness) - len(told)
            ),
            lost=int(lost),
            unexplained=len(untrue) or int(bool(self._problem and told)),
            false_absent=len(false),
            second_reports=max(0, len(reports) - 1),
            crashes=self._lives.crashes,
        ) + self.twist.count(book)

    def _count_restored(self, book: Book) -> Count:
        """Judged by the book and the alarm: the journal has forgotten the card."""
        return self.twist.count(book) + Count(
            trials=1,
            kills=self._lives.kills,
            unnoticed=int(bool(self._problem)),
            crashes=self._lives.crashes,
        )

    def _story(self) -> str:
        book = [f"    {order}" for orders in self._book().values() for order in orders]
        log = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(
            (
                f"TRIAL {self.plan}: {self._problem or 'judged'}",
                f"{self.plan!r}",
                "-- the chat",
                self.harness.phone.transcript(),
                "-- the gateway's book",
                *(book or ["    (nothing)"]),
                "-- the bot's log",
                *log.splitlines(),
            )
        )


@cache
def _stocks() -> Mapping[int, Stock]:
    return universe(SEED).by_con_id


@contextmanager
def _in_vain() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        return
