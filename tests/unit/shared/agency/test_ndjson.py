"""Lines out of chunks."""

from collections.abc import AsyncIterator

import pytest

from shared.web.ndjson import Line, in_batches, split_lines


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ((), []),
        ((b"",), []),
        ((b"a\nb\n",), [b"a", b"b"]),
        ((b"a\nb",), [b"a", b"b"]),
        ((b"a", b"b\n", b"c\n"), [b"ab", b"c"]),
        ((b"a\n\nb\n",), [b"a", b"", b"b"]),
        ((b"12345\n12", b"3456\nok\n"), [b"12345", None, b"ok"]),
        ((b"123456",), [None]),
        ((b"12345", b"6", b"7", b"\nok"), [None, b"ok"]),
    ],
)
async def test_lines_of_at_most_five_bytes(parts: tuple[bytes, ...], lines: list[bytes | None]) -> None:
    found = [line async for line in split_lines(chunks(*parts), max_line_bytes=5)]
    assert [line.content for line in found] == lines
    assert [line.number for line in found] == list(range(1, len(lines) + 1))


async def test_batches_end_at_lines_or_bytes() -> None:
    async def lines() -> AsyncIterator[Line]:
        for number, size in enumerate((1, 1, 1, 9, 1), start=1):
            yield Line(number, b"x" * size)

    batches = [batch async for batch in in_batches(lines(), max_lines=3, max_bytes=8)]
    assert [[line.number for line in batch] for batch in batches] == [[1, 2, 3], [4], [5]]
