"""From /scan to shares in the account, as the owner walks it."""

import asyncio
import csv
from io import StringIO
from pathlib import Path

import pytest

from bot.sandbox.api_types import Message, User
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trading import statement
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.product import (
    MOST_DOLLARS,
    MOST_PERCENT,
    ProductHarness,
    a_gainer,
    at,
    five,
    has,
    opened,
)


async def test_yes_buys_both_picks_and_the_card_tells_it(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        assert f"{MOST_PERCENT}" in card.text
        assert "SANDBOX" in card.text

        answer = await harness.phone.tap(card, "Yes, buy both")
        told = await harness.phone.reads("Bought", after=card)

        record = await harness.becomes(card, lambda c: c.text.count("filled 100") == 2)
        assert answer.text
        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])
        assert record.text.count("fee 1.00") == 2
        assert not has(record, "Yes")
        assert told.message_id != card.message_id


async def test_only_this_one_buys_one(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        await harness.phone.reads("Bought", after=card)

        assert harness.placed() == [(MOST_DOLLARS, 100)]


async def test_a_size_redraws_the_card_and_yes_buys_what_it_shows(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        toast = await harness.phone.tap(card, "$500")
        shown = await harness.becomes(card, lambda c: has(c, "• $500"))
        stale = await harness.phone.tap(card, "Yes, buy both")
        assert harness.placed() == []
        await harness.phone.tap(shown, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)

    assert "Nothing was sent" in toast.text
    assert "asked anew" in stale.text
    bought = dict(harness.placed())
    assert all(f"{n:,} {symbol}" in shown.text for symbol, n in bought.items())
    assert bought[MOST_PERCENT] == 103


async def test_in_an_account_in_euros_the_size_by_risk_is_of_its_dollars(
    tmp_path: Path,
) -> None:
    """EUR 1,000 are $2,000 at IB's rate: 1 % of them over 5 % of 4.83 are 82 shares,
    and of 1,000 it would be 41."""
    account = AccountSpec(cash=2_000.0, currency="EUR", per_dollar=0.5)
    async with opened(
        tmp_path,
        clock=at(9, 41),
        config=GatewayConfig(accounts=(account,)),
        exit_stop="5%",
    ) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, "1% risk")
        shown = await harness.becomes(card, lambda c: has(c, "• 1% risk"))
        await harness.phone.tap(shown, f"Only {MOST_PERCENT}")
        told = await harness.phone.reads("Bought", after=card)
        [(_, shares)] = harness.placed()
        asked = await harness.asked("/account")

    assert shares == 82
    assert f"82 {MOST_PERCENT}" in told.text
    assert "EUR" in asked.text


async def test_without_ibs_rate_a_size_by_risk_buys_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "_rates", lambda _: iter(()))
    account = AccountSpec(cash=2_000.0, currency="EUR", per_dollar=0.5)
    async with opened(
        tmp_path,
        clock=at(9, 41),
        config=GatewayConfig(accounts=(account,)),
        exit_stop="5%",
        size="1%",
    ) as harness:
        await harness.start()
        await asyncio.sleep(10)
        status = await harness.asked("/status")
        asked = await harness.phone.send("/scan")
        card = await harness.phone.reads("Offered", after=asked, within=30)
        shown = await harness.becomes(card, lambda c: has(c, "$500"))
        await harness.phone.tap(shown, "$500")
        other = await harness.becomes(card, lambda c: has(c, "• $500"))
        toast = await harness.phone.tap(other, "Yes, buy both")
        print(shown.text, "X", other.text[:300], "X", toast.text)

    why = "IB has not sent the rate of EUR, in which the account is kept."
    assert why in status.text
    assert why in shown.text
    assert not has(shown, "Yes")
    assert why in toast.text
    assert harness.placed() == []


async def test_a_limit_that_is_reached_leaves_no_yes(tmp_path: Path) -> None:
    """One buy in this session: the card offers each of the two alone."""
    async with opened(tmp_path, clock=at(9, 41), max_buys="1") as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card(button="Only")
        assert "the limit is 1 a session" in card.text
        assert not has(card, "Yes, buy both")
        await harness.phone.tap(card, f"Only {MOST_PERCENT}")
        await harness.phone.reads("Bought", after=card)

        second = await harness.card(button="No")

    assert "2 buys on top of 1 today" in second.text
    assert not has(second, "Only")
    assert harness.placed() == [(MOST_PERCENT, 100)]


async def test_no_buys_nothing_and_stays_on_record(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, "No")
        closed = await harness.becomes(card, lambda c: "Nothing was bought" in c.text)

        assert MOST_PERCENT in closed.text
        assert harness.placed() == []


async def test_two_taps_on_two_devices_buy_once(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        tablet = harness.chat.phone_of(harness.phone.user)

        await asyncio.gather(
            harness.phone.tap(card, "Yes, buy both"),
            harness.phone.tap(card, "Yes, buy both"),
            tablet.tap(card, "Yes, buy both"),
        )
        await harness.phone.reads("Bought", after=card)

        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_the_same_stock_winning_both_is_one_order(tmp_path: Path) -> None:
    shapes = five(
        a_gainer(20.00, 26.00, prior_close=4.00),
        a_gainer(4.20, 4.40, prior_close=1.00),
        a_gainer(9.00, 9.50, prior_close=3.00),
        a_gainer(5.00, 5.10, prior_close=2.00),
        a_gainer(3.00, 2.90, prior_close=1.30),
    )
    async with opened(tmp_path, clock=at(9, 41), shapes=shapes) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        assert "leads in $ and in %" in card.text

        await harness.phone.tap(card, f"Yes, buy {MOST_PERCENT}")
        await harness.phone.reads("Bought", after=card)

        assert harness.placed() == [(MOST_PERCENT, 100)]


async def test_a_tap_after_the_end_of_the_offer_buys_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41), offer_minutes="0.05") as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.becomes(card, lambda c: not has(c, "Yes"), within=15)

        answer = await harness.phone.tap(card, "Yes, buy both")

        assert "Too late" in answer.text
        assert harness.placed() == []


async def test_a_stranger_is_not_answered_and_is_counted(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        stranger = harness.chat.phone_of(User(id=666, first_name="Eve"))

        await stranger.send("/scan")
        harness.phone.forge(card, str(card.button("Yes, buy both")["callback_data"]))
        stranger.forge(card, str(card.button("Yes, buy both")["callback_data"]))
        await harness.phone.reads("Bought", after=card)
        await harness.phone.send("/status")
        status = await harness.phone.reads("stranger")

        assert stranger.received == ()
        assert "2" in status.text
        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_export_sends_the_trail_of_what_was_bought(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)

        sent = await harness.asked("/export")

    assert sent.text.startswith("Audit trail, whole · SANDBOX")
    assert sent.content.file
    rows = list(csv.DictReader(StringIO(sent.content.file.data.decode())))
    kinds = [row["event"] for row in rows]
    assert kinds.count("Sent") == 2
    assert kinds.count("Filled") == 2
    assert f"lines  {len(rows)}" in sent.text


async def test_a_limit_is_on_the_card_and_at_ib(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41), order_type="LMT") as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, f"Only {MOST_PERCENT}")
        await harness.phone.reads("Bought", after=card)

    assert "limit order" in card.text
    assert f"{MOST_PERCENT} at most 4.87" in card.text
    assert harness.placed() == [(MOST_PERCENT, 100)]


async def test_ib_is_asked_on_a_tap_and_nothing_is_placed(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, "Check with IB")
        told = await harness.phone.reads("Asked IB", after=card)
        await harness.phone.tap(card, "Check with IB")
        again = await harness.phone.reads("Not asked", after=told)
        assert harness.placed() == []
        await harness.phone.tap(card, f"Only {MOST_PERCENT}")
        await harness.phone.reads("Bought", after=card)

    assert "Nothing was sent" in told.text
    assert told.text.count("commission $1.00") == 2
    assert told.text.count("margin +$") == 2
    assert "one such question a minute" in again.text
    assert harness.placed() == [(MOST_PERCENT, 100)]


def label(message: Message, begins: str) -> str:
    """The whole label of the button that begins so."""
    labels = (each for row in message.buttons for each in row)
    return next(each for each in labels if each.startswith(begins))


async def queue_question(harness: ProductHarness, card: Message) -> Message:
    """Say Yes while the market is closed: the card asks once more."""
    await harness.phone.tap(card, label(card, "Yes"))
    return await harness.becomes(card, lambda c: has(c, "Queue"))


async def test_a_limit_may_be_filled_before_the_open(tmp_path: Path) -> None:
    """At eight in the morning: the card asks once more, and IB fills it before 09:30."""
    async with opened(
        tmp_path,
        clock=at(8, 0),
        order_type="LMT",
        outside_hours="true",
        limit_percent="5",
    ) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        question = await queue_question(harness, card)
        await harness.phone.tap(question, label(question, "Queue"))
        await harness.phone.reads("Bought", after=card)

    assert "also outside of regular hours" in question.text
    assert [shares for _, shares in harness.placed()] == [100]


async def test_what_an_open_brings_above_the_cap_is_not_bought(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(8, 0), max_gap_percent="0.01") as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        question = await queue_question(harness, card)
        await harness.phone.tap(question, label(question, "Queue"))
        placed = await harness.phone.wait_for(lambda _: harness.placed(), within=25)
        [order] = [*harness.gateway.orders(), *harness.gateway.completed()]

    assert "limit order for the open" in question.text
    assert [shares for _, shares in placed] == [100]
    assert (order.ticket.order_type, order.ticket.tif) == ("LMT", "OPG")


async def test_a_tap_caps_what_an_open_may_bring(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(8, 0)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        question = await queue_question(harness, card)
        await harness.phone.tap(question, "Pay at most 3% more at the open")
        capped = await harness.becomes(
            card, lambda c: has(c, "Queue") and has(c, "No cap")
        )
        await harness.phone.tap(capped, label(capped, "Queue"))
        await harness.phone.wait_for(lambda _: harness.placed(), within=25)
        [order] = [*harness.gateway.orders(), *harness.gateway.completed()]

    assert "whatever price" in question.text
    assert "limit order for the open, at most" in capped.text
    assert "above the card's" in capped.text
    assert "From 09:28 ET on the exchange cancels no such order" in capped.text
    assert (order.ticket.order_type, order.ticket.tif) == ("LMT", "OPG")
