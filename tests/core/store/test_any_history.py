"""Whatever happens in whatever order, crashes too: no news is lost, none is told twice
for nothing, and every card has one answer."""

from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.model.news import CardChanged, News, Settled
from core.model.order import OrderState
from core.model.proposal import ProposalId, ProposalState, Token
from core.store.journal import Journal
from tests.builders import NOW, a_proposal, a_shown, an_order
from tests.core.store.journals import open_in


CARDS = [ProposalId(name) for name in ("one", "two", "three")]
NEWS: list[News] = [
    news(proposal_id=card) for card in CARDS for news in (CardChanged, Settled)
]


class CrashError(Exception):
    """The process ends in the middle of a transaction."""


class AnyHistory(RuleBasedStateMachine):
    """The journal beside a model that is plain enough to be believed."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._directory = Path(self._open.enter_context(TemporaryDirectory()))
        self._stack = ExitStack()
        self._start()
        self.asked: dict[News, int] = {}
        self.stands: dict[News, int] = {}
        self.answers: dict[ProposalId, ProposalState] = {}
        self.orders: dict[ProposalId, OrderState] = {}

    def _start(self) -> None:
        self.journal: Journal = self._stack.enter_context(open_in(self._directory))

    def teardown(self) -> None:
        self._stack.close()
        self._open.close()

    @rule()
    def restart(self) -> None:
        self._stack.close()
        self._start()

    @rule(news=st.sampled_from(NEWS))
    def notify(self, news: News) -> None:
        with self.journal.transaction():
            self.journal.outbox.notify(news)
        if isinstance(news, CardChanged) or news not in self.asked:
            self.asked[news] = self.asked.get(news, 0) + 1

    @rule(news=st.sampled_from(NEWS))
    def tell_and_crash(self, news: News) -> None:
        with suppress(CrashError):
            self._tell_in_vain(news)
        self.restart()

    def _tell_in_vain(self, news: News) -> None:
        with self.journal.transaction():
            self.journal.outbox.notify(news)
            raise CrashError

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        if not self.asked:
            return
        news = data.draw(st.sampled_from(sorted(self.asked, key=lambda n: n.key)))
        edition = data.draw(st.integers(1, self.asked[news]))
        with self.journal.transaction():
            self.journal.outbox.mark_sent(news, edition=edition, message=edition)
        self.stands[news] = max(edition, self.stands.get(news, 0))

    @rule(card=st.sampled_from(CARDS))
    def offer(self, card: ProposalId) -> None:
        if card not in self.answers:
            proposal = replace(a_proposal(), id=card, token=Token(card))
            with self.journal.transaction():
                self.journal.proposals.add(proposal)
            self.answers[card] = ProposalState.OFFERED

    @rule(
        card=st.sampled_from(CARDS),
        to=st.sampled_from([ProposalState.APPROVED, ProposalState.DECLINED]),
        late=st.booleans(),
        elsewhere=st.booleans(),
    )
    def tap(
        self, card: ProposalId, to: ProposalState, *, late: bool, elsewhere: bool
    ) -> None:
        at = NOW + timedelta(days=1) if late else NOW
        shown = a_shown(message=1) if elsewhere else a_shown()
        with self.journal.transaction():
            won = self.journal.proposals.move(card, to=to, by="x", at=at, shown=shown)
            if won and to is ProposalState.APPROVED:
                self.journal.orders.add(an_order(proposal_id=card))
        stood = self.answers.get(card) is ProposalState.OFFERED
        assert won == (stood and not late and not elsewhere)
        if won:
            self.answers[card] = to
        if won and to is ProposalState.APPROVED:
            self.orders[card] = OrderState.PLANNED

    @rule(
        card=st.sampled_from(CARDS),
        was=st.sampled_from([OrderState.PLANNED, OrderState.SENDING]),
        to=st.sampled_from([OrderState.SENDING, OrderState.LAPSED]),
    )
    def move_order(self, card: ProposalId, was: OrderState, to: OrderState) -> None:
        order = an_order(proposal_id=card, state=to)
        with self.journal.transaction():
            won = self.journal.orders.update(order, was=was)
        assert won == (self.orders.get(card) is was)
        if won:
            self.orders[card] = to

    @invariant()
    def what_waits_is_what_was_asked_for_and_does_not_stand(self) -> None:
        waits = {item.news: item.edition for item in self.journal.outbox.unsent()}

        assert waits == {
            news: edition
            for news, edition in self.asked.items()
            if self.stands.get(news, 0) < edition
        }

    @invariant()
    def every_card_and_order_is_as_the_model_says(self) -> None:
        for card, state in self.answers.items():
            found = self.journal.proposals.by_id(card)
            assert found is not None
            assert found.state is state
        made = {
            order.proposal_id: order.state
            for order in self.journal.orders.in_states(OrderState)
        }
        assert made == self.orders

    @invariant()
    def the_journal_knows_itself(self) -> None:
        assert self.journal.stale() is None


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None
)
