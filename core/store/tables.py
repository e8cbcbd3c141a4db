"""The tables of the journal. Their keys are the point: what may not happen twice
has a key that refuses it.

The migrations make these tables; a test holds the two together.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A UTC time as text of one width, so that SQL can compare two of them."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> str | None:
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal as its own text: nothing is rounded, no zero is lost."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else str(value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value)


TABLES: Final = MetaData()

inbox: Final = Table(
    "inbox",
    TABLES,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("raw", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", Text, nullable=False),  # new, done, dead
    Column("reason", Text),
    Index("inbox_by_state", "state"),
)

proposal: Final = Table(
    "proposal",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("session_date", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("legs", Integer, nullable=False),
    Column("purpose", Text, nullable=False, server_default="picks"),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    Column("body", Text, nullable=False),  # JSON; the columns above win over it
    Index("proposal_by_state", "state"),
)

intent: Final = Table(
    "intent",
    TABLES,
    Column("ref", Text, primary_key=True),
    Column("proposal_id", Text, ForeignKey("proposal.id"), nullable=False),
    Column("leg", Integer, nullable=False),
    Column("con_id", BigInteger, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("exchange", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("qty", Integer, nullable=False),
    Column("tif", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("estimate", Exact, nullable=False),
    Column("state", Text, nullable=False),
    Column("order_id", BigInteger),
    Column("client_id", Integer),
    Column("perm_id", BigInteger),
    Column("sent_at", Moment),
    Column("sent_day_ny", Date),
    Column("gw_epoch", Integer),
    Column("held_until", Moment),
    Column("cancel_asked", Boolean, nullable=False),
    Column("reason", Text),
    Column("refused", Text),
    Column("gateway", Text),  # with login and client_id: in whose name it was sent
    Column("login", Text),  # JSON: its accounts
    Column("held_before", Exact),
    Column("order_type", Text, nullable=False, server_default="MKT"),
    Column("limit_price", Exact),
    Column("outside_rth", Boolean, nullable=False, server_default="0"),
    Column("stop_price", Exact),
    Column("trail_percent", Exact),
    Column("trail_amount", Exact),
    Column("exit", Text),  # what it is for in an exit plan
    Column("oca_group", Text, nullable=False, server_default=""),
    UniqueConstraint("client_id", "order_id", name="one_order_for_an_id"),
    Index("intent_by_state", "state"),
    Index("intent_by_day", "sent_day_ny"),
)
Index(
    "one_order_for_a_stock",
    intent.c.proposal_id,
    intent.c.con_id,
    unique=True,
    sqlite_where=intent.c.exit.is_(None),
)

execution: Final = Table(
    "exec",
    TABLES,
    Column("exec_stem", Text, primary_key=True),
    Column("exec_id", Text, nullable=False),
    Column("ref", Text, ForeignKey("intent.ref"), nullable=False),
    Column("place", Integer, nullable=False),  # among the order's fills
    Column("qty", Integer, nullable=False),
    Column("price", Exact, nullable=False),
    Column("ts", Moment, nullable=False),
    Column("commission", Exact),  # of the currency below
    Column("currency", Text, nullable=False, server_default="USD"),
    Index("exec_by_ref", "ref"),
)

event: Final = Table(
    "event",
    TABLES,
    Column("seq", Integer, primary_key=True),
    Column("ts", Text, nullable=False),  # text: it is hashed as it stands
    Column("ref", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
)

outbox: Final = Table(
    "outbox",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("turn", Integer, nullable=False),  # who is told first
    Column("edition", Integer, nullable=False),
    Column("told", Integer, nullable=False),  # the newest edition that stands there
    Column("message_id", BigInteger),
    Column("tries", Integer, nullable=False),
    Index("outbox_by_turn", "turn"),
)

placeholder: Final = Table(
    "placeholder",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("owner_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
)

report: Final = Table(
    "report",
    TABLES,
    Column("kind", Text, primary_key=True),
    Column("session_date", Date, primary_key=True),
    Column("state", Text, nullable=False),
    Column("lease", Moment),
    Column("attempt", Integer, nullable=False),
)

recording: Final = Table(
    "recording",
    TABLES,
    Column("proposal_id", Text, primary_key=True),  # it outlives its card
    Column("session_date", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Index("recording_by_day", "session_date"),
)

followed: Final = Table(
    "followed",
    TABLES,
    Column("proposal_id", Text, ForeignKey("recording.proposal_id"), primary_key=True),
    Column("horizon", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON
)

meta: Final = Table(
    "meta",
    TABLES,
    Column("k", Text, primary_key=True),
    Column("v", Text, nullable=False),
)
