"""A request that the gateway answers with an error code instead of data."""

from collections.abc import Container
from typing import Final


DUPLICATE: Final = "Error processing request.-'bN' : cause - Duplicate ticker id"


class RequestRefused(Exception):
    """A request that the gateway answers with an error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


def refuse_second(req_id: int, running: Container[int], text: str = DUPLICATE) -> None:
    """Refuse a request id that is already in use.

    Raises:
        RequestRefused: 322, *running* has that id.
    """
    if req_id in running:
        raise RequestRefused(322, text)
