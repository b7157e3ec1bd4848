"""Transaction hashes and wallet addresses in a text, by their checksums where they have one.

Bitcoin and the coins made after it, Tron and the XRP Ledger (Base58Check), SegWit, Cardano and Cosmos (Bech32), Ethereum and its
like (EIP-55 when the case is mixed), and Solana where the text speaks of it, because its addresses carry no checksum.
"""

from __future__ import annotations

from collections.abc import Iterator

from casework.case import Entity
from casework.checksums import RIPPLE_ALPHABET, base58, base58check, bech32, octets
from casework.text.patterns import compiled

_LONG_WORD = r"(?<![0-9A-Za-z])[0-9A-Za-z]{25,128}+(?![0-9A-Za-z])"
_HASH = "(?:0[xX])?([0-9A-Fa-f]{64})"
_ETHEREUM = "0[xX]([0-9A-Fa-f]{40})"
_BECH32 = "(?i)(?:bc|tb|bcrt|ltc|tltc|addr|stake|bnb|celestia|cosmos|inj|kava|osmo|sei|terra|thor)1"
_SEGWIT = frozenset({"bc", "tb", "bcrt", "ltc", "tltc"})
_SOLANA = r"[Ss]olana|SOLANA|ソラナ|\bSOL\b|[Pp]hantom"

_MAX_CHECKED = 100
"""Mixed-case addresses of one text whose capitals are checked, at half a millisecond each; the rest is taken as written."""


def find(text: str) -> Iterator[Entity]:
    """Find the hashes and addresses of a folded text.

    A hash is in lower case without 0x, an address in lower case where its capitals tell nothing, else as written.
    """
    mixed = 0
    for match in compiled(_LONG_WORD).finditer(text):
        kind, value = _named(match[0], text, unchecked=mixed >= _MAX_CHECKED)
        mixed += _is_mixed(match[0])
        if kind:
            yield Entity(kind, value, *match.span())


def _named(token: str, text: str, *, unchecked: bool) -> tuple[str, str]:
    if match := compiled(_HASH).fullmatch(token):
        return "tx_hash", match[1].lower()
    if match := compiled(_ETHEREUM).fullmatch(token):
        holds = unchecked or not _is_mixed(token) or _capitals_hold(match[1])
        return ("address", token.lower()) if holds else ("", "")
    if compiled(_BECH32).match(token):
        return ("address", token.lower()) if _bech32_holds(token) else ("", "")
    return _base58_named(token, text)


def _base58_named(token: str, text: str) -> tuple[str, str]:
    if len(token) <= 36 and (_pays(base58check(token)) or (token[0] == "r" and _pays(base58check(token, RIPPLE_ALPHABET)))):
        return "address", token
    if len(token) in (87, 88) and _size(token) == 64:
        return "tx_hash", token
    if 32 <= len(token) <= 44 and _size(token) == 32 and not token.isalpha() and compiled(_SOLANA).search(text):
        return "address", token
    return "", ""


def _pays(raw: bytes | None) -> bool:
    """Whether this is a version of one to three bytes and a hash of twenty, as every address of this family is."""
    return raw is not None and 21 <= len(raw) <= 23


def _size(token: str) -> int:
    return len(base58(token) or b"")


def _is_mixed(token: str) -> bool:
    return compiled(_ETHEREUM).fullmatch(token) is not None and token[2:] not in (token[2:].lower(), token[2:].upper())


def _capitals_hold(digits: str) -> bool:
    """EIP-55: a letter is a capital where the hash of the lower-case address has a digit of eight or more."""
    from casework.checksums.keccak import keccak_256  # most texts need none

    digest = keccak_256(digits.lower().encode()).hex()
    return all(digit.isdigit() or digit.isupper() == (mark >= "8") for digit, mark in zip(digits, digest, strict=False))


def _bech32_holds(token: str) -> bool:
    """The checksum and, for SegWit, the rules for witness programs (BIP 173, BIP 350)."""
    decoded = bech32(token)
    if decoded is None:
        return False
    prefix, groups, variant = decoded
    program = octets(groups[1:]) if prefix in _SEGWIT else octets(groups)
    if prefix not in _SEGWIT or program is None:
        return program is not None
    version = groups[0]
    if version == 0:
        return variant == "bech32" and len(program) in (20, 32)
    return version <= 16 and variant == "bech32m" and 2 <= len(program) <= 40
