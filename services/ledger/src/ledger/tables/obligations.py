"""What is owed, by sealed sheets; one row per agency, side, case, sheet version and reason."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ledger.tables.metadata import instant, metadata

_OPEN = text("state = 'open'")

obligation = Table(
    "obligation",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("side", Text, nullable=False, comment="payer or payee: which we are"),
    Column("rlts_traf_id", Text, nullable=False),
    Column("obligation_no", Text, nullable=False),
    Column("sheet_version", Integer, nullable=False, comment="or the addendum's number"),
    Column("reason", Text, nullable=False),
    Column("trafout_admdvs", Text, nullable=False),
    Column("trafin_admdvs", Text, nullable=False),
    Column("psn_name", Text, nullable=False),
    Column("match_name", Text, nullable=False, comment="psn_name as it is compared with notes"),
    Column("amount_fen", BigInteger, nullable=False, comment="what the sealed sheet states"),
    Column("direction", Text, nullable=False),
    Column("due_fen", BigInteger, nullable=False, comment="what is still to move after older versions"),
    Column("payer_bankacct", Text, nullable=False),
    Column("payee_bankacct", Text, nullable=False),
    Column("sheet_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("known_on", Date, nullable=False, comment="Shanghai date on which we learnt of it"),
    instant("known_at"),
    Column("settled_on", Date, comment="booking day of the claim that settled it, or the day it was cancelled"),
    Column("credited_on", Date),
    Column("credited_fen", BigInteger),
    Column("core_ref", Text),
    Column("origin", Text, nullable=False, comment="electronic, paper or opening: what it stands on"),
    Column(
        "is_doubtful",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="perhaps the same money as an old item: not paid, not matched by itself",
    ),
    Column(
        "way_back",
        JSONB(none_as_null=True),
        comment="the accounts, as registered when it arrived, for money that goes back",
    ),
    Column("claimed_fen", BigInteger, nullable=False, server_default="0", comment="by hand; a trigger keeps it"),
    Column(
        "released_fen",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="of a return: what the inbound has said to stand in nobody's account",
    ),
    CheckConstraint("side IN ('payer', 'payee')", name="side"),
    CheckConstraint("reason IN ('balance', 'addendum', 'correction', 'termination', 'opening')", name="reason"),
    CheckConstraint("direction IN ('pay', 'nothing', 'return')", name="direction"),
    CheckConstraint("amount_fen >= 0 AND due_fen >= 0", name="amounts"),
    CheckConstraint("claimed_fen BETWEEN 0 AND due_fen", name="claimed"),
    CheckConstraint("released_fen BETWEEN 0 AND due_fen", name="released"),
    CheckConstraint("(direction = 'nothing') = (due_fen = 0)", name="nothing_is_zero"),
    CheckConstraint(
        "state IN ('open', 'cancelled', 'paid', 'returned', 'matched', 'credited', 'settled')", name="state"
    ),
    UniqueConstraint("rlts_traf_id", "obligation_no", "admdvs", "side"),
    Index("ix_obligation_open_amount", "admdvs", text("(due_fen - claimed_fen)"), postgresql_where=_OPEN),
    Index("ix_obligation_open_name", "admdvs", "match_name", postgresql_where=_OPEN),
    Index("ix_obligation_paid_amount", "admdvs", "due_fen", postgresql_where=text("state = 'paid'")),
    Index(
        "ix_obligation_standing",
        "admdvs",
        "known_on",
        "id",
        postgresql_include=["side", "direction", "due_fen"],
        postgresql_where=text("state IN ('open', 'returned')"),
    ),
    Index(
        "ix_obligation_core_differs",
        "admdvs",
        postgresql_where=text(
            "side = 'payee' AND credited_on IS NOT NULL AND (state <> 'credited' OR credited_fen <> due_fen)"
        ),
    ),
    Index("ix_obligation_settled", "admdvs", "settled_on", "known_on"),
    Index("ix_obligation_state", "admdvs", "side", "state", "id"),
    Index("ix_obligation_known_at", "known_at", postgresql_using="brin"),
)

obligation_past = Table(
    "obligation_past",
    metadata,
    Column("obligation_id", ForeignKey("obligation.id"), primary_key=True),
    Column("until_on", Date, primary_key=True, comment="the first day that no longer ended with it"),
    Column("admdvs", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("known_on", Date, nullable=False),
    Column("due_fen", BigInteger, nullable=False),
    CheckConstraint("kind IN ('receipt', 'payment')", name="kind"),
    CheckConstraint("due_fen > 0", name="due"),
    CheckConstraint("known_on < until_on", name="days"),
    Index("ix_obligation_past_day", "admdvs", "until_on"),
    comment="append-only; a row where an obligation owed something else before",
)

payment_hold = Table(
    "payment_hold",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("rlts_traf_id", Text, primary_key=True),
    Column("is_held", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    instant("changed_at"),
)
