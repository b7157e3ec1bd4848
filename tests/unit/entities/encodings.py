"""Encoders of addresses, of the tests' own making: each as its specification tells it, and none shared with what is tested."""

from __future__ import annotations

import base64
import hashlib
import zlib

from casework.checksums.keccak import keccak_256
from tests.unit.redaction.disguises import RIPPLE, base58check

BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def payload(name: str, size: int = 20) -> bytes:
    return (hashlib.sha512(name.encode()).digest() * 2)[:size]


def base58(raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BITCOIN[digit] + digits
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def groups(raw: bytes) -> list[int]:
    number, bits = int.from_bytes(raw, "big"), len(raw) * 8
    padding = -bits % 5
    return [(number << padding) >> shift & 31 for shift in range(bits + padding - 5, -1, -5)]


def cashaddr(prefix: str, raw: bytes) -> str:
    data = groups(raw)
    check = 1
    for value in [*(ord(letter) & 31 for letter in prefix), 0, *data, *[0] * 8]:
        top, check = check >> 35, (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)):
            check ^= generator if top >> bit & 1 else 0
    check ^= 1
    return "".join(LETTERS[value] for value in data + [check >> 5 * (7 - place) & 31 for place in range(8)])


def crc16(raw: bytes) -> int:
    """XMODEM: polynomial 0x1021, from zero."""
    crc = 0
    for byte in raw:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def stellar(key: bytes) -> str:
    raw = bytes([6 << 3]) + key
    return base64.b32encode(raw + crc16(raw).to_bytes(2, "little")).decode().rstrip("=")


def ton(account: bytes, *, flags: int = 0x11, workchain: int = 0) -> str:
    raw = bytes([flags, workchain]) + account
    return base64.urlsafe_b64encode(raw + crc16(raw).to_bytes(2, "big")).decode()


def algorand(key: bytes) -> str:
    return base64.b32encode(key + hashlib.new("sha512_256", key).digest()[-4:]).decode().rstrip("=")


def polkadot(key: bytes, network: bytes = b"\0") -> str:
    raw = network + key
    return base58(raw + hashlib.blake2b(b"SS58PRE" + raw).digest()[:2])


def monero(raw: bytes) -> str:
    whole = raw + keccak_256(raw)[:4]
    blocks = [whole[start : start + 8] for start in range(0, len(whole), 8)]
    return "".join(base58(block).lstrip("1").rjust({8: 11, 5: 7}[len(block)], "1") for block in blocks)


def byron(content: bytes) -> str:
    return base58(b"\x82\xd8\x18\x58" + bytes([len(content)]) + content + b"\x1a" + zlib.crc32(content).to_bytes(4, "big"))


def x_address(account: bytes, tag: int | None) -> str:
    flag = b"\0" if tag is None else b"\1"
    return base58check(b"\x05\x44" + account + flag + (tag or 0).to_bytes(8, "little"), RIPPLE)
