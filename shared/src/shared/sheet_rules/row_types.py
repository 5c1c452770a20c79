"""基本医疗保险类型 of a row (N annex 3, note 2)."""

EMPLOYEE = "1"
RESIDENT = "2"
OTHER = "3"

_OF_SCHEME = {"310": EMPLOYEE, "390": RESIDENT}


def row_type_of(insutype: str) -> str:
    """The type of a scheme's rows: 1 for 310, 2 for 390, 3 for every other."""
    return _OF_SCHEME.get(insutype, OTHER)
