"""Card numbers leave; telephone numbers, hashes and orders stay. The numbers are the schemes' published test numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.redaction import Redactor
from tests.unit.redaction.disguises import full_width

CARDS = {
    "Visa": "4111111111111111",
    "Visa of thirteen digits": "4222222222222",
    "Mastercard": "5555555555554444",
    "Mastercard of the second series": "2223003122003222",
    "American Express": "378282246310005",
    "JCB": "3530111333300000",
    "Diners Club": "30569309025904",
    "Discover": "6011111111111117",
    "UnionPay": "6200000000000005",
}


def in_groups(digits: str, sizes: tuple[int, ...], between: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return between.join(piece for piece in (*pieces, digits[at:]) if piece)


@pytest.mark.parametrize("digits", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize("sentence", ["{}", "I paid with {} yesterday.", "番号は{}です。", "({})", "no:{}\n"])
def test_a_card_number_in_one_piece_is_found(digits: str, sentence: str) -> None:
    redactor = Redactor()
    assert redactor.redact(sentence.format(digits)) == sentence.format("[card number 1]")
    assert redactor.secrets[0].verified


@pytest.mark.parametrize("between", [" ", "-", "‐", "–", "\u3000", "\u00a0", " - ", "\n", ".", ", ", "ー"])
def test_gaps_between_fours_do_not_hide_it(between: str) -> None:
    text = in_groups(CARDS["Visa"], (4, 4, 4, 4), between)
    assert Redactor().redact(f"あ {text} い") == "あ [card number 1] い"


def test_the_grouping_of_american_express_is_known() -> None:
    assert Redactor().redact("3782 822463 10005") == "[card number 1]"


@pytest.mark.parametrize("between", [" ", "-", "、", ", "])
def test_digit_by_digit_is_found(between: str) -> None:
    text = between.join(CARDS["Mastercard"])
    found = Redactor().redact(f"it is {text}")
    assert found == ("it is [card number 1]" if between != "、" else found)


def test_full_width_and_circled_digits_are_digits() -> None:
    assert Redactor().redact(full_width("4111-1111-1111-1111")) == "[card number 1]"
    assert Redactor().redact("④①①① ①①①① ①①①① ①①①①") == "[card number 1]"


def test_expiry_and_security_code_are_not_taken_for_its_end() -> None:
    assert Redactor().redact("4111 1111 1111 1111 12/27 123") == "[card number 1] 12/27 123"


def test_the_same_number_in_another_form_is_the_same_card() -> None:
    assert Redactor().redact("4111111111111111, 4111-1111-1111-1111") == "[card number 1], [card number 1]"


def test_two_cards_are_numbered_in_order() -> None:
    redactor = Redactor()
    assert redactor.redact("5555555555554444 4111111111111111") == "[card number 1] [card number 2]"
    assert [secret.placeholder for secret in redactor.secrets] == ["[card number 1]", "[card number 2]"]


@pytest.mark.parametrize(
    "sentence",
    ["My card number is {}.", "credit card no {}", "card: {}", "カード番号は{}です", "クレジットカードの番号：{}", "Visa {}"],
)
def test_a_mistyped_number_is_a_card_where_the_words_say_so(sentence: str) -> None:
    redactor = Redactor()
    assert redactor.redact(sentence.format("4111 1111 1111 1112")) == sentence.format("[card number 1]")
    assert redactor.secrets[0].verified is False


def test_the_words_after_a_number_count_too() -> None:
    assert Redactor().redact("2560567578944670 is my old credit card number") == "[card number 1] is my old credit card number"
    assert Redactor().redact("8 4111 1111 1111 1111 credit card number") == "8 [card number 1] credit card number"
    assert Redactor().redact("ok 8 2560 5675 7894 4670 is my card") == "ok 8 [card number 1] is my card"


def test_four_fours_in_an_issuers_range_are_a_card_though_one_digit_is_wrong() -> None:
    redactor = Redactor()
    assert redactor.redact("here: 4567 2381 3789 1293") == "here: [card number 1]"
    assert redactor.secrets[0].verified is False


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "411111111111111",
        "order 99994111111111111111",
        "4111111111111111000",
        "0x4111111111111111",
        "a4111111111111111",
        "4111111111111111b",
        "35.4111111111111111",
        "call +81 90-1234-5678 or 03-1234-5678",
        "2024-01-02 12:30:45 and 2024-01-03 08:15:00",
        "4012888888881881000099",
        "9999999999999995",
        "81.2008.11.21.20.05.03",
        "45.13\n45.58\n0.9929",
        "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
        "5 6 2 1 3",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert Redactor().redact(text) == text


def luhn_complete(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@given(st.text("0123456789", min_size=14, max_size=14), st.sampled_from([(16,), (4, 4, 4, 4)]), st.sampled_from(" -"))
def test_no_visa_number_survives(digits: str, sizes: tuple[int, ...], between: str) -> None:
    number = luhn_complete("4" + digits)
    redactor = Redactor()
    assert redactor.redact(f"pay {in_groups(number, sizes, between)} now") == "pay [card number 1] now"


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(1, 9))
def test_a_wrong_check_digit_proves_nothing(digits: str, off: int) -> None:
    right = luhn_complete("4" + digits)
    wrong = right[:-1] + str((int(right[-1]) + off) % 10)
    assert Redactor().redact(f"pay {wrong} now") == f"pay {wrong} now"
