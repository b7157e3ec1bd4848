"""Instants as the table and the events write them: UTC, milliseconds, fixed width, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(instant: datetime) -> str:
    """Such as ``2026-05-03T01:12:00.000Z``. Raises ``ValueError`` for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a time zone means nothing: {instant!r}")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse(text: str) -> datetime:
    """Read any ISO 8601 instant with a zone, as AWS and ``stamp`` write them; the result is aware UTC."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a time zone means nothing: {text!r}")
    return instant.astimezone(UTC)
