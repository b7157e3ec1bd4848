"""API Gateway's HTTP API, between a request and a function: routes, payload 2.0, and what the gateway answers by itself.

Sources: API Gateway Developer Guide, "Working with HTTP APIs" (routes, payload format, CORS, quotas). Which bodies arrive in
base64 is not documented; observed on AWS: only ``text/*``, JSON, XML and JavaScript arrive as text, so a posted HTML form
(``application/x-www-form-urlencoded``) does not.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from local.aws.sign_in import Authorizer, Unauthorized

MOST_BYTES = 10 * 1024 * 1024
"""Largest request body (quota "Payload size")."""

STAGE = "$default"

_TEXT = re.compile(r"(text/.*|application/(json|xml|javascript))\s*(;.*)?", re.IGNORECASE)

Json = dict[str, Any]
Headers = Mapping[str, str]
Query = Mapping[str, str] | Sequence[tuple[str, str]] | str


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a client sent."""

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    source_ip: str = "127.0.0.1"

    @classmethod
    def of(cls, method: str, path: str, headers: Headers, body: bytes | str, query: Query) -> HttpRequest:
        """Make a request from what is handy: the query also as pairs or inside the path, the body also as text."""
        bare, _, inside = path.partition("?")
        text = query if isinstance(query, str) else urlencode(query)
        content = body.encode() if isinstance(body, str) else body
        return cls(method.upper(), bare, text or inside, {name.lower(): value for name, value in headers.items()}, content)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What the client gets."""

    status: int
    headers: Headers
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API, and the function behind it."""

    key: str
    """``GET /path`` or ``$default``; the method may be ``ANY``."""
    function: str
    """ARN."""
    authorizer: Authorizer | None = None
    """Who must have vouched for the caller; ``None``: anybody may call."""

    def match(self, method: str, path: str) -> tuple[int, dict[str, str]] | None:
        """Give how well a request fits (more is better) and the path's parameters; ``None`` if it does not."""
        if self.key == "$default":
            return 0, {}
        wanted, _, pattern = self.key.partition(" ")
        found = re.fullmatch(_as_expression(pattern), path)
        if found is None or wanted not in {method, "ANY"}:
            return None
        exact = 4 if "{" not in pattern else 2 if "+}" not in pattern else 1
        return exact * 2 + (wanted == method), {name: unquote(value) for name, value in found.groupdict().items()}


def _as_expression(pattern: str) -> str:
    parts = re.split(r"(\{\w+\+?\})", pattern)
    return "".join(_part(each) for each in parts)


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part.strip("{}+")
    return f"(?P<{name}>.+)" if part.endswith("+}") else f"(?P<{name}>[^/]+)"


@dataclass(frozen=True, slots=True)
class HttpApi:
    """The deployed API."""

    id: str
    region: str
    account: str
    routes: tuple[Route, ...]
    cors: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Json] = field(default_factory=dict)
    """JSON Web Key Sets by issuer."""

    def find(self, request: HttpRequest) -> tuple[Route, dict[str, str]] | None:
        """Find the route that fits best, with the path's parameters."""
        fitting = [(*match, route) for route in self.routes if (match := route.match(request.method, request.path))]
        if not fitting:
            return None
        _, parameters, route = max(fitting, key=lambda each: each[0])
        return route, parameters

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Answer what never reaches a function: a preflight, too large a body, no such route, no valid token."""
        if self.cors and request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return HttpResponse(204, self.cors_headers(request, preflight=True), b"")
        if len(request.body) > MOST_BYTES:
            return _message(413, "Request Entity Too Large")
        found = self.find(request)
        if found is None:
            return _message(404, "Not Found")  # for an unknown method too: HTTP APIs know no 405
        try:
            self._authorized(request, found[0])
        except Unauthorized as error:
            return self._unauthorized(request, str(error))
        return None

    def _unauthorized(self, request: HttpRequest, why: str) -> HttpResponse:
        said = f'Bearer scope="" error="invalid_token" error_description="{why}"' if why else "Bearer"
        refusal = _message(401, "Unauthorized")
        return HttpResponse(401, {**refusal.headers, "www-authenticate": said, **self.cors_headers(request)}, refusal.body)

    def _authorized(self, request: HttpRequest, route: Route) -> Json:
        """Give what the authorizer hands on to the function. Raises ``Unauthorized``."""
        if route.authorizer is None:
            return {}
        now = datetime.now(UTC).timestamp()
        claims = route.authorizer.claims(request.headers.get("authorization", ""), self.keys, now)
        return {"authorizer": {"jwt": {"claims": claims, "scopes": None}}}

    def source_arn(self, route: Route) -> str:
        """Give what the function's policy must let in."""
        method, _, path = route.key.partition(" ")
        method = "*" if method == "ANY" else method
        return f"arn:aws:execute-api:{self.region}:{self.account}:{self.id}/{STAGE}/{method}{path}"

    def event(self, request: HttpRequest, route: Route, parameters: Mapping[str, str], request_id: str) -> Json:
        """Give the event of payload format 2.0."""
        as_text = bool(_TEXT.fullmatch(request.headers.get("content-type", "")))
        domain = f"{self.id}.execute-api.{self.region}.amazonaws.com"
        cookies = [each.strip() for each in request.headers.get("cookie", "").split(";") if each.strip()]
        event = {
            "version": "2.0",
            "routeKey": route.key,
            "rawPath": request.path,
            "rawQueryString": request.query,
            "cookies": cookies,
            "headers": self._headers(request, domain),
            "queryStringParameters": _joined(parse_qsl(request.query, keep_blank_values=True)),
            "pathParameters": dict(parameters),
            "requestContext": self._context(request, route, domain, request_id),
            "body": request.body.decode("utf-8", "replace") if as_text else base64.b64encode(request.body).decode(),
            "isBase64Encoded": not as_text,
        }
        if not request.body:
            event |= {"body": None, "isBase64Encoded": False}
        optional = ("cookies", "queryStringParameters", "pathParameters", "body")
        return {name: value for name, value in event.items() if value or name not in optional}

    def response(self, request: HttpRequest, result: Any) -> HttpResponse:
        """Read what a function returned. What is no response at all is an error of the server."""
        if not isinstance(result, Mapping) or "statusCode" not in result:
            content = b"" if result is None else (result if isinstance(result, str) else json.dumps(result)).encode()
            return HttpResponse(200, {"content-type": "application/json", **self.cors_headers(request)}, content)
        headers = {str(name).lower(): str(value) for name, value in (result.get("headers") or {}).items()}
        headers.setdefault("content-type", "text/plain;charset=utf-8")
        body = result.get("body") or ""
        content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode("utf-8")
        headers = {**headers, **self.cors_headers(request), "content-length": str(len(content))}
        return HttpResponse(int(result["statusCode"]), headers, content, tuple(result.get("cookies") or ()))

    def cors_headers(self, request: HttpRequest, *, preflight: bool = False) -> dict[str, str]:
        """Give the headers by which a browser lets a page of another origin read the answer; none for a stranger."""
        origin, allowed = request.headers.get("origin"), self.cors.get("AllowOrigins", ())
        if not origin or not ({origin, "*"} & set(allowed)):
            return {}
        found = {"access-control-allow-origin": "*" if "*" in allowed else origin}
        if self.cors.get("AllowCredentials"):
            found["access-control-allow-credentials"] = "true"
        if self.cors.get("ExposeHeaders"):
            found["access-control-expose-headers"] = ",".join(self.cors["ExposeHeaders"])
        return found | (self._preflight() if preflight else {})

    def _preflight(self) -> dict[str, str]:
        found = {}
        for name, header in (("AllowMethods", "access-control-allow-methods"), ("AllowHeaders", "access-control-allow-headers")):
            if self.cors.get(name):
                found[header] = ",".join(self.cors[name])
        if "MaxAge" in self.cors:
            found["access-control-max-age"] = str(self.cors["MaxAge"])
        return found

    def _headers(self, request: HttpRequest, domain: str) -> dict[str, str]:
        added = {
            "host": domain,
            "content-length": str(len(request.body)),
            "x-forwarded-for": request.source_ip,
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            "x-amzn-trace-id": "Root=1-00000000-000000000000000000000000",
        }
        return added | {name: value for name, value in request.headers.items() if name != "cookie"}

    def _context(self, request: HttpRequest, route: Route, domain: str, request_id: str) -> Json:
        now = datetime.now(UTC)
        http = {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        }
        return {
            "accountId": self.account,
            "apiId": self.id,
            "domainName": domain,
            "domainPrefix": self.id,
            "http": http,
            "requestId": request_id,
            "routeKey": route.key,
            "stage": STAGE,
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
            **self._authorized(request, route),
        }


def failed() -> HttpResponse:
    """Answer for a function that raised, timed out, or may not be invoked."""
    return _message(500, "Internal Server Error")


def _message(status: int, text: str) -> HttpResponse:
    return HttpResponse(status, {"content-type": "application/json"}, json.dumps({"message": text}).encode())


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found
