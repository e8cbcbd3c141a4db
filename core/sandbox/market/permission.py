"""Whether an account has live market data."""

from enum import StrEnum


class DataPermission(StrEnum):
    """Whether an account has live market data."""

    LIVE = "live"
    DELAYED = "delayed"  # 10089, and 10167 with delayed ticks for who asked for them
    NONE = "none"  # 354, and 10168 for who asked for delayed ticks
    COMPETING = "competing"  # 10197: someone else is logged in
