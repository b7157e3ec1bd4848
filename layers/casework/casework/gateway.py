"""What an API Gateway HTTP API sends a function and takes back: payload format 2.0, read once and kept small.

The format: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from casework.errors import NotOurEvent, UnreadableMessage

Reply = dict[str, Any]
"""What the gateway takes for an answer: ``statusCode``, ``headers``, ``body``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. Its body is not looked at before somebody asks for ``content``."""

    method: str
    request_id: str
    """The gateway's own id of the request, unique per request."""
    received_at: datetime
    """When the gateway had it, aware UTC."""
    route: str = ""
    """The key of the route it came by, such as ``POST /cases``."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name; a header that came several times is joined with commas."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Decoded query parameters; one that came several times is joined with commas."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """What a JWT authorizer found in a valid token; empty when nobody is signed in."""
    body: str = ""
    body_is_base64: bool = False

    def header(self, name: str) -> str:
        """Look up a header's value without surrounding blanks, or empty. ``name`` in any case."""
        return self.headers.get(name.lower(), "").strip()

    @property
    def media_type(self) -> tuple[str, str]:
        """Of the body: type and charset in lower case, each empty when not declared."""
        declared, *parameters = self.header("content-type").lower().split(";")
        named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
        return declared.strip(), named.get("charset", "").strip('"')

    def content(self, limit: int) -> bytes:
        """Decode the body, at most ``limit`` bytes.

        Raises ``UnreadableMessage``: ``too_large``, ``not_base64``, or ``not_utf8`` for text that is no Unicode.
        """
        content = self._decoded(limit) if self.body_is_base64 else self._encoded(limit)
        if len(content) > limit:
            raise UnreadableMessage("too_large")
        return content

    def _encoded(self, limit: int) -> bytes:
        if len(self.body) > limit:
            raise UnreadableMessage("too_large")
        try:
            return self.body.encode()
        except UnicodeEncodeError as error:
            raise UnreadableMessage("not_utf8") from error

    def _decoded(self, limit: int) -> bytes:
        if len(self.body) > 4 * (limit // 3 + 1):
            raise UnreadableMessage("too_large")
        try:
            return base64.b64decode(self.body, validate=True)
        except (ValueError, binascii.Error) as error:
            raise UnreadableMessage("not_base64") from error


def read(event: object) -> Request:
    """Read the request of an event. Raises ``NotOurEvent`` for anything but an HTTP API's payload 2.0."""
    if not isinstance(event, dict) or event.get("version") != "2.0":
        raise NotOurEvent("expected an API Gateway HTTP API event with payload format 2.0; this is another kind of event")
    try:
        if _is_another_kind(event):
            raise NotOurEvent("expected an HTTP API's request; this is an authorizer's event or a function URL's request")
        return _request(event)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise NotOurEvent(f"the HTTP API event lacks a valid requestContext, headers or body: {type(error).__name__}") from error


def _is_another_kind(event: Mapping[str, Any]) -> bool:
    """Two other services send the same format: Lambda function URLs, and HTTP APIs to their authorizers."""
    return "routeArn" in event or ".lambda-url." in str(event["requestContext"].get("domainName", ""))


def _request(event: Mapping[str, Any]) -> Request:
    context = event["requestContext"]
    return Request(
        method=context["http"]["method"].upper(),
        request_id=str(context["requestId"]),
        received_at=datetime.fromtimestamp(context["timeEpoch"] / 1000, UTC),
        route=str(event.get("routeKey") or ""),
        headers={name.lower(): str(value) for name, value in (event.get("headers") or {}).items()},
        query={name: str(value) for name, value in (event.get("queryStringParameters") or {}).items()},
        claims=_claims(context),
        body=str(event.get("body") or ""),
        body_is_base64=event.get("isBase64Encoded") is True,
    )


def _claims(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Only what a JWT authorizer puts there: other authorizers write beside ``jwt`` and vouch for other things."""
    authorizer = context.get("authorizer") or {}
    return dict((authorizer.get("jwt") or {}).get("claims") or {})


def reply(status: int, body: str, headers: Mapping[str, str]) -> Reply:
    """Answer with a text body."""
    return {"statusCode": status, "headers": dict(headers), "body": body, "isBase64Encoded": False}
