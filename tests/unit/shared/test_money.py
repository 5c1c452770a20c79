import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.money import Fen, JsonInteger, NonNegativeFen, format_yuan, parse_yuan
from shared.web import strict_json


class Payment(BaseModel):
    amount: Fen
    balc: NonNegativeFen = 0
    count: int = Field(default=0, strict=True)


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (123456, "1234.56"), (-1, "-0.01"), (10**17, "1" + "0" * 15 + ".00")]
)
def test_travels_as_a_decimal_string(fen: int, text: str) -> None:
    assert format_yuan(fen) == text
    assert parse_yuan(text) == fen
    assert f'"amount":"{text}"' in Payment(amount=fen).model_dump_json()


@pytest.mark.parametrize(
    "text", ["1", "1.0", "1.000", "01.00", "1,000.00", "1.00\n", " 1.00", "１.00", "1e3", "--1.00", "", ".50"]
)
def test_refuses_other_spellings(text: str) -> None:
    with pytest.raises(ValueError, match="两位小数"):
        parse_yuan(text)


@pytest.mark.parametrize("body", ['{"amount": 100}', '{"amount": 100.00}', '{"amount": true}', '{"amount": null}'])
def test_refuses_json_numbers_as_money(body: str) -> None:
    with pytest.raises(ValidationError):
        Payment.model_validate_json(body)
    with pytest.raises(ValidationError):
        Payment.model_validate(strict_json.parse(body.encode()))


def test_json_integers_remain_good_as_counts() -> None:
    payment = Payment.model_validate(strict_json.parse(b'{"amount": "1.00", "count": 3}'))
    assert payment.count == 3
    assert not isinstance(payment.count, JsonInteger)


def test_refuses_negative_where_none_can_be() -> None:
    with pytest.raises(ValidationError):
        Payment(amount=1, balc=-1)
