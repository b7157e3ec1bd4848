"""The local stack's HTTP API answers, and hands over, as API Gateway's does."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from local.aws.http_api import MOST_BYTES
from local.aws.schedules import NotPermitted
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
