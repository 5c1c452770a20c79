"""Propose one payment for many people by the list of its payer: every row agrees with the business, or none counts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import ObligationState
from ledger.domain.proposals import ClaimableLine, ClaimableObligation
from ledger.domain.statement import Direction
from ledger.domain.suspense import LineKind
from ledger.parsers.remittance_list import ListRow, RemittanceListInvalid
from ledger.repository import claimables
from ledger.repository.locks import lock_matching
from ledger.use_cases.propose_matches import WantedPart, WantedProposal, propose_matches
from shared.errors import DomainError, FieldError, NotFound
from shared.money import format_yuan
from shared.person_name import is_same_name
from shared.registry.registry import Registry
from shared.web.etags import Expected


async def propose_by_list(
    connection: AsyncConnection,
    admdvs: str,
    line_id: int,
    rows: Sequence[ListRow],
    *,
    digest: str,
    expected: Expected,
    registry: Registry,
    by: str,
    now: datetime,
) -> UUID:
    """A proposal with a part for each row; ``digest`` is of the list's bytes (SHA-256, hex).

    Raises ``NotFound``, ``RemittanceListInvalid`` with every row at fault, and what ``propose_matches`` answers.
    """
    await lock_matching(connection, [admdvs])
    line = (await claimables.lines(connection, admdvs, [line_id])).get(line_id)
    if line is None:
        raise NotFound("没有这笔挂账款项")
    total = sum(row.amount_fen for row in rows)
    if total != line.left_fen:
        said = f"清单合计 {format_yuan(total)} 元，款项待认领 {format_yuan(line.left_fen)} 元，两者须一致"
        raise RemittanceListInvalid(said)
    known = defaultdict(list)
    for obligation in await claimables.by_case(connection, admdvs, {row.rlts_traf_id for row in rows}):
        known[obligation.rlts_traf_id].append(obligation)
    parts = _parts(line, rows, known)
    reason = f"按付款单位的汇款清单匹配，共 {len(rows)} 行"
    wanted = WantedProposal(line_id, expected, reason, parts, list_digest=digest)
    [outcome] = await propose_matches(connection, admdvs, [wanted], registry=registry, by=by, now=now)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _parts(
    line: ClaimableLine, rows: Sequence[ListRow], known: Mapping[str, Sequence[ClaimableObligation]]
) -> list[WantedPart]:
    parts: list[WantedPart] = []
    errors: list[FieldError] = []
    meant = [[one for one in known.get(row.rlts_traf_id, ()) if _may_answer(line, one, row)] for row in rows]
    often = Counter(named[0].id for named in meant if len(named) == 1)
    for row, named in zip(rows, meant, strict=True):
        reason = _refusal(row, named, often)
        if reason is not None:
            errors.append(FieldError(f"/rows/{row.row_no}", "row-disagrees", f"第 {row.row_no} 行{reason}"))
            continue
        parts.append(WantedPart(line.id, row.rlts_traf_id, named[0].obligation_no, row.amount_fen))
    if errors:
        raise RemittanceListInvalid(f"清单有 {len(errors)} 行与业务不符：{errors[0].message}", errors=errors)
    return parts


def _may_answer(line: ClaimableLine, obligation: ClaimableObligation, row: ListRow) -> bool:
    is_ours = line.direction is Direction.DEBIT or line.kind is LineKind.RETURN
    is_named = row.obligation_no in (None, obligation.obligation_no)
    is_owed = obligation.left_fen > 0 and obligation.state is not ObligationState.CANCELLED
    return is_named and obligation.is_ours is is_ours and (is_owed or line.kind is LineKind.RETURN)


def _refusal(row: ListRow, named: Sequence[ClaimableObligation], often: Mapping[int, int]) -> str | None:
    if not named:
        return "的办件没有待认领的应收（付）款"
    if len(named) > 1:
        return "的办件有多笔应收（付）款，请在清单中写明应付编号"
    if often[named[0].id] > 1:
        return "的办件编号在清单中重复"
    if not is_same_name(row.psn_name, named[0].psn_name):
        return "的姓名与办件的参保人员不一致"
    if row.amount_fen > named[0].left_fen > 0:
        return f"的金额超过办件尚缺的 {format_yuan(named[0].left_fen)} 元"
    return None
