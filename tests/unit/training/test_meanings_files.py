"""The words that mean one thing, as people write them down."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework import policy
from casework.errors import InvalidPolicy
from local.training.meanings import load


def test_the_shipped_model_has_the_words_that_are_written_down() -> None:
    assert policy.load().model.meanings == load(), "run `make train`"


def test_a_word_may_mean_several_things(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[one]\nen = ["Wire Transfer"]\nja = ["電信"]\n[two]\nen = ["wire-transfer"]\nja = ["ＡＴＭ"]\n'.replace("ＡＴＭ", "窓口")
    )
    assert load(tmp_path).names == {"wire transfer": "one two", "電信": "one", "窓口": "two"}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("[one]\nen = []\n", "one"),
        ("[One]\nen = []\nja = []\n", "One"),
        ('[one]\nen = ["a b c d e"]\nja = []\n', r"one\.en: expected 1 to 4 words"),
        ('[one]\nen = ["出金"]\nja = []\n', r"one\.en"),
        ('[one]\nen = [" "]\nja = []\n', r"one\.en"),
        ('[one]\nen = []\nja = ["が"]\n', r"one\.ja: expected Japanese characters"),
        ('[one]\nen = []\nja = ["SMS認証"]\n', r"one\.ja"),
        ('[one]\nen = []\nja = ["api"]\n', r"one\.ja"),
        ("[one\n", "TOML"),
    ],
)
def test_what_could_never_be_found_is_named_with_file_and_key(tmp_path: Path, content: str, place: str) -> None:
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidPolicy, match=rf"mine\.toml: .*{place}"):
        load(tmp_path)
