"""What the owner must be told of the exits of what is held."""

from dataclasses import dataclass
from datetime import datetime

from core.model.exits.plan import ExitPlan
from core.model.market import ConId
from core.model.order import OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitDone:
    """An exit order has sold, all or a part, and is over."""

    ref: OrderRef

    @property
    def key(self) -> str:
        return f"exit-done:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprotected:
    """Shares lack an exit that was approved, and it is not placed again by itself:
    ``reason`` says why; ``is_bare``: none is left. ``at`` is UTC."""

    at: datetime
    con_id: ConId
    symbol: str
    reason: str
    is_bare: bool

    @property
    def key(self) -> str:
        return f"unprotected:{self.con_id}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitClosed:
    """An exit in doubt is not there, says the owner: its shares lack it. ``plan`` is
    what stands approved for them, empty where nothing does."""

    ref: OrderRef
    plan: ExitPlan

    @property
    def key(self) -> str:
        return f"exit-closed:{self.ref}"
