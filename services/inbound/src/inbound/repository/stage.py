"""The inbound's stage: where its clock stands in the table of cases, and while which states it runs."""

from inbound.tables import RUNNING, inbound_case
from shared.agency.repository.late_cases import Stage

STAGE = Stage(inbound_case, clock="inbound", due="inbound_due_on", admdvs="trafin_admdvs", running=RUNNING)
"""It runs while a sheet lies here (N9)."""
