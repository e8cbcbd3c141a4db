"""A webhook ends polling, and its end begins it again."""

import asyncio

from bot.sandbox.server import BotApiServer
from tests.bot.sandbox.conftest import Api


HOOK = "https://thief.example/hook"


async def test_a_webhook_keeps_updates_away_until_it_is_deleted(
    api: Api, server: BotApiServer
) -> None:
    await api("setWebhook", url=HOOK)
    await server.phone.send("hello")

    refusal = await api("getUpdates")
    await api("deleteWebhook")
    [update] = (await api("getUpdates"))["result"]

    assert refusal == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    }
    assert update["message"]["text"] == "hello"


async def test_a_poll_that_waits_ends_when_a_webhook_is_set(
    api: Api, server: BotApiServer
) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(api.says("getUpdates", timeout=50))
        await server.phone.wait_for(lambda _: server.page.polls)
        await api("setWebhook", url=HOOK)

    assert poll.result() == "Conflict: terminated by setWebhook request"


async def test_the_server_says_what_became_of_a_webhook(api: Api) -> None:
    said = [
        await api("setWebhook", url=HOOK),
        await api("setWebhook", url=HOOK),
        await api("setWebhook", url=""),
        await api("deleteWebhook"),
    ]

    assert [answer["description"] for answer in said] == [
        "Webhook was set",
        "Webhook is already set",
        "Webhook was deleted",
        "Webhook is already deleted",
    ]
    assert all(answer["result"] is True for answer in said)


async def test_where_updates_go_can_be_asked(api: Api, server: BotApiServer) -> None:
    nowhere = (await api("getWebhookInfo"))["result"]
    await api("setWebhook", url=HOOK, allowed_updates=["message"])
    await server.phone.send("hello")

    somewhere = (await api("getWebhookInfo"))["result"]

    nothing = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert nowhere == nothing
    assert somewhere == {
        "url": HOOK,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "ip_address": "203.0.113.7",
        "allowed_updates": ["message"],
    }


async def test_what_waits_is_dropped_only_when_that_is_asked_for(
    api: Api, server: BotApiServer
) -> None:
    await server.phone.send("hello")

    await api("deleteWebhook")
    kept = len(server.chats.updates.pending)
    await api("deleteWebhook", drop_pending_updates=True)

    assert kept == 1
    assert server.chats.updates.pending == ()


async def test_a_webhook_without_a_lock_on_it_is_refused(api: Api) -> None:
    said = await api.says("setWebhook", url="http://a.org/")

    assert said == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
