"""The Bot API over HTTP on this machine: its routes and long polling.

Any Bot API client works with it as with the real one, given its address as `base_url`.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot.sandbox.api_types import Described, Json, User
from bot.sandbox.changes import Changes
from bot.sandbox.chats import Chats
from bot.sandbox.errors import (
    OTHER_POLLER,
    WEBHOOK_ACTIVE,
    WEBHOOK_SET,
    ApiError,
    ApiRefused,
)
from bot.sandbox.faults import Drop, Fault, Faults
from bot.sandbox.methods import METHODS
from bot.sandbox.origin import guard
from bot.sandbox.page_routes import PageRoutes
from bot.sandbox.params import Params, Upload
from bot.sandbox.phone import Phone
from core.loopback import in_address, own_address


TOKEN: Final = "4242424242:openbell-sandbox-is-not-a-secret"  # noqa: S105  opens only this sandbox
OWNER: Final = User(
    id=1001, first_name="Sam", username="sam_sandbox", language_code="en"
)
BOT: Final = User(
    id=4242424242, first_name="Openbell", username="openbell_sandbox_bot", is_bot=True
)
LONGEST_POLL: Final = 50  # seconds
BODY_BYTES: Final = 64 * 1024 * 1024
CALLS_KEPT: Final = 10_000
TOKEN_SHAPE: Final = re.compile(r"\d+:[\w-]{20,}", re.ASCII)
BROKEN: Final = """<html>
<head><title>{code} {name}</title></head>
<body><center><h1>{code} {name}</h1></center><hr><center>nginx</center></body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An answered request; *at* is in seconds of the event loop."""

    method: str
    values: Json
    status: int
    at: float


class BotApiServer:
    """A running server: its addresses, its chats, and its faults."""

    def __init__(
        self, *, token: str, owner: User, clock: Callable[[], datetime]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.token = token
        self.port = 0
        self.chats = Chats(bot=BOT, clock=clock, elapsed=self._loop.time)
        self.faults = Faults()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.chats.meet(owner, started=True)
        self.phone = Phone(self.chats, owner)
        self.page = PageRoutes(self.chats, owner)
        self._changes = Changes()
        self._poll = 0
        self._closing = False
        self.chats.subscribe(lambda _: self._changes.announce())

    @property
    def url(self) -> str:
        """The address of the chat page."""
        return f"http://{in_address(own_address())}:{self.port}/"

    @property
    def base_url(self) -> str:
        """The address that a client puts before the token."""
        return f"{self.url}bot"

    @property
    def base_file_url(self) -> str:
        """The address that a client puts before the token to download a file."""
        return f"{self.url}file/bot"

    def phone_of(self, user: User) -> Phone:
        """Another device: a second one of the owner, or a stranger's."""
        return Phone(self.chats, user)

    def application(self) -> web.Application:
        """The HTTP application with every route."""
        app = web.Application(client_max_size=BODY_BYTES, middlewares=[guard])
        app.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._method)
        app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self._download)
        app.on_response_prepare.append(self._date)
        self.page.add_to(app)
        return app

    async def _date(self, _: web.Request, response: web.StreamResponse) -> None:
        """Set the Date header by the clock of this simulation."""
        response.headers["Date"] = format_datetime(
            self.chats.now().astimezone(UTC), usegmt=True
        )

    def close(self) -> None:
        """End every waiting request, so that the server can stop."""
        self._closing = True
        self._changes.announce()
        self.page.close()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.take(method) or Fault()
        params = Params({})
        try:
            self._judge_token(request.match_info["token"])
            params = await _params(request)
            await self._apply_fault(method, params, fault)
            if fault.drop is Drop.BEFORE:
                return _cut(request)
            result = None if fault.denies else await self._obey(method, params, fault)
        except ApiError as error:
            self._note(method, params, error.code)
            return _refusal(error)
        self._note(method, params, 200)
        if fault.drop is Drop.AFTER:
            return _cut(request)
        if fault.instead is not None:
            return web.Response(text=fault.instead, content_type="application/json")
        return web.json_response(_success(result))

    async def _apply_fault(self, method: str, params: Params, fault: Fault) -> None:
        try:
            await asyncio.sleep(fault.delay)
            if fault.hold is not None:
                await fault.hold.wait()
        except asyncio.CancelledError:
            # The client gave up waiting, but its request is here and will be obeyed.
            if method.lower() in METHODS and fault.status is None:
                METHODS[method.lower()](self.chats, params)
            raise

    async def _obey(self, method: str, params: Params, fault: Fault) -> Any:
        error = fault.error()
        if error is not None:
            raise error
        if method.lower() == "getupdates":
            with self.page.polling():
                return await self._updates(params, repeat=fault.repeat)
        if method.lower() not in METHODS:
            raise ApiError(404, "method not found")
        return METHODS[method.lower()](self.chats, params)

    async def _updates(self, params: Params, *, repeat: bool) -> list[Json]:
        updates = self.chats.updates
        if self.chats.webhook:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self._poll += 1
        turn = self._poll
        self._changes.announce()  # an older poll that still waits ends in a conflict
        allowed = params.json("allowed_updates", what="allowed updates")
        if isinstance(allowed, list):
            updates.allow([str(kind) for kind in allowed])
        if not repeat:
            updates.confirm(params.number("offset", default=0))
        limit = params.number("limit", default=0)
        wait = min(max(0, params.number("timeout", default=0)), LONGEST_POLL)
        try:
            async with asyncio.timeout(wait):
                while not (batch := updates.batch(limit)):
                    await self._changes.wait()
                    self._judge_poll(turn)
                return batch
        except TimeoutError:
            return []

    def _judge_poll(self, turn: int) -> None:
        if self._closing:
            raise ApiError(500, "restart")
        if self.chats.webhook:
            raise ApiError(409, WEBHOOK_SET)
        if turn != self._poll:
            raise ApiError(409, OTHER_POLLER)

    def _judge_token(self, token: str) -> None:
        if not TOKEN_SHAPE.fullmatch(token):
            raise ApiError(404)
        if token != self.token:
            raise ApiError(401)

    def _note(self, method: str, params: Params, status: int) -> None:
        self.calls.append(
            Call(
                method=method, values=params.values, status=status, at=self._loop.time()
            )
        )

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._judge_token(request.match_info["token"])
        except ApiError as error:
            return _refusal(error)
        for file in self.chats.files.values():
            if file.path == request.match_info["path"]:
                return web.Response(
                    body=file.data, content_type="application/octet-stream"
                )
        return _refusal(ApiError(404))


@asynccontextmanager
async def serve(
    *,
    clock: Callable[[], datetime],
    port: int = 0,
    token: str = TOKEN,
    owner: User = OWNER,
) -> AsyncIterator[BotApiServer]:
    """Run the server on this machine only, while the block is open.

    *clock* gives the dates of messages (aware). *port* 0 takes a free one; the server's
    ``url`` has it.
    """
    server = BotApiServer(token=token, owner=owner, clock=clock)
    runner = web.AppRunner(
        server.application(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=0.2,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, own_address(), port)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        server.close()
        await runner.cleanup()


async def _params(request: web.Request) -> Params:
    values: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= await _json_body(request)
        return Params(values)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            uploads[name] = Upload(
                name=value.filename, mime=value.content_type, data=data
            )
        elif isinstance(value, str):
            values[name] = value
    return Params(values, uploads)


async def _json_body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise ApiRefused("can't parse JSON in the request body") from error
    if not isinstance(body, dict):
        raise ApiRefused("object expected as JSON in the request body")
    return body


def _success(result: Any) -> Json:
    if isinstance(result, Described):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}


def _refusal(error: ApiError) -> web.Response:
    if error.code >= HTTPStatus.BAD_GATEWAY:
        page = BROKEN.format(code=error.code, name=error.description)
        return web.Response(status=error.code, text=page, content_type="text/html")
    return web.json_response(error.to_json(), status=error.code)


def _cut(request: web.Request) -> web.Response:
    """Break the connection, so that the client gets no answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
