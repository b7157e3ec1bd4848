"""Numbers that name a person or an account leave where a label says what they are; others stay."""

from __future__ import annotations

import pytest

from casework.redaction import Redactor, finders_of_speech
from tests.unit.redaction.disguises import full_width

NUMBERS = [
    ("My passport number is TK1234567.", "TK1234567", "passport"),
    ("passport no. 563829104, issued in 2019", "563829104", "passport"),
    ("パスポート番号：TK1234567", "TK1234567", "passport"),
    ("旅券番号はTR7654321です", "TR7654321", "passport"),
    ("TK1234567 is my passport", "TK1234567", "passport"),
    ("免許証番号は123456789012です", "123456789012", "driving_licence"),
    ("運転免許証の番号 1234 5678 9012", "1234 5678 9012", "driving_licence"),
    ("my driver's license number is D1234567", "D1234567", "driving_licence"),
    ("Driving licence: MORGA657054SM9IJ", "MORGA657054SM9IJ", "driving_licence"),
    ("在留カードの番号はAB12345678CDです", "AB12345678CD", "residence_card"),
    ("Residence card AB 12345678 CD", "AB 12345678 CD", "residence_card"),
    ("三菱UFJ銀行 渋谷支店 普通 1234567", "1234567", "bank_account"),
    ("口座番号：1234567 名義 ヤマダ", "1234567", "bank_account"),
    ("ゆうちょ 記号 12345 番号 12345671", "12345 番号 12345671", "bank_account"),
    ("please pay to GB82 WEST 1234 5698 7654 32 today", "GB82 WEST 1234 5698 7654 32", "bank_account"),
    ("iban de89370400440532013000", "de89370400440532013000", "bank_account"),
    ("my IBAN is GB82 WEST 1234 5698 7654 33", "GB82 WEST 1234 5698 7654 33", "bank_account"),
    ("routing number 021000021", "021000021", "bank_account"),
    ("I wired it from my bank, account number 4453120098", "4453120098", "bank_account"),
    ("sort code 12-34-56", "12-34-56", "bank_account"),
    ("My SSN is 123-45-6789", "123-45-6789", "social_security_number"),
    ("social security number: 123456789", "123456789", "social_security_number"),
    ("健康保険証の記号・番号は 1234-567890 です", "1234-567890", "health_insurance_number"),
    ("保険者番号 06123456", "06123456", "health_insurance_number"),
    ("health insurance number is 943 476 5919", "943 476 5919", "health_insurance_number"),
    ("123456789018が私のマイナンバーです", "123456789018", "individual_number"),
]


@pytest.mark.parametrize(("text", "number", "kind"), NUMBERS, ids=[text for text, _, _ in NUMBERS])
def test_a_number_leaves_under_its_own_name(text: str, number: str, kind: str) -> None:
    redactor = Redactor()
    assert redactor.redact(text) == text.replace(number, f"[{kind.replace('_', ' ')} 1]")


@pytest.mark.parametrize(("text", "number", "kind"), NUMBERS, ids=[text for text, _, _ in NUMBERS])
def test_full_width_hides_no_number(text: str, number: str, kind: str) -> None:
    redactor = Redactor()
    assert full_width(number) not in redactor.redact(text.replace(number, full_width(number)))
    assert [secret.kind for secret in redactor.secrets] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "My passport expires in 2031 and I uploaded it twice.",
        "パスポートの写真を3回送りました",
        "my license was issued on 2019-04-01",
        "免許証を送りましたが、エラー1234567が出ます",
        "my account number is 12345678 and I cannot log in",
        "お客様番号は1234567です",
        "order AB12345678CD is late",
        "the reference is 123-45-6789",
        "I sent it to GB82WEST12345698765433x",
        "TX82 WEST 1234 5698 7654 32",
        "the insurance would not pay 1234 dollars",
        "普通の人なら1回で分かります。受付番号 1234567",
        "call 021000021 for help",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert Redactor().redact(text) == text


@pytest.mark.parametrize(("number", "holds"), [("GB82WEST12345698765432", True), ("GB82WEST12345698765433", False)])
def test_the_remainder_of_an_iban_is_told(number: str, holds: bool) -> None:
    redactor = Redactor()
    redactor.redact(f"IBAN: {number}")
    assert [secret.verified for secret in redactor.secrets] == [holds]


def test_the_same_account_in_another_form_is_the_same_account() -> None:
    text = "GB82 WEST 1234 5698 7654 32, again GB82WEST12345698765432"
    assert Redactor().redact(text) == "[bank account 1], again [bank account 1]"


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("my pin is four eight two one, okay", "my pin is [password 1], okay"),
        ("the verification code is six five oh two double one", "the verification code is [one time code 1]"),
        ("The one time code I got was four four nine one oh seven, yes", "The one time code I got was [one time code 1], yes"),
        ("暗証番号は、よん はち に いち です", "暗証番号は、[password 1] です"),
        ("個人番号は いち に さん よん ご ろく なな はち きゅう ゼロ いち はち です", "個人番号は [individual number 1] です"),
        ("my SSN is one two three four five six seven eight nine", "my SSN is [social security number 1]"),
        ("my passport number is T K one two three four five six seven", "my passport number is [passport 1]"),
    ],
)  # fmt: skip
def test_numbers_that_are_read_out_leave_too(said: str, clean: str) -> None:
    assert Redactor(finders_of_speech()).redact(said) == clean
