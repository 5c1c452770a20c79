"""Names as two systems hold them."""

import pytest

from shared.person_name import in_unicode, is_same_name


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("阿卜杜·热合曼", "阿卜杜•热合曼", True),
        ("ＬＩ　Ｌｅｉ", "li lei", True),
        # As an agency's GBK database keeps it, and as Unicode has it.
        ("张\ue863", "张\u4dae", True),
        ("张\ue81e", "张\u9fb4", True),
        ("张\ue864", "张\u9fbb", True),
        ("张\ue831", "张\U000215d7", True),
        ("张三", "张叁", False),
    ],
)
def test_names_are_compared_whatever_form_they_are_written_in(one: str, other: str, *, is_same: bool) -> None:
    assert is_same_name(one, other) is is_same


def test_what_gbk_keeps_for_private_use_is_written_as_every_bank_reads_it() -> None:
    held = "".join(map(chr, range(0xE815, 0xE865)))
    written = in_unicode(held)
    assert written.isprintable()
    assert len(set(written)) == len(held)
    assert in_unicode("张\ue863").encode("gb18030") == b"\xd5\xc5\xfe\x9f"
    assert in_unicode("张三") == "张三"
