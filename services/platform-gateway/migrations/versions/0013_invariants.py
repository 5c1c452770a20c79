"""What each side reported of each case, how far its reports came, and where it does not agree with the platform."""

from alembic import op

from shared.database import grants

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE case_figures (
        rlts_traf_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        side TEXT NOT NULL,
        figures JSONB NOT NULL,
        as_of TIMESTAMP WITH TIME ZONE NOT NULL,
        message_id UUID NOT NULL,
        verdict TEXT NOT NULL,
        look_again_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_case_figures PRIMARY KEY (rlts_traf_id, sender, side),
        CONSTRAINT ck_case_figures_verdict CHECK (verdict IN ('agrees', 'breaks', 'in_transit'))
    )
    """,
    "CREATE INDEX ix_case_figures_in_transit ON case_figures (as_of) WHERE verdict = 'in_transit'",
    "CREATE INDEX ix_case_figures_look_again ON case_figures (look_again_at) WHERE look_again_at IS NOT NULL",
    """
    CREATE TABLE figures_report (
        sender TEXT NOT NULL,
        reported_on DATE NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE NOT NULL,
        as_of TIMESTAMP WITH TIME ZONE NOT NULL,
        part INTEGER NOT NULL,
        case_count INTEGER NOT NULL,
        whole_on DATE,
        CONSTRAINT pk_figures_report PRIMARY KEY (sender)
    )
    """,
    """
    CREATE TABLE invariant_break (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        side TEXT NOT NULL,
        kind TEXT NOT NULL,
        trafout_admdvs TEXT NOT NULL,
        trafin_admdvs TEXT NOT NULL,
        own_value TEXT NOT NULL,
        own_evidence JSONB NOT NULL,
        told_value TEXT NOT NULL,
        told_evidence JSONB NOT NULL,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_invariant_break PRIMARY KEY (id)
    )
    """,
    """
    CREATE UNIQUE INDEX ux_invariant_break_open ON invariant_break (rlts_traf_id, sender, side, kind)
    WHERE settled_at IS NULL
    """,
    "CREATE INDEX ix_invariant_break_still_open ON invariant_break (id) WHERE settled_at IS NULL",
    # A side's cases in the order of their numbers: one report's range is one range of these.
    "CREATE INDEX ix_transfer_case_outbound_number ON transfer_case (trafout_admdvs, rlts_traf_id)",
    "CREATE INDEX ix_transfer_case_inbound_number ON transfer_case (trafin_admdvs, rlts_traf_id)",
)


def upgrade() -> None:
    """Create the tables and indexes."""
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "case_figures", "figures_report", "invariant_break")
