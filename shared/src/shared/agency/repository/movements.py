"""What we moved on personal accounts since the core last pushed them: a newer record contains it already."""

from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from shared.agency.known_person import Movement
from shared.contracts.facts import AccountEntry, EntryKind
from shared.contracts.model import Message

_MOST = 1000
MOVEMENTS_OF_PERSON = f"""
    (SELECT CAST(jsonb_agg(jsonb_build_object('task_id', m.task_id, 'booked_on', m.booked_on, 'amount', m.amount,
            'kind', m.kind, 'rlts_traf_id', m.rlts_traf_id) ORDER BY m.booked_at, m.task_id) AS text)
       FROM (SELECT * FROM account_movement a WHERE a.admdvs = p.admdvs AND a.psn_no = p.psn_no
               AND a.booked_at > p.updt_time ORDER BY a.booked_at, a.task_id LIMIT {_MOST}) AS m) AS movements
"""  # noqa: S608  # only our own number is put in
"""Select list over a row ``p`` of ``person``; read with ``to_movements``."""

_KINDS = {
    "credit_account": (EntryKind.TRANSFER_IN, "转移接续转入"),
    "debit_account": (EntryKind.TRANSFER_OUT, "转移接续转出"),
    "reverse_entry": (EntryKind.ADJUSTMENT, "冲正"),
}


class _Moved(Message):
    task_id: str
    booked_on: date
    amount: int
    kind: str
    rlts_traf_id: str


_MOVED = TypeAdapter(tuple[_Moved, ...])


def to_movements(row: RowMapping) -> tuple[Movement, ...]:
    """The movements of a row that selected ``MOVEMENTS_OF_PERSON``, each naming its case in ``memo``."""
    if not row["movements"]:
        return ()
    return tuple(Movement(each.rlts_traf_id, _entry(each)) for each in _MOVED.validate_json(row["movements"]))


def _entry(moved: _Moved) -> AccountEntry:
    kind, text = _KINDS[moved.kind]
    return AccountEntry(
        rid=moved.task_id,
        booked_on=moved.booked_on,
        amount=moved.amount,
        kind=kind,
        memo=f"{text} {moved.rlts_traf_id}",
    )
