"""The body of a request: one JSON object in UTF-8, read strictly, for whatever route it came by."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from casework.errors import UnreadableMessage
from casework.gateway import Request

MAX_BODY = 64 * 1024
"""Bytes of a request's body."""
OUR_TYPES = (("application/json", ""), ("application/json", "utf-8"))
LOST = "\ufffd"
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which no UTF-8 can hold; a cut emoji must not cost a customer their form."""


def of(request: Request) -> dict[str, Any]:
    """The object in a request's body. Raises ``UnreadableMessage``, ``unsupported_media_type`` and those of ``read``."""
    if request.media_type not in OUR_TYPES or request.header("content-encoding") not in ("", "identity"):
        raise UnreadableMessage("unsupported_media_type")
    return read(request.content(MAX_BODY))


def read(content: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises ``UnreadableMessage``: ``not_utf8``, ``not_json``, ``not_an_object``, or ``duplicate_field`` with the field as its
    detail.
    """
    document = _document(content)
    if not isinstance(document, dict):
        raise UnreadableMessage("not_an_object")
    return document


def _document(content: bytes) -> Any:
    """JSON as RFC 8259 has it: no ``NaN``, no name twice, no nesting beyond reason."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unambiguous, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise UnreadableMessage("not_utf8") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableMessage("not_json") from error


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for written, value in pairs:
        name = UNWRITABLE.sub(LOST, written)
        if name in document:
            raise UnreadableMessage("duplicate_field", name)
        document[name] = value
    return document


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
