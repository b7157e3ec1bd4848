"""Texts that the case table keeps: its message items, as a dump or a scan gives them, back as the triage got them.

A scan brings cases and commands along, which say what belongs together (``matters``).

What an item does not keep cannot be judged by: the channel's hint of a language is replaced by the language that was found,
and a customer's own choice in a form is taken from ``category_hint``, where the item has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import boto3

from casework.aws.table import from_wire
from casework.case import Assessment, Reason, Secret, Severity, Suspicion, Team
from casework.message import Channel, Message, Source, Turn
from casework.second_reader import RULE as SECOND_READER
from casework.times import parse
from local.backtest.sample import Input, Sample, Stored, Unusable, gathered

KIND = "message"
CHOSEN = "form.category"
"""The rule that stands for the customer's own choice."""
_IN_USE = ("pk", "sk", "kind", "case_id", "message_id", "channel", "received_at", "subject", "text", "turns", "signals")
_DECIDED = ("secrets", "assessment", "shadow", "category_hint", "language_hint")
_FILED = ("history", "vouched", "unverified", "duplicate", "split_to", "keys", "opened_by")
_COMMANDED = ("command", "command_id", "at", "into", "out_of", "messages")


def scanned(table: str, endpoint: str | None = None) -> Input:
    """Read every message of a table, page by page, with the caller's own credentials. Raises botocore's errors.

    Cases and commands are read, too, and stand among the documents: they say whose a message is and what people made of it.
    """
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    names = {f"#{number}": name for number, name in enumerate((*_IN_USE, *_DECIDED, *_FILED, *_COMMANDED))}
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#kind IN (:message, :case, :command)",
        ProjectionExpression=", ".join(names),
        ExpressionAttributeNames={**names, "#kind": "kind"},
        ExpressionAttributeValues={f":{kind}": {"S": kind} for kind in (KIND, "case", "command")},
    )
    documents: list[Mapping[str, Any]] = [from_wire(item) for page in pages for item in page["Items"]]
    read = gathered(f"table {table}", _attempts(each for each in documents if each["kind"] == KIND))
    read.documents = documents
    return read


def _attempts(items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, partial[Sample | None]]]:
    return ((place := f"{item['pk']} {item['sk']}", partial(sample, item, place)) for item in items)


def plain(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item without the wrapping that DynamoDB's export to S3 gives it. Raises ``ValueError`` or its like for a damaged one."""
    return from_wire(document["Item"]) if "Item" in document else document


def is_item(document: Mapping[str, Any]) -> bool:
    """Whether a line of a file is an item of the table: plain, or as DynamoDB's export to S3 writes it."""
    return "Item" in document or {"pk", "sk"} <= document.keys()


def sample(document: Mapping[str, Any], place: str) -> Sample | None:
    """Make a sample of an item, or ``None`` of one that is no message. Raises ``Unusable``."""
    try:
        item = plain(document)
        return _sample(item, place) if item["kind"] == KIND else None
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unusable(f"not a message as the case table keeps it ({type(error).__name__}: {error})") from error


def _sample(item: Mapping[str, Any], place: str) -> Sample:
    stored = _stored(item)
    return Sample(
        place=f"{item['case_id']}/{item['message_id']}" if "case_id" in item else place,
        message=message(item),
        secrets=tuple(_secret(each) for each in item.get("secrets", ())),
        language=stored.assessment.language,
        stored=stored,
    )


def message(item: Mapping[str, Any]) -> Message:
    """Give back the message as the triage got it: redacted, without what the triage does not read."""
    return Message(
        source=Source(Channel(item["channel"]), _name(item, "message_id"), ""),
        received_at=parse(item["received_at"]),
        subject=_text(item, "subject"),
        text=_text(item, "text"),
        language_hint=item.get("language_hint") or _spoken(item["assessment"]),
        category_hint=_text(item, "category_hint"),
        turns=tuple(_turn(each) for each in item.get("turns", ())),
        signals=tuple(item.get("signals", ())),
    )


def _text(stored: Mapping[str, Any], name: str) -> str:
    """Read some text; what is empty was not stored. Raises ``TypeError``, or ``ValueError`` for what is no Unicode."""
    text = stored.get(name, "")
    if not isinstance(text, str):
        raise TypeError(f"{name} is no text")
    text.encode()
    return text


def _name(stored: Mapping[str, Any], name: str) -> str:
    """Read some text that is always stored. Raises ``KeyError`` when it is not, else as ``_text``."""
    if not stored[name]:
        raise ValueError(f"{name} is empty")
    return _text(stored, name)


def _secret(stored: Mapping[str, Any]) -> Secret:
    return Secret(_name(stored, "kind"), _name(stored, "placeholder"), stored.get("verified"))


def _spoken(assessment: Mapping[str, Any]) -> str:
    """The language that was found stands for the hint that may have decided it; a foreign text had none that did."""
    found: str = assessment.get("facets", {}).get("language", assessment["language"])
    return found


def _turn(item: Mapping[str, Any]) -> Turn:
    return Turn(item.get("role", "unknown"), item.get("text", ""), item.get("start_ms"), item.get("end_ms"))


def _stored(item: Mapping[str, Any]) -> Stored:
    decided = assessment(item["assessment"])
    rules = {reason.rule for reason in decided.reasons}
    return Stored(
        assessment=decided,
        shadow=assessment({"language": decided.language, **item["shadow"]}) if "shadow" in item else None,
        reread=SECOND_READER in rules,
        choice_lost=CHOSEN in rules and "category_hint" not in item,
    )


def assessment(stored: Mapping[str, Any]) -> Assessment:
    """Give back an assessment as it was stored; a shadow's has no reasons and no facets. Raises ``KeyError``, ``ValueError``."""
    return Assessment(
        language=_name(stored, "language"),
        category=_name(stored, "category"),
        severity=Severity(stored["severity"]),
        team=Team(stored["team"]),
        confidence=float(stored["confidence"]),
        escalates=stored["escalates"] is True,
        abstained=stored.get("abstained") is True,
        also=tuple(stored.get("also", ())),
        facets=dict(stored.get("facets", {})),
        reasons=tuple(_reason(each) for each in stored.get("reasons", ())),
        policy_version=_text(stored, "policy_version"),
        model_version=_text(stored, "model_version"),
        suspicion=_suspicion(stored["suspicion"]) if stored.get("suspicion") else None,
        follow_up=float(stored.get("follow_up", 0.5)),
    )


def _suspicion(stored: Mapping[str, Any]) -> Suspicion:
    return Suspicion(_name(stored, "category"), Team(stored["team"]), Severity(stored["severity"]))


def _reason(stored: Mapping[str, Any]) -> Reason:
    return Reason(_name(stored, "rule"), int(stored["start"]), int(stored["end"]), float(stored["weight"]), stored.get("at_ms"))
