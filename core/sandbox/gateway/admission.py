"""Which clients are let in: at most 32, each under a client id of its own."""

from collections.abc import Collection
from typing import Final

from core.sandbox.refusal import RequestRefused


MOST_CLIENTS: Final = 32
ID_IN_USE: Final = 326
ID_IN_USE_TEXT: Final = "Unable to connect as the client id is already in use. Retry with a unique client id."
NO_ROOM_TEXT: Final = (  # our own words: IB only writes that 32 is the most
    f"Unable to connect as {MOST_CLIENTS} clients are connected, which is the most."
)


def require_room(client_id: int, connected: Collection[int]) -> None:
    """Let a client in beside those that are connected.

    Raises:
        RequestRefused: 326, its id is in use, or the most clients are connected.
    """
    if client_id in connected:
        raise RequestRefused(ID_IN_USE, ID_IN_USE_TEXT)
    if len(connected) >= MOST_CLIENTS:
        raise RequestRefused(ID_IN_USE, NO_ROOM_TEXT)
