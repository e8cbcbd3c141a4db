"""Bugs that somebody could really write, and the test that must not let each pass."""

from typing import Final

from tests.teeth.bug import Bug
from tests.teeth.chat import CHAT
from tests.teeth.evidence import EVIDENCE
from tests.teeth.exits import EXITS
from tests.teeth.hostile import HOSTILE
from tests.teeth.limits import LIMITS
from tests.teeth.money import MONEY
from tests.teeth.process import PROCESS
from tests.teeth.quotes import QUOTES
from tests.teeth.sales import SALES
from tests.teeth.wire import WIRE


TRADE: Final = "core/flows/trade.py"
READY: Final = "core/flows/gateway_ready.py"
SEND: Final = "core/flows/send.py"
RECONCILE: Final = "core/flows/reconcile.py"
STATES: Final = "core/rules/order_states.py"
ABSENCE: Final = "core/rules/listings/absence.py"
CARDS: Final = "core/store/proposals.py"

TEST_TRADE: Final = "tests/core/flows/test_trade.py::"
TEST_RECONCILE: Final = "tests/core/flows/test_reconcile.py::"
TEST_ORDERS: Final = "tests/core/ledger/test_orders.py::"
TEST_LEAVES: Final = "tests/core/flows/test_before_it_leaves.py::"
TEST_OFFER: Final = "tests/core/flows/test_offer.py::"
TEST_REFUSALS: Final = "tests/core/flows/test_refusals.py::"
TEST_RECOVERY: Final = "tests/core/flows/test_recovery.py::"
TEST_GHOSTS: Final = "tests/core/ledger/test_ghosts.py::"
TEST_ENGINE: Final = "tests/core/test_engine.py::"

SENDING: Final = (
    Bug(
        name="send before the commit",
        file=SEND,
        old="""        try:
            sending = self.ledger.send(sent, judgement, broker=self.broker)
""",
        new="""        from core.rules.order_states import advance
        try:
            self.broker.place(advance(order, sent))
            sending = self.ledger.send(sent, judgement, broker=self.broker)
""",
        test=TEST_ENGINE + "test_a_contradiction_ends_the_engine_and_counts_as_a_crash",
    ),
    Bug(
        name="no compare-and-set on orders",
        file="core/store/orders.py",
        old=" WHERE ref = :ref AND state = :was",
        new=" WHERE ref = :ref AND :was = :was",
        test="tests/contracts/store/test_orders.py::"
        "test_an_order_changes_only_from_the_state_it_was_read_in",
    ),
    Bug(
        name="send what was cancelled after it was judged",
        line=1,
        file="core/rules/sending.py",
        old="    if order.cancel_asked:\n",
        new="    if False and order.cancel_asked:\n",
        test="tests/core/rules/test_sending.py::"
        "test_an_order_that_is_not_to_be_sent_any_more_is_not",
    ),
    Bug(
        name="send on a judgement from before a sleep",
        line=2,
        file=SEND,
        old="        if late > FRESH:\n",
        new="        if late > FRESH * 1000:\n",
        test=TEST_LEAVES + "test_an_order_whose_machine_slept_after_it_was_written"
        "_does_not_leave",
    ),
    Bug(
        name="no compare-and-set on taps",
        file=CARDS,
        old="decided_at = :at\nWHERE id = :id AND state = 'offered'\n",
        new="decided_at = :at\nWHERE id = :id\n",
        test="tests/core/ledger/test_cards.py::"
        "test_who_comes_second_is_told_that_it_is_decided",
    ),
    Bug(
        name="trust the gateway's id alone",
        file=SEND,
        old="    return max(high + 1, reconciler.highest_order_id + 1, broker.order_id_floor())\n",
        new="    return broker.order_id_floor()\n",
        test=TEST_TRADE + "test_every_order_gets_an_id_above_all_that_were_ever_seen",
    ),
    Bug(
        name="do not wait for the first leg's answer",
        file=SEND,
        old="        await self.ledger.past_sending(order.ref, within=within)\n"
        "        await self.reconciler.resolve(order.ref)\n",
        new="        del within\n",
        test=TEST_TRADE + "test_the_second_leg_waits_until_ib_has_named_the_first",
    ),
    Bug(
        name="no probe before an order",
        file=READY,
        old="        await broker.probe(within=within)\n",
        new="",
        test=TEST_REFUSALS + "test_a_frozen_gateway_gets_no_order",
    ),
    Bug(
        name="let an order queue",
        file=READY,
        old="while not broker.has_sent_all():",
        new="while False:",
        test=TEST_REFUSALS + "test_an_order_never_queues_behind_other_messages",
    ),
    Bug(
        name="ask again for what was bought",
        file=TRADE,
        old="[leg for leg in proposal.legs if leg.number in numbers]",
        new="list(proposal.legs)",
        test=TEST_TRADE + "test_the_new_card_asks_only_for_what_was_not_sent",
    ),
    Bug(
        name="a tap counts after the offer's end",
        file=CARDS,
        old="\nAND expires_at > :at\n",
        new="\n",
        test="tests/contracts/store/test_proposals.py::"
        "test_a_tap_counts_only_before_the_end_of_the_offer",
    ),
    Bug(
        name="a tap counts wherever it comes from",
        file="core/flows/decide.py",
        old="if proposal is None or proposal.shown != tap.shown:",
        new="if proposal is None:",
        test=TEST_OFFER
        + "test_a_tap_in_another_place_or_of_another_person_counts_for_nothing",
    ),
)

JUDGING: Final = (
    Bug(
        name="resend what is missing",
        file=STATES,
        old="**_lead(FoundAbsent, [S.SENDING, S.UNKNOWN], to=S.ABSENT)",
        new="**_lead(FoundAbsent, [S.SENDING, S.UNKNOWN], to=S.PLANNED)",
        test=TEST_RECOVERY
        + "test_after_a_crash_a_lost_order_is_absent_and_never_sent_again",
    ),
    Bug(
        name="one empty pass means absent",
        file=RECONCILE,
        old="        left_open = {order.ref for order in self._take(earlier)}\n",
        new="        for order in self._take(earlier):\n"
        "            self.ledger.learn(FoundAbsent(ref=order.ref, reason=''))\n"
        "        left_open = {order.ref for order in self._take(earlier)}\n",
        test=TEST_RECONCILE
        + "test_a_swallowed_order_whose_id_was_counted_stays_unknown",
    ),
    Bug(
        name="a listing that times out is empty",
        file="core/broker/listings.py",
        old="            raise BrokerSilent(what, limit) from None\n",
        new="            return\n",
        test="tests/core/broker/test_evidence.py::"
        "test_executions_without_their_end_are_no_evidence",
    ),
    Bug(
        name="a silent gateway counts as compared",
        file=RECONCILE,
        old="            self._due.set()\n        except BrokerAway",
        new="            self._clean_epoch = self.broker.line().epoch\n"
        "        except BrokerAway",
        test=TEST_RECONCILE
        + "test_nothing_may_be_sent_before_the_orders_have_been_compared",
    ),
    Bug(
        name="ignore midnight",
        file=ABSENCE,
        old="    if case.same_day:\n",
        new="    if case.same_day or True:\n",
        test=TEST_RECONCILE + "test_midnight_leaves_a_lost_order_unknown",
    ),
    Bug(
        name="ignore the position",
        file=ABSENCE,
        old="    if case.same_position:\n",
        new="    if case.same_position or True:\n",
        test=TEST_RECONCILE + "test_a_trade_by_hand_leaves_a_lost_order_unknown",
    ),
    Bug(
        name="ignore the gateway's count of ids",
        file=ABSENCE,
        old="    if case.id_not_counted:\n",
        new="    if case.id_not_counted or True:\n",
        test=TEST_RECONCILE
        + "test_a_swallowed_order_whose_id_was_counted_stays_unknown",
    ),
    Bug(
        name="absence without a fence",
        file=ABSENCE,
        old="        return self.evidence.epoch != self.order.epoch\n",
        new="        return True\n",
        test="tests/core/rules/test_absence.py::"
        "test_r15_on_the_socket_it_was_sent_on_nothing_proves_absence",
    ),
    Bug(
        name="no new handshake after a silence",
        file=RECONCILE,
        old="            await self.broker.reconnect()\n",
        new="            pass\n",
        test=TEST_RECONCILE + "test_a_lost_order_is_told_and_then_proven_absent",
    ),
    Bug(
        name="passes of two sessions are two passes",
        file=ABSENCE,
        old="    if earlier is None or earlier.epoch != evidence.epoch:\n",
        new="    if earlier is None:\n",
        test="tests/core/rules/test_absence.py::"
        "test_r6_passes_of_two_sessions_with_the_gateway_are_not_two_passes",
    ),
    Bug(
        name="forget what happened during a pass",
        file=RECONCILE,
        old="            if not self._due.is_set():\n",
        new="            if self._due.clear() is None:\n",
        test=TEST_RECOVERY
        + "test_a_line_that_falls_between_two_passes_makes_both_worth_nothing",
    ),
    Bug(
        name="a ghost is nothing special",
        file=STATES,
        old="    if before.state in _NEVER_THERE:\n",
        new="    if before.state is None:\n",
        test=TEST_GHOSTS
        + "test_what_should_not_be_there_and_turns_up_is_a_ghost_and_halts",
    ),
)

TELLING: Final = (
    Bug(
        name="trust one's own cancel",
        file="core/engine.py",
        old="            wanted = self._parts.writers.ledger.learn("
        "CancelAsked(ref=ref, by=by))\n",
        new="            from core.model.order_events import Cancelled\n"
        "            wanted = self._parts.writers.ledger.learn("
        "Cancelled(ref=ref, reason=by))\n",
        test=TEST_ENGINE + "test_cancelled_is_said_only_when_ib_says_so",
    ),
    Bug(
        name="count a corrected fill twice",
        file="core/model/fills.py",
        old="        return stem_of(self.exec_id)\n",
        new="        return self.exec_id\n",
        test="tests/core/rules/test_fills.py::"
        "test_a_correction_replaces_the_fill_it_corrects",
    ),
    Bug(
        name="do not tell of a doubt",
        file="core/ledger/orders.py",
        old="        if isinstance(event, WentSilent) and before.state is not after.state:",
        new="        if isinstance(event, WentSilent) and before is after:",
        test=TEST_ORDERS + "test_doubt_is_told_once_with_the_position",
    ),
    Bug(
        name="a second report after a crash",
        file="core/flows/offer.py",
        old="            if not self.cards.answered(key):\n",
        new="            if not self.cards.answered(key) or True:\n",
        test="tests/core/flows/test_report.py::"
        "test_a_crash_right_after_it_was_made_makes_no_second_card",
    ),
)

EDGES: Final = (
    Bug(
        name="another client id at every handshake",
        file="core/broker/session.py",
        old="self.client.connectAsync(host, port, self.client_id, 0)",
        new="self.client.connectAsync(host, port, id(self) % 999 + 40, 0)",
        test="tests/core/broker/test_connection.py::"
        "test_a_client_id_in_use_is_asked_for_again_and_never_changed",
    ),
    Bug(
        name="move the offset although the disk said no",
        file="bot/inbox.py",
        old="        with self._store.unsynced():\n"
        "            new = self._store.receive(numbered, at=self._clock.now())\n",
        new="        from contextlib import suppress\n"
        "        new = ()\n"
        "        with suppress(StoreError), self._store.unsynced():\n"
        "            new = self._store.receive(numbered, at=self._clock.now())\n",
        test="tests/bot/test_inbox.py::test_nothing_is_confirmed_that_is_not_on_disk",
    ),
    Bug(
        name="confirm what a power failure may lose",
        file="bot/inbox.py",
        old="            self._store.sync()\n",
        new="",
        test="tests/bot/test_inbox.py::"
        "test_what_was_kept_is_synced_before_the_next_poll_confirms_it",
    ),
    Bug(
        name="drop what was said before the start",
        file="bot/inbox.py",
        old="        offset: int | None = None\n",
        new="        offset: int | None = -1\n",
        test="tests/bot/test_inbox.py::"
        "test_the_first_poll_asks_from_the_earliest_that_is_not_confirmed",
    ),
    Bug(
        name="commit without syncing",
        file="core/store/disk.py",
        old='"PRAGMA synchronous = FULL"',
        new='"PRAGMA synchronous = OFF"',
        test="tests/core/store/test_disk.py::"
        "test_commits_are_synced_and_keys_are_enforced",
    ),
)

BUGS: Final = (
    *PROCESS,
    *CHAT,
    *SENDING,
    *JUDGING,
    *TELLING,
    *EVIDENCE,
    *EDGES,
    *QUOTES,
    *MONEY,
    *LIMITS,
    *SALES,
    *EXITS,
    *HOSTILE,
    *WIRE,
)
