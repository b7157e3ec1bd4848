"""Results of AWS's post-call analytics sample: a parser's rewriting of a Transcribe or Call Analytics result.

``SpeechSegments`` are turns with offsets in seconds; ``SpeakerLabels`` say in the operator's own words who a speaker is.
Shape as in the sample's ``output_json_structure.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from functions.voice.call import AGENT, CUSTOMER, UNKNOWN, Call, Utterance, language_of, listed, redaction_fact, role_of, stated
from functions.voice.document import at, entries, fields, millis, number, objects, text
from functions.voice.words import joined


def recognises(document: object) -> bool:
    """Whether this is such a result: a header and a list of segments, or of none."""
    segments = at(document, "SpeechSegments")
    spoken = not entries(segments) or any(_is_spoken(segment) for segment in objects(segments))
    return isinstance(segments, list) and isinstance(at(document, "ConversationAnalytics"), dict) and spoken


def _is_spoken(segment: Mapping[str, object]) -> bool:
    return isinstance(segment.get("OriginalText"), str) or isinstance(segment.get("DisplayText"), str)


def read(document: object) -> Call:
    """Read a result. What a telephone system announced (``IVRSegment``) is not the customer's."""
    header = fields(at(document, "ConversationAnalytics"))
    roles = {
        text(label.get("Speaker")): role_of(text(label.get("DisplayText"))) for label in objects(header.get("SpeakerLabels"))
    }
    utterances = [spoken for segment in _segments(document) if (spoken := _utterance(segment, roles)).text]
    return Call(
        utterances=utterances,
        job=text(_source(header).get("TranscriptionJobName")),
        language=language_of(text(header.get("LanguageCode"))),
        facts=_facts(document, header, roles, utterances),
        signals=_signals(document),
    )


def _segments(document: object) -> Iterator[Mapping[str, object]]:
    return objects(at(document, "SpeechSegments"))


def _source(header: Mapping[str, object]) -> Mapping[str, object]:
    return next((fields(source.get("TranscribeJobInfo")) for source in objects(header.get("SourceInformation"))), {})


def _utterance(segment: Mapping[str, object], roles: Mapping[str, str]) -> Utterance:
    party = text(segment.get("SegmentSpeaker"))
    role = AGENT if segment.get("IVRSegment") is True else roles.get(party, UNKNOWN)
    start, end = (millis(segment.get(key), per_unit=1000) for key in ("SegmentStartTime", "SegmentEndTime"))
    ordered = end if start is None or end is None or end >= start else None
    said = text(segment.get("OriginalText")) or text(segment.get("DisplayText"))
    return Utterance(role, joined(said), start, ordered, party)


def _facts(document: object, header: Mapping[str, object], roles: Mapping[str, str], said: list[Utterance]) -> dict[str, str]:
    analysed = text(_source(header).get("TranscribeApiType")) == "analytics"
    duration = millis(header.get("Duration"), per_unit=1000)
    return stated(
        service="call_analytics" if analysed else "transcribe",
        redacted=redaction_fact(_source(header).get("RedactedTranscript") in (True, 1), said),
        duration_ms=None if duration is None else str(duration),
        sentiment_customer=_sentiment(header, roles),
        categories=listed([name for entry in objects(header.get("CategoriesDetected")) if (name := _matched(entry))]),
        skipped_analyses="unknown",
        issues=str(len(entries(header.get("IssuesDetected")))),
        interruptions=str(sum(segment.get("SegmentInterruption") in (True, 1) for segment in _segments(document))),
    )


def _matched(category: Mapping[str, object]) -> str:
    """Name a category that was found: the sample also lists those with no instance."""
    return text(category.get("Name")) if number(category.get("Instances")) else ""


def _sentiment(header: Mapping[str, object], roles: Mapping[str, str]) -> str | None:
    customer = next((speaker for speaker, role in roles.items() if role == CUSTOMER), "")
    score = number(at(header, "SentimentTrends", customer, "SentimentScore"))
    return None if score is None else f"{score:g}"


def _signals(document: object) -> tuple[str, ...]:
    lost = any(not isinstance(segment, dict) or not _is_spoken(segment) for segment in entries(at(document, "SpeechSegments")))
    return ("turns_skipped",) if lost else ()
