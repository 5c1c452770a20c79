"""What an onward transfer takes along."""

from shared.agency.known_person import HeldRecord, TakenOver
from shared.contracts.info_sheet import SheetRow
from tests.people import contribution, person_record


def brought(case: str, row_no: int, begin: str, end: str, admdvs: str = "110000", row_type: str = "1") -> TakenOver:
    row = SheetRow(
        row_no=row_no,
        accrym_begn=begin,
        accrym_end=end,
        row_type=row_type,
        months=12,
        agency_name="某地医疗保障经办机构",
        admdvs=admdvs,
        memo="学生" if row_type == "3" else None,
    )
    return TakenOver(case, row)


def test_periods_brought_twice_count_once_and_our_own_not_again() -> None:
    held = HeldRecord(
        "370100",
        person_record(contributions=[contribution("202001", "202012")]),
        (
            brought("CASE0001", 1, "201801", "201812"),
            brought("CASE0002", 1, "201801", "201812"),
            brought("CASE0002", 2, "202001", "202012", admdvs="370100"),
            brought("CASE0002", 3, "202101", "202112", row_type="2"),
        ),
    )
    found = [(each.insutype, each.accrym_begn, each.poolarea_no) for each in held.contributions()]
    assert found == [("310", "201801", "110000"), ("390", "202101", "110000"), ("310", "202001", None)]


def test_row_of_another_kind_keeps_its_memo() -> None:
    [found] = HeldRecord(
        "370100", person_record(), (brought("CASE0001", 1, "201801", "201812", row_type="3"),)
    ).taken_over_contributions()
    assert (found.insutype, found.memo) == ("999", "学生")
