"""``python -m local simulate``: play histories until one is wrong, play one again, or see which wrong protocols are found out."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TypeVar

from local.progress import Progress
from local.simulation.history import Told, concerns, played, tell
from local.simulation.implied import IMPLIED
from local.simulation.mutants import MUTANTS, Mutant
from local.simulation.oracle import violations
from local.simulation.pure import forget, remembered
from local.simulation.rewriting import Stale
from local.simulation.telling import told

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

HISTORIES = 100_000
SHOWN = 20
"""Wrong histories that are listed; the first is told whole by ``--replay``."""
CHUNK = 100
TRIED = 2_000
"""Histories that a mutant must survive to be called a survivor."""
KILLED = 0.95
"""The share of the mutants that must be found out."""


@dataclass(slots=True)
class Sum:
    """What histories came to."""

    histories: int = 0
    messages: int = 0
    steps: int = 0
    wrong: list[Told] = field(default_factory=list)

    def add(self, history: Told) -> None:
        """Count one."""
        self.histories += 1
        self.messages += history.messages
        self.steps += history.steps
        if history.violations:
            self.wrong.append(history)


def run(*, histories: int = HISTORIES, seed: int = 0, jobs: int = 0) -> int:
    """Play so many histories from ``seed`` on. Exit status 1 when any is wrong."""
    started = time.monotonic()
    total = play(histories, seed, jobs or os.cpu_count() or 1)
    seconds = time.monotonic() - started
    print(
        f"{total.histories} histories of {total.messages} messages, {total.steps} steps: "
        f"{len(total.wrong)} violations; {seconds:.0f} s, {1000 * seconds / max(1, total.histories):.1f} ms each"
    )
    for history in total.wrong[:SHOWN]:
        print(f"  seed {history.seed}: {'; '.join(history.violations[:3])}")
    if total.wrong:
        print(f"Play one again: python -m local simulate --replay {total.wrong[0].seed}")
    return 1 if total.wrong else 0


def play(histories: int, seed: int, jobs: int) -> Sum:
    """What the histories came to: the same whatever the number of ``jobs``."""
    total = Sum()
    with Progress("simulate", histories) as progress:
        for history in _spread(tell, range(seed, seed + histories), jobs):
            total.add(history)
            progress.done()
            progress.begin(f"{len(total.wrong)} wrong")
    return total


def replay(seed: int) -> int:
    """Tell one history: what was written, what was decided, what is wrong. Exit status 1 when anything is."""
    with remembered():
        world, steps = played(seed)
        wrong = violations(world)
    print("\n".join(told(world)))
    print(f"seed {seed}: {steps} steps, {len(wrong)} violations")
    print("".join(f"  {each}\n" for each in wrong), end="")
    return 1 if wrong else 0


def mutants(*, histories: int = TRIED, seed: int = 0, jobs: int = 0) -> int:
    """Try every mutant until a history finds it out. Exit status 1 when too few are found out, 2 when one is stale.

    Those of ``IMPLIED`` are named and neither tried nor counted.
    """
    found: list[str] = []
    tried = [(place, histories, seed) for place in range(len(MUTANTS))]
    for place, verdict in enumerate(_spread(_try, tried, jobs or os.cpu_count() or 1, chunk=1)):
        print(f"{verdict:<24} {MUTANTS[place].name}", flush=True)
        found.append(verdict.partition(" ")[0])
    for mutant in IMPLIED:
        print(f"{'not counted':<24} {mutant.name}: implied by {mutant.breaks}")
    killed = found.count("killed")
    print(f"{killed} of {len(found)} mutants killed ({killed / len(found):.1%})")
    return 2 if "stale" in found else 0 if killed >= KILLED * len(found) else 1


def fate(mutant: Mutant, histories: int, seed: int = 0) -> str:
    """``killed by seed N``, ``survived`` or ``stale``."""
    try:
        with remembered(), mutant.alive():
            forget()
            killer = next((each for each in _tried(mutant, histories, seed) if _is_wrong(each)), None)
    except Stale as stale:
        return f"stale: {stale}"
    finally:
        forget()
    return "survived" if killer is None else f"killed by seed {killer}"


def _tried(mutant: Mutant, histories: int, seed: int) -> Iterator[int]:
    """The seeds that a mutant is tried with: where commands are wrong, those with commands; where campaigns are, likewise."""
    return islice((each for each in count(seed) if _may_concern(mutant, each)), histories)


def _may_concern(mutant: Mutant, seed: int) -> bool:
    if not (mutant.commands or mutant.campaigns):
        return True
    commands, campaigns = concerns(seed)
    return commands >= mutant.commands and campaigns >= mutant.campaigns


def _is_wrong(seed: int) -> bool:
    try:
        return bool(tell(seed).violations)
    except Exception:  # noqa: BLE001
        # Whatever a wrong protocol does to the simulation, it has been found out.
        return True


_BEGUN = ExitStack()


def _begin() -> None:
    """In each of the pool's processes, for as long as it lives."""
    _BEGUN.enter_context(remembered())
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)  # a history leaves little behind, and looking for it takes a third of the time


def _try(mutant: tuple[int, int, int]) -> str:
    place, histories, seed = mutant
    return fate(MUTANTS[place], histories, seed)


def _spread(act: Callable[[Asked], Answer], over: Sequence[Asked], jobs: int, chunk: int = CHUNK) -> Iterator[Answer]:
    """The answers, in order, from so many processes."""
    if jobs == 1 or len(over) <= chunk:
        with remembered():
            yield from map(act, over)
        return
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with multiprocessing.get_context("spawn").Pool(jobs, _begin) as pool:
        signal.signal(signal.SIGINT, interrupted)
        yield from pool.imap(act, over, chunk)
    sys.stdout.flush()
