"""Transaction hashes and wallet addresses in a text, by their checksums where they have one, and the tags that go with them.

An address that a mail program wrapped, or somebody wrote in groups of four, is put together when its checksum holds. Solana's
addresses have no checksum: the text must speak of it, or of an address. Nor have hashes: sixty-four digits that are called
something else, or stand in a link that is no block explorer's, are none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache

from casework.case import Entity
from casework.checksums import base58
from casework.entities import chains
from casework.text.patterns import compiled

_LONG_WORD = r"(?<![0-9A-Za-z])[0-9A-Za-z]{25,128}+(?![0-9A-Za-z])"
_SHORT_SEGWIT = "(?:bc|BC|tb|TB)1(?<![0-9A-Za-z]...)[0-9A-Za-z]{8,21}(?![0-9A-Za-z])"
_HASH = "(?:0[xX])?([0-9A-Fa-f]{64})"
_TON = r"[EUk0][Qf][0-9A-Za-z_-](?<![0-9A-Za-z_-]...)[0-9A-Za-z_-]{45}(?![0-9A-Za-z_-])"
_SOLANA = r"[Ss]olana|SOLANA|ソラナ|\bSOL\b|[Pp]hantom|[Ss]olscan|\bSPL\b|[Rr]aydium"

_PAID_TO = "(?i)wallet|address|アドレス|ウォレット|送金先|送付先|宛先"
_CALLED_ADDRESS = r"(?i)(?:address|wallet|アドレス|ウォレット|送金先|送付先|宛先)(?: is|は|が)?[ :：=「(]{0,4}\Z"

_OTHER_DIGEST = (
    r"(?i)(?:sha-?(?:2|256|3)|md5|checksum|digest|fingerprint|etag|token|session|signature|cookie|nonce|mac|diffbot"
    r"|フィンガープリント|チェックサム|指紋|署名)[^0-9a-z]{0,12}\Z"
)
_EXPLORER = r"(?i)(?:scan|explorer|blockch|mempool|xrpl|/tx|tx(?:id|n|_?hash)?[/=:]|transaction|address|account|wallet|hash[/=])"
_LINK_LEFT = r"[^\s<>\"「」、。]{0,300}?//:"
"""What stands before a token in a link, read backwards."""

_MAX_CHECKED = 100
"""Addresses of one text whose check takes Keccak, half a millisecond each; later ones are taken as written or not at all."""

_PART_OF_ONE = "[0-9][A-Za-z]"
"""What a part of an address has somewhere, and hardly a word has."""
_BREAK = r"(?:[ \t]{0,2}=?\r?\n[ \t>|]{0,6}|[ \t]|-)"
_RIGHT = rf"[0-9A-Za-z]{{0,108}}(?:{_BREAK}[0-9A-Za-z]{{1,108}}){{0,30}}"
_LEFT = r"[0-9A-Za-z]{0,108}(?:(?:[ \t>|]{0,6}\n\r?=?[ \t]{0,2}|[ \t]|-)[0-9A-Za-z]{1,108}){0,12}"
_FIRST = "0[xX]|[13LMDXTtrAGP4-9]|[a-z]{2,11}1|[A-Z]{2,4}1|[EFHJ][1-9A-Za-z]|[qp]"
"""How a first part begins, of the addresses that are put together."""
_SHORTEST, _LONGEST = 25, 108
_GROUP = 4
"""What people write an address in groups of, at least."""
_WINDOW = 220
_MAX_JOINED = 1000
"""Places of one text that are looked at, and ways of putting parts together that are tried there; then it is enough."""


def find(text: str) -> Iterator[Entity]:
    """Find the hashes and addresses of a folded text, and the tags and memos of payments to them.

    A hash is in lower case without 0x, an address in the form all its spellings share.
    """
    found = [*_whole(text), *_short(text), *_ton(text)]
    found += _parted(text, found)
    yield from found
    yield from _tags(text, found)


def _whole(text: str) -> Iterator[Entity]:
    dear = 0

    @cache
    def speaks_of_solana() -> bool:
        return compiled(_SOLANA).search(text) is not None

    for match in compiled(_LONG_WORD).finditer(text):
        token = match[0]
        if len(token) in (42, 95, 106) and _needs_keccak(token):
            dear += 1
            token = token if dear <= _MAX_CHECKED else token.lower()
        kind, value, tag = _named(token, text, match.start(), speaks_of_solana)
        if kind:
            yield from _placed(kind, value, tag, *match.span())


def _needs_keccak(token: str) -> bool:
    return (token[:2] in ("0x", "0X") and chains.is_mixed(token)) if len(token) == 42 else token[0] in "48"


def _placed(kind: str, value: str, tag: str, start: int, end: int) -> Iterator[Entity]:
    """The end of an X-address holds its tag; there the two are told apart."""
    if tag:
        yield Entity("tag", tag, end - 16, end)
    yield Entity(kind, value, start, end - 16 if tag else end)


def _named(token: str, text: str, start: int, speaks_of_solana: Callable[[], bool]) -> tuple[str, str, str]:
    """Kind, value and tag of a whole token; empty ones when it is nothing."""
    if match := compiled(_HASH).fullmatch(token):
        if token[1] in "xX" and compiled(_CALLED_ADDRESS).search(text[max(0, start - 32) : start]):
            return "address", token.lower(), ""  # of Sui or Aptos, as long as a hash
        return ("tx_hash", match[1].lower(), "") if _is_transaction(text, start, token) else ("", "", "")
    if value := chains.ethereum(token) or chains.checked(token):
        return "address", value, chains.destination(token)[1]
    if len(token) in (87, 88) and _size(token) == 64:
        return "tx_hash", token, ""
    if (
        32 <= len(token) <= 44
        and _size(token) == 32
        and not token.isalpha()
        and (speaks_of_solana() or _is_paid_to(token, text, start))
    ):
        return "address", token, ""
    return "", "", ""


def _is_paid_to(token: str, text: str, start: int) -> bool:
    """Whether it is called an address just before, and is the key of one of Solana's wallets."""
    return compiled(_PAID_TO).search(text[max(0, start - 60) : start]) is not None and chains.is_public_key(token)


def _is_transaction(text: str, start: int, token: str) -> bool:
    left = text[max(0, start - 320) : start]
    if "//" in left and (link := compiled(_LINK_LEFT).match(left[::-1])):
        return compiled(_EXPLORER).search(link[0][::-1]) is not None
    return token[:2] in ("0x", "0X") or compiled(_OTHER_DIGEST).search(left[-40:]) is None


def _size(token: str) -> int:
    return len(base58(token) or b"")


def _short(text: str) -> Iterator[Entity]:
    """Yield the addresses with witness programs of a few bytes, which pay to anybody."""
    if "bc1" in text or "BC1" in text or "tb1" in text or "TB1" in text:
        for match in compiled(_SHORT_SEGWIT).finditer(text):
            if value := chains.segwit(match[0]):
                yield Entity("address", value, *match.span())


def _ton(text: str) -> Iterator[Entity]:
    if "EQ" in text or "UQ" in text or "Ef" in text or "Uf" in text:
        for match in compiled(_TON).finditer(text):
            if value := chains.ton(match[0]):
                yield Entity("address", value, *match.span())


def _parted(text: str, found: list[Entity]) -> Iterator[Entity]:
    """Yield the addresses that a line's end breaks, or spaces or hyphens into groups."""
    whole = sorted((entity.start, entity.end) for entity in found)
    done, tries = 0, _MAX_JOINED
    for match in compiled(_PART_OF_ONE).finditer(text):
        at = match.start()
        place = bisect_right(whole, (at, len(text))) - 1
        if at < done or tries <= 0 or (place >= 0 and at < whole[place][1]):
            continue
        tries -= 1
        parts, here = _parts(text, at)
        done = parts[here][1]
        for first, last in _choices(parts, here):
            tries -= 1
            if value := _put_together("".join(text[start:end] for start, end in parts[first : last + 1])):
                done = parts[last][1]
                yield Entity("address", value, parts[first][0], done)
                break


def _parts(text: str, at: int) -> tuple[list[tuple[int, int]], int]:
    """The places of the words around a place, and which of them is there."""
    left = compiled(_LEFT).match(text[max(0, at - _WINDOW) : at][::-1])
    right = compiled(_RIGHT).match(text, at)
    start, end = at - (left.end() if left else 0), right.end() if right else at
    parts = [match.span() for match in compiled("[0-9A-Za-z]+").finditer(text, start, end)]
    return parts, next(place for place, (_, stop) in enumerate(parts) if stop > at)


def _choices(parts: list[tuple[int, int]], here: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of parts, around one of them, that may be one address: the longest parts wrapped, or equal groups."""
    sizes = [end - start for start, end in parts]
    if sizes[here] < _GROUP:
        return
    firsts, lasts = range(max(0, here - 2), here + 1), range(here, min(len(parts), here + 3))
    if sizes[here : here + 3].count(sizes[here]) == 3 or sizes[max(0, here - 2) : here + 1].count(sizes[here]) == 3:
        firsts, lasts = _group(sizes, here)
    for first in firsts:
        for last in reversed(lasts):
            if first < last and _SHORTEST <= sum(sizes[first : last + 1]) <= _LONGEST:
                yield first, last


def _group(sizes: list[int], here: int) -> tuple[range, range]:
    """Where an address in groups of one size may begin and end; the first and the last group may have another."""
    first = last = here
    while first > 0 and sizes[first - 1] == sizes[here]:
        first -= 1
    while last + 1 < len(sizes) and sizes[last + 1] == sizes[here]:
        last += 1
    return range(max(0, first - 1), here + 1), range(max(here, last - 2), min(len(sizes), last + 2))


def _put_together(token: str) -> str:
    if not compiled(_FIRST).match(token):
        return ""
    return (chains.ethereum(token) if chains.is_mixed(token) else "") or chains.checked(token)


_TAG = (
    r"(?:[Tt]ag|TAG|[Mm]emo|MEMO|タグ|メモ|[?&](?:dt|memo_id))(?: ?(?:[Ii][Dd]|[Nn]umber|[Nn]o\.?|#|番号|コード))?"
    r"(?: (?:is|was)|[ :=#はが「\"'(]){1,4}(?P<tag>[0-9]{1,20})(?![0-9A-Za-z]|[.,-][0-9A-Za-z])"
)
_TAG_MARKS = ("tag", "Tag", "TAG", "emo", "MEMO", "タグ", "メモ", "dt=")
_EXPLICIT = r"(?i)(?:destination|dest\.?|宛先|デスティネーション)[ _-]?\Z"
_LETTER_LEFT = r"[A-Za-z]\Z"


def _tags(text: str, found: list[Entity]) -> Iterator[Entity]:
    """Yield the numbers that are called a destination tag, or a tag or memo where an address that may need one is named."""
    if not any(mark in text for mark in _TAG_MARKS):
        return
    needed = any(chains.carries_tag(entity.value) for entity in found)
    for match in compiled(_TAG).finditer(text):
        left = text[max(0, match.start() - 16) : match.start()]
        called = compiled(_EXPLICIT).search(left) is not None
        if called or (needed and (match[0][0] in "?&" or not compiled(_LETTER_LEFT).search(left))):
            yield Entity("tag", str(int(match["tag"])), *match.span("tag"))
