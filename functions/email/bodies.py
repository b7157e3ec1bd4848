"""What a mail says: its text parts as one text, however they are encoded, marked up and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from casework import charsets
from casework.message import Decoding
from casework.redaction.cuts import REACH, cut
from functions.email import headers, parts, reply
from functions.email.parts import HTML, Leaf, Mail

MAX_TEXT = 100_000
"""Characters kept of the text, and of the history."""
MAX_ENCLOSED = 5
"""Enclosed mails whose text is read, one level deep."""
MAX_OCTETS = 2_000_000
"""More of one text part than this is not decoded."""

_STUB = 300
"""Characters: a plain text this short may stand for a page that says much more."""
_PAGE = 3_000
_RICHER = 3
_SAMPLES = 12
_FEW = 4
_WORD = re.compile(r"\w{4,}")
_SAMPLE_LENGTH = 4

_MIN_CUT = 4_096


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says: ``text`` now, ``history`` before."""

    text: str
    history: str
    decodings: tuple[Decoding, ...]
    is_cut: bool
    link_differs: bool
    alternatives_differ: bool
    """Whether a plain text says other things than the page beside it, which is what most people see."""
    nothing_new: bool = False
    """Whether there is nothing but other mail in the text: quoted, introduced and signed, and not one line more."""


def read(mail: Mail) -> Said:
    """Read a mail's texts. What enclosed mails say is history; only if there is nothing else is it what the sender says.

    So is a text of nothing but quoted mail: whoever reads the case must see it, and that nothing in it is new.
    """
    body = _Body()
    body.add(mail.texts)
    text, history = reply.split(body.text)
    nothing_new = bool(history) and not text
    if nothing_new:
        text, history = history, ""
    enclosed = _enclosed(mail.files)
    history = "\n\n".join(filter(None, (history, enclosed.text)))
    if not text:
        text, history = history, ""
    return Said(
        text=cut(text, MAX_TEXT),
        history=cut(history, MAX_TEXT),
        decodings=(*body.decodings, *enclosed.decodings),
        is_cut=body.is_cut or enclosed.is_cut or len(history) > MAX_TEXT,
        link_differs=body.link_differs or enclosed.link_differs,
        alternatives_differ=body.alternatives_differ,
        nothing_new=nothing_new,
    )


def _enclosed(files: Iterable[Leaf]) -> _Body:
    mails = [leaf for leaf in files if leaf.is_mail][:MAX_ENCLOSED]
    body = _Body() if mails else _NOTHING
    for leaf in mails:
        body.add_mail(parts.parse(leaf.octets))
    return body


@dataclass(slots=True)
class _Body:
    """Text under way."""

    pieces: list[str] = field(default_factory=list)
    decodings: list[Decoding] = field(default_factory=list)
    is_cut: bool = False
    link_differs: bool = False
    alternatives_differ: bool = False
    seen: set[str] = field(default_factory=set)
    size: int = 0

    @property
    def text(self) -> str:
        return cut("\n\n".join(self.pieces), MAX_TEXT)

    def add(self, leaves: Iterable[Leaf]) -> None:
        """Read parts while there is room. One that repeats another, as HTML beside its plain text does, is left out."""
        for leaf in leaves:
            if self.size > MAX_TEXT + REACH:
                self.is_cut = True
                return
            for text in self.alternatives(leaf):
                self.take(text.strip("\n").rstrip())

    def add_mail(self, mail: Mail) -> None:
        """Read an enclosed mail: its subject and its texts."""
        subject, decodings = headers.decoded(mail.headers.raw("subject"))
        self.decodings += decodings
        self.take(cut(subject, MAX_TEXT, goes_on=mail.headers.is_cut("subject")))
        self.add(mail.texts)

    def take(self, text: str) -> None:
        """Add a text, unless there is one with the same words. The only one of a mail is compared with none."""
        if not text or text.isspace() or (self.pieces and self.is_known("".join(text.split()))):
            return
        self.pieces.append(text)
        self.size += len(text)
        self.is_cut = self.is_cut or self.size > MAX_TEXT

    def is_known(self, gist: str) -> bool:
        if len(self.pieces) == 1:
            self.seen.add("".join(self.pieces[0].split()))
        is_known = gist in self.seen
        self.seen.add(gist)
        return is_known

    def alternatives(self, leaf: Leaf) -> Iterator[str]:
        """Read a part, and the page that goes with it when a person sees other things there than the plain text says.

        A plain text that only says that there is a page gives way to it; one that says something else stands before it.
        """
        text = self.read(leaf)
        is_short = len(text) <= _STUB
        if leaf.richer is None or not (_differs(text, leaf.richer) or (is_short and len(leaf.richer.body) > _PAGE)):
            yield text
            return
        page = self.read(leaf.richer)
        if is_short and len(page) > len(text) * _RICHER:
            yield page
        elif is_short:
            yield text
        else:
            self.alternatives_differ = True
            yield from (text, page)

    def read(self, leaf: Leaf) -> str:
        content = leaf.beginning(MAX_OCTETS + 1)
        if len(content) <= MAX_OCTETS:
            return self.decoded(leaf, content)
        self.is_cut = True
        text = self.decoded(leaf, _cut(content))
        return cut(text, len(text), goes_on=True)

    def decoded(self, leaf: Leaf, content: bytes) -> str:
        text, decoding = charsets.decode(content, parts.charset(leaf))
        self.decodings.append(decoding)
        if leaf.media_type == HTML:
            return self.readable(text)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return _reflowed(text, leaf.parameters) if leaf.parameters.get("format", "").lower() == "flowed" else text

    def readable(self, page: str) -> str:
        from casework import html_text  # most mails have plain text

        found = html_text.read(page, MAX_TEXT + REACH)
        self.link_differs = self.link_differs or found.link_differs
        return found.text


def _differs(text: str, richer: Leaf) -> bool:
    """Whether half of some words of a plain text are not in the page beside it, or there are hardly any to look for.

    The page is searched as it is, without being read: that costs little, and pages of honest clients have the words whole.
    """
    words = _WORD.findall(text)
    if len(words) < _FEW:
        return len(richer.body) > _STUB
    page = charsets.decode(richer.beginning(MAX_OCTETS), parts.charset(richer))[0]
    if "&#" in page:
        from html import unescape  # hardly any page writes its letters as numbers

        page = unescape(page)
    samples = [word[:_SAMPLE_LENGTH] for word in words[:: max(1, len(words) // _SAMPLES)]]
    return sum(sample not in page for sample in samples) * 2 > len(samples)


_NOTHING = _Body()


def _cut(content: bytes) -> bytes:
    """Cut at the end of a line, if there is one near: not inside a character."""
    end = content.rfind(b"\n", MAX_OCTETS - _MIN_CUT, MAX_OCTETS)
    return content[: end + 1] if end >= 0 else content[:MAX_OCTETS]


def _reflowed(text: str, parameters: dict[str, str]) -> str:
    """Join the lines that the sender's client only wrapped (RFC 3676); with ``DelSp`` the joint leaves no blank."""
    joint = "" if parameters.get("delsp", "").lower() == "yes" else " "
    paragraphs: list[tuple[str, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        content = line.lstrip(">")
        quote = line[: len(line) - len(content)]
        content = content.removeprefix(" ")
        if not is_open or paragraphs[-1][0] != quote:
            paragraphs.append((quote, []))
        is_open = content.endswith(" ") and content != "-- "
        paragraphs[-1][1].append(content[:-1] if is_open else content)
    return "\n".join(f"{quote} {joint.join(lines)}" if quote else joint.join(lines) for quote, lines in paragraphs)
