"""What a support lead may write in a pattern, and what it then finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.errors import InvalidPolicy
from casework.policy.phrases import PhraseBook
from casework.policy.rules import phrase_book
from casework.policy.taxonomy import taxonomy
from casework.text.reading import read
from casework.triage.matching import find

TAXONOMY = {
    "version": "1",
    "category": {
        "theft": {
            "en": "Theft",
            "ja": "盗難",
            "family": "crime",
            "team": "fraud",
            "severity": "high",
            "escalates": True,
            "incident": True,
        },
        "other": {"en": "Other", "ja": "その他", "family": "other", "team": "operations", "severity": "low", "escalates": False},
    },
}
VOCABULARY = {
    "version": "1",
    "fillers": ["a", "the", "really"],
    "spelling": {"acct": "account", "wanna": "want to"},
    "negators": {"en": ["not"], "ja": ["ない"]},
    "tracks": {"en": {"space": 0, "gap": 3, "window": 12}, "ja": {"space": 3, "gap": 12, "window": 40}},
    "guard": [
        {"id": "denied", "language": "en", "factor": 0.0, "before": 3, "inside": True, "negation": True, "patterns": ["not"]},
        {"id": "supposed", "language": "en", "factor": 0.5, "before": 8, "scope": "sentence", "patterns": ["what if"]},
        {"id": "denied_ja", "language": "ja", "factor": 0.0, "after": 6, "negation": True, "patterns": ["ていない"]},
    ],
    "concepts": {
        "en": {
            "money": ["coins", "my balance", "# btc"],
            "taken": ["stolen", "(taken|gone) away", "{lost}"],
            "lost": ["vanished"],
        },
        "ja": {"money": ["コイン", "残高"]},
    },
}


def book(en: str = "", ja: str = "", **rule: object) -> PhraseBook:
    patterns = {language: [text] for language, text in (("en", en), ("ja", ja)) if text}
    row = {"id": "rule", "category": "theft", "weight": 2.0, **patterns, **rule}
    return phrase_book(VOCABULARY, {"version": "1", "rule": [row]}, taxonomy(TAXONOMY))


def found(text: str, phrases: PhraseBook, subject: str = "") -> list[str]:
    whole = f"{subject}\n{text}"
    reading = read(subject, text, spelling=phrases.spelling, fillers=phrases.fillers)
    return [whole[start:end] for each in find(reading, phrases).rules for start, end in each.spans]


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("hacked", "I was hacked!", ["hacked"]),
        ("hack", "I was hacked!", []),
        ("hack*", "I was hacked!", ["hacked"]),
        ("my account", "It is MY Account.", ["MY Account"]),
        ("my account", "my other account", []),
        ("my .. account", "my other old account", ["my other old account"]),
        ("my .. account", "my one two three four account", []),
        ("my ..5 account", "my one two three four account", ["my one two three four account"]),
        ("my other? account", "my account", ["my account"]),
        ("my (old|very old) account", "my very old account", ["my very old account"]),
        ("my (account|(bank|card) details)", "my card details", ["my card details"]),
        (
            "{taken} coins",
            "stolen coins, taken away coins, vanished coins",
            ["stolen coins", "taken away coins", "vanished coins"],
        ),
        ("lost {money}", "I lost 0.5 BTC", ["lost 0.5 BTC"]),
        ("i am #70-110", "I am 82 years old", ["I am 82"]),
        ("i am #70-110", "I am 28 years old", []),
        ("stolen & police", "The police said that my coins were stolen.", ["stolen", "police"]),
    ],
)
def test_an_english_pattern_finds_words_and_phrases_on_word_boundaries(pattern: str, text: str, matched: list[str]) -> None:
    assert sorted(found(text, book(en=pattern))) == sorted(matched)


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("乗っ取", "アカウントが乗っ取られました", ["乗っ取"]),
        ("口座 乗っ取", "口座が乗っ取られた", ["口座が乗っ取"]),
        ("口座乗っ取", "口座が乗っ取られた", []),
        ("口座 ..20 乗っ取", "口座がいつの間にか乗っ取られた", ["口座がいつの間にか乗っ取"]),
        ("口座.. 乗っ取", "口座の件。乗っ取り", []),
        ("出金(し|され)た", "出金された。", ["出金された"]),
        ("{money}(が|も)?消え", "コインが消えた", ["コインが消え"]),
        ("#8-17歳", "15歳です", ["15歳"]),
        ("sim", "SIMが無効", ["SIM"]),
        ("sim", "SIMPLEな質問", []),
    ],
)
def test_a_japanese_pattern_finds_characters_whatever_stands_around_them(pattern: str, text: str, matched: list[str]) -> None:
    assert found(text, book(ja=pattern)) == matched


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("ｱｶｳﾝﾄが 乗っ\n取られた", "乗っ\n取"),
        ("アカウントが乗っ　取られた", "乗っ　取"),
        ("Ａccountが乗っ取られた", "乗っ取"),
    ],
)
def test_a_match_points_into_the_text_as_the_customer_wrote_it(text: str, matched: str) -> None:
    assert found(text, book(ja="乗っ取"), subject="㈱テスト") == [matched]


def test_half_width_kana_and_accents_are_levelled() -> None:
    assert found("ﾊﾟｽﾜｰﾄﾞが", book(ja="パスワード")) == ["ﾊﾟｽﾜｰﾄﾞ"]
    assert found("my fiancée", book(en="fiancee")) == ["fiancée"]


def test_contractions_and_shorthand_are_read_in_full() -> None:
    assert found("I didn't do it", book(en="did not do", affirmed=False)) == ["didn't do"]
    assert found("i didnt do it", book(en="did not do", affirmed=False)) == ["didnt do"]
    assert found("wanna close acct", book(en="want to close account")) == ["wanna close acct"]


def test_a_pattern_never_reaches_into_the_next_sentence_nor_from_the_subject_into_the_text() -> None:
    assert found("I like my wallet. Account closed", book(en="wallet .. account")) == []
    assert found("account", book(en="wallet .. account"), subject="my wallet") == []
    assert found("I like my wallet and account", book(en="wallet .. account")) == ["wallet and account"]


def test_a_denial_takes_a_match_back_and_a_supposition_weakens_it() -> None:
    phrases = book(en="account .. hacked")
    assert found("My account was not hacked", phrases) == []
    reading = read("", "What if my account is hacked?", spelling={}, fillers=frozenset())
    assert [each.factor for each in find(reading, phrases).rules] == [0.5]
    assert found("口座は盗まれていない", book(ja="口座は盗まれ")) == []


def test_a_pattern_that_is_itself_a_denial_is_not_taken_back() -> None:
    assert found("I did not do that", book(en="did not do")) == ["did not do"]
    assert found("My account was not hacked", book(en="hacked", affirmed=False)) == ["hacked"]


def test_a_veto_anywhere_in_the_message_silences_its_rule() -> None:
    phrases = book(en="stolen", unless_en=["my phone was stolen"])
    assert found("my coins were stolen", phrases) == ["stolen"]
    assert found("my coins were stolen after my phone was stolen", phrases) == []


def test_a_cue_is_found_once_however_often_it_is_said() -> None:
    assert len(found("scam scam scam", book(en="scam"))) == 3
    assert len(found("scam scam scam", book(en="scam", each=True))) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "?",
        "(open",
        "open)",
        "{nowhere}",
        "a ..13 b",
        "maybe? then",
        "x & y & z & w",
        "really",
        "money.*",
        "a|b",
        "((",
        "()",
    ],
)
def test_a_pattern_that_cannot_be_meant_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(InvalidPolicy, match=r"phrases\.toml: rule\[1\] rule\.en"):
        book(en=pattern or " ")


def test_concepts_that_run_in_a_circle_are_refused() -> None:
    circle = {**VOCABULARY, "concepts": {"en": {"a": ["{b}"], "b": ["{a}"]}, "ja": {}}}
    with pytest.raises(InvalidPolicy, match="circle"):
        phrase_book(circle, {"version": "1", "rule": []}, taxonomy(TAXONOMY))


EVERYTHING = book(en="my .. {money} & {taken} .. away?", ja="{money} ..20 (消え|なくな)")


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("my coins stolen. コインが消え\n ﾊﾟ①ß'’!?#1.5 BTC\u3000\u200b\u0301"), max_size=120),
    st.text(max_size=20),
)
def test_any_text_can_be_read_and_every_span_lies_in_it(text: str, subject: str) -> None:
    whole = f"{subject}\n{text}"
    reading = read(subject, text, spelling=EVERYTHING.spelling, fillers=EVERYTHING.fillers)
    for each in find(reading, EVERYTHING).rules:
        for start, end in each.spans:
            assert 0 <= start < end <= len(whole)


@given(st.text(max_size=200))
def test_normalising_keeps_every_place_in_order(text: str) -> None:
    characters = read("", text, spelling={}, fillers=frozenset()).characters
    assert list(characters.starts) == sorted(characters.starts)
    assert len(characters.starts) == len(characters.text) == len(characters.sentences) == len(characters.clauses)


def test_a_cue_that_is_denied_in_one_place_counts_where_it_is_said() -> None:
    phrases = book(en="hacked", each=True)
    assert found("I was not hacked. But then my brother was hacked. He was hacked again.", phrases) == ["hacked"]
    assert found("I was not hacked.", phrases) == []
