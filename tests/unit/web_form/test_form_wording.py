from __future__ import annotations

from string import Formatter

import pytest

from functions.web_form.form import Form
from functions.web_form.language import LANGUAGES
from functions.web_form.problems import CODES, KIND, STATUS
from functions.web_form.wording import ENGLISH, JAPANESE, WORDING

UNREADABLE = ("not_base64", "not_utf8", "not_json", "not_an_object", "duplicate_field")


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_language_we_offer_has_its_wording() -> None:
    assert set(WORDING) == set(LANGUAGES)


def test_both_languages_say_the_same_things() -> None:
    assert ENGLISH.keys() == JAPANESE.keys()


@pytest.mark.parametrize("key", ENGLISH)
def test_both_languages_fill_in_the_same_words(key: str) -> None:
    assert blanks(ENGLISH[key]) == blanks(JAPANESE[key])
    assert ENGLISH[key] != JAPANESE[key]


@pytest.mark.parametrize("kind", STATUS)
def test_every_kind_of_problem_has_a_title(kind: str) -> None:
    assert ENGLISH[f"{kind}.title"]


def test_every_cause_has_its_sentence() -> None:
    causes = {**dict.fromkeys(UNREADABLE, "unreadable-body"), **KIND}

    assert {f"{kind}.{cause}" for cause, kind in causes.items()} <= ENGLISH.keys()


def test_every_complaint_has_its_sentence() -> None:
    free = {"description", "subject", "name", "website", "altcha"}
    fields = (Form.model_fields.keys() - free) | {"files", "type", "size"}
    named = {cause for cause in KIND if cause.startswith(("proof_", "upload_"))}
    codes = {*CODES.values(), *(f"invalid_{name}" for name in fields), *named}

    assert {f"field.{code}" for code in codes} <= ENGLISH.keys()
