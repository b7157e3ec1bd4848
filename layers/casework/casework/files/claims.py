"""What a file is said to be: by its name, and by the media type that its sender declared."""

from __future__ import annotations

import re

from casework.files import kinds

_SURELY_NOTHING = 9
"""More than any danger: nothing was claimed that could be false."""

_PROGRAMS = frozenset(
    (
        *("exe", "scr", "com", "pif", "bat", "cmd", "vb", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "jar", "msi", "msp"),
        *("ps1", "psm1", "lnk", "reg", "cpl", "dll", "apk", "dmg", "pkg", "one", "chm", "url", "appx", "msix", "application"),
        *(
            "gadget",
            "inf",
            "sct",
            "xll",
            "sh",
            "command",
            "deb",
            "rpm",
            "appimage",
            "ipa",
            "class",
            "iqy",
            "slk",
            "settingcontent-ms",
        ),
    )
)
_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppam", "ppsm", "sldm"})
_ARCHIVES = frozenset(
    (
        *(
            "zip",
            "gz",
            "tgz",
            "bz2",
            "xz",
            "zst",
            "7z",
            "rar",
            "tar",
            "cab",
            "lzh",
            "lha",
            "ace",
            "arj",
            "iso",
            "img",
            "vhd",
            "vhdx",
        ),
        *("z", "uue"),
    )
)
_OFFICE = frozenset(
    (
        *("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf", "html", "htm", "shtml", "xhtml", "mht", "svg"),
        *_MACROS,
    )
)
_SHOWN = frozenset(
    (
        *(
            "pdf",
            "txt",
            "csv",
            "tsv",
            "log",
            "json",
            "xml",
            "md",
            "ics",
            "vcf",
            "eml",
            "png",
            "jpg",
            "jpeg",
            "gif",
            "webp",
            "heic",
        ),
        *("heif", "bmp", "tif", "tiff", "avif", "mp3", "m4a", "wav", "ogg", "aac", "mp4", "mov", "avi", "webm", "3gp", "wmv"),
    )
)
_DANGERS = {**dict.fromkeys(_SHOWN, 0), **dict.fromkeys(_OFFICE, 1), **dict.fromkeys(_ARCHIVES, 2), **dict.fromkeys(_PROGRAMS, 3)}
_PROGRAM_TYPES = frozenset(
    f"application/{kind}"
    for kind in (
        *("x-msdownload", "x-msdos-program", "x-dosexec", "x-ms-installer", "x-msi", "x-executable", "hta", "java-archive"),
        *("vnd.microsoft.portable-executable", "vnd.android.package-archive", "x-sh", "x-ms-shortcut", "javascript"),
    )
)
_ARCHIVE_TYPE = re.compile(r"/(?:x-)?(?:zip|gzip|rar|7z|tar|compress|bzip2|lzh|iso9660|apple-diskimage)")
_VAGUE = frozenset({"", "application/octet-stream", "application/binary", "application/unknown", "application/x-unknown"})
_REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Directional overrides: one makes ``gpj.exe`` read ``exe.jpg``."""
_MANY_BLANKS = re.compile(r"\s{8,}")
"""Pushes the end of a name out of what is displayed."""


def _extension(name: str) -> str:
    """The end of a name as the system that opens it will see it: without the dots and blanks that Windows drops."""
    return name.rstrip(". \t").rpartition(".")[2].lower() if "." in name.rstrip(". \t") else ""


def names_program(name: str) -> bool:
    """Whether the end of a name makes a system run the file."""
    return _extension(name) in _PROGRAMS


def declares_program(declared: str) -> bool:
    """Whether the sender says that it is a program."""
    return declared.lower() in _PROGRAM_TYPES


def names_archive(name: str) -> bool:
    """Whether a name is one of an archive or a disk image."""
    return _extension(name) in _ARCHIVES


def names_macros(name: str) -> bool:
    """Whether a name is one of the office formats that exist for macros."""
    return _extension(name) in _MACROS


def deceives(name: str) -> bool:
    """Whether a name is written to be misread: reversed, pushed out of sight, or harmless before its real end."""
    if _REVERSED.search(name):
        return True
    stem = name.rstrip(". \t")[: -len(_extension(name)) - 1]
    before = _DANGERS.get(_extension(stem))
    is_worse = before is not None and _DANGERS.get(_extension(name), -1) > max(before, 1) and names_program(name)
    return is_worse or (names_program(name) and bool(_MANY_BLANKS.search(name)))


def expected_danger(name: str, declared: str) -> int:
    """Tell how dangerous a file may be that is what its name and its declared type say, by the more harmless of the two.

    The scale is that of ``kinds.danger``; a file that claims nothing may be anything.
    """
    by_name = _DANGERS.get(_extension(name), _SURELY_NOTHING)
    return min(by_name, _declared_danger(declared.lower()))


def _declared_danger(declared: str) -> int:
    if declared in _PROGRAM_TYPES:
        return 3
    if declared in _VAGUE:
        return _SURELY_NOTHING
    if _ARCHIVE_TYPE.search(declared):
        return 2
    return kinds.danger(declared)
