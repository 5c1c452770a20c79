"""One transfer for many people: by the payer's list, or by the details of the entry."""

import hashlib
from typing import Any

import httpx
import pytest

from ledger.api import proposals
from shared.contracts.events import BalanceVoided
from shared.money import format_yuan
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import adds_up, decide, lines, match, matched
from tests.integration.ledger.seen import entries, heard, waits
from tests.unit.ledger.files import DAY, Move, camt
from tests.unit.ledger.workbooks import xlsx

pytestmark = pytest.mark.law("N9-2")


async def send_list(bank: Bank, line: str, content: bytes, kind: str = "text/csv", **request: Any) -> httpx.Response:
    """The payer's list for a line as it is now."""
    version = (await bank.get(f"/suspense/{line}"))["version"]
    headers = {"If-Match": f'"{version}"', "Content-Type": kind}
    return await bank.call("POST", f"/suspense/{line}/remittance-list", content=content, headers=headers, **request)


async def test_one_transfer_for_many_is_matched_by_the_payers_list(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    people = {bank.case(): (name, fen) for name, fen in (("张三", 300), ("李四", 500), ("买买提·艾力", 200))}
    for case, (name, fen) in people.items():
        await bank.payable(case, fen, to="payee", name=name)
    [line] = await lines(bank, camt(JINAN_IN, [Move(1000, "个人账户划转 3 人", BEIJING_OUT)]))
    await waits(bank, line, "no_reference")
    head = "划转清单,,\n办件编号,姓名,金额\n"
    rows = [[case, name, f"{fen / 100:.2f}"] for case, (name, fen) in people.items()]

    def written(*changes: list[str]) -> bytes:
        body = "".join(",".join(row) + "\n" for row in (*rows[len(changes) :], *changes))
        return f"{head}{body}合计,,10.00\n".encode("gb18030")

    short = await send_list(bank, line, written([rows[0][0], "张三", "2.99"]))
    assert (short.status_code, short.json()["type"].rpartition("/")[2]) == (422, "remittance-list-invalid")
    wrong = await send_list(bank, line, written([rows[0][0], "张四", "3.00"], [bank.case(), "李四", "5.00"]))
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/rows/4", "/rows/5"]
    # An open case under its number and without, and one that has ended: each row is told by its number.
    ended = bank.case()
    await bank.payable(ended, 500, to="payee", name="李四")
    await bank.receive(BalanceVoided(obligation_no="2", reason="撤销"), ended, f"inbound.{JINAN}", f"ledger.{JINAN}")
    closed = await send_list(bank, line, written([rows[0][0], "张三", "3.00"], [ended, "李四", "5.00"]))
    assert [(one["pointer"], one["code"]) for one in closed.json()["errors"]] == [("/rows/5", "row-disagrees")]
    numbered = f"办件编号,姓名,金额,应付编号\n{rows[0][0]},张三,3.00,\n{rows[0][0].lower()},张三,7.00,1\n".encode()
    twice = await send_list(bank, line, numbered)
    assert [one["pointer"] for one in twice.json()["errors"]] == ["/rows/2", "/rows/3"]
    unread = await send_list(bank, line, written(["123", "张三", "3.00"], [rows[1][0], "李四", "5.001"]))
    assert [one["pointer"] for one in unread.json()["errors"]] == ["/rows/4", "/rows/5"]
    assert await bank.count("proposal") == 0
    book = xlsx([["办件编号", "姓名", "金额"], *rows])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    made = await send_list(bank, line, book, kind)
    assert (made.status_code, len(made.json()["parts"]), made.json()["amount"]) == (201, 3, "10.00")
    monkeypatch.setattr(proposals, "LISTED_PARTS", 2)
    [listed] = (await bank.get("/proposals"))["items"]
    assert (len(listed["parts"]), listed["part_count"], listed["amount"]) == (2, 3, "10.00")
    assert made.json()["list_digest"] == hashlib.sha256(book).hexdigest()
    assert (await decide(bank, made)).status_code == 200
    assert sorted(await matched(bank, f"inbound.{JINAN}")) == [("1", "2.00"), ("1", "3.00"), ("1", "5.00")]
    assert await bank.reasons() == []
    for case, (_, fen) in people.items():
        amount = format_yuan(fen)
        assert await heard(bank, case) == [("BalanceReceived", amount, None), ("BalanceMatched", amount, None)]
        assert await entries(bank, case, "transfer_income") == [("credit", amount)]
    await adds_up(bank)


async def test_details_without_amounts_name_those_that_one_entry_is_for(bank: Bank) -> None:
    cases = [bank.case() for _ in range(2)]
    for case, fen in zip(cases, (300, 400), strict=True):
        await bank.payable(case, fen, to="payee")
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>{case}-1</EndToEndId></Refs><RmtInf><Ustrd>张三</Ustrd></RmtInf></TxDtls>"
        for case in cases
    )
    entry = (
        '<Ntry><Amt Ccy="CNY">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{DAY}</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )
    [line] = await lines(bank, camt(JINAN_IN, [Move(700)], entries=entry))
    assert await bank.reasons() == ["several_references"]
    whole = {one["kind"]: one for one in (await bank.get(f"/suspense/{line}/candidates"))["items"]}["many"]
    shares = [(one["rlts_traf_id"], one["obligation_no"], one["amount"]) for one in whole["shares"]]
    await match(bank, line, *shares)
    assert [(await bank.obligations(case))[0]["state"] for case in cases] == ["matched"] * 2
