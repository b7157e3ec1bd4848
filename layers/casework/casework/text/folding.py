"""A text as finders read it: one form for look-alike characters, walls for placeholders, and the way back.

Customers type ``４１１１``, ``か゛``, ``①`` and U+3000, and mail clients slip in characters that nobody sees. Finders look at the
folded text only; what they find is cut out of the original, so every character of the folded text knows where it came from.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from casework.text.patterns import compiled

WALL = "\x00"
"""Stands for each character of a placeholder. No pattern may match it, so nothing is found in or across a placeholder."""

KINDS = (
    "seed_phrase",
    "private_key",
    "card_number",
    "password",
    "one_time_code",
    "authenticator_secret",
    "api_credential",
    "individual_number",
    "passport",
    "driving_licence",
    "residence_card",
    "bank_account",
    "social_security_number",
    "health_insurance_number",
)
"""Every kind of secret and of personal number, as ``Secret.kind`` names it; its placeholder has spaces for underscores."""

PLACEHOLDER = r"\[(?:" + "|".join(kind.replace("_", " ") for kind in KINDS) + r") [0-9]{1,6}\]"
"""What stands where a secret stood, such as ``[seed phrase 1]``."""

_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f"
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_COMPATIBLE = "\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf\uff65-\uff9d\U0001d400-\U0001d7ff"
_MAX_MARKS = 4
"""Combining marks that are composed with one character: composing takes quadratic time in their number."""

_UNUSUAL = f"[{_MARKS}{_UNSEEN}{_COMPATIBLE}]"
_CLUSTER = f"[^{_MARKS}{_UNSEEN}][{_MARKS}]{{1,{_MAX_MARKS}}}|(?P<unseen>[{_MARKS}{_UNSEEN}]+)|[{_COMPATIBLE}]"

_DIGITS = {chr(circled + digit): str(digit + 1) for circled in (0x2460, 0x2776, 0x2780, 0x278A) for digit in range(9)}
_LOOK_ALIKES = (
    {chr(full): chr(full - 0xFEE0) for full in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u20e3\x00", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63", "-")
    | _DIGITS
    | {"⓪": "0", "￥": "¥", "￡": "£", "\u309b": "\u3099", "\u309c": "\u309a"}
)
_LOOK_ALIKE = (
    "[\x00\u00a0\u2000-\u200a\u2010-\u2015\u202f\u2043\u205f\u20e3\u2212\u2460-\u2468\u24ea\u2776-\u277e\u2780-\u2788\u278a-\u2792"
    "\u3000\u309b\u309c\ufe58\ufe63\uff01-\uff5e\uffe1\uffe5]"
)


class Folded(NamedTuple):
    """The folded ``text``, and where each of its characters begins in the original (``None``: at the same place)."""

    text: str
    origins: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that was folded to ``start:end``."""
        if self.origins is None:
            return start, end
        while end > start and end < len(self.text) and self.origins[end] == self.origins[end - 1]:
            end += 1
        return self.origins[start], self.origins[end]


def fold(text: str) -> Folded:
    """Fold full-width, circled and mathematical forms, every space and dash, composed kana; drop what nobody sees.

    Case is kept. Takes time in proportion to the length of the text.
    """
    if text.isascii():
        return Folded(_walled(text.replace(WALL, " ")))
    plain = compiled(_LOOK_ALIKE).sub(lambda match: _LOOK_ALIKES[match[0]], text)
    return _composed(plain) if compiled(_UNUSUAL).search(plain) else Folded(_walled(plain))


def _walled(text: str) -> str:
    if "[" not in text:
        return text
    return compiled(PLACEHOLDER).sub(lambda match: WALL * len(match[0]), text)


def _composed(text: str) -> Folded:
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    for match in compiled(_CLUSTER).finditer(text):
        start, end = match.span()
        pieces.append(text[at:start])
        origins.extend(range(at, start))
        piece = "" if match["unseen"] else unicodedata.normalize("NFKC", match[0])
        pieces.append(piece)
        origins.extend([start] * len(piece))
        at = end
    pieces.append(text[at:])
    origins.extend(range(at, len(text) + 1))
    return Folded(_walled("".join(pieces)), origins)
