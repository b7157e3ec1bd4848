"""The pattern language, compiled.

It is written for a support lead, not for an engineer::

    my account .. (hacked|{stolen})      English: words, one after the other; ".." lets up to 3 others in between
    アカウント ..20 乗っ取                 Japanese: characters; a space lets up to 3 others in between, "..20" up to 20
    withdraw*                            a word that starts so (English only; Japanese matches any part of a text)
    to?  (of|from)?  {maybe}?            may be missing
    {money}                              any way to say it in the vocabulary
    #  #70-110                           a number; a number from 70 to 110
    {withdrawal} & {not_mine}            both, in any order, not far apart

There is no repetition and every gap is bounded: a pattern cannot run away, whatever the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from casework.policy.document import Section
from casework.policy.grammar import Clause, Continuation, Grammar, Guard, Step, encode, encode_continuations, encode_pattern
from casework.text.reading import normalise, words_of

LANGUAGES = ("en", "ja")
MAX_GAP = {"en": 12, "ja": 40}
"""Wider gaps join what does not belong together, and cost time."""
MAX_CLAUSES = 3
MAX_STEPS = 12

_ARTICLES = frozenset({"a", "an", "the"})
_TOKEN = re.compile(r"\s+|\.\.\d*|\{[a-z0-9_]+\}\??|#(?:\d+-\d+)?\??|[^\s.(){}|&#?]+\??|.")
_PLAIN = re.compile(r"[^\s.(){}|&#?]+")
_GAP = re.compile(r"\.\.(\d*)")
_RANGE = re.compile(r"#(?:(\d+)-(\d+))?")
_VETO = -1


class Writer:
    """Compiles the patterns of one language, handing out a number to every concept, word and group."""

    def __init__(self, language: str, top: Section, spelling: Mapping[str, Sequence[str]], fillers: frozenset[str]) -> None:
        self._spaced = language == "en"
        self._max_gap = MAX_GAP[language]
        self._spelling, self._fillers = spelling, fillers
        self._negators = top.section("negators", LANGUAGES).texts(language)
        tracks = top.section("tracks", LANGUAGES).section(language, {"space", "gap", "window"})
        self._space, self._gap = tracks.whole("space", 0, self._max_gap), tracks.whole("gap", 0, self._max_gap)
        self._window = tracks.whole("window", 1, 400)
        self._named = top.section("concepts", LANGUAGES).section(language)
        self._concepts: dict[str, int] = {}
        self._spelled: dict[int, tuple[str, ...]] = {}
        self._literals: dict[tuple[str, ...], set[int]] = {}
        self._numbers: list[tuple[float, float, int]] = []
        self._denials: set[int] = set()
        self._derived: list[tuple[int, Clause]] = []
        self._patterns: list[tuple[tuple[Clause, ...], bool]] = []
        self._owners: list[int] = []
        self._guards: list[Guard] = []
        self._guarding: list[Clause] = []
        self._open: list[str] = []
        self._vocabulary = {f"{{{name}}}" for name in self._named}

    def define_concepts(self) -> None:
        """Compile the whole vocabulary."""
        for name in self._named:
            self._concept(name, self._named, name)

    def add_guard(self, row: Section) -> None:
        """Compile one guard."""
        self._guards.append(
            Guard(
                factor=row.number("factor", 0, 1),
                before=row.whole("before", 0, self._max_gap, 0),
                after=row.whole("after", 0, self._max_gap, 0),
                inside=row.flag("inside", False),
                negation=row.flag("negation", False),
                within_clause=row.one_of("scope", ("clause", "sentence"), "clause") == "clause",
                patterns=[self._guard_clause(text, row, "patterns") for text in row.texts("patterns")],
                exceptions=[self._guard_clause(text, row, "except") for text in row.texts("except", ())],
            )
        )

    def add_pattern(self, text: str, owner: int, row: Section, key: str) -> None:
        """Compile a pattern of the rule with this number."""
        self._add(text, owner, row, key)

    def add_veto(self, text: str, row: Section, key: str) -> int:
        """Compile a pattern that silences a rule; its number."""
        return self._add(text, _VETO, row, key)

    def grammar(self) -> Grammar:
        """Everything compiled so far."""
        used = Counter(concept for clause in self._clauses() for concepts, _, _ in clause for concept in concepts)
        exact, prefix = self._tables(frozenset(used))
        return Grammar(
            spaced=self._spaced,
            window=self._window,
            exact={key: encode_continuations(pairs) for key, pairs in exact.items()},
            prefix={key: encode_continuations(pairs) for key, pairs in prefix.items()},
            shortest=min(map(len, prefix), default=1),
            numbers=self._numbers,
            derived=[f"{concept}={encode(clause)}" for concept, clause in self._derived],
            patterns=[encode_pattern(pattern) for pattern in self._patterns],
            owners=self._owners,
            derived_by=_index(((number, (clause,)) for number, (_, clause) in enumerate(self._derived)), used),
            patterns_by=_index(((n, clauses) for n, (clauses, _) in enumerate(self._patterns) if self._owners[n] != _VETO), used),
            guards=self._guards,
            names={str(number): name[1:-1] for name, number in self._concepts.items() if name in self._vocabulary},
        )

    def _clauses(self) -> Iterator[Clause]:
        yield from (clause for _, clause in self._derived)
        yield from (clause for clauses, _ in self._patterns for clause in clauses)
        yield from self._guarding

    def _tables(self, used: frozenset[int]) -> tuple[dict[str, list[Continuation]], dict[str, list[Continuation]]]:
        exact: dict[str, list[Continuation]] = {}
        prefix: dict[str, list[Continuation]] = {}
        for words, concepts in self._literals.items():
            starred = self._spaced and words[0].endswith("*")
            rest = words[1:] if self._spaced else words
            needed = sorted(concepts & used)
            if needed:
                (prefix if starred else exact).setdefault(self._key(words), []).extend((rest, concept) for concept in needed)
        return exact, prefix

    def _key(self, words: Sequence[str]) -> str:
        """What a literal is filed under: its first word, or first two if they are plain; in Japanese its first two characters."""
        if not self._spaced:
            return words[0][:2]
        plain = len(words) > 1 and not any(word.endswith("*") for word in words[:2])
        return " ".join(words[:2]) if plain else words[0].removesuffix("*")

    def _add(self, text: str, owner: int, row: Section, key: str) -> int:
        clauses = tuple(self._clause(part, row, key) for part in text.split(" & "))
        if len(clauses) > MAX_CLAUSES:
            raise row.wrong(key, f"at most {MAX_CLAUSES} parts joined by &")
        self._patterns.append((clauses, any(map(self._denies, clauses))))
        self._owners.append(owner)
        return len(self._patterns) - 1

    def _guard_clause(self, text: str, row: Section, key: str) -> str:
        clause = self._clause(text, row, key)
        self._guarding.append(clause)
        return encode(clause)

    def _denies(self, clause: Clause) -> bool:
        return any(concept in self._denials for concepts, _, _ in clause for concept in concepts)

    def _concept(self, name: str, row: Section, key: str) -> int:
        if name in self._open:
            raise row.wrong(key, f"no circle of concepts ({' -> '.join([*self._open, name])})")
        if f"{{{name}}}" in self._concepts:
            return self._concepts[f"{{{name}}}"]
        if name not in self._named:
            raise row.wrong(key, f"a concept of the vocabulary instead of {{{name}}}")
        self._open.append(name)
        clauses = [self._clause(text, self._named, name) for text in self._named.texts(name)]
        self._open.pop()
        return self._define(f"{{{name}}}", clauses)

    def _define(self, name: str, clauses: Iterable[Clause]) -> int:
        concept = self._number_of(name)
        for clause in clauses:
            if self._denies(clause):
                self._denials.add(concept)
            if not self._spell(concept, clause):
                self._derived.append((concept, clause))
        return concept

    def _number_of(self, name: str) -> int:
        return self._concepts.setdefault(name, len(self._concepts))

    def _spell(self, concept: int, clause: Clause) -> bool:
        """A concept that is just a word is found with the word, without a walk of its own."""
        words = clause[0][0]
        if len(clause) > 1 or not all(each in self._spelled for each in words):
            return False
        for each in words:
            self._literals[self._spelled[each]].add(concept)
        return True

    def _clause(self, text: str, row: Section, key: str) -> Clause:
        steps: list[Step] = []
        gap = 0
        for token in _tokens(text, joined=self._spaced):
            wider = self._gap_of(token, row, key)
            if wider is not None:
                gap = max(gap, wider)
                continue
            concepts = tuple(dict.fromkeys(self._step(token.removesuffix("?"), row, key)))
            if concepts:
                steps.append((concepts, gap if steps else 0, token.endswith("?")))
                gap = 0
        if not steps or steps[0][2] or len(steps) > MAX_STEPS:
            raise row.wrong(key, f"a pattern of 1 to {MAX_STEPS} steps of which the first is needed, not {text!r}")
        return tuple(steps)

    def _gap_of(self, token: str, row: Section, key: str) -> int | None:
        if token.isspace():
            return 0 if self._spaced else self._space
        gap = _GAP.fullmatch(token)
        if gap is None:
            return None
        size = int(gap[1]) if gap[1] else self._gap
        if size > self._max_gap:
            raise row.wrong(key, f"a gap of at most {self._max_gap}")
        return size

    def _step(self, token: str, row: Section, key: str) -> list[int]:
        if token.startswith("(") and token.endswith(")"):
            return [concept for part in _alternatives(token[1:-1]) for concept in self._alternative(part, row, key)]
        if token.startswith("{") and token.endswith("}"):
            return [self._concept(token[1:-1], row, key)]
        span = _RANGE.fullmatch(token)
        if span is not None:
            return [self._number(token, span)]
        if not token or any(mark in token for mark in ("(){}|&?.#" if self._spaced else "(){}|&?.#*")):
            raise row.wrong(key, f"words, (groups), {{concepts}} and gaps, not {token!r}")
        return self._literal(token, row, key)

    def _alternative(self, text: str, row: Section, key: str) -> Sequence[int]:
        """One way of a group: a word or a concept stands for itself, anything longer becomes a concept without a name."""
        name = f"({text})"
        if name in self._concepts:
            return [self._concepts[name]]
        if text and all(word in _ARTICLES for word in text.split()):
            return []
        clause = self._clause(text, row, key)
        return clause[0][0] if len(clause) == 1 else [self._define(name, [clause])]

    def _number(self, token: str, span: re.Match[str]) -> int:
        if token not in self._concepts:
            low, high = (float(span[1]), float(span[2])) if span[1] else (0.0, 1e15)
            self._numbers.append((low, high, self._number_of(token)))
        return self._concepts[token]

    def _literal(self, token: str, row: Section, key: str) -> list[int]:
        words = tuple(self._words(token, row, key))
        if not words:
            if all(word in _ARTICLES for word in token.split()):
                return []
            raise row.wrong(key, f"something to look for instead of {token!r}")
        name = " ".join(words)
        if name not in self._concepts:
            concept = self._number_of(name)
            self._spelled[concept] = words
            self._literals.setdefault(words, set()).add(concept)
            if self._is_denial(words):
                self._denials.add(concept)
        return [self._concepts[name]]

    def _words(self, token: str, row: Section, key: str) -> list[str]:
        if not self._spaced:
            return [normalise(token).text]
        return [word for part in token.split() for word in self._word(part, row, key)]

    def _word(self, part: str, row: Section, key: str) -> list[str]:
        if part.endswith("*"):
            return [part.lower()]
        if part in self._fillers and part not in _ARTICLES:
            raise row.wrong(key, f"no word that is read over ({part})")
        return words_of(part, self._spelling, self._fillers)

    def _is_denial(self, words: Sequence[str]) -> bool:
        if self._spaced:
            return any(word in self._negators for word in words)
        return any(negator in words[0] for negator in self._negators)


def _index(numbered: Iterable[tuple[int, tuple[Clause, ...]]], used: Counter[int]) -> dict[str, str]:
    """Concept -> numbers of what needs it. Each is filed under that one of its needs which is rarest among all patterns."""
    filed: dict[int, list[int]] = {}
    for number, clauses in numbered:
        needs = [concepts for clause in clauses for concepts, _, optional in clause if not optional]
        for concept in min(needs, key=lambda concepts: sum(used[each] for each in concepts)):
            filed.setdefault(concept, []).append(number)
    return {str(concept): " ".join(map(str, numbers)) for concept, numbers in filed.items()}


def _tokens(text: str, *, joined: bool) -> Iterator[str]:
    """The parts of a pattern. In English plain words that follow each other are one part: they are looked for as a phrase."""
    phrase: list[str] = []
    for token in _split(text.strip()):
        if joined and _PLAIN.fullmatch(token):
            phrase.append(token)
        elif not (phrase and token.isspace()):
            yield from _phrase(phrase)
            phrase = []
            yield token
    yield from _phrase(phrase)


def _phrase(words: Sequence[str]) -> Iterator[str]:
    if words:
        yield " ".join(words)


def _split(text: str) -> Iterator[str]:
    """Words, gaps, concepts, numbers, and groups as a whole with all that is in them."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        end = _closing(text, at) if text[at] == "(" else match.end() if match else at + 1
        yield text[at:end]
        at = end


def _closing(text: str, at: int) -> int:
    """Behind the bracket that closes the one at ``at`` and its question mark, or behind the open one if none does."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place + (2 if text.startswith("?", place + 1) else 1)
    return at + 1


def _alternatives(text: str) -> list[str]:
    """The ways of a group: cut at the bars that are in no inner group."""
    parts = [""]
    for token in _split(text):
        if token == "|":  # noqa: S105
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]
