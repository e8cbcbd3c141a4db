"""What Telegram's answers leave behind: nothing."""

import httpx

from bot.bot_api.client import BotApiRequest


async def test_no_cookie_is_kept() -> None:
    """A request is what we make it, whatever was answered before."""
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Cookie"))
        headers = {"Set-Cookie": "who=us; Path=/"}
        return httpx.Response(200, headers=headers, json={"ok": True, "result": []})

    request = BotApiRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    for _ in range(2):
        await request.post("http://localhost/bot/getUpdates")
    await request.shutdown()

    assert sent == [None, None]
