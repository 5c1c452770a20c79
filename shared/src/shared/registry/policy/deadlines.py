"""The time limits of a transfer (N8, N9, S54-9)."""

from shared.law import design, law
from shared.registry.policy.section import Days, Section


@law("N8", "N9-1", "S54-9")
@design("payment term", "parts of the 9 days")
class StageDays(Section):
    """Working days of a transfer of one reach, from the side of the region whose policy it is.

    ``outbound_days`` runs from acceptance, ``inbound_days`` from the receipt of each sheet version, ``total_days``
    from acceptance (``None``: no text sets a total), ``payment_days`` from the acceptance of a sheet that moves
    money (``None``: not watched).
    """

    outbound_days: Days
    inbound_days: Days
    total_days: Days | None = None
    payment_days: Days | None = None


class Deadlines(Section):
    """Limits for transfers that leave or reach the province, and for those inside it."""

    across_provinces: StageDays
    within_province: StageDays
