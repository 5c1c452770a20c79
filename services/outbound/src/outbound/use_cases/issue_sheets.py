"""Seal approved sheets whose account is frozen, and send them to the platform.

Three steps: read without a lock, seal outside any transaction (an HSM or a remote signer may be slow), then lock,
look again and commit bytes, state and message together. A crash before the commit loses only bytes that nobody
has seen; a version is written once, and only what was written is ever sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from outbound import metrics
from outbound.domain.case import Case, CaseState
from outbound.domain.decision import Decision
from outbound.domain.draft import Draft
from outbound.domain.sealed import SealedVersion
from outbound.domain.sheet import build_sheet
from outbound.domain.transitions.sealing import issue, postpone, send_back
from outbound.office import Office
from outbound.repository.cases import cases_to_seal, lock_cases
from outbound.repository.drafts import load_drafts
from outbound.repository.present_records import load_present_records
from outbound.repository.sheets import keep_sealed
from outbound.use_cases.save_decisions import save_decisions
from shared.contracts.codes import Origin
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.contracts.party import Party, Role
from shared.registry.models import AccountUse
from shared.signing.errors import NoSigningKey
from shared.signing.seal import seal_sheet

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Whence and whither the money goes, as the registry says at sealing; ``None`` where none is paid."""

    payer: str | None = None
    payee: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one approved case comes to: the decision, and the sealed version where there is one."""

    case: Case
    decision: Decision
    sealed: SealedVersion | None = None


async def issue_sheets(office: Office) -> int:
    """Work through up to ``seal_batch`` approved cases; how many there were."""
    now = office.now()
    async with office.database.connection() as connection:
        cases = await cases_to_seal(connection, now=now, limit=office.settings.seal_batch)
        if not cases:
            return 0
        drafts = await load_drafts(connection, [case.rlts_traf_id for case in cases])
        records = await load_present_records(connection, cases)
    present = {number: draft.as_of_now(records[number]) for number, draft in drafts.items()}
    outcomes = [await _work_out(office, case, present[case.rlts_traf_id], now) for case in cases]
    await _commit(office, outcomes, now)
    return len(cases)


async def _work_out(office: Office, case: Case, draft: Draft, now: datetime) -> Outcome:
    sheet, findings = build_sheet(
        case,
        draft,
        area=office.registry.area,
        today=office.today(),
        blocking=office.blocking_for(case),
    )
    if sheet is None:
        return Outcome(case, send_back(case, now, findings))
    accounts = _accounts(office, case)
    if accounts is None:
        return _postponed(office, case, now, "登记册中没有可用的付款账户或收款账户")
    try:
        return await _seal(office, case, sheet, accounts, findings, now)
    except NoSigningKey:
        return _postponed(office, case, now, "本部署没有该机构的签章密钥")


def _accounts(office: Office, case: Case) -> Accounts | None:
    if not case.acctfund_traf_amt:
        return Accounts()
    registry, today = office.registry, office.today()
    payer = registry.bank_account(case.admdvs, AccountUse.PAYER, today)
    payee = registry.bank_account(case.trafin_admdvs, AccountUse.RECEIVER, today)
    # The account of an area on paper may stand on its paper only: it is stated with the dispatch.
    if payer is None or (payee is None and case.origin is not Origin.PAPER):
        return None
    return Accounts(payer.bankacct, payee.bankacct if payee else None)


async def _seal(
    office: Office, case: Case, sheet: InfoSheet, accounts: Accounts, warnings: Sequence[SheetFinding], now: datetime
) -> Outcome:
    sealed = await seal_sheet(sheet, office.signers, Party(Role.OUTBOUND, case.admdvs))
    version = SealedVersion(
        rlts_traf_id=case.rlts_traf_id,
        version=case.sheet_version,
        sealed_sheet=sealed.text,
        sheet_digest=sealed.digest,
        kid=sealed.kid,
        amount=case.acctfund_traf_amt,
        payer_bankacct=accounts.payer,
        payee_bankacct=accounts.payee,
        sealed_at=now,
    )
    return Outcome(case, issue(case, sealed.text, now, warnings), version)


def _postponed(office: Office, case: Case, now: datetime, reason: str) -> Outcome:
    until = now + timedelta(seconds=office.settings.seal_retry_seconds)
    return Outcome(case, postpone(case, until, now, reason))


async def _commit(office: Office, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Save what still holds: a case that changed meanwhile (withdrawn, sealed by another replica) is left out."""
    async with office.database.transaction() as connection:
        present = await lock_cases(connection, [outcome.case.rlts_traf_id for outcome in outcomes])
        valid = [each for each in outcomes if present[each.case.rlts_traf_id].row_version == each.case.row_version]
        sealed = [each.sealed for each in valid if each.sealed is not None]
        await keep_sealed(connection, sealed)
        await save_decisions(connection, [each.decision for each in valid], signers=office.signers, now=now)
    faulty = sum(each.decision.case.state is CaseState.DRAFTING for each in valid)
    metrics.count_sealed(len(sealed), faulty)
    for each in valid:
        for step in each.decision.steps:
            log.info(step.name, rlts_traf_id=each.case.rlts_traf_id, sheet_version=step.sheet_version)
