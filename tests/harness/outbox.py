"""A running outbox, and the core's side of it."""

from telegram import Bot

from bot.outgoing.bell import Bell
from bot.outgoing.chat import OwnersChat
from bot.outgoing.noise import Noise
from bot.outgoing.outbox import Outbox
from bot.outgoing.pages import Pages
from bot.sandbox.api_types import Message
from bot.sandbox.server import BotApiServer
from core.model.card import Card
from core.model.news import CardChanged, LineLost, News
from core.model.order import Order
from core.model.proposal import Proposal, Shown
from core.model.status import ScanProgress
from core.ports.market import Clock
from core.store.journal import Journal
from tests.bot.hands import DealtCards, RingingJournal, Watch
from tests.builders import NOW
from tests.core.wishes import instructions
from tests.fakes.catalogue import unchanging


LOST = LineLost(since=NOW, reason="connection refused")
HALFWAY = ScanProgress(
    code="TOP_PERC_GAIN",
    location="STK.US.MAJOR",
    rows=50,
    scanner_seconds=0.6,
    quotes=38,
)


def an_owners_chat(bot: Bot, journal: Journal, server: BotApiServer) -> OwnersChat:
    """The owner's chat at *server*, as a bot with *journal* has it."""
    return OwnersChat(
        bot=bot,
        owner=server.phone.user.id,
        store=journal.outbox,
        memory=journal.memory,
    )


def a_bell(
    journal: Journal, *, clock: Clock | None = None, noise: Noise | None = None
) -> Bell:
    """The bell of a bot with *journal*; everything rings unless *noise* says otherwise."""
    return Bell(
        noise=lambda: noise or Noise(),
        store=journal.outbox,
        memory=journal.memory,
        clock=clock or Watch(NOW),
    )


class OutboxHarness:
    """A running outbox, and the core's side of it."""

    def __init__(
        self,
        bot: Bot,
        journal: RingingJournal,
        server: BotApiServer,
        *,
        bell: Bell | None = None,
    ) -> None:
        self.journal = journal
        self.server = server
        self.phone = server.phone
        self.cards = DealtCards()
        self.chat = an_owners_chat(bot, journal, server)
        self.outbox = Outbox(
            chat=self.chat,
            store=journal.outbox,
            proposals=journal.proposals,
            pages=Pages(
                cards=self.cards,
                proposals=journal.proposals,
                orders=journal.orders,
                instructions=unchanging(instructions(), journal),
            ),
            bell=bell or a_bell(journal),
            owner=server.phone.user.id,
        )

    async def tell_for_ever(self) -> None:
        await self.outbox.run()

    def notify(self, *news: News) -> None:
        with self.journal.transaction():
            for each in news:
                self.journal.outbox.notify(each)
        self.outbox.wake()

    def offer(self, proposal: Proposal) -> None:
        """Write the card to the journal, and have it posted."""
        with self.journal.transaction():
            self.journal.proposals.add(proposal)
        self.show(proposal)

    def stands(self, proposal: Proposal) -> Shown:
        """The message that the journal has for its card."""
        kept = self.journal.proposals.by_id(proposal.id)
        assert kept
        return kept.shown

    def show(self, proposal: Proposal, *orders: Order) -> None:
        """Have the card's message updated."""
        self.cards.deal(Card(proposal=proposal, orders=orders, opens=None))
        self.notify(CardChanged(proposal_id=proposal.id))

    async def told(self) -> None:
        """Return when nothing is left to be sent, and no placeholder to be deleted."""
        await self.journal.comes_to(self._is_all_told)

    def _is_all_told(self) -> bool:
        places = self.journal.outbox.open_places()
        to_go = any(key.startswith("gone:") for key, _ in places)
        return not (self.journal.outbox.unsent() or to_go)

    def calls(self, method: str) -> list[str]:
        return [
            str(call.values.get("text", ""))
            for call in self.server.calls
            if call.method == method
        ]


def only(harness: OutboxHarness) -> Message:
    [message] = harness.phone.received
    return message
