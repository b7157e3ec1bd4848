"""Amazon Transcribe Call Analytics (post-call) and Contact Lens for Amazon Connect: one family of results.

Both list ``Transcript`` turns with a role, a text and offsets in milliseconds; Contact Lens adds the contact's id and
what it did not look at. The original and the redacted file of one contact carry the same ``CustomerMetadata.ContactId``.
Shapes as in the Transcribe developer guide, "Post-call analytics output", and the Connect administrator guide,
"Example Contact Lens conversational analytics output files for a call".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from functions.voice import words as speech
from functions.voice.call import AGENT, UNKNOWN, Call, Utterance, language_of, listed, redaction_fact, role_of, stated
from functions.voice.document import at, entries, fields, millis, number, objects, text, texts
from functions.voice.words import Word


def recognises_contact_lens(document: object) -> bool:
    """Whether this is an analysed call that knows its contact, or names its turns by participant."""
    named = at(document, "CustomerMetadata", "ContactId") or at(document, "ContactId")
    return recognises_call_analytics(document) and bool(named or any("ParticipantId" in turn for turn in _turns(document)))


def recognises_call_analytics(document: object) -> bool:
    """Whether this is an analysed call: turns, or none, but no chat and no mail (those have clock times, not offsets)."""
    turns = at(document, "Transcript")
    spoken = not entries(turns) or any(_is_spoken(turn) for turn in objects(turns))
    return isinstance(turns, list) and spoken and text(at(document, "Channel")).upper() in {"", "VOICE"}


def _is_spoken(turn: Mapping[str, object]) -> bool:
    has_words = isinstance(turn.get("Content"), str) or isinstance(turn.get("Items"), list)
    return has_words and "AbsoluteTime" not in turn


def read_contact_lens(document: object) -> Call:
    """Read an analysis of Contact Lens."""
    return _read(document, "contact_lens")


def read_call_analytics(document: object) -> Call:
    """Read a post-call result of Call Analytics."""
    return _read(document, "call_analytics")


def _read(document: object, service: str) -> Call:
    roles = _roles(document)
    utterances = [spoken for turn in _turns(document) if (spoken := utterance(turn, roles)).text]
    return Call(
        utterances=utterances,
        contact_id=text(at(document, "CustomerMetadata", "ContactId")) or text(at(document, "ContactId")),
        job=_job(document),
        language=language_of(text(at(document, "LanguageCode"))),
        facts=_facts(document, service, utterances),
        signals=_signals(document),
    )


def _turns(document: object) -> Iterator[Mapping[str, object]]:
    return objects(at(document, "Transcript"))


def _roles(document: object) -> dict[str, str]:
    participants = objects(at(document, "Participants"))
    return {text(entry.get("ParticipantId")): text(entry.get("ParticipantRole")) for entry in participants}


def utterance(turn: Mapping[str, object], roles: Mapping[str, str]) -> Utterance:
    """Read one turn; ``roles`` are those of participants whom the turn names by id alone."""
    participant = text(turn.get("ParticipantId"))
    role = text(turn.get("ParticipantRole")) or roles.get(participant) or participant
    start, end = millis(turn.get("BeginOffsetMillis")), millis(turn.get("EndOffsetMillis"))
    ordered = end if start is None or end is None or end >= start else None
    said = speech.joined(text(turn.get("Content"))) or _said(turn)
    return Utterance(role_of(role), said, start, ordered, participant or role)


def _said(turn: Mapping[str, object]) -> str:
    said = ((text(item.get("Content")), text(item.get("Type"))) for item in objects(turn.get("Items")))
    words = [Word(content, speech.is_mark(content, declared)) for content, declared in said if content]
    return speech.utterance(speech.spaced(words)).text


def _job(document: object) -> str:
    name = text(at(document, "JobName")) or text(at(document, "SessionId"))
    return "/".join(filter(None, (text(at(document, "AccountId")), name))) if name else ""


def _facts(document: object, service: str, utterances: list[Utterance]) -> dict[str, str]:
    """What the service found. What it did not look for, or does not say, is ``unknown``: that it is missing proves nothing."""
    traits = fields(at(document, "ConversationCharacteristics"))
    return stated(
        service=service,
        redacted=redaction_fact(text(at(document, "ContentMetadata", "Output")).casefold() == "redacted", utterances),
        duration_ms=_written(millis(traits.get("TotalConversationDurationMillis"))),
        confidence=speech.confidence(_confidences(document)),
        sentiment_customer=_score(at(traits, "Sentiment", "OverallSentiment", "CUSTOMER")) or UNKNOWN,
        negative_at_ms=_offsets(turn for turn in _turns(document) if _is_negative(turn)),
        categories=_categories(document),
        skipped_analyses=listed(_skipped(document)) or (UNKNOWN if at(document, "JobDetails") is None else None),
        issues=_count(document, "IssuesDetected") or UNKNOWN,
        issues_at_ms=_offsets(turn for turn in _turns(document) if entries(turn.get("IssuesDetected"))),
        outcomes=_count(document, "OutcomesDetected"),
        action_items=_count(document, "ActionItemsDetected"),
        interruptions=_written(millis(at(traits, "Interruptions", "TotalCount"))) or UNKNOWN,
        non_talk_ms=_written(millis(at(traits, "NonTalkTime", "TotalTimeMillis"))),
    )


def _confidences(document: object) -> Iterator[float | None]:
    items = (item for turn in _turns(document) for item in objects(turn.get("Items")))
    return (number(item.get("Confidence")) for item in items if item.get("Type") != "punctuation")


def _score(value: object) -> str:
    score = number(value)
    return "" if score is None else f"{score:g}"


def _is_negative(turn: Mapping[str, object]) -> bool:
    side = role_of(text(turn.get("ParticipantRole")) or text(turn.get("ParticipantId")))
    return text(turn.get("Sentiment")).upper() == "NEGATIVE" and side != AGENT


def _offsets(turns: Iterable[Mapping[str, object]]) -> str:
    """When turns begin: a place in the call for each, and no word of theirs, which a fact might cut in two."""
    starts = (millis(turn.get("BeginOffsetMillis")) for turn in turns)
    return listed([str(start) for start in starts if start is not None])


def _categories(document: object) -> str:
    """Name the categories that matched: ``none`` only when all of them were looked for."""
    matched = at(document, "Categories", "MatchedCategories")
    looked_for = isinstance(matched, list) and not _skipped(document)
    return listed(texts(matched)) or ("none" if looked_for else UNKNOWN)


def _count(document: object, member: str) -> str:
    """How many of them were detected, or empty: turns without any do not even name them, so that none is not said."""
    found = [entries(turn[member]) for turn in _turns(document) if member in turn]
    return str(sum(map(len, found))) if found else ""


def _written(count: int | None) -> str | None:
    return None if count is None else str(count)


def _skipped(document: object) -> list[str]:
    """Name what was not looked at: the skipped categories, else the skipped feature. Their absence is no evidence."""
    names: list[str] = []
    for analysis in objects(at(document, "JobDetails", "SkippedAnalysis")):
        entities = list(objects(analysis.get("SkippedEntities")))
        named = [text(entity.get("CategoryName")) or text(entity.get("ExtractionName")) for entity in entities]
        names += list(filter(None, named)) or [text(analysis.get("Feature")) or "unknown"]
    return names


def _signals(document: object) -> tuple[str, ...]:
    found = {
        "analysis_skipped": bool(_skipped(document)),
        "turns_skipped": _lost_some(at(document, "Transcript")),
        "job_not_completed": text(at(document, "JobStatus")).upper() not in {"", "COMPLETED"},
    }
    return tuple(name for name, holds in found.items() if holds)


def _lost_some(turns: object) -> bool:
    return any(not isinstance(turn, dict) or not _is_spoken(turn) for turn in entries(turns))
