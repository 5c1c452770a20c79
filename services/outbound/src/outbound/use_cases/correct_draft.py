"""A clerk corrects the draft; the reason and both forms of the rows are kept."""

from dataclasses import dataclass, replace

from outbound.domain.case import Actor, Case
from outbound.domain.decision import Decision, require
from outbound.domain.draft import Draft
from outbound.domain.errors import CaseUnknown
from outbound.domain.sheet import check_draft
from outbound.domain.transitions.handling import WORKABLE, correct_draft
from outbound.office import Office
from outbound.repository.drafts import keep_correction, load_drafts, save_drafts
from outbound.use_cases.command import Command, Result, carry_out, lock_own_cases
from shared.contracts.codes import Gend
from shared.contracts.info_sheet import SheetRow


@dataclass(frozen=True, slots=True)
class Correction:
    """The draft as the clerk wants it, and why. ``None`` leaves gender or phone as they are."""

    rows: tuple[SheetRow, ...]
    reason: str
    gend: Gend | None = None
    tel: str | None = None


async def correct_draft_sheet(office: Office, admdvs: str, actor: Actor, command: Command[Correction]) -> Result:
    """Keep the corrected draft with what the rules now say of it; errors do not stop a correction."""
    now = office.now()
    await office.know_registry()
    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        drafts = await load_drafts(connection, cases)
        before = drafts.get(command.rlts_traf_id)
        if before is None:
            raise CaseUnknown("没有这个办件")
        after = _corrected(before, command.ask)

        def decide(case: Case, ask: Correction) -> Decision:
            require(case, "correction", *WORKABLE)
            findings = check_draft(
                case,
                after,
                actor.opter_name or "",
                area=office.registry.area,
                today=office.today(),
                blocking=office.settings.blocking_warnings,
            )
            return correct_draft(case, actor, now, ask.reason, findings)

        [result] = await carry_out(office, connection, "correction", actor, [command], cases, decide)
        if result.case is not None:
            await save_drafts(connection, [after], now=now)
            await keep_correction(connection, result.case, before, after, actor, command.ask.reason, now)
    return result


def _corrected(draft: Draft, correction: Correction) -> Draft:
    return replace(
        draft,
        rows=correction.rows,
        gend=correction.gend or draft.gend,
        tel=draft.tel if correction.tel is None else correction.tel,
        is_corrected=True,
    )
