"""Which characters bytes are, in mails and files: Japanese above all, which the standard codecs garble without an error.

Labels lie in known ways. iPhones and Outlook send NEC and IBM extension characters (①, ㈱, 髙) and half-width katakana as
"iso-2022-jp"; "shift_jis" is Windows' cp932, "gb2312" gb18030, "iso-8859-1" cp1252; and many a mail has no label at all.
Text stays as written: nothing is normalised here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

from casework.message import Decoding

REPLACEMENT = "\ufffd"

_ALIASES = {
    "utf-8": ("utf8", "unicode-1-1-utf-8", "utf8mb4"),
    "cp50221": (
        *("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms", "csiso2022jp"),
        *("cp50220", "cp50222", "jis", "jis7", "x-windows-iso2022jp"),
    ),
    "cp932": ("shift-jis", "sjis", "x-sjis", "ms-kanji", "csshiftjis", "windows-31j", "cswindows31j", "ms932", "windows-932"),
    "euc_jp": ("euc-jp", "x-euc-jp", "eucjp", "x-euc", "cseucpkdfmtjapanese", "cp51932", "eucjp-win", "eucjp-ms"),
    "gb18030": ("gb2312", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "csgb2312", "gb-2312-80", "iso-gb2312"),
    "cp949": ("ks-c-5601-1987", "ks-c-5601-1989", "ks-c-5601", "ksc5601", "euc-kr", "uhc", "windows-949", "cseuckr"),
    "cp950": ("big5", "big-5", "x-x-big5", "csbig5", "windows-950"),
    "big5hkscs": ("big5-hkscs",),
    "iso2022_kr": ("iso-2022-kr", "csiso2022kr"),
    "hz": ("hz-gb-2312",),
    "cp1252": ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "cp819", "windows-1252", "iso-8859-1-windows-3.1-latin-1"),
    "cp1254": ("iso-8859-9", "iso8859-9", "latin5"),
    "cp874": ("tis-620", "iso-8859-11", "windows-874"),
    "koi8_r": ("koi8-r", "cskoi8r", "koi8"),
    "koi8_u": ("koi8-u",),
    "mac_roman": ("macintosh", "x-mac-roman"),
    "utf-7": ("unicode-1-1-utf-7", "utf7"),
    "utf-16": ("utf16", "ucs-2", "unicode"),
    "utf-16-le": ("utf-16le",),
    "utf-16-be": ("utf-16be",),
    "utf-32": ("utf32",),
}
_CODECS = {label: codec for codec, labels in _ALIASES.items() for label in (codec.replace("_", "-"), *labels)}
"""Label in normal form to codec. Nothing else is handed to Python's registry, which knows slow and raising "charsets" too."""

_FAMILIES = re.compile(r"(?:iso-?8859-?(?P<iso>1[03-6]|[2-8])(?:-[ei])?|(?:windows|cp)-?(?P<windows>125[0-8]|437|850|852|866))")
_SEVEN_BIT = frozenset({"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "hz", "iso2022_kr"})
"""Charsets in which ASCII bytes may mean something else."""

_MAX_LABEL = 20
"""Characters of a charset's label. A longer one names none, and is not kept: a part of it could be a part of a secret."""
_NOT_LABEL = re.compile(r"[^!#-&(-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BYTES = bytes(byte for byte in range(128) if _CONTROL.fullmatch(chr(byte)))
_JIS = re.compile(rb"\x1b\$|\x1b\(I")
_HIGH = re.compile(rb"[\x80-\xff]+")
_SHIFT_JIS_LEAD = re.compile(rb"[\x81-\x9f]")
_KANA = re.compile(r"[ぁ-ヶ]")
_LONE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])")
_PASTED = re.compile(rb"[\xa0-\xff]+(?=[\x00-\x7f])|[\xa0-\xc1]\Z")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def decode(data: bytes, declared: str = "") -> tuple[str, Decoding]:
    """Read bytes as text, whatever their label says. Never fails; what could not be read is U+FFFD and counted.

    The order: JIS escapes if there are any, the declared charset strictly, UTF-8 strictly, the declared charset if it
    loses little, then the likeliest undeclared one. Control characters other than tab and line ends are left out.
    """
    label, codec = _named(declared if len(declared) <= 4 * _MAX_LABEL else "")
    if data.isascii() and b"\x1b" not in data and codec not in _SEVEN_BIT:
        return data.translate(None, _CONTROL_BYTES).decode("ascii"), Decoding(declared=label, used="ascii")
    text, used = _read(data, codec)
    return clean(text), Decoding(declared=label, used=used, replaced=text.count(REPLACEMENT))


def clean(text: str) -> str:
    """Leave out what no display or store can carry: control characters, and halves of surrogate pairs."""
    return _CONTROL.sub("", text) if not text.isprintable() else text


def normal_label(declared: str) -> str:
    """Write a charset's label in lower case, with hyphens, without quotes and blanks; one that is too long is none."""
    label = _NOT_LABEL.sub("", declared).lower().replace("_", "-")
    return label if len(label) <= _MAX_LABEL else ""


@lru_cache(256)
def _named(declared: str) -> tuple[str, str]:
    """A label in normal form and the codec for it. Kept, for few are in use."""
    label = normal_label(declared)
    return label, _codec(label)


def _codec(label: str) -> str:
    """Name the codec for a label, or nothing: for unknown labels, and for US-ASCII, which is what broken senders say."""
    if known := _CODECS.get(label):
        return known
    family = _FAMILIES.fullmatch(label)
    if not family:
        return ""
    return f"iso8859_{family['iso']}" if family["iso"] else f"cp{family['windows']}"


def _read(data: bytes, codec: str) -> tuple[str, str]:
    if b"\x1b" in data and _JIS.search(data):
        text = cp50221(data)
        if REPLACEMENT not in text or (codec == "cp50221" and data.isascii()):
            return text, "cp50221"
    for strict in (codec, "utf-8"):
        if strict and (read := _strictly(data, strict)) is not None:
            return read, strict
    return _leniently(data, codec)


def _leniently(data: bytes, codec: str) -> tuple[str, str]:
    for candidate in (codec, "utf-8"):
        if candidate not in ("", "cp50221") and _loses_little(data.decode(candidate, "replace"), candidate):
            return _with_losses(data, candidate), candidate
    for guess in (_shift_jis, _euc_jp, _chinese):
        if (found := guess(data)) is not None and _is_plausible(found[0]):
            return found
    return (_with_losses(data, codec), codec) if codec else (_western(data), "latin-1")


def _strictly(data: bytes, codec: str) -> str | None:
    if codec == "cp50221":
        return None  # with its escapes it was read already; without them it is something else
    try:
        return data.decode(codec)
    except UnicodeError:
        return _strictly(data, "euc_jis_2004") if codec == "euc_jp" else None


def _with_losses(data: bytes, codec: str) -> str:
    if codec == "cp1252":
        return _western(data)
    if codec == "utf-8":
        return data.decode("utf-8", "casework-western-among-utf-8")
    return cp50221(data) if codec == "cp50221" else data.decode(codec, "replace")


def _western_among_utf8(error: UnicodeError) -> tuple[str, int]:
    """Read what was pasted into UTF-8 in a Western charset: high bytes with ASCII on both sides, none of which C1 would have.

    Anything else that breaks UTF-8 is a character that was cut, and is lost.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    run = _PASTED.match(error.object, error.start)
    before = error.object[error.start - 1 : error.start]
    if run and (not before or before.isascii()):
        return run[0].decode("cp1252"), run.end()
    return REPLACEMENT, error.end


codecs.register_error("casework-western-among-utf-8", _western_among_utf8)


def _loses_little(text: str, codec: str) -> bool:
    """What reads as UTF-8 for the half is UTF-8, for nothing else looks like it by chance; other charsets must do better."""
    lost = text.count(REPLACEMENT)
    return lost * (2 if codec == "utf-8" else 10) <= sum(map(len, _FOREIGN.findall(text)))


def _shift_jis(data: bytes) -> tuple[str, str] | None:
    """Japanese in cp932 has lead bytes that neither EUC nor GB has; without one, only half-width katakana is left."""
    if not _SHIFT_JIS_LEAD.search(data) and not all(0xA1 <= byte <= 0xDF for run in _HIGH.findall(data) for byte in run):
        return None
    text = _strictly(data, "cp932")
    return None if text is None else (text, "cp932")


def _euc_jp(data: bytes) -> tuple[str, str] | None:
    text = _strictly(data, "euc_jp")
    return (text, "euc_jp") if text and _KANA.search(text) else None


def _chinese(data: bytes) -> tuple[str, str] | None:
    if any(len(run) % 2 or min(run) < 0xA1 for run in _HIGH.findall(data)):
        return None
    text = _strictly(data, "gb18030")
    return None if text is None else (text, "gb18030")


def _is_plausible(text: str) -> bool:
    """Tell Japanese or Chinese from accented Latin read as such: "Hofj轡eralle" has its only foreign letter inside a word."""
    return len(_LONE.findall(text)) * 2 <= len(_FOREIGN.findall(text))


def _western(data: bytes) -> str:
    return _strictly(data, "cp1252") or data.decode("latin-1")


# --- ISO-2022-JP as Microsoft and Apple write it (CP50221) ---------------------------------------------------------------

_SWITCH = re.compile(rb"(\x1b\$\(?[@-Z]|\x1b\([@-Z]|\x1b&@|[\x0e\x0f]|\r?\n)")
_PAIRS = re.compile(rb"((?:[\x21-\x7e]{2})+)")
_ROW_TO_LEAD = bytes((((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1)) if 0x21 <= row <= 0x7E else 0 for row in range(256))
_CELL_OF_ODD_ROW = bytes((cell + (0x1F if cell < 0x60 else 0x20)) & 0xFF for cell in range(256))
_CELL_OF_EVEN_ROW = bytes((cell + 0x7E) & 0xFF for cell in range(256))
_AS_WINDOWS = tuple(zip("¥‾〜‖−¢£¬—", "\\~～∥－￠￡￢―", strict=True))
"""Where Windows maps a pair, or JIS-Roman, elsewhere than the standard codec does."""
_TO_HIGH = bytes(byte | 0x80 for byte in range(256))


def cp50221(data: bytes) -> str:
    """Read 7-bit JIS with the extension characters of Windows and half-width katakana; U+FFFD for what is not in it.

    Each line starts in ASCII (RFC 1468). JIS X 0208 pairs are read through cp932, which has NEC's and IBM's rows.
    """
    try:
        plain = "" if b"\x0e" in data else data.decode("iso2022_jp")
    except UnicodeError:
        plain = ""
    return _as_windows(plain) if plain else _with_extensions(data)


def _as_windows(text: str) -> str:
    """One character at a time, for hardly any is in a mail: a translation table took as long as all the rest of the reading."""
    for standard, windows in _AS_WINDOWS:
        if standard in text:
            text = text.replace(standard, windows)
    return text


def _with_extensions(data: bytes) -> str:
    pieces = []
    read: Callable[[bytes], str] = _ascii
    for index, piece in enumerate(_SWITCH.split(data)):
        if index % 2 == 0:
            pieces.append(read(piece) if piece else "")
        elif piece in (b"\n", b"\r\n"):
            pieces.append(piece.decode("ascii"))
            read = _ascii
        else:
            read = _SETS.get(piece, _ascii)
    return "".join(pieces)


def _ascii(data: bytes) -> str:
    return data.decode("ascii") if data.isascii() else data.decode("cp932", "replace")


def _katakana(data: bytes) -> str:
    return data.translate(_TO_HIGH).decode("cp932", "replace")


def _jis_x_0208(data: bytes) -> str:
    rows, cells = data[0::2], data[1::2]
    codes = bytearray(len(data))
    codes[0::2] = rows.translate(_ROW_TO_LEAD)
    choices = zip(rows, cells.translate(_CELL_OF_ODD_ROW), cells.translate(_CELL_OF_EVEN_ROW), strict=True)
    codes[1::2] = bytes([odd if row & 1 else even for row, odd, even in choices])
    return codes.decode("cp932", "replace")


def _jis_x_0212(data: bytes) -> str:
    high = data.translate(_TO_HIGH)
    codes = b"".join(b"\x8f" + high[at : at + 2] for at in range(0, len(high), 2))
    return codes.decode("euc_jp", "replace")


def _pairs(read: Callable[[bytes], str]) -> Callable[[bytes], str]:
    """Read what comes in pairs of graphic bytes; blanks pass, half a pair is lost."""

    def reader(data: bytes) -> str:
        pieces = _PAIRS.split(data)
        return "".join(read(piece) if index % 2 else _unpaired(piece) for index, piece in enumerate(pieces))

    return reader


def _unpaired(data: bytes) -> str:
    return "".join(chr(byte) if byte <= 0x20 else REPLACEMENT for byte in data)


def _in_codec(codec: str) -> Callable[[bytes], str]:
    return lambda data: data.translate(_TO_HIGH).decode(codec, "replace")


_KANJI = _pairs(_jis_x_0208)
_SETS = {
    **dict.fromkeys((b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B", b"\x1b$(O", b"\x1b$(Q"), _KANJI),
    b"\x1b$(D": _pairs(_jis_x_0212),
    b"\x1b$A": _pairs(_in_codec("gb18030")),
    b"\x1b$(C": _pairs(_in_codec("cp949")),
    b"\x1b(I": _katakana,
    b"\x0e": _katakana,
}
"""Escape sequence to the character set it switches to; every other one switches to ASCII."""
