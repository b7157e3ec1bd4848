"""Training: which examples are learned from, and that it gives what ships."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casework import policy
from casework.classifier import written
from casework.errors import InvalidPolicy
from casework.triage import assess
from local.training.examples import ONLY_LEARNED_FROM, SHIPPED, follow_ups, load
from local.training.learn import LEAST, learn, opinions, rarities
from local.training.train import message, train

POLICY = policy.load()
LINE = {
    "text": "my coins are gone",
    "labels": ["unauthorized_withdrawal"],
    "escalates": True,
    "loss": "completed",
    "role": "victim",
}


def test_the_weights_that_ship_are_what_the_examples_give() -> None:
    learned_from = [example for example in (*load(POLICY), *follow_ups()) if not example.held_out]
    shipped = (policy.SHIPPED / policy.MODEL).read_bytes()
    assert written(train(learned_from, POLICY)) == shipped, "run `make train`"


def test_what_has_learned_something_else_of_the_same_examples_has_another_name() -> None:
    few = [example for example in load(POLICY) if example.labels[0] == "deposit" and example.lang == "en"][: 2 * LEAST]
    renamed = [replace(rule, id=f"another.{rule.id}") for rule in POLICY.phrases.rules]
    other = replace(POLICY, phrases=replace(POLICY.phrases, rules=renamed))
    once, again, otherwise = (train(few, each) for each in (POLICY, POLICY, other))
    assert once.version == again.version
    assert once.rows != otherwise.rows
    assert once.version != otherwise.version


def test_every_category_is_shown_in_both_languages() -> None:
    counted: dict[tuple[str, str], int] = {}
    for example in load(POLICY):
        counted[example.labels[0], example.lang] = counted.get((example.labels[0], example.lang), 0) + 1
    for name, category in POLICY.categories.items():
        least = 60 if category.escalates else 30
        assert min(counted.get((name, "en"), 0), counted.get((name, "ja"), 0)) >= least, name


def test_an_example_never_changes_sides() -> None:
    once, again = load(POLICY), load(POLICY)
    assert [example.held_out for example in once] == [example.held_out for example in again]
    files = [file for file in SHIPPED.glob("*.jsonl") if not file.name.startswith(ONLY_LEARNED_FROM)]
    share = sum(example.held_out for example in once) / sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert 0.15 < share < 0.25


def test_what_nobody_labelled_a_second_time_is_never_held_out(tmp_path: Path) -> None:
    lines = "".join(json.dumps({**LINE, "text": f"my coins are gone {number}"}) + "\n" for number in range(50))
    for name in ("others_theft.en.jsonl", "theft.en.jsonl"):
        (tmp_path / name).write_text(lines, encoding="utf-8")
    held_out = [example.held_out for example in load(POLICY, tmp_path)]
    assert not any(held_out[:50])
    assert any(held_out[50:])


def test_some_messages_are_known_to_go_on_and_as_many_to_open() -> None:
    every = follow_ups()
    for language in ("en", "ja"):
        goes_on = [example.follow_up for example in every if example.lang == language]
        assert len(goes_on) > 4000
        assert 0.4 < sum(map(bool, goes_on)) / len(goes_on) < 0.6
    assert 0.15 < sum(example.held_out for example in every) / len(every) < 0.25


def test_the_model_tells_what_goes_on_from_what_opens() -> None:
    held_out = [example for example in follow_ups() if example.held_out]
    told = [(assess(*message(example), POLICY).follow_up > 0.5, example.follow_up) for example in held_out]
    assert sum(got == wanted for got, wanted in told) / len(told) > 0.8


@pytest.mark.parametrize(
    "line", ['{"text": "Any news?"}', '{"text": "Any news?", "kind": "chaser"}', '{"text": " ", "kind": "chase"}', "[]", "{"]
)
def test_a_follow_up_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "en.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InvalidPolicy, match=r"en.jsonl:1"):
        follow_ups(tmp_path)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"labels": ["no_such_thing"]}, "labels"),
        ({"labels": []}, "labels"),
        ({"loss": "gone"}, "loss"),
        ({"role": "thief"}, "role"),
        ({"escalates": "yes"}, "escalates"),
        ({"text": "  "}, "text"),
    ],
)
def test_a_bad_line_is_named_with_its_file_and_key(tmp_path: Path, change: dict[str, object], key: str) -> None:
    (tmp_path / "mine.en.jsonl").write_text(f"{json.dumps(LINE)}\n{json.dumps({**LINE, **change})}\n", encoding="utf-8")
    with pytest.raises(InvalidPolicy, match=rf"mine\.en\.jsonl:2: {key}"):
        load(POLICY, tmp_path)


def test_what_can_be_told_apart_is_told_apart() -> None:
    """The two kinds share half of what they say; a few words are short vectors, so only the difference is sure."""
    starts = [first + step for first in (0, 50) for step in range(LEAST)]
    examples = [np.array([*range(start, start + 40), *range(100, 140)]) for start in starts]
    learned = learn(examples, np.array([[1.0]] * LEAST + [[-1.0]] * LEAST))
    said = [float(opinions(learned, each)[0]) for each in examples]
    assert min(said[:LEAST]) > max(said[LEAST:])


def test_what_hardly_any_example_has_says_nothing() -> None:
    examples = [np.array([7, *range(20, 60)])] * (LEAST - 1) + [np.array([8, *range(20, 60)])] * LEAST
    rare = rarities(examples)
    assert rare[7] == 0
    assert rare[8] > rare[20] > 0
