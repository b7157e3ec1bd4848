"""A header block as it was sent, and the decoding of what is written in it (RFC 2047, RFC 2231, and what is sent instead).

Values stay raw until somebody asks for text: addresses must be taken apart before anything is decoded, or an encoded word
could smuggle in an address.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import count

from casework import charsets
from casework.message import Decoding

MAX_VALUE = 65_536
"""More of one header than this is not read, in characters."""

_BLANKS = re.compile(r"[\r\n\t]+")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:[^"\\]|\\.)*+"|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


class Headers:
    """The headers of one part in the order they stand, names in lower case, values raw (undecodable bytes as surrogates)."""

    __slots__ = ("_unfolded", "_values", "items")

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self.items = [(name.lower(), value) for name, value in items]
        self._unfolded: dict[str, str] = {}
        self._values: dict[str, list[str]] = {}
        for name, value in self.items:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether there is a header of any of these names."""
        return not names.isdisjoint(self._values)

    def raw(self, name: str) -> str:
        """Unfold the first header of that name, or give an empty string. Bounded by ``MAX_VALUE``."""
        value = self._unfolded.get(name)
        if value is None:
            value = self._unfolded[name] = unfold(self._values[name][0]) if name in self._values else ""
        return value

    def whole(self, name: str) -> str:
        """The first header of that name as it stands, folded and however long; or an empty string."""
        return self._values[name][0] if name in self._values else ""

    def is_cut(self, name: str) -> bool:
        """Whether more of the first header of that name was sent than is read."""
        return len(self.whole(name)) > MAX_VALUE

    def all(self, name: str) -> Iterator[str]:
        """Every value of that name, unfolded."""
        values = self._values.get(name, ())
        return map(unfold, values) if len(values) != 1 else iter((self.raw(name),))

    def token(self, name: str) -> str:
        """The first word of a header that is one word, in lower case: ``Auto-Submitted: no; x`` is ``no``."""
        words = self.raw(name).replace(";", " ").split(None, 1) if name in self._values else ()
        return words[0].lower() if words else ""

    def text(self, name: str) -> str:
        """The header as readable text on one line."""
        return text(self.raw(name))


def unfold(value: str) -> str:
    """Join the lines of a folded header. The white space that began the next line stays, as the sender wrote it."""
    return value[:MAX_VALUE].replace("\r", "").replace("\n", "").strip()


def octets(value: str) -> bytes:
    """Give the bytes of a raw value back."""
    return value.encode("utf-8", "surrogateescape")


def is_plain(value: str) -> bool:
    """Whether a raw value is ASCII without escapes or encoded words, so that there is nothing to decode."""
    return value.isascii() and "=?" not in value and "\x1b" not in value


def unencoded(value: str) -> str:
    """Read raw 8-bit or JIS characters of a header; encoded words stay encoded."""
    if value.isascii() and "\x1b" not in value:
        return value
    return charsets.decode(octets(value))[0]


def text(value: str) -> str:
    """Decode a header's value for people: encoded words, raw 8-bit and JIS characters; one line, no control characters."""
    return decoded(value)[0]


def decoded(value: str) -> tuple[str, tuple[Decoding, ...]]:
    """Decode a header's value, and say how its encoded words were read. Broken words stay as they were written.

    Neighbouring words of one charset are joined before decoding, for many senders cut inside a character.
    """
    if is_plain(value):
        return _one_line(value), ()
    if only := _WORD.fullmatch(value):
        said, how = charsets.decode(_word_octets(only), only[1])
        return _one_line(said), (how,)
    pieces: list[str] = []
    decodings: list[Decoding] = []
    at = 0
    for start, end, charset, content in _words(value):
        between = value[at:start]
        pieces.append(unencoded(between) if between.strip() or not at else "")
        word, decoding = charsets.decode(content, charset)
        pieces.append(word)
        decodings.append(decoding)
        at = end
    pieces.append(unencoded(value[at:]))
    return _one_line("".join(pieces)), tuple(decodings)


def _one_line(value: str) -> str:
    if value.isprintable():
        return value.strip()
    return charsets.clean(_BLANKS.sub(" ", value)).strip()


def _words(value: str) -> Iterator[tuple[int, int, str, bytes]]:
    """Find runs of encoded words of one charset: start, end, charset, content. Blanks between words are not content."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(value):
        if run and not _continues(run[-1], word, value):
            yield _run(run)
            run = []
        run.append(word)
    if run:
        yield _run(run)


def _continues(last: re.Match[str], word: re.Match[str], value: str) -> bool:
    return last[1].lower() == word[1].lower() and not value[last.end() : word.start()].strip()


def _run(run: list[re.Match[str]]) -> tuple[int, int, str, bytes]:
    return run[0].start(), run[-1].end(), run[0][1], _content(run)


def _content(run: list[re.Match[str]]) -> bytes:
    if all(word[2] in "bB" for word in run) and any(len(word[3].strip()) % 4 for word in run[:-1]):
        return base64_octets(octets("".join(word[3] for word in run)))
    return b"".join(_word_octets(word) for word in run)


def _word_octets(word: re.Match[str]) -> bytes:
    content = octets(word[3])
    return base64_octets(content) if word[2] in "bB" else binascii.a2b_qp(content, header=True)


def base64_octets(content: bytes | memoryview) -> bytes:
    """Decode base64, broken padding and stray characters included."""
    try:
        return binascii.a2b_base64(content)
    except binascii.Error:
        digits = _NOT_BASE64.sub(b"", content)
        return binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"==")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Take a ``Content-Type`` or ``Content-Disposition`` apart: its first word in lower case, its parameters still encoded."""
    found: dict[str, str] = {}
    if not value:
        return "", found
    value = unencoded(value)
    for match in _PARAMETER.finditer(value):
        found.setdefault(match[1].lower(), _unquoted(match[2].strip()))
    return value.partition(";")[0].strip().lower(), found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPED.sub(r"\1", value[1:-1])
    return value.strip('"')


def parameter(found: dict[str, str], name: str) -> str:
    """Decode one parameter: RFC 2231, whole or in segments, before the encoded words that most senders use instead."""
    if f"{name}*" in found:
        return _extended([(found[f"{name}*"], True)])
    if name in found:
        return text(found[name])
    segments = list(_segments(found, name))
    if any(is_extended for _, is_extended in segments):
        return _extended(segments)
    return text("".join(value for value, _ in segments))


def _segments(found: dict[str, str], name: str) -> Iterator[tuple[str, bool]]:
    for number in count():
        if (key := f"{name}*{number}*") in found:
            yield found[key], True
        elif (key := f"{name}*{number}") in found:
            yield found[key], False
        else:
            return


def _extended(segments: list[tuple[str, bool]]) -> str:
    first = segments[0][0]
    charset = first.split("'", 2)[0] if first.count("'") >= 2 else ""
    content = b"".join(_segment(value, is_extended) for value, is_extended in segments)
    return _one_line(charsets.decode(content.split(b"'", 2)[-1] if charset or first.startswith("''") else content, charset)[0])


def _segment(value: str, is_extended: bool) -> bytes:
    content = octets(value)
    return _PERCENT.sub(lambda code: bytes((int(code[1], 16),)), content) if is_extended else content
