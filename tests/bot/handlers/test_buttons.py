"""Every tap is answered once, and a choice reaches the engine as it was made."""

import asyncio
from dataclasses import replace

import pytest
from telegram import Bot, InlineKeyboardMarkup

from bot.keyboards import for_card, for_doubt, for_failed_scan, for_orders, for_overview
from bot.presses.kinds import Overview
from bot.sandbox.api_types import Message
from bot.sandbox.faults import Fault
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.model.card import Card
from core.model.market import ConId, Instrument
from core.model.order import OrderState
from core.model.proposal import (
    Choice,
    Decision,
    Proposal,
    ProposalState,
    Shown,
    Token,
    Verdict,
)
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal
from tests.bot.values import a_status
from tests.builders import (
    NOW,
    a_proposal,
    a_quote,
    a_ranking,
    a_sent_order,
    a_snapshot,
    an_order,
    price,
)


@pytest.fixture
def shows(bot: Bot, phone: Phone) -> "Screen":
    return Screen(bot, phone)


class Screen:
    """Puts a message with buttons on the owner's phone."""

    def __init__(self, bot: Bot, phone: Phone) -> None:
        self._bot = bot
        self._phone = phone

    async def buttons(self, keyboard: InlineKeyboardMarkup | None) -> Message:
        sent = await self._bot.send_message(
            self._phone.user.id, "a message", reply_markup=keyboard
        )
        return next(m for m in self._phone.received if m.message_id == sent.message_id)

    async def a_card(self) -> Message:
        card = Card(proposal=a_proposal(), orders=(), opens=None)
        return await self.buttons(for_card(card))


@pytest.mark.parametrize(
    ("label", "choice"),
    [
        ("Yes, buy both", Choice.YES),
        ("No", Choice.NO),
        ("Only QRVX", Choice.FIRST),
        ("Only FDMX", Choice.SECOND),
    ],
)
async def test_a_choice_reaches_the_engine_with_who_where_and_when(
    phone: Phone, engine: ScriptedEngine, shows: Screen, label: str, choice: Choice
) -> None:
    card = await shows.a_card()

    await phone.tap(card, label)

    [tap] = engine.taps
    assert (tap.choice, tap.by, tap.at) == (choice, "Sam", NOW)
    assert tap.token == a_proposal().token
    assert tap.shown == Shown(owner=1001, chat=1001, message=card.message_id)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(verdict=Verdict.APPROVED, proposal=None), "Checking the price …"),
        (Decision(verdict=Verdict.DECLINED, proposal=None), "Nothing was bought"),
        (Decision(verdict=Verdict.ASK_QUEUE, proposal=None), "one more question"),
        (
            Decision(
                verdict=Verdict.NOT_NOW, proposal=None, reasons=("No line to IB.",)
            ),
            "Not sent. No line to IB. Nothing was bought.",
        ),
        (
            Decision(
                verdict=Verdict.ALREADY,
                proposal=a_proposal(state=ProposalState.APPROVED, decided_at=NOW),
            ),
            "Already approved 09:41:07 ET",
        ),
        (
            Decision(verdict=Verdict.EXPIRED, proposal=a_proposal()),
            "Too late: the offer ended at 09:51 ET",
        ),
        (Decision(verdict=Verdict.UNKNOWN, proposal=None), "not valid any more"),
    ],
    ids=lambda value: str(getattr(value, "verdict", "")),
)
async def test_a_choice_is_answered_with_the_state_now(
    phone: Phone, engine: ScriptedEngine, shows: Screen, decision: Decision, words: str
) -> None:
    engine.decision = decision

    answer = await phone.tap(await shows.a_card(), "Yes, buy both")

    assert words in answer.text
    assert len(answer.text) <= 200


async def test_an_answer_that_comes_too_late_is_in_nobodys_way(
    phone: Phone,
    engine: ScriptedEngine,
    shows: Screen,
    server: BotApiServer,
    journal: RingingJournal,
) -> None:
    too_old = Fault(status=400, description="query is too old")
    server.faults.next("answerCallbackQuery", too_old)
    card = await shows.a_card()

    phone.press(card, "Yes, buy both")
    await journal.comes_to(lambda: len(engine.taps) == 1 and not journal.inbox.unread())

    assert phone.received == (card,)


async def test_two_taps_at_once_are_both_answered(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    card = await shows.a_card()

    await asyncio.gather(phone.tap(card, "Yes, buy both"), phone.tap(card, "No"))

    assert len({tap.update for tap in engine.taps}) == 2


@pytest.mark.parametrize("data", ["v1:o:y:", "v9:o:y:token", "hello"])
async def test_a_button_that_was_never_ours_says_so(
    phone: Phone, engine: ScriptedEngine, shows: Screen, data: str
) -> None:
    card = await shows.a_card()

    answer = await phone.answered(phone.forge(card, data))

    assert "not valid any more" in answer.text
    assert engine.taps == []


async def test_the_whole_table_comes_as_a_quiet_answer_to_the_card(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    engine.known[a_proposal().token] = a_proposal()
    card = await shows.a_card()

    await phone.tap(card, "All 2")

    table = await phone.reads("All 2")
    assert table.silent
    assert table.reply_to
    assert table.reply_to.message_id == card.message_id


async def test_the_table_of_a_scan_that_is_gone_is_said_to_be_gone(
    phone: Phone, shows: Screen
) -> None:
    answer = await phone.tap(await shows.a_card(), "All 2")

    assert "gone" in answer.text


def a_long_scan() -> Proposal:
    rows = tuple(
        a_snapshot(
            rank=rank,
            instrument=Instrument(con_id=ConId(rank), symbol=f"S{rank:02}"),
            quote=a_quote(last=price(f"{rank}.00"), open=price("10.00")),
        )
        for rank in range(1, 51)
    )
    return a_proposal(ranking=a_ranking(rows=rows))


async def test_the_table_is_turned_and_sorted_in_one_message(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    engine.known[a_proposal().token] = a_long_scan()
    await phone.tap(await shows.a_card(), "All 2")
    first = await phone.reads("1–10 of 50")  # noqa: RUF001  the dash that is shown

    await phone.tap(first, "Next ▸")
    second = await phone.reads("11–20 of 50")  # noqa: RUF001  as above
    await phone.tap(second, "By change")
    best = await phone.reads("largest gain since the open first")

    assert first.labels[:3] == ("S01", "S02", "S03")
    assert "◂ Back" not in first.labels
    assert second.labels[0] == "S11"
    assert second.labels[10:13] == ("◂ Back", "11–20 of 50", "Next ▸")  # noqa: RUF001  as above
    assert best.labels[0] == "S50"
    assert first.message_id == second.message_id == best.message_id


async def test_a_table_turns_on_though_the_card_puts_another_question(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    """A size that is chosen gives the card a new token."""
    engine.known[a_proposal().token] = a_long_scan()
    await phone.tap(await shows.a_card(), "All 2")
    page = await phone.reads("1–10 of 50")  # noqa: RUF001  the dash that is shown
    other = replace(engine.known.pop(a_proposal().token), token=Token("B" * 22))
    engine.known[other.token] = other

    await phone.tap(page, "Next ▸")

    assert (await phone.reads("11–20 of 50")).message_id == page.message_id  # noqa: RUF001  as above


async def test_a_tap_on_a_symbol_opens_it(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    engine.known[a_proposal().token] = a_long_scan()
    await phone.tap(await shows.a_card(), "All 2")
    page = await phone.reads("1–10 of 50")  # noqa: RUF001  the dash that is shown

    await phone.tap(page, "S07")

    opened = await phone.reads("row 7 of 50")
    assert opened.silent
    assert opened.labels == ("Quote now", "Chart")
    assert "S07 · live" in opened.text
    assert "last          7.00" in opened.text
    assert "open         10.00         ▼−30.0%" in opened.text  # noqa: RUF001  a real minus
    assert opened.reply_to
    assert opened.reply_to.message_id == page.message_id


async def test_scan_again_scans(
    phone: Phone, engine: ScriptedEngine, shows: Screen, journal: RingingJournal
) -> None:
    failed = await shows.buttons(for_failed_scan())

    await phone.tap(failed, "Scan again")

    await journal.comes_to(lambda: engine.asked == ["scan scan"])


async def test_scan_again_while_one_is_under_way_says_so(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    engine.busy = True

    await phone.tap(await shows.buttons(for_failed_scan()), "Scan again")

    await phone.reads("already under way")


async def test_cancel_asks_and_claims_no_more_than_that(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    order = a_sent_order(state=OrderState.ACKED)
    engine.ours[order.ref] = a_sent_order(state=OrderState.ACKED, cancel_asked=True)
    message = await shows.buttons(for_orders([order]))

    answer = await phone.tap(message, "Cancel QRVX 100")

    assert answer.text == "Asked IB to cancel 100 QRVX. I'll say when it is done."
    assert engine.asked == [f"cancel {order.ref} by Sam"]


async def test_the_list_of_orders_is_renewed_by_a_cancel(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    order = a_sent_order(state=OrderState.ACKED)
    engine.ours[order.ref] = a_sent_order(state=OrderState.ACKED, cancel_asked=True)
    message = await shows.buttons(for_orders([order]))

    await phone.tap(message, "Cancel QRVX 100")

    listed = await phone.reads("cancel asked for")
    assert listed.message_id == message.message_id
    assert listed.buttons == (("Ask again: cancel QRVX 100",), ("Refresh",))


async def test_an_order_that_still_waits_will_not_be_sent(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    order = an_order()
    engine.ours[order.ref] = order
    message = await shows.buttons(for_orders([order]))

    answer = await phone.tap(message, "Cancel QRVX 100")

    assert answer.text == "100 QRVX will not be sent."


async def test_cancel_of_an_order_that_does_not_work_says_so(
    phone: Phone, shows: Screen
) -> None:
    message = await shows.buttons(for_orders([a_sent_order(state=OrderState.ACKED)]))

    answer = await phone.tap(message, "Cancel QRVX 100")

    assert "not working any more" in answer.text


@pytest.mark.attack(10)
async def test_cancel_without_a_line_tells_that_it_may_still_work(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    engine.stands = a_status(reconciled=False)
    order = a_sent_order(state=OrderState.ACKED, cancel_asked=True)
    engine.ours[order.ref] = order
    message = await shows.buttons(for_orders([order]))

    answer = await phone.tap(message, "Ask again: cancel QRVX 100")

    assert "Not cancelled yet" in answer.text
    assert "as soon as it can be reached" in answer.text


@pytest.mark.parametrize(
    ("label", "there"), [("It is there", True), ("It is not there", False)]
)
async def test_what_the_owner_saw_settles_a_doubt(
    phone: Phone, engine: ScriptedEngine, shows: Screen, label: str, *, there: bool
) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    engine.ours[order.ref] = order
    question = await shows.buttons(for_doubt(order))

    await phone.tap(question, label)

    settled = await phone.reads(f"Sam says i{label.removeprefix('I')}.\nBUY 100 QRVX")
    assert settled.message_id == question.message_id
    assert settled.labels == ()
    assert engine.asked == [f"settle {order.ref} there={there} by Sam"]


@pytest.mark.attack(9)
async def test_the_owner_says_that_an_order_was_filled(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    engine.ours[order.ref] = order
    question = await shows.buttons(for_doubt(order))

    await phone.tap(question, "It was filled: 100 at about 4.83")

    settled = await phone.reads("Sam says it was filled.\nBUY 100 QRVX")
    assert settled.labels == ()
    assert engine.asked == [f"settle {order.ref} filled 100 at {order.about} by Sam"]


@pytest.mark.attack(9)
@pytest.mark.parametrize("stock", ["qrvx", "$QRVX"])
async def test_the_owner_types_how_many_were_filled_and_at_what(
    phone: Phone, engine: ScriptedEngine, stock: str
) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    engine.ours[order.ref] = order
    await phone.send(f"/filled {stock} 40 4.8125")
    question = await phone.reads("Was it filled like this?")
    before = list(engine.asked)

    await phone.tap(question, "Yes: 40 at 4.81")

    settled = await phone.reads("Sam says it was filled.\nBUY 40 QRVX at about 4.81")
    assert "The other 60 count as not filled" in question.text
    assert before == []
    assert settled.message_id == question.message_id
    assert engine.asked == [f"settle {order.ref} filled 40 at 4.8125 by Sam"]


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    "said",
    [
        "/filled",
        "/filled QRVX 101 4.81",
        "/filled QRVX 0 4.81",
        "/filled QRVX 40 0",
        "/filled QRVX 40",
        "/filled QRVX 40 cheap",
        "/filled FDMX 40 4.81",
    ],
)
async def test_what_cannot_be_so_is_not_even_asked(
    phone: Phone, engine: ScriptedEngine, said: str
) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    engine.ours[order.ref] = order

    await phone.send(said)

    answer = await phone.reads("Nothing was written")
    assert "/filled QRVX 100 4.83" in answer.text
    assert answer.labels == ()


async def test_without_a_doubt_nothing_is_filled_by_word(phone: Phone) -> None:
    await phone.send("/filled QRVX 40 4.81")

    await phone.reads("No order is in doubt")


async def test_ask_me_later_leaves_the_question_where_it_is(
    phone: Phone, engine: ScriptedEngine, shows: Screen
) -> None:
    question = await shows.buttons(for_doubt(a_sent_order(state=OrderState.UNKNOWN)))

    answer = await phone.tap(question, "Ask me later")

    assert "/orders asks again" in answer.text
    assert phone.now(question).labels == question.labels
    assert engine.asked == []


async def test_a_doubt_that_is_settled_is_not_settled_again(
    phone: Phone, shows: Screen
) -> None:
    question = await shows.buttons(for_doubt(a_sent_order(state=OrderState.UNKNOWN)))

    answer = await phone.tap(question, "It is there")

    assert "settled already" in answer.text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Overview.POSITIONS, "Positions"),
        (Overview.ORDERS, "Orders"),
        (Overview.ACCOUNT, "funds free"),
        (Overview.STATUS, "Ready to trade"),
    ],
)
async def test_refresh_shows_the_same_message_as_it_is_now(
    phone: Phone, shows: Screen, page: Overview, words: str
) -> None:
    message = await shows.buttons(for_overview(page))

    await phone.tap(message, "Refresh")

    assert (await phone.reads(words)).message_id == message.message_id
