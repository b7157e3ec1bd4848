"""What the comparison of two texts promises, whatever the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text.likeness import MAX_TERMS, alike, beyond_chance, rarity, sketch, terms
from casework.text.passages import MAX_PASSAGES, added, passages, quoted, said
from casework.text.subjects import answers, bare

TEXTS = st.text(max_size=300) | st.text("出金できません口座がロックwithdrawal pending 0123456789 ", max_size=300)
TOLD = "The withdrawal I asked for on Monday has not arrived in my wallet, and nobody at the bank knows anything about it."
TOLD_JA = "月曜日に申請した出金がまだウォレットに届いておらず、銀行に問い合わせても何も分かりません。"


@given(TEXTS, TEXTS)
def test_likeness_is_mutual_and_a_share(one: str, other: str) -> None:
    ours, theirs = terms(sketch(one)), terms(sketch(other))
    assert 0 <= alike(ours, theirs) == alike(theirs, ours) <= 1
    assert 0 <= beyond_chance(ours, theirs) <= 1


@given(TEXTS)
def test_a_sketch_is_bounded(text: str) -> None:
    assert len(terms(sketch(text))) <= MAX_TERMS


@pytest.mark.parametrize("text", [TOLD, TOLD_JA])
def test_a_text_is_more_like_itself_than_like_another(text: str) -> None:
    other = "Which documents do you accept as proof of address?" if text == TOLD else "住所確認にはどの書類が使えますか。"
    ours, theirs = terms(sketch(text)), terms(sketch(other))
    assert alike(ours, ours) > 0.8
    assert beyond_chance(ours, theirs) == 0


def test_width_case_and_endings_make_no_difference() -> None:
    assert sketch("Withdrawals PENDING １２３") == sketch("withdrawal pends 123")


def test_words_that_all_cases_have_in_common_tell_nothing() -> None:
    form = "Customer service form contact request"
    ours, theirs = terms(sketch(f"{form} staking")), terms(sketch(f"{form} passport"))
    words = ("card", "tax", "login", "fees", "api", "phone", "margin", "bonus")
    others = rarity(terms(sketch(f"{form} {word}")) for word in words)
    assert alike(ours, theirs, others) < 0.2 < alike(ours, theirs)


@pytest.mark.parametrize("text", [TOLD, TOLD_JA])
def test_a_passage_is_known_however_its_lines_are_broken(text: str) -> None:
    broken = "\n".join(f"> > {text[at : at + 33]}" for at in range(0, len(text), 33))
    whole = "\n".join(f"> {line}" for line in text.split("、"))
    for quotation in (whole, broken) if text == TOLD_JA else (whole,):
        assert quoted("Yes.", quotation) & passages(said(text))


def test_attributions_signatures_and_addresses_are_no_passages() -> None:
    lines = ("https://example.jp/a/b/c/d/e", "-- ", "Our support team is here for you")
    history = "\n".join(("On Monday, 3 May, Taro of the support team wrote:", *(f"> {line}" for line in lines)))
    assert quoted("", history) == frozenset()


def test_a_forwarded_mail_below_its_head_is_quoted() -> None:
    history = f"From: Hanako <hanako@example.jp>\nSubject: Withdrawal\n\n{TOLD}"
    assert quoted("See below.", history) & passages(said(TOLD))


@given(st.lists(TEXTS, max_size=6))
def test_passages_of_a_case_are_bounded(texts: list[str]) -> None:
    kept = ""
    for text in texts:
        kept = added(kept, said(text * 3))
        assert passages(said(text * 3)) <= passages(kept)
    assert len(passages(kept)) <= MAX_PASSAGES


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Card",
        "RE[2]: card",
        "Fwd: Re:  Card",
        "[list] Re: Card",
        "返信：Card",
        "件名：Card",
        "Re: 【重要】 Card",
        "AW: WG: CARD",
    ],
)
def test_what_clients_put_in_front_of_a_subject_is_taken_off(subject: str) -> None:
    assert bare(subject) == "card"


@pytest.mark.parametrize("subject", ["", "Re:", "【重要】", "Regarding my card", "[1]"])
def test_a_subject_that_is_nothing_else_stays(subject: str) -> None:
    assert bare(subject) == subject.casefold()


@given(st.text(max_size=100))
def test_a_bare_subject_stays_bare(subject: str) -> None:
    assert bare(bare(subject)) == bare(subject)


@pytest.mark.parametrize(
    ("subject", "reply"), [("Re: Card", True), ("[list] RE: Card", True), ("Ｒｅ", False), ("Fwd: Card", False)]
)
def test_a_reply_says_so_in_its_subject(subject: str, reply: bool) -> None:
    assert answers(subject) is reply
