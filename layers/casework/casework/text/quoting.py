"""What of a text its writer says, and what they quote."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?m)^[ \t]*[>＞].*")


def unquoted(text: str) -> str:
    """Blank out quoted lines, for readers of what is said now; every place stays what it was."""
    if ">" not in text and "＞" not in text:
        return text
    return _QUOTED.sub(lambda line: " " * len(line[0]), text)
