"""Lines out of a byte stream of any length, with bounded memory, and documents out of lines."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import FieldError
from shared.web.refusals import MalformedBody
from shared.web.strict_json import UnstorableText, parse
from shared.web.validation import field_errors

NDJSON = "application/x-ndjson"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; ``number`` counts from 1; ``content`` is ``None`` when it was too long to keep."""

    number: int
    content: bytes | None


async def split_lines(chunks: AsyncIterable[bytes], *, max_line_bytes: int) -> AsyncIterator[Line]:
    """Lines as they arrive. Never holds more than ``max_line_bytes`` and one chunk."""
    number, rest, is_too_long = 1, bytearray(), False
    async for chunk in chunks:
        *ended, tail = chunk.split(b"\n")
        for part in ended:
            rest += part
            yield Line(number, None if is_too_long or len(rest) > max_line_bytes else bytes(rest))
            number, is_too_long = number + 1, False
            rest.clear()
        rest += tail
        if len(rest) > max_line_bytes:
            is_too_long = True
            rest.clear()
    if rest or is_too_long:
        yield Line(number, None if is_too_long else bytes(rest))


async def in_batches(lines: AsyncIterable[Line], *, max_lines: int, max_bytes: int) -> AsyncIterator[list[Line]]:
    """Batches of lines, each at most ``max_lines`` long and not growing past ``max_bytes`` by more than one line."""
    batch: list[Line] = []
    size = 0
    async for line in lines:
        batch.append(line)
        size += len(line.content or b"")
        if len(batch) >= max_lines or size >= max_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def read_line(line: Line, model: type[Model]) -> tuple[Model | None, list[FieldError]]:
    """The document of a line, or everything that is wrong with it; never repeats what was sent."""
    if line.content is None:
        return None, [FieldError("", "line-too-long", "该行超过长度上限")]
    try:
        document = parse(line.content)
        return model.model_validate(document), []
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return None, field_errors(found, document)
    except UnstorableText as error:
        return None, list(error.errors)
    except MalformedBody as error:
        return None, [FieldError("", error.code, error.detail)]
