"""Rules name the articles that they carry out."""

import pytest

from shared.law import design, law


def test_marks_add_up() -> None:
    @law("N11")
    @law("S54-3", "J2")
    @design("what to do at night")
    def rule() -> int:
        return 1

    assert rule() == 1
    assert rule.__law__ == ("S54-3", "J2", "N11")  # type: ignore[attr-defined]
    assert rule.__design__ == ("what to do at night",)  # type: ignore[attr-defined]


@pytest.mark.parametrize("article", ["N18", "N0", "S53-5", "S54-10", "J6", "43号", "", "N11 "])
def test_refuses_what_is_no_article(article: str) -> None:
    with pytest.raises(ValueError, match="not an article"):
        law(article)
