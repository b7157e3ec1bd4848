"""The local stack's HTTP API answers, and hands over, as API Gateway's does."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from joserfc import jwt
from joserfc.jwk import RSAKey

from local.aws.http_api import MOST_BYTES
from local.aws.presigned_post import Post, PostRefused
from local.aws.schedules import NotPermitted
from local.aws.sign_in import Authorizer, Unauthorized
from local.aws.stack import Stack

Start = Callable[..., Stack]


def test_a_request_reaches_the_function_of_its_route_as_payload_2_0(start: Start) -> None:
    headers = {"Content-Type": "application/json", "X-Two": "2", "Cookie": "a=1; b=2"}

    response = start().request("POST", "/cases?x=1&x=2&y=", headers, '{"text": "助けて"}')

    event = response.json()
    assert (response.status, response.headers["content-type"]) == (202, "application/json")
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", "POST /cases", "/cases")
    assert (event["rawQueryString"], event["queryStringParameters"]) == ("x=1&x=2&y=", {"x": "1,2", "y": ""})
    assert (event["body"], event["isBase64Encoded"]) == ('{"text": "助けて"}', False)
    assert (event["headers"]["x-two"], event["cookies"]) == ("2", ["a=1", "b=2"])
    assert event["requestContext"]["http"] | {"userAgent": ""} == {
        "method": "POST",
        "path": "/cases",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "",
    }


def test_a_posted_html_form_arrives_in_base64(start: Start) -> None:
    event = start().request("POST", "/cases", {"Content-Type": "application/x-www-form-urlencoded"}, "token=a%2Bb").json()

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"token=a%2Bb"


def test_parameters_of_the_path_are_named(start: Start) -> None:
    event = start().request("GET", "/cases/C%2F1").json()

    assert event["pathParameters"] == {"id": "C/1"}
    assert "body" not in event
    assert "queryStringParameters" not in event


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/cases"), ("POST", "/cases/1/2")])
def test_what_has_no_route_is_not_found_and_reaches_nobody(start: Start, method: str, path: str) -> None:
    stack = start()

    response = stack.request(method, path)

    assert (response.status, response.json()) == (404, {"message": "Not Found"})
    assert stack.invocations == []


def test_a_body_of_more_than_ten_megabytes_is_too_large(start: Start) -> None:
    stack = start()

    assert stack.request("POST", "/cases", body=b"x" * (MOST_BYTES + 1)).status == 413
    assert stack.invocations == []


def test_a_function_that_raises_is_an_internal_error_without_details(small: Any, start: Start) -> None:
    small.code("web", "def handler(event, context):\n    raise ValueError('a secret')\n")
    stack = start()

    response = stack.request("POST", "/cases")

    assert (response.status, response.json()) == (500, {"message": "Internal Server Error"})
    assert len(stack.failures) == 1


def test_an_answer_json_cannot_say_is_an_internal_error(small: Any, start: Start) -> None:
    small.code("web", "def handler(event, context):\n    return {'statusCode': 200, 'body': object()}\n")

    assert start().request("POST", "/cases").status == 500


def test_a_page_may_come_with_cookies_and_bytes(small: Any, start: Start) -> None:
    small.code(
        "web",
        """
        def handler(event, context):
            return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "cookies": ["a=1"],
                    "body": "iVBORw==", "isBase64Encoded": True}
        """,
    )

    response = start().request("POST", "/cases")

    assert (response.body, response.cookies, response.headers["content-type"]) == (b"\x89PNG", ("a=1",), "image/png")


def test_a_page_of_an_allowed_origin_may_ask_first_and_read_the_answer(start: Start) -> None:
    stack = start()
    asked = {"Origin": "https://pages.example", "Access-Control-Request-Method": "POST"}

    preflight = stack.request("OPTIONS", "/cases", asked)
    answer = stack.request("POST", "/cases", {"Origin": "https://pages.example"})
    stranger = stack.request("POST", "/cases", {"Origin": "https://evil.example"})

    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "POST")
    assert answer.headers["access-control-allow-origin"] == "https://pages.example"
    assert "access-control-allow-origin" not in stranger.headers


def test_the_api_needs_the_functions_leave(small: Any, start: Start) -> None:
    stack = start()
    function = stack.deployment.identity("Web")
    client = stack.account.client("lambda")
    for statement in stack_policy(client, function):
        client.remove_permission(FunctionName=function, StatementId=statement)

    with pytest.raises(NotPermitted, match=r"apigateway\.amazonaws\.com"):
        stack.request("POST", "/cases")


def stack_policy(client: Any, function: str) -> list[str]:
    import json

    return [each["Sid"] for each in json.loads(client.get_policy(FunctionName=function)["Policy"])["Statement"]]


ISSUER = "https://login.example.com"
KEY = RSAKey.generate_key(2048, parameters={"kid": "key-1"})
KEYS = {ISSUER: {"keys": [KEY.as_dict(private=False)]}}
AUTHORIZER = Authorizer(ISSUER, ("mine", "ours"))
NOW = 2_000_000_000.0
CLAIMS = {"iss": ISSUER, "aud": "ours", "sub": "A1002003", "exp": NOW + 60}
SECRET = "secret of the tests"


def token(header: dict[str, str] | None = None, **claims: object) -> str:
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.encode(header or {"alg": "RS256", "kid": "key-1"}, said, KEY)


def test_a_valid_tokens_claims_are_handed_on_as_text() -> None:
    found = AUTHORIZER.claims(f"Bearer {token(groups=['a', 'b'])}", KEYS, NOW)

    assert (found["sub"], found["exp"], found["groups"]) == ("A1002003", "2000000060.0", "[a b]")
    assert AUTHORIZER.claims(token(), KEYS, NOW)["sub"] == "A1002003"


def test_a_client_id_stands_for_an_audience_only_where_there_is_none() -> None:
    assert AUTHORIZER.claims(token(aud=None, client_id="mine"), KEYS, NOW)
    with pytest.raises(Unauthorized, match="audience"):
        AUTHORIZER.claims(token(aud="another", client_id="mine"), KEYS, NOW)


@pytest.mark.parametrize(
    ("authorization", "why"),
    [
        ("", "^$"),
        ("Bearer ", "^$"),
        ("Bearer a.b.c", "not signed"),
        (token(iss="https://evil.example.com"), "issuer"),
        (token(aud=["another", "api"]), "audience"),
        (token(aud=None), "audience"),
        (token(exp=NOW), "expired"),
        (token(exp=None), "expired"),
        (token(nbf=NOW + 1), "not valid yet"),
        (token(iat=NOW + 1), "not valid yet"),
        (token({"alg": "RS256"}), "name its key|not signed"),
        (token()[:-8] + "AAAAAAAA", "not signed"),
    ],
)
def test_a_token_the_gateway_would_not_believe_is_not_believed_here(authorization: str, why: str) -> None:
    with pytest.raises(Unauthorized, match=why):
        AUTHORIZER.claims(authorization, KEYS, NOW)


def test_an_issuer_whose_keys_nobody_gave_has_signed_nothing() -> None:
    with pytest.raises(Unauthorized, match="issuer is not known"):
        AUTHORIZER.claims(token(), {}, NOW)


def presigned(content: bytes = b"hello", expires_in: int = 86_400, **changed: str) -> Post:
    config = Config(signature_version="s3v4")
    client = boto3.client("s3", "ap-northeast-1", aws_access_key_id="id", aws_secret_access_key=SECRET, config=config)
    conditions = [{"Content-Type": "text/plain"}, ["content-length-range", 1, 5], ["starts-with", "$x-amz-meta-name", "a"]]
    made = client.generate_presigned_post("bucket", "uploads/1", {"Content-Type": "text/plain"}, conditions, expires_in)
    fields = {**made["fields"], "x-amz-meta-name": "ab"}
    lower = {name.lower(): value for name, value in fields.items()}
    return Post("bucket", lower | {name.lower().replace("_", "-"): value for name, value in changed.items()}, content)


def test_a_file_is_taken_under_the_conditions_that_were_signed() -> None:
    presigned().require_acceptable(SECRET, datetime.now(UTC))


@pytest.mark.parametrize(
    ("post", "code"),
    [
        (presigned(b""), "EntityTooSmall"),
        (presigned(b"123456"), "EntityTooLarge"),
        (presigned(key="uploads/2"), "AccessDenied"),
        (presigned(content_type="text/html"), "AccessDenied"),
        (presigned(x_amz_meta_name="b"), "AccessDenied"),
        (presigned(acl="public-read"), "AccessDenied"),
        (presigned(expires_in=-1), "AccessDenied"),
        (presigned(policy="e30="), "SignatureDoesNotMatch"),
        (presigned(x_amz_signature=""), "SignatureDoesNotMatch"),
        (Post("bucket", {"key": "uploads/1"}, b"x"), "SignatureDoesNotMatch"),
        (replace(presigned(), bucket="another"), "AccessDenied"),
    ],
)
def test_a_file_is_refused_outside_the_conditions_that_were_signed(post: Post, code: str) -> None:
    with pytest.raises(PostRefused) as refused:
        post.require_acceptable(SECRET, datetime.now(UTC))
    assert refused.value.code == code


def test_a_signature_with_another_key_is_none() -> None:
    with pytest.raises(PostRefused, match="SignatureDoesNotMatch"):
        presigned().require_acceptable("another secret", datetime.now(UTC))
