"""Money from Beijing as it stands on Jinan's statement."""

from datetime import timedelta

from tests.integration.ledger.areas import BEIJING_OUT
from tests.unit.ledger.files import DAY, Move

BEFORE = DAY - timedelta(days=1)


def credit(case: str, fen: int = 123456, name: str = "张三", **changes: object) -> Move:
    values: dict[str, object] = {"note": f"{case} {name}", "other": BEIJING_OUT} | changes
    return Move(fen, **values)  # type: ignore[arg-type]
