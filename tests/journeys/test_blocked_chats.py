"""A chat that its owner has closed to the bot keeps no other owner waiting, and an answer
that Telegram refuses is not said to be a command that failed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from bot.handlers.services import REFUSALS
from bot.sandbox.api_types import Message, User
from bot.sandbox.faults import Fault
from bot.sandbox.phone import Phone
from tests.harness.product import (
    MOST_DOLLARS,
    MOST_PERCENT,
    POLL_INTERVAL,
    WARM,
    ProductHarness,
    at,
    has,
    opened,
)


BO = User(id=5005, first_name="Bo")


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[ProductHarness]:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        yield harness


async def bo_may_act(product: ProductHarness) -> Phone:
    product.chat.chats.meet(BO, started=True)
    asked = await product.asked(f"/people add {BO.id} owner")
    await product.phone.tap(asked, "Add as owner", within=WARM)
    sure = await product.becomes(asked, lambda m: "Are you sure?" in m.text)
    await product.phone.tap(sure, f"Yes, {BO.id} may act", within=WARM)
    await product.phone.reads(f"{BO.id} is owner from now on", within=WARM)
    return Phone(product.chat.chats, BO)


async def the_card(phone: Phone) -> Message:
    """As it stands once it has its buttons."""
    return await phone.wait_for(
        lambda phone: next(
            (m for m in phone.received if has(m, "Yes, buy both")), None
        ),
        within=PATIENTLY,
    )


PATIENTLY: Final = 60.0
"""Seconds until a chat that was closed is tried again, and more."""


async def bo_reads_ready(bo: Phone) -> None:
    """Once the orders are compared."""
    while True:
        sent = await bo.send("/status")
        status = await bo.reads("", after=sent, within=WARM)
        if status.text.startswith("Ready to"):
            return
        await asyncio.sleep(POLL_INTERVAL)


def block(product: ProductHarness, user: User) -> None:
    product.chat.chats.blocked.add(user.id)


async def test_the_first_owner_s_block_keeps_no_card_from_another(
    product: ProductHarness,
) -> None:
    bo = await bo_may_act(product)
    block(product, product.phone.user)

    sent = await bo.send("/scan")
    card = await the_card(bo)
    await bo.tap(card, "Yes, buy both", within=WARM)
    await bo.reads("Bought 100", after=sent, within=WARM)

    assert product.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_the_first_owner_gets_all_of_it_when_he_lets_the_bot_in_again(
    product: ProductHarness,
) -> None:
    bo = await bo_may_act(product)
    block(product, product.phone.user)
    sent = await bo.send("/scan")
    await bo.reads("Yes buys", after=sent, within=WARM)

    product.chat.chats.blocked.clear()
    card = await the_card(product.phone)
    await product.phone.tap(card, "Yes, buy both", within=WARM)
    await product.phone.reads("Bought 100", within=WARM)
    await bo.reads("Bought 100", after=sent, within=WARM)

    assert not any(
        "Scanning" in product.phone.now(m).text for m in product.phone.received
    )
    assert product.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_whoever_asks_and_blocks_keeps_nobody_s_scan_waiting(
    product: ProductHarness,
) -> None:
    bo = await bo_may_act(product)
    block(product, BO)
    await bo.send("/scan")

    await product.phone.reads("Yes buys", within=WARM)
    card = await product.card()

    assert has(card, "Yes, buy both")


async def test_a_panic_of_another_owner_asks_him_whether_to_sell(
    product: ProductHarness,
) -> None:
    bo = await bo_may_act(product)
    card = await product.card()
    await product.phone.tap(card, "Yes, buy both", within=WARM)
    await product.phone.reads("Bought 100", within=WARM)
    block(product, product.phone.user)

    sent = await bo.send("/panic")
    asked = await bo.reads("Sell all that you hold", after=sent, within=WARM)

    assert f"{MOST_DOLLARS} 100" in asked.text


async def test_a_card_in_a_closed_chat_is_answered_after_a_restart(
    product: ProductHarness,
) -> None:
    bo = await bo_may_act(product)
    block(product, product.phone.user)
    sent = await bo.send("/scan")
    card = await the_card(bo)

    await product.kill()
    await product.stop()
    await product.start()
    await bo_reads_ready(bo)
    await bo.tap(card, "Yes, buy both", within=WARM)
    await bo.reads("Bought 100", after=sent, within=WARM)

    assert product.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_a_halt_whose_answer_is_refused_is_not_said_to_have_failed(
    product: ProductHarness,
) -> None:
    """Each answer is tried with its formatting and without, three times."""
    refused = Fault(status=400, description="can't parse entities")
    product.chat.faults.next("sendMessage", refused, times=2 * REFUSALS)
    asked = await product.phone.send("/halt")
    told = await product.phone.reads("Telegram refuses it", after=asked, within=WARM)
    status = await product.asked("/status")

    assert "did not work" not in told.text
    assert "was dealt with" in told.text
    assert "Trading is halted: /halt by" in status.text
