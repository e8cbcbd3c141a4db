"""The configuration of a gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.sandbox.latency import Profile
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import DEFAULT_SEED
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import QUIET_DAY, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """The flags of the command line, and what only scenarios and tests set."""

    port: int = 4002
    seed: int = DEFAULT_SEED
    profile: Profile = Profile.TYPICAL
    clock: datetime | None = None  # None: the real time of day
    speed: float = 1.0
    scenario: Scenario = QUIET_DAY
    state: Path | None = None
    accounts: tuple[AccountSpec, ...] = (AccountSpec(),)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    master_client_id: int | None = None
    read_only: bool = False
    permission: DataPermission = DataPermission.LIVE
    lines: int = 100  # market data lines; half as many messages a second
    reject_over_rate: bool = False  # code 100 and three strikes, instead of a pace
    ack_seconds: float | None = None  # instead of what the profile draws
    fill_seconds: float | None = None  # likewise
    disabled_filters: frozenset[str] = frozenset()  # scans with them fail with 162
    empty_scans: bool = False  # every scan finds nothing
    largest_order: float | None = None  # shares; the preset behind code 383
    largest_value: float | None = None  # dollars; the preset behind code 451
