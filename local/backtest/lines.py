"""Texts from files of JSON lines: labelled ones, items of the case table, or both in one file.

A labelled line has ``text`` and, as far as somebody knows, ``labels``, ``escalates``, ``loss``, ``role`` and ``lang``. It is
redacted as the desk would before anything is judged or shown; a placeholder in it stands for a secret, as in a stored text.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from casework.policy import Policy
from casework.policy.facets import FACETS
from casework.redaction import redact_message
from local.backtest import items
from local.backtest.sample import Input, Labels, Sample, Unusable, gathered
from local.training.examples import SHIPPED, Example, load
from local.training.train import message

LANGUAGES = ("en", "ja")


class Line(NamedTuple):
    """One line of a file. ``lang`` is what the file's name says, ``<name>.<en|ja>.jsonl``, or empty."""

    place: str
    content: bytes
    lang: str


def held_out(policy: Policy) -> Input:
    """Read the project's own examples that training never saw. Raises ``InvalidPolicy`` for one of no known category."""
    unseen = {example.text for example in load(policy) if example.held_out}
    lines = (line for line in _lines(sorted(SHIPPED.glob("*.jsonl"))) if _document(line.content)["text"] in unseen)
    return _gathered("the project's held-out examples", lines, policy.categories)


def read(path: Path, categories: Collection[str]) -> Input:
    """Read a file, or every ``*.jsonl`` of a folder. ``categories`` are those a label may name. Raises ``OSError``."""
    stored: list[Mapping[str, Any]] = []
    lines = _lines(sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    read = _gathered(path.name or str(path), lines, categories, stored)
    read.documents = stored
    return read


def learned(read: Input, policy: Policy) -> int:
    """Count the texts that are examples which training learns from. Raises ``InvalidPolicy`` as ``held_out`` does."""
    seen = {example.text for example in load(policy) if not example.held_out}
    return sum(sample.message.text in seen for sample in read.samples)


def _gathered(
    origin: str, lines: Iterable[Line], categories: Collection[str], stored: list[Mapping[str, Any]] | None = None
) -> Input:
    """``stored`` takes the items of the table, as they come by."""
    return gathered(origin, ((line.place, partial(_sample, line, categories, stored)) for line in lines))


def _lines(files: Iterable[Path]) -> Iterator[Line]:
    for file in files:
        spoken = file.suffixes[-2].lstrip(".") if len(file.suffixes) > 1 else ""
        lang = spoken if spoken in LANGUAGES else ""
        with file.open("rb") as content:
            yield from (Line(f"{file.name}:{number}", line, lang) for number, line in enumerate(content, 1) if line.strip())


def _sample(line: Line, categories: Collection[str], stored: list[Mapping[str, Any]] | None) -> Sample | None:
    document = _document(line.content)
    if not items.is_item(document):
        return _labelled(document, line, categories)
    sample = items.sample(document, line.place)
    if stored is not None:
        stored.append(items.plain(document))
    return sample


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unusable("not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unusable("not JSON") from None
    if not isinstance(document, dict):
        raise Unusable("not a JSON object")
    return document


def _labelled(document: Mapping[str, Any], line: Line, categories: Collection[str]) -> Sample:
    lang = _one_of(document, "lang", LANGUAGES) or line.lang
    clean, found = redact_message((said := message(_example(_text(document), lang)))[0])
    secrets = tuple({secret.placeholder: secret for secret in (*found, *said[1])}.values())
    return Sample(place=line.place, message=clean, secrets=secrets, language=lang, labels=_labels(document, categories))


def _example(text: str, lang: str) -> Example:
    """The text as training takes it; its labels do not matter to what is made of it."""
    return Example(text=text, lang=lang, labels=(), escalates=False, loss="", role="")


def _text(document: Mapping[str, Any]) -> str:
    text = document.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Unusable("text: expected what somebody wrote")
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise Unusable("text: expected Unicode, not half of a surrogate pair")
    return text


def _labels(document: Mapping[str, Any], categories: Collection[str]) -> Labels:
    named = document.get("labels") or []
    if not isinstance(named, list) or not all(isinstance(each, str) and each in categories for each in named):
        raise Unusable(f"labels: expected a list of categories of the taxonomy, not {_cited(named)}")
    escalates = document.get("escalates")
    if escalates is not None and not isinstance(escalates, bool):
        raise Unusable(f"escalates: expected true or false, not {_cited(escalates)}")
    loss, role = (_one_of(document, facet, FACETS[facet]) for facet in ("loss", "role"))
    return Labels(categories=tuple(named), escalates=escalates, loss=loss, role=role)


def _one_of(document: Mapping[str, Any], name: str, choices: Collection[str]) -> str:
    value = document.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or value not in choices:
        raise Unusable(f"{name}: expected one of {', '.join(choices)}, not {_cited(value)}")
    return value


def _cited(value: object) -> str:
    cited = json.dumps(value, ensure_ascii=True)
    return cited if len(cited) <= 60 else f"{cited[:60]}…"
