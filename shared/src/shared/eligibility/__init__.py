"""What stands against an application on either side (N5, N7): the rules that agencies and platform apply alike."""

from shared.eligibility.inbound import check_inbound
from shared.eligibility.outbound import check_outbound
from shared.eligibility.rules import Asked, Choice, EligibilityRules, Reads, SideVerdict

__all__ = ["Asked", "Choice", "EligibilityRules", "Reads", "SideVerdict", "check_inbound", "check_outbound"]
