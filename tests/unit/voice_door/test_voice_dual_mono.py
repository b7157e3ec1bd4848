from __future__ import annotations

import pytest

from tests.unit.voice_door.voice_calls import contact_lens, items, read, sample, transcribe, turn


def test_a_line_said_on_both_channels_is_the_customers() -> None:
    message = read(sample("contact_lens_dual_mono_en"))

    assert [turn.role for turn in message.turns] == ["customer"] * 3
    assert message.signals == ("dual_mono",)


def test_one_long_copy_is_proof_and_the_rest_of_the_call_stays() -> None:
    message = read(
        contact_lens(
            turn("AGENT", "Good morning.", 0, 900),
            turn("CUSTOMER", "I never made that withdrawal.", 1000, 3000),
            turn("AGENT", "i never made that withdrawal", 1050, 3010),
            turn("AGENT", "One moment.", 4000, 4500),
            turn("AGENT", "Still there?", 5000, 5500),
        )
    )

    assert [turn.role for turn in message.turns] == ["agent", "customer", "agent", "agent"]
    assert "dual_mono" in message.signals


def test_copies_need_not_be_cut_alike() -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", "身に覚えのない出金が", 0, 1500),
            turn("CUSTOMER", "三件あります。", 1500, 3000),
            turn("AGENT", "身に覚えのない出金が三件あります。", 20, 3020),
        )
    )

    assert (message.text, len(message.turns)) == ("身に覚えのない出金が\n三件あります。", 2)


@pytest.mark.parametrize("greeting", ["もしもし", "Hello?", "はい"])
def test_people_who_greet_each_other_are_two_people(greeting: str) -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", greeting, 0, 500),
            turn("AGENT", greeting, 100, 600),
            turn("AGENT", "How can I help?", 1000, 2000),
            turn("AGENT", "Please go on.", 3000, 4000),
        )
    )

    assert "dual_mono" not in message.signals
    assert len(message.turns) == 4


def test_a_call_of_short_lines_all_said_twice_is_one_recording() -> None:
    lines = [turn(role, text, at, at + 400) for at, text in ((0, "もしもし"), (2000, "はい")) for role in ("CUSTOMER", "AGENT")]

    message = read(contact_lens(*lines))

    assert (message.text, message.signals) == ("もしもし\nはい", ("dual_mono",))


def test_the_same_line_at_another_time_is_said_twice() -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", "My account number is four four seven one.", 0, 3000),
            turn("AGENT", "My account number is four four seven one.", 8000, 11000),
        )
    )

    assert len(message.turns) == 2
    assert "dual_mono" not in message.signals


def test_channels_without_roles_are_collapsed_onto_the_first() -> None:
    words = ["somebody", "took", "my", "coins", "."]
    channels = [{"channel_label": label, "items": items(words, 1.0)} for label in ("ch_0", "ch_1")]

    message = read(transcribe({"channel_labels": {"channels": channels}}))

    assert message.text == "somebody took my coins."
    assert message.signals == ("roles_unknown", "dual_mono")


def test_the_customers_own_repetition_is_kept() -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", "Please stop the transfer.", 0, 900), turn("CUSTOMER", "Please stop the transfer.", 800, 1700)
        )
    )

    assert len(message.turns) == 2


def test_an_agent_who_reads_a_line_back_has_said_it() -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", "Zero six six nine four four seven one.", 0, 3000),
            turn("AGENT", "Zero six six nine, four four seven one?", 3200, 6200),
        )
    )

    assert len(message.turns) == 2
    assert "dual_mono" not in message.signals


def test_a_copy_whose_start_was_recognised_late_is_a_copy() -> None:
    message = read(
        contact_lens(
            turn("CUSTOMER", "I never made that withdrawal.", 1000, 1300),
            turn("AGENT", "I never made that withdrawal.", 1450, 1750),
        )
    )

    assert message.signals == ("dual_mono",)


def test_voices_told_apart_on_one_channel_are_never_copies() -> None:
    both = [*items(["yes", "."], 0.0, speaker_label="spk_0"), *items(["yes", "."], 0.3, speaker_label="spk_1")]

    message = read(transcribe({"items": both, "speaker_labels": {"speakers": 2}}))

    assert (message.text, message.signals) == ("yes.\nyes.", ("roles_unknown",))
