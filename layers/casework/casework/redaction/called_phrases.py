"""Phrases of other word lists, where the text says that one follows: Electrum's old list, Monero's, BIP 39 in other languages.

Nothing tells their words from any others, so the label has to stand right before them, and they have to stand by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from casework.text.finding import Finding
from casework.text.patterns import compiled

_LABEL = (
    r"(?:(?:seed|recovery|backup|secret|mnemonic|wallet)[ -]?(?:phrase|words?)|mnemonic"
    r"|(?:electrum|monero|wallet|25[- ]word)(?:'s)? seed"
    r"|復元(?:用の?)?フレーズ|シードフレーズ|リカバリーフレーズ|秘密のフレーズ|ニーモニック(?:コード|フレーズ)?)"
    r"(?:[ \t]?\([^()\x00]{0,30}\)|[ \t]?(?:is|was|are|は|が))?[ \t]{0,3}[:=「\"'\n]{1,3}\s{0,4}"
)
_WORD = r"[^\W\d_]{2,12}"
_ROW = (
    rf"(?P<row>{_WORD}(?P<gap>[ \t]{{1,3}}|,[ \t]?|[ \t]?\r?\n){_WORD}(?:(?P=gap){_WORD}){{10,23}})"
    r"(?=[ \t]*(?:[.。」\"'\r\n]|\Z))"
)
_WORDS = ("seed", "phrase", "mnemonic", "words", "フレーズ", "ニーモニック")
_SMALL = "the and is to of in it my for was you with that this not are but they have has from your el la los de un le les et"
_PROSE = frozenset(_SMALL.split())


def find(text: str) -> Iterator[Finding]:
    """Find the rows of twelve words or more that a folded text calls a phrase."""
    lowered = text.replace("İ", "I").lower()
    if any(map(lowered.__contains__, _WORDS)):
        for match in compiled(_LABEL + _ROW).finditer(lowered):
            words = compiled(_WORD).findall(match["row"])
            if sum(word in _PROSE for word in words) <= 1:
                yield Finding("seed_phrase", " ".join(words), *match.span("row"), verified=None)
