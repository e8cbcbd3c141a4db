"""The refusal in Read-Only mode of requests that change or list orders."""

from typing import Final

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.refusal import RequestRefused


READ_ONLY: Final = (
    "Error validating request.-'bO' : cause - The API interface is currently in"
    " Read-Only mode."
)


def refuse_if_read_only(gateway: Gateway) -> None:
    """Refuse the request if the gateway is in Read-Only mode.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode.
    """
    if gateway.config.read_only:
        raise RequestRefused(321, READ_ONLY)
