"""A clerk corrects the draft by hand."""

from dataclasses import dataclass, replace

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.draft import Draft
from outbound.office import Office
from outbound.use_cases.change_draft import change_draft
from shared.agency.known_person import HeldRecord
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
    """Keep the corrected draft with what the rules now say of it."""
    return await change_draft(office, admdvs, actor, command, _corrected)


def _corrected(_case: Case, draft: Draft, _held: HeldRecord | None, correction: Correction) -> Draft:
    return replace(
        draft,
        rows=correction.rows,
        gend=correction.gend or draft.gend,
        tel=draft.tel if correction.tel is None else correction.tel,
        is_corrected=True,
    )
