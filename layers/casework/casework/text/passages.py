"""Which passages of earlier messages a message quotes, from a few hundred bytes that were kept of those.

A reply whose headers were lost still quotes what it answers. A passage is four words in a row, or ten characters of a
script without spaces, so that neither wrapped lines nor quotation marks hide it. Of each message some are kept, spread over
all of it: those with the least hashes.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator

from casework.text.likeness import plain
from casework.text.patterns import compiled

MAX_OF_MESSAGE, MAX_PASSED_ON = 24, 12
"""Of what a message says, and of what it quotes: two answers to one mail that never came here are known by that."""
MAX_PASSAGES = 96
"""Of a case; those of its newest messages are kept, at three bytes each."""
MAX_QUOTED = 600
"""Of a message that are looked for; what it answers is quoted first."""
MAX_READ = 8_000
"""Characters of a text, and of a history, that are looked at."""
_OCTETS = 3
_PASSED_ON = 1
_WORDS, _CHARACTERS = 4, 10

_QUOTE = re.compile(r"[ \t\u3000]*(?:[>＞|][ \t\u3000]?)+")
_SIGNATURE = re.compile(r"(?m)^[ \t>＞|]*(?:--|__+|==+|－－+)[ \t]*$")
_ATTRIBUTION = re.compile(r"(?mi)^.{0,160}(?:wrote|writes|mentioned|said|schrieb|écrit|書きました|のメール)[ \t]*[:：][ \t]*$")
_FORWARDED = re.compile(r"(?mi)^[ \t*>＞]*(?:from|sent|to|cc|date|subject|差出人|送信者|送信日時|日時|宛先|件名)[ \t*]*[:：].*$")
_ADDRESSES = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,9}://[!-~]*|(?<![!-~])[!-~]{1,64}@[!-~]+")
_RUN = r"[\u3041-\u30ff\u3005\u3400-\u4dbf\u4e00-\u9fff]+|[^\W_\u3041-\u30ff\u3005\u3400-\u4dbf\u4e00-\u9fff]+(?:'[a-z]+)?"


def said(text: str, others: frozenset[int] = frozenset()) -> str:
    """Passages of what a message says itself, and some of ``others``, which it quotes: what a reply may quote. Base64."""
    own = "\n".join(line for line in text[:MAX_READ].split("\n") if not _QUOTE.match(line))
    kept = [passed_on(passage) for passage in sorted(others)[:MAX_PASSED_ON]]
    return _packed(kept + sorted(set(_passages(own)))[:MAX_OF_MESSAGE])


def passed_on(passage: int) -> int:
    """As a passage is kept that a message only quotes: it may be the footer of whoever wrote to the customer."""
    return passage | _PASSED_ON


def quoted(text: str, history: str) -> frozenset[int]:
    """Passages of earlier messages in a message: its lines behind quotation marks, or all its history below a copied head."""
    history = history[:MAX_READ]
    lines = [line for line in f"{text[:MAX_READ]}\n{history}".split("\n") if _QUOTE.match(line)]
    if not lines and _FORWARDED.search(history):
        lines = history.split("\n")
    found = _passages("\n".join(_QUOTE.sub("", line, count=1) for line in lines))
    return frozenset(passage for _, passage in zip(range(MAX_QUOTED), found, strict=False))


def added(kept: str, more: str) -> str:
    """The passages of a case with those of one more message, newest last."""
    every = dict.fromkeys((*_unpacked(kept), *_unpacked(more)))
    return _packed(list(every)[-MAX_PASSAGES:])


def passages(kept: str) -> frozenset[int]:
    """The passages that were kept."""
    return frozenset(_unpacked(kept))


def missed(kept: str, quoted: Iterable[int]) -> bool:
    """Whether a message quotes a passage that a case would have kept, were it its own, and has not.

    Of each message those with the least hashes are kept: what lies below as many of them as one message keeps was not dropped.
    """
    own = sorted(passage for passage in _unpacked(kept) if not passage & _PASSED_ON)
    border = own[MAX_OF_MESSAGE - 1] if len(own) >= MAX_OF_MESSAGE else 1 << 8 * _OCTETS
    return any(passage <= border and passage not in own for passage in quoted)


def _passages(text: str) -> Iterator[int]:
    """Hashes of the passages, without signatures, addresses, and the lines that clients put between quotations."""
    end = _SIGNATURE.search(text)
    prose = _ADDRESSES.sub(" ", _FORWARDED.sub(" ", _ATTRIBUTION.sub(" ", text[: end.start()] if end else text)))
    row: list[str] = []
    for run in compiled(_RUN).findall(plain(prose)):
        if "\u3005" <= run[0] <= "\u9fff":
            yield from (_hash(run[at : at + _CHARACTERS]) for at in range(len(run) - _CHARACTERS + 1))
            continue
        row.append(run)
        if len(row) >= _WORDS:
            yield _hash(" ".join(row[-_WORDS:]))


def _hash(passage: str) -> int:
    return (zlib.crc32(passage.encode("utf-8", "surrogatepass")) >> 8) & ~_PASSED_ON


def _packed(found: list[int]) -> str:
    return base64.b64encode(b"".join(each.to_bytes(_OCTETS, "big") for each in found)).decode()


def _unpacked(kept: str) -> list[int]:
    data = base64.b64decode(kept)
    return [int.from_bytes(data[at : at + _OCTETS], "big") for at in range(0, len(data), _OCTETS)]
