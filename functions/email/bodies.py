"""What a mail says: its text parts as one text, however they are encoded, marked up and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from casework.message import Decoding
from functions.email import charsets, headers, parts, reply
from functions.email.parts import HTML, Leaf, Mail

MAX_TEXT = 100_000
"""Characters kept of the text, and of the history."""
MAX_ENCLOSED = 5
"""Enclosed mails whose text is read, one level deep."""
MAX_OCTETS = 2_000_000
"""More of one text part than this is not decoded."""

_LINE_END = re.compile(r"\r\n?")
_MIN_CUT = 4_096


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says: ``text`` now, ``history`` before."""

    text: str
    history: str
    decodings: tuple[Decoding, ...]
    is_cut: bool
    link_differs: bool


def read(mail: Mail) -> Said:
    """Read a mail's texts. What enclosed mails say is history; only if there is nothing else is it what the sender says."""
    body = _Body()
    body.add(mail.texts)
    text, history = reply.split(body.text)
    enclosed = _Body()
    for leaf in [leaf for leaf in mail.files if leaf.is_mail][:MAX_ENCLOSED]:
        enclosed.add_mail(parts.parse(leaf.content))
    history = "\n\n".join(filter(None, (history, enclosed.text)))
    if not text:
        text, history = history, ""
    return Said(
        text=text[:MAX_TEXT],
        history=history[:MAX_TEXT],
        decodings=(*body.decodings, *enclosed.decodings),
        is_cut=body.is_cut or enclosed.is_cut or len(history) > MAX_TEXT,
        link_differs=body.link_differs or enclosed.link_differs,
    )


@dataclass(slots=True)
class _Body:
    """Text under way."""

    pieces: list[str] = field(default_factory=list)
    decodings: list[Decoding] = field(default_factory=list)
    is_cut: bool = False
    link_differs: bool = False
    seen: set[str] = field(default_factory=set)
    size: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(self.pieces)[:MAX_TEXT]

    def add(self, leaves: Iterable[Leaf]) -> None:
        """Read parts while there is room. One that repeats another, as HTML beside its plain text does, is left out."""
        for leaf in leaves:
            if self.size > MAX_TEXT:
                self.is_cut = True
                return
            self.take(self.read(leaf).strip("\n").rstrip())

    def add_mail(self, mail: Mail) -> None:
        """Read an enclosed mail: its subject and its texts."""
        subject, decodings = headers.decoded(mail.headers.raw("subject"))
        self.decodings += decodings
        self.take(subject)
        self.add(mail.texts)

    def take(self, text: str) -> None:
        gist = "".join(text.split())
        if gist and gist not in self.seen:
            self.seen.add(gist)
            self.pieces.append(text)
            self.size += len(text)
            self.is_cut = self.is_cut or self.size > MAX_TEXT

    def read(self, leaf: Leaf) -> str:
        content = leaf.content
        if len(content) > MAX_OCTETS:
            content, self.is_cut = _cut(content), True
        text, decoding = charsets.decode(content, parts.charset(leaf))
        self.decodings.append(decoding)
        if leaf.media_type == HTML:
            return self.readable(text)
        text = _LINE_END.sub("\n", text) if "\r" in text else text
        return _reflowed(text, leaf.parameters) if leaf.parameters.get("format", "").lower() == "flowed" else text

    def readable(self, page: str) -> str:
        from functions.email import html_text  # most mails have plain text

        found = html_text.read(page, MAX_TEXT)
        self.link_differs = self.link_differs or found.link_differs
        return found.text


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
