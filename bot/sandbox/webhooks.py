"""Webhooks: updates are pushed to an address, and getUpdates is refused.

Nothing is really pushed. While a webhook is set the updates wait, as they do when the
address does not answer.
"""

from typing import Final

from bot.sandbox.api_types import Described, Json
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiRefused
from bot.sandbox.params import Params


CONNECTIONS: Final = 40
"""How many Telegram opens at most, unless it is told otherwise."""

ADDRESS: Final = "203.0.113.7"
"""Every host is found there: an address that the internet gives to nobody."""


def get_webhook(chats: Chats, _params: Params) -> Json:
    """The webhook's address; empty if there is none."""
    updates = chats.updates
    body: Json = {
        "url": chats.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if chats.webhook:
        body |= {"max_connections": CONNECTIONS, "ip_address": ADDRESS}
    return body | ({"allowed_updates": updates.allowed} if updates.allowed else {})


def set_webhook(chats: Chats, params: Params) -> Described:
    """Set the webhook's address; an empty one goes back to polling.

    Raises:
        ApiRefused: as the real server: the address is not a legal one.
    """
    url = params.text("url")
    if not url:
        return delete_webhook(chats, params)
    if not url.startswith("https://"):
        raise ApiRefused("bad webhook: An HTTPS URL must be provided for webhook")
    _drop_if_asked(chats, params)
    allowed = params.json("allowed_updates", what="allowed updates")
    if isinstance(allowed, list):
        chats.updates.allow([str(kind) for kind in allowed])
    if chats.webhook == url:
        return Described(result=True, description="Webhook is already set")
    _point(chats, url)
    return Described(result=True, description="Webhook was set")


def delete_webhook(chats: Chats, params: Params) -> Described:
    """Remove the webhook."""
    _drop_if_asked(chats, params)
    if not chats.webhook:
        return Described(result=True, description="Webhook is already deleted")
    _point(chats, "")
    return Described(result=True, description="Webhook was deleted")


def _point(chats: Chats, url: str) -> None:
    chats.webhook = url
    chats.tell("webhook", url=url)  # a poll that waits ends


def _drop_if_asked(chats: Chats, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        chats.updates.forget()
