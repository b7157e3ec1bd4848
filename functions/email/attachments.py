"""The files of a mail: what they are called, and what their bytes show. None of them is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from casework import files as described
from casework.message import Attachment
from casework.redaction.cuts import cut, torn
from functions.email import parts
from functions.email.parts import Leaf

MAX_ATTACHMENTS = 100
MAX_NAME = 255
MAX_TEXTS = 20_000
"""Characters kept of what the files of one mail say, all together: a message is one item of the table."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]+")
_ENDING = re.compile(r"(?:\.[^\W\d_]\w{0,7}){1,2}[. \t]{0,5}\Z")
_SHOWN_END = 19
"""Characters of a name's end that stay; of one that is all of a piece, what says the kind of file does."""
_PICTURED = ("image", "audio", "video")


def listed(files: Iterable[Leaf]) -> tuple[Attachment, ...]:
    """List the first ``MAX_ATTACHMENTS`` files. Every one has a name of at most ``MAX_NAME`` characters, without a path.

    Their texts have ``MAX_TEXTS`` characters together: the first files say theirs, as far as there is room.
    """
    found: list[Attachment] = []
    room = MAX_TEXTS
    for leaf in islice(files, MAX_ATTACHMENTS):
        file = described.describe(_bounded(leaf.filename or _invented(leaf)), leaf.media_type, leaf.octets)
        found.append(file if len(file.text) <= room else replace(file, text=cut(file.text, room)))
        room -= len(found[-1].text)
    return tuple(found)


def _invented(leaf: Leaf) -> str:
    """Name a file its sender did not name, so that a person can tell it from others."""
    kind, _, form = leaf.media_type.partition("/")
    described = leaf.headers.text("content-description")
    if leaf.is_mail:
        return f"{_bounded(parts.headers_of(leaf).text('subject') or described or 'message', 250)}.eml"
    if kind == "message":
        return f"{_bounded(described or form, 250)}.txt"
    if leaf.media_type == "text/calendar":
        return "calendar.ics"
    return f"{kind}.{form}" if kind in _PICTURED else "file"


def _bounded(name: str, length: int = MAX_NAME) -> str:
    """Shorten a name in the middle, for its end says what it is; never through a secret."""
    name = _UNSAFE.sub(" ", name).strip()
    if len(name) <= length:
        return name
    ending = _ENDING.search(name, len(name) - _SHOWN_END)
    behind = name[torn(name, len(name) - _SHOWN_END)[1] :] or (ending[0] if ending else "")
    return f"{cut(name, length - _SHOWN_END - 1)}…{behind}"
