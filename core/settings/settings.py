"""All settings as one frozen value.

Unknown names are refused, because a typo in a limit must not mean no limit.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Self

from pydantic import ConfigDict, model_validator

from core.loopback import is_loopback
from core.model.errors import SettingsWrong
from core.model.exits.plan import ExitPlan
from core.model.instructions import Keeping, Limits
from core.model.market import OrderType
from core.model.money import Money, Shares
from core.model.proposal import Mode
from core.rules.exits.written import distance_in
from core.rules.figures.size import size_in
from core.settings.connection import JOURNAL, REAL_MONEY, ConnectionSettings
from core.settings.noise import NoiseSettings
from core.settings.operation import OperationSettings
from core.settings.reporting import ReportSettings
from core.settings.scanning import ScanSettings
from core.settings.trading import TradingSettings
from core.settings.types import TOKEN


PREFIX: Final = "OPENBELL_"
MOST_SCANS: Final = 10
"""The most scans that IB runs at once."""


class Settings(
    ConnectionSettings,
    ScanSettings,
    TradingSettings,
    ReportSettings,
    NoiseSettings,
    OperationSettings,
):
    """All settings. A field's description says which values it accepts; times of day
    are New York's, amounts are dollars."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        clashes = [sentence for clash, sentence in _CLASHES if clash(self)]
        if clashes:
            raise ValueError("; ".join(clashes))
        return self

    def token(self) -> str:
        """The bot's token. Raises SettingsWrong if it is missing or unreadable."""
        if self.telegram_token:
            return self.telegram_token.get_secret_value()
        if not self.telegram_token_file:
            raise SettingsWrong(_NO_TOKEN)
        name = f"{PREFIX}TELEGRAM_TOKEN_FILE"
        try:
            token = self.telegram_token_file.read_text(encoding="utf-8-sig").strip()
        except UnicodeDecodeError as error:
            raise SettingsWrong(f"{name} cannot be read: it is not UTF-8.") from error
        except OSError as error:
            raise SettingsWrong(f"{name} cannot be read: {error.strerror}.") from error
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

    def misses_only_the_owner(self) -> bool:
        """Whether only the owner's number is missing."""
        return self.missing_to_run() == (_NO_OWNER,)

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
        """The key of the audit trail's seal; "" if there is none."""
        return self.audit_secret.get_secret_value() if self.audit_secret else ""

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data_dir / JOURNAL

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
            exits=self.exits(),
            size=size_in(self.size) if self.size else None,
            order_type=OrderType(self.order_type),
            limit_percent=self.limit_percent,
            outside_hours=self.outside_hours,
            max_gap=self.max_gap_percent,
            max_loss=_money(self.max_loss_dollars),
            max_buys=self.max_buys,
            max_positions=self.max_positions,
            max_stock=_money(self.max_stock_dollars),
            no_buy_after=self.no_buy_after,
            max_spread=self.max_spread_percent,
            min_relative_volume=self.min_relative_volume,
        )

    def exits(self) -> ExitPlan:
        """The exit plan that a new card begins with."""
        return ExitPlan(
            stop=distance_in(self.exit_stop),
            trail=distance_in(self.exit_trail),
            target=distance_in(self.exit_target),
        )

    def keeping(self) -> Keeping:
        return Keeping(
            updates=timedelta(days=self.keep_updates_days),
            cards=timedelta(days=365 * self.keep_cards_years),
            recordings=timedelta(days=365 * self.keep_recordings_years),
        )


def _money(dollars: Decimal | None) -> Money | None:
    return None if dollars is None else Money(dollars)


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
        lambda s: (
            s.telegram_token is not None
            and s.telegram_token.get_secret_value().startswith(
                f"{s.telegram_owner_id}:"
            )
        ),
        f"{PREFIX}TELEGRAM_OWNER_ID is the bot's own number, not yours",
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
        lambda s: s.outside_hours and s.order_type != "LMT",
        f"{PREFIX}OUTSIDE_HOURS needs {PREFIX}ORDER_TYPE=LMT: IB takes no market order there",
    ),
    (
        lambda s: s.automatic and s.order_type != "MKT",
        f"automatic orders are market orders: {PREFIX}ORDER_TYPE=LMT asks first",
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
