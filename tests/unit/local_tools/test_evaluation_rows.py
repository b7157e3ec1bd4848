from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from local import evaluate
from local.evaluation.row import macro_f1, overlap, pairs_of, score, share


def test_a_share_of_nothing_is_no_share() -> None:
    assert share("k", "m", 0, 0).value is None
    assert share("k", "m", 1, 3).value == 0.3333


def test_overlap_counts_characters() -> None:
    assert overlap("", "") == 1
    assert overlap("abc", "") == 0
    assert overlap("abcd", "ab") == pytest.approx(2 * 2 / 6)


def test_macro_f1_gives_every_category_the_same_weight() -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "a"), ("b", "a")]
    assert macro_f1(pairs) == pytest.approx((2 * 3 / (3 + 4) + 0) / 2)
    assert macro_f1([]) == 0


def test_pairs_are_every_two_members_of_a_group() -> None:
    assert pairs_of([["b", "a", "c"], ["d"]]) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_an_absent_kind_is_said_to_be_absent(tmp_path: Path) -> None:
    theirs = [kind for kind in evaluate.KINDS if not kind.is_ours]
    rows = list(evaluate.evaluate(tmp_path, theirs))
    assert [(row.kind, row.measure) for row in rows] == [(kind.folder, "absent") for kind in theirs]


def test_a_corpus_that_is_no_folder_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.run(tmp_path / "nowhere", as_json=False) == 2
    assert capsys.readouterr().err.strip().endswith("nowhere is no folder.")


def test_the_table_and_the_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [share("mail/parsed", "subjects exact", 58, 59, "not: [b]x[/b]"), score("mail/replies", "F1", 0.98765, 32)]
    out = io.StringIO()
    evaluate.show(rows, as_json=False, to=Console(file=out, width=120))
    assert "58/59" in out.getvalue()
    assert "[b]x[/b]" in out.getvalue()
    evaluate.show(rows, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert [(row["kind"], row["measure"], row["value"], row["got"], row["of"]) for row in told] == [
        ("mail/parsed", "subjects exact", 0.9831, 58, 59),
        ("mail/replies", "F1", 0.9877, None, 32),
    ]
