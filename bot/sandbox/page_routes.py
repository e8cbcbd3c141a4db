"""The chat page's routes: its files, the stream of events, sending and tapping."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.sandbox.api_types import ChatEvent, Json, User
from bot.sandbox.chats import Chats
from bot.sandbox.commands import menu_for
from bot.sandbox.panel import ClockControl, Panel
from bot.sandbox.sending import TEXT_MOST


PAGE: Final = Path(__file__).parent / "page"
PULSE: Final = 2.0  # seconds on the wall between signs of life on the event stream
POLL_GAP: Final = 4.0  # seconds without a poll after which the bot counts as gone
TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SHOWN: Final = frozenset(
    {"message", "edited", "deleted", "action", "answer", "keys", "pulse"}
)
ABOUT: Final = frozenset({"commands", "description"})


class PageRoutes:
    """The page of one person: his private chat with the bot, and the panel beside it."""

    def __init__(self, chats: Chats, owner: User) -> None:
        self._chats = chats
        self._owner = owner
        self._panel: Panel = {}
        self._control: ClockControl | None = None
        self._streams: set[asyncio.Queue[ChatEvent | None]] = set()
        self.polls = 0
        self.was_polled = False
        self._polled_at = -POLL_GAP
        chats.subscribe(self._pass_on)

    def add_to(self, app: web.Application) -> None:
        """Add the routes of the page to *app*."""
        app.router.add_get("/", self._file)
        app.router.add_get("/page/{name}", self._file)
        app.router.add_get("/page/files/{file_id}", self._picture)
        app.router.add_get("/events", self._events)
        app.router.add_get("/panel", self._show_panel)
        app.router.add_post("/send", self._send)
        app.router.add_post("/tap", self._tap)
        app.router.add_post("/jump", self._jump)
        app.router.add_post("/pace", self._pace)

    def show_panel(self, panel: Panel) -> None:
        """Show *panel* beside the chat, instead of the one before."""
        self._panel = panel
        self._chats.tell("panel", panel=panel)

    def set_control(self, control: ClockControl) -> None:
        """Let the panel's buttons control *control*."""
        self._control = control

    def beat(self) -> None:
        """Send the chat clock's time to every page."""
        self._chats.tell("pulse", **self._pulse())

    def close(self) -> None:
        """End every stream."""
        for stream in self._streams:
            stream.put_nowait(None)

    @contextmanager
    def polling(self) -> Iterator[None]:
        """Show the bot as running while the block, its getUpdates, is open."""
        returned = not self._bot_is_there
        self.polls += 1
        self.was_polled = True
        self._chats.tell("poll")
        self._drop_starting()
        if returned:
            self.beat()
        try:
            yield
        finally:
            self.polls -= 1
            self._polled_at = asyncio.get_running_loop().time()

    def _drop_starting(self) -> None:
        """Say no more that the bot is waited for."""
        if "starting" in self._panel:
            panel = self._panel.copy()
            del panel["starting"]
            self.show_panel(panel)

    @property
    def _bot_is_there(self) -> bool:
        return (
            self.polls > 0
            or asyncio.get_running_loop().time() - self._polled_at < POLL_GAP
        )

    def _pass_on(self, event: ChatEvent) -> None:
        if event.kind not in SHOWN | ABOUT | {"panel"}:
            return
        if event.body.get("chat_id", self._owner.id) != self._owner.id:
            return
        for stream in self._streams:
            stream.put_nowait(event)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        file = PAGE / Path(name).name
        if file.suffix not in TYPES or not file.is_file():
            raise web.HTTPNotFound
        text = file.read_text(encoding="utf-8")
        kind = TYPES[file.suffix]
        return web.Response(text=text, content_type=kind, headers=HEADERS)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        file = self._chats.files.get(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        picture = file.mime in {"image/png", "image/jpeg"}
        headers = HEADERS | {
            "Content-Disposition": "inline" if picture else "attachment",
        }
        kind = file.mime if picture else "application/octet-stream"
        return web.Response(body=file.data, content_type=kind, headers=headers)

    async def _show_panel(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self._panel)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        text = str((await _body(request)).get("text", "")).strip()
        if not 0 < len(text) <= TEXT_MOST:
            raise web.HTTPBadRequest
        message = self._chats.receive(self._owner, text)
        return web.json_response({"message_id": message.message_id})

    async def _tap(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        query_id = self._chats.tap(
            self._owner, self._owner.id, int(body["message_id"]), str(body["data"])
        )
        return web.json_response({"query_id": query_id})

    async def _jump(self, request: web.Request) -> web.StreamResponse:
        await _body(request)
        self._clock_control().jump()
        return web.json_response({})

    async def _pace(self, request: web.Request) -> web.StreamResponse:
        try:
            self._clock_control().pace(float((await _body(request)).get("speed", 0)))
        except (TypeError, ValueError) as error:
            raise web.HTTPBadRequest from error
        return web.json_response({})

    def _clock_control(self) -> ClockControl:
        if self._control is None:
            raise web.HTTPNotFound
        return self._control

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers=HEADERS | {"Content-Type": "text/event-stream"}
        )
        await response.prepare(request)
        stream: asyncio.Queue[ChatEvent | None] = asyncio.Queue()
        self._streams.add(stream)
        try:
            await response.write(b"retry: 1000\n\n")
            async for kind, body in self._told(stream):
                text = json.dumps(body, separators=(",", ":"))
                await response.write(f"event: {kind}\ndata: {text}\n\n".encode())
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._streams.discard(stream)
        return response

    async def _told(
        self, stream: asyncio.Queue[ChatEvent | None]
    ) -> AsyncIterator[tuple[str, Json]]:
        """Yield the whole state, then each change, and regularly a heartbeat in
        between.
        """
        yield "everything", self._everything()
        while True:
            try:
                async with asyncio.timeout(PULSE * self._speed):
                    event = await stream.get()
            except TimeoutError:
                yield "pulse", self._pulse()
                continue
            if event is None:
                return
            if event.kind in SHOWN:
                yield event.kind, event.body
            elif event.kind in ABOUT:
                yield "about", self._about()
            else:
                yield "panel", dict(self._panel)

    def _everything(self) -> Json:
        messages = self._chats.messages(self._owner.id)
        return {
            "messages": [message.to_json() for message in messages],
            "keys": self._chats.keys_of(self._owner.id),
            "about": self._about(),
            "panel": self._panel,
            "pulse": self._pulse(),
        }

    def _about(self) -> Json:
        return {
            "bot": self._chats.bot.to_json(),
            "me": self._owner.to_json(),
            "description": self._chats.description,
            "commands": menu_for(self._chats, self._owner.id),
        }

    def _pulse(self) -> Json:
        now = self._chats.now().timestamp()
        return {"bot": self._bot_is_there, "now": now, "speed": self._speed}

    @property
    def _speed(self) -> float:
        return self._panel["pace"]["speed"] if "pace" in self._panel else 1.0


async def _body(request: web.Request) -> dict[str, Any]:
    """The JSON of a request; another site's page cannot send this content type."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = await request.json()
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body
