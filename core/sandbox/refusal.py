"""A request that the gateway answers with an error code instead of data."""


class RequestRefused(Exception):
    """A request that the gateway answers with an error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
