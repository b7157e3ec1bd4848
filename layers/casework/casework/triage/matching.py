"""Finding a phrase book's patterns in a text that was read. Linear in the text: every gap and window is bounded.

A *concept* is found once and its hits are kept; a pattern is a walk from hit to hit. What is found sets off what needs it,
so that patterns about other things cost nothing. There are no regular expressions to compile at a cold start, and none to
run away on an attacker's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import islice

from casework.policy.grammar import Clause, Grammar, Guard, Pattern, Step, decode
from casework.policy.phrases import PhraseBook, Rule
from casework.text.reading import Reading, Track, number, numbers_in

Span = tuple[int, int]

MAX_STATES = 64
"""Ways of matching one clause that are followed at once; more only come from text made to be slow."""
MAX_PLACES = 40
"""Places where one clause is found that are looked at; a customer says nothing forty times."""


@dataclass(frozen=True, slots=True)
class Found:
    """One pattern of one rule, found. ``spans`` are characters of the text as given, one for each part that was found."""

    rule: Rule
    factor: float
    """1, or less when a guard says that it is only imagined; 0 when it is denied."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a phrase book finds in a text: rules, and for each sentence the vocabulary's concepts that are named in it."""

    rules: tuple[Found, ...]
    denied: frozenset[str]
    """Categories that a rule would have spoken for, had the customer not denied it."""
    concepts: tuple[frozenset[str], ...]


def find(reading: Reading, book: PhraseBook) -> Findings:
    """Everything the book finds in the text, in the order of its rules; a place is reported once for each rule."""
    searches = {"en": Search(reading.words, book.grammars["en"]), "ja": Search(reading.characters, book.grammars["ja"])}
    candidates: dict[int, list[Found]] = {}
    for search in searches.values():
        for owner, each in search.all_patterns(book.rules):
            candidates.setdefault(owner, []).append(each)
    found = [
        each for owner in sorted(candidates) if not _vetoed(book.rules[owner], searches) for each in _apart(candidates[owner])
    ]
    return Findings(
        rules=tuple(each for each in found if each.factor),
        denied=frozenset(each.rule.category for each in found if not each.factor),
        concepts=tuple(said for search in searches.values() for said in search.concepts()),
    )


def _vetoed(rule: Rule, searches: Mapping[str, Search]) -> bool:
    return any(searches[language].holds(pattern) for language, pattern in rule.vetoes)


def _once(found: Iterator[Found]) -> Iterator[Found]:
    """The first place that counts, with whatever is denied before it: what is denied here may be said there."""
    for each in found:
        yield each
        if each.factor:
            return


def _apart(candidates: Sequence[Found]) -> Iterator[Found]:
    """The candidates that do not overlap, those in full force first."""
    taken: list[Span] = []
    for each in sorted(candidates, key=lambda one: (-one.factor, one.spans)):
        if not any(start < end_taken and start_taken < end for start, end in each.spans for start_taken, end_taken in taken):
            taken.extend(each.spans)
            yield each


class Search:
    """One track of one text, with the concepts found in it."""

    def __init__(self, track: Track, grammar: Grammar) -> None:
        self._track = track
        self._grammar = grammar
        self._hits: dict[int, dict[int, list[int]]] = {}
        """Concept -> where it starts -> where it may end, in units of the track."""
        self._known: dict[Clause, list[Span]] = {}
        self._guarded: list[tuple[Guard, list[int]]] | None = None
        self._collect()

    def all_patterns(self, rules: Sequence[Rule]) -> Iterator[tuple[int, Found]]:
        """Every place where a pattern of a rule holds, weakened by the guards, with the number of the rule."""
        for pattern_number in self._grammar.patterns_with(self._hits):
            pattern = _pattern(self._grammar.patterns[pattern_number])
            if not all(map(self._possible, pattern[0])):
                continue
            owner = self._grammar.owners[pattern_number]
            rule = rules[owner]
            found = self._of_rule(pattern, rule)
            yield from ((owner, each) for each in (_once(found) if rule.each else found))

    def concepts(self) -> Iterator[frozenset[str]]:
        """The named concepts of each sentence that has any."""
        named: dict[int, set[str]] = {}
        for concept, hits in self._hits.items():
            if name := self._grammar.names.get(str(concept)):
                for start in hits:
                    named.setdefault(self._track.sentences[start], set()).add(name)
        return (frozenset(names) for names in named.values())

    def holds(self, pattern_number: int) -> bool:
        """Whether the pattern is anywhere in the text."""
        clauses, _ = _pattern(self._grammar.patterns[pattern_number])
        return all(map(self._possible, clauses)) and any(True for _ in self._places(clauses))

    def _of_rule(self, pattern: Pattern, rule: Rule) -> Iterator[Found]:
        clauses, denies = pattern
        for spans in self._places(clauses):
            factor = min(self._factor(span, denies) for span in spans) if rule.affirmed else 1.0
            yield Found(rule, factor, tuple(self._track.span(*span) for span in spans))

    def _places(self, clauses: tuple[Clause, ...]) -> Iterator[tuple[Span, ...]]:
        """Each place where the clauses, all of them possible, hold near each other: one span for each."""
        first, *others = [self._spans(clause) for clause in clauses]
        for span in first:
            beside = [self._nearest(span, spans) for spans in others]
            if None not in beside:
                yield (span, *(each for each in beside if each is not None))

    def _nearest(self, span: Span, spans: Sequence[Span]) -> Span | None:
        near = min(spans, key=lambda other: _distance(span, other), default=None)
        return near if near is not None and _distance(span, near) <= self._grammar.window else None

    def _possible(self, clause: Clause) -> bool:
        hits = self._hits.keys()
        for concepts, _, optional in clause:  # noqa: SIM110 - asked thousands of times a text, a generator costs as much again
            if not optional and hits.isdisjoint(concepts):
                return False
        return True

    def _spans(self, clause: Clause) -> list[Span]:
        """Where the steps follow each other: the shortest way from each start, none overlapping."""
        if clause not in self._known:
            self._known[clause] = list(islice(self._walks(clause), MAX_PLACES))
        return self._known[clause]

    def _walks(self, clause: Clause) -> Iterator[Span]:
        heads = self._tables(clause[0])
        rest = [(self._tables(step), step[1], step[2]) for step in clause[1:]]
        taken = 0
        for start in sorted({start for head in heads for start in head}):
            if start >= taken:
                ends = {end for head in heads for end in head.get(start, ())}
                for tables, gap, optional in rest:
                    reached = self._advance(ends, tables, gap)
                    ends = ends | reached if optional else reached
                    if not ends:
                        break
                else:
                    taken = min(ends)
                    yield start, taken

    def _tables(self, step: Step) -> list[dict[int, list[int]]]:
        return [self._hits[concept] for concept in step[0] if concept in self._hits]

    def _advance(self, ends: set[int], tables: Sequence[Mapping[int, Sequence[int]]], gap: int) -> set[int]:
        """Where the next step may end: it starts at most ``gap`` units further on, in the same sentence."""
        sentences = self._track.sentences
        reached: set[int] = set()
        for end in ends if len(ends) <= MAX_STATES else sorted(ends)[:MAX_STATES]:
            sentence = sentences[end - 1]
            for start in range(end, min(end + gap + 1, len(sentences))):
                if sentences[start] != sentence:
                    break
                for table in tables:
                    if start in table:
                        reached.update(table[start])
        return reached

    def _collect(self) -> None:
        """Find every concept: first the words, then what is made of them, in the order in which it can be made."""
        spaced = self._grammar.spaced
        for concept, start, end in (_words if spaced else _substrings)(self._track, self._grammar):
            self._hit(concept, start, end)
        waiting = [derivation for concept in self._hits for derivation in self._grammar.derivations_by(concept)]
        heapify(waiting)
        done = -1
        while waiting:
            derivation = heappop(waiting)
            if derivation != done:
                done = derivation
                self._derive(derivation, waiting)

    def _derive(self, derivation: int, waiting: list[int]) -> None:
        concept, clause = _derivation(self._grammar.derived[derivation])
        if not self._possible(clause):
            return
        new = concept not in self._hits
        for start, end in self._spans(clause):
            self._hit(concept, start, end)
        if new and concept in self._hits:
            for each in self._grammar.derivations_by(concept):
                heappush(waiting, each)

    def _hit(self, concept: int, start: int, end: int) -> None:
        ends = self._hits.setdefault(concept, {}).setdefault(start, [])
        if end not in ends:
            ends.append(end)

    def _factor(self, span: Span, denies: bool) -> float:
        """What the guards leave of a match; a pattern that is itself a denial is not denied by one."""
        if self._guarded is None:
            self._guarded = [(guard, hits) for guard in self._grammar.guards if (hits := self._guard_hits(guard))]
        factors = [
            guard.factor for guard, hits in self._guarded if not (guard.negation and denies) and self._stands(guard, hits, span)
        ]
        return min(factors, default=1.0)

    def _guard_hits(self, guard: Guard) -> list[int]:
        excepted = {place for clause in guard.exceptions for span in self._spans_of(clause) for place in range(*span)}
        return sorted(start for clause in guard.patterns for start, _ in self._spans_of(clause) if start not in excepted)

    def _spans_of(self, text: str) -> list[Span]:
        clause = decode(text)
        return self._spans(clause) if self._possible(clause) else []

    def _stands(self, guard: Guard, hits: Sequence[int], span: Span) -> bool:
        """Whether one of the guard's words stands where it concerns the match."""
        start, end = span
        scope = self._track.clauses if guard.within_clause else self._track.sentences
        before, after = range(start - guard.before, start), range(end, end + guard.after)
        return any(
            (place in before and scope[place] == scope[start])
            or (place in after and scope[place] == scope[end - 1])
            or (guard.inside and start <= place < end)
            for place in hits
        )


@lru_cache(maxsize=4096)
def _pattern(text: str) -> Pattern:
    clauses = tuple(map(decode, text.removeprefix("!").split("&")))
    return clauses, text.startswith("!")


@lru_cache(maxsize=4096)
def _derivation(text: str) -> tuple[int, Clause]:
    concept, _, clause = text.partition("=")
    return int(concept), decode(clause)


def _distance(one: Span, other: Span) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def _words(track: Track, grammar: Grammar) -> Iterator[tuple[int, int, int]]:
    words = track.units
    for start, word in enumerate(words):
        value = number(word) if word[0].isdigit() else None
        if value is not None:
            yield from _number_concepts(grammar, value, start, start + 1)
        for rest, concept in _beginning(word, words[start + 1] if start + 1 < len(words) else "", grammar):
            if not rest or _continues(words, start + 1, rest):
                yield concept, start, start + 1 + len(rest)


def _beginning(word: str, following: str, grammar: Grammar) -> Iterator[tuple[Sequence[str], int]]:
    """What may start here. Phrases are filed under their first two words, so that ``my`` alone does not call up hundreds."""
    yield from grammar.starting_with(word)
    yield from grammar.starting_with(f"{word} {following}")
    for size in range(grammar.shortest, len(word) + 1):
        if word[:size] in grammar.prefix:
            yield from grammar.starting_with(word[:size], prefix=True)


def _continues(words: Sequence[str], start: int, rest: Sequence[str]) -> bool:
    if start + len(rest) > len(words):
        return False
    return all(_is_word(words[start + index], wanted) for index, wanted in enumerate(rest))


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _substrings(track: Track, grammar: Grammar) -> Iterator[tuple[int, int, int]]:
    text = track.text
    if text.isascii():  # what English says is read as words; nothing in it can be Japanese
        return
    for start, end, value in numbers_in(text):
        yield from _number_concepts(grammar, value, start, end)
    for start in range(len(text)):
        for key in {text[start], text[start : start + 2]}:
            for (literal,), concept in grammar.starting_with(key):
                end = start + len(literal)
                if text.startswith(literal, start) and _bounded(text, start, end):
                    yield concept, start, end


def _number_concepts(grammar: Grammar, value: float, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    return ((int(concept), start, end) for low, high, concept in grammar.numbers if low <= value <= high)


def _bounded(text: str, start: int, end: int) -> bool:
    """Latin letters within Japanese are words: ``sim`` is not part of ``simple``."""
    head = start > 0 and _latin(text[start]) and _latin(text[start - 1])
    tail = end < len(text) and _latin(text[end - 1]) and _latin(text[end])
    return not (head or tail)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
