"""Make the draft anew from the records as they are now: after a return, or when the core has told more."""

from dataclasses import dataclass

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.draft import Draft, make_draft
from outbound.office import Office
from outbound.use_cases.change_draft import change_draft
from shared.agency.known_person import HeldRecord


@dataclass(frozen=True, slots=True)
class Renewal:
    """Why the draft is made anew."""

    reason: str


async def renew_draft_sheet(office: Office, admdvs: str, actor: Actor, command: Command[Renewal]) -> Result:
    """Replace the draft, corrections of before included; only the phone stays. What was there is kept."""

    def renewed(case: Case, draft: Draft, held: HeldRecord | None, _renewal: Renewal) -> Draft:
        return make_draft(
            case,
            held,
            areas=office.registry,
            tel=draft.tel,
            today=office.today(),
            rules=office.settings.draft_rules,
        )

    return await change_draft(office, admdvs, actor, command, renewed)
