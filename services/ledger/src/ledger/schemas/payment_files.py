"""Files of payments for banks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ledger.repository.payment_files import DownloadRow, PaymentFileRow, version_of
from ledger.writers.payment_file import payment_forms
from shared.contracts.model import Document
from shared.money import Fen


class DownloadShown(BaseModel):
    """One time that the file was handed out, or, while ``downloaded_by`` is null, may be."""

    download_no: int
    permitted_by: str | None
    permitted_at: datetime | None
    reason: str | None
    downloaded_by: str | None
    downloaded_at: datetime | None


class PaymentFileShown(BaseModel):
    """A file as it was made; ``digest`` is SHA-256 (hex) of its bytes, and ``version`` is the ``ETag``'s."""

    id: UUID
    batch_id: UUID
    payer_bankacct: str
    form: str
    form_name: str
    name: str
    media_type: str
    digest: str
    order_count: int
    amount: Fen
    made_by: str
    made_at: datetime
    downloads: list[DownloadShown]
    version: int

    @classmethod
    def of(cls, row: PaymentFileRow, downloads: Sequence[DownloadRow]) -> "PaymentFileShown":
        """As it is answered; ``downloads`` may be of other files too."""
        own = [one for one in downloads if one.file_id == row.id]
        same = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        shown = [DownloadShown(**{name: getattr(one, name) for name in DownloadShown.model_fields}) for one in own]
        form_name = payment_forms().get(row.form, row.form)
        return cls(**same, form_name=form_name, amount=row.amount_fen, downloads=shown, version=version_of(own))


class DownloadPermission(Document):
    """Why a file is needed once more."""

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(description="再次下载的原因")
    ]
