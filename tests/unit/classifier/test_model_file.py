"""The file of weights: written, read, refused; and what its numbers add up to."""

from __future__ import annotations

import zlib

import pytest

from casework.classifier import ZERO, Model, read, written

MODEL = Model(
    "one",
    ["category:a", "escalates:yes"],
    [0.5, 0.25],
    [0.1, -0.1],
    2.0,
    bytes([0, ZERO, ZERO, 9, 150, 100, 4, 90, 255, 1, 1, 1]),
)


def test_what_was_written_is_read() -> None:
    assert read(written(MODEL)) == MODEL
    assert written(read(written(MODEL))) == written(MODEL)


@pytest.mark.parametrize(
    "content",
    [b"", b"no weights", zlib.compress(b"{}\n"), zlib.compress(b"[]\nabc"), written(MODEL)[:-4], zlib.compress(b"\xff\n")],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a model"):
        read(content)


def test_a_file_whose_rows_are_cut_short_is_refused() -> None:
    short = Model(MODEL.version, MODEL.answers, MODEL.scales, MODEL.biases, MODEL.rarity, MODEL.rows[:-1])
    with pytest.raises(ValueError, match="cut short"):
        read(written(short))


def test_a_score_is_its_bias_and_what_each_gram_adds() -> None:
    seen = [1, 2, 7]
    for answer, score in MODEL.scores(seen).items():
        bias = MODEL.biases[MODEL.answers.index(answer)]
        assert score == pytest.approx(bias + sum(MODEL.weights(answer, seen).values()))


def test_many_grams_do_not_flow_over() -> None:
    rows = bytes([200, 255, 1]) * 4
    model = Model("two", ["a", "b"], [1.0, 1.0], [0.0, 0.0], 1.0, rows)
    seen = range(5_000)
    scores = model.scores(seen)
    assert scores["a"] == pytest.approx(sum(model.weights("a", seen).values()))
    assert scores["b"] == pytest.approx(sum(model.weights("b", seen).values()))


def test_nothing_seen_is_the_bias_alone() -> None:
    assert MODEL.scores([]) == {"category:a": 0.1, "escalates:yes": -0.1}
