from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.web_form.form import Form
from functions.web_form.json_body import MAX_BODY
from functions.web_form.problems import MAX_ERRORS
from tests.unit.web_form.counter_of_forms import FORM, Answer, Counter, event

VALID = json.dumps(FORM)


def refused(body: str | None, **request: Any) -> Answer:
    counter = Counter()
    answer = counter.answer(event(body, **request))
    assert counter.desk.messages == []
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == answer.status
    return answer


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        " ",
        "{",
        "description=Hello",
        "{'description': 'x'}",
        '{"description": NaN}',
        '{"description": -Infinity}',
        '{"description": "x"} trailing',
        '{"description": "a\nb"}',
        '{"description": ' + "9" * 5000 + "}",
        "[" * 60_000,
        '{"a":' * 10_000,
    ],
)
def test_what_is_not_json_is_refused(body: str | None) -> None:
    answer = refused(body)

    assert answer.status == 400
    assert answer.body["detail"] == "The body is not valid JSON."


@pytest.mark.parametrize("body", ["null", "7", "1e999", '"text"', "[]", '[{"description": "x"}]', "true"])
def test_what_is_not_an_object_is_refused(body: str) -> None:
    answer = refused(body)

    assert answer.status == 400
    assert answer.body["detail"] == "The body must be a JSON object."


def test_a_field_that_comes_twice_is_refused_by_name() -> None:
    answer = refused('{"description": "calm", "description": "urgent", "email": "alice@example.com"}')

    assert answer.status == 400
    assert answer.complaints == {"#/description": "duplicate_field"}


def test_nested_objects_do_not_hide_in_a_field() -> None:
    deep = json.dumps(FORM)[:-1] + ', "subject": ' + '{"a":' * 300 + "1" + "}" * 300 + "}"

    assert refused(deep).complaints == {"#/subject": "not_text"}


def test_ten_thousand_unknown_fields_are_answered_with_a_few_complaints() -> None:
    answer = refused(json.dumps({f"f{number}": "" for number in range(5_000)}))

    assert answer.status == 400
    assert len(answer.body["errors"]) == MAX_ERRORS
    assert "#/description" in answer.complaints


def test_an_unknown_field_of_any_length_is_named_shortly() -> None:
    assert len(refused(json.dumps({**FORM, "x" * 50_000: ""})).text) < 1_000


def test_a_field_name_no_utf8_can_hold_is_named_readably() -> None:
    assert refused('{"\\ud800\\u0000": ""}').complaints["#/%EF%BF%BD%EF%BF%BD"] == "unknown_field"


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    padding = " " * (MAX_BODY - len(VALID))

    assert Counter().answer(event(VALID + padding)).status == 201
    assert refused(VALID + padding + " ").status == 413


def test_the_limit_counts_bytes() -> None:
    assert refused("出" * (MAX_BODY // 3 + 1)).status == 413


def test_a_base64_body_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    body = VALID.encode().ljust(MAX_BODY)

    assert Counter().answer(event(base64.b64encode(body).decode(), base64=True)).status == 201
    assert refused(base64.b64encode(body + b" ").decode(), base64=True).status == 413


@pytest.mark.parametrize("encoded", [False, True])
def test_ten_megabytes_are_refused_before_they_are_read(encoded: bool) -> None:
    assert refused("!" * 10_000_000, base64=encoded).status == 413


@pytest.mark.parametrize("body", ["{", "e30", "e3 0=", "日本", "e30=\n", "===="])
def test_bad_base64_is_refused(body: str) -> None:
    answer = refused(body, base64=True)

    assert answer.status == 400
    assert answer.body["detail"] == "The body is not valid base64."


@pytest.mark.parametrize("content", [b'{"description": "\xff"}', "説明".encode("cp932"), json.dumps(FORM).encode("utf-16")])
def test_bad_utf8_is_refused(content: bytes) -> None:
    answer = refused(base64.b64encode(content).decode(), base64=True)

    assert answer.status == 400
    assert answer.body["detail"] == "The body is not valid UTF-8."


def test_text_that_is_no_unicode_is_refused() -> None:
    assert refused('{"description": "\ud800"}').body["detail"] == "The body is not valid UTF-8."


def test_a_byte_order_mark_is_forgiven() -> None:
    assert Counter().answer(event("\ufeff" + VALID)).status == 201


def test_characters_that_cannot_be_stored_are_replaced_and_counted() -> None:
    counter = Counter()

    answer = counter.answer(event('{"description": "a\\u0000b\\ud83dc\\ud83d\\ude00", "name": "\\udfff", "email": "a@b.jp"}'))

    assert answer.status == 201
    assert counter.desk.message.text == "a\ufffdb\ufffdc😀"
    assert counter.desk.message.decodings[0].replaced == 3


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=shift_jis",
    ],
)
def test_only_json_in_utf8_is_taken(media_type: str) -> None:
    answer = refused(VALID, headers={"Content-Type": media_type})

    assert answer.status == 415
    assert answer.headers["Accept"] == "application/json"


def test_a_compressed_body_is_refused() -> None:
    assert refused(VALID, headers={"Content-Encoding": "gzip"}).status == 415


@pytest.mark.parametrize(
    "media_type",
    ["APPLICATION/JSON", 'application/json;charset="UTF-8"', "application/json ; charset=utf-8", "application/json;"],
)
def test_json_is_taken_however_it_is_announced(media_type: str) -> None:
    request = event(VALID)
    request["headers"] = {"CONTENT-TYPE": media_type}

    assert Counter().answer(request).status == 201


def test_a_request_without_headers_is_refused() -> None:
    request = event(VALID)
    request["headers"] = None

    assert Counter().answer(request).status == 415


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(sorted(Form.model_fields))
forms = st.dictionaries(names | st.text(st.characters(), max_size=5), anything, max_size=9)


@settings(max_examples=300, deadline=None)
@given(forms | anything)
def test_any_json_is_answered(document: object) -> None:
    answer = Counter().answer(event(json.dumps(document)))

    assert answer.status in {201, 400, 422}


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={"files": anything | st.lists(forms, max_size=6), "altcha": anything}) | anything)
def test_any_json_that_asks_where_to_upload_is_answered(document: object) -> None:
    assert Counter().answer(event(json.dumps(document), route="POST /uploads")).status in {201, 400}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_route_is_answered(route: str) -> None:
    assert Counter().answer(event(VALID, route=route)).status in {200, 201, 400, 404}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text().map(str.encode), st.booleans())
def test_any_bytes_are_answered(content: bytes, encoded: bool) -> None:
    body = base64.b64encode(content).decode() if encoded else content.decode("latin-1")

    assert Counter().answer(event(body, base64=encoded)).status in {201, 400}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(names, st.text(st.characters(), max_size=30)))
def test_whatever_is_taken_can_be_stored(fields: dict[str, str]) -> None:
    counter = Counter()
    counter.post_escaped({**FORM, **fields})

    for message in counter.desk.messages:
        texts = (message.text, message.subject, message.sender, *(identity.value for identity in message.identities))
        assert all(text.encode().count(b"\x00") == 0 for text in texts)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_any_headers_are_answered(language: str, key: str, media_type: str) -> None:
    headers = {"Accept-Language": language, "Idempotency-Key": key, "Content-Type": media_type}

    assert Counter().answer(event(VALID, headers)).status in {201, 400, 415}
