"""Reading JSON that somebody else wrote: nothing in it is trusted to be there, nor to be of the type it should be.

Every accessor takes any value and never raises: what is not as it should be reads as absent.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from casework.errors import UnreadableMessage

MAX_MILLIS = 10**9
"""Eleven days. Transcribe takes four hours at most, so an offset beyond this is noise."""

_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""Lone surrogates and control characters: JSON can carry them, UTF-8 or a table cannot."""


def parse(raw: bytes) -> object:
    """Parse JSON in any encoding JSON may have. Raises ``UnreadableMessage`` with cause ``empty`` or ``not_json``."""
    if not raw.strip():
        raise UnreadableMessage("empty")
    try:
        return json.loads(raw, strict=False)
    except (ValueError, RecursionError) as error:
        # Not chained: the decoder's error carries the whole text.
        raise UnreadableMessage("not_json", type(error).__name__) from None


def fields(value: object) -> Mapping[str, object]:
    """Return an object's members, or none."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> Sequence[object]:
    """Return an array's entries, or none."""
    return value if isinstance(value, list) else ()


def objects(value: object) -> Iterator[Mapping[str, object]]:
    """Those entries of an array that are objects."""
    return (entry for entry in entries(value) if isinstance(entry, dict))


def at(value: object, *path: str) -> object:
    """Return what lies at a path of keys, or ``None``."""
    for key in path:
        value = fields(value).get(key)
    return value


def text(value: object) -> str:
    """Return a string as one line that can be stored: white space is one space, what UTF-8 cannot write is U+FFFD."""
    if not isinstance(value, str):
        return ""
    return _UNWRITABLE.sub("\ufffd", " ".join(value.split()))


def texts(value: object) -> list[str]:
    """Return the strings of an array that are not empty."""
    return [line for line in map(text, entries(value)) if line]


def number(value: object) -> float | None:
    """Return a finite number, also one written as a string (Transcribe writes seconds so)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def millis(value: object, *, per_unit: int = 1) -> int | None:
    """Return an offset in milliseconds from 0 to ``MAX_MILLIS``; ``per_unit`` is 1000 for a value in seconds."""
    offset = number(value)
    if offset is None or not 0 <= offset * per_unit <= MAX_MILLIS:
        return None
    return round(offset * per_unit)
