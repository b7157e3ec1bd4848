"""The simulation finds out protocols that are wrong in one place; the long check is ``python -m local simulate --mutants``."""

from __future__ import annotations

import pytest

from casework.errors import Unavailable
from local.simulation import command
from local.simulation.command import fate
from local.simulation.history import concerns, digest
from local.simulation.implied import IMPLIED
from local.simulation.mutants import MUTANTS, Mutant
from local.simulation.pure import remembered
from local.simulation.rewriting import Stale, rewritten

SOON = (
    "no second attempt",
    "claimed first",
    "threads are not followed",
    "thread without its people",
    "a claim links identities",
    "acknowledged and still due",
    "refused entries are not named",
    "notified without lease",
)
"""Found out within a few histories; some of each kind."""
FEW = 40


def test_there_are_enough_of_them_and_each_says_what_it_breaks() -> None:
    assert len(MUTANTS) >= 50
    assert len({mutant.name for mutant in (*MUTANTS, *IMPLIED)}) == len(MUTANTS) + len(IMPLIED)
    assert all(mutant.breaks.endswith(".") and len(mutant.breaks) > 20 for mutant in MUTANTS)


@pytest.mark.parametrize("mutant", [*MUTANTS, *IMPLIED], ids=lambda mutant: mutant.name)
def test_no_mutant_is_stale(mutant: Mutant) -> None:
    with mutant.alive():
        pass


@pytest.mark.parametrize("mutant", IMPLIED, ids=lambda mutant: mutant.name)
def test_what_another_condition_implies_is_not_found_out(mutant: Mutant) -> None:
    assert fate(mutant, 10) == "survived"


def test_what_is_implied_is_named_and_not_counted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MUTANTS", [mutant for mutant in MUTANTS if mutant.name in SOON[:2]])
    assert command.mutants(histories=FEW, jobs=1) == 0
    told = capsys.readouterr().out
    assert "2 of 2 mutants killed" in told
    assert f"{IMPLIED[0].name}: implied by {IMPLIED[0].breaks}" in told


def test_a_mutant_is_tried_with_histories_that_can_concern_it() -> None:
    (mutant,) = (each for each in MUTANTS if each.commands and each.campaigns)
    seeds = list(command._tried(mutant, 3, 0))
    assert [concerns(seed) for seed in seeds] == [(True, True)] * 3
    assert (False, False) in map(concerns, range(seeds[-1]))


@pytest.mark.parametrize("name", SOON)
def test_a_wrong_protocol_is_found_out(name: str) -> None:
    (mutant,) = (each for each in MUTANTS if each.name == name)
    assert fate(mutant, FEW).startswith("killed")


def test_a_mutant_leaves_nothing_behind() -> None:
    with remembered():
        before = digest(3)
    for name in SOON[:3]:
        (mutant,) = (each for each in MUTANTS if each.name == name)
        fate(mutant, 3)
    with remembered():
        assert digest(3) == before


def test_a_right_protocol_survives() -> None:
    same = Mutant("the same", "Nothing.", "casework.desk:Desk._settle", "range(ATTEMPTS)", "range(0, ATTEMPTS)")
    assert fate(same, 20) == "survived"


def test_words_that_are_not_there_make_a_mutant_stale() -> None:
    with pytest.raises(Stale), rewritten("casework.desk:Desk._settle", [("no such words", "")]):
        raise Unavailable
