"""What an analyst asks for, and the strict reading of it: every mistake is named by its field."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.case import Severity
from casework.errors import InvalidCommand
from casework.times import parse

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "merge": ("case", "into"),
    "unmerge": ("case",),
    "split": ("case", "messages"),
    "link": ("case", "other"),
    "unlink": ("case", "other"),
    "reclassify": ("case", "category"),
    "close": ("case",),
    "reopen": ("case",),
    "link_identity": ("identity", "with"),
    "unlink_identity": ("identity",),
    "remove_member": ("campaign", "case"),
    "exclude_indicator": ("campaign", "indicator"),
    "close_campaign": ("campaign",),
    "join_campaign": ("campaign", "into"),
}
"""What each command needs besides who and why."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {"reclassify": ("severity",), "unlink_identity": ("cases",)}
EVERY = ("command", "by", "reason")
EVERY_OPTIONAL = ("id", "at")
MAX_LISTED = 20
"""Messages or cases that one command may name; with everything else it writes it stays far below a transaction's hundred."""
AHEAD = timedelta(minutes=5)
"""How far an analyst's clock may be ahead of ours."""

_PATTERNS = {
    "case": (r"[0-9a-f]{16}", "the id of a case, 16 hexadecimal digits"),
    "into": (r"[0-9a-f]{16}", "the id of another one, 16 hexadecimal digits"),
    "other": (r"[0-9a-f]{16}", "the id of a case, 16 hexadecimal digits"),
    "identity": (r"[0-9a-f]{32}", "the key of an identity, 32 hexadecimal digits"),
    "with": (r"[0-9a-f]{32}", "the key of an identity, 32 hexadecimal digits"),
    "campaign": (r"[0-9a-f]{16}", "the id of a campaign, 16 hexadecimal digits"),
    "indicator": (r"[a-z_]{1,32}\.[0-9a-f]{20}", "the id of an indicator, such as domain. and 20 hexadecimal digits"),
    "id": (r"[A-Za-z0-9._:-]{1,64}", "1 to 64 letters, digits, dots, colons, hyphens or underscores"),
    "category": (r"[a-z0-9_]{1,64}", "the name of a category"),
    "by": (
        r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?",
        "who gives the command, on one line of at most 200 characters",
    ),
}
_LISTED = {
    "messages": (r"[0-9a-f]{32}", f"1 to {MAX_LISTED} different ids of messages, each of 32 hexadecimal digits"),
    "cases": (r"[0-9a-f]{16}", f"1 to {MAX_LISTED} different ids of cases, each of 16 hexadecimal digits"),
}
MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing that one person wants done to a case, a customer or a campaign, and why."""

    name: str
    command_id: str
    """The invoker's own, or a digest of all the rest."""
    digest: str
    named: bool
    """Whether the invoker gave the id."""
    by: str
    at: datetime
    reason: str
    case: str = ""
    other: str = ""
    """The case it is merged into, linked with or unlinked from."""
    messages: tuple[str, ...] = ()
    category: str = ""
    severity: Severity | None = None
    identity: str = ""
    other_identity: str = ""
    """The one it is linked with."""
    cases: tuple[str, ...] | None = None
    campaign: str = ""
    other_campaign: str = ""
    """The one that it is joined into."""
    indicator: str = ""


def read(given: Mapping[str, Any], now: datetime) -> Command:
    """Read a command. Raises ``InvalidCommand`` for the first field that is missing, unknown or wrong."""
    name = given.get("command")
    if not isinstance(name, str) or name not in REQUIRED:
        raise InvalidCommand("command", f"one of {', '.join(REQUIRED)}")
    _require_fields(given, (*EVERY, *REQUIRED[name]), (*EVERY_OPTIONAL, *OPTIONAL.get(name, ())))
    digest, other = _digest(given), _text(given, "into") or _text(given, "other")
    return Command(
        name=name,
        command_id=_text(given, "id") or digest[:20],
        digest=digest,
        named="id" in given,
        by=_text(given, "by"),
        at=_instant(given, now),
        reason=_reason(given),
        case=_text(given, "case"),
        other=other if "campaign" not in given else "",
        messages=_list(given, "messages") or (),
        category=_text(given, "category"),
        severity=_severity(given),
        identity=_text(given, "identity"),
        other_identity=_text(given, "with"),
        cases=_list(given, "cases"),
        campaign=_text(given, "campaign"),
        other_campaign=other if "campaign" in given else "",
        indicator=_text(given, "indicator"),
    )


def _require_fields(given: Mapping[str, Any], required: Collection[str], optional: Collection[str]) -> None:
    for field in required:
        if field not in given:
            raise InvalidCommand(field, "a value; it is missing")
    for field in given:
        if field not in required and field not in optional:
            raise InvalidCommand(str(field), f"only {', '.join((*required, *optional))}")


def _text(given: Mapping[str, Any], field: str) -> str:
    """A field of its pattern; empty when it was not given."""
    if field not in given:
        return ""
    pattern, expected = _PATTERNS[field]
    return _matching(given[field], pattern, field, expected)


def _matching(value: Any, pattern: str, field: str, expected: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise InvalidCommand(field, expected)
    return value


def _list(given: Mapping[str, Any], field: str) -> tuple[str, ...] | None:
    if field not in given:
        return None
    values, (pattern, expected) = given[field], _LISTED[field]
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_LISTED:
        raise InvalidCommand(field, expected)
    read = tuple(_matching(value, pattern, field, expected) for value in values)
    if len(set(read)) < len(read):
        raise InvalidCommand(field, expected)
    return read


def _reason(given: Mapping[str, Any]) -> str:
    reason = given["reason"]
    if not isinstance(reason, str) or not 1 <= len(reason.strip()) <= MAX_REASON:
        raise InvalidCommand("reason", f"why, in 1 to {MAX_REASON} characters")
    return reason.strip()


def _severity(given: Mapping[str, Any]) -> Severity | None:
    if "severity" not in given:
        return None
    try:
        return Severity(given["severity"])
    except ValueError as error:
        raise InvalidCommand("severity", f"one of {', '.join(Severity)}") from error


def _instant(given: Mapping[str, Any], now: datetime) -> datetime:
    """When the person did it, by their tool's clock; without it, now."""
    if "at" not in given:
        return now
    expected = "an instant with a time zone, such as 2026-05-03T12:00:00Z, that has come"
    try:
        at = parse(given["at"])
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidCommand("at", expected) from error
    if at > now + AHEAD:
        raise InvalidCommand("at", expected)
    return at


def _digest(given: Mapping[str, Any]) -> str:
    """The same for the same command, whatever the order of its fields. Raises ``InvalidCommand`` for what is no JSON."""
    try:
        text = json.dumps(given, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidCommand("command", "JSON") from error
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
