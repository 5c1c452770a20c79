"""Whether a verified addendum is the right one for its case (*design*)."""

from collections.abc import Collection

from platform_gateway.domain.case import Case
from shared.contracts.addendum import SheetAddendum
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import AddendumIssued
from shared.errors import InvalidInput
from shared.law import design
from shared.money_cn import to_capital


class AddendumNotTaken(InvalidInput):
    """The platform does not take an addendum in."""

    code = "addendum-not-taken"


@design("addendum for money after sealing")
def require_right(case: Case, event: AddendumIssued, addendum: SheetAddendum, taken: Collection[int]) -> None:
    """Returns when ``addendum`` is a further one of ``case``, which has those of the numbers ``taken``.

    Letters overtake one another, and so does what the core books late: a lower number may come after a higher one.
    Raises ``AddendumNotTaken``.
    """
    stated = (addendum.rlts_traf_id, addendum.trafout_admdvs, addendum.trafin_admdvs, addendum.psn_name)
    if stated != (case.rlts_traf_id, case.trafout_admdvs, case.trafin_admdvs, case.psn_name):
        raise AddendumNotTaken("补充单不是该办件的", code="addendum-of-another-case")
    if addendum.addendum_no in taken or addendum.addendum_no != event.addendum_no:
        raise AddendumNotTaken("该办件已有这一号补充单，或序号与消息不一致", code="addendum-number-wrong")
    if addendum.amount != event.amount or addendum.amount_cn != to_capital(addendum.amount):
        raise AddendumNotTaken("补充单的金额不一致", code="addendum-amount-differs")
    if addendum.sheet_version > case.sheet_version or case.acct_disposition is not AcctDisposition.TRANSFER:
        raise AddendumNotTaken("该办件的余额不划转，或补充单所指信息表不存在", code="addendum-without-transfer")
