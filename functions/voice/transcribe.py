"""Amazon Transcribe batch results: plain, speaker-labelled, channel-labelled, with alternatives, redacted.

``results.items`` holds every word; newer results also have ``results.audio_segments``. Labels say which voice it
was, never which role: somebody must know the wiring to say that ``ch_0`` is the agent.
Shapes as in the developer guide, "Data input and output", "Diarization output", "Channel identification output".
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from functions.voice import words as speech
from functions.voice.call import Call, Utterance, language_of, redaction_fact, role_of, stated
from functions.voice.document import at, entries, fields, millis, number, objects, text
from functions.voice.words import Word


def recognises(document: object) -> bool:
    """Whether this is a result of Transcribe: words, segments or at least a text under ``results``."""
    lists = _lists(fields(at(document, "results")))
    return bool(lists) and (not any(lists) or any(_looks_like_speech(entry) for found in lists for entry in objects(found)))


def _lists(results: Mapping[str, object]) -> list[list[object]]:
    channels = objects(at(results, "channel_labels", "channels"))
    found = [results.get(key) for key in ("items", "audio_segments", "segments", "transcripts")]
    return [part for part in (*found, *(channel.get("items") for channel in channels)) if isinstance(part, list)]


def _looks_like_speech(entry: Mapping[str, object]) -> bool:
    return isinstance(entry.get("alternatives"), list) or isinstance(entry.get("transcript"), str)


def read(document: object) -> Call:
    """Read a result; a transcript without a word gives a call without utterances."""
    results = fields(at(document, "results"))
    utterances = _utterances(results)
    return Call(
        utterances=utterances,
        job="/".join(filter(None, (text(at(document, "accountId")), text(at(document, "jobName"))))),
        language=_language(results),
        one_channel=not at(results, "channel_labels"),
        facts=stated(
            service="transcribe",
            redacted=redaction_fact(at(document, "isRedacted") is True, utterances),
            duration_ms=_duration(utterances),
            confidence=speech.confidence(_confidences(results)),
        ),
        signals=_signals(document, results, utterances),
    )


def _utterances(results: Mapping[str, object]) -> list[Utterance]:
    """Ask the richest part first; what a part cannot say is left to the next."""
    ways = (_by_channel, _by_speaker, _by_segment, _by_sentence, _by_alternative, _as_text)
    return next((found for way in ways if (found := way(results))), [])


def _by_channel(results: Mapping[str, object]) -> list[Utterance]:
    channels = list(objects(at(results, "channel_labels", "channels")))
    merged = speech.spaced(_words(results.get("items"), "channel_label"), _own_text(results)) if channels else []
    labelled = merged and all(word.label for word in merged)
    spoken = _by_label(merged) if labelled else [_channel(channel) for channel in channels]
    return [speech.utterance(run) for voice in spoken for run in speech.split(voice, _may_hand_over)]


def _by_label(words: Iterable[Word]) -> list[list[Word]]:
    voices: dict[str, list[Word]] = {}
    for word in words:
        voices.setdefault(word.label, []).append(word)
    return list(voices.values())


def _may_hand_over(before: Word, after: Word) -> bool:
    return speech.ends_sentence(before, after) or speech.falls_silent(before, after)


def _channel(channel: Mapping[str, object]) -> list[Word]:
    label = text(channel.get("channel_label"))
    return [replace(word, label=label) for word in speech.spaced(_words(channel.get("items")))]


def _by_speaker(results: Mapping[str, object]) -> list[Utterance]:
    if not isinstance(results.get("speaker_labels"), dict):
        return []
    words = speech.spaced(_words(results.get("items"), "speaker_label"), _own_text(results))
    segments = list(objects(at(results, "speaker_labels", "segments")))
    if not segments:
        return [speech.utterance(run) for run in speech.split(_inheriting(words), lambda a, b: a.label != b.label)]
    return [_of_speaker(run, segments[index]) for index, run in _by_place(words, segments).items()]


def _inheriting(words: Iterable[Word]) -> list[Word]:
    """Give marks, and words the service did not label, to whoever spoke last."""
    labelled: list[Word] = []
    for word in words:
        labelled.append(word if word.label or not labelled else replace(word, label=labelled[-1].label))
    return labelled


def _by_place(words: Iterable[Word], segments: Sequence[Mapping[str, object]]) -> dict[int, list[Word]]:
    """Sort words into segments: by the segment's own list of words, else by time, so that cross-talk is not shredded."""
    places = _Places(segments)
    runs: dict[int, list[Word]] = {}
    place = 0
    for word in words:
        place = place if word.start_ms is None else places.of(word)
        runs.setdefault(place, []).append(word)
    return runs


class _Places:
    """Which segment a word belongs to."""

    def __init__(self, segments: Sequence[Mapping[str, object]]) -> None:
        starts = [(_seconds(segment.get("start_time")) or 0, index) for index, segment in enumerate(segments)]
        self._starts = sorted(starts)
        self._of_word = {
            (_seconds(item.get("start_time")), _seconds(item.get("end_time"))): index
            for index, segment in enumerate(segments)
            for item in objects(segment.get("items"))
        }

    def of(self, word: Word) -> int:
        exact = self._of_word.get((word.start_ms, word.end_ms))
        if exact is not None:
            return exact
        before = bisect_right(self._starts, (word.start_ms or 0, len(self._starts)))
        return self._starts[max(before - 1, 0)][1]


def _of_speaker(run: Iterable[Word], segment: Mapping[str, object]) -> Utterance:
    label = text(segment.get("speaker_label"))
    return speech.utterance(word if word.label else replace(word, label=label) for word in run)


def _by_segment(results: Mapping[str, object]) -> list[Utterance]:
    """Use the service's own segments, if all words are in them."""
    utterances = [_segment(segment) for segment in objects(results.get("audio_segments"))]
    spoken = [utterance for utterance in utterances if utterance.text]
    words = _words(results.get("items"))
    complete = not words or _letters(utterance.text for utterance in spoken) == _letters(word.text for word in words)
    return spoken if complete else []


def _segment(segment: Mapping[str, object]) -> Utterance:
    party = text(segment.get("speaker_label")) or text(segment.get("channel_label"))
    return Utterance(role_of(party), speech.joined(text(segment.get("transcript"))), *_span(segment), party)


def _by_sentence(results: Mapping[str, object]) -> list[Utterance]:
    """Cut at pauses too: some languages come without marks, and a reason must point to a second, not to a call."""
    words = speech.spaced(_words(results.get("items")), _own_text(results))
    return [speech.utterance(run) for run in speech.split(words, _may_hand_over)]


def _by_alternative(results: Mapping[str, object]) -> list[Utterance]:
    """Without words, the first alternative of each segment: they come in descending order of confidence."""
    segments = objects(results.get("segments"))
    best = ((segment, next(objects(segment.get("alternatives")), {})) for segment in segments)
    spoken = (Utterance(role_of(""), _alternative(first), *_span(segment)) for segment, first in best)
    return [utterance for utterance in spoken if utterance.text]


def _alternative(first: Mapping[str, object]) -> str:
    said = speech.joined(text(first.get("transcript")))
    return said or speech.utterance(speech.spaced(_words(first.get("items")))).text


def _as_text(results: Mapping[str, object]) -> list[Utterance]:
    own = speech.joined(_own_text(results))
    return [Utterance(role_of(""), own)] if own else []


def _words(items: object, label: str = "") -> list[Word]:
    """Return the words of a list of items. Marks have no time of their own: they end when the word before them does."""
    words: list[Word] = []
    for item in objects(items):
        word = _word(item, label)
        untimed = word.mark and word.end_ms is None and words
        if word.text:
            words.append(replace(word, end_ms=words[-1].end_ms) if untimed else word)
    return words


def _word(item: Mapping[str, object], label: str) -> Word:
    content = text(next(objects(item.get("alternatives")), item).get("content"))
    return Word(content, speech.is_mark(content, text(item.get("type"))), *_span(item), text(item.get(label)))


def _span(item: Mapping[str, object]) -> tuple[int | None, int | None]:
    start, end = _seconds(item.get("start_time")), _seconds(item.get("end_time"))
    return start, end if start is None or end is None or end >= start else None


def _seconds(value: object) -> int | None:
    return millis(value, per_unit=1000)


def _own_text(results: Mapping[str, object]) -> str:
    return " ".join(filter(None, (text(entry.get("transcript")) for entry in objects(results.get("transcripts")))))


def _letters(parts: Iterable[str]) -> Counter[str]:
    return Counter("".join(parts).replace(" ", ""))


def _confidences(results: Mapping[str, object]) -> Iterator[float | None]:
    """Of the words that were taken; marks have none, and a placeholder's is that it is personal data."""
    channels = objects(at(results, "channel_labels", "channels"))
    for items in (results.get("items"), *(channel.get("items") for channel in channels)):
        for item in objects(items):
            if item.get("type") != "punctuation":
                yield number(next(objects(item.get("alternatives")), item).get("confidence"))


def _language(results: Mapping[str, object]) -> str:
    """Return the language, or the one that is spoken longest when several were identified."""
    spoken = objects(results.get("language_codes"))
    longest = max(spoken, key=lambda entry: number(entry.get("duration_in_seconds")) or 0, default={})
    return language_of(text(results.get("language_code")) or text(fields(longest).get("language_code")))


def _duration(utterances: Iterable[Utterance]) -> str | None:
    ends = [utterance.end_ms for utterance in utterances if utterance.end_ms is not None]
    return str(max(ends)) if ends else None


def _signals(document: object, results: Mapping[str, object], utterances: Sequence[Utterance]) -> tuple[str, ...]:
    own = _own_text(results)
    differs = bool(own) and _letters(utterance.text for utterance in utterances) != _letters([own])
    skipped = any(not isinstance(entry, dict) for entry in entries(results.get("items")))
    found = {"transcript_differs": differs, "turns_skipped": skipped, "job_not_completed": _is_unfinished(document)}
    return tuple(name for name, holds in found.items() if holds)


def _is_unfinished(document: object) -> bool:
    return text(at(document, "status")).upper() not in {"", "COMPLETED"}
