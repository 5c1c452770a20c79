"""Readings as decisions show them."""

from pydantic import BaseModel

from shared.registry.policy.readings import READINGS, ReadingChoice


class ReadingShown(BaseModel):
    """How an open place of the texts was read; ``region`` set it, or the default held (``is_set`` false)."""

    name: str
    question: str
    value: str
    meaning: str
    is_set: bool
    region: str | None

    @classmethod
    def of(cls, choice: ReadingChoice) -> "ReadingShown":
        """The reading of a decision."""
        reading = READINGS[choice.name]
        return cls(
            name=choice.name,
            question=reading.question,
            value=choice.value,
            meaning=reading.meanings[choice.value],
            is_set=choice.is_set,
            region=choice.origin.region if choice.origin else None,
        )
