"""Private keys are found by their checksum, or by what the text calls them; transaction hashes stay."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.redaction import Redactor
from tests.unit.redaction.disguises import RIPPLE, another_digit, base58check, entropy, extended_key, full_width, wif

KEY = entropy("a key", 32).hex()
HASH = entropy("a transaction", 32).hex()


def stellar() -> str:
    payload = b"\x90" + entropy("a key", 32)
    return base64.b32encode(payload + binascii.crc_hqx(payload, 0).to_bytes(2, "little")).decode()


WITH_A_CHECKSUM = {
    "WIF": wif(),
    "WIF, uncompressed": wif(compressed=False),
    "WIF of the test network": wif(version=0xEF),
    "WIF of Litecoin": wif(version=0xB0),
    "WIF of Dogecoin": wif(version=0x9E),
    "under a passphrase": base58check(b"\x01\x42\xe0" + entropy("a key", 36)),
    "extended": extended_key(),
    "seed of Stellar": stellar(),
    "seed of the XRP Ledger": base58check(b"\x21" + entropy("a key", 16), RIPPLE),
}


@pytest.mark.parametrize("key", WITH_A_CHECKSUM.values(), ids=WITH_A_CHECKSUM)
def test_a_key_with_a_checksum_needs_no_words_around_it(key: str) -> None:
    redactor = Redactor()
    assert redactor.redact(f"see {key}, ok?") == "see [private key 1], ok?"
    assert redactor.secrets[0].verified


@pytest.mark.parametrize("key", WITH_A_CHECKSUM.values(), ids=WITH_A_CHECKSUM)
def test_a_key_is_found_in_full_width_and_between_japanese_words(key: str) -> None:
    assert Redactor().redact(f"これは{full_width(key)}です") == "これは[private key 1]です"


@pytest.mark.parametrize("prefix", ["xprv", "yprv", "zprv"])
def test_extended_keys_of_every_purpose_are_known(prefix: str) -> None:
    versions = {"xprv": "0488ade4", "yprv": "049d7878", "zprv": "04b2430c"}
    key = base58check(bytes.fromhex(versions[prefix]) + entropy("a wallet", 74))
    assert key.startswith(prefix)
    assert Redactor().redact(key) == "[private key 1]"


def test_a_mistyped_extended_key_is_no_secret_less() -> None:
    redactor = Redactor()
    assert redactor.redact(another_digit(extended_key())) == "[private key 1]"
    assert redactor.secrets[0].verified is False


def test_a_mistyped_wif_is_one_where_the_words_say_so() -> None:
    redactor = Redactor()
    mistyped = another_digit(wif())
    assert redactor.redact(f"My private key is {mistyped}") == "My private key is [private key 1]"
    assert redactor.secrets[0].verified is False
    assert Redactor().redact(f"The file {mistyped} is missing") == f"The file {mistyped} is missing"


@pytest.mark.parametrize(
    "sentence",
    [
        "My private key is {}.",
        "private key: {}",
        "PRIVATE KEY\n{}",
        "privatekey={}",
        "Here is the secret key that you asked for: {}",
        "秘密鍵は{}です",
        "秘密鍵：{}",
        "プライベートキーを送ります。{}",
        "{} is my private key",
        "{}（私の秘密鍵です）",
    ],
)
@pytest.mark.parametrize("form", ["{}", "0x{}"])
def test_sixty_four_digits_are_a_key_when_they_are_called_one(sentence: str, form: str) -> None:
    redactor = Redactor()
    assert redactor.redact(sentence.format(form.format(KEY))) == sentence.format("[private key 1]")
    assert redactor.secrets[0].verified is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The transaction {} never arrived",
        "https://etherscan.io/tx/{}",
        "TxID: {}",
        "They have my private key. The transaction hash is {}",
        "秘密鍵は誰にも教えていません。トランザクションID：{}",
        "{}",
        "It was {} I think",
    ],
)
@pytest.mark.parametrize("form", ["{}", "0x{}"])
def test_a_transaction_hash_stays(sentence: str, form: str) -> None:
    text = sentence.format(form.format(HASH))
    assert Redactor().redact(text) == text


def test_a_key_and_a_hash_in_one_sentence_are_told_apart() -> None:
    text = f"tx hash: 0x{HASH}, private key: {KEY}"
    assert Redactor().redact(text) == f"tx hash: 0x{HASH}, private key: [private key 1]"
    text = f"private key: {KEY}, tx hash: 0x{HASH}"
    assert Redactor().redact(text) == f"private key: [private key 1], tx hash: 0x{HASH}"


def test_all_keys_under_one_label_are_keys() -> None:
    keys = [entropy(name, 32).hex() for name in ("one", "two", "three")]
    text = "Private keys:\n" + "\n".join(f"{number}. {key}" for number, key in enumerate(keys, 1))
    assert Redactor().redact(text) == "Private keys:\n1. [private key 1]\n2. [private key 2]\n3. [private key 3]"


def test_the_same_key_with_and_without_0x_is_the_same_secret() -> None:
    assert Redactor().redact(f"private key {KEY} or 0x{KEY.upper()}") == "private key [private key 1] or [private key 1]"


def test_a_longer_string_of_hexadecimal_digits_is_no_key() -> None:
    text = f"private key {KEY}ab"
    assert Redactor().redact(text) == text


def test_a_key_file_of_solana_is_found_by_its_shape() -> None:
    numbers = ", ".join(str(byte) for byte in entropy("solana", 64))
    assert Redactor().redact(f"id.json holds [{numbers}]") == "id.json holds [private key 1]"
    assert Redactor().redact("the set [1, 2, 3]") == "the set [1, 2, 3]"


@pytest.mark.parametrize("kind", ["", "RSA ", "EC "])
def test_a_pem_block_is_taken_out_whole(kind: str) -> None:
    body = base64.encodebytes(entropy("pem", 64)).decode()
    text = f"Look:\n-----BEGIN {kind}PRIVATE KEY-----\n{body}-----END {kind}PRIVATE KEY-----\nbye"
    assert Redactor().redact(text) == "Look:\n[private key 1]\nbye"


@given(st.binary(min_size=32, max_size=32), st.booleans())
def test_no_wif_survives(raw: bytes, compressed: bool) -> None:
    key = base58check(b"\x80" + raw + (b"\x01" if compressed else b""))
    assert key not in Redactor().redact(f"it is {key}")


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", min_size=25, max_size=36))
def test_what_is_as_short_as_an_address_is_no_private_key_of_bitcoin(token: str) -> None:
    if not token.startswith("s"):
        assert Redactor().redact(token) == token
