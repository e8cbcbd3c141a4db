"""The chat page in a real browser, with a tiny bot on the other side."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from telegram import Bot, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.sandbox.api_types import Message
from bot.sandbox.server import BotApiServer
from tests.bot.sandbox.conftest import MORNING
from tests.bot.sandbox.page.conftest import CARD, a_picture


# One browser and one event loop for all: starting Chromium takes longer than a test.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_person_scans_taps_yes_and_sees_it_filled(
    page: Page, echo: None, server: BotApiServer
) -> None:
    await page.click("#start")
    await page.click("text=Yes")

    await expect(page.locator("#toast")).to_have_text("placed 09:31:02")
    await expect(page.locator(".in .text").first).to_contain_text("filled 100 @ 23.43")
    await expect(page.locator(".in .meta").first).to_contain_text("edited")
    await expect(page.locator(".key")).to_have_count(0)
    assert [m.text for m in server.phone.messages if not m.from_bot] == ["/start"]


async def test_a_button_shows_progress_until_it_is_answered(
    page: Page, echo: None, server: BotApiServer, bot: Bot
) -> None:
    await page.click("#start")
    await page.click("text=Why")
    busy = page.locator(".key[aria-busy]")
    await expect(busy).to_have_text("Why")
    query_id = next(iter(server.chats._taps))

    await bot.answer_callback_query(query_id)

    await expect(busy).to_have_count(0)


async def test_an_alert_waits_to_be_read(page: Page, echo: None) -> None:
    await page.click("#start")
    await page.click(".key >> text=No")
    alert = page.locator("#alert")
    await expect(alert).to_contain_text("Too late: the offer ended.")

    await page.keyboard.press("Enter")

    await expect(alert).to_be_hidden()


async def test_the_slash_opens_the_menu_and_the_keyboard_chooses(
    page: Page, echo: None, server: BotApiServer
) -> None:
    await page.click("#start")
    await page.fill("#text", "/")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.type("sc")
    await expect(page.get_by_role("option")).to_have_count(1)

    await page.keyboard.press("Enter")

    await server.phone.wait_for(
        lambda phone: [m for m in phone.messages if m.text == "/scan"]
    )
    await expect(page.locator("#menu")).to_be_hidden()
    await expect(page.locator("#text")).to_have_value("")


async def test_a_command_in_a_message_can_be_pressed(
    page: Page, echo: None, server: BotApiServer
) -> None:
    await page.click("#start")

    await page.click(".in .word >> text=/orders")

    await server.phone.wait_for(
        lambda phone: [m for m in phone.messages if m.text == "/orders"]
    )


async def test_details_unfold_and_stay_unfolded_when_the_message_is_edited(
    page: Page, echo: None, server: BotApiServer, bot: Bot
) -> None:
    await page.click("#start")
    unfold = page.get_by_role("button", name="Show all")
    await unfold.click()
    card = await server.phone.reads("Top gainers")

    await bot.edit_message_text(
        CARD.replace("Top", "New"), 1001, card.message_id, parse_mode="HTML"
    )

    await expect(page.locator(".in strong")).to_have_text("New gainers")
    await expect(page.get_by_role("button", name="Show less")).to_be_visible()


async def test_an_edit_above_does_not_move_what_is_being_read(
    page: Page, server: BotApiServer, bot: Bot
) -> None:
    sent = [await bot.send_message(1001, f"line {n}\n" * 6) for n in range(12)]
    await expect(page.locator(".message")).to_have_count(12)
    read = page.locator(".message").nth(6)
    await read.scroll_into_view_if_needed()
    await page.evaluate("document.getElementById('log').scrollTop -= 150")
    await expect(page.locator("#down")).to_be_visible()
    before = await _top(read)

    await bot.edit_message_text("short", 1001, sent[11].message_id)
    await bot.edit_message_text("much longer\n" * 12, 1001, sent[1].message_id)
    await expect(page.locator(".message").nth(1)).to_contain_text("much longer")

    assert await _top(read) == pytest.approx(before, abs=1)


async def test_a_message_never_becomes_markup_of_the_page(
    page: Page, server: BotApiServer, bot: Bot
) -> None:
    words = "<img src=x onerror=document.title='hit'> & <script>1</script>"

    await bot.send_message(1001, words)

    await expect(page.locator(".in .text")).to_contain_text(words)
    assert await page.locator("#log img, #log script").count() == 0
    assert await page.title() == "Openbell"


async def test_a_picture_opens(page: Page, bot: Bot) -> None:
    await bot.send_photo(1001, a_picture(), caption="chart")

    await page.get_by_role("button", name="Open: chart").click()

    await expect(page.locator("#viewer")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#viewer")).to_be_hidden()


async def test_a_picture_never_stops_the_log_from_following(
    page: Page, echo: None, bot: Bot
) -> None:
    """Its place is taken before it has come."""
    await page.set_viewport_size({"width": 320, "height": 480})
    await page.click("#start")
    for number in range(8):
        await bot.send_message(1001, f"line {number}")
    await bot.send_photo(1001, a_picture(), caption="chart")

    await expect(page.locator(".message").last).to_be_in_viewport(ratio=1)
    await bot.send_message(1001, "the newest")
    await expect(page.locator(".message").last).to_be_in_viewport(ratio=1)
    await expect(page.locator(".message").last).to_contain_text("the newest")


async def test_a_file_is_shown_with_its_words_and_can_be_kept(
    page: Page, bot: Bot
) -> None:
    await bot.send_document(
        1001, b"seq,what\r\n1,born\r\n", filename="audit.csv", caption="Audit trail"
    )
    file = page.get_by_role("link", name="audit.csv")
    await expect(file).to_contain_text("18 B")
    await expect(page.locator(".in .text")).to_contain_text("Audit trail")

    async with page.expect_download() as downloading:
        await file.click()
    kept = await downloading.value

    assert kept.suggested_filename == "audit.csv"
    assert _contents(await kept.path()) == b"seq,what\r\n1,born\r\n"


async def test_a_file_on_its_way_is_shown_in_the_place_of_typing(
    page: Page, echo: None, bot: Bot
) -> None:
    await bot.send_chat_action(1001, "upload_document")

    await expect(page.locator("#state")).to_have_text("sending a file")


async def test_typing_is_shown_until_the_message_is_there(
    page: Page, echo: None, bot: Bot
) -> None:
    await bot.send_chat_action(1001, "typing")
    await expect(page.locator("#state")).to_have_text("typing")

    await bot.send_message(1001, "here")

    await expect(page.locator("#state")).not_to_have_text("typing")


async def test_the_page_says_that_the_server_is_gone(
    page: Page, server: BotApiServer
) -> None:
    server.close()
    await page.route("**/events", lambda route: route.abort())

    await expect(page.locator("#banner")).to_contain_text("The chat server is gone")
    await page.unroute("**/events")

    await expect(page.locator("#banner")).not_to_contain_text("The chat server is gone")


async def test_the_page_says_what_the_bot_is_waited_for_with_until_it_is_there(
    page: Page, server: BotApiServer
) -> None:
    banner = page.locator("#banner")
    server.page.show_panel({"starting": "Sixty sessions are being made up."})
    await expect(banner).to_have_text("Sixty sessions are being made up.")

    with server.page.polling():
        await expect(banner).to_be_hidden()
    server.page.show_panel({})

    await expect(banner).to_contain_text("The bot is not running")


async def test_the_panel_says_what_runs_and_what_to_try(
    page: Page, server: BotApiServer
) -> None:
    opens = MORNING.timestamp() - 6 * 60
    await page.set_viewport_size({"width": 1280, "height": 900})
    server.page.show_panel(
        {
            "title": "Demo",
            "market": {"opens": opens, "closes": opens + 6.5 * 3600},
            "running": [{"name": "Gateway", "detail": "port 4002", "state": "up"}],
            "tries": [{"send": "/status", "text": "See what is connected"}],
        }
    )

    panel = page.get_by_role("complementary", name="This demo")
    await expect(panel.get_by_role("heading", name="Demo")).to_be_visible()
    await expect(panel).to_contain_text("Mon 09:36:0")
    await expect(panel).to_contain_text("Market open, closes in 6 h 23 min")
    await expect(panel.locator(".up")).to_contain_text("port 4002")
    await expect(panel.locator(".down")).to_contain_text("Botnot running")
    await panel.get_by_role("button", name="/status").click()
    await server.phone.wait_for(lambda phone: _said(phone.messages, "/status"))


async def test_everything_can_be_done_from_the_keyboard(
    page: Page, echo: None, server: BotApiServer
) -> None:
    await page.focus("#start")
    await page.keyboard.press("Enter")
    await expect(page.locator(".key")).to_have_count(3)
    await page.focus("#text")
    await page.keyboard.press("Shift+Tab")  # the menu, then the keyboard's last button
    await page.keyboard.press("Shift+Tab")
    await expect(page.locator(".key:focus")).to_have_text("Why")

    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")

    await expect(page.locator(".in .text").first).to_contain_text("filled")
    await expect(page.locator(".message.in:focus")).to_have_count(1)


async def test_an_answer_quotes_what_a_changed_message_says_now(
    page: Page, bot: Bot
) -> None:
    card = await bot.send_message(1001, "Waiting for Mon 09:30")
    await bot.send_message(1001, "Queued", reply_to_message_id=card.message_id)
    quoted = page.locator(".answered span")
    await expect(quoted).to_have_text("Waiting for Mon 09:30")

    await card.edit_text("Bought 100 FDMX")
    await expect(quoted).to_have_text("Bought 100 FDMX")
    await page.reload()

    await expect(quoted).to_have_text("Bought 100 FDMX")


async def test_keys_below_the_message_box_send_their_words(
    page: Page, echo: None, bot: Bot, server: BotApiServer
) -> None:
    await page.click("#start")
    await bot.send_message(
        1001, "keys", reply_markup=ReplyKeyboardMarkup([["Scan", "Orders"], ["Halt"]])
    )
    keys = page.get_by_role("group", name="Keys").get_by_role("button")
    await expect(keys).to_have_text(["Scan", "Orders", "Halt"])

    await keys.nth(1).click()
    await server.phone.wait_for(lambda phone: _said(phone.messages, "Orders"))
    await page.reload()
    await expect(keys).to_have_count(3)
    await bot.send_message(1001, "gone", reply_markup=ReplyKeyboardRemove())

    await expect(keys).to_have_count(0)


async def test_what_rings_in_the_background_is_counted_in_the_title(
    page: Page, bot: Bot
) -> None:
    await page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: 1})"
    )

    await bot.send_message(1001, "silent", disable_notification=True)
    await bot.send_message(1001, "rings")
    await expect(page.locator(".in .text")).to_have_count(2)

    await expect(page).to_have_title("(1) Openbell")


def _said(messages: tuple[Message, ...], words: str) -> bool:
    return any(m.text == words and not m.from_bot for m in messages)


async def _top(place: Locator) -> float:
    """How far down the window *place* is, in pixels."""
    box = await place.bounding_box()
    assert box
    return box["y"]


def _contents(path: Path) -> bytes:
    return path.read_bytes()


class Wheel:
    """Notes what the panel's buttons ask for."""

    def __init__(self) -> None:
        self.asked: list[float | str] = []

    def jump(self) -> None:
        self.asked.append("jump")

    def pace(self, speed: float) -> None:
        self.asked.append(speed)


async def test_the_panel_says_what_is_played_and_steers_it(
    page: Page, server: BotApiServer
) -> None:
    await page.set_viewport_size({"width": 1200, "height": 900})
    wheel = Wheel()
    server.page.set_control(wheel)
    now = MORNING.timestamp()
    server.page.show_panel(
        {
            "pace": {"speed": 60, "choices": [1, 60], "next_open": now + 24 * 3600},
            "story": {
                "name": "ib-outage",
                "text": "IB is away.",
                "steps": [
                    {"at": now, "text": "it goes", "done": True},
                    {"at": now + 60, "text": "it comes back", "done": False},
                ],
            },
        }
    )
    panel = page.get_by_role("complementary", name="This demo")

    await expect(panel).to_contain_text("ib-outage IB is away.")
    await expect(panel.locator(".done")).to_contain_text("it goes (has happened)")
    await expect(
        panel.get_by_role("button", name="60\u00d7", pressed=True)
    ).to_be_visible()
    for button in ("1\u00d7", "Jump to the next open Tue 24 Nov"):
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await panel.get_by_role(
                "button", name=button, exact=button == "1\u00d7"
            ).click()
    assert wheel.asked == [1.0, "jump"]


async def test_the_message_box_stays_when_the_only_message_is_deleted(
    page: Page, server: BotApiServer, bot: Bot
) -> None:
    placeholder = await bot.send_message(1001, "The report is on its way \u2026")
    await page.fill("#text", "/sc")

    await bot.delete_message(1001, placeholder.message_id)

    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#text")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("/sc")
