"""Seeded bugs of what the owner is told."""

from typing import Final

from tests.teeth.bug import Bug


CHAT: Final = (
    Bug(
        name="tell no fill before the card's end",
        line=10,
        file="core/engine.py",
        old="        self._parts.part_fills.look()\n",
        new="",
        test="tests/core/flows/sent/test_part_fills.py::"
        "test_a_part_fill_is_told_once_however_many_executions_follow",
    ),
    Bug(
        name="tell no fill of an exit before its end",
        line=10,
        file="core/flows/sent/part_fills.py",
        old="            if order.exit is not None and order.filled:\n",
        new="            if False:\n",
        test="tests/core/flows/sent/test_part_fills.py::"
        "test_an_exit_whose_rest_works_is_told_once_at_its_first_fill",
    ),
    Bug(
        name="tell each execution of an order that works",
        line=10,
        file="core/flows/sent/part_fills.py",
        old="            filled = sum(o.filled > 0 for o in self.orders.of_proposal(card))\n",
        new="            filled = sum(o.filled for o in self.orders.of_proposal(card))\n",
        test="tests/core/flows/sent/test_part_fills.py::"
        "test_a_part_fill_is_told_once_however_many_executions_follow",
    ),
    Bug(
        name="end the halts on a tap that waited for hours",
        line=18,
        file="bot/handlers/table.py",
        old="(ScanAgain, Buy, Sell, AskExits, EndHalts, Admit)\n",
        new="(ScanAgain, Buy, Sell, AskExits, Admit)\n",
        test="tests/bot/handlers/test_late.py::"
        "test_a_tap_that_waited_for_long_does_no_more_than_the_command_would",
    ),
    Bug(
        name="hold one message, not the chat, when Telegram says 429",
        line=14,
        file="bot/outgoing/pace.py",
        old="            self.asked(delivered.wait)\n",
        new="            self.asked(0.0)\n",
        test="tests/bot/outgoing/test_chat.py::"
        "test_a_pause_that_telegram_asks_for_holds_what_came_later_too",
    ),
    Bug(
        name="send again what nobody answered",
        line=14,
        file="bot/outgoing/chat.py",
        old="            found = await self._found(after, page)\n            if found is not None:\n                return",
        new="            found = await self._found(None, page)\n            if found is not None:\n                return",
        test="tests/bot/outgoing/test_chat.py::"
        "test_a_message_stands_once_whatever_becomes_of_its_answers",
    ),
    Bug(
        name="forget at a stop what was on its way",
        file="bot/outgoing/chat.py",
        old="        if last is None or last.message is not None:\n            return\n",
        new="        if last is None or last.message is not None or last:\n            return\n",
        test="tests/bot/outgoing/test_chat.py::"
        "test_a_stop_in_the_middle_of_a_send_tells_it_once",
    ),
    Bug(
        name="give up what Telegram refuses",
        file="bot/outgoing/outbox.py",
        old='            _log.error("news=%s refused: %s", item.news.key, delivered.why)\n',
        new="            self._told(item, None)\n",
        test="tests/bot/outgoing/test_outbox_in_trouble.py::"
        "test_what_is_refused_blocks_nothing_and_is_not_given_up",
    ),
    Bug(
        name="leave a placeholder that nothing came of",
        line=15,
        file="bot/outgoing/outbox.py",
        old="            if page is not None and loop_time() - since[key] >= ABANDONED:\n",
        new="            if page is not None and loop_time() < since[key]:\n",
        test="tests/bot/outgoing/test_places.py::"
        "test_a_placeholder_that_nothing_came_of_says_so_in_the_end",
    ),
    Bug(
        name="leave a doubt's question when the doubt is over",
        file="core/ledger/orders.py",
        old="            self._notify_of_doubt(after)\n",
        new="            pass\n",
        test="tests/core/flows/test_doubt.py::"
        "test_the_question_is_told_again_when_the_doubt_is_over",
    ),
    Bug(
        name="edit a message that says so already",
        line=24,
        file="bot/outgoing/chat.py",
        old="            if page.says_the_same(self._stands.get(message)):\n",
        new="            if page.says_the_same(None):\n",
        test="tests/bot/outgoing/test_chat.py::"
        "test_an_edit_that_changes_nothing_does_not_leave",
    ),
    Bug(
        name="take a tap behind a slow answer for a fresh one",
        line=3,
        file="bot/waits.py",
        old="        self._before |= dict.fromkeys(numbers, gap)\n",
        new="        if gap > LONG:\n            gap = timedelta(0)\n"
        "        self._before |= dict.fromkeys(numbers, gap)\n",
        test="tests/bot/test_waits.py::"
        "test_a_tap_that_lay_here_while_the_machine_slept_has_waited",
    ),
    Bug(
        name="let the placeholder ring",
        file="bot/outgoing/pages.py",
        old="    return Page(text=text, silent=True)\n",
        new="    return Page(text=text)\n",
        test="tests/bot/outgoing/test_ringing.py::"
        "test_a_placeholder_is_silent_and_the_card_rings",
    ),
    Bug(
        name="tell what is being given once more by itself",
        file="bot/outgoing/bell.py",
        old="        if news.key in {*self._memory.held(), *self._memory.giving()}:\n",
        new="        if news.key in self._memory.held():\n",
        test="tests/bot/outgoing/test_bell.py::"
        "test_a_stop_while_it_is_given_gives_it_once",
    ),
    Bug(
        name="take the tap of who may only look",
        file="bot/handlers/table.py",
        old="        if not tap.answers.acts:\n",
        new="        if not tap.query:\n",
        test="tests/journeys/test_people.py::test_a_viewer_sees_and_can_do_nothing",
    ),
    Bug(
        name="halt where it is only asked whether to",
        file="bot/handlers/urgency.py",
        old="    is_asked = is_question(text) or begins_as_question(text)\n",
        new="    is_asked = is_question(text)\n",
        test="tests/bot/handlers/test_urgency.py::"
        "test_a_question_halts_and_cancels_nothing",
    ),
    Bug(
        name="cancel each order where it is asked how to",
        file="bot/handlers/several.py",
        old='    if begins_as_question(text or "") and any(map(_is_stop, found)):\n',
        new='    if is_question(text or "") and any(map(_is_stop, found)):\n',
        test="tests/bot/handlers/test_urgency.py::"
        "test_a_question_halts_and_cancels_nothing",
    ),
)
