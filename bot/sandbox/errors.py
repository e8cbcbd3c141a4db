"""The Bot API's refusals: a code, and the real server's text.

The texts are those of the public Bot API server program (which lowers their first
letter after the name of the status).
"""

from typing import Final


NAMES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}

TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
OTHER_POLLER: Final = (
    "terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_SET: Final = "terminated by setWebhook request"
WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """The answer `{"ok": false, ...}`.

    *description* is what follows the name of the status; *retry_after* is in seconds.
    """

    def __init__(
        self, code: int, description: str = "", *, retry_after: int | None = None
    ) -> None:
        self.code = code
        self.retry_after = retry_after
        if retry_after is not None and not description:
            description = f"retry after {retry_after}"
        name = NAMES.get(code, "Error")
        self.description = f"{name}: {description}" if description else name
        super().__init__(self.description)

    def to_json(self) -> dict[str, object]:
        """Return the body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class ApiRefused(ApiError):
    """A request that the server cannot carry out (400)."""

    def __init__(self, description: str) -> None:
        super().__init__(400, description)
