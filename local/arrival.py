"""What became of one thing that arrived, told from what the system itself logged and stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Record = Mapping[str, Any]
"""A log event or an item of the table."""
OUTCOMES = ("opened", "attached", "replayed", "quarantined")
UNACCOUNTED = "unaccounted"
"""The outcome of something the system never gave a receipt for. It must not happen, and is shown when it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing handed in at a door, and where it ended. Plain data, so that it can be printed as JSON."""

    file: str
    channel: str
    outcome: str
    cause: str = ""
    message: str = ""
    case: str = ""
    reference: str = ""
    related: tuple[str, ...] = ()
    unverified: bool = False
    subject: str = ""
    language: str = ""
    category: str = ""
    also: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)
    severity: str = ""
    team: str = ""
    confidence: float | None = None
    abstained: bool = False
    reasons: tuple[dict[str, Any], ...] = ()
    duplicate: dict[str, Any] | None = None
    escalations: tuple[dict[str, Any], ...] = ()
    """Those that this very delivery raised."""
    secrets: tuple[dict[str, Any], ...] = ()
    entities: tuple[dict[str, Any], ...] = ()

    @property
    def accounted(self) -> bool:
        """Whether the system answered for it."""
        return self.outcome in OUTCOMES


def arrival(file: str, logged: Record, stored: Record | None, escalations: Sequence[Record]) -> Arrival:
    """Join the ``message_received`` event, the stored message (``None`` for a stub or a replay) and what it raised."""
    item = stored or {}
    assessment: Record = item.get("assessment") or {}
    return Arrival(
        file=file,
        channel=logged["channel"],
        outcome=logged["outcome"],
        cause=logged.get("cause") or "",
        message=logged.get("message_id") or "",
        case=logged.get("case") or "",
        reference=logged.get("reference") or "",
        related=tuple(logged.get("related") or ()),
        unverified=bool(logged.get("unverified")),
        subject=item.get("subject") or "",
        duplicate=_duplicate(logged),
        escalations=tuple(map(_escalation, escalations)),
        secrets=tuple(_chosen(each, "kind", "placeholder", "verified") for each in item.get("secrets", ())),
        entities=tuple(_chosen(each, "kind", "value") for each in item.get("entities", ())),
        **_assessed(logged, assessment, f"{item.get('subject', '')}\n{item.get('text', '')}"),
    )


def unaccounted(file: str, channel: str, cause: str) -> Arrival:
    """Something the system gave no receipt for, and what is known of why."""
    return Arrival(file=file, channel=channel, outcome=UNACCOUNTED, cause=cause)


def _assessed(logged: Record, assessment: Record, read: str) -> dict[str, Any]:
    confidence = assessment.get("confidence")
    return {
        "language": assessment.get("language") or logged.get("language") or "",
        "category": assessment.get("category") or logged.get("category") or "",
        "severity": assessment.get("severity") or logged.get("severity") or "",
        "team": assessment.get("team") or logged.get("team") or "",
        "also": tuple(assessment.get("also", ())),
        "facets": dict(assessment.get("facets", {})),
        "confidence": None if confidence is None else round(float(confidence), 3),
        "abstained": bool(assessment.get("abstained")),
        "reasons": tuple(_reason(each, read) for each in assessment.get("reasons", ())),
    }


def _reason(stored: Record, read: str) -> dict[str, Any]:
    reason = _chosen(stored, "rule", "start", "end", "weight", "at_ms")
    quote = " ".join(read[int(reason["start"]) : int(reason["end"])].split())
    return {name: _number(value) for name, value in reason.items()} | {"quote": quote}


def _duplicate(logged: Record) -> dict[str, Any] | None:
    found = logged.get("duplicate")
    if not found or not found.get("rule"):
        return {"rule": "replay", "score": 1, "evidence": []} if logged["outcome"] == "replayed" else None
    return {"rule": found["rule"], "score": _number(found.get("score", 1)), "evidence": list(found.get("evidence") or ())}


def _escalation(item: Record) -> dict[str, Any]:
    chosen = _chosen(item, "escalation_id", "team", "severity", "category", "cause", "raised_at", "due_at")
    return {"escalation": chosen.pop("escalation_id"), **chosen}


def _chosen(item: Record, *names: str) -> dict[str, Any]:
    return {name: item.get(name) for name in names}


def _number(value: Any) -> Any:
    """DynamoDB's numbers are decimals, which JSON does not know."""
    if value is None or isinstance(value, (str, bool)):
        return value
    return int(value) if int(value) == value else round(float(value), 4)
