"""The form's other routes on the whole system: signing in, proof of work, files, retries, and never being written to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

from functions.web_form.form import message, read
from local.aws.http_api import HttpResponse
from local.aws.stack import Stack

ISSUER = "https://login.example.com"
KEY = RSAKey.generate_key(2048, parameters={"kid": "key-1"})
OTHER = RSAKey.generate_key(2048, parameters={"kid": "key-1"})
JSON = {"content-type": "application/json"}
STRANGER = {
    "description": "Someone is withdrawing all my bitcoin right now. Please freeze my account!",
    "email": "victim@example.net",
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    chosen = {
        "PublicUrl": "https://cases.example.com",
        "JwtIssuer": ISSUER,
        "JwtAudience": "casework",
        "ProofOfWork": "required",
        "ProofOfWorkCost": "1000",
        "RequireIdempotencyKey": "true",
    }
    with Stack.start(chosen) as stack:
        stack.trust(ISSUER, {"keys": [KEY.as_dict(private=False)]})
        yield stack


def token(signed_by: RSAKey = KEY, **claims: object) -> str:
    now = int(time.time())
    said = {"iss": ISSUER, "aud": "casework", "sub": "A1002003", "iat": now, "exp": now + 60} | claims
    return jwt.encode({"alg": "RS256", "kid": "key-1"}, said, signed_by)


def post(stack: Stack, path: str, body: Mapping[str, object], **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return stack.request("POST", path, {**JSON, **named}, json.dumps(body))


def solution(stack: Stack) -> str:
    made = Challenge.from_dict(stack.request("GET", "/challenge").json())
    found = solve_challenge(made)
    assert found is not None
    return Payload(made, found).to_base64()


def message_of(stack: Stack, text: str) -> dict[str, Any]:
    (found,) = [item for item in stack.items() if item["kind"] in {"message", "quarantined"} and item.get("text") == text]
    return dict(found)


def test_a_signed_in_customer_is_known_and_a_stranger_only_claims(stack: Stack) -> None:
    mine = post(
        stack, "/me/cases", {"description": "Where is my deposit?"}, authorization=f"Bearer {token()}", idempotency_key="k1"
    )
    claimed = {"description": "Where is my deposit, please?", "account": "A1002003", "altcha": solution(stack)}
    theirs = post(stack, "/cases", claimed, idempotency_key="k2")

    assert (mine.status, theirs.status) == (201, 201)
    logged = {line["reference"]: line["unverified"] for _, line in stack.logs if line.get("message") == "message_received"}
    assert logged[mine.json()["reference"]] is False
    assert logged[theirs.json()["reference"]] is True


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer x.y.z",
        token(OTHER),
        token(iss="https://evil.example.com"),
        token(aud="another api"),
        token(exp=int(time.time()) - 1),
        token(nbf=int(time.time()) + 600),
        "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ.e30.",
    ],
)
def test_without_a_valid_token_nobody_gets_to_the_door_of_customers(stack: Stack, authorization: str) -> None:
    before = len(stack.invocations)

    response = post(stack, "/me/cases", {"description": "Let me in"}, authorization=authorization, idempotency_key="k3")

    assert (response.status, response.json()) == (401, {"message": "Unauthorized"})
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert len(stack.invocations) == before


def test_a_token_on_the_open_route_vouches_for_nobody(stack: Stack) -> None:
    body = {"description": "I am who I say", "account": "A1002003"}

    assert post(stack, "/cases", body, authorization=f"Bearer {token()}", idempotency_key="k4").status == 400  # no proof of work


def test_a_stranger_attaches_a_file_and_an_analyst_finds_what_it_is(stack: Stack) -> None:
    content = "id,amount\r\n1,出金\r\n".encode()
    wanted = {"files": [{"name": "history.csv", "type": "text/csv", "size": len(content)}], "altcha": solution(stack)}
    (upload,) = post(stack, "/uploads", wanted).json()["uploads"]
    form = {"description": "My history is attached.", "email": "ken@example.net", "attachments": [upload["id"]]}

    assert post(stack, "/cases", {**form, "altcha": solution(stack)}, idempotency_key="k5").status == 422
    assert stack.upload(upload["url"], upload["fields"], content).status == 204
    assert post(stack, "/cases", {**form, "altcha": solution(stack)}, idempotency_key="k5").status == 201

    found = message_of(stack, "My history is attached.")
    (attachment,) = found["attachments"]
    assert (attachment["name"], attachment["media_type"], attachment["size"]) == ("history.csv", "text/csv", len(content))
    assert "出金" in attachment["text"]
    assert found["facts"]["attachment_1"].startswith("s3://")


def test_a_browser_on_this_machine_finds_the_bucket_where_it_found_the_api(stack: Stack) -> None:
    wanted = {"files": [{"name": "a.png", "type": "image/png", "size": 12}], "altcha": solution(stack)}
    (upload,) = post(stack, "/uploads", wanted, host="localhost:8080").json()["uploads"]
    content = b"\x89PNG\r\n\x1a\n\r\r\n\n"
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    before = "".join([*(part.format(*each) for each in upload["fields"].items()), file])
    browser = {"host": "localhost:8080", "content-type": "multipart/form-data; boundary=b"}

    address = upload["url"].removeprefix("http://localhost:8080")
    answer = stack.request("POST", address, browser, before.encode() + content + b"\r\n--b--\r\n")
    form = {"description": "See the picture.", "email": "ken@example.net", "attachments": [upload["id"]]}
    sent = post(stack, "/cases", {**form, "altcha": solution(stack)}, idempotency_key="k7")

    assert (answer.status, sent.status) == (204, 201)
    assert message_of(stack, "See the picture.")["attachments"][0]["size"] == len(content)


def test_a_retry_is_answered_with_the_first_answer_and_a_missing_key_with_a_link(stack: Stack) -> None:
    form = {**STRANGER, "altcha": solution(stack)}

    first, again = (post(stack, "/cases", form, idempotency_key="k6") for _ in range(2))
    missing = post(stack, "/cases", form)

    assert (first.status, again.status, missing.status) == (201, 200, 400)
    assert first.json() == again.json()
    assert "openapi.json" in missing.headers["link"]


def test_while_the_first_request_is_at_work_the_second_is_told_to_come_back(stack: Stack) -> None:
    sent = {"description": "My deposit has not arrived.", "email": "ken@example.net"}
    source = message(read(sent, ""), name="key:k8", account="", received_at=datetime.now(UTC)).source
    key = {"pk": f"FLIGHT#{source.message_id}", "sk": "FLIGHT"}
    at_work = {**key, "kind": "flight", "digest": source.digest, "request": "the first", "until": int(time.time()) + 30}

    answers = []
    for claim in (at_work, at_work | {"digest": "of another payload"}, at_work | {"until": int(time.time()) - 1}):
        stack.table().put_item(Item=claim)
        answers.append(post(stack, "/cases", {**sent, "altcha": solution(stack)}, idempotency_key="k8"))

    assert [each.status for each in answers] == [409, 422, 201]
    assert (answers[0].json()["type"], answers[0].headers["retry-after"]) == ("urn:casework:problem:request-in-flight", "2")


def test_the_api_describes_itself_and_reads_nothing_for_it(stack: Stack) -> None:
    before = len(stack.calls)

    document, schema = stack.request("GET", "/openapi.json"), stack.request("GET", "/cases/schema.json")

    assert (document.json()["openapi"], document.headers["content-type"]) == ("3.1.0", "application/openapi+json")
    assert "description" in schema.json()["required"]
    assert len(stack.calls) == before


def test_nothing_is_ever_sent_to_an_address_that_was_typed(stack: Stack) -> None:
    """An escalation was raised for the stranger's form above; analysts are told, and nobody else."""
    stack.pump()

    assert stack.notifications("FraudTopic")
    topics = set(stack.deployment.of_kind("AWS::SNS::Topic").values())
    assert {call.resource for call in stack.calls if call.action == "sns:Publish"} <= topics
    subscribers = stack.account.client("sns").list_subscriptions()["Subscriptions"]
    assert {each["Protocol"] for each in subscribers} == {"sqs"}  # this stack's own taps: no address was given
    assert not [call for call in stack.calls if call.action.split(":")[0] in {"ses", "sesv2", "pinpoint", "sms-voice", "connect"}]
    assert stack.refused == []
