"""What a file is by its bytes: signatures at fixed places, and the names of members that a container shows without being opened.

Signatures are those of the formats' own specifications, as libmagic and the IANA registrations list them.
"""

from __future__ import annotations

import re

_HEAD = 4_096
_TAIL = 1_048_576
"""Octets looked at from the end, where a ZIP keeps its directory."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"PK\x07\x08", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (2, b"-lh", "application/x-lzh-compressed"),
    (7, b"**ACE**", "application/x-ace-compressed"),
    (0, b"\x60\xea", "application/x-arj"),
    (0x8001, b"CD001", "application/x-iso9660-image"),
    (0, b"vhdxfile", "application/x-vhd"),
    (0, b"conectix", "application/x-vhd"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (0, b"dex\n", "application/vnd.android.dex"),
    (0, b"\x00asm", "application/wasm"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"ITSF\x03\x00\x00\x00", "application/vnd.ms-htmlhelp"),
    (0, b"#!", "text/x-shellscript"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"BM", "image/bmp"),
    (0, b"%!PS", "application/postscript"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
"""Where, what, and which type it shows; the more particular first."""
_IN_RIFF = frozenset({"image/webp", "audio/wav", "video/x-msvideo"})
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (b"word/document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
)
_STORED_TYPE = re.compile(rb"PK\x03\x04.{26}mimetype(application/[a-z0-9.+-]{1,100})", re.DOTALL)
_INSTALLER = b"\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
_STREAMS = tuple(
    (re.compile(re.escape(mark)), kind)
    for mark, kind in (
        (_INSTALLER, "application/x-msi"),
        ("__substg1.0_".encode("utf-16-le"), "application/vnd.ms-outlook"),
        ("WordDocument".encode("utf-16-le"), "application/msword"),
        ("Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
        ("PowerPoint Document".encode("utf-16-le"), "application/vnd.ms-powerpoint"),
        ("EncryptedPackage".encode("utf-16-le"), "application/encrypted"),
    )
)

_MARKUP = re.compile(
    rb"(?:\s|<!--.{0,1000}?-->|<\?xml.{0,200}?\?>)*+<(?:(?P<html>!doctype\s+html|html|head|body|script|table|iframe)|(?P<svg>svg|!doctype\s+svg))\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<\?xml\b")
_CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)
_CARD = re.compile(rb"\s*BEGIN:VCARD", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:(?:Return-Path|Received|Delivered-To|From|To|Subject|Date|Message-ID|MIME-Version|X-[\w-]{1,60}"
    rb"|DKIM-Signature|ARC-[\w-]{1,60}|Authentication-Results|Content-Type|Reply-To|Cc|Sender):[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"

_PROGRAMS = frozenset(
    (
        *("application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-mach-binary", "application/x-msi"),
        *("application/vnd.android.dex", "application/wasm", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp"),
        *("text/x-shellscript", "application/java-archive", "application/vnd.android.package-archive"),
    )
)
_ARCHIVES = frozenset(
    (
        *("application/zip", "application/gzip", "application/x-bzip2", "application/x-xz", "application/zstd"),
        *("application/x-7z-compressed", "application/vnd.rar", "application/x-tar", "application/vnd.ms-cab-compressed"),
        *("application/x-lzh-compressed", "application/x-ace-compressed", "application/x-arj"),
        *("application/x-iso9660-image", "application/x-vhd"),
    )
)
_PASSIVE = frozenset({"application/pdf", "application/json", "application/ms-tnef", "application/postscript", "message/rfc822"})
_PAGES = frozenset({"text/html", "image/svg+xml"})
_SCRIPT = re.compile(rb"<script\b|javascript:|\son(?:load|error|click|mouseover)\s*=", re.IGNORECASE)
_ACTIONS = re.compile(rb"/(?:JavaScript|JS|Launch)\b")
_MACRO_STREAMS = re.compile(b"|".join(map(re.escape, ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le")))))


def detected(content: bytes | memoryview) -> str:
    """Name the media type that the bytes show; ``text/plain`` for what reads as text, empty for what shows nothing."""
    head = bytes(content[:_HEAD])
    if not head:
        return ""
    found = _signed(content, head)
    if found == "application/zip":
        return _in_zip(content)
    if found == "application/x-ole-storage":
        return next((kind for pattern, kind in _STREAMS if pattern.search(content)), found)
    return found or _written(head)


def _signed(content: bytes | memoryview, head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for at, signature, kind in _SIGNATURES:
        if bytes(content[at : at + len(signature)]) == signature and _is_sure(kind, head):
            return kind
    return ""


def _is_sure(kind: str, head: bytes) -> bool:
    """Whether a signature that may occur by chance is borne out by what stands beside it."""
    if kind in _IN_RIFF:
        return head.startswith(b"RIFF")
    if kind == "application/x-lzh-compressed":
        return head[6:7] == b"-"
    if kind == "image/bmp":
        return head[6:10] == bytes(4)
    if kind == "application/x-arj":
        return len(head) > 40 and head[10:11] == b"\x02"
    if kind == "text/x-shellscript":
        return not head.startswith(b"#!AMR")
    return kind != "application/vnd.microsoft.portable-executable" or bool(_NOT_TEXT.search(head))


def _in_zip(content: bytes | memoryview) -> str:
    if stored := _STORED_TYPE.match(content[:_HEAD]):
        return stored[1].decode("ascii")
    return _first(_MEMBERS, _directory(content)) or "application/zip"


def _directory(content: bytes | memoryview) -> bytes:
    """Where a ZIP names its members: at its beginning, and in the directory at its end."""
    return bytes(content[:_HEAD]) + bytes(content[-_TAIL:])


def _first(marks: tuple[tuple[bytes, str], ...], content: bytes) -> str:
    return next((kind for mark, kind in marks if mark in content), "")


def _written(head: bytes) -> str:
    """Name what a text is, if it is one."""
    text = head.removeprefix(_BOM)
    if head.startswith(_WIDE):
        text = head.replace(b"\x00", b"")[2:]
    if found := _MARKUP.match(text):
        return "text/html" if found["html"] else "image/svg+xml"
    if _NOT_TEXT.search(text) and not head.startswith(_WIDE):
        return ""
    for pattern, kind in ((_XML, "text/xml"), (_CALENDAR, "text/calendar"), (_CARD, "text/vcard"), (_MAIL, "message/rfc822")):
        if pattern.match(text):
            return kind
    return "text/plain"


def is_program(kind: str, content: bytes | memoryview) -> bool:
    """Whether opening it runs it: a program, or a page with a script in it."""
    return kind in _PROGRAMS or (kind in _PAGES and bool(_SCRIPT.search(content)))


def is_archive(kind: str) -> bool:
    """Whether it holds other files, which nobody has looked at."""
    return kind in _ARCHIVES


def has_macros(kind: str, content: bytes | memoryview) -> bool:
    """Whether a document brings something that runs when it is opened, as far as its bytes show that."""
    if kind.startswith("application/vnd.openxmlformats-"):
        return b"vbaProject.bin" in _directory(content)
    if kind == "application/pdf":
        return bool(_ACTIONS.search(content))
    if kind in ("application/x-ole-storage", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"):
        return bool(_MACRO_STREAMS.search(content))
    return False


def danger(kind: str) -> int:
    """Rank what opening it may do: 0 shows something, 1 is interpreted (pages, office documents), 2 hides others, 3 runs."""
    if kind in _PROGRAMS:
        return 3
    if kind in _ARCHIVES:
        return 2
    is_passive = not kind or kind in _PASSIVE or kind.partition("/")[0] in ("image", "audio", "video", "text")
    return 0 if is_passive and kind not in _PAGES else 1
