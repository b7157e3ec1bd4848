"""What an Idempotency-Key promises: missing where required, at work, used for something else, answered before."""

from __future__ import annotations

import json

import pytest

from casework.errors import StoreUnavailable
from tests.unit.web_form.counter_of_forms import FORM, RECEIVED_AT, Answer, Counter, FakeDesk, event

KEY = {"Idempotency-Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}
SECOND = 1_000


class Overtaken(FakeDesk):
    """A desk at which, while the first request is at work, ``meanwhile`` happens."""

    counter: Counter
    meanwhile: list[Answer]

    def at(self, **request: object) -> Answer:
        self.meanwhile = []
        self.counter, self.later = Counter(self), request
        return self.counter.post(headers=KEY)

    def receive(self, message):  # type: ignore[no-untyped-def]
        if not self.meanwhile:
            self.meanwhile.append(Answer(0, {}, ""))
            self.meanwhile[0] = self.counter.post(**self.later)
        return super().receive(message)


def kind(answer: Answer) -> str:
    return str(answer.body["type"]).rpartition(":")[2]


def test_a_second_request_while_the_first_is_at_work_is_told_to_come_back() -> None:
    desk = Overtaken()

    first = desk.at(headers=KEY, request_id="request-2", received_at=RECEIVED_AT + SECOND)

    (second,) = desk.meanwhile
    assert (first.status, second.status, kind(second)) == (201, 409, "request-in-flight")
    assert int(second.headers["Retry-After"]) < 10
    assert len(desk.messages) == 1


def test_whoever_comes_back_after_that_gets_the_first_answer() -> None:
    desk = Overtaken()
    first = desk.at(headers=KEY, request_id="request-2")

    again = desk.counter.post(headers=KEY, request_id="request-3")

    assert (again.status, again.body["reference"]) == (200, first.body["reference"])


def test_another_payload_under_a_key_at_work_is_refused_for_what_it_is() -> None:
    desk = Overtaken()

    desk.at(document={**FORM, "description": "another"}, headers=KEY, request_id="request-2")

    assert (desk.meanwhile[0].status, kind(desk.meanwhile[0])) == (422, "idempotency-key-reused")


def test_another_key_and_no_key_wait_for_nobody() -> None:
    for headers in ({"Idempotency-Key": "another"}, {}):
        desk = Overtaken()
        desk.at(headers=headers, request_id="request-2")
        assert desk.meanwhile[0].status == 201


def test_a_request_that_failed_can_be_sent_again_at_once() -> None:
    counter = Counter(FakeDesk(error=StoreUnavailable("the table is throttled")))
    failed = counter.post(headers=KEY)
    counter.desk.error = None

    assert failed.status == 503
    assert counter.post(headers=KEY, request_id="request-2").status == 201


def test_a_request_that_died_holds_its_key_no_longer_than_a_request_can_last() -> None:
    counter = Counter()
    counter.post(headers=KEY)
    counter.table.items = {key: item for key, item in counter.table.items.items() if item["kind"] == "flight"}
    counter.desk.messages.clear()

    early = counter.post(headers=KEY, request_id="request-2", received_at=RECEIVED_AT + 30 * SECOND)
    late = counter.post(headers=KEY, request_id="request-3", received_at=RECEIVED_AT + 36 * SECOND)

    assert (early.status, late.status) == (409, 201)


def test_a_late_failure_does_not_free_a_key_that_somebody_else_holds() -> None:
    counter = Counter()
    counter.post(headers=KEY)
    key = next(key for key, item in counter.table.items.items() if item["kind"] == "flight")
    counter.table.items = {key: {**counter.table.items[key], "request": "somebody-else", "until": 0}}
    counter.desk.error = StoreUnavailable("the table is throttled")

    def taken_over(operation: str) -> None:
        if operation == "write":
            counter.table.items[key]["request"] = "somebody-else"
            counter.table.items[key]["until"] = 4_000_000_000

    counter.table.after = taken_over
    counter.post(headers=KEY, request_id="request-2")

    assert counter.table.items[key]["until"] == 4_000_000_000


def test_the_claim_says_nothing_of_the_customer_and_is_forgotten() -> None:
    counter = Counter()
    counter.post(headers=KEY)
    (flight,) = counter.table.of_kind("flight")

    assert set(flight) == {"pk", "sk", "kind", "digest", "request", "until", "expires_at"}
    assert flight["expires_at"] == RECEIVED_AT // SECOND + 35
    assert "alice" not in json.dumps(flight)


def test_a_form_without_a_key_costs_no_claim() -> None:
    counter = Counter()
    counter.post()

    assert counter.table.of_kind("flight") == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "The Idempotency-Key is missing"), ("ja", "Idempotency-Key がありません")]
)
def test_where_a_key_is_required_a_form_without_one_is_refused_with_a_link(language: str, title: str) -> None:
    counter = Counter(key_required=True)

    answer = counter.post(headers={"Accept-Language": language})

    assert (answer.status, kind(answer), answer.body["title"]) == (400, "idempotency-key-missing", title)
    assert "</openapi.json>" in answer.headers["Link"]
    assert counter.desk.messages == []
    assert counter.post(headers=KEY).status == 201


@pytest.mark.parametrize("written", ['"abc"', "abc", ' "abc" '])
def test_a_key_is_the_same_quoted_as_the_draft_has_it_or_bare(written: str) -> None:
    counter = Counter()
    counter.post(headers={"Idempotency-Key": "abc"})

    assert counter.post(headers={"Idempotency-Key": written}, request_id="request-2").status == 200


@pytest.mark.parametrize("written", ['"a b"', '""', '"' + "x" * 256 + '"'])
def test_a_quoted_key_is_held_to_the_same_rules(written: str) -> None:
    answer = Counter().answer(event(json.dumps(FORM), {"Idempotency-Key": written}))

    assert answer.status in {400, 201}
    assert (answer.status == 201) == (written == '""')  # two quotes are a bare key of two characters
