"""Opening a case of its own for messages that are another matter. They stay where they are; the new case lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.case import Assessment, CaseSummary, Customer, Severity, Team
from casework.classifier import Model
from casework.classifier.gist import gist
from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found, standing_by_itself
from casework.commands.history import Obeyed, annotated, identities, note
from casework.customers import remembering
from casework.escalation import worse_loss
from casework.matter import COMPARED_KINDS, MAX_ENTITIES, MAX_SUBJECT, began_as
from casework.policy import Policy
from casework.records import case_item, case_key, message_key, thread_key
from casework.table import ABSENT, PRESENT, Change, Item, Key, Put, Write
from casework.text.details import MAX_DETAILS, details
from casework.text.fingerprint import fingerprint
from casework.text.likeness import sketch
from casework.text.passages import added, quoted, said
from casework.text.quoting import unquoted
from casework.times import parse


def split(command: Command, found: Found, policy: Policy) -> Obeyed:
    """The messages become another case of the same customer, linked with this one. Raises ``Refused``.

    What the messages demanded stays demanded where it was. Answers to them go to the new case. Merging the new case into the
    old one undoes it.
    """
    file = standing_by_itself(command.case, found)
    messages = _separable(command, file, found)
    new = replace(_summary(_case_id(command), messages, policy.model), split_from=file.case_id)
    told = {"to": new.case_id, "messages": [item["message_id"] for item in messages]}
    writes = (
        annotated(file, {"related": [*file.related, new.case_id], "split_off": _split_off(file) + len(messages)}),
        Put(_item(command, new, file, messages), {"pk": ABSENT}),
        *(write for item in messages for write in _referred(item, file.case_id, new.case_id)),
        *_remembered(file.customer, new, policy),
        note(command, case_key(file.case_id), told),
        note(command, case_key(new.case_id), told, "mention"),
    )
    sentence = f"{len(messages)} messages of case {file.case_id} are now case {new.case_id}."
    return Obeyed(done(command, sentence, **told), writes)


def _case_id(command: Command) -> str:
    return hashlib.sha256(f"split\n{command.case}\n{command.command_id}".encode()).hexdigest()[:16]


def _separable(command: Command, file: CaseFile, found: Found) -> Sequence[Item]:
    """The messages, in the order of their arrival, if they may leave."""
    for name in command.messages:
        if name not in found.messages:
            raise refused("unknown_message", message=name, case=file.case_id)
        if "split_to" in found.messages[name]:
            raise refused("already_split", message=name, to=found.messages[name]["split_to"])
    if len(command.messages) + _split_off(file) >= int(file.item["messages"]):
        raise refused("nothing_left", case=file.case_id)
    return sorted((found.messages[name] for name in command.messages), key=lambda each: str(each["received_at"]))


def _split_off(file: CaseFile) -> int:
    return int(file.item.get("split_off", 0))


def _summary(case_id: str, messages: Sequence[Item], model: Model) -> CaseSummary:
    """What the messages say when they are a case: as bad as the worst of them, and about what that one is about."""
    first = unquoted(messages[0].get("text", ""))
    worst = min((item["assessment"] for item in messages), key=lambda each: Severity(each["severity"]).rank)
    loss = "none"
    for item in messages:
        loss = worse_loss(loss, item["assessment"].get("facets", {}).get("loss", "none"))
    return CaseSummary(
        case_id=case_id,
        opened_at=_arrived(messages[0]),
        last_at=_arrived(messages[-1]),
        category=worst["category"],
        opened_as=began_as(messages[0]["assessment"]["category"], worst["category"]),
        severity=Severity(worst["severity"]),
        team=Team(worst["team"]),
        loss=loss,
        verified=not all(item["unverified"] for item in messages),
        messages=0,
        entities=tuple(dict.fromkeys(_entities(messages)))[-MAX_ENTITIES:],
        fingerprint=fingerprint(first),
        sketch=sketch(first),
        gist=gist(first, model),
        said=_said(messages),
        details=_details(messages),
        subject=messages[0].get("subject", "")[:MAX_SUBJECT],
    )


def _details(messages: Sequence[Item]) -> tuple[str, ...]:
    texts = (f"{item.get('subject', '')}\n{unquoted(item.get('text', ''))}" for item in messages)
    return tuple(dict.fromkeys(each for text in texts for each in details(text)))[-MAX_DETAILS:]


def _said(messages: Sequence[Item]) -> str:
    kept = ""
    for item in messages:
        text = item.get("text", "")
        kept = added(kept, said(text, quoted(text, item.get("history", ""))))
    return kept


def _arrived(message: Item) -> datetime:
    return parse(message["received_at"])


def _entities(messages: Sequence[Item]) -> Iterator[str]:
    for item in messages:
        yield from (f"{each['kind']}:{each['value']}" for each in item.get("entities", ()) if each["kind"] in COMPARED_KINDS)


def _item(command: Command, new: CaseSummary, file: CaseFile, messages: Sequence[Item]) -> Item:
    """The new case, as a case is opened, with where its messages are."""
    assessment = _assessment(messages, new)
    opened = case_item(new, messages[0]["message_id"], (file.case_id,), assessment, tuple(file.item.get("keys", ())))
    places = [message_key(file.case_id, item["message_id"], _arrived(item)).sk for item in messages]
    return {**opened, "messages": 0, "split_from": file.case_id, "split_by": command.by, "listed": places}


def _assessment(messages: Sequence[Item], new: CaseSummary) -> Assessment:
    worst: dict[str, Any] = next(item["assessment"] for item in messages if item["assessment"]["category"] == new.category)
    return Assessment(
        language=worst["language"],
        category=new.category,
        severity=new.severity,
        team=new.team,
        confidence=float(worst["confidence"]),
        escalates=bool(worst["escalates"]),
        abstained=bool(worst["abstained"]),
        policy_version=worst.get("policy_version", ""),
    )


def _referred(message: Item, old: str, new: str) -> Iterator[Write]:
    """The message says where it is listed, and whoever answers it is led there."""
    here = {"pk": PRESENT, "split_to": ABSENT}
    yield Change(Key(message["pk"], message["sk"]), set={"split_to": new}, expect=here)
    for thread in message.get("threads", ()):
        yield Change(thread_key(thread), set={"case_id": new}, expect={"case_id": old})


def _remembered(customer: Customer | None, new: CaseSummary, policy: Policy) -> Iterator[Write]:
    if customer and customer.version:
        yield from identities(customer, remembering(customer, new, policy.duplicates.recent_cases))
