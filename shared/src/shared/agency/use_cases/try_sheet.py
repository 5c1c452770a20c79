"""试算 of an 信息表: made and checked by the very rules of real cases; nothing is stored."""

from collections.abc import Collection
from datetime import date

from shared.agency.sheet_trial import Json, LeftOutShown, SheetTrial, SheetTried
from shared.contracts.codes import AcctDisposition
from shared.contracts.facts import PersonRecord
from shared.contracts.info_sheet import InfoSheet, SheetFinding, SheetFoot, SheetHead
from shared.errors import FieldError, InvalidInput
from shared.money_cn import to_capital
from shared.registry.known_areas import require_known
from shared.registry.policy.effective import PolicyMissing, PolicyNotInForce
from shared.registry.registry import Registry
from shared.registry.sheet_policy import blocking_warnings
from shared.registry.tried_policy import with_policy
from shared.sheet_rules import (
    Drafted,
    DraftRules,
    SheetContext,
    attachment_of,
    cannot_be_written,
    check_document,
    check_sheet,
    draft_rows,
    errors_of,
    row_changes,
)

_CASE = "TRIAL00000000000"
_NOBODY = "试算"


def try_sheet(trial: SheetTrial, registry: Registry, today: date, *, paid_flags: Collection[str]) -> SheetTried:
    """Make the sheet of the records, check it or the one that was given, and say where the two differ.

    Raises ``InvalidInput`` where there is neither and for an unknown area, ``PolicyRefused`` for a wrong policy file.
    """
    if trial.record is None and trial.sheet is None:
        missing = FieldError("/record", "missing", "应给出参保记录（record）或信息表（sheet）")
        raise InvalidInput("没有可以试算的内容。", errors=[missing])
    tried = with_policy(registry, trial.policy)
    require_known(tried, {"trafout_admdvs": trial.trafout_admdvs, "trafin_admdvs": trial.trafin_admdvs})
    as_of = trial.as_of or today
    drafted = _drafted(trial, tried, as_of, paid_flags)
    if trial.sheet is not None:
        sheet, findings = check_document(trial.sheet, _context(trial, trial.sheet, tried, as_of))
    else:
        sheet, findings = _made(trial, drafted, tried, as_of)
    is_compared = trial.record is not None and trial.sheet is not None and sheet is not None
    return SheetTried(
        is_sealable=not errors_of(findings),
        findings=findings,
        rows=list(drafted.rows),
        sources=list(drafted.sources),
        left_out=LeftOutShown.all_of(drafted),
        changes=row_changes(drafted.rows, sheet.rows) if is_compared and sheet is not None else [],
        sheet=sheet,
        registry_version=registry.version,
        policy_version=_policy_version(tried, trial.trafout_admdvs, as_of),
    )


def _drafted(trial: SheetTrial, registry: Registry, as_of: date, paid_flags: Collection[str]) -> Drafted:
    if trial.record is None:
        return Drafted()
    rules = DraftRules(paid_flags=frozenset(paid_flags))
    return draft_rows(trial.record.contributions, admdvs=trial.trafout_admdvs, areas=registry, today=as_of, rules=rules)


def _made(
    trial: SheetTrial, drafted: Drafted, registry: Registry, as_of: date
) -> tuple[InfoSheet | None, list[SheetFinding]]:
    record = trial.record
    if record is None:
        raise ValueError("a sheet is made of records")
    has_account = _has_account(record, trial.trafout_insutype)
    disposition = trial.acct_disposition or (AcctDisposition.TRANSFER if has_account else AcctDisposition.NONE)
    is_transferred = has_account and disposition is AcctDisposition.TRANSFER
    amount = record.account.balc if is_transferred and record.account is not None else 0
    faults = cannot_be_written(drafted.rows, amount)
    if faults:
        return None, faults
    area = registry.area(trial.trafout_admdvs)
    sheet = InfoSheet(
        rlts_traf_id=_CASE,
        version=1,
        trafout_admdvs=trial.trafout_admdvs,
        trafin_admdvs=trial.trafin_admdvs,
        trafout_insutype=trial.trafout_insutype,
        trafin_insutype=trial.trafin_insutype,
        head=SheetHead(
            psn_name=record.psn_name, psn_cert_type=record.psn_cert_type, certno=record.certno, gend=record.gend
        ),
        rows=drafted.rows,
        foot=SheetFoot(
            acctfund_traf_amt_cn=to_capital(amount),
            acctfund_traf_amt=amount,
            opter_name=_NOBODY,
            tel=_NOBODY,
            agency_name="" if area is None else area.name,
            issued_on=as_of,
        ),
        acct_disposition=disposition,
        has_account=has_account,
        attachment=attachment_of(record, record.contributions, record.account),
    )
    return sheet, check_sheet(sheet, _context(trial, sheet.model_dump(mode="json"), registry, as_of))


def _has_account(record: PersonRecord, insutype: str) -> bool:
    return any(each.has_account for each in record.relations if each.insutype == insutype)


def _context(trial: SheetTrial, document: Json, registry: Registry, as_of: date) -> SheetContext:
    """The case that the sheet must belong to; its number and, without records, its person are the document's own."""
    head = trial.record.model_dump(mode="json") if trial.record else document.get("head")
    person = head if isinstance(head, dict) else {}
    return SheetContext(
        rlts_traf_id=str(document.get("rlts_traf_id")),
        trafout_admdvs=trial.trafout_admdvs,
        trafin_admdvs=trial.trafin_admdvs,
        trafout_insutype=trial.trafout_insutype,
        trafin_insutype=trial.trafin_insutype,
        psn_name=str(person.get("psn_name")),
        psn_cert_type=str(person.get("psn_cert_type")),
        certno=str(person.get("certno")),
        accepted_on=trial.accepted_on or as_of,
        today=as_of,
        area=registry.area,
        drafted_amount=trial.drafted_amount,
        blocking_warnings=blocking_warnings(registry, trial.trafout_admdvs, as_of),
    )


def _policy_version(registry: Registry, admdvs: str, on: date) -> str | None:
    try:
        return registry.policy(admdvs, on).version
    except (PolicyMissing, PolicyNotInForce):
        return None
