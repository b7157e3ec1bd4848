from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from casework.case import Outcome
from casework.errors import NotOurEvent, StoreUnavailable
from casework.message import Channel, Identity, IdentityKind, Trust
from tests.unit.web_form.counter_of_forms import FORM, RECEIVED_AT, Counter, FakeDesk, event

KEY = {"Idempotency-Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}


def test_a_form_becomes_a_message_of_the_web_form_channel() -> None:
    counter = Counter()

    counter.send(subject="Stuck", category="withdrawal", language="en", name="Alice", reference="cw-7k3m-q0xv-2b9d")

    message = counter.desk.message
    assert message.source.channel is Channel.WEB_FORM
    assert message.source.locator == ""
    assert message.received_at == datetime(2026, 5, 3, 1, 12, tzinfo=UTC)
    assert (message.subject, message.text) == ("Stuck", "My withdrawal is stuck.")
    assert (message.category_hint, message.language_hint) == ("withdrawal", "en")
    assert message.sender == "Alice <alice@example.com>"
    assert message.references == ("CW-7K3M-Q0XV-2B9D",)


def test_a_new_message_is_answered_201_with_its_reference_and_the_time_we_had_it() -> None:
    counter = Counter()

    answer = counter.post()

    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.body) == {"reference", "received_at", "message"}
    assert answer.body["reference"] == counter.recorded[0][1].reference
    assert answer.body["received_at"] == "2026-05-03T01:12:00.000Z"
    assert answer.body["reference"] in answer.body["message"]


def test_a_retry_with_the_same_key_and_content_is_answered_200_with_the_same_reference() -> None:
    counter = Counter()

    first = counter.post(headers=KEY, request_id="request-1")
    second = counter.post(headers=KEY, request_id="request-2", received_at=RECEIVED_AT + 60_000)

    assert (first.status, second.status) == (201, 200)
    assert first.body.keys() == second.body.keys()
    assert (first.body["reference"], first.body["message"]) == (second.body["reference"], second.body["message"])


def test_a_retry_is_recognised_however_its_json_is_written() -> None:
    counter = Counter()

    counter.answer(event('{"description":"a\\u0062c","email":"alice@example.com"}', KEY))
    again = counter.answer(event('{ "email": "ALICE@Example.com ", "phone": "", "description": " abc\\n" }', KEY))

    assert again.status == 200


def test_a_key_that_comes_with_other_content_is_answered_422() -> None:
    counter = Counter()

    answers = [counter.post({**FORM, "description": text}, headers=KEY) for text in ("one", "two")]

    assert [each.status for each in answers] == [201, 422]
    assert answers[1].body["type"] == "urn:casework:problem:idempotency-key-reused"


def test_the_same_key_and_content_from_another_signed_in_customer_is_no_replay() -> None:
    counter = Counter()
    counter.post(headers=KEY, claims={"sub": "A1002003"})

    assert counter.post(headers=KEY, claims={"sub": "A9999999"}).status == 422


def test_without_a_key_every_request_is_a_message_of_its_own() -> None:
    counter = Counter()

    answers = [counter.post(request_id=each) for each in ("request-1", "request-2")]

    assert [each.status for each in answers] == [201, 201]


def test_a_customers_key_never_collides_with_the_gateways_request_id() -> None:
    counter = Counter()
    counter.post(request_id="abc")

    assert counter.post(headers={"idempotency-key": "abc"}).status == 201
    assert counter.post(headers={"idempotency-key": "request:abc"}).status == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "キー", "x" * 256, "a\x7fb"])
def test_an_idempotency_key_must_be_visible_ascii_of_reasonable_length(key: str) -> None:
    answer = Counter().post(headers={"Idempotency-Key": key})

    assert answer.status == 400
    assert answer.body["type"] == "urn:casework:problem:invalid-idempotency-key"


def test_the_longest_key_is_taken() -> None:
    assert Counter().post(headers={"IDEMPOTENCY-KEY": "~" * 255}).status == 201


@pytest.mark.parametrize("outcome", [Outcome.OPENED, Outcome.ATTACHED, Outcome.QUARANTINED])
def test_the_answer_never_tells_what_became_of_the_message(outcome: Outcome) -> None:
    known, unknown = Counter(FakeDesk(outcome)), Counter(FakeDesk(Outcome.OPENED))

    assert known.post() == unknown.post()
    assert "secret" not in known.post(request_id="request-2").text


def test_every_recorded_message_is_logged_once_and_nothing_else_is() -> None:
    counter = Counter()

    counter.post()
    counter.send(description="")

    assert [message.text for message, _ in counter.recorded] == ["My withdrawal is stuck."]


def test_a_refusal_is_logged_by_its_codes_and_without_a_word_of_the_customers() -> None:
    counter = Counter()

    counter.send(email="alice at example", hunter2="swordfish")

    expected = {"status": 400, "cause": "invalid_fields", "codes": ["invalid_email", "unknown_field"], "request": "request-1"}
    assert counter.noted == [{"event": "form_refused", **expected}]


def test_a_store_that_does_not_answer_asks_the_customer_to_come_back() -> None:
    counter = Counter(FakeDesk(error=StoreUnavailable("no table")))

    answer = counter.post()

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert counter.recorded == []
    assert "no table" not in answer.text


def test_what_somebody_typed_is_a_claim() -> None:
    counter = Counter()

    counter.send(phone="+44 20 7946 0123", account="A1002003")

    assert counter.desk.message.identities == (
        Identity(IdentityKind.EMAIL, "alice@example.com", Trust.CLAIMED),
        Identity(IdentityKind.PHONE, "+442079460123", Trust.CLAIMED),
        Identity(IdentityKind.ACCOUNT, "A1002003", Trust.CLAIMED),
    )


def test_only_the_account_somebody_is_signed_in_with_is_vouched_for() -> None:
    counter = Counter()

    counter.post(claims={"sub": "A1002003", "email": "mallory@example.com"})

    assert counter.desk.message.identities == (
        Identity(IdentityKind.ACCOUNT, "A1002003", Trust.AUTHENTICATED),
        Identity(IdentityKind.EMAIL, "alice@example.com", Trust.CLAIMED),
    )


def test_the_account_somebody_is_signed_in_with_is_not_claimed_again() -> None:
    counter = Counter()

    counter.post({**FORM, "account": "A1002003"}, claims={"sub": "A1002003"})

    accounts = [each.trust for each in counter.desk.message.identities if each.kind is IdentityKind.ACCOUNT]
    assert accounts == [Trust.AUTHENTICATED]


@pytest.mark.parametrize("claims", [{}, {"sub": ""}, {"sub": None}, {"sub": ["A1002003"]}])
def test_a_token_without_a_subject_vouches_for_nobody(claims: dict[str, object]) -> None:
    counter = Counter()

    counter.post(claims=claims)

    assert {each.trust for each in counter.desk.message.identities} == {Trust.CLAIMED}


def test_another_kind_of_authorizer_vouches_for_nobody() -> None:
    request = event(json.dumps(FORM))
    request["requestContext"]["authorizer"] = {"lambda": {"sub": "A1002003"}, "iam": {"userId": "A1002003"}}
    counter = Counter()

    counter.answer(request)

    assert {each.trust for each in counter.desk.message.identities} == {Trust.CLAIMED}


def test_a_japanese_form_is_thanked_in_japanese_whatever_the_browser_prefers() -> None:
    answer = Counter().post({**FORM, "language": "ja"}, headers={"Accept-Language": "en"})

    assert answer.headers["Content-Language"] == "ja"
    assert answer.body["message"].startswith("お問い合わせを受け付けました")


def test_without_a_choice_the_browsers_language_is_spoken() -> None:
    counter = Counter()

    answer = counter.post(headers={"accept-language": "ja-JP,en;q=0.5"})

    assert answer.headers["Content-Language"] == "ja"
    assert counter.desk.message.language_hint == ""


def test_a_refusal_is_in_the_browsers_language() -> None:
    answer = Counter().post({"language": "en"}, headers={"Accept-Language": "ja"})

    assert answer.headers["Content-Language"] == "ja"
    assert answer.body["title"] == "入力内容をご確認ください"


def test_no_answer_is_cached_or_sniffed() -> None:
    for answer in (Counter().post(), Counter().post({}), Counter(FakeDesk(error=StoreUnavailable("no table"))).post()):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "stranger",
    [
        {},
        None,
        "2.0",
        {"Records": []},
        {"version": "1.0", "httpMethod": "POST"},
        {"version": "0", "detail-type": "Object Created"},
        {"version": "2.0"},
        {"version": "2.0", "requestContext": {"http": {"method": "POST"}, "requestId": "1", "timeEpoch": "now"}},
        {"version": "2.0", "requestContext": {"http": {"method": "POST"}, "requestId": "1", "timeEpoch": 10**30}},
        {"version": "2.0", "requestContext": {"http": None}},
    ],
)
def test_an_event_of_another_kind_is_refused_in_a_sentence(stranger: object) -> None:
    with pytest.raises(NotOurEvent, match="HTTP API event"):
        Counter().answer(stranger)
