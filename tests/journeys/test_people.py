"""Further owners act and viewers look, each in a chat of his own, over both sandboxes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.api_types import Message, User
from bot.sandbox.phone import Phone
from tests.harness.product import (
    MOST_DOLLARS,
    MOST_PERCENT,
    WARM,
    ProductHarness,
    at,
    has,
    opened,
)


VI = User(id=4004, first_name="Vi")
BO = User(id=5005, first_name="Bo")
STRANGER = User(id=6006, first_name="Mallory")


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[ProductHarness]:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        yield harness


def a_phone(product: ProductHarness, user: User) -> Phone:
    product.chat.chats.meet(user, started=True)
    return Phone(product.chat.chats, user)


async def let_in(product: ProductHarness, user: User, rights: str) -> Phone:
    """The owner lets *user* in, and says Yes as often as he is asked."""
    phone = a_phone(product, user)
    asked = await product.asked(f"/people add {user.id} {rights}")
    label = f"Add as {rights}"
    await product.phone.tap(asked, label, within=WARM)
    if rights == "owner":
        sure = await product.becomes(asked, lambda m: "Are you sure?" in m.text)
        assert f"{user.id}" not in (await product.asked("/people")).text
        await product.phone.tap(sure, f"Yes, {user.id} may act", within=WARM)
    await product.phone.reads(f"{user.id} is {rights} from now on", within=WARM)
    return phone


async def copy_of_the_card(phone: Phone) -> Message:
    return await phone.reads("Yes buys", within=WARM)


async def test_a_viewer_sees_and_can_do_nothing(product: ProductHarness) -> None:
    vi = await let_in(product, VI, "viewer")
    card = await product.card()
    copy = await copy_of_the_card(vi)
    data = str(card.button("Yes, buy both")["callback_data"])

    answer = await vi.answered(vi.forge(copy, data), within=WARM)
    for said in (
        "/scan",
        "sell all",
        "/panic",
        "/halt",
        "stop?",
        f"/people add {STRANGER.id} owner",
    ):
        sent = await vi.send(said)
        refused = await vi.reads(
            "You can look here, but not act", after=sent, within=WARM
        )
        assert refused.labels == ()
    sent = await vi.send("/status")
    status = await vi.reads("Ready to", after=sent, within=WARM)

    for said in ("xyzzy", "yes", "/help", "/help scan"):
        sent = await vi.send(said)
        offered = await vi.reads("/positions", after=sent, within=WARM)
        for acting in ("/scan", "/buy", "/panic", "Buttons"):
            assert acting not in offered.text, said

    assert answer.text.startswith("You can look here")
    assert copy.labels == status.labels == ()
    assert product.placed() == []
    assert "Ready to" in (await product.asked("/status")).text


async def test_another_owner_s_yes_on_his_copy_counts_and_is_named(
    product: ProductHarness,
) -> None:
    bo = await let_in(product, BO, "owner")
    card = await product.card()
    copy = await bo.wait_for(
        lambda phone: next(
            (m for m in phone.received if has(m, "Yes, buy both")), None
        ),
        within=WARM,
    )

    await bo.tap(copy, "Yes, buy both", within=WARM)
    done = await product.becomes(card, lambda now: "Yes, said Bo" in now.text)
    theirs = await bo.reads("Yes, said Bo", within=WARM)
    for phone in (product.phone, bo):
        settled = await phone.reads("Bought 100", within=WARM)
        assert not settled.silent

    assert theirs.message_id == copy.message_id
    assert done.message_id == card.message_id
    assert product.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_another_owner_sees_in_his_own_chat_that_his_scan_is_on_its_way(
    product: ProductHarness,
) -> None:
    bo = await let_in(product, BO, "owner")
    sent = await bo.send("/scan")

    def progress(phone: Phone) -> Message | None:
        found = (m for m in phone.received if m.message_id > sent.message_id)
        return next((m for m in found if "Scanning" in phone.now(m).text), None)

    waits = await bo.wait_for(progress, within=WARM)
    card = await bo.reads("Yes buys", after=sent, within=WARM)
    await bo.wait_for(lambda phone: not progress(phone), within=WARM)
    await product.phone.reads("Yes buys", within=WARM)

    assert waits.silent
    assert not card.silent


async def test_two_owners_answer_each_his_own_question(
    product: ProductHarness,
) -> None:
    """What one types is never the value that the other was asked for."""
    bo = await let_in(product, BO, "owner")
    await product.asked("/settings shares")
    sent = await bo.send("/sell macv lots")
    await bo.reads("Sell how many MACV?", after=sent, within=WARM)

    sent = await bo.send("50")
    of_bo = await bo.reads("", after=sent, within=WARM)
    of_sam = await product.asked("50")

    assert of_bo.text.startswith("No card. IB lists no MACV")
    assert of_sam.text.startswith("Shares 100 \N{RIGHTWARDS ARROW} 50?")


async def test_one_of_two_owners_wins(product: ProductHarness) -> None:
    bo = await let_in(product, BO, "owner")
    card = await product.card()
    copy = await bo.wait_for(
        lambda phone: next(
            (m for m in phone.received if has(m, "Yes, buy both")), None
        ),
        within=WARM,
    )

    queries = (product.phone.press(card, "Yes, buy both"), bo.press(copy, "No"))
    await product.phone.answered(queries[0], within=WARM)
    late = await bo.answered(queries[1], within=WARM)
    await product.phone.reads("Bought 100", within=WARM)

    said = f"Yes, said {product.phone.user.first_name} "
    await product.becomes(card, lambda m: said in m.text, within=WARM)
    await bo.wait_for(lambda phone: said in phone.now(copy).text, within=WARM)
    assert late.text.startswith("Already approved ")
    assert late.text.endswith("Nothing new was sent.")
    assert not any("said Bo" in m.text for m in (*product.phone.received, *bo.received))
    assert product.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_a_restart_tells_no_chat_anything_twice(product: ProductHarness) -> None:
    vi = await let_in(product, VI, "viewer")
    sent = await vi.send("/start")
    await vi.reads("Openbell", after=sent, within=WARM)
    await product.card()
    await copy_of_the_card(vi)
    await product.kill()
    await product.stop()
    await product.start()
    await product.ready()
    sent = await vi.send("/status")
    await vi.reads("Ready to", after=sent, within=WARM)

    assert sum("Yes buys" in message.text for message in vi.received) == 1


async def test_who_is_removed_is_a_stranger_again(product: ProductHarness) -> None:
    vi = await let_in(product, VI, "viewer")
    asked = await product.asked(f"/people remove {VI.id}")
    await product.phone.tap(asked, f"Remove {VI.id}", within=WARM)
    await product.phone.reads(f"{VI.id} is not answered any more", within=WARM)
    before = len(vi.received)

    await vi.send("/status")
    await product.card()

    assert len(vi.received) == before


async def test_a_stranger_s_words_are_not_kept(product: ProductHarness) -> None:
    stranger = a_phone(product, STRANGER)
    await stranger.send("/people add 6006 owner")
    told = await product.asked("/people")

    assert stranger.received == ()
    assert str(STRANGER.id) not in told.text
    journal = Path(product.settings["OPENBELL_DATA_DIR"]) / "openbell.sqlite3"
    assert b"/people add 6006 owner" not in journal.read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        "add",
        "add x viewer",
        "add 4004",
        "add 4004 boss",
        "add 0 owner",
        "add 1001 viewer",
        "remove 4004",
        "hello",
    ],
)
async def test_what_was_not_understood_changes_nothing(
    product: ProductHarness, words: str
) -> None:
    told = await product.asked(f"/people {words}")

    assert told.text.startswith("Nothing was changed.")
    assert told.labels == ()
