"""The limits that the texts set: N8 and N9 for the nation, S54-9 for Shandong."""

from datetime import date

from platform_gateway.domain.deadlines import Reach, TimeLimit

SHANDONG = "370000"

SHIPPED_LIMITS = (
    TimeLimit("N8, N9", date(2021, 12, 1), outbound_days=10, inbound_days=5),
    TimeLimit("N8, N9, S54-9", date(2022, 4, 1), 10, 5, total_days=15, province=SHANDONG, reach=Reach.ACROSS),
    # S54 does not split its 9 days: 6 + 3 follows the proportion of 10 + 5.
    TimeLimit("S54-9", date(2022, 4, 1), 6, 3, total_days=9, province=SHANDONG, reach=Reach.WITHIN),
)
