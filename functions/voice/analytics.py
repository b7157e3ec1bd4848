"""Amazon Transcribe Call Analytics (post-call) and Contact Lens for Amazon Connect: one family of results.

Both list ``Transcript`` turns with a role, a text and offsets in milliseconds; Contact Lens adds the contact's id and
what it did not look at. The original and the redacted file of one contact carry the same ``CustomerMetadata.ContactId``.
Shapes as in the Transcribe developer guide, "Post-call analytics output", and the Connect administrator guide,
"Example Contact Lens conversational analytics output files for a call".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from functions.voice import words as speech
from functions.voice.call import Call, Utterance, language_of, listed, redaction_fact, role_of, stated
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
    utterances = [utterance for turn in _turns(document) if (utterance := _utterance(turn, roles)).text]
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


def _utterance(turn: Mapping[str, object], roles: Mapping[str, str]) -> Utterance:
    participant = text(turn.get("ParticipantId"))
    role = text(turn.get("ParticipantRole")) or roles.get(participant) or participant
    start, end = millis(turn.get("BeginOffsetMillis")), millis(turn.get("EndOffsetMillis"))
    ordered = end if start is None or end is None or end >= start else None
    return Utterance(role_of(role), text(turn.get("Content")) or _said(turn), start, ordered, participant or role)


def _said(turn: Mapping[str, object]) -> str:
    items = (Word(text(item.get("Content")), item.get("Type") == "punctuation") for item in objects(turn.get("Items")))
    return speech.utterance(speech.spaced([word for word in items if word.text])).text


def _job(document: object) -> str:
    name = text(at(document, "JobName")) or text(at(document, "SessionId"))
    return "/".join(filter(None, (text(at(document, "AccountId")), name))) if name else ""


def _facts(document: object, service: str, utterances: list[Utterance]) -> dict[str, str]:
    traits = fields(at(document, "ConversationCharacteristics"))
    sentiment = number(at(traits, "Sentiment", "OverallSentiment", "CUSTOMER"))
    issues = sum(len(entries(turn.get("IssuesDetected"))) for turn in _turns(document))
    return stated(
        service=service,
        redacted=redaction_fact(text(at(document, "ContentMetadata", "Output")).casefold() == "redacted", utterances),
        duration_ms=_written(millis(traits.get("TotalConversationDurationMillis"))),
        sentiment_customer=None if sentiment is None else f"{sentiment:g}",
        categories=listed(texts(at(document, "Categories", "MatchedCategories"))),
        skipped_analyses=listed(_skipped(document)) or ("unknown" if at(document, "JobDetails") is None else None),
        issues=str(issues),
        interruptions=_written(millis(at(traits, "Interruptions", "TotalCount"))),
    )


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
