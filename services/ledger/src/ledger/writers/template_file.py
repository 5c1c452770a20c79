"""A bank's batch payment template filled in, as CSV or XLSX."""

import csv
import io
from collections.abc import Callable, Mapping
from decimal import Decimal

from ledger.domain.payment_file import Instruction, Payment, PaymentFileImpossible, at_order
from ledger.writers.template import Column, PaymentTemplate, TemplateField
from shared.errors import FieldError
from shared.money import format_yuan
from shared.spreadsheet import starts_a_formula

_DATE_FORMS = {"yyyymmdd": "%Y%m%d", "yyyy-mm-dd": "%Y-%m-%d"}
_READERS: Mapping[TemplateField, Callable[[Instruction, Payment], str | None]] = {
    TemplateField.REFERENCE: lambda _, payment: payment.reference,
    TemplateField.END_TO_END_ID: lambda _, payment: payment.end_to_end_id,
    TemplateField.PAYER_BANKACCT: lambda file, _: file.payer.bankacct,
    TemplateField.PAYER_ACCTNAME: lambda file, _: file.payer.acctname,
    TemplateField.PAYER_BANKCODE: lambda file, _: file.payer.bankcode,
    TemplateField.PAYER_BANK_NAME: lambda file, _: file.payer.bank_name,
    TemplateField.PAYEE_BANKACCT: lambda _, payment: payment.payee.bankacct,
    TemplateField.PAYEE_ACCTNAME: lambda _, payment: payment.payee.acctname,
    TemplateField.PAYEE_BANKCODE: lambda _, payment: payment.payee.bankcode,
    TemplateField.PAYEE_BANK_NAME: lambda _, payment: payment.payee.bank_name,
    TemplateField.AMOUNT: lambda _, payment: format_yuan(payment.amount_fen),
    TemplateField.NOTE: lambda _, payment: payment.note,
}


def write(template: PaymentTemplate, instruction: Instruction) -> bytes:
    """The filled template; raises ``PaymentFileImpossible`` naming every order that does not fit into it."""
    rows, errors = [], []
    for index, payment in enumerate(instruction.payments):
        cells = [_cell(template, column, instruction, payment, index) for column in template.column]
        rows.append(cells)
        errors += [error for cell, column in zip(cells, template.column, strict=True)
                   if (error := _fault(template, column, cell, payment.place)) is not None]  # fmt: skip
    if errors:
        raise PaymentFileImpossible.of(errors)
    return _csv(template, rows) if template.kind == "csv" else _xlsx(template, rows)


def _cell(template: PaymentTemplate, column: Column, instruction: Instruction, payment: Payment, index: int) -> str:
    if column.field is None:
        return column.text or ""
    if column.field is TemplateField.PLACE:
        return str(index + 1)
    if column.field is TemplateField.EXECUTE_ON:
        return instruction.execute_on.strftime(_DATE_FORMS[template.date_form])
    if column.field is TemplateField.SAME_BANK:
        is_same = instruction.is_same_bank(payment)
        return "" if is_same is None or column.texts is None else column.texts[0 if is_same else 1]
    return _READERS[column.field](instruction, payment) or ""


def _fault(template: PaymentTemplate, column: Column, cell: str, place: int) -> FieldError | None:
    if column.is_required and not cell:
        return at_order(place, "missing", f"缺少“{column.header}”")
    if not cell.isprintable():
        return at_order(place, "not-printable", f"“{column.header}”中有不能打印的字符")
    if column.max_bytes is not None and len(cell.encode("gb18030")) > column.max_bytes:
        return at_order(place, "too-long", f"“{column.header}”超过 {column.max_bytes} 字节")
    if template.kind == "csv" and starts_a_formula(cell):
        return at_order(place, "looks-like-formula", f"“{column.header}”以公式符号开头，表格软件会改动它")
    if template.kind == "csv" and template.delimiter == "|" and "|" in cell:
        return at_order(place, "delimiter-inside", f"“{column.header}”中有分隔符")
    return None


def _csv(template: PaymentTemplate, rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=template.delimiter, lineterminator="\r\n")
    writer.writerow([column.header for column in template.column])
    writer.writerows(rows)
    return text.getvalue().encode(template.encoding)


def _xlsx(template: PaymentTemplate, rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    import xlsxwriter  # 2 MB, and only workbooks need it

    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(template.sheet)
        # Account numbers stay text: as numbers they would lose digits past the fifteenth.
        as_text, as_money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.00"})
        for place, column in enumerate(template.column):
            sheet.write_string(0, place, column.header)
            is_amount = column.field is TemplateField.AMOUNT
            for row_no, cells in enumerate(rows, start=1):
                if is_amount:
                    sheet.write_number(row_no, place, Decimal(cells[place]), as_money)
                else:
                    sheet.write_string(row_no, place, cells[place], as_text)
    return content.getvalue()
