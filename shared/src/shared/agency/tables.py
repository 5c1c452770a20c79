"""The tables of person records, our own holds over them, imports, and core tasks.

Imported facts (``person``) and our own records (``relation_hold``, ``account_freeze``, ``relation_end``,
``account_movement``, ``period_taken_over``) are apart, so that nothing the core pushes undoes a hold.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database import new_metadata

metadata = new_metadata()


def _instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


person = Table(
    "person",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("psn_no", Text, primary_key=True),
    Column("person_key", Text, nullable=False),
    Column("psn_name", Text, nullable=False),
    Column("psn_cert_type", Text, nullable=False),
    Column("certno", Text, nullable=False),
    Column("gend", Text, nullable=False),
    Column("brdy", Date),
    Column("mob", Text),
    Column("surv_stas", Text),
    Column("psn_type", Text),
    Column("relations", JSONB, nullable=False),
    Column("contributions", JSONB, nullable=False),
    Column("paid", JSONB, nullable=False, comment="summary by scheme and clct_flag"),
    Column("account", JSONB),
    Column("balc", BigInteger, comment="fen; null without an account"),
    Column("rid", Text, nullable=False),
    _instant("updt_time"),
    _instant("received_at"),
    CheckConstraint("balc >= 0", name="balc_not_negative"),
    Index("ix_person_key", "admdvs", "person_key"),
)

record_freshness = Table(
    "record_freshness",
    metadata,
    Column("admdvs", Text, primary_key=True),
    _instant("as_of"),
    comment="until when the core has told us everything: its last finished import or agreeing control",
)

relation_hold = Table(
    "relation_hold",
    metadata,
    Column("task_id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("psn_insu_rlts_id", Text, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    _instant("held_at"),
    _instant("released_at", nullable=True),
    Index(
        "uq_relation_hold_active",
        "admdvs",
        "psn_no",
        "psn_insu_rlts_id",
        "rlts_traf_id",
        unique=True,
        postgresql_where=text("released_at IS NULL"),
    ),
)

account_freeze = Table(
    "account_freeze",
    metadata,
    Column("task_id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    Column("balc", BigInteger, nullable=False, comment="fen; the balance so fixed"),
    _instant("frozen_at"),
    _instant("released_at", nullable=True),
    CheckConstraint("balc >= 0", name="balc_not_negative"),
    Index(
        "uq_account_freeze_active",
        "admdvs",
        "psn_no",
        "rlts_traf_id",
        unique=True,
        postgresql_where=text("released_at IS NULL"),
    ),
)

relation_end = Table(
    "relation_end",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("psn_no", Text, primary_key=True),
    Column("psn_insu_rlts_id", Text, primary_key=True),
    Column("rlts_traf_id", Text, nullable=False),
    Column("trafin_admdvs", Text, nullable=False),
    Column("ended_on", Date, nullable=False),
    _instant("recorded_at"),
)

account_movement = Table(
    "account_movement",
    metadata,
    Column("task_id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="fen, positive for money in"),
    Column("booked_on", Date, nullable=False),
    _instant("booked_at"),
    Index("ix_account_movement_person", "admdvs", "psn_no", "booked_at"),
)

period_taken_over = Table(
    "period_taken_over",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sheet_version", Integer, primary_key=True, autoincrement=False, comment="the latest one counts"),
    Column("row_no", Integer, primary_key=True),
    Column("psn_no", Text, nullable=False),
    Column("sheet_row", JSONB, nullable=False),
    _instant("taken_over_at"),
    Index("ix_period_taken_over_person", "admdvs", "psn_no"),
)

period_reversal = Table(
    "period_reversal",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sheet_version", Integer, primary_key=True, autoincrement=False),
    _instant("reversed_at"),
    comment="the periods that this version of a case and those before it brought count no more",
)

record_conflict = Table(
    "record_conflict",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("psn_insu_rlts_id", Text),
    Column("rid", Text, nullable=False),
    _instant("noticed_at"),
    Index("ix_record_conflict_agency", "admdvs", "position"),
)

person_import = Table(
    "person_import",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("import_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("lines_done", BigInteger, nullable=False, server_default=text("0")),
    Column("prefix_digest", Text, nullable=False, comment="SHA-256 over the lines done"),
    Column("created", BigInteger, nullable=False, server_default=text("0")),
    Column("updated", BigInteger, nullable=False, server_default=text("0")),
    Column("unchanged", BigInteger, nullable=False, server_default=text("0")),
    Column("ignored_older", BigInteger, nullable=False, server_default=text("0")),
    Column("failed", BigInteger, nullable=False, server_default=text("0")),
    _instant("started_at"),
    _instant("finished_at", nullable=True),
    CheckConstraint("state IN ('open', 'done')", name="state_known"),
)

person_import_line = Table(
    "person_import_line",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("import_id", Text, primary_key=True),
    Column("line", BigInteger, primary_key=True),
    Column("pointer", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
)

core_task = Table(
    "core_task",
    metadata,
    Column("task_id", UUID(as_uuid=True), primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("admdvs", Text, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("psn_insu_rlts_id", Text),
    Column("effective_date", Date, nullable=False),
    Column("amount", BigInteger, comment="fen"),
    Column("trafin_admdvs", Text),
    Column("periods", JSONB),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    _instant("opened_at"),
    _instant("answered_at", nullable=True),
    UniqueConstraint("admdvs", "rlts_traf_id", "kind", "step", name="uq_core_task_step"),
    CheckConstraint("state IN ('open', 'done', 'failed', 'unknown')", name="state_known"),
    Index(
        "ix_core_task_pending",
        "admdvs",
        "position",
        postgresql_where=text("state IN ('open', 'unknown')"),
    ),
    Index("ix_core_task_failed", "admdvs", "position", postgresql_where=text("state = 'failed'")),
    Index(
        "ix_core_task_case_pending",
        "admdvs",
        "rlts_traf_id",
        "position",
        postgresql_where=text("state IN ('open', 'unknown')"),
    ),
)

core_task_answer = Table(
    "core_task_answer",
    metadata,
    Column("task_id", UUID(as_uuid=True), primary_key=True),
    Column("attempt", SmallInteger, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("core_ref", Text),
    Column("balc", BigInteger, comment="fen"),
    Column("reason", Text),
    Column("back_paid_on", Date),
    Column("is_back_paid_in_full", Boolean),
    _instant("answered_at"),
    _instant("recorded_at"),
    CheckConstraint("outcome IN ('done', 'failed', 'unknown')", name="outcome_known"),
)

WRITABLE = (
    person,
    record_freshness,
    relation_hold,
    account_freeze,
    person_import,
    person_import_line,
    core_task,
)
APPEND_ONLY = (relation_end, account_movement, period_taken_over, period_reversal, record_conflict, core_task_answer)
