"""Policy: everything a support organisation decides for itself, as data with a version.

What cases are about, which words say so, how bad it is, whose it is, by when somebody must have answered, and when two
messages are one matter. Nothing here decides: ``casework.triage``, ``duplicates`` and ``escalation`` ask it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casework import classifier
from casework.case import Severity, Team
from casework.classifier import Model
from casework.errors import InvalidPolicy
from casework.policy.campaign_rules import CampaignRules, campaign_rules
from casework.policy.document import Document, Section
from casework.policy.ladder import Ladders, ladders
from casework.policy.phrases import PhraseBook, pack, unpack
from casework.policy.recognition import DuplicateRules, duplicate_rules
from casework.policy.tables import SeverityTable, first, severity_table
from casework.policy.taxonomy import Category, taxonomy
from casework.policy.thresholds import Thresholds, thresholds

SHIPPED = Path(__file__).parent
FILES = ("taxonomy", "vocabulary", "phrases", "severity", "ladder", "duplicates", "triage", "campaigns")
FORMAT = 3
"""Raise it whenever what ``parse`` gives changes its shape: it is part of the digest."""
MODEL = "model.bin"
CANDIDATE = SHIPPED / "candidate"
"""Where a build finds the policy that is tried in the shadow of the one in use, if there is one."""
COMPILED = "compiled.json"
"""What a build may write beside the files, so that a cold start parses none of them. It names the digest of the files
it was made from and is ignored for any others: it can be missing or old, never wrong."""


_LOADED: dict[str, Policy] = {}
"""What was loaded in this process, by the digest of the files: a policy never changes, and parsing one is dear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One state of all policy files, checked."""

    version: str
    """Newest version among the files, ``+``, and the first 12 hex digits of the SHA-256 over all of them."""
    versions: Mapping[str, str]
    categories: Mapping[str, Category]
    phrases: PhraseBook
    table: SeverityTable
    ladders: Ladders
    duplicates: DuplicateRules
    triage: Thresholds
    campaigns: CampaignRules
    model: Model

    def category(self, name: str) -> Category:
        """The category. Raises ``KeyError`` for a name that is not in the taxonomy."""
        return self.categories[name]

    def family(self, name: str) -> str:
        """The family of a category; a category of an older policy is a family of its own."""
        return self.categories[name].family if name in self.categories else name

    def incident(self, name: str) -> bool:
        """Whether somebody does, or may have done, wrong; ``False`` for a category of an older policy."""
        return name in self.categories and self.categories[name].incident

    def severity(self, category: str, facets: Mapping[str, str]) -> Severity:
        """How bad: the first row that holds, else what the taxonomy says."""
        return first(self.table.severities, self._facts(category, facets), self.categories[category].severity)

    def team(self, category: str, facets: Mapping[str, str]) -> Team:
        """Whose it is: the first row that holds, else what the taxonomy says."""
        return first(self.table.teams, self._facts(category, facets), self.categories[category].team)

    def escalates(self, category: str, facets: Mapping[str, str], severity: Severity, team: Team) -> bool:
        """Whether the team is interrupted: the first row that holds, else what the taxonomy says."""
        facts = {**self._facts(category, facets), "severity": severity.value, "team": team.value}
        return first(self.table.escalations, facts, self.categories[category].escalates)

    def minutes(self, severity: Severity, rung: int, team: str = "") -> int:
        """Minutes until somebody must have acknowledged on this rung, which is counted from 0."""
        return self.ladders.of(severity, team).wait(rung)

    def last_rung(self, severity: Severity, team: str = "") -> int:
        """The rung after which the chaser gives up."""
        return self.ladders.of(severity, team).max_rung

    def audience(self, severity: Severity, rung: int, language: str = "en", team: str = "") -> str:
        """Who hears of it on this rung, named in English or Japanese."""
        audience = self.ladders.of(severity, team).audience(rung)
        return audience.ja if language == "ja" else audience.en

    def _facts(self, category: str, facets: Mapping[str, str]) -> dict[str, str]:
        return {**facets, "category": category, "family": self.family(category)}


def load(directory: Path | None = None) -> Policy:
    """The policy of a directory, by default the one shipped. Raises ``InvalidPolicy`` for the first mistake found.

    A directory without a model of its own is judged with the one shipped.
    """
    place = directory or SHIPPED
    sources, trained = _read(place), _trained(place)
    digest = _digest(sources)
    key = f"{digest}+{trained.version}"
    if key not in _LOADED:
        _LOADED[key] = build(_compiled(place, digest) or parse(sources), digest, trained)
    return _LOADED[key]


def candidate(directory: Path) -> Policy:
    """The shipped policy with the files that ``directory`` has in their place. Raises ``InvalidPolicy``, too when it has none."""
    files = {name: directory if (directory / f"{name}.toml").exists() else SHIPPED for name in FILES}
    if not (directory / MODEL).exists() and directory not in files.values():
        raise InvalidPolicy(str(directory), "(folder)", f"one of {', '.join(FILES)} as .toml, or {MODEL}")
    sources = {name: _source(place, f"{name}.toml") for name, place in files.items()}
    return build(parse(sources), _digest(sources), _trained(directory))


def parse(sources: Mapping[str, bytes]) -> dict[str, Any]:
    """The files' TOML as documents, the phrase book compiled and checked, all of it writable as JSON."""
    from casework.policy.rules import phrase_book  # not at a cold start with a compiled policy

    documents = {name: _document(name, source) for name, source in sources.items()}
    categories = taxonomy(documents["taxonomy"])
    versions = {name: Section(f"{name}.toml", "", document).text("version") for name, document in documents.items()}
    book = phrase_book(documents.pop("vocabulary"), documents["phrases"], categories)
    return {**documents, "phrases": pack(book), "versions": versions}


def build(documents: Mapping[str, Any], digest: str, model: Model) -> Policy:
    """The policy from what ``parse`` gave, or from what was written of it. The small files are checked again."""
    categories = taxonomy(documents["taxonomy"])
    families = {category.family for category in categories.values()}
    return Policy(
        version=f"{max(documents['versions'].values())}+{digest[:12]}",
        versions=documents["versions"],
        categories=categories,
        phrases=unpack(documents["phrases"]),
        table=severity_table(documents["severity"], categories, families),
        ladders=ladders(documents["ladder"]),
        duplicates=duplicate_rules(documents["duplicates"]),
        triage=thresholds(documents["triage"]),
        campaigns=campaign_rules(documents["campaigns"]),
        model=model,
    )


def compile_into(target: Path, directory: Path | None = None) -> Path:
    """Write ``compiled.json`` for the files of ``directory`` into ``target``; what a build calls. Returns its path."""
    sources = _read(directory or SHIPPED)
    path = target / COMPILED
    content = {"digest": _digest(sources), "documents": parse(sources)}
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


def _read(directory: Path) -> dict[str, bytes]:
    return {name: _source(directory, f"{name}.toml") for name in FILES}


def _trained(directory: Path) -> Model:
    path = directory / MODEL
    try:
        return read_model(path if path.exists() else SHIPPED / MODEL)
    except (OSError, ValueError) as error:
        raise InvalidPolicy(MODEL, "(file)", f"weights as `make train` writes them ({error})") from error


@cache
def read_model(path: Path) -> Model:
    """Read a file of weights, once in a process. Raises ``ValueError`` when it is none."""
    return classifier.read(path.read_bytes())


def _source(directory: Path, file: str) -> bytes:
    try:
        return (directory / file).read_bytes()
    except OSError as error:
        raise InvalidPolicy(file, "(file)", "a file that can be read") from error


def _digest(sources: Mapping[str, bytes]) -> str:
    total = hashlib.sha256(f"policy {FORMAT}\n".encode())
    for name in sorted(sources):
        total.update(f"{name} {len(sources[name])}\n".encode() + sources[name])
    return total.hexdigest()


def _compiled(directory: Path, digest: str) -> dict[str, Any] | None:
    try:
        content = json.loads((directory / COMPILED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content["documents"] if isinstance(content, dict) and content.get("digest") == digest else None


def _document(name: str, source: bytes) -> Document:
    import tomllib  # not at a cold start with a compiled policy

    try:
        return tomllib.loads(source.decode())
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are both ValueErrors
        raise InvalidPolicy(f"{name}.toml", "(file)", f"TOML in UTF-8 ({error})") from error
