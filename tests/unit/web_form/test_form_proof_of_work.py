"""Proof of work instead of a riddle: asked of strangers only, good once, for one message and its retries."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.web_form.proof_of_work import LIFETIME
from tests.unit.web_form.counter_of_forms import FORM, Answer, Counter, event

KEY = {"Idempotency-Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}


def challenge(counter: Counter, at: float | None = None) -> dict[str, Any]:
    now = int((time.time() if at is None else at) * 1000)
    answer = counter.answer(event(None, route="GET /challenge", received_at=now))
    assert answer.status == 200
    return answer.body


def solved(made: dict[str, Any]) -> str:
    found = solve_challenge(Challenge.from_dict(made))
    assert found is not None
    return Payload(Challenge.from_dict(made), found).to_base64()


def send(counter: Counter, solution: str | None, **request: Any) -> Answer:
    return counter.post({**FORM, **({} if solution is None else {"altcha": solution})}, **request)


def code(answer: Answer) -> str:
    assert answer.body["type"] == "urn:casework:problem:proof-of-work"
    return answer.complaints["#/altcha"]


def test_a_form_with_a_solution_is_taken_and_one_without_is_not() -> None:
    counter = Counter(asks_for_work=True)

    assert code(send(counter, None)) == "proof_missing"
    assert counter.desk.messages == []
    assert send(counter, solved(challenge(counter))).status == 201


def test_where_no_work_is_asked_there_is_no_challenge_and_a_solution_is_no_mistake() -> None:
    counter = Counter()

    assert counter.answer(event(None, route="GET /challenge")).status == 404
    assert send(counter, "whatever").status == 201


def test_a_solution_is_good_for_one_message() -> None:
    counter = Counter(asks_for_work=True)
    solution = solved(challenge(counter))

    assert send(counter, solution, request_id="request-1").status == 201
    assert code(send(counter, solution, request_id="request-2")) == "proof_used"
    assert len(counter.desk.messages) == 1


def test_a_retry_may_bring_the_same_solution_or_another() -> None:
    counter = Counter(asks_for_work=True)
    solution = solved(challenge(counter))

    answers = [send(counter, each, headers=KEY) for each in (solution, solution, solved(challenge(counter)))]

    assert [each.status for each in answers] == [201, 200, 200]


def test_a_solution_in_other_letters_is_the_same_solution() -> None:
    counter = Counter(asks_for_work=True)
    solution = solved(challenge(counter))
    send(counter, solution)
    payload = json.loads(base64.b64decode(solution))
    payload["challenge"]["signature"] = payload["challenge"]["signature"].upper()
    payload["solution"]["time"] = 7

    again = send(counter, base64.b64encode(json.dumps(payload).encode()).decode(), request_id="request-2")

    assert code(again) in {"proof_used", "proof_invalid"}


def test_an_expired_challenge_says_so() -> None:
    counter = Counter(asks_for_work=True)
    made = challenge(counter, at=time.time() - LIFETIME.total_seconds() - 5)

    assert code(send(counter, solved(made))) == "proof_expired"


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("parameters", "cost", 2),
        ("parameters", "keyPrefix", ""),
        ("parameters", "expiresAt", 4_000_000_000),
        ("parameters", "nonce", "00" * 16),
        ("parameters", "algorithm", "SHA-256"),
    ],
)
def test_nobody_makes_a_challenge_easier(part: str, name: str, value: object) -> None:
    counter = Counter(asks_for_work=True)
    made = challenge(counter)
    made[part][name] = value

    assert code(send(counter, solved(made))) == "proof_invalid"


def test_a_challenge_that_somebody_else_signed_is_not_ours() -> None:
    from altcha import create_challenge

    made = create_challenge("PBKDF2/SHA-256", 1, hmac_secret="another secret", expires_at=int(time.time()) + 60).to_dict()

    assert code(send(Counter(asks_for_work=True), solved(made))) == "proof_invalid"


def test_who_is_signed_in_is_asked_for_nothing() -> None:
    counter = Counter(asks_for_work=True)

    assert counter.post(claims={"sub": "A1002003"}, route="POST /me/cases").status == 201


def test_a_wrong_form_does_not_use_up_a_solution() -> None:
    counter = Counter(asks_for_work=True)
    solution = solved(challenge(counter))

    assert counter.post({"altcha": solution}).status == 400
    assert send(counter, solution, request_id="request-2").status == 201


def test_what_remains_of_a_solution_is_forgotten() -> None:
    counter = Counter(asks_for_work=True)
    send(counter, solved(challenge(counter)))
    (proof,) = counter.table.of_kind("proof")

    assert set(proof) == {"pk", "sk", "kind", "spent_on", "expires_at"}


pieces = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=20), lambda each: st.lists(each, max_size=3), max_leaves=4
)
payloads = st.fixed_dictionaries(
    {
        "challenge": pieces
        | st.fixed_dictionaries(
            {
                "parameters": st.fixed_dictionaries(
                    {"algorithm": pieces, "nonce": pieces, "salt": pieces, "cost": pieces},
                    optional={"expiresAt": pieces, "data": pieces},
                ),
                "signature": pieces,
            }
        ),
        "solution": pieces | st.fixed_dictionaries({"counter": pieces, "derivedKey": pieces}),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | (payloads | pieces).map(lambda each: base64.b64encode(json.dumps(each).encode()).decode()))
def test_any_solution_is_answered(solution: str) -> None:
    assert send(Counter(asks_for_work=True), solution).status == 400
