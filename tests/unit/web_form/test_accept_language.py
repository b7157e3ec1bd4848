from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.web_form.language import LANGUAGES, preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", "ja"),
        ("en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("en;q=0.2, ja;q=0.8", "ja"),
        ("en;q=0.5, ja;q=0.5", "en"),
        ("ja;q=0.5, en;q=0.5", "ja"),
        ("fr, de;q=0.9", "en"),
        ("fr, ja;q=0.1", "ja"),
        ("fr;q=0.9, *;q=0.1", "en"),
        ("*", "en"),
        ("en;q=0, *", "ja"),
        ("en;q=0", "en"),
        ("ja;q=0, en;q=0.001", "en"),
        ("ja; q = 0.9 , en ; q=0.8", "ja"),
        ("ja;q=high, en;q=0.1", "en"),
        ("ja;q=2, en;q=0.1", "en"),
        ("japanese, en;q=0.1", "en"),
        (",,;;,=", "en"),
    ],
)
def test_the_wish_with_the_highest_quality_is_granted(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text() | st.from_regex(r"(en|ja|\*)(;q=[0-9.]{1,5})?(,(en|ja|\*)(;q=[0-9.]{1,5})?)*"))
def test_any_header_gets_a_language_we_speak(header: str) -> None:
    assert preferred(header) in LANGUAGES
