"""Enter sheets that came on paper: checked like an application, kept until a second clerk has confirmed them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.paper import (
    AreaConnected,
    PaperCaseUnknown,
    PaperDuplicate,
    PaperEntry,
    PaperRefused,
    require_past,
    require_same_case,
)
from inbound.office import Office
from inbound.repository.cases import lock_cases
from inbound.repository.paper import add_entries, open_of_same
from inbound.use_cases.answer_checks import answer_checks
from shared.agency.repository.paper_lock import lock_paper
from shared.clock import local_date
from shared.contracts.facts import CheckQuery, CheckResult, Side
from shared.contracts.reasons import REASONS
from shared.database import Database
from shared.errors import Conflict, DomainError, FieldError, InvalidInput
from shared.law import design, law
from shared.registry.models import AreaState

Outcome = PaperEntry | DomainError


async def check_entries(database: Database, entries: Sequence[PaperEntry], office: Office) -> tuple[CheckResult, ...]:
    """What this side's checks say of each entry, in order (N7)."""
    return await answer_checks(database, [_query(entry) for entry in entries], office)


@law("N7-1", "N9-1")
@design("a case with an area that is not connected")
async def enter_paper_cases(
    connection: AsyncConnection,
    admdvs: str,
    entries: Sequence[PaperEntry],
    office: Office,
    results: Sequence[CheckResult],
    *,
    is_cut_over: bool,
    given: Collection[str] = (),
) -> list[Outcome]:
    """Each entry as it was kept, or why it was not, in order.

    ``results`` are those of ``check_entries``, made before the transaction opened: a core may have to be asked.
    ``is_cut_over``: old cases are brought in, also with areas that are connected by now. ``given`` are the case
    numbers that the clerk named: further versions of cases that are here.
    """
    await lock_paper(connection, admdvs)
    outcomes: list[Outcome] = [_possible(entry, office, is_cut_over=is_cut_over) for entry in entries]
    for place, result in enumerate(results):
        outcomes[place] = _checked(outcomes[place], result)
    known = await lock_cases(connection, given, trafin_admdvs=admdvs) if given else {}
    outcomes = [_of_its_case(each, given, known) for each in outcomes]
    kept = [each for each in outcomes if isinstance(each, PaperEntry)]
    in_the_way = await open_of_same(connection, admdvs, kept)
    for place, entry in enumerate(kept):
        if place in in_the_way or _is_repeated(entry, kept[:place]):
            number = in_the_way.get(place)
            told = f"：{number}" if number else ""
            outcomes[outcomes.index(entry)] = PaperDuplicate(f"同一参保关系或同一份纸质材料已有办件{told}。")
    await add_entries(connection, [each for each in outcomes if isinstance(each, PaperEntry)])
    return outcomes


def _possible(entry: PaperEntry, office: Office, *, is_cut_over: bool) -> Outcome:
    try:
        require_past(entry, local_date(office.clock.now()))
    except InvalidInput as error:
        return error
    return _with_area(entry, office, is_cut_over=is_cut_over)


def _with_area(entry: PaperEntry, office: Office, *, is_cut_over: bool) -> Outcome:
    area = office.registry.current.area(entry.sheet.trafout_admdvs)
    pointer = "/trafout_admdvs"
    if area is None:
        error = FieldError(pointer, "area-unknown", "不是登记的统筹区，请先由平台登记")
        return InvalidInput("转出地不是登记的统筹区。", errors=[error])
    if area.state is AreaState.CONNECTED and not is_cut_over:
        error = FieldError(pointer, "area-connected", "该统筹区已接入平台")
        return AreaConnected("该统筹区已接入平台，请通过平台申请转移。", errors=[error])
    return entry


def _of_its_case(outcome: Outcome, given: Collection[str], known: Mapping[str, InboundCase]) -> Outcome:
    if isinstance(outcome, DomainError) or outcome.rlts_traf_id not in given:
        return outcome
    case = known.get(outcome.rlts_traf_id)
    if case is None:
        return PaperCaseUnknown("本机构没有这个编号的纸质办件。")
    try:
        require_same_case(outcome, case)
    except PaperCaseUnknown as error:
        return error
    return outcome


def _query(entry: PaperEntry) -> CheckQuery:
    return CheckQuery(rlts_traf_id=entry.rlts_traf_id, side=Side.INBOUND, admdvs=entry.admdvs, lodged=entry.lodged)


def _checked(outcome: Outcome, result: CheckResult) -> Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    refusals = [finding for finding in result.findings if not finding.is_unknown]
    if refusals:
        errors = [
            FieldError("", each.code, f"{REASONS[each.code].title}，{REASONS[each.code].remedy}") for each in refusals
        ]
        return PaperRefused("不符合转入条件。", errors=errors)
    if result.findings:
        return Conflict("本地参保信息不是最新，待核心系统更新后再录入。", code="facts-unknown")
    return _of_person(outcome, result)


def _of_person(entry: PaperEntry, result: CheckResult) -> PaperEntry:
    return replace(entry, trafin_psn_no=result.facts.psn_no or "")


def _is_repeated(entry: PaperEntry, before: Sequence[PaperEntry]) -> bool:
    def relation(each: PaperEntry) -> tuple[str, str, str]:
        return each.trafin_psn_no, each.sheet.trafout_admdvs, each.sheet.trafout_insutype

    return any(relation(each) == relation(entry) for each in before)
