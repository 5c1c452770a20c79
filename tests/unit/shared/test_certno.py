import pytest
from stdnum.iso7064 import mod_11_2

from shared.certno import birthday_of, gender_of, mask, person_key, problems
from shared.contracts.codes import Gend


def card(body: str) -> str:
    return body + mod_11_2.calc_check_digit(body)


MAN = card("37010219900101001")
WOMAN = card("37010219900101002")


@pytest.mark.parametrize(
    ("psn_cert_type", "certno", "codes"),
    [
        ("01", MAN, []),
        ("01", MAN.lower(), []),
        ("01", card("99999919900101001")[:17] + "A", ["certno-malformed"]),
        ("01", MAN[:17] + ("0" if MAN[17] != "0" else "1"), ["certno-check-digit"]),
        ("01", card("37010219900231001"), ["certno-birthday"]),
        ("01", card("81000019900101001"), ["cert-type-mismatch"]),
        ("17", card("83000019900101001"), []),
        ("07", card("91103319900101001"), []),
        ("07", "ABC123456789012", []),
        ("07", "AB1", ["certno-malformed"]),
        ("01", card("11010919500101001"), []),
        ("01", "370102900101001", ["cert-15-digits"]),
        ("01", "370102901301001", ["certno-birthday", "cert-15-digits"]),
        ("16", "E12345678", []),
        ("16", "E1", ["certno-malformed"]),
        ("42", "whatever", ["cert-type-unknown"]),
    ],
)
def test_names_every_problem_of_a_number(psn_cert_type: str, certno: str, codes: list[str]) -> None:
    assert [problem.code for problem in problems(psn_cert_type, certno)] == codes


def test_old_numbers_and_unknown_types_only_warn() -> None:
    assert all(problem.is_warning for problem in problems("01", "370102900101001") + problems("42", "x"))


def test_one_person_has_one_key() -> None:
    body = "37010219900101001"
    assert (
        person_key("01", "370102900101001")
        == person_key("01", card(body))
        == person_key("01", f" {card(body)} ".lower())
    )


def test_full_width_digits_are_the_same_number() -> None:
    assert person_key("01", MAN) == person_key("01", "".join(chr(ord(c) + 0xFEE0) for c in MAN))


def test_reads_gender_and_birthday() -> None:
    assert gender_of("01", MAN) is Gend.MALE
    assert gender_of("01", WOMAN) is Gend.FEMALE
    assert gender_of("08", "E12345678") is None
    assert str(birthday_of("01", MAN)) == "1990-01-01"


@pytest.mark.parametrize("certno", [MAN, card("37010219900101007").lower(), "370102900101001"])
def test_masks_certificate_numbers_wherever_they_stand(certno: str) -> None:
    masked = mask(f"duplicate key (psn)=({certno}) twice: {certno}")
    assert certno not in masked
    assert masked.count("********") == 2


def test_leaves_other_numbers_alone() -> None:
    text = "2026-11-22 id=6217000010001234567 amount 1234.56 case ABCDEFGH23456789"
    assert mask(text) == text
