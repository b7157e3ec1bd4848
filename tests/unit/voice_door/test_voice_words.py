from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.voice.words import Word, is_japanese, spaced, utterance
from tests.unit.voice_door.voice_calls import MARKS, items, read, transcribe

LATIN = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789'", min_size=1, max_size=8)
KANA = st.text("あいうかきさしたなのはまもやらをアイスーン出金口座送不正々", min_size=1, max_size=6)
SPOKEN = st.lists(st.one_of(LATIN, KANA, st.sampled_from(sorted(MARKS))), max_size=40)


def joined(words: list[str], own: str = "") -> str:
    return utterance(spaced([Word(word, word in MARKS) for word in words], own)).text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["I", "lost", "my", "phone", ",", "help", "!"], "I lost my phone, help!"),
        (["不正", "出金", "です", "。"], "不正出金です。"),
        (["はい", "、", "そう", "です", "。"], "はい、そうです。"),
        (["Trust", "Wallet", "に", "5", "BTC", "送り", "まし", "た"], "Trust Walletに5 BTC送りました"),
        (["ビットコイン"], "ビットコイン"),
        (["비트코인", "지갑"], "비트코인 지갑"),
        (["Ｔｒｕｓｔ", "Ｗａｌｌｅｔ", "に", "送り", "まし", "た"], "Ｔｒｕｓｔ Ｗａｌｌｅｔに送りました"),
        (["０", "９", "０", "です"], "０９０です"),
        ([], ""),
    ],
)
def test_words_are_put_together_as_they_are_written(words: list[str], text: str) -> None:
    assert joined(words) == text


def test_the_services_own_spacing_is_kept_where_it_is_of_the_same_words() -> None:
    assert joined(["F", "X", "口座"], "FX口座") == "FX口座"
    assert joined(["U", "S", "D", "T"], "U S DT") == "U S DT"


def test_the_services_own_spacing_of_other_words_is_not_used() -> None:
    assert joined(["a", "b"], "ab c") == "a b"
    assert joined(["a", "b"], "ac") == "a b"


def test_japanese_words_are_never_cut_apart() -> None:
    assert joined(["不正", "出金", "です"], "不正 出金 です") == "不正出金です"


@given(SPOKEN)
def test_no_letter_is_lost_or_added(words: list[str]) -> None:
    assert joined(words).replace(" ", "") == "".join(words)


@given(st.lists(LATIN, min_size=1, max_size=40))
def test_english_words_come_back_as_words(words: list[str]) -> None:
    assert joined(words).split(" ") == words


@given(SPOKEN)
def test_no_space_touches_a_japanese_character(words: list[str]) -> None:
    text = joined(words)
    spaces = [place for place, character in enumerate(text) if character == " "]
    assert not any(is_japanese(text[place - 1]) or is_japanese(text[place + 1]) for place in spaces)


@given(st.lists(st.lists(LATIN, min_size=1, max_size=6), min_size=1, max_size=8))
def test_a_transcripts_own_text_is_rebuilt_exactly(sentences: list[list[str]]) -> None:
    words = [word for sentence in sentences for word in [*sentence, "."]]
    own = " ".join(" ".join(sentence) + "." for sentence in sentences)

    message = read(transcribe({"transcripts": [{"transcript": own}], "items": items(words)}))

    assert " ".join(turn.text for turn in message.turns) == own
    assert "transcript_differs" not in message.signals


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("出金 が 保留 の まま です 。", "出金が保留のままです。"),
        ("Trust Wallet に 5 BTC 送り まし た", "Trust Wallet に 5 BTC 送りました"),
        ("I lost my phone.", "I lost my phone."),
        ("비트코인 지갑", "비트코인 지갑"),
        ("", ""),
    ],
)
def test_a_turn_that_a_service_wrote_with_blanks_between_japanese_words_has_none(written: str, text: str) -> None:
    analysed = {"Transcript": [{"ParticipantRole": "CUSTOMER", "Content": written}]}
    segment = {"results": {"audio_segments": [{"transcript": written}], "items": []}}
    sampled = {"ConversationAnalytics": {}, "SpeechSegments": [{"OriginalText": written}]}
    plain = {"results": {"transcripts": [{"transcript": written}]}}
    assert {read(content).text for content in (analysed, segment, sampled, plain)} == {text}


@pytest.mark.parametrize("kind", [{}, {"Type": ""}, {"Type": "punctuation"}])
def test_a_mark_is_a_mark_even_when_nobody_says_so(kind: dict[str, str]) -> None:
    said = [{"Content": "Help"}, {"Content": "me"}, {"Content": "!", **kind}]
    assert read({"Transcript": [{"ParticipantRole": "CUSTOMER", "Items": said}]}).text == "Help me!"


def test_a_mark_that_is_declared_a_word_is_a_word() -> None:
    said = [{"Content": "dot", "Type": "pronunciation"}, {"Content": ".", "Type": "pronunciation"}]
    assert read({"Transcript": [{"ParticipantRole": "CUSTOMER", "Items": said}]}).text == "dot ."
