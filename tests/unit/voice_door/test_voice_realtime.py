"""What services say while a call goes on, where somebody keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.voice_door.voice_calls import contact_lens, read, turn

CONTACT = {"Version": "1.0.0", "Channel": "VOICE", "ContactId": "contact-1", "LanguageCode": "ja-JP", "EventType": "SEGMENTS"}


def segments(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**CONTACT, "Segments": list(found), **more}


def said(role: str, content: str, start_ms: int, identifier: str = "t-1") -> dict[str, Any]:
    return {"Transcript": {**turn(role, content, start_ms, start_ms + 900), "Id": identifier}}


def partly(role: str, content: str, start_ms: int, of: str) -> dict[str, Any]:
    about = {"TranscriptId": of, "ParticipantRole": role, "BeginOffsetMillis": start_ms, "EndOffsetMillis": start_ms + 400}
    return {"Utterance": {**about, "PartialContent": content}}


def result(text: str, *words: tuple[str, str], partial: bool = False, **more: Any) -> dict[str, Any]:
    items = [
        {"Content": word, "Speaker": speaker, "StartTime": place / 2, "EndTime": place / 2 + 0.4, "Type": "pronunciation"}
        for place, (word, speaker) in enumerate(words)
    ]
    return {
        "IsPartial": partial,
        "StartTime": 0.0,
        "EndTime": 3.0,
        "Alternatives": [{"Transcript": text, "Items": items}],
        **more,
    }


def streamed(*results: dict[str, Any]) -> dict[str, Any]:
    return {"TranscriptResultStream": {"TranscriptEvent": {"Transcript": {"Results": list(results)}}}}


def test_segments_are_turns_with_roles_and_offsets() -> None:
    message = read(segments(said("AGENT", "窓口です。", 0), said("CUSTOMER", "勝手に 出金 されました。", 2000, "t-2")))
    assert [(each.role, each.text, each.start_ms) for each in message.turns] == [
        ("agent", "窓口です。", 0),
        ("customer", "勝手に出金されました。", 2000),
    ]
    assert (message.text, message.language_hint) == ("勝手に出金されました。", "ja")
    assert message.signals == ("partial_call",)


def test_utterances_of_a_finished_turn_are_not_said_twice() -> None:
    message = read(
        segments(
            partly("CUSTOMER", "My coins", 0, "t-1"),
            partly("CUSTOMER", "are gone.", 500, "t-1"),
            said("CUSTOMER", "My coins are gone.", 0),
            partly("CUSTOMER", "Please help", 2000, "t-2"),
        )
    )
    assert message.text == "My coins are gone.\nPlease help"


def test_categories_of_segments_are_facts() -> None:
    found = {"Categories": {"MatchedCategories": ["Fraud"], "MatchedDetails": {}}}
    assert read(segments(found, said("CUSTOMER", "Help.", 0))).facts["categories"] == "Fraud"
    assert read(segments(said("CUSTOMER", "Help.", 0))).facts["categories"] == "unknown"


def test_a_part_of_a_call_never_passes_for_the_whole_call() -> None:
    whole = read(contact_lens(turn("CUSTOMER", "Help."), contact="contact-1"))
    first, second = (read(segments(said("CUSTOMER", "Help.", start))) for start in (0, 60_000))
    assert len({each.message_id for each in (whole, first, second)}) == 3


def test_no_segments_yet_is_an_empty_call() -> None:
    assert read(segments()).signals == ("empty_call", "partial_call")


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_stream_of_transcribe_is_cut_where_the_speaker_changes(wrapped: bool) -> None:
    content = streamed(result("How are you? Robbed.", ("How", "0"), ("are", "0"), ("you?", "0"), ("Robbed.", "1")))
    message = read(content if wrapped else content["TranscriptResultStream"]["TranscriptEvent"])
    assert [(each.text, each.start_ms) for each in message.turns] == [("How are you?", 0), ("Robbed.", 1500)]


def test_a_result_without_words_has_its_text_and_its_channel() -> None:
    channel = result("I was robbed.", ChannelId="ch_0")
    assert [(each.role, each.text, each.end_ms) for each in read(streamed(channel)).turns] == [("unknown", "I was robbed.", 3000)]


def test_partial_results_are_said_again_and_left_out() -> None:
    message = read([streamed(result("I was", partial=True)), streamed(result("I was robbed."))])
    assert message.text == "I was robbed."


def test_members_may_be_written_in_lower_case() -> None:
    lower = {"startTime": 0.5, "isPartial": False, "alternatives": [{"transcript": "help me", "items": []}], "channelId": "ch_1"}
    assert read(lower).turns[0].start_ms == 500


def test_utterances_of_call_analytics_have_roles() -> None:
    event = {"UtteranceEvent": {"ParticipantRole": "CUSTOMER", "Transcript": "I was robbed.", "BeginOffsetMillis": 900}}
    ending = {"UtteranceEvent": {"ParticipantRole": "AGENT", "Transcript": "Who did it?", "IsPartial": True}}
    message = read([{"CallAnalyticsTranscriptResultStream": each} for each in (event, ending)])
    assert [(each.role, each.text, each.start_ms) for each in message.turns] == [("customer", "I was robbed.", 900)]


@pytest.mark.parametrize(
    "odd",
    [
        segments({"Transcript": {"Content": 7}}, said("CUSTOMER", "Help.", 0)),
        segments({"Transcript": []}, {"Utterance": "x"}, said("CUSTOMER", "Help.", 0)),
        [None, 3, segments(said("CUSTOMER", "Help.", 0))],
        streamed({"Alternatives": [3, {"Transcript": "Help.", "Items": [None, {"Content": None}]}]}),
    ],
)
def test_what_is_odd_in_it_is_passed_over(odd: object) -> None:
    assert read(odd).text == "Help."
