"""Reading ``vocabulary.toml`` and ``phrases.toml``. Not needed at a cold start whose policy was compiled by the build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from casework.policy.document import Document, Section
from casework.policy.facets import FACETS
from casework.policy.patterns import LANGUAGES, Writer
from casework.policy.phrases import PhraseBook, Rule
from casework.policy.taxonomy import Category

_RULE = {"id", "category", "within", "weight", "each", "facets", "affirmed", "en", "ja", "unless_en", "unless_ja"}
_GUARD = {"id", "language", "factor", "before", "after", "inside", "scope", "negation", "patterns", "except"}
_VOCABULARY = {"version", "fillers", "spelling", "negators", "tracks", "guard", "concepts"}


def phrase_book(vocabulary: Document, phrases: Document, categories: Mapping[str, Category]) -> PhraseBook:
    """Build and check the book. Rules for incidents are guarded against denial and supposition unless they say otherwise."""
    top = Section("vocabulary.toml", "", vocabulary, _VOCABULARY)
    fillers = frozenset(top.texts("fillers"))
    spelling = {name: top.section("spelling").text(name).split() for name in top.section("spelling")}
    writers = {language: Writer(language, top, spelling, fillers) for language in LANGUAGES}
    for writer in writers.values():
        writer.define_concepts()
    rules = _rules(Section("phrases.toml", "", phrases, {"version", "rule"}), writers, categories)
    for guard in top.sections("guard", _GUARD):
        writers[guard.one_of("language", LANGUAGES)].add_guard(guard)
    return PhraseBook({language: writer.grammar() for language, writer in writers.items()}, rules, spelling, fillers)


def _rules(top: Section, writers: Mapping[str, Writer], categories: Mapping[str, Category]) -> tuple[Rule, ...]:
    rows = top.sections("rule", _RULE)
    rules = tuple(_rule(number, row, writers, categories) for number, row in enumerate(rows))
    ids: set[str] = set()
    for rule, row in zip(rules, rows, strict=True):
        if rule.id in ids:
            raise row.wrong("id", f"an id that no other rule has, not {rule.id}")
        ids.add(rule.id)
    return rules


def _rule(number: int, row: Section, writers: Mapping[str, Writer], categories: Mapping[str, Category]) -> Rule:
    category = row.one_of("category", categories) if "category" in row else ""
    facets = row.section("facets", FACETS, optional=True)
    if not category and not list(facets):
        raise row.wrong("category", "a category or facets")
    _add_patterns(number, row, writers)
    return Rule(
        id=row.text("id"),
        weight=row.number("weight", -5, 5),
        category=category,
        facets={name: facets.one_of(name, FACETS[name]) for name in facets},
        within=_within(row, categories.values()),
        each=row.flag("each", False),
        affirmed=row.flag("affirmed", categories[category].incident if category else True),
        vetoes=_vetoes(row, writers),
    )


def _within(row: Section, categories: Iterable[Category]) -> tuple[str, ...]:
    scopes = {name for category in categories for name in (category.name, category.family)}
    return row.some_of("within", scopes) if "within" in row else ()


def _add_patterns(number: int, row: Section, writers: Mapping[str, Writer]) -> None:
    listed = [(language, text) for language in LANGUAGES for text in row.texts(language, ())]
    if not listed:
        raise row.wrong("en", "at least one pattern in en or ja")
    for place, (language, text) in enumerate(listed, 1):
        writers[language].add_pattern(text, number, row, f"{language} (pattern {place} of the rule)")


def _vetoes(row: Section, writers: Mapping[str, Writer]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (language, writers[language].add_veto(text, row, f"unless_{language}"))
        for language in LANGUAGES
        for text in row.texts(f"unless_{language}", ())
    )
