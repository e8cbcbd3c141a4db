"""One process of the bot on a jumping clock, for games that may kill it anywhere.

The engine and the outbox run between the rules, on a real journal; IB is a fake, and
so is the way to Telegram's chat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from hypothesis.stateful import RuleBasedStateMachine, initialize

from bot.outgoing.chat import OwnersChat
from bot.outgoing.delivery import waits_are_durations
from bot.outgoing.outbox import Outbox
from bot.outgoing.page import plain
from bot.outgoing.pages import Pages
from core.engine import Engine
from core.model.errors import NotifierAway
from core.model.instructions import Timeouts
from core.model.news import CardChanged
from core.model.order import Order, OrderState
from core.model.points import (
    OUTBOX_SEND,
    OUTBOX_SENT,
    RECOVER_ABSENT,
    RECOVER_ADOPT,
    RECOVER_ASK,
    SENT,
    W1,
    W2,
    W3,
    W4,
    W5,
)
from core.model.proposal import Proposal, ProposalId, Tap
from tests.builders import an_account, money
from tests.core.store.journals import path_in, write_template
from tests.fakes.gate import ThreeStrangers
from tests.fakes.loop import JumpingLoop
from tests.fakes.telegram import FakeTelegram
from tests.harness.core import a_harness
from tests.harness.outbox import a_bell
from tests.harness.waiting import turns
from tests.memory import MEMORY


LABELS: Final = (
    *W1,
    *W2,
    *W3,
    *W4,
    *W5,
    SENT,
    RECOVER_ADOPT,
    RECOVER_ABSENT,
    RECOVER_ASK,
    OUTBOX_SEND,
    OUTBOX_SENT,
)
"""Where a process can be killed."""


class KilledError(BaseException):
    """kill -9, as far as one process can play it."""


def die() -> None:
    """The process is killed here."""
    raise KilledError


class Game(RuleBasedStateMachine):
    """An engine that runs between the rules. ``wrong`` are broken promises that only
    show while it runs."""

    @initialize()
    def begin(self) -> None:
        """A process starts on a fresh journal; the line is up."""
        waits_are_durations()
        directory = Path(mkdtemp(dir=MEMORY))
        write_template(path_in(directory))
        self.harness = a_harness(
            directory, timeouts=Timeouts(), max_day=money("1000000")
        )
        self.telegram = FakeTelegram(self.harness.clock.now)
        self.harness.broker.summary = an_account(available_funds=money("1000000"))
        self.loop = JumpingLoop(
            lambda seconds: self.harness.clock.forward(seconds=seconds)
        )
        self.taps: list[Tap] = []
        self.keys = self.nights = 0
        self.wrong: list[str] = []
        self.engine: asyncio.Task[None] | None = None
        self.start()
        self.harness.broker.connect()
        self.act(turns)

    # the process

    def start(self) -> None:
        self.harness.start()
        self.harness.reached = self.watch_w2
        journal = self.harness.journal
        chat = OwnersChat(
            bot=self.telegram.client(),
            owner=self.telegram.owner,
            store=journal.outbox,
            memory=journal.memory,
            reached=self.harness._passed,
        )
        outbox = Outbox(
            chat=chat,
            store=journal.outbox,
            proposals=journal.proposals,
            pages=self.pages(),
            bell=a_bell(journal),
            owner=self.telegram.owner,
        )
        self.harness.engine = Engine(
            replace(self.harness.edges, notifier=outbox),
            self.harness.in_force,
            gate=ThreeStrangers(),
            reached=self.harness._passed,
        )
        self.engine = self.loop.create_task(self.live(outbox), name="engine")

    async def live(self, outbox: Outbox) -> None:
        engine = self.harness.engine
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(engine.run(), name="engine")
            tasks.create_task(outbox.run(), name="outbox")

    def stop(self) -> None:
        """The process is gone. If nothing killed it, it says on disk that it ended
        well, so that ever new starts are no crash loop."""
        assert self.engine is not None
        self.engine.cancel()
        self.loop.run_until_complete(asyncio.wait([self.engine]))
        if not self.engine.cancelled():
            killed = self.engine.exception()
            assert killed is None or _is_killed(killed), killed
        self.harness.stop()

    def act(self, main: Callable[[], Awaitable[object]]) -> None:
        """Do it, and bury the process if it died of it."""

        async def doing() -> None:
            with suppress(NotifierAway):
                await main()
            await turns(8)

        try:
            self.loop.run_until_complete(doing())
        except BaseException as death:  # a group, if several stories were under way
            if not _is_killed(death):
                raise
            self.restart()
            return
        assert self.engine is not None
        if self.engine.done():
            self.restart()

    def do(self, happens: Callable[[], object]) -> None:
        async def main() -> None:
            happens()

        self.act(main)

    def restart(self) -> None:
        self.stop()
        self.start()

    def watch_w2(self, point: str) -> None:
        """I3: whenever an order is about to leave, nothing else is in doubt."""
        if point == "W2":
            status = self.harness.engine.queries.status()
            sending = [o for o in status.in_doubt if o.state is OrderState.SENDING]
            if len(sending) != 1 or not status.reconciled or status.halted:
                self.wrong.append(f"I3 {len(sending)} {status.blocks}")

    # the market

    def date_the_bars(self) -> None:
        """Each stock has a bar of today's session, and one of the session before."""
        now = self.harness.clock.now()
        begun = [s.day for s in self.harness.calendar.known.all if s.opens <= now]
        bars = self.harness.market.bars
        for stock, (prior, today) in list(bars.items()):
            before, day = begun[-2:]
            bars[stock] = replace(prior, day=before), replace(today, day=day)

    # what the owner was told

    def asks_about(self, order: Order) -> bool:
        """Whether the owner has the facts of a doubt, and buttons to answer it."""
        symbol = order.instrument.symbol
        return any(
            symbol in message.text and "It is there" in message.labels
            for message in self.telegram.said
        )

    def cards(self) -> Iterable[Proposal]:
        """Every card that stands in the chat: no newer one has taken its place."""
        journal = self.harness.journal
        offered = {line.ref for line in journal.trail.lines() if line.kind == "offer"}
        found = (journal.proposals.by_id(ProposalId(each)) for each in offered)
        cards = [card for card in found if card is not None]
        return [
            card for card in cards if journal.proposals.newest_in(card.shown) == card.id
        ]

    def pages(self) -> Pages:
        """What each piece of news looks like now."""
        return Pages(
            cards=self.harness.cards_to_look_at(),
            proposals=self.harness.journal.proposals,
            orders=self.harness.journal.orders,
            instructions=self.harness.in_force,
        )

    def is_shown(self, proposal: Proposal) -> bool:
        """Whether the card's message says how it stands."""
        drawing = self.pages().drawing(CardChanged(proposal_id=proposal.id))
        assert drawing is not None
        words = plain(drawing.page.text).split()
        return words in (message.text.split() for message in self.telegram.said)


def _is_killed(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_killed(each) for each in error.exceptions)
    return isinstance(error, KilledError)
