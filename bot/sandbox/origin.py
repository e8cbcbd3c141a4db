"""Which requests the local server takes: those of this machine's programs and of its
own page.

A page of another site can send requests to this machine from the owner's browser, and
with a host name of its own that resolves to this machine (DNS rebinding) even read the
answers. The sandbox's token is not secret, so every route is guarded, the Bot API's
too.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from core.loopback import is_loopback


WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OWN: Final = frozenset({None, "same-origin", "none"})
"""What Sec-Fetch-Site says of the page's own requests and of an address typed in;
programs send none. It tells of images and forms of other sites, that have no Origin."""

_HOST: Final = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::[0-9]{1,5})?")
"""A host (IPv6 in brackets), and the port if there is one; nothing else may stand there
(RFC 9110, 7.2)."""


@web.middleware
async def guard(request: web.Request, handler: WebHandler) -> web.StreamResponse:
    """Answer 403 to a request from another site's page or for another host name."""
    if not _is_local(request.host) or not _is_own(request):
        raise web.HTTPForbidden
    return await handler(request)


def _is_local(host: str) -> bool:
    named = _HOST.fullmatch(host)
    return named is not None and is_loopback(named[1])


def _is_own(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return (
        origin in {None, f"http://{request.host}"}
        and request.headers.get("Sec-Fetch-Site") in _OWN
    )
