"""The bytes of a payment file in the form that the payer's bank takes."""

from dataclasses import dataclass

from ledger.domain.payment_file import Instruction
from ledger.writers import pain001, template_file
from ledger.writers.template import PAIN_001, shipped_templates
from shared.errors import InvalidInput
from shared.spreadsheet import CSV, XLSX

_MEDIA_TYPES = {"xlsx": XLSX, "csv": CSV}


class UnknownPaymentForm(InvalidInput):
    """No such form of payment file is configured."""

    code = "payment-form-unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file; ``extension`` is that of its name."""

    content: bytes
    media_type: str
    extension: str


def payment_forms() -> dict[str, str]:
    """Every form by code, with the name that people read."""
    return {PAIN_001: "ISO 20022 pain.001.001.09"} | {
        code: f"{template.name}{'（版式为假定）' if template.is_assumed else ''}"
        for code, template in shipped_templates().items()
    }


def require_form(form: str) -> None:
    """Returns when there is such a form; raises ``UnknownPaymentForm`` naming those that there are."""
    forms = payment_forms()
    if form not in forms:
        raise UnknownPaymentForm("没有这种支付文件格式，可用的有：" + "、".join(forms))


def write(form: str, instruction: Instruction) -> Written:
    """The file in ``form``; raises ``UnknownPaymentForm`` and ``PaymentFileImpossible``."""
    require_form(form)
    if form == PAIN_001:
        return Written(pain001.write(instruction), "application/xml", "xml")
    template = shipped_templates()[form]
    return Written(template_file.write(template, instruction), _MEDIA_TYPES[template.kind], template.kind)
