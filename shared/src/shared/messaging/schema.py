"""The tables of the exchange as the first migration of every service makes them.

This is history: a later change is a further function here, called by a new migration, and never an edit of this one.
"""

from shared.database import grants
from shared.database.operations import Operations

_CREATE = (
    """
    CREATE TABLE message_log (
        message_id uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        sender text NOT NULL,
        recipient text NOT NULL,
        rlts_traf_id text,
        sequence bigint,
        type text NOT NULL,
        value bytea NOT NULL,
        signature text NOT NULL,
        traceparent text,
        CONSTRAINT pk_message_log PRIMARY KEY (message_id, recorded_at),
        CONSTRAINT ck_message_log_sequence CHECK ((rlts_traf_id IS NULL) = (sequence IS NULL))
    ) PARTITION BY RANGE (recorded_at)
    """,
    "CREATE TABLE message_log_default PARTITION OF message_log DEFAULT",
    "CREATE INDEX ix_message_log_recipient_recorded_at ON message_log (recipient, recorded_at)",
    """
    CREATE TABLE outbox (
        message_id uuid NOT NULL CONSTRAINT pk_outbox PRIMARY KEY,
        recorded_at timestamptz NOT NULL,
        sender text NOT NULL,
        recipient text NOT NULL,
        due_at timestamptz NOT NULL,
        attempts integer NOT NULL
    )
    """,
    "CREATE INDEX ix_outbox_due_at_message_id ON outbox (due_at, message_id)",
    """
    CREATE TABLE message_sequence (
        rlts_traf_id text NOT NULL,
        sender text NOT NULL,
        recipient text NOT NULL,
        last_sequence bigint NOT NULL,
        CONSTRAINT pk_message_sequence PRIMARY KEY (rlts_traf_id, sender, recipient)
    )
    """,
    """
    CREATE TABLE custody_receipt (
        receipt_id uuid NOT NULL,
        sender text NOT NULL,
        recipient text NOT NULL,
        value bytea NOT NULL,
        signature text NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT pk_custody_receipt PRIMARY KEY (receipt_id, sender)
    )
    """,
    """
    CREATE TABLE message_receipt (
        message_id uuid NOT NULL,
        receipt_id uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT pk_message_receipt PRIMARY KEY (message_id, receipt_id)
    )
    """,
    """
    CREATE TABLE inbox (
        sender text NOT NULL,
        message_id uuid NOT NULL,
        recipient text NOT NULL,
        rlts_traf_id text,
        sequence bigint,
        type text NOT NULL,
        value bytea NOT NULL,
        signature text NOT NULL,
        traceparent text,
        state text NOT NULL,
        receipt_id uuid NOT NULL,
        received_at timestamptz NOT NULL,
        applied_at timestamptz,
        CONSTRAINT pk_inbox PRIMARY KEY (sender, message_id),
        CONSTRAINT uq_inbox_rlts_traf_id_sender_recipient_sequence
            UNIQUE (rlts_traf_id, sender, recipient, sequence),
        CONSTRAINT ck_inbox_state CHECK (state IN ('waiting', 'applied', 'quarantined', 'aside'))
    )
    """,
    "CREATE INDEX ix_inbox_unapplied ON inbox (rlts_traf_id, recipient, state) WHERE state <> 'applied'",
    """
    CREATE TABLE inbox_cursor (
        rlts_traf_id text NOT NULL,
        sender text NOT NULL,
        recipient text NOT NULL,
        applied_sequence bigint NOT NULL,
        CONSTRAINT pk_inbox_cursor PRIMARY KEY (rlts_traf_id, sender, recipient)
    )
    """,
    """
    CREATE TABLE quarantine (
        quarantine_id uuid NOT NULL CONSTRAINT pk_quarantine PRIMARY KEY,
        digest bytea NOT NULL CONSTRAINT uq_quarantine_digest UNIQUE,
        reason text NOT NULL,
        detail text NOT NULL,
        state text NOT NULL CONSTRAINT ck_quarantine_state CHECK (state IN ('open', 'resolved', 'dismissed')),
        topic text NOT NULL,
        sender text,
        recipient text,
        rlts_traf_id text,
        sequence bigint,
        message_id uuid,
        type text,
        value bytea NOT NULL,
        signature text,
        traceparent text,
        seen integer NOT NULL,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        resolved_at timestamptz,
        resolved_by text,
        resolution_reason text,
        CONSTRAINT ck_quarantine_dismissal
            CHECK (state <> 'dismissed' OR (resolved_by IS NOT NULL AND resolution_reason IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_quarantine_open ON quarantine (quarantine_id) WHERE state = 'open'",
    """
    CREATE TABLE feed (
        feed_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_feed PRIMARY KEY,
        position bigint CONSTRAINT uq_feed_position UNIQUE,
        admdvs text,
        rlts_traf_id text,
        type text NOT NULL,
        data jsonb NOT NULL,
        occurred_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_feed_admdvs_position ON feed (admdvs, position)",
    "CREATE INDEX ix_feed_unnumbered ON feed (feed_id) WHERE position IS NULL",
)


def create(op: Operations) -> None:
    """Make the tables and grant the app role its rights: the log and the receipts are append-only."""
    for statement in _CREATE:
        op.execute(statement)
    grants.append_only(op, "message_log", "custody_receipt", "message_receipt")
    grants.writable(op, "outbox", "message_sequence", "inbox", "inbox_cursor", "quarantine", "feed")


def add_resends(op: Operations) -> None:
    """Make the table of what is being sent again: from where on it is still to be done, until when."""
    op.execute(
        """
        CREATE TABLE resend (
            sender text NOT NULL,
            recipient text NOT NULL,
            next_at timestamptz NOT NULL,
            next_id uuid NOT NULL,
            until_at timestamptz NOT NULL,
            CONSTRAINT pk_resend PRIMARY KEY (sender, recipient)
        )
        """
    )
    grants.writable(op, "resend")
