"""基本医疗保险类型 of a row (N annex 3, note 2)."""

EMPLOYEE = "1"
RESIDENT = "2"
OTHER = "3"
