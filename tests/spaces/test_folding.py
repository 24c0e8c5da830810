"""What is stored and what is typed fold alike: whatever stands in a row is found by any part of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.values.search_keys import fold, initials, search_key, words_of

NAMES = st.text("航天科技園园東东重慶庆ＡＢab１2（）()·-_ .号", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＨＩＴ－０１", "hit-01"), ("航天科技園", "航天科技园"), ("東座", "东座"), ("3#-101", "3-101"),
        ("103(东)", "103-东"), ("\u200b401", "401"), ("——", ""),
    ],
)  # fmt: skip
def test_width_case_characters_and_signs_do_not_count(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("A座 401", ("a座", "401")), ("Ａ座４０１", ("a座", "401")), ("A座，401、402", ("a座", "401", "402")),
        ("401 401", ("401",)), ("XQ-2026-0014", ("xq-2026-0014",)), (" %_' ", ()), ("1号楼401室", ("1号楼", "401室")),
    ],
)  # fmt: skip
def test_a_search_is_read_as_its_words(typed, words):
    assert words_of(typed) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("航天科技园", "htkjy"), ("重庆", "cq"), ("长春银行", "ccyh"), ("中国星谷一期", "zgxgyq"), ("a座12号", "az12h")],
)
def test_initials_are_those_that_a_person_would_type(name, letters):
    assert initials(name) == letters


@given(NAMES, st.data())
def test_any_part_of_a_name_finds_it(name, data):
    first = data.draw(st.integers(0, len(name) - 1))
    part = name[first : data.draw(st.integers(first + 1, len(name)))]
    key = search_key((), (name,))

    assert all(word in key or word.replace("-", "") in key for word in words_of(part))
