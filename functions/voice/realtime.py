"""What services say while a call goes on, where somebody keeps it: segments of Contact Lens, results of a stream.

A document is one event, a list of events, or the answer of ``ListRealtimeContactAnalysisSegments``. It is a part of a call at
most, and therefore never takes the contact's own name: the analysis of the whole call comes later under that.
Shapes as in the Connect administrator guide, "Data model for conversational analytics segment streams", and the Transcribe
developer guide, "Real-time Call Analytics output" and "Example redacted streaming output".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from functions.voice import analytics
from functions.voice import words as speech
from functions.voice.call import Call, Utterance, language_of, listed, redaction_fact, role_of, stated
from functions.voice.document import at, entries, fields, millis, objects, text, texts
from functions.voice.words import Word

Part = Mapping[str, object]


def recognises(document: object) -> bool:
    """Whether this is such an event, or a list that holds one. A chat's segments are none: they have clock times."""
    return any(_is_spoken(event) for event in _events(document))


def _is_spoken(event: Part) -> bool:
    segments = event.get("Segments")
    if isinstance(segments, list) and text(event.get("Channel")).upper() in {"", "VOICE"}:
        return not segments or any(True for _ in _transcripts(event)) or any(True for _ in _categories(event))
    return any(True for _ in (*_results(event), *_utterances(event)))


def read(document: object) -> Call:
    """Read what was said so far; results that the service marks as partial are said again, and left out."""
    events = list(_events(document))
    utterances = [spoken for event in events for spoken in _spoken(event) if spoken.text]
    contact = next(filter(None, (text(event.get("ContactId")) for event in events)), "")
    names = [name for event in events for found in _categories(event) for name in texts(found.get("MatchedCategories"))]
    return Call(
        utterances=utterances,
        job=f"{contact}/realtime" if contact else "",
        language=language_of(next(filter(None, (text(event.get("LanguageCode")) for event in events)), "")),
        facts=stated(
            service="contact_lens" if contact else "transcribe",
            redacted=redaction_fact(declared=False, utterances=utterances),
            categories=listed(names) or "unknown",
            skipped_analyses="unknown",
        ),
        signals=("partial_call",),
    )


def _events(document: object) -> Iterator[Part]:
    """Take every event out of what the SDKs wrap around it."""
    for event in objects(document) if isinstance(document, list) else [fields(document)]:
        stream = fields(event.get("TranscriptResultStream")) or fields(event.get("CallAnalyticsTranscriptResultStream")) or event
        yield fields(stream.get("TranscriptEvent")) or stream


def _spoken(event: Part) -> Iterator[Utterance]:
    yield from (analytics.utterance(turn, {}) for turn in (*_transcripts(event), *_utterances(event)))
    for result in _results(event):
        yield from _of_result(result)


# --- Contact Lens, Call Analytics -----------------------------------------------------------------------------------------


def _transcripts(event: Part) -> Iterator[Part]:
    """Turns; where a turn is not finished yet, the utterances of it that there are."""
    segments = list(objects(event.get("Segments")))
    turns = [fields(segment.get("Transcript")) for segment in segments]
    finished = {text(turn.get("Id")) for turn in turns}
    for segment in segments:
        turn, utterance = fields(segment.get("Transcript")), fields(segment.get("Utterance"))
        if isinstance(turn.get("Content"), str) and "AbsoluteTime" not in turn and "Time" not in turn:
            yield turn
        elif utterance and text(utterance.get("TranscriptId")) not in finished:
            yield {**utterance, "Content": utterance.get("PartialContent")}


def _categories(event: Part) -> Iterator[Part]:
    found = [fields(segment.get("Categories")) for segment in objects(event.get("Segments"))]
    return filter(None, (*found, fields(event.get("CategoryEvent"))))


def _utterances(event: Part) -> Iterator[Part]:
    said = fields(event.get("UtteranceEvent"))
    if isinstance(said.get("Transcript"), str) and said.get("IsPartial") is not True:
        yield {**said, "Content": said["Transcript"]}


# --- Transcribe's streams -------------------------------------------------------------------------------------------------


def _results(event: Part) -> Iterator[Part]:
    """Finished results. Some SDKs write the names of members in lower case."""
    nested = at(event, "Transcript", "Results") or at(event, "transcript", "results")
    for result in objects(nested) if nested else [event]:
        if entries(_member(result, "Alternatives")) and _member(result, "IsPartial") is not True:
            yield result


def _of_result(result: Part) -> Iterator[Utterance]:
    best: Part = next(objects(_member(result, "Alternatives")), {})
    own, channel = text(_member(best, "Transcript")), text(_member(result, "ChannelId"))
    words = speech.spaced(list(_words(best, channel)), own)
    if words:
        yield from (speech.utterance(run) for run in speech.split(words, lambda before, after: before.label != after.label))
    else:
        yield Utterance(role_of(channel), own, _millis(result, "StartTime"), _millis(result, "EndTime"), channel)


def _words(best: Part, channel: str) -> Iterable[Word]:
    label = channel
    for item in objects(_member(best, "Items")):
        content = text(_member(item, "Content"))
        label = text(_member(item, "Speaker")) or label
        if content:
            mark = speech.is_mark(content, text(_member(item, "Type")))
            yield Word(content, mark, _millis(item, "StartTime"), _millis(item, "EndTime"), label)


def _member(part: Part, name: str) -> object:
    return part.get(name, part.get(name[0].lower() + name[1:]))


def _millis(part: Part, name: str) -> int | None:
    return millis(_member(part, name), per_unit=1000)
