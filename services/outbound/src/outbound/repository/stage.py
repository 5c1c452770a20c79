"""The outbound's stage: where its clock stands in the table of cases, and while which states it runs."""

from outbound.tables import RUNNING, outbound_case
from shared.agency.repository.late_cases import Stage

STAGE = Stage(outbound_case, clock="outbound", due="due_on", admdvs="admdvs", running=RUNNING)
"""It runs from the acceptance to the sheet that the platform took (N8)."""
