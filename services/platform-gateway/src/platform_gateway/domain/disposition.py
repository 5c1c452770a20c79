"""Where the balance of the personal account goes, decided at acceptance (domain §8, a reading)."""

from shared.contracts.codes import AcctDisposition, Insutype
from shared.contracts.facts import SideFacts
from shared.law import design, law
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import ReadingChoice

INTO_RESIDENTS, WITHOUT_ACCOUNT = "balance-into-residents", "balance-without-inbound-account"


@law("N8", "N9-2", "N14")
@design("a change of scheme inside one area moves no money: the account stays where it is")
def disposition(
    outbound: SideFacts, inbound: SideFacts, trafin_insutype: str, policy: EffectivePolicy, *, is_inside_area: bool
) -> tuple[AcctDisposition, ReadingChoice | None]:
    """Nothing to move makes ``none``; an account at both ends makes ``transfer``; what is between a reading decides.

    ``policy`` is the outbound area's, which holds the money; the reading used comes with the answer. Inside one area
    the account is the same before and after, and an agency pays nothing to itself.
    """
    if not outbound.has_account:
        return AcctDisposition.NONE, None
    if is_inside_area:
        return AcctDisposition.RETAINED_AT_OUTBOUND, None
    if inbound.has_account and policy.sections.account.moves_balance:
        return AcctDisposition.TRANSFER, None
    choice = policy.reading(INTO_RESIDENTS if trafin_insutype == Insutype.RESIDENT else WITHOUT_ACCOUNT)
    return AcctDisposition(choice.value), choice
