"""Seed phrases are found however they are written, and prose is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.redaction import Redactor
from tests.unit.redaction.disguises import (
    ANY_LANGUAGE,
    ENGLISH,
    ENGLISH_ONLY,
    JAPANESE,
    JAPANESE_ONLY,
    Written,
    decomposed,
    english,
    japanese,
)

SIZES = {16: 12, 20: 15, 24: 18, 28: 21, 32: 24}


def leftovers(text: str, words: list[str]) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).lower()
    return [word for word in words if len(word) > 4 and word in folded]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("written", (ANY_LANGUAGE | ENGLISH_ONLY).values(), ids=ANY_LANGUAGE | ENGLISH_ONLY)
def test_an_english_phrase_is_found_in_every_disguise(written: Written, size: int) -> None:
    words, redactor = english("disguised", size), Redactor()
    text = redactor.redact(f"I typed this on their page:\n{written(words)}\nThen the money was gone.")
    assert [secret.kind for secret in redactor.secrets] == ["seed_phrase"]
    assert redactor.secrets[0].verified
    assert text.startswith("I typed this on their page:\n")
    assert text.endswith("\nThen the money was gone.")
    assert not leftovers(text, words)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("written", (ANY_LANGUAGE | JAPANESE_ONLY).values(), ids=ANY_LANGUAGE | JAPANESE_ONLY)
def test_a_japanese_phrase_is_found_in_every_disguise(written: Written, size: int) -> None:
    words, redactor = japanese("偽装", size), Redactor()
    text = redactor.redact(f"復元フレーズを入力しました。\n{written(words)}\n送金されてしまいました。")
    assert [secret.kind for secret in redactor.secrets] == ["seed_phrase"]
    assert redactor.secrets[0].verified
    assert text.startswith("復元フレーズを入力しました。\n")
    assert text.endswith("\n送金されてしまいました。")
    assert not leftovers(text, words)


def test_a_phrase_between_particles_leaves_the_sentence_whole() -> None:
    words = japanese()
    assert Redactor().redact(f"フレーズは{' '.join(words)}です。") == "フレーズは[seed phrase 1]です。"
    assert Redactor().redact(f"フレーズは{''.join(words)}です。") == "フレーズは[seed phrase 1]です。"


def test_an_english_phrase_in_a_japanese_sentence_leaves_the_sentence_whole() -> None:
    assert Redactor().redact(f"フレーズは「{' '.join(english())}」です。") == "フレーズは「[seed phrase 1]」です。"


def test_ordinary_words_beside_a_phrase_that_are_on_the_list_themselves_stay() -> None:
    phrase = " ".join(english())
    assert Redactor().redact(f"My seed phrase: {phrase}. Please help!") == "My seed phrase: [seed phrase 1]. Please help!"


def test_the_end_of_a_line_is_the_end_of_a_phrase() -> None:
    lines = "\n".join(english())
    assert Redactor().redact(f"I typed my recovery phrase here\n{lines}\nThank you") == (
        "I typed my recovery phrase here\n[seed phrase 1]\nThank you"
    )


@pytest.mark.parametrize("count", [12, 13, 14, 17, 23, 24, 30])
def test_a_phrase_that_is_not_right_is_redacted_all_the_same(count: int) -> None:
    words = (english("wrong", 32) + english("longer", 32))[:count][::-1]
    redactor = Redactor()
    assert redactor.redact(" ".join(words)) == "[seed phrase 1]"


def test_whether_the_checksum_holds_is_said() -> None:
    redactor = Redactor()
    words = english("checked", 32)
    redactor.redact(f"{' '.join(words)}. And the other one was {' '.join(reversed(words))}.")
    assert [secret.verified for secret in redactor.secrets] == [True, False]


def test_the_same_word_twelve_times_is_a_phrase_too() -> None:
    assert Redactor().redact("abandon " * 11 + "about") == "[seed phrase 1]"
    assert Redactor().redact(", ".join(["abandon"] * 12)) == "[seed phrase 1]"


def test_a_stretch_that_passes_by_chance_does_not_hide_the_phrase() -> None:
    phrase = "abandon " * 11 + "about"
    text = f"I cannot open my wallet any more.\n{phrase}\nCan you look?"
    assert Redactor().redact(text) == "I cannot open my wallet any more.\n[seed phrase 1]\nCan you look?"


def test_eleven_words_are_no_phrase() -> None:
    text = " ".join(english()[:11])
    assert Redactor().redact(text) == text


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_misspelled_word_does_not_save_a_phrase_that_is_called_one(place: int) -> None:
    words = english("misspelled")
    words[place] = f"{words[place]}x"
    assert Redactor().redact(f"My recovery phrase is\n{' '.join(words)}") == "My recovery phrase is\n[seed phrase 1]"


@pytest.mark.parametrize("change", ["dropped", "swapped", "replaced", "doubled"])
def test_two_slips_of_the_finger_are_forgiven(change: str) -> None:
    slips = {"dropped": "abndon", "swapped": "abanodn", "replaced": "abandom", "doubled": "abbandon"}
    words = english("slips")
    words[3] = words[8] = slips[change]
    redactor = Redactor()
    assert redactor.redact(f"seed phrase:\n{' '.join(words)}") == "seed phrase:\n[seed phrase 1]"
    assert redactor.secrets[0].verified is False


def test_two_phrases_one_below_the_other_are_two() -> None:
    redactor = Redactor()
    text = f"{' '.join(english('one'))}\n\n{' '.join(english('two'))}"
    assert redactor.redact(text) == "[seed phrase 1]\n\n[seed phrase 2]"


def test_a_long_phrase_in_two_blocks_is_one() -> None:
    words = english("blocks", 32)
    redactor = Redactor()
    assert redactor.redact(f"{' '.join(words[:12])}\n\n{' '.join(words[12:])}") == "[seed phrase 1]"
    assert redactor.secrets[0].verified


def test_the_same_phrase_in_another_disguise_is_the_same_secret() -> None:
    words = english("same")
    redactor = Redactor()
    text = redactor.redact(f"{' '.join(words)}. I wrote: {'/'.join(words).upper()}")
    assert text == "[seed phrase 1]. I wrote: [seed phrase 1]"


@pytest.mark.parametrize(
    "prose",
    [
        "I was asked to verify my account and then the support person said that I have to send them more money first.",
        "There is no way that you can cancel this order because it was already sent, so please wait until next week.",
        "When can you help me? I call every day, all week long, and they just say: wait. What can I do about this now?",
        "border-left-width:0; border-right-width:0; margin-top:0; margin-right:0; margin-bottom:0; margin-left:0; width:100%",
        "call call call call call call number used system",
        "昨日の夜、身に覚えのない出金の通知が届きました。すぐにログインして確認したところ、残高がゼロになっていました。",
        "おせわになっております。このたびはごめいわくをおかけしてたいへんもうしわけありません。どうぞよろしくおねがいいたします。",
    ],
)
def test_prose_stays(prose: str) -> None:
    assert Redactor().redact(prose) == prose


BYTES = st.sampled_from([16, 20, 24, 28, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=["L", "Cs"]), max_size=20)


@settings(deadline=None)
@given(BYTES, st.sampled_from(list((ANY_LANGUAGE | ENGLISH_ONLY).values())), AROUND, AROUND)
def test_no_english_phrase_survives(raw: bytes, written: Written, before: str, after: str) -> None:
    words = ENGLISH.to_mnemonic(raw).split()
    redactor = Redactor()
    text = redactor.redact(f"{before}\n{written(words)}\n{after}")
    assert [secret.kind for secret in redactor.secrets].count("seed_phrase") == 1
    assert not leftovers(text, [word for word in words if word != "phrase"])


@pytest.mark.parametrize("form", ["{number}. {word}", "{number}) {word}", "{number}: {word}", "{number} {word}"])
def test_a_numbered_word_that_also_means_word_is_a_word(form: str) -> None:
    words = unicodedata.normalize("NFC", JAPANESE.to_mnemonic(bytes(11) + b"R " + bytes(3))).split()
    assert "ことば" in words
    redactor = Redactor()
    text = redactor.redact("漢\n" + " ".join(form.format(number=at, word=word) for at, word in enumerate(words, 1)) + "\n漢")
    assert redactor.secrets
    assert "あしあと" not in text


@settings(deadline=None)
@given(BYTES, st.sampled_from(list((ANY_LANGUAGE | JAPANESE_ONLY).values())), AROUND, AROUND)
def test_no_japanese_phrase_survives(raw: bytes, written: Written, before: str, after: str) -> None:
    words = unicodedata.normalize("NFC", JAPANESE.to_mnemonic(raw)).split()
    redactor = Redactor()
    text = redactor.redact(f"{before}漢\n{written(words)}\n漢{after}")
    assert redactor.secrets
    assert not leftovers(text, words)
    assert not leftovers(decomposed(text), words)
