"""Both policies over every text, on every core when there are many."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casework.case import Assessment, Secret
from casework.message import Message
from casework.policy import Policy
from casework.triage import assess
from local.backtest.sample import Sample
from local.progress import Progress

FEW = 2_000
"""Texts that are judged before other processes have started."""
_CHUNK = 100

Read = tuple[Message, tuple[Secret, ...]]
Pair = tuple[Assessment, Assessment]


@dataclass(frozen=True, slots=True)
class Judged:
    """One text, and what both policies make of it."""

    sample: Sample
    before: Assessment
    """By the policy in use."""
    after: Assessment
    """By the candidate."""

    @property
    def language(self) -> str:
        """As labelled or stored, else as found."""
        return self.sample.language or self.before.language


def judge(samples: Sequence[Sample], current: Policy, candidate: Policy, *, few: int = FEW) -> list[Judged]:
    """Judge every sample twice, in their order. Pure but for the line of progress: the same input gives the same result."""
    chunks = [samples[start : start + _CHUNK] for start in range(0, len(samples), _CHUNK)]
    work = [[(sample.message, sample.secrets) for sample in chunk] for chunk in chunks]
    judged: list[Judged] = []
    with Progress("judging", len(samples)) as progress:
        for chunk, pairs in zip(chunks, _pairs(work, current, candidate, alone=len(samples) <= few), strict=True):
            judged += (Judged(sample, *pair) for sample, pair in zip(chunk, pairs, strict=True))
            progress.begin("by the policy in use and by the candidate")
            for _ in chunk:
                progress.done()
    return judged


def _pairs(work: Sequence[list[Read]], current: Policy, candidate: Policy, *, alone: bool) -> Iterator[list[Pair]]:
    if alone:
        _hold(current, candidate)
        yield from map(_assessed, work)
        return
    with multiprocessing.get_context("spawn").Pool(initializer=_hold, initargs=(current, candidate)) as pool:
        yield from pool.imap(_assessed, work)


_held: list[Policy] = []


def _hold(current: Policy, candidate: Policy) -> None:
    """Give a process its policies, once."""
    _held[:] = current, candidate


def _assessed(reads: Sequence[Read]) -> list[Pair]:
    current, candidate = _held
    return [(assess(*read, current), assess(*read, candidate)) for read in reads]
