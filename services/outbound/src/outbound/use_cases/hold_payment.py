"""Hold the payment of a case, or lift the hold; the order itself is the ledger's."""

from dataclasses import dataclass

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision
from outbound.domain.transitions.money import hold_payment
from outbound.office import Office
from outbound.use_cases.command import carry_out, lock_own_cases


@dataclass(frozen=True, slots=True)
class Hold:
    """Whether the payment is to be held, and why."""

    is_held: bool
    reason: str


async def change_payment_hold(office: Office, admdvs: str, actor: Actor, command: Command[Hold]) -> Result:
    """Keep the hold with the case and tell the ledger."""
    now = office.now()

    def decide(case: Case, hold: Hold) -> Decision:
        return hold_payment(case, actor, now, is_held=hold.is_held, reason=hold.reason)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        [result] = await carry_out(office, connection, "payment_hold", actor, [command], cases, decide)
    return result
