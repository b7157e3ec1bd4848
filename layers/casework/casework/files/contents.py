"""What a text-like file says: its beginning, as text that can be redacted and read without opening the file."""

from __future__ import annotations

import binascii
import codecs
import re

from casework import charsets
from casework.redaction.cuts import REACH, cut

MAX_TEXT = 4_000
_MAX_OCTETS = 65_536
"""Octets of a file that are looked at: a page may begin with a long style sheet."""

_TYPES = re.compile(
    r"text/.+|message/rfc822|application/(?:json|xml|x-ndjson|csv|ics|x-www-form-urlencoded)|[^/]+/[^/]+\+(?:json|xml)"
)
_NAMES = re.compile(r"\.(?:txt|csv|tsv|log|jsonl?|xml|md|ics|vcf|eml|html?|ya?ml|ini|conf)\s*$", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_TOLD = re.compile(rb"^(?:From|Reply-To|Return-Path|To|Date|Subject):[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(rb"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?\s]*)\?=(?:\s+(?==\?))?")
_PART = re.compile(rb"^--[^\r\n]{1,200}\r?\n", re.MULTILINE)
_PLAIN_TYPE = re.compile(rb"^content-type:[ \t]*text/plain", re.IGNORECASE | re.MULTILINE)
_ENCODING = re.compile(rb"^content-transfer-encoding:[ \t]*([\w-]+)", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_HALF = "\ufffd"
"""What is left of a character that the octets end in: behind it nobody would see that a word is cut."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text(name: str, declared: str, detected: str, content: bytes | memoryview) -> str:
    """Read the first ``MAX_TEXT`` characters of a text, a table, a page, a calendar or a mail; empty for everything else."""
    if not _is_text(name, declared.lower(), detected):
        return ""
    goes_on = len(content) > _MAX_OCTETS
    said = _said(declared, detected, bytes(content[:_MAX_OCTETS]))
    whole = said.rstrip(_HALF) if goes_on else said
    return cut(cut(whole, len(whole), goes_on=goes_on), MAX_TEXT)


def _said(declared: str, detected: str, head: bytes) -> str:
    if detected == "message/rfc822":
        return _mail(head)
    return _page(head) if detected == "text/html" else _lines(_decoded(head, declared))


def _is_text(name: str, declared: str, detected: str) -> bool:
    """Whether the bytes read as text, and somebody says that they are meant to: the type, the name or the bytes themselves."""
    if detected != "text/plain":
        return bool(_TYPES.fullmatch(detected))
    return bool(_TYPES.fullmatch(declared) or _NAMES.search(name)) or not declared or declared == "application/octet-stream"


def _lines(found: str) -> str:
    return (_LINE_END.sub("\n", found) if "\r" in found else found).strip()


def _decoded(content: bytes, declared: str = "") -> str:
    """Decode what may have been cut inside a character, which is then left out."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return charsets.decode(content.removeprefix(codecs.BOM_UTF8), codec)[0]
    if len(content) >= _MAX_OCTETS:
        content = content[: content.rfind(b"\n") + 1] or content
    label = _CHARSET.search(declared.encode("utf-8", "replace"))
    return charsets.decode(content, label[1].decode("ascii", "replace") if label else "")[0]


def _page(head: bytes) -> str:
    from casework import html_text  # most files are none

    label = _CHARSET.search(head[:2_048])
    page = charsets.decode(head, label[1].decode("ascii", "replace") if label else "")[0]
    return html_text.read(page, MAX_TEXT + REACH).text


def _mail(content: bytes) -> str:
    """Read the headers that a person looks at, and the first plain text."""
    split = _BLANK_LINE.split(content, 1)
    headers = _FOLD.sub(b" ", split[0])
    told = "\n".join(_header(found) for found in _TOLD.findall(headers))
    body = _plain(headers, split[1]) if len(split) > 1 else ""
    return f"{told}\n\n{_lines(body)}".strip()


def _header(line: bytes) -> str:
    """Decode encoded words, each for itself, and raw characters in between."""
    pieces, at = [], 0
    for word in _WORD.finditer(line):
        pieces.append(charsets.decode(line[at : word.start()])[0])
        octets = _from_base64(word[3]) if word[2] in b"bB" else binascii.a2b_qp(word[3], header=True)
        pieces.append(charsets.decode(octets, word[1].decode("ascii", "replace"))[0])
        at = word.end()
    return "".join((*pieces, charsets.decode(line[at:])[0]))


def _plain(headers: bytes, body: bytes) -> str:
    for part in _PART.split(body) if b"multipart/" in headers.lower() else ():
        split = _BLANK_LINE.split(part, 1)
        if len(split) > 1 and _PLAIN_TYPE.search(split[0]):
            return _transferred(_FOLD.sub(b" ", split[0]), split[1])
    return _transferred(headers, body)


def _transferred(headers: bytes, body: bytes) -> str:
    encoding = _ENCODING.search(headers)
    kind = encoding[1].lower() if encoding else b""
    body = _from_base64(body) if kind == b"base64" else binascii.a2b_qp(body) if kind == b"quoted-printable" else body
    label = _CHARSET.search(headers)
    return charsets.decode(body, label[1].decode("ascii", "replace") if label else "")[0]


def _from_base64(content: bytes) -> bytes:
    digits = _NOT_BASE64.sub(b"", content)
    return binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"==")
