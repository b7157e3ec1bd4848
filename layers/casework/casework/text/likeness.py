"""How alike two tellings are, from a few hundred bytes that were kept of each: words for English, characters for Japanese.

A sketch holds the terms of a text: the stems of its words, its kanji, katakana and hiragana one by one, its numbers. Of a
long text it keeps those with the least hashes (Broder 1997), so that two sketches keep the same of what both texts say.
Terms are weighed: a number tells more than a word, hiragana is mostly grammar, and what a customer says in each of their
cases tells none of them apart.
"""

from __future__ import annotations

import base64
import math
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from casework.text.formulas import unadorned
from casework.text.patterns import compiled
from casework.text.synonyms import one_word, root

MAX_TERMS = 64
"""Of a text: what is kept takes three bytes each."""
MAX_CHARACTERS = 4_000
"""Of a text that are read: a matter is told at the beginning."""

Terms = frozenset[int]
_OCTETS = 3
_CLASS = 3
"""The two lowest bits of a term say what it is; the other 22 are its hash."""
_GRAMMAR, _CHARACTER, _WORD, _NUMBER = range(4)
_WEIGHTS = (0.28, 0.85, 1.0, 1.9)
"""What each class tells, found by trying on pairs of Japanese sentences that people have compared (JSTS, train)."""
_WORDS = (0.1, 0.5, 1.0, 1.0)
"""About how many words a term of each class stands for: a Japanese word has two characters."""
_BY_CHANCE = (0.25, 0.25, 0.1, 0.1)
"""How alike two texts of one language about matters of one kind are without being one matter: 99 in 100 of our own examples
are less alike. Japanese characters are fewer than English words."""
_LITTLE = 2.0
"""Added to what two texts say together: two short ones are never quite alike."""
_JAPANESE = 0.3
"""A text of which more terms than this are Japanese characters is Japanese, whatever brands and codes it names."""
_LEAST_OF = 8
"""As few cases as a customer may have, what all of them say is only so common."""

_RUN = (
    r"[\u3041-\u309f]+|[\u30a1-\u30fa\u30fc-\u30ff]+|[\u3005\u3400-\u4dbf\u4e00-\u9fff]+"
    r"|\d+(?:[.,]\d+)*|[^\W\d_\u3041-\u30ff\u3005\u3400-\u4dbf\u4e00-\u9fff]+(?:'[a-z]+)?"
)
_COMMON = frozenset("ーッンァィゥェォャュョ人者方物事所場中上下前後内外時日年月分間何今出入行来見")
"""Marks of katakana that are no sounds of their own, and kanji that are everywhere: they tell as little as grammar."""
_KANJI_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_STOP_WORDS = """
a about after again all also am an and any are as at be because been before but by can could did do does doing don't
down for from get got had has have he hello her here hi him his how i i'd i'm i've if in into is it it's its just like
me more my no not now of on only or other our out over please she since so some sir team than thank thanks that the
their them then there these they this to too up us very was we were what when where which who why will with would you
your dear regards
"""
_UNSAID = frozenset(_STOP_WORDS.split())
"""Words that tell nothing."""


def sketch(text: str) -> str:
    """The terms of a text in base64, at most 256 characters; empty for a text without any."""
    found = set(map(_term, set(_terms(text))))
    if len(found) > MAX_TERMS:
        found = {term for term in found if term & _CLASS != _GRAMMAR} or found
    kept = sorted(found)[:MAX_TERMS]
    return base64.b64encode(b"".join(term.to_bytes(_OCTETS, "big") for term in kept)).decode()


@lru_cache(maxsize=64)
def terms(kept: str) -> Terms:
    """The inverse of ``sketch``, as far as it goes."""
    data = base64.b64decode(kept)
    return frozenset(int.from_bytes(data[at : at + _OCTETS], "big") for at in range(0, len(data), _OCTETS))


def _terms(text: str) -> Iterator[tuple[str, int]]:
    for run in compiled(_RUN).findall(one_word(unadorned(plain(text)))):
        first = run[0]
        if first.isdigit():
            yield run, _NUMBER
        elif "\u3041" <= first <= "\u309f":
            yield from ((character, _GRAMMAR) for character in run)
        elif "\u3005" <= first <= "\u9fff":
            yield from ((character, _GRAMMAR if character in _COMMON else _CHARACTER) for character in run)
        elif run not in _UNSAID:
            yield root(run), _WORD


def plain(text: str) -> str:
    """The beginning of a text, without what two tellings differ in by accident: width, case, 二 for 2."""
    beginning = text[:MAX_CHARACTERS]
    if beginning.isascii():
        return beginning.lower()
    return unicodedata.normalize("NFKC", beginning).casefold().replace("\u2019", "'").translate(_KANJI_DIGITS)


def _term(found: tuple[str, int]) -> int:
    text, sort = found
    return (zlib.crc32(text.encode("utf-8", "surrogatepass")) >> 8) & ~_CLASS | sort


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much each term tells, among ``of`` texts of which ``holding[term]`` hold it."""

    holding: Mapping[int, int] = field(default_factory=dict)
    of: int = 0
    known: dict[int, float] = field(default_factory=dict, repr=False, compare=False)
    """Weights that were worked out before."""
    totals: dict[Terms, float] = field(default_factory=dict, repr=False, compare=False)

    def told_by(self, found: Terms) -> float:
        """How much these terms tell together."""
        if found not in self.totals:
            self.totals[found] = sum(map(self.weight, found))
        return self.totals[found]

    def weight(self, term: int) -> float:
        """At most what its class tells; towards 0 for what nearly all the texts hold."""
        if term not in self.known:
            self.known[term] = _WEIGHTS[term & _CLASS] * self._share(self.holding.get(term, 0))
        return self.known[term]

    def _share(self, held: int) -> float:
        among = max(self.of, _LEAST_OF) + 1
        return 1.0 if held < 2 else max(0.0, math.log(among / (held + 0.5)) / math.log(among / 1.5)) ** 2


def rarity(texts: Iterable[Terms]) -> Rarity:
    """What the terms of these texts tell apart."""
    every = list(texts)
    return Rarity(Counter(term for each in every for term in each), len(every))


def alike(ours: Terms, theirs: Terms, words: Rarity | None = None) -> float:
    """The weighted Jaccard similarity of two texts, 0 to 1: 0 when either is empty, below 1 for texts that say little."""
    words = words or Rarity()
    common = words.told_by(ours & theirs)
    return common / (words.told_by(ours) + words.told_by(theirs) - common + _LITTLE) if common else 0.0


def contained(ours: Terms, theirs: Terms, words: Rarity | None = None) -> float:
    """How much of what one text tells the other tells, too, 0 to 1: below 1 for a text that says little."""
    words = words or Rarity()
    common = words.told_by(ours & theirs)
    return common / (words.told_by(ours) + _LITTLE / 2) if common else 0.0


def beyond_chance(ours: Terms, theirs: Terms, words: Rarity | None = None) -> float:
    """How much more alike two texts are than any two of one kind of matter: 0 for most texts, 1 for equal ones that say much.

    Texts of two languages have nothing in common by chance, so that one number or name already says something.
    """
    shares = zip(_BY_CHANCE, _shares(ours), _shares(theirs), strict=True)
    expected = sum(chance * min(our, their) for chance, our, their in shares)
    return max(0.0, (alike(ours, theirs, words) - expected) / (1 - expected))


@lru_cache(maxsize=64)
def _shares(found: Terms) -> tuple[float, ...]:
    """Of each class, how much of all terms."""
    counts = Counter(term & _CLASS for term in found)
    return tuple(counts[sort] / max(1, len(found)) for sort in range(len(_WEIGHTS)))


def other_numbers(ours: Terms, theirs: Terms) -> bool:
    """Whether each names a number that the other does not."""
    mine, others = (frozenset(term for term in found if term & _CLASS == _NUMBER) for found in (ours, theirs))
    return bool(mine - others and others - mine)


def of_two_languages(ours: Terms, theirs: Terms) -> bool:
    """Whether one text is Japanese and the other is not: then their words tell nothing of each other."""
    return len({sum(_shares(found)[:_WORD]) > _JAPANESE for found in (ours, theirs) if found}) > 1


def tells(found: Terms) -> float:
    """How much a text says at all: about the number of its telling words."""
    return sum(_WORDS[term & _CLASS] for term in found)
