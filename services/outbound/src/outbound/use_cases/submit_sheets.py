"""经办: submit drafts for review, one or many."""

from collections.abc import Sequence

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision, require
from outbound.domain.errors import SheetFaulty
from outbound.domain.sheet import check_draft
from outbound.domain.transitions.handling import WORKABLE, submit
from outbound.office import Office
from outbound.repository.drafts import load_drafts
from outbound.repository.present_records import load_present_records
from outbound.use_cases.command import carry_out, lock_own_cases
from shared.contracts.info_sheet import SheetFinding
from shared.errors import FieldError
from shared.sheet_rules import errors_of


async def submit_sheets(office: Office, admdvs: str, actor: Actor, commands: Sequence[Command[None]]) -> list[Result]:
    """A draft with errors is refused with all of them; one with warnings goes on and shows them."""
    now = office.now()
    await office.registry_copy.keep_up()
    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, commands)
        drafts = await load_drafts(connection, cases)
        records = await load_present_records(connection, list(cases.values()))

        def decide(case: Case, _ask: None) -> Decision:
            require(case, "submission", *WORKABLE)
            findings = check_draft(
                case,
                drafts[case.rlts_traf_id].as_of_now(records[case.rlts_traf_id]),
                actor.opter_name or "",
                area=office.registry.area,
                today=office.today(),
                blocking=office.blocking_for(case),
            )
            errors = errors_of(findings)
            if errors:
                raise SheetFaulty("信息表有错误，不能提交", errors=[_field_error(each) for each in errors])
            return submit(case, actor, now, office.signing_rule(admdvs), findings)

        return await carry_out(office, connection, "submission", actor, commands, cases, decide)


def _field_error(finding: SheetFinding) -> FieldError:
    pointer = f"/{finding.box}" if finding.row is None else f"/rows/{finding.row - 1}/{finding.box}"
    return FieldError(pointer, finding.code, finding.message)
