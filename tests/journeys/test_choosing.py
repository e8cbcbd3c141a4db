"""Settings and schedule from the chat, between the two sandboxes."""

from functools import partial
from pathlib import Path

from bot.sandbox.api_types import Message
from tests.harness.product import (
    MOST_DOLLARS,
    MOST_PERCENT,
    WARM,
    ProductHarness,
    at,
    has,
    opened,
)


async def choose(harness: ProductHarness, said: str, *yes: str) -> Message:
    """Send /settings *said*, and give each *yes* in its turn."""
    message = await harness.asked(f"/settings {said}")
    for label in yes:
        await harness.phone.tap(message, label)
        message = await harness.becomes(message, partial(_is_not, message.text))
    return message


def _is_not(text: str, message: Message) -> bool:
    return message.text != text


def yes_to(symbol: str, card: Message) -> str:
    """The button that buys this stock alone, whatever it says of its cost."""
    labels = (label for row in card.buttons for label in row)
    return next(label for label in labels if label.startswith(f"Yes, buy {symbol}"))


async def test_a_lowered_limit_binds_an_open_card_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        assert has(card, "Yes")

        told = await choose(harness, "max order $1000", "Yes, 1000")

        assert "It applies at once, to open cards as well." in told.text
        bound = await harness.becomes(card, lambda m: not has(m, "Yes, buy both"))
        assert "the limit is $1,000 an order" in bound.text
        await harness.phone.tap(bound, yes_to(MOST_PERCENT, bound))
        await harness.becomes(card, lambda m: "filled" in m.text or "Bought" in m.text)
        assert harness.placed() == [(MOST_PERCENT, 100)]


async def test_a_raised_limit_counts_for_new_cards_only_and_is_told(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41), max_order_dollars="1000") as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card(button=f"Yes, buy {MOST_PERCENT}")
        assert not has(card, "Yes, buy both")

        done = await choose(harness, "max order 6000", "Yes, 6000", "Yes, really 6000")

        assert done.text.startswith("Max order dollars is 6000, was 1000.")
        rings = await harness.phone.reads("Limit loosened", within=WARM)
        assert not rings.silent
        await harness.ready()
        assert not has(harness.phone.now(card), "Yes, buy both")
        fresh = await harness.card(button="Yes, buy both")
        await harness.phone.tap(fresh, "Yes, buy both")
        await harness.becomes(fresh, lambda m: m.text.count("filled 100") == 2)
        assert sorted(harness.placed()) == sorted(
            [(MOST_DOLLARS, 100), (MOST_PERCENT, 100)]
        )


async def test_what_was_chosen_and_what_was_asked_live_through_a_kill(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        await choose(harness, "shares 50", "Yes, 50")
        question = await harness.asked("/settings offer minutes 5")
        await harness.kill()

        await harness.start()
        await harness.ready()
        await harness.phone.tap(question, "Yes, 5")
        await harness.becomes(question, lambda m: "is 5" in m.text)

        card = await harness.card()
        assert "50 " in card.text
        assert "100 " + MOST_PERCENT not in card.text
        health = await harness.asked("/health")
        assert "chosen here: offer" in health.text


async def test_a_scheduled_scan_comes_by_itself_once_across_a_kill(
    tmp_path: Path,
) -> None:
    def cards() -> list[Message]:
        return [m for m in harness.phone.received if has(m, "Scan again")]

    async with opened(tmp_path, clock=at(9, 59, 40)) as harness:
        await harness.start()
        await harness.ready()
        listed = await harness.asked("/schedule scan 10:00")
        assert "1. scan 10:00" in listed.text
        await harness.phone.wait_for(lambda _: cards() or None, within=60)
        await harness.kill()

        await harness.start()
        await harness.ready()

        assert len(cards()) == 1


async def test_a_brief_and_a_summary_come_at_their_times(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 19, 40)) as harness:
        await harness.start()
        await harness.asked("/schedule brief open-10")
        await harness.asked("/schedule summary close+1")

        brief = await harness.phone.reads("Before the open", within=60)

        assert "No order waits for the open." in brief.text
        assert "summary 16:01" in brief.text


async def test_a_purchase_within_a_limit_is_chosen_on_the_card(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        assert "market order" in card.text

        await harness.phone.tap(
            card, "Market order \N{BLACK RIGHT-POINTING SMALL TRIANGLE}"
        )
        limited = await harness.becomes(card, lambda m: "at most" in m.text)
        assert has(limited, "Limit order \N{BLACK RIGHT-POINTING SMALL TRIANGLE}")
        await harness.phone.tap(limited, f"Only {MOST_PERCENT}")
        await harness.phone.reads("Bought 100", within=WARM)

        approved = harness.phone.now(card)
        assert harness.placed() == [(MOST_PERCENT, 100)]
        assert "market order" not in approved.text
