"""Private keys: those that carry a checksum anywhere, those that look like a transaction hash only where the words say so.

Sixty-four hexadecimal digits are a private key or a transaction hash, and eighty-eight Base58 characters a Solana key or a Solana
transaction. What is written nearest before them decides, else what follows; without a word they stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from casework.checksums import RIPPLE_ALPHABET, base58, base58check
from casework.text.finding import Finding
from casework.text.folding import WALL
from casework.text.patterns import compiled

_LONG_WORD = r"(?<![0-9A-Za-z])[0-9A-Za-z]{29,}+"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_BYTES = rf"\[\s{{0,4}}{_BYTE}(?:(?:\s{{0,4}},\s{{0,4}}|…){_BYTE})"
_KEY_FILE = rf"{_BYTES}{{31,63}}(?:[\s,…]{{0,4}}\]|(?![0-9]))|{_BYTES}{{11,30}}[\s,…0-9]{{0,6}}\Z"
"""A Solana key pair as its tools write it: an array of 64 bytes, of which the first 32 are the secret, however it was cut."""

_PEM = (
    r"-----BEGIN (?P<what>[A-Z0-9 ]{0,24}PRIVATE KEY(?: BLOCK)?)-----"
    r"(?:(?:[^-\x00]|-(?!----)){0,16000}+-----END (?P=what)-----"
    r"|(?:[\s>]{1,8}(?:[0-9A-Za-z+/=]{16,120}(?! )|[A-Z][A-Za-z-]{2,20}:[^\n\x00]{0,80})){1,200})"
)
"""A whole block (RFC 7468), or the lines of one whose end is missing."""

_CRYPTO = r"\"[Cc]rypto\"\s{0,4}:\s{0,4}\{"
_MAX_KEYSTORE, _MAX_OPENING = 4000, 400
"""Characters of a key file of Ethereum, and of what it has before its cipher text."""

_MINI = "(?<![0-9A-Za-z])S(?:[1-9A-HJ-NP-Za-km-z]{29}|[1-9A-HJ-NP-Za-km-z]{25}|[1-9A-HJ-NP-Za-km-z]{21})(?![0-9A-Za-z])"

_VARIED = "(?=.*[0-9].*[0-9])(?=.*[a-z])(?=.*[A-Z].*[A-Z])"

_BEFORE, _AFTER, _BESIDE = 80, 60, 40
"""Characters before a token, after it, and between two under one label, in which a label is looked for."""

_HEX = r"(?:0[xX])?([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})"
_ALMOST_WIF = "[5KL9c][1-9A-HJ-NP-Za-km-z]{49,52}"
_EXTENDED = "[xyztuvXYZTUV]prv[1-9A-HJ-NP-Za-km-z]{96,}"
_LABEL = (
    r"(?i)(?P<key>priv(?:ate)?[ _-]?key|secret[ _-]?key|signing[ _-]?key|master[ _-]?key|\bWIF\b|key ?store"
    r"|秘密\s?鍵|秘密キー|プライベート・?キー|シークレット・?キー|ひみつかぎ)"
    r"|\btx|transaction|hash|signature|public[ _-]?key|\bblock|\bsent\b|withdraw|deposit|transfer"
    r"|トランザクション|ハッシュ|公開鍵|署名|取引|送金|出金|入金"
)


def find(text: str) -> Iterator[Finding]:
    """Find the private keys of a folded text."""
    yield from _tokens(text)
    if "-----BEGIN" in text:
        yield from (Finding("private_key", match[0], *match.span()) for match in compiled(_PEM).finditer(text))
    if "ciphertext" in text:
        yield from _keystores(text)
    yield from (Finding("private_key", match[0], *match.span(), verified=True) for match in _mini_keys(text))
    if "[" in text:
        yield from (_key_file(match) for match in compiled(_KEY_FILE).finditer(text))


def _key_file(match: re.Match[str]) -> Finding:
    return Finding("private_key", re.sub(r"\s", "", match[0]), *match.span())


def _keystores(text: str) -> Iterator[Finding]:
    """A key file of Ethereum (Web3 Secret Storage), from its outermost brace to the one that closes it."""
    for match in compiled(_CRYPTO).finditer(text):
        opening = max(0, match.start() - _MAX_OPENING)
        start = text.rfind("{", opening, match.start())
        start = match.start() if start < 0 or "}" in text[start : match.start()] else start
        end = _closed(text, start)
        if "ciphertext" in text[start:end]:
            yield Finding("private_key", re.sub(r"\s", "", text[start:end]), start, end)


def _closed(text: str, start: int) -> int:
    """Where the first brace from there is closed, or the text ends, or a key file would."""
    depth, limit = 0, min(len(text), start + _MAX_KEYSTORE)
    for brace in compiled("[{}]").finditer(text, start, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth <= 0:
            return brace.end()
    wall = text.find(WALL, start, limit)
    return limit if wall < 0 else wall


def _mini_keys(text: str) -> Iterator[re.Match[str]]:
    """Casascius's short keys: the SHA-256 of the key and a question mark begins with a zero byte."""
    for match in compiled(_MINI).finditer(text):
        if hashlib.sha256(f"{match[0]}?".encode()).digest()[0] == 0 and compiled(_VARIED).match(match[0]):
            yield match


def _tokens(text: str) -> Iterator[Finding]:
    end, under_label = 0, False
    for match in compiled(_LONG_WORD).finditer(text):
        token = match[0]
        if any(proves(token) for proves in _PROOFS):
            yield Finding("private_key", token, *match.span(), verified=True)
        elif compiled(_EXTENDED).fullmatch(token):
            yield Finding("private_key", token, *match.span(), verified=False)
        elif value := _needs_label(token):
            under_label = _under_label(text, match, max(end, match.start() - _BEFORE), under_label)
            end = match.end()
            if under_label:
                verified = False if compiled(_ALMOST_WIF).fullmatch(token) else None
                yield Finding("private_key", value, *match.span(), verified, echo=value)


def _needs_label(token: str) -> str:
    """The token in normal form if it can be a private key, else nothing."""
    if hexadecimal := compiled(_HEX).fullmatch(token):
        return hexadecimal[1].lower()
    solana = len(token) in (87, 88) and len(base58(token) or b"") == 64
    return token if solana or compiled(_ALMOST_WIF).fullmatch(token) else ""


def _under_label(text: str, token: re.Match[str], since: int, before: bool) -> bool:
    """Whether the nearest words call it a private key; a token right after another shares its label."""
    labels = list(compiled(_LABEL).finditer(text[since : token.start()]))
    if labels:
        return labels[-1]["key"] is not None
    if before and token.start() - since <= _BESIDE:
        return True
    sentence = re.split(r"[.。\n\x00]", text[token.end() : token.end() + _AFTER], maxsplit=1)[0]
    label = compiled(_LABEL).search(sentence)
    return label is not None and label["key"] is not None and not re.match(r"\s*[:=]", sentence[label.end() :])


def _wif(token: str) -> bool:
    """A private key of Bitcoin or of a coin made after it: a version, 32 bytes, and 01 when its public key is compressed."""
    if len(token) not in (51, 52):
        return False
    raw = base58check(token)
    return raw is not None and (len(raw) == 33 or (len(raw) == 34 and raw[-1] == 1))


def _encrypted(token: str) -> bool:
    """A private key under a passphrase (BIP 38)."""
    return len(token) == 58 and token.startswith("6P") and base58check(token) is not None


def _extended(token: str) -> bool:
    """An extended private key (BIP 32, and SLIP 132 for the letters other than x)."""
    return compiled(_EXTENDED).fullmatch(token) is not None and base58check(token) is not None


def _stellar(token: str) -> bool:
    """A secret seed of Stellar (SEP 23): version 0x90, 32 bytes, CRC-16."""
    if len(token) != 56 or not token.startswith("S"):
        return False
    import base64  # hardly any text has such a token
    import binascii

    try:
        raw = base64.b32decode(token)
    except binascii.Error:
        return False
    return raw[0] == 0x90 and binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")


def _ripple(token: str) -> bool:
    """A family seed of the XRP Ledger: version 0x21 and 16 bytes in its own alphabet."""
    if len(token) != 29 or not token.startswith("s"):
        return False
    raw = base58check(token, RIPPLE_ALPHABET)
    return raw is not None and raw[0] == 0x21


_PROOFS: tuple[Callable[[str], bool], ...] = (_wif, _encrypted, _extended, _stellar, _ripple)
