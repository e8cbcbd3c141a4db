"""The environment becomes one frozen Settings, or one sentence why it cannot.

A name that nobody knows is refused: a typo in a limit must not mean no limit.
"""

import os
from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.env_file import names_in, unknown
from core.loopback import is_loopback
from core.model.errors import SettingsWrong
from core.model.instructions import Keeping, Limits
from core.model.market import RankBy, ScanRequest
from core.model.money import Money, Shares
from core.model.proposal import Mode
from core.setting_types import (
    TOKEN,
    Dollars,
    FilePath,
    HostName,
    Minutes,
    Seconds,
    TimeOfDay,
    Token,
    WebAddress,
    Word,
    Words,
)


PREFIX: Final = "OPENBELL_"
REAL_MONEY: Final = "yes-real-money"
"""What OPENBELL_LIVE_TRADING must say before live orders are possible."""

MOST_SCANS: Final = 10
"""IB runs no more at once."""


class Settings(BaseSettings):
    """All the owner can choose. A description says what its field takes; times of
    day are New York's, amounts are dollars."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_token: Token | None = Field(
        None, description="the token as @BotFather wrote it"
    )
    telegram_token_file: FilePath | None = Field(None, description="a file's path")
    telegram_owner_id: int | None = Field(
        None, gt=0, description="a user's number, not a name"
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
    data_dir: FilePath = Field(Path("data"), description="a directory's path")
    audit_secret: SecretStr | None = Field(
        None, min_length=16, description="16 letters or more"
    )

    keep_updates_days: int = Field(30, ge=2, le=3650, description="days, 2 to 3650")
    keep_cards_years: int = Field(2, ge=1, le=50, description="years, 1 to 50")

    scan_instrument: Word = Field("STK", description="one of IB's instrument types")
    scan_location: Words = Field(
        "STK.US.MAJOR", description="one of IB's locations, or several: A,B"
    )
    scan_code: Words = Field(
        "TOP_PERC_GAIN", description="one of IB's scan codes, or several: A,B"
    )
    scan_rows: int = Field(50, ge=1, le=50, description="a whole number from 1 to 50")
    scan_volume_above: int = Field(
        10_000, ge=0, description="a whole number of shares, 0 or more"
    )
    scan_market_cap_below_millions: int = Field(
        1_000, ge=1, description="a whole number of million dollars, 1 or more"
    )
    scan_price_above: Decimal = Field(
        Decimal(1), ge=0, allow_inf_nan=False, description="dollars, 0 or more"
    )
    rank_by: RankBy = Field(RankBy.SCANNER, description="scanner or open")
    scan_seconds: Seconds = Field(5, description="seconds up to 60")
    quote_seconds: Seconds = Field(2.5, description="seconds up to 60")
    bar_seconds: Seconds = Field(2.5, description="seconds up to 60")

    shares: int = Field(
        100, ge=1, le=1_000_000, description="a whole number of shares, 1 or more"
    )
    offer_minutes: Minutes = Field(10, description="minutes up to 1440")
    price_band_percent: Decimal = Field(
        Decimal(2), gt=0, le=100, description="percent, above 0 and up to 100"
    )
    max_order_dollars: Dollars = Field(Decimal(5_000), description="dollars above 0")
    max_day_dollars: Dollars = Field(Decimal(10_000), description="dollars above 0")
    buy_held: bool = Field(False, description="true or false")
    allow_delayed: bool = Field(False, description="true or false")
    gateway_restart: TimeOfDay = Field(
        time(23, 45), description="New York's time of day like 23:45, without a zone"
    )
    restart_guard_minutes: float = Field(
        3, ge=0, le=60, description="minutes from 0 to 60"
    )
    max_clock_skew_seconds: Seconds = Field(5, description="seconds up to 60")
    automatic: bool = Field(False, description="true or false")
    automatic_live: bool = Field(False, description="true or false")

    report: bool = Field(True, description="true or false")
    report_minutes_after_open: float = Field(
        5, ge=0, le=180, description="minutes from 0 to 180"
    )
    report_give_up_minutes: float = Field(
        60, ge=1, le=180, description="minutes from 1 to 180"
    )

    health_port: int | None = Field(None, ge=1, le=65535, description="1 to 65535")
    ping_url: WebAddress | None = Field(
        None, description="an https address (http only on this machine)"
    )
    clock_ahead_seconds: float = Field(
        0, allow_inf_nan=False, description="seconds, negative for the past"
    )
    log_format: Literal["plain", "json"] = Field("plain", description="plain or json")
    log_file: FilePath | None = Field(None, description="a file's path")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        clashes = [sentence for clash, sentence in _CLASHES if clash(self)]
        if clashes:
            raise ValueError("; ".join(clashes))
        return self

    def token(self) -> str:
        """The bot's token. Raises SettingsWrong when there is none to be had."""
        if self.telegram_token:
            return self.telegram_token.get_secret_value()
        if not self.telegram_token_file:
            raise SettingsWrong(_NO_TOKEN)
        name = f"{PREFIX}TELEGRAM_TOKEN_FILE"
        try:
            token = self.telegram_token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsWrong(f"{name} cannot be read: {error}.") from error
        if not TOKEN.fullmatch(token):
            raise SettingsWrong(f"{name} holds no token as @BotFather writes it.")
        return token

    def missing_to_run(self) -> tuple[str, ...]:
        """Which of token, owner and account is not set, and where to get each."""
        there = (
            (bool(self.telegram_token or self.telegram_token_file), _NO_TOKEN),
            (self.telegram_owner_id is not None, _NO_OWNER),
            (bool(self.account), _NO_ACCOUNT),
        )
        return tuple(sentence for is_set, sentence in there if not is_set)

    def secrets_in_files(self, env_file: Path) -> tuple[Path, ...]:
        """The files that hold secrets: *env_file* if it is there, and the token's,
        unless a supervisor keeps it below /run (Docker, systemd), by rules of its own.
        """
        files = [env_file]
        token = self.telegram_token_file
        if token is not None and Path("/run") not in token.absolute().parents:
            files.append(token)
        return tuple(file for file in files if file.is_file())

    def seal_secret(self) -> str:
        """What keys the seal of the audit trail; "" when nothing does."""
        return self.audit_secret.get_secret_value() if self.audit_secret else ""

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data_dir / "openbell.sqlite3"

    def limits(self) -> Limits:
        return Limits(
            mode=self.mode,
            account=self.account,
            shares=Shares(self.shares),
            offer_life=timedelta(minutes=self.offer_minutes),
            price_band=self.price_band_percent,
            max_order=Money(self.max_order_dollars),
            max_day=Money(self.max_day_dollars),
            buy_held=self.buy_held,
            allow_delayed=self.allow_delayed,
            gateway_restart=self.gateway_restart,
            restart_guard=timedelta(minutes=self.restart_guard_minutes),
            max_skew=timedelta(seconds=self.max_clock_skew_seconds),
            automatic=self.automatic,
            automatic_live=self.automatic_live,
        )

    def keeping(self) -> Keeping:
        return Keeping(
            updates=timedelta(days=self.keep_updates_days),
            cards=timedelta(days=365 * self.keep_cards_years),
        )

    def scan_requests(self) -> tuple[ScanRequest, ...]:
        """Every code at every location."""
        filters = (
            ("volumeAbove", str(self.scan_volume_above)),
            ("marketCapBelow1e6", str(self.scan_market_cap_below_millions)),
            ("priceAbove", format(self.scan_price_above, "f")),
        )
        return tuple(
            ScanRequest(
                instrument=self.scan_instrument,
                location=location,
                code=code,
                rows=self.scan_rows,
                filters=filters,
            )
            for location in self.scan_location.split(",")
            for code in self.scan_code.split(",")
        )


_NO_TOKEN: Final = (
    f"{PREFIX}TELEGRAM_TOKEN is not set: send /newbot to @BotFather in Telegram and "
    "copy the token from its answer."
)
_NO_OWNER: Final = (
    f"{PREFIX}TELEGRAM_OWNER_ID is not set: it is your own number in Telegram, which "
    "@userinfobot tells you when you write to it."
)
_NO_ACCOUNT: Final = (
    f"{PREFIX}ACCOUNT is not set: it is the account id at the top of TWS or IB "
    "Gateway, like DU1234567 for a paper account."
)


# what may not be set together, and why
_CLASHES: Final[tuple[tuple[Callable[[Settings], bool], str], ...]] = (
    (
        lambda s: len(s.scan_requests()) > MOST_SCANS,
        f"{PREFIX}SCAN_CODE times {PREFIX}SCAN_LOCATION is more than {MOST_SCANS} scans",
    ),
    (
        lambda s: bool(s.telegram_token and s.telegram_token_file),
        f"{PREFIX}TELEGRAM_TOKEN and {PREFIX}TELEGRAM_TOKEN_FILE exclude each other",
    ),
    (
        lambda s: s.max_day_dollars < s.max_order_dollars,
        f"{PREFIX}MAX_DAY_DOLLARS is less than {PREFIX}MAX_ORDER_DOLLARS",
    ),
    (
        lambda s: s.mode is Mode.SANDBOX and not is_loopback(s.gateway_host),
        f"in sandbox mode {PREFIX}GATEWAY_HOST must be this machine",
    ),
    (
        lambda s: s.mode is Mode.PAPER and s.account[:1] not in {"", "D"},
        f"{PREFIX}ACCOUNT is not a paper account (those begin with D)",
    ),
    (
        lambda s: s.mode is Mode.LIVE and s.live_trading != REAL_MONEY,
        f"live mode needs {PREFIX}LIVE_TRADING={REAL_MONEY}",
    ),
    (
        lambda s: s.mode is Mode.LIVE and s.account.startswith("D"),
        f"{PREFIX}ACCOUNT is a paper account, and the mode is live",
    ),
    (
        lambda s: s.mode is Mode.LIVE and s.automatic and not s.automatic_live,
        f"automatic orders in live mode need {PREFIX}AUTOMATIC_LIVE=true",
    ),
    (
        lambda s: s.automatic_live and not s.automatic,
        f"{PREFIX}AUTOMATIC_LIVE needs {PREFIX}AUTOMATIC=true as well",
    ),
    (
        lambda s: s.clock_ahead_seconds != 0 and s.mode is not Mode.SANDBOX,
        f"{PREFIX}CLOCK_AHEAD_SECONDS is for sandbox mode only",
    ),
)


def load_settings(env_file: Path) -> Settings:
    """Settings from the environment, and below it from *env_file* if that exists.

    Raises:
        SettingsWrong: a sentence on a line of its own for each that is wrong: which it
            is, and what it takes.
    """
    known = frozenset(PREFIX + field.upper() for field in Settings.model_fields)
    ours = [name for name in os.environ if name.upper().startswith(PREFIX)]
    wrong = [*unknown(ours, known=known, where="the environment")]
    if env_file.exists():
        wrong += unknown(names_in(env_file), known=known, where=str(env_file))
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8")
    except ValidationError as error:
        raise SettingsWrong(
            "\n".join([*wrong, *_in_words(error)])
        ) from None  # it shows the values
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return settings


def _in_words(error: ValidationError) -> list[str]:
    """A sentence for each error but unknown names, which have one already."""
    return [
        sentence
        for found in error.errors()
        if found["type"] != "extra_forbidden"
        for sentence in _sentences(found["loc"], found["msg"])
    ]


def _sentences(where: tuple[int | str, ...], message: str) -> list[str]:
    if not where:
        return [
            f"{each}." for each in message.removeprefix("Value error, ").split("; ")
        ]
    field = Settings.model_fields[str(where[0])]
    return [f"{PREFIX}{str(where[0]).upper()} takes {field.description}."]
