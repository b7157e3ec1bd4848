"""Checksums and the encodings that carry them: Base58Check, Bech32, CashAddr, Luhn. Each takes linear or tightly bounded time."""

from __future__ import annotations

import hashlib
from itertools import accumulate

BITCOIN_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE_ALPHABET = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"

_MAX_BASE58 = 128
"""Decoding Base58 takes quadratic time; the longest thing anybody looks for, an extended key, has 111 characters."""

_BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = {1: "bech32", 0x2BC830A3: "bech32m"}


def base58(text: str, alphabet: str = BITCOIN_ALPHABET) -> bytes | None:
    """Decode Base58, or return ``None`` for a foreign character or more than 128 characters."""
    if len(text) > _MAX_BASE58:
        return None
    number = 0
    for character in text:
        digit = alphabet.find(character)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check(text: str, alphabet: str = BITCOIN_ALPHABET) -> bytes | None:
    """Return version and payload when the four checksum bytes hold, else ``None``."""
    raw = base58(text, alphabet)
    if raw is None or len(raw) < 5:
        return None
    once = hashlib.sha256(raw[:-4]).digest()
    return raw[:-4] if hashlib.sha256(once).digest()[:4] == raw[-4:] else None


def bech32(text: str) -> tuple[str, list[int], str] | None:
    """Return prefix, data as 5-bit groups and ``bech32`` or ``bech32m`` (BIP 173, BIP 350), or ``None``."""
    prefix, separator, data = text.lower().rpartition("1")
    values = [_BECH32_ALPHABET.find(character) for character in data]
    if not separator or not prefix or len(values) < 6 or min(values) < 0 or text not in (text.lower(), text.upper()):
        return None
    expanded = [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]
    variant = _BECH32_CONSTANTS.get(_polymod(expanded + values))
    return (prefix, values[:-6], variant) if variant else None


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            if top >> bit & 1:
                check ^= generator
    return check


def octets(groups: list[int]) -> bytes | None:
    """Regroup 5-bit groups into bytes, or return ``None`` when the padding is not fewer than five zero bits (BIP 173)."""
    bits = len(groups) * 5
    number = 0
    for group in groups:
        number = number << 5 | group
    padding = bits % 8
    if padding >= 5 or number & ((1 << padding) - 1):
        return None
    return (number >> padding).to_bytes(bits // 8, "big")


_CASH_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def cashaddr(prefix: str, data: str) -> list[int] | None:
    """Return the 5-bit groups of what follows ``prefix:`` when its forty bits of checksum hold, else ``None``."""
    values = [_BECH32_ALPHABET.find(character) for character in data.lower()]
    if len(values) < 9 or min(values) < 0 or data not in (data.lower(), data.upper()):
        return None
    check = 1
    for value in [*(ord(character) & 31 for character in prefix), 0, *values]:
        top, check = check >> 35, (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(_CASH_GENERATOR):
            if top >> bit & 1:
                check ^= generator
    return values[:-8] if check == 1 else None


_DOUBLED = str.maketrans("0123456789", "0246813579")


def luhn(digits: str) -> bool:
    """Whether the last digit of a card number (ISO/IEC 7812-1) is right."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, digits[::-2])) + sum(map(int, doubled))) % 10 == 0


class LuhnSums:
    """The same for any part of a long row of digits, each in constant time."""

    def __init__(self, digits: str) -> None:
        values = [(int(digit), int(digit.translate(_DOUBLED))) for digit in digits]
        self._sums = tuple(
            list(accumulate((value[(place + parity) % 2] for place, value in enumerate(values)), initial=0)) for parity in (0, 1)
        )

    def hold(self, start: int, end: int) -> bool:
        """Whether the last of ``digits[start:end]`` is right."""
        sums = self._sums[(end - 1) % 2]
        return (sums[end] - sums[start]) % 10 == 0
