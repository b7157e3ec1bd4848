"""What a finder of secrets says: where in the folded text one is, and which one it is."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """A secret in a folded text. It lives only as long as the message is being redacted."""

    kind: str
    value: str
    """The secret in normal form: two findings of one kind and value are one secret."""
    start: int
    end: int
    verified: bool | None = None
    """Whether its checksum holds; ``None`` when the kind has none."""
    echo: str = ""
    """What to look for elsewhere in the message, when only the words around it told that it is a secret."""
