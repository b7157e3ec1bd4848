"""Encodings with checksums, against published examples and against their own inverse."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.checksums import BITCOIN_ALPHABET, LuhnSums, base58, base58check, bech32, luhn, octets
from casework.checksums.keccak import keccak_256

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def encoded(raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BITCOIN_ALPHABET[digit] + digits
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


@given(st.binary(max_size=80))
def test_base58_is_read_back(raw: bytes) -> None:
    assert base58(encoded(raw)) == raw


@given(st.binary(min_size=1, max_size=80))
def test_base58check_is_read_back(payload: bytes) -> None:
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    assert base58check(encoded(payload + checksum)) == payload


@given(st.binary(min_size=21, max_size=34), st.integers(0, 30), st.sampled_from(BITCOIN_ALPHABET))
def test_one_wrong_character_is_noticed(payload: bytes, place: int, character: str) -> None:
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    right = encoded(payload + checksum)
    wrong = right[: place % len(right)] + character + right[place % len(right) + 1 :]
    assert base58check(wrong) == (payload if wrong == right else None)


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "あ", "1" * 129])
def test_foreign_characters_and_endless_strings_are_refused(text: str) -> None:
    assert base58(text) is None


def test_a_published_segwit_address_is_read() -> None:
    decoded = bech32("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")
    assert decoded is not None
    prefix, groups, variant = decoded
    assert (prefix, groups[0], variant) == ("bc", 0, "bech32")
    assert octets(groups[1:]) == bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")


@given(st.integers(3, 41), st.sampled_from(LETTERS))
def test_one_wrong_letter_of_a_segwit_address_is_noticed(place: int, letter: str) -> None:
    right = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    wrong = right[:place] + letter + right[place + 1 :]
    assert (bech32(wrong) is not None) is (wrong == right)


@pytest.mark.parametrize(
    "text", ["", "bc1", "bc1qqqqq", "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1qqqqqqqq", "nodigit", "bc1bbbbbb"]
)
def test_what_is_no_bech32_is_refused(text: str) -> None:
    assert bech32(text) is None


@pytest.mark.parametrize(("groups", "raw"), [([], b""), ([31, 28], b"\xff"), ([31, 31], None), ([31], None), ([0] * 8, bytes(5))])
def test_padding_is_fewer_than_five_zero_bits(groups: list[int], raw: bytes | None) -> None:
    assert octets(groups) == raw


@pytest.mark.parametrize(
    ("digits", "holds"), [("4111111111111111", True), ("4111111111111112", False), ("0", True), ("18", True)]
)
def test_luhn(digits: str, holds: bool) -> None:
    assert luhn(digits) is holds


@given(st.text("0123456789", min_size=1, max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_luhn_of_a_part_is_luhn(digits: str, one: int, other: int) -> None:
    start, end = sorted((one % len(digits), other % len(digits)))
    assert LuhnSums(digits).hold(start, end + 1) is luhn(digits[start : end + 1])


@pytest.mark.parametrize(
    ("raw", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_keccak_gives_the_published_digests(raw: bytes, digest: str) -> None:
    assert keccak_256(raw).hex() == digest


@given(st.binary(max_size=300))
def test_keccak_is_sha3_but_for_the_padding(raw: bytes) -> None:
    assert len(keccak_256(raw)) == 32
    assert keccak_256(raw) != hashlib.sha3_256(raw).digest()
