"""The limits that the texts set: N8 and N9 for the nation, S54-9 for Shandong.

That the payment may take as long again as the sheet did is a reading: N8 only says that it is to be made.
"""

from datetime import date

from platform_gateway.domain.deadlines import Reach, TimeLimit

SHANDONG = "370000"

SHIPPED_LIMITS = (
    TimeLimit("N8, N9", date(2021, 12, 1), outbound_days=10, inbound_days=5, payment_days=10),
    TimeLimit(
        "N8, N9, S54-9", date(2022, 4, 1), 10, 5, total_days=15, payment_days=10, province=SHANDONG, reach=Reach.ACROSS
    ),
    # S54 does not split its 9 days: 6 + 3 follows the proportion of 10 + 5.
    TimeLimit("S54-9", date(2022, 4, 1), 6, 3, total_days=9, payment_days=6, province=SHANDONG, reach=Reach.WITHIN),
)
