"""Attachments: a place for each file, a ticket for whoever may name it, and what was found there on the message."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import OriginalUnavailable
from functions.web_form.upload_request import MAX_SIZE
from tests.unit.web_form.counter_of_forms import FORM, RECEIVED_AT, Answer, Counter, event

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
SCREENSHOT = {"name": "画面.png", "type": "image/png", "size": len(PNG)}
HOUR = 3_600_000


def ask(counter: Counter, *files: object, route: str = "POST /uploads", **request: Any) -> Answer:
    return counter.answer(event(json.dumps({"files": files}), route=route, **request))


def uploaded(counter: Counter, file: dict[str, object] = SCREENSHOT, content: bytes | None = PNG, **request: Any) -> str:
    """Ask for a place, put the content there, and give the upload's id."""
    answer = ask(counter, file, **request)
    assert answer.status == 201
    (upload,) = answer.body["uploads"]
    if content is not None:
        counter.bucket.contents[upload["fields"]["key"]] = content
    return str(upload["id"])


def send(counter: Counter, *tokens: str, **request: Any) -> Answer:
    return counter.post({**FORM, "attachments": list(tokens)}, **request)


def test_every_file_gets_a_place_for_its_type_and_its_size_for_a_short_while() -> None:
    counter = Counter()

    answer = ask(counter, SCREENSHOT, {"name": "a.txt", "type": "TEXT/PLAIN", "size": 7})

    assert answer.status == 201
    assert [(each["type"], each["size"]) for each in counter.bucket.offers] == [("image/png", len(PNG)), ("text/plain", 7)]
    assert {each["lifetime"].total_seconds() for each in counter.bucket.offers} == {900}
    assert [set(each) for each in answer.body["uploads"]] == [{"id", "url", "fields", "expires_at"}] * 2
    assert answer.body["uploads"][0]["expires_at"] == "2026-05-03T01:27:00.000Z"


def test_a_file_that_was_uploaded_is_described_on_the_message() -> None:
    counter = Counter()

    assert send(counter, uploaded(counter)).status == 201

    (attachment,) = counter.desk.message.attachments
    assert (attachment.name, attachment.media_type, attachment.size) == ("画面.png", "image/png", len(PNG))
    assert attachment.detected == "image/png"
    assert counter.desk.message.facts == {"attachment_1": "s3://uploads/uploads/1?versionId=1"}


def test_what_a_file_is_is_said_by_its_bytes() -> None:
    counter = Counter()
    program = b"MZ" + b"\0" * 62

    send(counter, uploaded(counter, {**SCREENSHOT, "size": len(program)}, program))

    assert {"executable", "type_differs"} <= set(counter.desk.message.attachments[0].flags)


def test_a_text_file_can_be_read_by_the_desk() -> None:
    counter = Counter()

    send(counter, uploaded(counter, {"name": "note.txt", "type": "text/plain", "size": 40}, "口座が不正に使われました".encode()))

    assert counter.desk.message.attachments[0].text == "口座が不正に使われました"


@pytest.mark.parametrize(
    ("file", "pointer", "code"),
    [
        ({**SCREENSHOT, "type": "application/zip"}, "#/files/0/type", "invalid_type"),
        ({**SCREENSHOT, "type": 7}, "#/files/0/type", "not_text"),
        ({**SCREENSHOT, "size": 0}, "#/files/0/size", "invalid_size"),
        ({**SCREENSHOT, "size": MAX_SIZE + 1}, "#/files/0/size", "invalid_size"),
        ({**SCREENSHOT, "size": True}, "#/files/0/size", "invalid_size"),
        ({**SCREENSHOT, "size": "7"}, "#/files/0/size", "invalid_size"),
        ({**SCREENSHOT, "name": " "}, "#/files/0/name", "required"),
        ({**SCREENSHOT, "name": "x" * 101}, "#/files/0/name", "too_long"),
        ({**SCREENSHOT, "path": "/etc"}, "#/files/0/path", "unknown_field"),
        ({"name": "a.png", "type": "image/png"}, "#/files/0/size", "required"),
        ("a.png", "#/files/0", "invalid_files"),
    ],
)
def test_what_cannot_be_taken_is_named(file: object, pointer: str, code: str) -> None:
    answer = ask(Counter(), file)

    assert (answer.status, answer.complaints) == (400, {pointer: code})


def test_ten_megabytes_are_taken() -> None:
    assert ask(Counter(), {**SCREENSHOT, "size": MAX_SIZE}).status == 201


@pytest.mark.parametrize(("number", "complaints"), [(0, {"#/files": "required"}), (5, {}), (6, {"#/files": "too_many"})])
def test_one_to_five_files_are_taken(number: int, complaints: dict[str, str]) -> None:
    assert ask(Counter(), *[SCREENSHOT] * number).complaints == complaints


def test_a_form_names_at_most_five_files() -> None:
    counter = Counter()
    tokens = [uploaded(counter) for _ in range(6)]

    assert send(counter, *tokens).complaints == {"#/attachments": "too_many"}
    assert send(counter, *tokens[:5]).status == 201
    assert len(counter.desk.message.attachments) == 5


def refused(answer: Answer) -> dict[str, str]:
    assert (answer.status, answer.body["type"]) == (422, "urn:casework:problem:unusable-attachments")
    return answer.complaints


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_file_that_was_never_uploaded_is_named(language: str) -> None:
    counter = Counter()
    there, missing = uploaded(counter), uploaded(counter, content=None)

    answer = send(counter, there, missing, headers={"Accept-Language": language})

    assert refused(answer) == {"#/attachments/1": "upload_missing"}
    assert answer.headers["Content-Language"] == language
    assert counter.desk.messages == []


def test_a_file_larger_than_was_said_is_not_read() -> None:
    counter = Counter()

    assert refused(send(counter, uploaded(counter, content=PNG + b"x"))) == {"#/attachments/0": "upload_missing"}


def test_nobody_makes_up_an_id_or_changes_one() -> None:
    counter = Counter()
    token = uploaded(counter)

    for forged in ("", ".", "uploads/1", "x" + token, token + "x", token.partition(".")[0], token.replace(".", "..")):
        assert refused(send(counter, forged)) == {"#/attachments/0": "upload_unknown"}


@given(st.text(st.characters(), max_size=60))
def test_any_id_is_answered(token: str) -> None:
    assert Counter().answer(event(json.dumps({**FORM, "attachments": [token]}))).status in (400, 422)


def test_what_one_customer_uploaded_no_other_can_attach() -> None:
    counter = Counter()
    token = uploaded(counter, claims={"sub": "A1002003"}, route="POST /me/uploads")

    for claims in ({"sub": "A9999999"}, None):
        assert refused(send(counter, token, claims=claims)) == {"#/attachments/0": "upload_unknown"}
    assert send(counter, token, claims={"sub": "A1002003"}, route="POST /me/cases").status == 201


def test_what_was_uploaded_by_nobody_in_particular_is_not_attached_in_a_customers_name() -> None:
    counter = Counter()

    assert refused(send(counter, uploaded(counter), claims={"sub": "A1002003"})) == {"#/attachments/0": "upload_unknown"}


def test_an_id_is_good_for_a_day() -> None:
    counter = Counter()
    token = uploaded(counter)

    late = send(counter, token, received_at=RECEIVED_AT + 24 * HOUR)

    assert refused(late) == {"#/attachments/0": "upload_expired"}
    assert send(counter, token, received_at=RECEIVED_AT + 23 * HOUR).status == 201


def test_one_upload_is_one_attachment() -> None:
    counter = Counter()
    token = uploaded(counter)

    assert refused(send(counter, token, token)) == {"#/attachments/1": "upload_repeated"}


def test_a_bucket_that_does_not_answer_is_our_trouble_and_the_form_may_come_again() -> None:
    counter = Counter()
    token = uploaded(counter)
    counter.bucket.error = OriginalUnavailable("s3://uploads/1: SlowDown")
    key = {"Idempotency-Key": "abc"}

    assert send(counter, token, headers=key).status == 503
    counter.bucket.error = None
    assert send(counter, token, headers=key, request_id="request-2").status == 201


def test_other_files_under_the_same_key_are_another_payload() -> None:
    counter = Counter()
    key = {"Idempotency-Key": "abc"}
    send(counter, uploaded(counter), headers=key)

    assert send(counter, uploaded(counter), headers=key, request_id="request-2").status == 422


def test_where_work_is_asked_a_stranger_works_once_for_a_list_of_files_and_a_customer_does_not() -> None:
    counter = Counter(asks_for_work=True)
    made = Challenge.from_dict(_challenge(counter))
    found = solve_challenge(made)
    assert found is not None
    body = {"files": [SCREENSHOT, SCREENSHOT], "altcha": Payload(made, found).to_base64()}

    answers = [
        counter.answer(event(json.dumps(body), route="POST /uploads", request_id="request-1")),
        counter.answer(event(json.dumps(body), route="POST /uploads", request_id="request-2")),
    ]

    assert [each.status for each in answers] == [201, 400]
    assert ask(counter, SCREENSHOT).status == 400
    assert ask(counter, SCREENSHOT, claims={"sub": "A1002003"}, route="POST /me/uploads").status == 201


def _challenge(counter: Counter) -> dict[str, Any]:
    return counter.answer(event(None, route="GET /challenge", received_at=int(time.time() * 1000))).body


def test_the_log_of_an_offer_names_no_file() -> None:
    counter = Counter()
    ask(counter, SCREENSHOT)

    assert counter.noted == [{"event": "uploads_offered", "files": 1, "signed_in": False, "request": "request-1"}]
