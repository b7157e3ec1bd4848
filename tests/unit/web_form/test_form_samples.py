from __future__ import annotations

import json
from pathlib import Path

import pytest

from casework.message import IdentityKind, Trust
from tests.unit.web_form.counter_of_forms import Counter

SAMPLES = Path("events/web_form")
STATUS = {
    "a_withdrawal_in_progress": 201,
    "the_same_form_sent_with_an_idempotency_key": 201,
    "a_japanese_customer_is_locked_out": 201,
    "a_body_in_base64": 201,
    "a_signed_in_customer_writes_again": 201,
    "two_fields_are_wrong": 400,
    "an_html_form_instead_of_json": 415,
    "where_to_upload_two_files": 201,
    "the_description_of_the_api": 200,
    "a_form_that_a_robot_filled_in": 201,
}


def sample(name: str) -> object:
    root = Path(__file__).parents[3]
    return json.loads((root / SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def test_every_sample_is_accounted_for() -> None:
    root = Path(__file__).parents[3]

    assert {path.stem for path in (root / SAMPLES).iterdir()} == set(STATUS)


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_a_sample_is_answered(name: str, status: int) -> None:
    assert Counter().answer(sample(name)).status == status


def test_the_japanese_sample_reads_the_same_in_base64() -> None:
    plain, encoded = Counter(), Counter()
    plain.answer(sample("a_japanese_customer_is_locked_out"))
    encoded.answer(sample("a_body_in_base64"))

    assert plain.desk.message.text == encoded.desk.message.text
    assert plain.desk.message.source.digest == encoded.desk.message.source.digest
    assert {each.value for each in plain.desk.message.identities} == {"taro.yamada@example.jp", "+819012345678"}


def test_the_signed_in_sample_needs_no_address() -> None:
    counter = Counter()
    counter.answer(sample("a_signed_in_customer_writes_again"))

    (account,) = counter.desk.message.identities
    assert (account.kind, account.trust) == (IdentityKind.ACCOUNT, Trust.AUTHENTICATED)
    assert counter.desk.message.references == ("CW-7K3M-Q0XV-2B9D",)


def test_the_wrong_sample_is_told_in_japanese_which_fields_are_wrong() -> None:
    answer = Counter().answer(sample("two_fields_are_wrong"))

    assert answer.headers["Content-Language"] == "ja"
    assert answer.complaints == {"#/email": "invalid_email", "#/telephone": "unknown_field"}
