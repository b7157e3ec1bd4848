"""What words mean, roughly: many words of both languages stand for one thing; what was learned from one holds for the rest.

A word of the Latin script is looked up as it is, then without its ending, and before that with up to three words after it;
anything else where it stands in its run, the longest first. What was found gives a cue for each meaning, and one for every
two meanings that are said one soon after the other. The table is trained with the model and travels in its file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from casework.classifier.grams import Placed, cue, pieces

LONGEST_PHRASE = 4
"""Words of the Latin script that are looked up as one."""
_NEAR = 60
"""Characters from the start of one meaning to that of the next, if they are to say something together."""
_ENDINGS = ("'s", "es", "s", "ed", "d", "ing")
_SHORTEST_STEM = 3
_HEAD = 2
"""Characters by which words that are written without spaces are filed."""

_ONE = (1,)
"""What is looked for where no longer word begins: single characters mean something, too."""

Named = tuple[str, int, int]
"""Names of meanings, divided by single spaces, and the characters of the text that have them."""


@dataclass(frozen=True)
class Meanings:
    """``names``: what is looked for, as ``pieces`` gives it, words divided by single spaces -> meanings, divided likewise."""

    names: Mapping[str, str]

    @cached_property
    def _opening(self) -> Mapping[str, Sequence[int]]:
        """How many words the phrases have that begin with a word, the longest first."""
        counts: defaultdict[str, set[int]] = defaultdict(set)
        for name in self.names:
            if " " in name:
                counts[name[: name.index(" ")]].add(name.count(" ") + 1)
        return {word: sorted(found, reverse=True) for word, found in counts.items()}

    @cached_property
    def _sizes(self) -> Mapping[str, Sequence[int]]:
        """How long the words are that begin with two characters, the longest first."""
        sizes: defaultdict[str, set[int]] = defaultdict(lambda: {1})
        for name in self.names:
            if not name.isascii():
                sizes[name[:_HEAD]].add(len(name))
        return {head: sorted(found, reverse=True) for head, found in sizes.items()}

    def lists(self) -> dict[str, str]:
        """The same the other way round, which is half as long and read twice as fast: meanings -> words, a line for each."""
        words: defaultdict[str, list[str]] = defaultdict(list)
        for word, meanings in self.names.items():
            words[meanings].append(word)
        return {meanings: "\n".join(found) for meanings, found in words.items()}

    def found(self, text: str) -> set[str]:
        """The meanings of a normalised text."""
        return {name for names, _, _ in self._named(text) for name in names.split(" ")}

    def seen(self, text: str) -> set[int]:
        """The hashes of a normalised text, each once."""
        return {found for hashes, _, _ in self.placed(text) for found in hashes}

    def placed(self, text: str) -> Iterator[Placed]:
        """The same with their places."""
        before, start_before = "", 0
        for names, start, end in self._named(text):
            yield _alone(names), start, end
            if before and start - start_before < _NEAR:
                yield _together(before, names), start_before, end
            before, start_before = names, start

    def _named(self, text: str) -> Iterator[Named]:
        found = pieces(text) if self.names else []
        at = 0
        while at < len(found):
            piece, start = found[at]
            if piece.isascii():
                names, count = self._of_words(found, at)
                at += count
                if names:
                    last, last_start = found[at - 1]
                    yield names, start, last_start + len(last)
            else:
                yield from self._of_run(piece, start)
                at += 1

    def _of_words(self, found: Sequence[tuple[str, int]], at: int) -> tuple[str, int]:
        """What the word means, with as many of the next as make a phrase, and how many words that took."""
        word, known = found[at][0], self.names
        for count in self._opening.get(word, ()):
            if names := known.get(" ".join([piece for piece, _ in found[at : at + count]])):
                return names, min(count, len(found) - at)
        for form in _forms(word):
            if form in known:
                return known[form], 1
        return "", 1

    def _of_run(self, run: str, start: int) -> Iterator[Named]:
        at, names, sizes = 0, self.names, self._sizes
        while at < len(run):
            end = at + 1
            for size in sizes.get(run[at : at + _HEAD], _ONE):
                if found := names.get(word := run[at : at + size]):
                    end = at + len(word)
                    yield found, start + at, start + end
                    break
            at = end


def listed(lists: Mapping[str, str]) -> Meanings:
    """The inverse of ``Meanings.lists``."""
    names: dict[str, str] = {}
    for meanings, words in lists.items():
        names.update(dict.fromkeys(words.split("\n"), meanings))
    return Meanings(names)


@lru_cache(maxsize=8192)
def _forms(word: str) -> Sequence[str]:
    """The word, and what it may be without its ending: ``sending`` is ``send``, ``moved`` is ``mov`` or ``move``."""
    forms = [word]
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            forms += [stem, stem + "e"]
    return forms


@lru_cache(maxsize=4096)
def _alone(names: str) -> frozenset[int]:
    """Two for each: a meaning says more than any one run of letters."""
    return frozenset(cue(f"{mark}{name}") for name in names.split(" ") for mark in ("~", "~~"))


@lru_cache(maxsize=16384)
def _together(names: str, following: str) -> frozenset[int]:
    return frozenset(cue(f"~{one}~{other}") for one in names.split(" ") for other in following.split(" "))
