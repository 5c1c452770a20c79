"""Our own holds laid over imported facts (pure), so that a later push of the core cannot take one away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shared.contracts.codes import PsnInsuStas
from shared.contracts.facts import Relation, TransferredAway

_LIVE_FIRST = {PsnInsuStas.ACTIVE: 0, PsnInsuStas.SUSPENDED: 1}


@dataclass(frozen=True, slots=True)
class RelationEnd:
    """Our own record that a relation ended by transfer (N13)."""

    psn_insu_rlts_id: str
    trafin_admdvs: str
    on: date
    rlts_traf_id: str


@dataclass(frozen=True, slots=True)
class Holds:
    """All of our own records over one person.

    ``moved`` (fen) is what we moved on the account after the freeze, or without one after the imported
    record was current; a record newer than a movement already contains it.
    """

    held_relations: frozenset[str] = frozenset()
    ends: tuple[RelationEnd, ...] = ()
    frozen_balc: int | None = None
    moved: int = 0

    def balance(self, imported: int | None) -> int | None:
        """The balance that counts, in fen; ``None`` without an account."""
        base = imported if self.frozen_balc is None else self.frozen_balc
        if base is None:
            # Credited before the core has pushed an account.
            return self.moved if self.moved > 0 else None
        return max(base + self.moved, 0)


@dataclass(frozen=True, slots=True)
class RecordConflict:
    """A pushed record disagrees with one of our own: stable ``code``, and the relation concerned."""

    code: str
    psn_insu_rlts_id: str | None = None


def overlay_relations(relations: Iterable[Relation], holds: Holds) -> tuple[Relation, ...]:
    """Relations as they count: held ones suspended, ended ones terminated; live ones first, then the newest."""
    ends = {end.psn_insu_rlts_id: end for end in holds.ends}
    laid = [_overlay(each, ends.get(each.psn_insu_rlts_id), holds) for each in relations]
    laid.sort(key=lambda each: each.crt_insu_date, reverse=True)
    return tuple(sorted(laid, key=lambda each: _LIVE_FIRST.get(each.psn_insu_stas, 2)))


def _overlay(relation: Relation, end: RelationEnd | None, holds: Holds) -> Relation:
    if end is not None:
        away = TransferredAway(trafin_admdvs=end.trafin_admdvs, on=end.on, rlts_traf_id=end.rlts_traf_id)
        return relation.model_copy(
            update={
                "psn_insu_stas": PsnInsuStas.TERMINATED,
                "insu_stas_chg_rea": "转出至其他统筹地区",
                "transferred_away": away,
            }
        )
    if relation.psn_insu_rlts_id in holds.held_relations and relation.psn_insu_stas == PsnInsuStas.ACTIVE:
        return relation.model_copy(update={"psn_insu_stas": PsnInsuStas.SUSPENDED})
    return relation


def find_conflicts(relations: Iterable[Relation], balc: int | None, holds: Holds) -> Iterator[RecordConflict]:
    """Where a newly pushed record disagrees with our own holds; ours count, and somebody has to look."""
    ended = {end.psn_insu_rlts_id for end in holds.ends}
    for relation in relations:
        if relation.psn_insu_rlts_id in ended and relation.psn_insu_stas != PsnInsuStas.TERMINATED:
            yield RecordConflict("ended-relation-pushed-live", relation.psn_insu_rlts_id)
        elif relation.psn_insu_rlts_id in holds.held_relations and relation.psn_insu_stas == PsnInsuStas.ACTIVE:
            yield RecordConflict("held-relation-pushed-active", relation.psn_insu_rlts_id)
    if holds.frozen_balc is not None and balc not in (holds.frozen_balc, holds.frozen_balc + holds.moved):
        yield RecordConflict("frozen-balance-pushed-different")
