"""What the words before it call a password, a code or a secret leaves; talk about passwords stays."""

from __future__ import annotations

import pytest

from casework.redaction import Redactor
from tests.unit.redaction.disguises import full_width

LONG = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjIn"

SECRETS = [
    ("My password is Hunter2!x and it does not work", "Hunter2!x", "password"),
    ('password: "abc12345".', "abc12345", "password"),
    ("My login password is 98761234.", "98761234", "password"),
    ("Pwd=hunter22", "hunter22", "password"),
    ("パスワードはabc12345です。", "abc12345", "password"),
    ("パスワード：「Tanaka1985」", "Tanaka1985", "password"),
    ("My PIN is 4821, please", "4821", "password"),
    ("暗証番号は1234です", "1234", "password"),
    ("The verification code is 482913.", "482913", "one_time_code"),
    ("SMS code: 482 913", "482 913", "one_time_code"),
    ("2FA code 482913", "482913", "one_time_code"),
    ("your one-time password is 482913", "482913", "one_time_code"),
    ("OTP: 482913", "482913", "one_time_code"),
    ("認証コードは482913です", "482913", "one_time_code"),
    ("SMSの確認コード「482913」", "482913", "one_time_code"),
    ("otpauth://totp/Exchange:me?secret=JBSWY3DPEHPK3PXP&issuer=X", "JBSWY3DPEHPK3PXP", "authenticator_secret"),
    ("my 2FA secret key is JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP", "authenticator_secret"),
    ("authenticator setup key: jbsw y3dp ehpk 3pxp", "jbsw y3dp ehpk 3pxp", "authenticator_secret"),
    (f"API key: {LONG}", LONG, "api_credential"),
    (f"api_secret={LONG}", LONG, "api_credential"),
    (f"APIシークレット：{LONG}", LONG, "api_credential"),
    (f"Authorization: Bearer {LONG}", LONG, "api_credential"),
    ("マイナンバーは1234-5678-9018です", "1234-5678-9018", "individual_number"),
    ("個人番号：123456789018", "123456789018", "individual_number"),
]


@pytest.mark.parametrize(("text", "secret", "kind"), SECRETS, ids=[text for text, _, _ in SECRETS])
def test_what_is_called_a_secret_leaves(text: str, secret: str, kind: str) -> None:
    redactor = Redactor()
    assert secret not in redactor.redact(text)
    assert [found.kind for found in redactor.secrets] == [kind]


@pytest.mark.parametrize("number", ["1234", "482913"])
def test_full_width_digits_are_a_code_too(number: str) -> None:
    assert Redactor().redact(f"確認コード：{full_width(number)}") == "確認コード：[one time code 1]"


@pytest.mark.parametrize(
    "text",
    [
        "my password is wrong",
        "my password is not working since 2024",
        "Your password is valid for 30days",
        "password reset: https://example.com/reset?id=12345",
        "I forgot my password. 123456 people did.",
        "パスワードは変更しました",
        "パスワードは8文字以上です",
        "error code 12345",
        "promo code 123456",
        "my security code was wrong 3 times",
        "the shipping is 1234 yen",
        "確認番号を入力してください",
        "the API key does not work",
        "My number is 090-1234-5678",
        "マイナンバーカードを送りました",
        "the key is to be patient1234567890123",
    ],
)
def test_talk_about_secrets_stays(text: str) -> None:
    assert Redactor().redact(text) == text


@pytest.mark.parametrize(("number", "holds"), [("123456789018", True), ("123456789012", False)])
def test_the_check_digit_of_my_number_is_told(number: str, holds: bool) -> None:
    redactor = Redactor()
    redactor.redact(f"マイナンバー {number}")
    assert redactor.secrets[0].verified is holds


def test_a_password_said_once_is_known_everywhere() -> None:
    text = "My password is hunter2horse. I typed hunter2horse twice."
    assert Redactor().redact(text) == "My password is [password 1]. I typed [password 1] twice."


def test_a_short_code_is_not_looked_for_elsewhere() -> None:
    assert Redactor().redact("My PIN is 4821. The fee was 4821 yen.") == "My PIN is [password 1]. The fee was 4821 yen."


def test_capitals_of_a_password_are_kept_apart_from_the_search_for_its_label() -> None:
    redactor = Redactor()
    assert redactor.redact("İİİ PASSWORD: AbCd1234") == "İİİ PASSWORD: [password 1]"
