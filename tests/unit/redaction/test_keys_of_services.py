"""Keys of services, tokens, cookies, key blocks and key files leave whole."""

from __future__ import annotations

import hashlib
import json
from itertools import count

import pytest

from casework.redaction import Redactor
from tests.unit.redaction.disguises import BASE58, entropy

LETTERS = entropy("letters", 64).hex()
TOKENS = {
    "AWS": "AKIA" + LETTERS[:16].upper(),
    "Stripe": "sk_" + "live_" + LETTERS[:24],
    "GitHub": "ghp_" + LETTERS[:36],
    "Slack": "xoxb-" + LETTERS[:24],
    "Google": "AIza" + LETTERS[:35],
    "Telegram": "1234567890:AA" + LETTERS[:33],
    "web token": f"eyJ{LETTERS[:20]}.eyJ{LETTERS[20:60]}.{LETTERS[60:90]}",
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("sentence", ["{}", "I pushed {} by mistake.", "鍵は「{}」です"])
def test_a_key_is_known_by_its_beginning(token: str, sentence: str) -> None:
    assert Redactor().redact(sentence.format(token)) == sentence.format("[api credential 1]")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"Cookie: sid={LETTERS[:32]}; theme=dark", "Cookie: [api credential 1]"),
        (f"session_id={LETTERS[:32]}", "session_id=[api credential 1]"),
        (f"access token is {LETTERS[:40]}", "access token is [api credential 1]"),
        (f"otpauth-migration://offline?data={LETTERS[:40]}", "[authenticator secret 1]"),
        ('the password is "sunflower"', 'the password is "[password 1]"'),
        ("パスワードは「himawari」です", "パスワードは「[password 1]」です"),
    ],
)
def test_what_opens_a_session_leaves(text: str, clean: str) -> None:
    assert Redactor().redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "the cookie: a small biscuit",
        "session id: 0f8fad5b-d9cb-469f-a165-70867728950e",
        "the page says 'password is incorrect'",
        "AKIA is the prefix",
        "sk_live_ is how they begin",
    ],
)
def test_talk_about_keys_stays(text: str) -> None:
    assert Redactor().redact(text) == text


def test_an_encrypted_block_is_taken_out_with_its_headers() -> None:
    headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,3F17"
    text = f"-----BEGIN RSA PRIVATE KEY-----\n{headers}\n\n{LETTERS}\n-----END RSA PRIVATE KEY-----"
    assert Redactor().redact(f"{text}\nbye") == "[private key 1]\nbye"


def test_a_block_without_an_end_takes_no_sentence_along() -> None:
    text = f"-----BEGIN PRIVATE KEY-----\n{LETTERS[:64]}\n{LETTERS[64:]}\n\nThank you for your help"
    assert Redactor().redact(text) == "[private key 1]\n\nThank you for your help"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_key_file_of_ethereum_is_taken_out_whole(indent: int | None) -> None:
    file = {
        "address": LETTERS[:40],
        "crypto": {"cipher": "aes-128-ctr", "cipherparams": {"iv": LETTERS[:32]}, "ciphertext": LETTERS[:64], "kdf": "scrypt"},
        "version": 3,
    }
    assert Redactor().redact(f"see {json.dumps(file, indent=indent)} ok") == "see [private key 1] ok"
    assert '"crypto": {"price": 3}' in Redactor().redact('{"crypto": {"price": 3}}')


def test_a_key_file_that_was_cut_is_taken_out_as_far_as_it_goes() -> None:
    numbers = ", ".join(str(byte) for byte in entropy("cut", 40))
    assert Redactor().redact(f"[{numbers}") == "[private key 1]"


def test_a_short_key_is_known_by_its_digest() -> None:
    candidates = (f"S{''.join(BASE58[byte % 58] for byte in entropy(str(number), 29))}" for number in count())
    key = next(each for each in candidates if hashlib.sha256(f"{each}?".encode()).digest()[0] == 0)
    assert Redactor().redact(f"on the coin: {key}.") == "on the coin: [private key 1]."
    other = key[:-1] + ("2" if key[-1] != "2" else "3")
    assert Redactor().redact(other) == other
