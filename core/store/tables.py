"""The tables of the journal, and the encoding of values that SQLite has no type for.

Whatever must not happen twice has a key that refuses it. A new journal is created by
these statements; the migrations bring an older one to the same tables, and a test
compares the two."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final


STEP: Final = "0022"
"""The migration that leads to these tables."""

TABLES: Final = (
    """
    CREATE TABLE inbox (
        update_id BIGINT NOT NULL PRIMARY KEY,
        raw TEXT NOT NULL,
        received_at TEXT NOT NULL,
        state TEXT NOT NULL, -- new, done, dead
        reason TEXT
    )
    """,
    "CREATE INDEX inbox_by_state ON inbox (state)",
    "CREATE INDEX inbox_by_arrival ON inbox (received_at)",
    """
    CREATE TABLE proposal (
        id TEXT NOT NULL PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        session_date DATE NOT NULL,
        state TEXT NOT NULL,
        made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        owner_id BIGINT NOT NULL,
        chat_id BIGINT NOT NULL,
        message_id BIGINT NOT NULL,
        legs INTEGER NOT NULL,
        purpose TEXT DEFAULT 'picks' NOT NULL,
        decided_by TEXT,
        decided_at TEXT,
        body TEXT NOT NULL -- JSON, packed (bodies.py); the columns above win over it
    )
    """,
    "CREATE INDEX proposal_by_state ON proposal (state)",
    "CREATE INDEX proposal_by_message ON proposal (message_id)",
    "CREATE INDEX proposal_by_time ON proposal (made_at)",
    """
    CREATE TABLE intent (
        ref TEXT NOT NULL PRIMARY KEY,
        proposal_id TEXT NOT NULL REFERENCES proposal (id),
        leg INTEGER NOT NULL,
        con_id BIGINT NOT NULL,
        symbol TEXT NOT NULL,
        exchange TEXT NOT NULL,
        currency TEXT NOT NULL,
        side TEXT NOT NULL,
        qty INTEGER NOT NULL,
        tif TEXT NOT NULL,
        account TEXT NOT NULL,
        estimate TEXT NOT NULL,
        state TEXT NOT NULL,
        order_id BIGINT,
        client_id INTEGER,
        perm_id BIGINT,
        sent_at TEXT,
        sent_day_ny DATE,
        gw_epoch INTEGER,
        held_until TEXT,
        cancel_asked BOOLEAN NOT NULL,
        reason TEXT,
        refused TEXT,
        gateway TEXT, -- with login and client_id: in whose name it was sent
        login TEXT, -- JSON: its accounts
        held_before TEXT,
        order_type TEXT DEFAULT 'MKT' NOT NULL,
        limit_price TEXT,
        outside_rth BOOLEAN DEFAULT '0' NOT NULL,
        stop_price TEXT,
        trail_percent TEXT,
        trail_amount TEXT,
        exit TEXT, -- what it is for in an exit plan
        oca_group TEXT DEFAULT '' NOT NULL,
        acked_at TEXT, -- when IB first held it
        replaced BOOLEAN DEFAULT '0' NOT NULL, -- others were approved in its place
        closed_at TEXT, -- when the owner closed it by word
        CONSTRAINT one_order_for_an_id UNIQUE (client_id, order_id)
    )
    """,
    "CREATE INDEX intent_by_state ON intent (state)",
    "CREATE INDEX intent_by_day ON intent (sent_day_ny)",
    "CREATE INDEX intent_by_card ON intent (proposal_id)",
    "CREATE INDEX intent_by_stock ON intent (con_id)",
    """
    CREATE UNIQUE INDEX one_order_for_a_stock ON intent (proposal_id, con_id)
    WHERE exit IS NULL
    """,
    """
    CREATE TABLE exec (
        exec_stem TEXT NOT NULL PRIMARY KEY,
        exec_id TEXT NOT NULL,
        ref TEXT NOT NULL REFERENCES intent (ref),
        place INTEGER NOT NULL, -- among the order's fills
        qty INTEGER NOT NULL,
        price TEXT NOT NULL,
        ts TEXT NOT NULL,
        commission TEXT, -- of the currency below
        currency TEXT DEFAULT 'USD' NOT NULL,
        cumulative INTEGER -- filled of the order with it, by IB's count
    )
    """,
    "CREATE INDEX exec_by_ref ON exec (ref)",
    "CREATE INDEX exec_by_time ON exec (ts)",
    """
    CREATE TABLE other_trade (
        exec_stem TEXT NOT NULL PRIMARY KEY,
        exec_id TEXT NOT NULL,
        account TEXT NOT NULL,
        con_id BIGINT NOT NULL,
        side TEXT NOT NULL,
        qty TEXT NOT NULL, -- with fractions of a share
        price TEXT NOT NULL,
        ts TEXT NOT NULL,
        commission TEXT, -- of the currency below
        currency TEXT NOT NULL,
        ref TEXT NOT NULL,
        client_id BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        perm_id BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE event (
        seq INTEGER NOT NULL PRIMARY KEY,
        ts TEXT NOT NULL, -- as it is hashed
        ref TEXT NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        prev_hash TEXT NOT NULL
    )
    """,
    """
    CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TABLE outbox (
        key TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        turn INTEGER NOT NULL, -- who is told first
        edition INTEGER NOT NULL,
        told INTEGER NOT NULL, -- the newest edition that stands there
        message_id BIGINT
    )
    """,
    "CREATE INDEX outbox_by_turn ON outbox (turn)",
    "CREATE INDEX outbox_by_message ON outbox (message_id)",
    "CREATE INDEX outbox_untold ON outbox (turn, key) WHERE told < edition",
    """
    CREATE TABLE placeholder (
        key TEXT NOT NULL PRIMARY KEY,
        owner_id BIGINT NOT NULL,
        chat_id BIGINT NOT NULL,
        message_id BIGINT NOT NULL
    )
    """,
    "CREATE TABLE chat (chat_id BIGINT NOT NULL PRIMARY KEY)",
    """
    CREATE TABLE copy (
        key TEXT NOT NULL,
        chat_id BIGINT NOT NULL,
        told INTEGER NOT NULL, -- the newest edition that stands there
        message_id BIGINT,
        edition INTEGER NOT NULL DEFAULT 0, -- the outbox's
        PRIMARY KEY (key, chat_id)
    )
    """,
    "CREATE INDEX copy_untold ON copy (chat_id) WHERE told < edition",
    "CREATE INDEX copy_by_message ON copy (chat_id, message_id)",
    """
    CREATE TABLE report (
        kind TEXT NOT NULL,
        session_date DATE NOT NULL,
        state TEXT NOT NULL,
        lease TEXT,
        attempt INTEGER NOT NULL,
        PRIMARY KEY (kind, session_date)
    )
    """,
    """
    CREATE TABLE recording (
        proposal_id TEXT NOT NULL PRIMARY KEY, -- it outlives its card
        session_date DATE NOT NULL,
        at TEXT NOT NULL,
        body TEXT NOT NULL -- JSON, packed
    )
    """,
    "CREATE INDEX recording_by_day ON recording (session_date)",
    """
    CREATE TABLE followed (
        proposal_id TEXT NOT NULL REFERENCES recording (proposal_id),
        horizon TEXT NOT NULL,
        body TEXT NOT NULL, -- JSON, packed
        PRIMARY KEY (proposal_id, horizon)
    )
    """,
    """
    CREATE TABLE pick_name (
        proposal_id TEXT NOT NULL REFERENCES recording (proposal_id),
        place INTEGER NOT NULL, -- among the card's picks
        con_id BIGINT NOT NULL,
        symbol TEXT NOT NULL, -- then, or as IB called the stock later
        PRIMARY KEY (proposal_id, place, symbol)
    )
    """,
    "CREATE INDEX pick_name_by_symbol ON pick_name (symbol)",
    """
    CREATE TABLE setting_change (
        seq INTEGER NOT NULL PRIMARY KEY,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT, -- NULL: what .env says counts again
        was TEXT
    )
    """,
    """
    CREATE TABLE schedule (
        number INTEGER NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        times TEXT NOT NULL,
        weekdays TEXT NOT NULL,
        made_at TEXT NOT NULL,
        by TEXT NOT NULL,
        removed INTEGER DEFAULT '0' NOT NULL -- its number is not used again
    )
    """,
    """
    CREATE TABLE day_off (
        day DATE NOT NULL PRIMARY KEY,
        by TEXT NOT NULL,
        ended_at TEXT
    )
    """,
    "CREATE TABLE meta (k TEXT NOT NULL PRIMARY KEY, v TEXT NOT NULL)",
)


def from_moment(moment: datetime | None) -> str | None:
    """A moment as UTC text of fixed width, so that SQL can compare them."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def from_day(day: date | None) -> str | None:
    """A date as ISO text."""
    return None if day is None else day.isoformat()


def to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def from_exact(amount: Decimal | None) -> str | None:
    """A decimal as text, exactly as it is, including trailing zeros."""
    return None if amount is None else str(amount)


def to_exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
