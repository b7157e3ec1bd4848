"""A short run of the simulation, and what makes a long one worth anything: it repeats, and it forgets nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.simulation import command, scenario
from local.simulation.history import digest, played
from local.simulation.ledger import TOLD
from local.simulation.oracle import violations
from local.simulation.pure import remembered, unworded

ROOT = Path(__file__).parents[3]
HISTORIES = 300
DIGESTS = """
import sys
sys.path[:0] = [".", "layers/casework"]
from local.simulation.history import digest
from local.simulation.pure import remembered
with remembered():
    print([digest(seed) for seed in range(25)])
"""


def test_no_history_breaks_a_promise(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(histories=HISTORIES, jobs=1) == 0, capsys.readouterr().out
    assert f"{HISTORIES} histories" in capsys.readouterr().out


def test_analysts_do_everything_that_they_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario, "COMMANDS", (8,))
    done: set[str] = set()
    with remembered():
        for seed in range(80):
            world, _ = played(seed)
            assert violations(world) == ()
            done |= {each.given["command"] for each in world.commanded if each.answer.outcome == "done"}
    assert done == {*TOLD, "close", "reopen"}


def test_a_seed_is_one_history_whatever_the_order_of_hashes() -> None:
    digests = [_digests_with_hash_seed(seed) for seed in ("1", "2")]
    assert digests[0] == digests[1]


def _digests_with_hash_seed(seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", DIGESTS], cwd=ROOT, env=environment, check=True, capture_output=True).stdout


def test_what_is_done_once_changes_no_history() -> None:
    seeds = range(12)
    with remembered():
        quick = [digest(seed) for seed in seeds]
    with unworded():
        assert [digest(seed) for seed in seeds] == quick


def test_one_history_is_told_again_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.replay(7) == 0
    told = capsys.readouterr().out
    assert "seed 7:" in told
    assert "0 violations" in told
    assert "opened" in told
