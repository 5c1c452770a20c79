"""Writes what was generated: the bank's files, the records, and the answers line by line. Nothing is held in memory."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from bench.known import camt_entries
from bench.known.maker import Maker
from bench.known.world import Account, Answer, Due, Form, Item, Shape, Told, World
from shared.money import format_yuan

_HEADER = "交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号\n"


@dataclass(frozen=True, slots=True)
class Written:
    """Where everything stands. ``files`` are the bank's, in the order in which they are imported.

    ``lines`` has only what each says, with tabs in between: account, fen, day, note, the other's account and name, the
    bank's number. ``answers`` by account are in the order of its statement's lines.
    """

    files: tuple[Path, ...]
    lines: Path
    dues: Path
    answers: dict[Account, Path]


def write_all(world: World, form: Form, lines: int, seed: int, folder: Path) -> Written:
    """All files into ``folder``: one statement an account, and with camt a notification that comes before."""
    parts = {account: folder / f"{account.value}.part" for account in Account}
    written = Written(
        files=_names(form, folder),
        lines=folder / "lines.tsv",
        dues=folder / "dues.ndjson",
        answers={account: folder / f"{account.value}.answers.ndjson" for account in Account},
    )
    with ExitStack() as stack:
        opened = {
            path: stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            for path in (
                *parts.values(),
                *written.answers.values(),
                written.dues,
                written.lines,
                folder / "notices.part",
            )
        }
        writer = _Writer(
            world,
            form,
            dues=opened[written.dues],
            lines=opened[written.lines],
            notices=opened[folder / "notices.part"],
            entries={account: opened[path] for account, path in parts.items()},
            answers={account: opened[path] for account, path in written.answers.items()},
        )
        for item in Maker(world, form, seed).items(lines):
            writer.add(item)
    if form is Form.CSV:
        for account, path in zip(Account, written.files, strict=True):
            _join(path, _HEADER, parts[account])
    else:
        notices, statements = written.files
        _join(notices, camt_entries.notices_begin(world), folder / "notices.part", camt_entries.NOTICES_END)
        heads = {account: camt_entries.statement_head(world, account, writer.balances[account]) for account in Account}
        bodies = (part for account in Account for part in (heads[account], parts[account], "</Stmt>\n"))
        _join(statements, camt_entries.STATEMENTS_BEGIN, *bodies, camt_entries.STATEMENTS_END)
    return written


def read_answers(written: Written) -> Iterator[Answer]:
    """The answers in the order of the lines, account by account."""
    for account in Account:
        with written.answers[account].open(encoding="utf-8") as file:
            for line in file:
                yield Answer(**json.loads(line))


class _Writer:
    """Writes items; ``balances`` are the accounts' after what was written."""

    def __init__(
        self,
        world: World,
        form: Form,
        *,
        dues: IO[str],
        lines: IO[str],
        notices: IO[str],
        entries: dict[Account, IO[str]],
        answers: dict[Account, IO[str]],
    ) -> None:
        self._world, self._form = world, form
        self._dues, self._lines, self._notices = dues, lines, notices
        self._entries, self._answers = entries, answers
        self.balances: Counter[Account] = Counter()

    def add(self, item: Item) -> None:
        """Write one item."""
        self._dues.writelines(_json(due) for due in item.dues)
        for told, answer in item.lines:
            self._answers[told.account].write(_json(answer))
            bare = (told.account.value, told.fen, told.on, told.note, told.other_acct, told.other_name, told.bank_ref)
            self._lines.write("\t".join(map(str, bare)) + "\n")
            self.balances[told.account] += told.fen
            if self._form is Form.CSV:
                self._entries[told.account].write(_row(self._world, told, self.balances[told.account]))
        if self._form is Form.CAMT:
            self._add_entries(item)

    def _add_entries(self, item: Item) -> None:
        lines = [told for told, _ in item.lines]
        if item.shape is Shape.SINGLE:
            for told in lines:
                self._entries[told.account].write(camt_entries.entry([told]))
            return
        is_bare = item.shape is Shape.NOTICE
        self._entries[lines[0].account].write(camt_entries.entry(lines, is_bare=is_bare))
        if is_bare:
            self._notices.write(camt_entries.entry(lines))


def _names(form: Form, folder: Path) -> tuple[Path, ...]:
    names = [account.value for account in Account] if form is Form.CSV else ["notices", "statements"]
    return tuple(folder / f"{name}.{form.value}" for name in names)


def _row(world: World, told: Told, balance: int) -> str:
    into, out = (format_yuan(told.fen), "") if told.fen > 0 else ("", format_yuan(-told.fen))
    party = f"{world.bankaccts[told.account]},人民币,{told.other_acct},,{told.note},{told.bank_ref}"
    return f"{told.on:%Y%m%d},{told.other_name},{into},{out},{format_yuan(balance)},{party}\n"


def _join(target: Path, *parts: Path | str) -> None:
    """Texts and files one after the other; the files go."""
    with target.open("wb") as file:
        for part in parts:
            if isinstance(part, str):
                file.write(part.encode())
                continue
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)
            part.unlink()


def _json(value: Due | Answer) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, default=str) + "\n"
