from __future__ import annotations

import hashlib

from casework.message import Trust
from tests.unit.voice_door.voice_calls import contact_lens, items, read, sample, transcribe, turn


def test_the_original_and_the_redacted_file_of_a_contact_are_one_message() -> None:
    original, redacted = read(sample("contact_lens_en")), read(sample("contact_lens_redacted_en"))

    assert original.message_id == redacted.message_id
    assert original.source.digest != redacted.source.digest


def test_the_original_and_the_redacted_result_of_a_job_are_one_message() -> None:
    assert read(sample("transcribe_unredacted_en")).message_id == read(sample("transcribe_redacted_en")).message_id


def test_two_contacts_are_two_messages() -> None:
    assert read(contact_lens(contact="a")).message_id != read(contact_lens(contact="b")).message_id


def test_a_jobs_name_that_is_used_again_is_another_call() -> None:
    first = read(transcribe({"items": items(["help", "me"])}))
    second = read(transcribe({"items": items(["help", "me", "now"])}))

    assert first.message_id != second.message_id


def test_a_contact_is_named_by_the_file_then_by_the_record_then_by_the_job_then_by_its_content() -> None:
    job = transcribe({"items": items(["help"])})
    raw = b'{"results": {"items": []}}'

    assert read(contact_lens(contact="c-1"), contact_id="c-1").source.name == "c-1"
    assert read({"ContactId": "c-2", "Transcript": []}).source.name == "c-2"
    assert read(job, contact_id="c-3").source.name == "c-3"
    assert read(job).source.name == "example/call-1#200"
    assert read(raw).source.name == read(raw).source.digest == hashlib.sha256(raw).hexdigest()


def test_names_that_name_nothing_do_not_make_two_calls_one() -> None:
    def call(job: str, text: str) -> object:
        source = [{"TranscribeJobInfo": {"TranscriptionJobName": job}}]
        return {"ConversationAnalytics": {"SourceInformation": source}, "SpeechSegments": [{"OriginalText": text}]}

    for name in ("None", "x" * 300, "unknown"):
        assert read(call(name, "one")).message_id != read(call(name, "two")).message_id


def test_a_record_of_another_contact_is_pointed_out_and_vouches_for_nobody() -> None:
    message = read(contact_lens(turn("CUSTOMER", "Help."), contact="c-1"), contact_id="c-2", customer_account="AC-1")

    assert (message.source.name, message.signals) == ("c-1", ("contact_id_differs",))
    assert [identity.trust for identity in message.identities] == [Trust.CLAIMED]


def test_one_contact_id_in_two_spellings_is_one_contact() -> None:
    message = read(contact_lens(turn("CUSTOMER", "Help."), contact="6C1D3C1E"), contact_id="6c1d3c1e", customer_account="AC-1")

    assert message.signals == ()
    assert [identity.trust for identity in message.identities] == [Trust.AUTHENTICATED]
