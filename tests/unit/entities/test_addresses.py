"""Hashes and addresses: checked, not guessed, and equal when they are the same."""

from __future__ import annotations

import hashlib

import pytest

from casework.case import Entity
from casework.checksums.keccak import keccak_256
from casework.entities import find
from tests.unit.redaction.disguises import RIPPLE, another_digit, base58check, full_width

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
HASH = hashlib.sha256(b"a transaction").hexdigest()


def payload(name: str, size: int = 20) -> bytes:
    return hashlib.sha512(name.encode()).digest()[:size]


def bech32(prefix: str, version: int | None, program: bytes, constant: int) -> str:
    """An encoder of its own: BIP 173 as it is written there."""
    number, bits = int.from_bytes(program, "big"), len(program) * 8
    padding = -bits % 5
    groups = [(number << padding) >> shift & 31 for shift in range(bits + padding - 5, -1, -5)]
    data = ([] if version is None else [version]) + groups
    values = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix] + data + [0] * 6
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    check ^= constant
    return prefix + "1" + "".join(LETTERS[value] for value in data + [check >> 5 * (5 - place) & 31 for place in range(6)])


def with_capitals(digits: str) -> str:
    digest = keccak_256(digits.encode()).hex()
    return "0x" + "".join(digit.upper() if mark >= "8" else digit for digit, mark in zip(digits, digest, strict=False))


BECH32, BECH32M = 1, 0x2BC830A3
ETHEREUM = with_capitals(payload("ethereum").hex())
ADDRESSES = {
    "Bitcoin, the first block": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "Bitcoin, script": base58check(b"\x05" + payload("script")),
    "Litecoin": base58check(b"\x30" + payload("litecoin")),
    "Dogecoin": base58check(b"\x1e" + payload("dogecoin")),
    "Tron": base58check(b"\x41" + payload("tron")),
    "Zcash": base58check(b"\x1c\xb8" + payload("zcash")),
    "XRP Ledger": base58check(b"\x00" + payload("ripple"), RIPPLE),
    "SegWit": bech32("bc", 0, payload("segwit"), BECH32),
    "SegWit script": bech32("bc", 0, payload("segwit script", 32), BECH32),
    "Taproot": bech32("bc", 1, payload("taproot", 32), BECH32M),
    "test network": bech32("tb", 0, payload("test"), BECH32),
    "a witness program of two bytes": bech32("bc", 1, b"\x4e\x73", BECH32M),
    "a witness program of sixteen bytes": bech32("bc", 2, payload("short", 16), BECH32M),
    "Litecoin SegWit": bech32("ltc", 0, payload("ltc"), BECH32),
    "Cosmos": bech32("cosmos", None, payload("cosmos"), BECH32),
    "Cardano": bech32("addr", None, payload("cardano", 57), BECH32),
    "Ethereum in small letters": ETHEREUM.lower(),
}


def named(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in find(text) if entity.kind in ("address", "tx_hash")]


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("sentence", ["{}", "Sent to {}.", "送金先は{}です", "({})", "bitcoin:{}?amount=1"])
def test_an_address_is_named(address: str, sentence: str) -> None:
    text = sentence.format(address)
    start = text.index(address)
    assert Entity("address", address, start, start + len(address)) in find(text)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_in_full_width_is_the_same(address: str) -> None:
    assert named(full_width(address)) == [("address", address)]


@pytest.mark.parametrize("address", [address for name, address in ADDRESSES.items() if "Ethereum" not in name])
def test_a_mistyped_address_is_none(address: str) -> None:
    wrong = address[:-1] + ("q" if address[-1] != "q" else "p")
    assert named(wrong) == []


def test_capitals_of_an_ethereum_address_are_checked_and_then_dropped() -> None:
    assert named(ETHEREUM) == [("address", ETHEREUM.lower())]
    assert named(ETHEREUM.swapcase().replace("0X", "0x")) == []


def test_capitals_throughout_tell_nothing() -> None:
    assert named("0x" + ETHEREUM[2:].upper()) == [("address", ETHEREUM.lower())]
    assert named(ADDRESSES["SegWit"].upper()) == [("address", ADDRESSES["SegWit"])]


def test_mixed_case_is_no_bech32() -> None:
    address = ADDRESSES["SegWit"]
    assert named(address[:10] + address[10:].upper()) == []


@pytest.mark.parametrize(
    "address",
    [
        bech32("bc", 0, payload("x"), BECH32M),
        bech32("bc", 1, payload("x", 32), BECH32),
        bech32("bc", 0, payload("x", 25), BECH32),
        bech32("bc", 17, payload("x", 32), BECH32M),
        bech32("unknown", 0, payload("x"), BECH32),
    ],
)
def test_witness_programs_obey_the_rules(address: str) -> None:
    assert named(address) == []


@pytest.mark.parametrize("written", [HASH, f"0x{HASH}", HASH.upper(), f"0X{HASH.upper()}"])
def test_a_transaction_hash_is_the_same_however_it_is_written(written: str) -> None:
    assert named(f"The hash is {written}.") == [("tx_hash", HASH)]


@pytest.mark.parametrize("digits", [HASH[:-1], HASH + "a", "z" + HASH])
def test_only_sixty_four_digits_are_a_hash(digits: str) -> None:
    assert named(digits) == []


def test_a_block_explorers_link_names_link_host_and_hash() -> None:
    text = f"see https://explorer.example/tx/0x{HASH}."
    assert [entity.kind for entity in find(text)] == ["url", "domain", "tx_hash"]
    assert [entity.kind for entity in find(f"https://explorer.example/address/{ETHEREUM}")] == ["url", "domain", "address"]


def test_a_solana_signature_is_a_hash_and_an_address_needs_the_word() -> None:
    signature, owner = base58_of(payload("solana", 64)), base58_of(payload("owner", 32))
    assert named(f"signature {signature}") == [("tx_hash", signature)]
    assert named(f"from {owner}") == []
    assert named(f"from {owner} on Solana") == [("address", owner)]
    assert named(f"ソラナの{owner}です") == [("address", owner)]


def base58_of(raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + digits
    return digits


def test_an_address_after_very_many_is_still_named() -> None:
    many = " ".join(with_capitals(payload(str(number)).hex()) for number in range(102))
    assert len(named(many)) == 102
    assert named(another_digit(ADDRESSES["Tron"])) == []


@pytest.mark.parametrize(
    "text",
    [f"SHA-256: {HASH}", f"チェックサム：{HASH}", f"session token {HASH}", f"https://mail.example/open?u={HASH}"],
)
def test_sixty_four_digits_that_are_something_else_are_no_transaction(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize("link", ["https://any.example/tx/{}", "https://some-scan.example/{}", "https://x.example/?txid={}"])
def test_a_hash_in_a_block_explorers_link_is_a_transaction(link: str) -> None:
    assert named(link.format(HASH)) == [("tx_hash", HASH)]


def test_a_solana_explorers_link_names_its_address() -> None:
    owner = base58_of(payload("owner", 32))
    assert named(f"https://solscan.io/account/{owner}") == [("address", owner)]


SYSTEM = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM"
"""A key on the curve, of a well-known wallet."""


@pytest.mark.parametrize("text", ["to this wallet: {}", "送金先は{}です"])
def test_a_wallets_key_that_is_called_an_address_is_solanas(text: str) -> None:
    assert named(text.format(SYSTEM)) == [("address", SYSTEM)]
    assert named(f"from {SYSTEM}") == []


def test_half_of_all_numbers_are_no_keys() -> None:
    numbers = [base58_of(payload(f"number {number}", 32)) for number in range(40)]
    assert 0 < sum(bool(named(f"address {number}")) for number in numbers) < 40


@pytest.mark.parametrize("text", ["my Sui address is 0x{}", "送付先アドレス：0x{}"])
def test_sixty_four_digits_that_are_called_an_address_are_one(text: str) -> None:
    assert named(text.format(HASH)) == [("address", f"0x{HASH}")]


def test_other_addresses_after_very_many_are_still_checked() -> None:
    many = " ".join(with_capitals(payload(str(number)).hex()) for number in range(101))
    assert named(f"{many} {ADDRESSES['SegWit']}")[-1] == ("address", ADDRESSES["SegWit"])
