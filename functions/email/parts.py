"""The parts of a mail: which of them say something, and which came along as files.

A mail is taken apart by offsets into its bytes: parts are slices that nobody copies before somebody reads them. What is
malformed is read the way clients do that people use, and the standard library's parser is not used: it keeps several copies
of a mail, takes seconds for deep nesting, and is the larger part of the time that a short mail costs.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from functions.email import headers
from functions.email.headers import Headers

MAX_HEAD = 1_048_576
"""Octets of one header block that are read: half of them at its beginning, half at its end."""
MAX_CONTAINERS = 30
"""Multiparts in one mail that are opened: each is searched for its boundary once."""
MAX_BOUNDARIES = 5_000
"""Places looked at that may be boundaries; a mail with more is read up to there."""
MAX_LEAVES = 1_000
"""Parts looked at; the rest is only noted to be there."""

_PLAIN = frozenset({"text/plain", "text/enriched", "text/richtext", "text/markdown"})
HTML = "text/html"

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_FIELD = re.compile(r"([!-9;-~]+):[ \t]*+([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)(?:\r?\n|\Z)")
_PASSED_OVER = re.compile(r"(?:From |[ \t]|:)[^\r\n]*(?:\r?\n|\Z)")
"""An mbox separator, a continuation of nothing, a header without a name."""
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r\n?|\n|\Z)")
_FIRST_BOUNDARY = re.compile(rb"\n--([^\s-][^\r\n]{0,150}?|-[^\r\n]{1,150}?)[ \t]*\r?\n(?:[!-9;-~]{1,60}:|\r?\n)")
_KNOWN_HEADER = re.compile(
    r"^(?:(?:from|to|subject|date|message-id|mime-version|content-type|received|references)[ \t]*:|(?:boundary|charset)=)",
    re.IGNORECASE | re.MULTILINE,
)
_STRAY = re.compile(r"^(?![!-9;-~]+:|[ \t]|From |\r?$)(?=.)", re.MULTILINE)
_SPACED_COLON = re.compile(r"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_IN_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_WORDS_APART = re.compile(rb"[^\s] +(?=[^\s])")
_FEW = 3
_LINE = 80
"""Octets of one line of base64 with its line end, or a little more."""
_SAMPLE = 65_536
"""Octets by which a transfer encoding is believed or not."""
_UUENCODE = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_ENCODINGS = _UUENCODE | {"base64", "quoted-printable"}


class Leaf:
    """A part that contains no others. Its transfer encoding is undone when somebody asks; names are still encoded."""

    __slots__ = ("_content", "body", "disposition", "disposition_parameters", "headers", "media_type", "parameters", "richer")

    def __init__(self, head: Headers, media_type: str, parameters: dict[str, str], body: memoryview) -> None:
        self.headers = head
        self.media_type = media_type
        self.parameters = parameters
        self.disposition, self.disposition_parameters = headers.parameters(head.raw("content-disposition"))
        self.body = body
        self._content: bytes | None = None
        self.richer: Leaf | None = None
        """The same as a page, for a plain text that has such an alternative."""

    @property
    def content(self) -> bytes:
        """All of it, with its transfer encoding undone. Kept, for several readers need it."""
        if self._content is None:
            self._content = _transferred(self.headers.token("content-transfer-encoding"), self.body)
        return self._content

    @property
    def octets(self) -> bytes | memoryview:
        """The content for those who read it once: not kept, and a view into the mail where nothing has to be undone."""
        if self._content is not None:
            return self._content
        encoding = self.headers.token("content-transfer-encoding")
        return _transferred(encoding, self.body) if encoding in _ENCODINGS else self.body

    @property
    def says_something(self) -> bool:
        """Whether there is anything but white space in it."""
        return bool(self.beginning(_SAMPLE).strip())

    def beginning(self, octets: int) -> bytes:
        """The content's first octets, at least as many as asked for if there are that many; no more is decoded than needed."""
        if len(self.body) <= octets:
            return self.content
        taken = self.body[: octets * 4]
        return _transferred(self.headers.token("content-transfer-encoding"), taken)

    @property
    def filename(self) -> str:
        """The name the sender gave the file, decoded, without any path; or empty."""
        name = headers.parameter(self.disposition_parameters, "filename") or headers.parameter(self.parameters, "name")
        return re.split(r"[/\\]", name)[-1].strip()

    @property
    def has_name(self) -> bool:
        """Whether the sender gave it a file name at all."""
        given = (self.disposition_parameters, "filename"), (self.parameters, "name")
        return any(value for found, name in given for key, value in found.items() if key.partition("*")[0] == name)

    @property
    def is_text(self) -> bool:
        """Whether a person can read it: plain text or HTML."""
        return self.media_type in _PLAIN or self.media_type == HTML

    @property
    def is_mail(self) -> bool:
        """Whether it is another mail."""
        return self.media_type in ("message/rfc822", "message/global")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart: its headers, what is to be read in reading order, and the files."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    texts: list[Leaf] = field(default_factory=list)
    files: list[Leaf] = field(default_factory=list)
    leaf_types: frozenset[str] = frozenset()
    """The media types of all of them."""
    defects: tuple[str, ...] = ()
    """What is malformed: ``no_blank_line``, ``no_boundary``, ``boundary_not_found``, ``not_closed``."""
    is_cut: bool = False
    """Whether there were more headers or parts than are read."""

    @property
    def leaves(self) -> Iterator[Leaf]:
        """Every part, what is to be read first."""
        return chain(self.texts, self.files)


def parse(raw: bytes | memoryview) -> Mail:
    """Take a mail apart. Never fails, whatever the bytes; time and memory grow with their length only."""
    anatomy = _Anatomy(_with_lines(bytes(raw)))
    root = anatomy.part(0, len(anatomy.raw), is_root=True)
    texts, files = _sorted(root)
    texts = texts or [leaf for leaf in files if leaf.is_text and leaf.disposition != "attachment"][:1]
    return Mail(
        headers=root.head,
        media_type=root.media_type,
        parameters=root.parameters,
        texts=texts,
        files=files,
        leaf_types=frozenset([leaf.media_type for leaf in (*texts, *files)]),
        defects=tuple(anatomy.defects),
        is_cut=anatomy.is_cut,
    )


def _with_lines(raw: bytes) -> bytes:
    """Give headers that end in lone or doubled carriage returns, as some systems write them, the line ends that they mean."""
    end = blank_line(raw, 0, len(raw))
    head = raw[: end if end >= 0 else MAX_HEAD]
    if b"\r\r\n" in head:
        return raw.replace(b"\r\r\n", b"\r\n")
    if head.count(b"\r") == head.count(b"\r\n"):
        return raw
    if b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    return _LONE_RETURN.sub(b"\n", head) + raw[len(head) :]


def _whole_headers(block: bytes) -> bytes:
    """Leave out the header that the end of a block cuts, unless the cut is where nobody reads any more."""
    at = block.rfind(b"\n")
    while at >= 0 and block[at + 1 : at + 2] in b" \t":
        at = block.rfind(b"\n", 0, at)
    return block if len(block) - at > 2 * headers.MAX_VALUE else block[: max(0, at)]


def blank_line(raw: bytes, start: int, end: int) -> int:
    """Find the end of the first empty line, or -1."""
    found = raw.find(b"\n\r\n", start, end)
    other = raw.find(b"\n\n", start, found if found >= 0 else end)
    if other >= 0:
        return other + 2
    return found + 3 if found >= 0 else -1


@dataclass(slots=True)
class _Part:
    """A part under way: its headers, where its body is, and its children if it was opened."""

    head: Headers
    body: memoryview
    media_type: str
    parameters: dict[str, str]
    is_root: bool
    children: list[_Part] = field(default_factory=list)

    def leaf(self) -> Leaf:
        """A container that was not opened has to be read as the text that it looks like."""
        media_type = "text/plain" if self.media_type.startswith("multipart/") else self.media_type
        return Leaf(self.head, media_type, self.parameters, self.body)


class _Anatomy:
    """One mail being taken apart. Counts what costs time, so that only so much of it is done."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.view = memoryview(raw)
        self.containers = self.boundaries = self.leaves = 0
        self.defects: dict[str, None] = {}
        self.is_cut = False

    def part(self, start: int, end: int, default: str = "text/plain", *, is_root: bool = False) -> _Part:
        """Read one part and all that it contains."""
        head, start = self.head(start, end)
        declared, parameters = headers.parameters(head.raw("content-type"))
        media_type = declared if _MEDIA_TYPE.fullmatch(declared) else "text/plain" if declared else default
        part = _Part(head, self.view[start:end], media_type, parameters, is_root)
        if media_type.startswith("multipart/") and self.opens_another():
            part.children = self.opened(part, start, end)
        if not part.children:
            self.leaves += 1
        return part

    def opens_another(self) -> bool:
        self.containers += 1
        self.is_cut = self.is_cut or self.containers > MAX_CONTAINERS
        return self.containers <= MAX_CONTAINERS

    # --- headers ----------------------------------------------------------------------------------------------------

    def head(self, start: int, end: int) -> tuple[Headers, int]:
        """Read the headers of a part; tell where its body starts."""
        if self.raw[start : start + 1] in (b"\n", b"\r"):
            return Headers(()), start + (2 if self.raw[start : start + 2] == b"\r\n" else 1)
        blank = blank_line(self.raw, start, end)
        stop = blank if blank >= 0 else end
        block = self.raw[start:stop] if stop - start <= MAX_HEAD else self.shortened(start, stop)
        text = block.decode("ascii", "surrogateescape")
        items, at = _fields(text)
        if at < len(text) and text[at] not in "\r\n" and len(text) == stop - start:
            self.defects["no_blank_line"] = None
            if start or (mended := _mended(text)) == text:
                return Headers(items), start + at
            items, _ = _fields(mended)
        return Headers(items), stop

    def shortened(self, start: int, stop: int) -> bytes:
        """The beginning and the end of a long header block: where transports write, and where senders do."""
        self.is_cut = True
        end = self.raw[stop - MAX_HEAD // 2 : stop]
        return _whole_headers(self.raw[start : start + MAX_HEAD // 2]) + b"\n" + end.partition(b"\n")[2]

    # --- containers -------------------------------------------------------------------------------------------------

    def opened(self, part: _Part, start: int, end: int) -> list[_Part]:
        """Open a container by its boundary or, when that is not found, by the first line that looks like one."""
        boundary = part.parameters.get("boundary", "").rstrip() or headers.parameter(part.parameters, "boundary")
        found = self.between(part, headers.octets(boundary), start, end) if boundary else []
        if found:
            return found
        self.defects["boundary_not_found" if boundary else "no_boundary"] = None
        first = _FIRST_BOUNDARY.search(self.raw, max(0, start - 1), end)
        return self.between(part, first[1], start, end) if first else []

    def between(self, part: _Part, boundary: bytes, start: int, end: int) -> list[_Part]:
        """Read the parts between the boundaries. What follows a closing boundary is no part, until another one opens."""
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        spans: list[tuple[int, int]] = []
        begin = -1
        for stop, go_on, closes in self.delimiters(b"--" + boundary, start, end):
            if begin >= 0:
                spans.append((begin, max(begin, stop)))
            begin = -1 if closes else go_on
        if begin >= 0:
            self.defects["not_closed"] = None
            spans.append((begin, end))
        return [self.part(*span, default) for span in spans if self.has_room()]

    def has_room(self) -> bool:
        self.is_cut = self.is_cut or self.leaves >= MAX_LEAVES
        return self.leaves < MAX_LEAVES

    def delimiters(self, mark: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Find the lines that are a boundary: where what is before them ends, where what is after begins, whether it closes."""
        raw, at = self.raw, start
        while (found := raw.find(mark, at, end)) >= 0:
            self.boundaries += 1
            if self.boundaries > MAX_BOUNDARIES:
                self.is_cut = True
                return
            at = found + len(mark)
            rest = _AFTER_BOUNDARY.match(raw, at, end)
            if rest and (found == start or raw[found - 1] in b"\r\n"):
                yield found - _line_end(raw, found), rest.end(), bool(rest[1])
                at = rest.end()


def _line_end(raw: bytes, at: int) -> int:
    """Count the octets of the line end right before."""
    if raw[at - 2 : at] == b"\r\n":
        return 2
    return 1 if at else 0


def _fields(text: str) -> tuple[list[tuple[str, str]], int]:
    """Read fields from the top; tell where the first line is that belongs to none."""
    items: list[tuple[str, str]] = []
    at = 0
    while True:
        if found := _FIELD.match(text, at):
            items.append((found[1], found[2]))
        elif not (found := _PASSED_OVER.match(text, at)):
            return items, at
        at = found.end()


def _mended(head: str) -> str:
    """Make stray lines among the headers what they were before some relay lost the blank in front: folded lines."""
    spaced = _SPACED_COLON.sub(r"\1:", head)
    stray = _STRAY.search(spaced)
    if stray and not _KNOWN_HEADER.search(spaced, stray.start()):
        return head
    return _STRAY.sub(" ", spaced)


def _sorted(part: _Part) -> tuple[list[Leaf], list[Leaf]]:
    """Separate what is to be read from the files, below one part."""
    if not part.children:
        leaf = part.leaf()
        return ([leaf], []) if _is_body(part, leaf) else ([], [leaf])
    children = [_sorted(child) for child in part.children]
    files = list(chain.from_iterable(files for _, files in children))
    texts = [texts for texts, _ in children if texts]
    if part.media_type == "multipart/alternative":
        return _chosen(texts), files
    return list(chain.from_iterable(texts)), files


def _is_body(part: _Part, leaf: Leaf) -> bool:
    """A named text is a file, unless it is all there is; what is declared an attachment is one."""
    return leaf.is_text and leaf.disposition != "attachment" and (part.is_root or not leaf.has_name)


def _chosen(alternatives: list[list[Leaf]]) -> list[Leaf]:
    """Of alternatives, take plain text if it says anything, else the last, which is the richest (RFC 2046)."""
    for texts in alternatives:
        if all(leaf.media_type != HTML for leaf in texts) and any(leaf.says_something for leaf in texts):
            texts[0].richer = next((leaf for leaf in alternatives[-1] if leaf.media_type == HTML), None)
            return texts
    return alternatives[-1] if alternatives else []


def headers_of(leaf: Leaf) -> Headers:
    """Read the headers of an enclosed mail."""
    content = bytes(leaf.octets[: headers.MAX_VALUE]).lstrip(b"\r\n")
    return _Anatomy(content).head(0, len(content))[0]


def charset(leaf: Leaf) -> str:
    """The declared charset of a text part, also when the header is badly punctuated; or empty."""
    if declared := leaf.parameters.get("charset", "") or headers.parameter(leaf.parameters, "charset"):
        return declared
    found = _CHARSET.search(leaf.headers.raw("content-type"))
    return found[1] if found else ""


def _transferred(encoding: str, body: memoryview) -> bytes:
    """Undo a transfer encoding. What is plainly not in it stays as it is."""
    if encoding == "base64" and _may_be_base64(bytes(body[:_SAMPLE])):
        return headers.base64_octets(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in _UUENCODE:
        return b"".join(_uudecoded(bytes(body)))
    return bytes(body)


def _may_be_base64(sample: bytes) -> bool:
    """Tell base64 from text that only claims to be: by other characters, by the blanks between its words, by its length."""
    if len(sample) <= _LINE and _is_word(sample.strip()):
        return False
    if len(sample.translate(None, _IN_BASE64)) * 10 > len(sample):
        return False
    apart = len(_WORDS_APART.findall(sample)) if b" " in sample else 0
    return apart < _FEW or apart * 20 < len(sample)


def _is_word(line: bytes) -> bool:
    """Whether one line has a length that no base64 has, padded or not, and nothing readable is in it: a word, such as "Hello"."""
    digits = line.rstrip(b"=")
    if len(digits) % 4 != 1 or len(line.split()) != 1:
        return False
    try:
        binascii.a2b_base64(digits[:-1]).decode("utf-8")
    except ValueError:
        return True
    return False


def _uudecoded(content: bytes) -> Iterator[bytes]:
    _, _, lines = content.partition(b"begin ")
    for line in lines.splitlines()[1:]:
        if line.startswith((b"end", b"`")):
            return
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            yield binascii.a2b_uu(line[: length + 1])
        except binascii.Error:
            continue
