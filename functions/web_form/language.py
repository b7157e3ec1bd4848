"""Which of our languages a browser would rather read (RFC 9110, section 12.5.4)."""

from __future__ import annotations

import re

LANGUAGES = ("en", "ja")
"""What we speak; the first is for whoever asks for something else."""
WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)


def preferred(accept_language: str) -> str:
    """Choose the language with the highest quality, at a tie the one named first. What cannot be read counts as not said."""
    wanted: dict[str, float] = {}
    for entry in accept_language.split(","):
        language, quality = _wanted(entry)
        wanted[language] = max(quality, wanted.get(language, 0.0))
    named = sorted(LANGUAGES, key=lambda each: list(wanted).index(each) if each in wanted else len(wanted))
    return max(named, key=lambda each: wanted.get(each, wanted.get("*", 0.0)))


def _wanted(entry: str) -> tuple[str, float]:
    """Read a language range and its quality: ``ja-JP;q=0.8`` is ``("ja", 0.8)``, an unreadable weight is 0."""
    language, *parameters = entry.split(";")
    primary = language.strip().lower().partition("-")[0]
    if not parameters:
        return primary, 1.0
    weight = WEIGHT.fullmatch(parameters[0])
    return primary, float(weight[1]) if weight else 0.0
