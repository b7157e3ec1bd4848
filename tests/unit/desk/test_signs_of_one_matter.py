"""What speaks for one matter and what against it, sign by sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import CaseSummary
from casework.duplicates import ranked
from casework.matter import opened
from tests.builders import POLICY, a_desk, a_message, minutes

MISSING = "My bank transfer from Monday has not been credited to my account."
SLOW = "The deposit that I made on Monday by bank transfer is still not there."


def signs(first: str, second: str, *, subjects: tuple[str, str] = ("", ""), **case: object) -> tuple[float, tuple[str, ...]]:
    """The sum and the words for it; ``case`` is changed in what the first message left behind."""
    desk, _ = a_desk()
    earlier: CaseSummary = opened(desk._read(a_message(first, subject=subjects[0])), "case", ())
    kept = replace(earlier, **case)  # type: ignore[arg-type]
    later = desk._read(a_message(second, subject=subjects[1], name="later", at=minutes(60)))
    ((score, evidence, _),) = ranked(later, [kept], [kept], POLICY)
    return score, evidence


def test_categories_that_agree_count_as_far_as_the_triage_was_sure() -> None:
    sure, _ = signs(MISSING, SLOW, certainty=100)
    unsure, _ = signs(MISSING, SLOW, certainty=30)
    assert sure > unsure > signs(MISSING, SLOW, certainty=0)[0]


def test_categories_that_differ_say_nothing_while_one_of_them_is_a_guess() -> None:
    assert any(" is not " in words for words in signs(MISSING, SLOW, category="api", certainty=100)[1])
    assert not any(" is not " in words for words in signs(MISSING, SLOW, category="api", certainty=30)[1])


def test_other_is_no_category_to_agree_or_to_differ_on() -> None:
    assert not any("other" in words for words in signs(MISSING, SLOW, category="other", certainty=100)[1])


def test_a_case_that_was_stored_without_a_certainty_counts_as_sure() -> None:
    assert {field.default for field in CaseSummary.__dataclass_fields__.values() if field.name == "certainty"} == {100}


def test_the_words_of_a_template_tell_nothing_where_its_site_is_another() -> None:
    template = "Please take down this page, it asks customers of yours for their recovery phrase: https://{}.example/login"
    assert not any("alike" in words for words in signs(template.format("kaiwa-a"), template.format("kaiwa-b"))[1])
    assert any("alike" in words for words in signs(template.format("kaiwa-a"), template.format("kaiwa-a"))[1])


def test_what_one_says_in_the_subject_another_says_in_the_text() -> None:
    told = ("The chart of the web app is white.", "Chart of the web app is white since the update, in every browser.")
    with_subject, _ = signs("See the picture, it has been so since the update.", told[1], subjects=(told[0], ""))
    without, _ = signs("See the picture, it has been so since the update.", told[1])
    assert with_subject > without


def test_a_number_that_both_mention_is_less_than_a_reference() -> None:
    number, _ = signs("The app fails, see bug #1717984.", "Nothing in my history, maybe bug #1717984?")
    coded, _ = signs("The app fails, see WD-1717984.", "Nothing in my history, maybe WD-1717984?")
    assert number < coded


@pytest.mark.parametrize("words", ["Another question: ", "別件ですが、"])
def test_who_says_that_it_is_about_something_else_is_believed(words: str) -> None:
    assert signs(MISSING, words + SLOW)[0] < signs(MISSING, SLOW)[0]


def test_who_comes_back_to_what_was_said_is_believed_where_the_case_said_it() -> None:
    plain, _ = signs(MISSING, SLOW)
    assert signs(MISSING, "I wrote to you before. " + SLOW)[0] > plain
    assert not any("earlier message" in words for words in signs(MISSING, "I wrote to you before. How are API keys made?")[1])


def test_one_text_under_two_subjects_is_not_taken_for_a_resent_message() -> None:
    text = "Please see the attached picture and tell me what to do about it."
    again, _ = signs(text, text, subjects=("Broken chart", "Broken chart"))
    assert signs(text, text, subjects=("Broken chart", "Lost card"))[0] < again
