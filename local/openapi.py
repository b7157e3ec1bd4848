"""The web form's API in OpenAPI 3.1 and its form in JSON Schema, written from the code that answers.

``make schemas`` writes both beside the function, which serves them; a contract test holds them against the code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from functions.web_form.form import Form
from functions.web_form.idempotency import MAX_KEY
from functions.web_form.problems import STATUS
from functions.web_form.publications import FOLDER
from functions.web_form.upload_request import UploadRequest
from functions.web_form.wording import ENGLISH

Json = dict[str, Any]

VERSION = "1.0.0"
"""Raised when a client could break."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMPONENT = "#/components/schemas/{model}"
ANSWERABLE = [{"required": [name], "properties": {name: {"type": "string", "minLength": 1}}} for name in ("email", "account")]
"""Somebody who is not signed in says how to answer."""
TEXT: Json = {"type": "string"}
INSTANT: Json = {"type": "string", "format": "date-time"}
SIGNED_IN = "Customer"
TAKEN = ["unreadable-body", "invalid-fields", "proof-of-work", "body-too-large", "unsupported-media-type", "unavailable"]
KEYED = [
    "idempotency-key-missing",
    "invalid-idempotency-key",
    "request-in-flight",
    "idempotency-key-reused",
    "unusable-attachments",
]

IDEMPOTENCY = (
    "Makes a retry the same request (draft-ietf-httpapi-idempotency-key-header): a new UUID for each message, quoted or not. "
    "Required where the deployment says so. The same key with the same content is answered with the first answer and 200; with "
    "other content with 422; while the first request is still being processed with 409. The solved challenge is no part of the "
    "content. Keys are remembered as long as messages can be replayed."
)


def form_schema() -> Json:
    """What ``POST /cases`` takes, as a document of its own."""
    return {"$schema": DIALECT, **Form.model_json_schema(), "anyOf": ANSWERABLE}


def document() -> Json:
    """The whole API."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "casework: the web form",
            "version": VERSION,
            "description": "Customers' messages, in English or Japanese. Answers never tell what became of a message.",
        },
        "paths": {
            "/cases": {"post": _form("send", "Send a message", "Form", anonymous=True)},
            "/me/cases": {"post": _form("sendSignedIn", "Send a message, signed in", "SignedInForm", anonymous=False)},
            "/uploads": {"post": _uploads("upload", "Ask where to upload files", anonymous=True)},
            "/me/uploads": {"post": _uploads("uploadSignedIn", "Ask where to upload files, signed in", anonymous=False)},
            "/challenge": {"get": _challenge()},
            "/openapi.json": {"get": _published("openapi", "This document", "application/openapi+json")},
            "/cases/schema.json": {"get": _published("formSchema", "The form's JSON Schema", "application/schema+json")},
        },
        "components": {
            "schemas": _schemas(),
            "parameters": {"IdempotencyKey": _idempotency_key(), "AcceptLanguage": _accept_language()},
            "securitySchemes": {SIGNED_IN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _form(name: str, summary: str, schema: str, *, anonymous: bool) -> Json:
    parameters = [{"$ref": "#/components/parameters/IdempotencyKey"}, {"$ref": "#/components/parameters/AcceptLanguage"}]
    answers = {"201": _answer("Received.", "Received"), "200": _answer("Received before: the first answer again.", "Received")}
    return _operation(name, summary, anonymous, _body(schema), answers | _problems([*TAKEN, *KEYED])) | {"parameters": parameters}


def _uploads(name: str, summary: str, *, anonymous: bool) -> Json:
    answers = {"201": _answer("Where to post each file, in order.", "UploadsOffered")} | _problems(TAKEN)
    body = _body("UploadRequest")
    parameters = [{"$ref": "#/components/parameters/AcceptLanguage"}]
    return _operation(name, summary, anonymous, body, answers) | {"parameters": parameters}


def _operation(name: str, summary: str, anonymous: bool, body: Json, answers: Json) -> Json:
    gateways = {"429": _answer("Too many requests; the gateway's own answer.", "GatewayMessage")}
    if not anonymous:
        gateways["401"] = _answer("No valid token; the gateway's own answer.", "GatewayMessage")
    security: Json = {"security": [] if anonymous else [{SIGNED_IN: []}]}
    return {"operationId": name, "summary": summary, "requestBody": body, "responses": answers | gateways} | security


def _challenge() -> Json:
    answers = {"200": _answer("A challenge for ALTCHA's widget.", "Challenge")} | _problems(["not-found", "unavailable"])
    return {"operationId": "challenge", "summary": "Get a challenge to solve", "responses": answers, "security": []}


def _published(name: str, summary: str, media_type: str) -> Json:
    answer = {"description": summary, "content": {media_type: {"schema": {"type": "object"}}}}
    return {"operationId": name, "summary": summary, "responses": {"200": answer}, "security": []}


def _body(schema: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": _reference(schema)}}}


def _answer(description: str, schema: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _reference(schema)}}}


def _problems(kinds: list[str]) -> Json:
    """One response for each status, which names every kind of problem that has it."""
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(STATUS[kind], []).append(kind)
    return {str(status): _problem(status, found) for status, found in sorted(by_status.items())}


def _problem(status: int, kinds: list[str]) -> Json:
    titles = "; ".join(f"`{kind}`: {ENGLISH[f'{kind}.title']}" for kind in kinds)
    content = {"application/problem+json": {"schema": _reference("Problem")}}
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in {409, 503} else {}
    return {"description": f"{titles}.", "headers": headers, "content": content}


def _reference(schema: str) -> Json:
    return {"$ref": COMPONENT.format(model=schema)}


def _idempotency_key() -> Json:
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY}
    return {"name": "Idempotency-Key", "in": "header", "description": IDEMPOTENCY, "schema": schema}


def _accept_language() -> Json:
    return {"name": "Accept-Language", "in": "header", "description": "English or Japanese.", "schema": TEXT}


def _schemas() -> Json:
    signed_in = Form.model_json_schema(ref_template=COMPONENT)
    uploads = UploadRequest.model_json_schema(ref_template=COMPONENT)
    return {
        "Form": signed_in | {"anyOf": ANSWERABLE},
        "SignedInForm": signed_in | {"title": "SignedInForm"},
        **uploads.pop("$defs"),
        "UploadRequest": uploads,
        "Received": _object(reference=TEXT, received_at=INSTANT, message=TEXT),
        "UploadsOffered": _object(uploads={"type": "array", "items": _reference("Upload")}),
        "Upload": _object(id=TEXT, url={"type": "string", "format": "uri"}, fields=_texts(), expires_at=INSTANT),
        "Challenge": _object(parameters={"type": "object"}, signature=TEXT),
        "Problem": _problem_document(),
        "GatewayMessage": _object(message=TEXT),
    }


def _problem_document() -> Json:
    wrong = _object(pointer=TEXT, code=TEXT, message=TEXT)
    always = _object(
        type={"enum": [f"urn:casework:problem:{kind}" for kind in STATUS]},
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        instance=TEXT,
    )
    always["properties"]["errors"] = {"type": "array", "items": wrong}
    return always | {"description": "Why a request was not taken (RFC 9457), in the language of Content-Language."}


def _object(**properties: Mapping[str, Any]) -> Json:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _texts() -> Json:
    return {"type": "object", "additionalProperties": TEXT}


def files() -> dict[str, str]:
    """What is served, by file name."""
    made = {"openapi.json": document(), "form.schema.json": form_schema()}
    return {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in made.items()}


def write() -> None:
    """Write what is served."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
