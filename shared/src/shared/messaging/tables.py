"""The tables of the exchange, as Core sees them; ``schema.create`` makes them."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import new_metadata

metadata = new_metadata()
_Instant = DateTime(timezone=True)

message_log = Table(
    "message_log",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("recorded_at", _Instant, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("rlts_traf_id", Text),
    Column("sequence", BigInteger),
    Column("type", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    Column("traceparent", Text),
)
outbox = Table(
    "outbox",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("recorded_at", _Instant, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("due_at", _Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
)
message_sequence = Table(
    "message_sequence",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("last_sequence", BigInteger, nullable=False),
)
resend = Table(
    "resend",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("next_at", _Instant, nullable=False),
    Column("next_id", Uuid, nullable=False),
    Column("until_at", _Instant, nullable=False),
)
custody_receipt = Table(
    "custody_receipt",
    metadata,
    Column("receipt_id", Uuid, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    Column("recorded_at", _Instant, nullable=False),
)
message_receipt = Table(
    "message_receipt",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("receipt_id", Uuid, primary_key=True),
    Column("recorded_at", _Instant, nullable=False),
)
inbox = Table(
    "inbox",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("rlts_traf_id", Text),
    Column("sequence", BigInteger),
    Column("type", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    Column("traceparent", Text),
    Column("state", Text, nullable=False),
    Column("receipt_id", Uuid, nullable=False),
    Column("received_at", _Instant, nullable=False),
    Column("applied_at", _Instant),
)
inbox_cursor = Table(
    "inbox_cursor",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("applied_sequence", BigInteger, nullable=False),
)
quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("sender", Text),
    Column("recipient", Text),
    Column("rlts_traf_id", Text),
    Column("sequence", BigInteger),
    Column("message_id", Uuid),
    Column("type", Text),
    Column("value", LargeBinary, nullable=False),
    Column("signature", Text),
    Column("traceparent", Text),
    Column("seen", Integer, nullable=False),
    Column("first_seen_at", _Instant, nullable=False),
    Column("last_seen_at", _Instant, nullable=False),
    Column("resolved_at", _Instant),
    Column("resolved_by", Text),
    Column("resolution_reason", Text),
)
feed = Table(
    "feed",
    metadata,
    Column("feed_id", BigInteger, Identity(always=True), primary_key=True),
    Column("position", BigInteger),
    Column("admdvs", Text),
    Column("rlts_traf_id", Text),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("occurred_at", _Instant, nullable=False),
)
