"""Values that several bodies take."""

from typing import Annotated

from pydantic import Field, StringConstraints

LineId = Annotated[int, Field(ge=1, lt=2**63, description="流水编号")]
RowVersion = Annotated[int, Field(ge=1, lt=2**31, description="读取时的 version")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
BankAcct = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,40}$")]
