"""Who the bot is to Telegram and to IB, and where it keeps its records."""

from pathlib import Path
from typing import Annotated, Final, Literal

import platformdirs
from pydantic import Field, SecretStr

from core.model.proposal import Mode
from core.settings.group import SettingsGroup
from core.settings.marks import FROM_CHAT
from core.settings.types import BotToken, FilePath, HostName, WebAddress


REAL_MONEY: Final = "yes-real-money"
"""What OPENBELL_LIVE_TRADING must say before live orders are possible."""


JOURNAL: Final = "openbell.sqlite3"
"""The journal's file in the data directory."""


def default_data_dir() -> Path:
    """`data` below the working directory where a journal is there already, as it was
    kept once; else this system's folder for an application's data."""
    here = Path("data")
    if (here / JOURNAL).exists():
        return here
    return platformdirs.user_data_path("openbell", appauthor=False)


class ConnectionSettings(SettingsGroup):
    """Who the bot is to Telegram and to IB, and where it keeps its records. Times of
    day are New York's, amounts dollars."""

    telegram_token: BotToken | None = Field(
        None, description="the token as @BotFather wrote it, without quotes or spaces"
    )
    telegram_token_file: FilePath | None = Field(None, description="a file's path")
    telegram_owner_id: int | None = Field(
        None, gt=0, lt=2**52, description="a user's number, not a name"
    )
    telegram_api_url: WebAddress = Field(
        "https://api.telegram.org",
        description="an https address (http only on this machine)",
    )

    gateway_host: HostName = Field(
        "127.0.0.1",
        description="a host name or address alone, without http:// and without a port",
    )
    gateway_port: int = Field(4002, ge=1, le=65535, description="1 to 65535")
    gateway_client_id: int = Field(
        17, ge=1, le=999_999, description="a whole number from 1 to 999999"
    )
    account: str = Field(
        "", pattern=r"^[A-Z]{1,3}\d{3,10}$|^$", description="an id like DU1234567"
    )

    mode: Mode = Field(Mode.PAPER, description="sandbox, paper or live")
    live_trading: Literal["", "yes-real-money"] = Field(
        "", description=f"nothing, or the words {REAL_MONEY}"
    )
    data_dir: FilePath = Field(
        default_factory=default_data_dir,
        description="a directory's path without variables (${NAME} in .env is one "
        "that is replaced), in full where there is no home",
    )
    audit_secret: SecretStr | None = Field(
        None, min_length=16, description="16 letters or more"
    )

    keep_updates_days: Annotated[int, FROM_CHAT] = Field(
        30, ge=2, le=3650, description="days, 2 to 3650"
    )
    keep_cards_years: Annotated[int, FROM_CHAT] = Field(
        2, ge=1, le=50, description="years, 1 to 50"
    )
    keep_recordings_years: Annotated[int, FROM_CHAT] = Field(
        10, ge=1, le=50, description="years, 1 to 50"
    )
