"""``python -m local evaluate CORPUS``: what the system gets right on a folder of inputs with known answers, in one table.

The layout of the folder is a format: the kinds below, each a folder of its own. What is absent is said to be absent, and
nothing depends on the names of files below a kind's folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.display import console, printable
from local.evaluation import (
    banking77,
    bounces,
    campaigns,
    doors,
    duplicates,
    entities,
    labelled,
    mails,
    own_examples,
    own_streams,
    parsed,
    personal_data,
    phrase_rules,
    replies,
    reports,
    seed_phrases,
    sentence_pairs,
    strangers,
    threads_headerless,
    transcripts,
    two_languages,
)
from local.evaluation.row import Row, absent, skipped
from local.progress import Progress

NOTE_WIDTH = 64
"""Columns of a note; the JSON has all of it."""
Measure = Callable[[str, Path], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input: where a corpus keeps it, and what is measured on it."""

    folder: str
    measure: Measure
    is_ours: bool = False
    """Whether it is measured on what the project brings itself, whatever the corpus has."""


KINDS = (
    Kind("mail", mails.every),
    Kind("mail/parsed", parsed.rows),
    Kind("mail/awkward", mails.awkward),
    Kind("mail/replies", replies.rows),
    Kind("mail/bounces", bounces.rows),
    Kind("mail/threads", mails.threads),
    Kind("mail/threads", threads_headerless.rows),
    Kind("mail/phishing", mails.phishing),
    Kind("voice/transcripts", transcripts.rows),
    Kind("voice/aws_docs", transcripts.documented),
    Kind("voice/scam_calls", strangers.scam_calls),
    Kind("text/labelled", labelled.rows),
    Kind("text/clinc150", strangers.harmless),
    Kind("text/banking77", banking77.rows),
    Kind("voice/contact_lens_rules", phrase_rules.rows),
    Kind("own examples, held out", own_examples.rows, is_ours=True),
    Kind("own streams", own_streams.rows, is_ours=True),
    Kind("voice/scam_calls", campaigns.scam_calls),
    Kind("mail/phishing", campaigns.phishing),
    Kind("mail/threads", campaigns.threads),
    Kind("duplicates/labelled", duplicates.rows),
    Kind("duplicates/reports", reports.rows),
    Kind("duplicates/sentence_pairs", sentence_pairs.rows),
    Kind("voice/dialogues_ja_en", two_languages.rows),
    Kind("entities/bip39", seed_phrases.rows),
    Kind("entities/bips", entities.rows),
    Kind("text/pii_en", personal_data.labelled),
    Kind("mail", personal_data.in_mails),
    Kind("text", personal_data.in_texts),
    Kind("voice", personal_data.in_speech),
    Kind("duplicates", personal_data.in_texts),
    Kind("events", doors.rows),
)
"""In the order of the table. A new kind is a line here and a function that yields its rows."""


def evaluate(corpus: Path, kinds: Sequence[Kind] = KINDS) -> Iterator[Row]:
    """Measure every kind the corpus has. One that it lacks, or that is laid out otherwise, gives a row that says so."""
    for kind in kinds:
        folder = corpus / kind.folder
        if kind.is_ours or folder.is_dir():
            yield from _measured(kind, folder)
        else:
            yield absent(kind.folder, "not in this corpus")


def _measured(kind: Kind, folder: Path) -> list[Row]:
    try:
        rows = list(kind.measure(kind.folder, folder))
    except (ValueError, LookupError, TypeError, OSError) as error:
        return [skipped(kind.folder, f"not laid out as expected: {type(error).__name__}: {error}")]
    return rows or [skipped(kind.folder, "nothing in it that could be measured")]


def run(corpus: Path, *, as_json: bool, only: Sequence[str] = ()) -> int:
    """Print the table, or the same as one JSON array. The exit status says whether anything could be measured."""
    if not corpus.is_dir():
        print(f"{corpus} is no folder.", file=sys.stderr)
        return 2
    kinds = [kind for kind in KINDS if not only or kind.folder in only]
    rows: list[Row] = []
    with Progress("evaluating", len(kinds)) as progress:
        for kind in kinds:
            progress.begin(kind.folder)
            rows += evaluate(corpus, [kind])
            progress.done()
    show(rows, as_json=as_json)
    theirs = {kind.folder for kind in KINDS if not kind.is_ours}
    return 0 if any(row.value is not None and row.kind.split(" (")[0] in theirs for row in rows) or only else 2


def show(rows: Sequence[Row], *, as_json: bool, to: Console | None = None) -> None:
    """Print the rows, for people or for programs."""
    if as_json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("kind", "measure", "value", "count", "note"):
        table.add_column(name, justify="right" if name in {"value", "count"} else "left", no_wrap=name != "note")
    previous = ""
    for row in rows:
        table.add_row(row.kind if row.kind != previous else "", row.measure, *_figures(row), _note(row))
        previous = row.kind
    (to or console()).print(table)


def _note(row: Row) -> Text:
    note = Text(printable(row.note), style="dim")
    note.truncate(NOTE_WIDTH, overflow="ellipsis")
    return note


def _figures(row: Row) -> tuple[str, str]:
    value = "-" if row.value is None else f"{row.value:.3f}"
    if row.got is not None:
        return value, f"{row.got}/{row.of}"
    return value, "" if row.of is None else f"of {row.of}"
