from __future__ import annotations

import json

import pytest

from casework.message import Channel
from functions.voice import transcript
from tests.unit.voice_door.voice_calls import RECEIVED_AT, SAMPLES, contact_lens, item, items, read, sample, transcribe, turn

SPOKEN = {
    "call_analytics_en": "There is a withdrawal I did not make.\nIt left ten minutes ago.",
    "call_analytics_ja": "パスワードを人に教えました。",
    "contact_lens_dual_mono_en": "Your call is recorded.\nMy coins are gone.\nNever share your seed phrase with anyone.",
    "contact_lens_empty": "",
    "contact_lens_en": "This is Aoi, account 4471, I cannot log in since my phone was stolen.",
    "contact_lens_ja": "復元フレーズをサイトに入力してしまいました。",
    "contact_lens_realtime_en": "A man on the phone made me install a remote control app.\nHe is moving my coins",
    "contact_lens_redacted_en": "This is [PII], account [PII], I cannot log in since my phone was stolen.",
    "post_call_analytics_en": "I clicked the link in a text message.\nIt looked exactly like yours.",
    "transcribe_alternatives_en": "I lost my phone and my authenticator.",
    "transcribe_channels_en": (
        "Good morning, support desk.\nI gave my code to a caller who said he was from your company.\nOne moment please."
    ),
    "transcribe_channels_ja": "はい、窓口です。\nFX口座にログインできません。",
    "transcribe_plain_en": "My withdrawal has been pending for three days.\nCan you tell me where it is?",
    "transcribe_plain_ja": "出金が保留のままです。\nTrust Walletに送りました。",
    "transcribe_redacted_en": "My pin is [PII].",
    "transcribe_speakers_en": (
        "Thank you for calling, how can I help?\nSomebody is draining my account right now.\nI am locking it."
    ),
    "transcribe_speakers_ja": "お電話ありがとうございます。\n身に覚えのない出金があります。",
    "transcribe_stream_en": "Is this support?\nYes, [NAME] speaking.",
    "transcribe_unredacted_en": "My pin is 1234.",
    "transcribe_words_only_ja": "えっと暗号資産が勝手に送金されました",
}


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_every_shape_gives_what_the_customer_said(name: str) -> None:
    assert read(sample(name)).text == SPOKEN[name]


def test_every_sample_is_told_apart_by_what_is_in_it() -> None:
    services = {path.stem: read(path.read_bytes()).facts["service"] for path in SAMPLES.glob("*.json")}

    expected = {"transcribe": "transcribe", "call_analytics": "call_analytics", "contact_lens": "contact_lens"}
    expected["post_call_analytics"] = "call_analytics"
    assert services == {name: service for name in SPOKEN for start, service in expected.items() if name.startswith(start)}


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_the_language_of_a_call_is_the_one_in_its_name_or_not_said(name: str) -> None:
    assert read(sample(name)).language_hint in {"", name.rsplit("_", 1)[-1]} | ({"en"} if name.endswith("empty") else set())


@pytest.mark.parametrize("name", ["transcribe_plain_ja", "call_analytics_en", "contact_lens_ja", "post_call_analytics_en"])
def test_each_family_says_its_language(name: str) -> None:
    assert read(sample(name)).language_hint == name[-2:]


def test_a_message_of_a_call_has_no_subject_no_thread_and_our_clock() -> None:
    message = transcript.read(sample("contact_lens_en"), received_at=RECEIVED_AT, locator="s3://calls/a.json?versionId=1")

    assert (message.subject, message.thread_name, message.references, message.sent_at) == ("", "", (), None)
    assert (message.received_at, message.source.channel) == (RECEIVED_AT, Channel.VOICE)
    assert message.source.locator == "s3://calls/a.json?versionId=1"


def test_turns_keep_who_spoke_and_when() -> None:
    turns = read(sample("call_analytics_en")).turns

    assert [(turn.role, turn.start_ms, turn.end_ms) for turn in turns] == [
        ("agent", 300, 2400),
        ("customer", 2600, 5200),
        ("agent", 5400, 8000),
        ("customer", 8200, 9900),
    ]


def test_what_the_agent_says_is_not_what_the_customer_says() -> None:
    assert "seed phrase" not in read(sample("call_analytics_en")).text


def test_words_without_a_turn_text_are_put_together() -> None:
    assert read(sample("call_analytics_ja")).turns[1].text == "パスワードを人に教えました。"


def test_a_role_may_be_named_by_participant_only() -> None:
    assert [turn.role for turn in read(sample("contact_lens_ja")).turns] == ["agent", "customer", "agent"]


def test_an_announcement_is_not_the_customers_even_on_the_customers_line() -> None:
    assert read(sample("post_call_analytics_en")).turns[0].role == "agent"


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("CUSTOMER", "customer"),
        ("Caller 2", "customer"),
        ("お客様", "customer"),
        ("AGENT", "agent"),
        ("SUPERVISOR", "agent"),
        ("Customer service", "agent"),
        ("お客様サポート", "agent"),
        ("オペレーター", "agent"),
        ("spk_0", "unknown"),
        ("Abbott", "unknown"),
    ],
)
def test_a_label_names_a_side(label: str, role: str) -> None:
    assert read(contact_lens(turn(label, "Hello there."))).turns[0].role == role


@pytest.mark.parametrize("name", ["transcribe_plain_en", "transcribe_speakers_en", "transcribe_channels_en"])
def test_without_roles_everybody_counts_and_a_person_is_told(name: str) -> None:
    message = read(sample(name))

    assert {turn.role for turn in message.turns} == {"unknown"}
    assert "roles_unknown" in message.signals


def test_a_turn_of_nobody_known_counts_as_the_customers() -> None:
    message = read(contact_lens(turn("CUSTOMER", "Help."), turn("AGENT", "Yes."), turn("", "My coins are gone.", 2000, 3000)))

    assert message.text == "Help.\nMy coins are gone."
    assert "roles_unknown" in message.signals


def test_a_call_in_which_only_the_agent_speaks_has_no_text_and_says_so() -> None:
    message = read(contact_lens(turn("AGENT", "You have reached the support desk.")))

    assert (message.text, message.signals) == ("", ("no_customer_turns",))


@pytest.mark.parametrize(
    "content",
    [
        contact_lens(),
        {"JobStatus": "COMPLETED", "Transcript": []},
        transcribe({"transcripts": [], "items": []}),
        transcribe({"transcripts": [{"transcript": ""}], "items": []}),
        {"ConversationAnalytics": {}, "SpeechSegments": []},
        contact_lens(turn("CUSTOMER", "  ")),
    ],
)
def test_an_empty_call_is_a_contact_that_happened(content: object) -> None:
    message = read(content)

    assert (message.text, message.turns, message.signals) == ("", (), ("empty_call",))


def test_turns_come_in_the_order_they_were_spoken() -> None:
    message = read(contact_lens(turn("CUSTOMER", "Second.", 5000, 6000), turn("CUSTOMER", "First.", 1000, 2000)))

    assert message.text == "First.\nSecond."


def test_turns_without_times_stay_as_written() -> None:
    message = read(contact_lens(turn("CUSTOMER", "One.", None, None), turn("CUSTOMER", "Two.", 10, 20)))

    assert [(turn.text, turn.start_ms) for turn in message.turns] == [("One.", None), ("Two.", 10)]


def test_an_end_before_its_start_is_no_end() -> None:
    assert read(contact_lens(turn("CUSTOMER", "Hi.", 900, 200))).turns[0].end_ms is None


def test_crosstalk_keeps_every_speakers_sentence_whole() -> None:
    one = items(["my", "money", "is", "gone"], 1.0)
    other = items(["please", "hold"], 1.1)
    segments = [
        {"start_time": "1.0", "speaker_label": "spk_0", "items": [{k: w[k] for k in ("start_time", "end_time")} for w in one]},
        {"start_time": "1.1", "speaker_label": "spk_1", "items": [{k: w[k] for k in ("start_time", "end_time")} for w in other]},
    ]
    mixed = sorted([*one, *other], key=lambda word: float(word["start_time"]))

    assert read(transcribe({"items": mixed, "speaker_labels": {"segments": segments}})).text == "my money is gone\nplease hold"


def test_words_with_labels_need_no_segments() -> None:
    said = [*items(["hello", "."], 0.0, speaker_label="spk_0"), *items(["help", "me"], 2.0, speaker_label="spk_1")]

    assert read(transcribe({"items": said, "speaker_labels": {"speakers": 2}})).text == "hello.\nhelp me"


def test_a_channel_that_falls_silent_in_mid_sentence_lets_the_other_speak() -> None:
    results = {
        "channel_labels": {
            "channels": [
                {"channel_label": "ch_0", "items": [*items(["well", ","], 0.0), *items(["yes"], 9.0)]},
                {"channel_label": "ch_1", "items": items(["are", "you", "there", "?"], 3.0)},
            ]
        }
    }

    assert read(transcribe(results)).text == "well,\nare you there?\nyes"


def test_a_call_without_marks_is_cut_where_somebody_pauses_so_that_a_reason_has_its_second() -> None:
    said = [*items(["もしもし"], 0.5), *items(["勝手に", "送金", "され", "まし", "た"], 62.0)]

    turns = read(transcribe({"items": said})).turns

    assert [(each.text, each.start_ms) for each in turns] == [("もしもし", 500), ("勝手に送金されました", 62000)]


def test_channels_named_after_roles_have_roles() -> None:
    channels = [
        {"channel_label": "AGENT", "items": items(["how", "can", "I", "help", "?"], 0.0)},
        {"channel_label": "CUSTOMER", "items": items(["I", "was", "robbed"], 3.0)},
    ]

    message = read(transcribe({"channel_labels": {"channels": channels}}))

    assert (message.text, message.signals) == ("I was robbed", ())


def test_the_services_own_segments_are_used_only_when_every_word_is_in_them() -> None:
    words = items(["stop", "the", "transfer"])
    whole = {"transcript": "stop the transfer", "start_time": "0.1", "end_time": "0.9"}

    assert read(transcribe({"items": words, "audio_segments": [whole]})).turns[0].start_ms == 100
    assert read(transcribe({"items": words, "audio_segments": [{**whole, "transcript": "stop"}]})).text == "stop the transfer"


def test_the_first_alternative_of_a_word_is_the_one_that_was_said() -> None:
    word = item("phone")
    word["alternatives"].append({"confidence": "0.01", "content": "fone"})

    assert read(transcribe({"items": [word]})).text == "phone"


def test_a_result_may_hold_alternatives_or_a_text_only() -> None:
    alternatives = [{"transcript": "my phone is lost"}, {"transcript": "my fone is lost"}]

    assert read(transcribe({"segments": [{"start_time": "0.5", "alternatives": alternatives}]})).text == "my phone is lost"
    words = [{"content": "my", "type": "pronunciation"}, {"content": "phone", "type": "pronunciation"}]
    assert read(transcribe({"segments": [{"start_time": "0.5", "alternatives": [{"items": words}]}]})).text == "my phone"
    assert read(transcribe({"transcripts": [{"transcript": "my phone is lost"}]})).text == "my phone is lost"


def test_a_text_that_is_not_the_words_is_pointed_out() -> None:
    message = read(transcribe({"transcripts": [{"transcript": "not used"}], "items": items(["help", "me"])}))

    assert message.text == "help me"
    assert "transcript_differs" in message.signals


def test_the_language_spoken_longest_counts() -> None:
    codes = [
        {"language_code": "en-US", "duration_in_seconds": 2.5},
        {"language_code": "ja-JP", "duration_in_seconds": 40},
        {"language_code": "en-GB", "duration_in_seconds": "x"},
    ]

    assert read(transcribe({"items": [], "language_codes": codes})).language_hint == "ja"


@pytest.mark.parametrize(
    ("code", "hint"), [("ja-JP", "ja"), ("en_AU", "en"), ("EN", "en"), ("fr-FR", ""), ("", ""), ("japanese", "")]
)
def test_only_english_and_japanese_are_hints(code: str, hint: str) -> None:
    assert read(contact_lens(LanguageCode=code)).language_hint == hint


def test_the_facts_of_an_analysed_call() -> None:
    assert read(sample("call_analytics_en")).facts == {
        "service": "call_analytics",
        "redacted": "no",
        "duration_ms": "9900",
        "sentiment_customer": "-3.5",
        "negative_at_ms": "2600, 8200",
        "categories": "unauthorised-withdrawal",
        "skipped_analyses": "unknown",
        "issues": "1",
        "issues_at_ms": "2600",
        "interruptions": "1",
        "non_talk_ms": "0",
    }


def test_what_a_service_does_not_say_is_unknown_and_not_nothing() -> None:
    facts = read(contact_lens(turn("CUSTOMER", "Help."))).facts
    told = ("sentiment_customer", "categories", "issues", "interruptions", "skipped_analyses")
    assert {facts[name] for name in told} == {"unknown"}
    assert {"outcomes", "action_items", "confidence", "non_talk_ms"}.isdisjoint(facts)


@pytest.mark.parametrize(
    ("details", "categories"),
    [
        ({"SkippedAnalysis": []}, "none"),
        ({}, "none"),
        ({"SkippedAnalysis": [{"Feature": "CATEGORIZATION", "SkippedEntities": [{"CategoryName": "Fraud"}]}]}, "unknown"),
        ({"SkippedAnalysis": [{"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "QUOTA_EXCEEDED"}]}, "unknown"),
    ],
)
def test_no_category_is_none_only_when_all_were_looked_for(details: dict[str, object], categories: str) -> None:
    content = contact_lens(turn("CUSTOMER", "Help."), Categories={"MatchedCategories": []}, JobDetails=details)
    assert read(content).facts["categories"] == categories


def test_what_matched_is_named_even_when_something_else_was_skipped() -> None:
    skipped = {"SkippedAnalysis": [{"Feature": "CATEGORIZATION", "SkippedEntities": [{"CategoryName": "Fraud"}]}]}
    content = contact_lens(turn("CUSTOMER", "Help."), Categories={"MatchedCategories": ["Refund"]}, JobDetails=skipped)
    assert (read(content).facts["categories"], read(content).facts["skipped_analyses"]) == ("Refund", "Fraud")


def test_what_was_detected_is_counted_and_has_its_place_in_the_call() -> None:
    spans = [{"CharacterOffsets": {"Begin": 0, "End": 4}}]
    told = {**turn("CUSTOMER", "I was robbed.", 61_000, 63_000), "IssuesDetected": [*spans, *spans], "Sentiment": "NEGATIVE"}
    agent = {**turn("AGENT", "I locked it.", 64_000, 66_000), "OutcomesDetected": spans, "ActionItemsDetected": []}
    facts = read(contact_lens(told, {**agent, "Sentiment": "NEGATIVE"})).facts
    assert {name: facts.get(name) for name in ("issues", "issues_at_ms", "negative_at_ms", "outcomes", "action_items")} == {
        "issues": "2",
        "issues_at_ms": "61000",
        "negative_at_ms": "61000",
        "outcomes": "1",
        "action_items": "0",
    }


def test_a_long_list_of_places_ends_with_a_whole_one() -> None:
    robbed = {"Sentiment": "NEGATIVE"}
    facts = read(contact_lens(*({**turn("CUSTOMER", "Robbed!", n * 1000, n * 1000 + 900), **robbed} for n in range(100)))).facts
    *places, rest = facts["negative_at_ms"].split(", ")
    assert rest == "…"
    assert places == [str(n * 1000) for n in range(len(places))]
    assert 180 < len(facts["negative_at_ms"]) <= 200


def test_one_long_name_is_cut_and_not_lost() -> None:
    content = contact_lens(turn("CUSTOMER", "Help."), Categories={"MatchedCategories": ["so " * 500, "y"]})
    assert read(content).facts["categories"] == ("so " * 500)[:200]


def test_no_fact_quotes_what_was_said() -> None:
    span = {"IssuesDetected": [{"CharacterOffsets": {"Begin": 0, "End": 13}, "Text": "I was robbed."}]}
    assert "robbed" not in str(read(contact_lens({**turn("CUSTOMER", "I was robbed."), **span})).facts)


def test_how_sure_the_service_is_of_its_words_is_a_fact() -> None:
    words = [item("help"), item("me"), item(".")]
    words[1]["alternatives"] = [{"confidence": "0.51", "content": "me"}, {"confidence": "0.4", "content": "knee"}]
    assert read(transcribe({"items": words})).facts["confidence"] == "0.75"
    analysed = {**turn("CUSTOMER", "Help me."), "Items": [{"Content": "Help", "Confidence": 0.9, "Type": "pronunciation"}]}
    assert read(contact_lens(analysed)).facts["confidence"] == "0.90"


@pytest.mark.parametrize("value", [None, "high", "NaN", 7, -1, True, []])
def test_a_confidence_that_is_none_is_no_fact(value: object) -> None:
    word = {**item("help"), "alternatives": [{"content": "help", "confidence": value}]}
    assert "confidence" not in read(transcribe({"items": [word]})).facts


def test_a_category_that_was_not_looked_for_is_no_evidence() -> None:
    message = read(sample("contact_lens_ja"))

    assert message.facts["skipped_analyses"] == "PotentialFraud, Refund, POST_CONTACT_SUMMARY"
    assert "analysis_skipped" in message.signals


def test_nothing_skipped_and_not_saying_so_are_two_things() -> None:
    assert "skipped_analyses" not in read(contact_lens(JobDetails={"SkippedAnalysis": []})).facts
    assert read(contact_lens()).facts["skipped_analyses"] == "unknown"


def test_categories_without_an_instance_were_not_found() -> None:
    assert read(sample("post_call_analytics_en")).facts["categories"] == "Phishing"


@pytest.mark.parametrize(
    ("content", "redacted"),
    [
        (sample("contact_lens_en"), "no"),
        (sample("contact_lens_redacted_en"), "yes"),
        (sample("transcribe_unredacted_en"), "no"),
        (sample("transcribe_redacted_en"), "yes"),
        (contact_lens(turn("CUSTOMER", "I am [NAME].")), "yes"),
        (contact_lens(turn("CUSTOMER", "I read [1] twice.")), "no"),
    ],
)
def test_a_redacted_file_is_known_as_one(content: object, redacted: str) -> None:
    assert read(content).facts["redacted"] == redacted


def test_a_turn_that_cannot_be_read_is_left_out_and_pointed_out() -> None:
    message = read({"Transcript": [turn("CUSTOMER", "Help."), "noise", {"Id": "1"}]})

    assert (message.text, message.signals) == ("Help.", ("turns_skipped",))


def test_a_job_that_is_not_finished_is_pointed_out() -> None:
    assert "job_not_completed" in read(contact_lens(turn("CUSTOMER", "Help."), JobStatus="IN_PROGRESS")).signals
    assert "job_not_completed" in read(transcribe({"items": items(["help"])}, status="IN_PROGRESS")).signals


def test_the_samples_are_short_and_name_no_account() -> None:
    for path in SAMPLES.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert len(text) < 8000
        assert json.loads(text).get("accountId", json.loads(text).get("AccountId", "example")) == "example"
