"""What clerks do with money that waits. Every step is kept with who did it, when and why."""

from enum import StrEnum


class SuspenseStep(StrEnum):
    """Stable names: the ``what`` of a suspense item's history."""

    ASSIGNED = "assigned"
    COMMENTED = "commented"


STEP_NAMES = {
    SuspenseStep.ASSIGNED: "分派",
    SuspenseStep.COMMENTED: "备注",
}
