from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import UnreadableMessage
from casework.message import Message
from functions.voice import bounds, transcript
from tests.unit.voice_door.voice_calls import RECEIVED_AT, SAMPLES, contact_lens, items, read, transcribe, turn

JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(["1e400", "NaN", "\ud800"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
DOCUMENTS = [json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))]


def cause_of(raw: bytes) -> str:
    with pytest.raises(UnreadableMessage) as refused:
        transcript.read(raw, received_at=RECEIVED_AT)
    return refused.value.cause


def assert_sound(message: Message) -> None:
    assert message.text == "\n".join(turn.text for turn in message.turns if turn.role != "agent")
    assert len(message.text) <= bounds.MAX_TEXT
    assert all(len(turn.text.splitlines()) == 1 for turn in message.turns)
    assert all(turn.start_ms is None or turn.start_ms >= 0 for turn in message.turns)
    assert all(len(fact) <= 200 for fact in message.facts.values())
    assert len(set(message.signals)) == len(message.signals)
    "".join([message.text, message.source.name, *message.facts.values()]).encode()


def survives(raw: bytes) -> None:
    try:
        message = transcript.read(raw, received_at=RECEIVED_AT)
    except UnreadableMessage as error:
        cause = error.cause
    else:
        assert_sound(message)
        return
    assert cause in {"empty", "not_json", "not_a_transcript", "job_failed"}


@pytest.mark.parametrize("raw", [b"", b"  \r\n"])
def test_a_file_with_nothing_in_it_is_empty(raw: bytes) -> None:
    assert cause_of(raw) == "empty"


@pytest.mark.parametrize(
    "raw",
    [b"{", b"RIFF\x00\x00WAVE", b"\xff\xfe\x00", b'{"a": "\xe9"}', b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"1 2"],
)
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    assert cause_of(raw) == "not_json"


@pytest.mark.parametrize(
    "content",
    [
        None,
        True,
        0,
        "hello",
        [],
        {},
        {"results": {}},
        {"results": []},
        {"results": {"items": "none"}},
        {"results": {"items": [{"id": 1, "name": "an order"}]}},
        {"Transcript": "hello"},
        {"Transcript": [1, 2]},
        {"Transcript": [{"Id": "1"}]},
        {"Channel": "CHAT", "Transcript": [turn("CUSTOMER", "Hi.")]},
        {"Transcript": [{"AbsoluteTime": "2026-05-03T01:12:00Z", "Content": "Hi.", "ParticipantRole": "CUSTOMER"}]},
        {"SpeechSegments": []},
        {"ConversationAnalytics": {}, "SpeechSegments": [3]},
        {"TranscriptResultStream": {"TranscriptEvent": {"Transcript": {"Results": [{"IsPartial": False}]}}}},
        {"Transcript": {"Results": [{"Alternatives": [{"Transcript": "my name is"}], "IsPartial": True}]}},
        {"CallAnalyticsTranscriptResultStream": {"UtteranceEvent": {"Transcript": "Help.", "IsPartial": True}}},
        {"CallAnalyticsTranscriptResultStream": {"UtteranceEvent": {}, "CategoryEvent": {}}},
        {"EventType": "STARTED", "ContactId": "c"},
        {"EventType": "SEGMENTS", "ContactId": "c", "Segments": [{"Event": {"Id": "1"}}]},
        {"Channel": "CHAT", "Segments": [{"Transcript": {"Content": "Help."}}]},
        {"Segments": [{"Transcript": {"Content": "Help.", "Time": {"AbsoluteTime": "2026-05-03T01:12:00Z"}}}]},
        [{"Segments": "none"}, 3],
        {"detail-type": "Transcribe Job State Change", "detail": {"TranscriptionJobStatus": "COMPLETED"}},
        {"TranscriptionJob": {"TranscriptionJobStatus": "IN_PROGRESS"}},
        {"status": "FAILED"},
    ],
)
def test_json_that_is_no_transcript_is_refused(content: object) -> None:
    assert cause_of(json.dumps(content).encode()) == "not_a_transcript"


@pytest.mark.parametrize(
    "content",
    [
        {"jobName": "call-1", "status": "FAILED", "results": {}},
        {"JobStatus": "FAILED", "Transcript": []},
        {"TranscriptionJob": {"TranscriptionJobStatus": "FAILED", "FailureReason": "no speech"}},
        {"CallAnalyticsJob": {"CallAnalyticsJobStatus": "FAILED"}},
        {"detail": {"PostCallStatus": "FAILED"}},
        {"detail": {"TranscriptionJobStatus": "FAILED"}},
        {"EventType": "FAILED", "ContactId": "c", "Channel": "VOICE"},
    ],
)
def test_a_job_that_failed_is_told_from_a_file_that_is_no_transcript(content: object) -> None:
    assert cause_of(json.dumps(content).encode()) == "job_failed"


def test_a_refusal_repeats_nothing_of_what_was_said() -> None:
    with pytest.raises(UnreadableMessage) as refused:
        transcript.read(b'{"Content": "my seed phrase is abandon"', received_at=RECEIVED_AT)

    assert "abandon" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_file_in_another_encoding_of_json_is_read() -> None:
    content = json.dumps(contact_lens(turn("CUSTOMER", "助けて")), ensure_ascii=False)

    for encoding in ("utf-8-sig", "utf-16", "utf-32-le"):
        assert read(content.encode(encoding)).text == "助けて"


def test_line_breaks_and_characters_nobody_can_store_leave_a_turn() -> None:
    message = read(b'{"Transcript": [{"ParticipantRole": "CUSTOMER", "Content": "a\\nb\\u2028c\\ud800\\u0000d"}]}')

    assert message.text == "a b c\ufffd\ufffdd"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-5", "1e400", "9" * 400, '"x"', "true", "[]", "null", '"1e999"'])
def test_an_offset_that_is_no_time_is_no_offset(number: str) -> None:
    raw = f'{{"Transcript": [{{"Content": "Hi.", "BeginOffsetMillis": {number}, "EndOffsetMillis": {number}}}]}}'

    assert read(raw.encode()).turns[0].start_ms is None


@pytest.mark.parametrize("number", ["NaN", "Infinity", "true", '"much"'])
def test_a_sentiment_that_is_no_number_is_unknown(number: str) -> None:
    raw = (
        f'{{"Transcript": [], "ConversationCharacteristics": {{"Sentiment": {{"OverallSentiment": {{"CUSTOMER": {number}}}}}}}}}'
    )

    assert read(raw.encode()).facts["sentiment_customer"] == "unknown"


def test_a_long_call_ends_where_the_text_ends() -> None:
    message = read(contact_lens(*(turn("CUSTOMER", "so " * 332 + "x", n * 1000, n * 1000 + 900) for n in range(150))))

    assert message.signals == ("text_truncated",)
    assert bounds.MAX_TEXT - 3 <= len(message.text) <= bounds.MAX_TEXT
    assert_sound(message)


def test_no_turn_of_the_agent_outlives_the_text() -> None:
    long, late = turn("CUSTOMER", "x" * (bounds.MAX_TEXT + 1), 0, 900), turn("AGENT", "Goodbye.", 1000, 2000)

    assert [turn.role for turn in read(contact_lens(long, late)).turns] == ["customer"]


def test_a_text_of_just_the_limit_is_whole() -> None:
    message = read(contact_lens(turn("CUSTOMER", "x" * bounds.MAX_TEXT)))

    assert (len(message.text), message.signals) == (bounds.MAX_TEXT, ())


def test_an_agent_who_talks_without_end_does_not_cost_the_customers_words() -> None:
    message = read(contact_lens(turn("AGENT", "x" * 200_000), turn("CUSTOMER", "My coins are gone.", 5000, 6000)))

    assert (message.text, message.signals) == ("My coins are gone.", ("turns_truncated",))


def test_turns_without_number_are_cut() -> None:
    message = read(contact_lens(*(turn("CUSTOMER", "a", n, n) for n in range(bounds.MAX_TURNS + 1))))

    assert len(message.turns) == bounds.MAX_TURNS
    assert message.signals == ("turns_truncated",)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    survives(raw)


@given(JSON)
def test_any_json_is_a_message_or_refused(content: object) -> None:
    survives(json.dumps(content).encode())


@given(st.data())
def test_any_transcript_with_anything_in_any_place_is_a_message_or_refused(data: st.DataObject) -> None:
    content = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        spoil(content, data)
    survives(json.dumps(content).encode())


def spoil(content: Any, data: st.DataObject) -> None:
    """Walk down at random and put something else there, or take it away."""
    while isinstance(content, dict | list) and content:
        keys = sorted(content) if isinstance(content, dict) else list(range(len(content)))
        key = data.draw(st.sampled_from(keys))
        inner = content[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 4)) == 0:
            content[key] = data.draw(JSON)
            return
        content = inner


@given(JSON, JSON, JSON)
def test_any_members_in_a_known_frame_are_a_message_or_refused(one: object, two: object, three: object) -> None:
    frames = [
        {
            "Transcript": one,
            "Participants": two,
            "ConversationCharacteristics": three,
            "CustomerMetadata": two,
            "Categories": one,
        },
        {"Transcript": [{"Content": "Hi.", "ParticipantRole": one, "BeginOffsetMillis": two, "EndOffsetMillis": three}]},
        transcribe({"items": one, "transcripts": two, "speaker_labels": three, "channel_labels": one, "audio_segments": two}),
        transcribe(
            {"items": items(["hi"]), "speaker_labels": {"segments": [{"items": one, "start_time": two}]}, "segments": three}
        ),
        {
            "ConversationAnalytics": {"SpeakerLabels": one, "SentimentTrends": two, "SourceInformation": three},
            "SpeechSegments": [],
        },
    ]
    for frame in frames:
        survives(json.dumps(frame).encode())


def test_metadata_of_the_wrong_type_is_malformed() -> None:
    raw = json.dumps(contact_lens(turn("CUSTOMER", "Help."))).encode()
    wrong: Any = {"customer-account": 7, "caller-number": None, "customer-email": ["a@example.com"]}

    assert transcript.read(raw, received_at=RECEIVED_AT, metadata=wrong).signals == ("metadata_malformed",)
