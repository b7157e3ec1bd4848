"""The parts of a mail: which of them say something, and which came along as files.

The standard library's parser (policy ``compat32``, its default) finds the structure. It is kept from what makes it slow, and
from what makes it raise: enclosed mails stay whole, containers are counted, boundaries and types are read by our own code.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.feedparser import BytesFeedParser
from email.message import Message as Entity
from functools import cached_property
from itertools import chain, islice
from typing import Any

from functions.email import headers
from functions.email.headers import Headers

MAX_LINES = 1_000_000
"""40 MB of base64, the most that SES delivers, are half of that. Of a mail with more, the first megabyte is read."""
MAX_CONTAINERS = 30
"""Multiparts in one mail that are opened. The parser tries each line against every open one: 1 MB nested 300 deep took 10 s."""
MAX_BOUNDARIES = 5_000
"""Lines that may be boundaries; a mail with more is read up to there. Each part costs the parser some 30 µs."""
MAX_LEAVES = 1_000
"""Parts looked at; the rest is only noted to be there."""

_PLAIN = frozenset({"text/plain", "text/enriched", "text/richtext", "text/markdown"})
HTML = "text/html"

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_FIRST_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,150}?|-[^\r\n]{1,150}?)[ \t]*\r?\n(?:[!-9;-~]{1,60}:|\r?\n)", re.MULTILINE)
_HEADERS = re.compile(rb"(?:[^\r\n]+(?:\r?\n|\Z))+")
_KNOWN_HEADER = re.compile(
    rb"^(?:(?:from|to|subject|date|message-id|mime-version|content-type|received|references)[ \t]*:|(?:boundary|charset)=)",
    re.IGNORECASE | re.MULTILINE,
)
_STRAY = re.compile(rb"^(?![!-9;-~]+:|[ \t]|From )(?=.)", re.MULTILINE)
_SPACED_COLON = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_IN_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that contains no others. ``content`` has its transfer encoding undone; names are still encoded."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    content: bytes

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
    defects: tuple[str, ...] = ()
    is_cut: bool = False
    """Whether there were more lines or parts than are read."""

    @property
    def leaves(self) -> Iterator[Leaf]:
        """Every part, what is to be read first."""
        return chain(self.texts, self.files)


def parse(raw: bytes) -> Mail:
    """Take a mail apart. Never fails, whatever the bytes; time and memory grow with their length only."""
    whole, raw = raw, _bounded(raw)
    root, tree = _parsed(raw)
    mended = _mended(raw) if "MissingHeaderBodySeparatorDefect" in tree.defects() else raw
    if mended != raw:
        root, tree = _parsed(mended)
    if root.is_container and not root.is_multipart() and (found := _FIRST_BOUNDARY.search(root.octets())):
        root, tree = _parsed(mended, found[1].decode("ascii", "surrogateescape"))
    texts, files = _sorted(root)
    texts = texts or [leaf for leaf in files if leaf.is_text and leaf.disposition != "attachment"][:1]
    return Mail(
        headers=root.head,
        media_type=root.media_type,
        parameters=root.parameters,
        texts=list(islice(texts, MAX_LEAVES)),
        files=list(islice(files, MAX_LEAVES)),
        defects=tuple(dict.fromkeys(tree.defects())),
        is_cut=len(raw) < len(whole) or tree.is_cut or len(texts) + len(files) > MAX_LEAVES,
    )


def _bounded(raw: bytes) -> bytes:
    """Cut what would take the parser too long."""
    if raw.count(b"\n") > MAX_LINES:
        raw = raw[:MAX_LINES]
    if raw.count(b"\n--") > MAX_BOUNDARIES:
        raw = raw[: next(islice(re.finditer(rb"\n--", raw), MAX_BOUNDARIES, None)).start()]
    return raw


class _Part(Entity):
    """The library's message, with our reading of its headers. To the parser, an embedded mail is a leaf."""

    tree: _Tree

    @cached_property
    def head(self) -> Headers:
        return Headers(self.raw_items())

    @cached_property
    def content_type(self) -> tuple[str, dict[str, str]]:
        return headers.parameters(self.head.raw("content-type"))

    @property
    def parameters(self) -> dict[str, str]:
        return self.content_type[1]

    @cached_property
    def media_type(self) -> str:
        declared = self.content_type[0]
        if not declared:
            return self.get_default_type()
        return declared if _MEDIA_TYPE.fullmatch(declared) else "text/plain"

    @cached_property
    def is_container(self) -> bool:
        return self.media_type.startswith("multipart/") and self.tree.opens_another()

    def get_content_type(self) -> str:
        return self.media_type if self.is_container else "application/octet-stream"

    def get_boundary(self, failobj: Any = None) -> Any:
        if self.tree.root is self and self.tree.boundary:
            return self.tree.boundary
        return self.parameters.get("boundary", "").rstrip() or headers.parameter(self.parameters, "boundary") or failobj

    def children(self) -> list[_Part]:
        """The parts of an opened container."""
        payload = self.get_payload()
        return [child for child in payload if isinstance(child, _Part)] if isinstance(payload, list) else []

    def octets(self) -> bytes:
        """The body as it was sent: with no encoding named, the library gives the bytes back untouched."""
        del self["content-transfer-encoding"]
        payload = self.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""

    def leaf(self) -> Leaf:
        disposition, parameters = headers.parameters(self.head.raw("content-disposition"))
        return Leaf(
            headers=self.head,
            media_type=_leaf_type(self.media_type),
            parameters=self.parameters,
            disposition=disposition,
            disposition_parameters=parameters,
            content=_transferred(self.head.token("content-transfer-encoding"), self.octets()),
        )


class _Tree:
    """One parse: makes the parts, and counts the containers so that only so many are opened."""

    def __init__(self, boundary: str = "") -> None:
        self.boundary = boundary
        self.parts: list[_Part] = []
        self.opened = 0
        self.is_cut = False

    def part(self, **_policy: object) -> _Part:
        """Make a part, when the parser wants one."""
        part = _Part()
        part.tree = self
        self.parts.append(part)
        return part

    @property
    def root(self) -> _Part:
        """The first part but one: the parser makes one to see whether it can."""
        return self.parts[1]

    def opens_another(self) -> bool:
        self.opened += 1
        self.is_cut = self.is_cut or self.opened > MAX_CONTAINERS
        return self.opened <= MAX_CONTAINERS

    def defects(self) -> Iterator[str]:
        """What the parser complained about, by class name."""
        return (type(defect).__name__ for part in self.parts for defect in part.defects)


def _parsed(raw: bytes, boundary: str = "") -> tuple[_Part, _Tree]:
    tree = _Tree(boundary)
    parser: BytesFeedParser[_Part] = BytesFeedParser(tree.part)
    parser.feed(raw)
    return parser.close(), tree


def _mended(raw: bytes) -> bytes:
    """Make stray lines among the headers what they were before some relay lost the blank in front: folded lines."""
    head = _HEADERS.match(raw)
    if not head:
        return raw
    spaced = _SPACED_COLON.sub(rb"\1:", head[0])
    stray = _STRAY.search(spaced)
    if stray and not _KNOWN_HEADER.search(spaced, stray.start()):
        return raw
    return _STRAY.sub(b" ", spaced) + raw[head.end() :]


def _sorted(part: _Part) -> tuple[list[Leaf], list[Leaf]]:
    """Separate what is to be read from the files, below one part."""
    if not part.is_multipart():
        leaf = part.leaf()
        return ([leaf], []) if _is_body(part, leaf) else ([], [leaf])
    children = [_sorted(child) for child in part.children()]
    files = list(chain.from_iterable(files for _, files in children))
    texts = [texts for texts, _ in children if texts]
    if part.media_type == "multipart/alternative":
        return _chosen(texts), files
    return list(chain.from_iterable(texts)), files


def _is_body(part: _Part, leaf: Leaf) -> bool:
    """A named text is a file, unless it is all there is; what is declared an attachment is one."""
    return leaf.is_text and leaf.disposition != "attachment" and (part.tree.root is part or not leaf.has_name)


def _chosen(alternatives: list[list[Leaf]]) -> list[Leaf]:
    """Of alternatives, take plain text if it says anything, else the last, which is the richest (RFC 2046)."""
    for texts in alternatives:
        if all(leaf.media_type != HTML for leaf in texts) and any(leaf.content.strip() for leaf in texts):
            return texts
    return alternatives[-1] if alternatives else []


def _leaf_type(media_type: str) -> str:
    """A container that was not opened has to be read as the text that it looks like."""
    return "text/plain" if media_type.startswith("multipart/") else media_type


def headers_of(leaf: Leaf) -> Headers:
    """Read the headers of an enclosed mail."""
    head, _, _ = leaf.content[: headers.MAX_VALUE].replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    return _parsed(head + b"\n\n")[0].head


def charset(leaf: Leaf) -> str:
    """The declared charset of a text part, also when the header is badly punctuated; or empty."""
    if declared := headers.parameter(leaf.parameters, "charset"):
        return declared
    found = _CHARSET.search(leaf.headers.raw("content-type"))
    return found[1] if found else ""


def _transferred(encoding: str, content: bytes) -> bytes:
    """Undo a transfer encoding. What is plainly not in it stays as it is."""
    if encoding == "base64":
        stray = len(content.translate(None, _IN_BASE64))
        return content if stray * 10 > len(content) else headers.base64_octets(content)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return b"".join(_uudecoded(content))
    return content


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
