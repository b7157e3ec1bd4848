"""The project's own streams: how far the desk puts a customer's messages into the cases they belong to."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from local.evaluation.own_streams import STREAMS, joined, later, rows

FILES = sorted(STREAMS.glob("*.jsonl"))


@cache
def rates(file: Path) -> tuple[float, float]:
    """Precision and recall of pairs."""
    expected, got = joined(file)
    right = len(expected & got)
    return right / len(got), right / len(expected)


def test_every_line_is_a_message_of_somebody_at_some_time() -> None:
    seen: set[str] = set()
    for file in FILES:
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            assert line["id"] not in seen
            assert line["text"].strip()
            assert line["lang"] in {"en", "ja"}
            assert line["hours"] >= 0
            seen.add(line["id"])
    assert len(seen) > 1800


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_joined_is_nearly_always_one_matter(file: Path) -> None:
    assert rates(file)[0] >= 0.85


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_one_matter_is_often_joined(file: Path) -> None:
    assert rates(file)[1] >= (0.6 if file.stem.startswith("unseen") else 0.3)


def test_a_later_message_goes_on_where_its_matter_was_told_before(tmp_path: Path) -> None:
    lines = [("a", "g"), ("b", None), ("c", "g"), ("d", "campaign:x"), ("e", "campaign:x")]
    file = tmp_path / "tuned.en.jsonl"
    file.write_text(
        "".join(json.dumps({"customer": "c", "text": text, "group": group, "id": text}) + "\n" for text, group in lines)
    )
    assert list(later(file)) == [("b", False), ("c", True), ("d", False), ("e", False)]


def test_the_table_has_both_figures_of_every_file() -> None:
    assert len(list(rows("own streams", Path()))) == 2 * len(FILES)
