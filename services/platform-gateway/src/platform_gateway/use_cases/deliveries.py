"""The cases that a set of messages is about, locked, and only for who may speak about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause
from platform_gateway.repository import cases as case_rows
from shared.contracts.codes import Origin
from shared.contracts.party import Party, Role
from shared.messaging.delivery import CannotApply, Delivery, NotAParty


class UnknownCase(CannotApply):
    """The message names a case that the platform never had."""

    code = "case-unknown"


@dataclass(frozen=True, slots=True)
class LockedCases:
    """The cases by number."""

    by_number: dict[str, Case]

    def paired(self, deliveries: Sequence[Delivery[Any]]) -> Iterator[tuple[Delivery[Any], Case]]:
        """Each message with its case; raises ``UnknownCase`` or ``NotAParty``."""
        for delivery in deliveries:
            case = self.by_number.get(delivery.rlts_traf_id)
            if case is None:
                raise UnknownCase("平台没有该办件")
            _require_side(case, delivery.sender)
            yield delivery, case


async def lock_cases(connection: AsyncConnection, deliveries: Sequence[Delivery[Any]]) -> LockedCases:
    """Lock the cases of ``deliveries``."""
    return LockedCases(await case_rows.lock_brief(connection, [delivery.rlts_traf_id for delivery in deliveries]))


def cause_of(delivery: Delivery[Any], now: datetime, reason: str | None = None) -> Cause:
    """The message as a cause."""
    return Cause(str(delivery.sender), now, reason, delivery.message_id)


def require_inbound(delivery: Delivery[Any], case: Case) -> None:
    """Only the inbound says that a sheet is returned or synced; on paper the outbound passes on what it was written.

    Raises ``NotAParty``.
    """
    if delivery.sender.role is not Role.INBOUND and case.origin is not Origin.PAPER:
        raise NotAParty("只有转入地可以退回信息表或办结转入")


def _require_side(case: Case, sender: Party) -> None:
    areas = {
        Role.OUTBOUND: frozenset({case.trafout_admdvs}),
        Role.INBOUND: frozenset({case.trafin_admdvs}),
        Role.LEDGER: case.sides,
    }
    if sender.admdvs not in areas.get(sender.role, frozenset()):
        raise NotAParty("发送方不是该办件的经办方")
