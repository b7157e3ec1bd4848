"""The files that customers send: what they claim to be, what their bytes say, and what an analyst must know before touching one.

Nothing here runs, unpacks or fetches anything: bytes are compared, counted and decoded.
"""

from __future__ import annotations

import hashlib

from casework.files import claims, contents, kinds
from casework.message import Attachment

MAX_TEXT = contents.MAX_TEXT
"""Characters kept of what a text-like file says."""


def describe(name: str, declared: str, content: bytes | memoryview) -> Attachment:
    """Describe a file by its name, the media type its sender declared, and its bytes. Never fails, whatever they are.

    ``detected`` is empty when the bytes say nothing. ``flags`` come in this order: ``executable`` (a program by its bytes or
    by its name, or a page that carries a script), ``archive``, ``macros``, ``type_differs`` (the bytes, or the end of the
    name, are more dangerous than what the name and the declared type let expect). Time is linear in the size.
    """
    detected = kinds.detected(content)
    found = {
        "executable": claims.names_program(name) or claims.declares_program(declared) or kinds.is_program(detected, content),
        "archive": kinds.is_archive(detected) or claims.names_archive(name),
        "macros": claims.names_macros(name) or kinds.has_macros(detected, content),
        "type_differs": claims.deceives(name) or kinds.danger(detected) > claims.expected_danger(name, declared),
    }
    return Attachment(
        name=name,
        media_type=declared,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        detected=detected,
        text=contents.text(name, declared, detected, content),
        flags=tuple(flag for flag, is_so in found.items() if is_so),
    )
