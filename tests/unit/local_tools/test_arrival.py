from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from local.arrival import arrival, unaccounted

LOGGED: dict[str, Any] = {
    "message": "message_received",
    "channel": "email",
    "outcome": "attached",
    "message_id": "m1",
    "case": "c1",
    "cause": "",
    "related": ["c0"],
    "reference": "CW-0000-0000-0000",
    "escalations": ["e1"],
    "unverified": False,
    "duplicate": {"rule": "thread", "score": 1.0, "evidence": ["reply"]},
    "category": "withdrawal",
    "severity": "normal",
    "team": "operations",
    "language": "en",
}
STORED: dict[str, Any] = {
    "subject": "Withdrawal",
    "secrets": [{"kind": "seed_phrase", "placeholder": "[seed phrase 1]", "verified": True}],
    "entities": [{"kind": "reference", "value": "W-70418", "start": Decimal(0), "end": Decimal(7)}],
    "assessment": {
        "language": "en",
        "category": "withdrawal",
        "severity": "normal",
        "team": "operations",
        "confidence": Decimal("0.91"),
        "abstained": False,
        "also": ["deposit"],
        "facets": {"loss": "none"},
        "reasons": [{"rule": "pending", "start": Decimal(3), "end": Decimal(9), "weight": Decimal("1.5"), "at_ms": None}],
    },
}


def test_an_arrival_joins_the_log_and_the_table() -> None:
    found = arrival("mail.eml", LOGGED, STORED, [])
    assert (found.message, found.case, found.related) == ("m1", "c1", ("c0",))
    assert (found.category, found.also, found.facets) == ("withdrawal", ("deposit",), {"loss": "none"})
    assert found.duplicate == {"rule": "thread", "score": 1, "evidence": ["reply"]}
    assert found.entities == ({"kind": "reference", "value": "W-70418"},)
    assert found.accounted


def test_an_arrival_is_plain_data() -> None:
    told = json.loads(json.dumps(asdict(arrival("mail.eml", LOGGED, STORED, []))))
    assert told["confidence"] == 0.91
    assert told["reasons"] == [{"rule": "pending", "start": 3, "end": 9, "weight": 1.5, "at_ms": None, "quote": "hdrawa"}]


def test_a_stub_has_no_assessment() -> None:
    logged = {**LOGGED, "outcome": "quarantined", "cause": "empty", "case": "", "duplicate": None, "category": ""}
    found = arrival("x.eml", logged, None, [])
    assert (found.outcome, found.cause, found.category, found.confidence, found.duplicate) == (
        "quarantined",
        "empty",
        "",
        None,
        None,
    )


def test_only_what_this_delivery_raised_is_told() -> None:
    item = {
        "escalation_id": "e1",
        "team": "fraud",
        "severity": "high",
        "category": "sim_swap",
        "cause": "opened",
        "raised_at": "2026-11-20T00:00:00.000Z",
        "due_at": "2026-11-20T00:15:00.000Z",
        "reasons": ["x"],
    }
    assert arrival("x", LOGGED, STORED, [item]).escalations == (
        {
            "escalation": "e1",
            "team": "fraud",
            "severity": "high",
            "category": "sim_swap",
            "cause": "opened",
            "raised_at": "2026-11-20T00:00:00.000Z",
            "due_at": "2026-11-20T00:15:00.000Z",
        },
    )


def test_what_got_no_receipt_is_not_accounted_for() -> None:
    assert not unaccounted("x.eml", "email", "no receipt").accounted


def test_a_replay_is_recognised_as_one() -> None:
    replayed = {**LOGGED, "outcome": "replayed", "duplicate": None}
    assert arrival("x", replayed, STORED, []).duplicate == {"rule": "replay", "score": 1, "evidence": []}
