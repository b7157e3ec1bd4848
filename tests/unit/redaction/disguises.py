"""Secrets that are nobody's, and the ways people write them down."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from mnemonic import Mnemonic

from casework.message import Attachment, Channel, Message, Source, Turn

ENGLISH = Mnemonic("english")
JAPANESE = Mnemonic("japanese")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"

Written = Callable[[Sequence[str]], str]


def entropy(name: str, size: int = 16) -> bytes:
    return hashlib.shake_256(name.encode()).digest(size)


def english(name: str = "a wallet", size: int = 16) -> list[str]:
    return ENGLISH.to_mnemonic(entropy(name, size)).split()


def japanese(name: str = "a wallet", size: int = 16) -> list[str]:
    """Composed, as a keyboard writes it; the package gives NFKD."""
    return unicodedata.normalize("NFC", JAPANESE.to_mnemonic(entropy(name, size))).split()


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text).replace(
        " ", "\u3000"
    )


def bold(text: str) -> str:
    return "".join(chr(0x1D41A + ord(character) - ord("a")) if "a" <= character <= "z" else character for character in text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def numbered(words: Sequence[str], form: str, between: str) -> str:
    return between.join(form.format(number=number, word=word) for number, word in enumerate(words, 1))


ANY_LANGUAGE: dict[str, Written] = {
    "in a row": " ".join,
    "with commas": ", ".join,
    "with ideographic commas": "、".join,
    "one to a line": "\n".join,
    "one to a line with carriage returns": "\r\n".join,
    "a blank line between": "\n\n".join,
    "U+3000 between": "\u3000".join,
    "no-break space between": "\u00a0".join,
    "zero-width space between": "\u200b ".join,
    "numbered with points": lambda words: numbered(words, "{number}. {word}", " "),
    "numbered with brackets": lambda words: numbered(words, "{number}) {word}", "\n"),
    "numbered with colons": lambda words: numbered(words, "{number}: {word}", "\n"),
    "numbered in full width": lambda words: full_width(numbered(words, "({number}) {word}", " ")),
    "numbered in Japanese": lambda words: numbered(words, "{number}番目：{word}", "\n"),
    "labelled in Japanese": lambda words: numbered(words, "単語{number}：{word}", "\n"),
    "bullets": lambda words: "\n".join(f"- {word}" for word in words),
    "Japanese bullets": lambda words: "\n".join(f"・{word}" for word in words),
    "quoted mail": lambda words: "\n".join(f"> {word}" for word in words),
    "quotation marks": lambda words: " ".join(f'"{word}"' for word in words),
    "Japanese brackets": lambda words: "".join(f"「{word}」" for word in words),
    "with circled numbers": lambda words: " ".join(f"{chr(0x2460 + place % 20)}{word}" for place, word in enumerate(words)),
}
ENGLISH_ONLY: dict[str, Written] = {
    "capitals": lambda words: " ".join(words).upper(),
    "title case": lambda words: " ".join(words).title(),
    "full width": lambda words: full_width(" ".join(words)),
    "full-width capitals": lambda words: full_width(" ".join(words).upper()),
    "mathematical bold": lambda words: bold(" ".join(words)),
    "labelled": lambda words: numbered(words, "Word {number}: {word}", "\n"),
    "labelled with hashes": lambda words: numbered(words, "word #{number} - {word}", ", "),
    "hyphens": "-".join,
    "underscores": "_".join,
    "a list in code": lambda words: "[" + ", ".join(f'"{word}"' for word in words) + "]",
    "four letters of each, as on steel": lambda words: " ".join(word[:4] for word in words),
}
JAPANESE_ONLY: dict[str, Written] = {
    "decomposed": lambda words: decomposed(" ".join(words)),
    "decomposed with U+3000": lambda words: decomposed("\u3000".join(words)),
    "no gaps": "".join,
    "decomposed without gaps": lambda words: decomposed("".join(words)),
    "counted things": lambda words: numbered(words, "{number}つ目は「{word}」", "\n"),
}


def base58check(payload: bytes, alphabet: str = BASE58) -> str:
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = alphabet[digit] + digits
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def wif(name: str = "a key", version: int = 0x80, *, compressed: bool = True) -> str:
    return base58check(bytes([version]) + entropy(name, 32) + (b"\x01" if compressed else b""))


def extended_key(name: str = "a wallet") -> str:
    return Mnemonic.to_hd_master_key(entropy(name, 64))


def another_digit(text: str) -> str:
    """The same with its last character changed, so that no checksum holds."""
    return text[:-1] + ("2" if text[-1] != "2" else "3")


def a_message(
    text: str = "",
    *,
    subject: str = "",
    history: str = "",
    turns: Sequence[tuple[str, str]] = (),
    files: Sequence[str] = (),
    facts: dict[str, str] | None = None,
) -> Message:
    spoken = "\n".join(said for role, said in turns if role == "customer")
    return Message(
        source=Source(Channel.VOICE if turns else Channel.EMAIL, "name", "digest"),
        received_at=datetime(2026, 5, 3, tzinfo=UTC),
        subject=subject,
        text=text or spoken,
        history=history,
        turns=tuple(Turn(role, said) for role, said in turns),
        sender="Satoshi <satoshi@example.jp>",
        attachments=tuple(Attachment(name, "text/plain", 1) for name in files),
        facts=facts or {},
    )
