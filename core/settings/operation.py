"""How the process is watched, and what it writes of itself."""

from typing import Annotated, Literal

from pydantic import Field

from core.settings.group import SettingsGroup
from core.settings.marks import FILE_ONLY
from core.settings.types import FilePath, WebAddress


class OperationSettings(SettingsGroup):
    """How the process is watched, and what it writes of itself. Times of day are New
    York's, amounts dollars."""

    health_port: Annotated[int | None, FILE_ONLY] = Field(
        None, ge=1, le=65535, description="1 to 65535"
    )
    ping_url: WebAddress | None = Field(
        None, description="an https address (http only on this machine)"
    )
    clock_ahead_seconds: float = Field(
        0,
        ge=-1_500_000_000,
        le=1_500_000_000,
        allow_inf_nan=False,
        description="seconds, negative for the past, of 47 years at most",
    )
    log_format: Literal["plain", "json"] = Field("plain", description="plain or json")
    log_file: FilePath | None = Field(None, description="a file's path")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
