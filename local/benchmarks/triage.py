"""``python -m local benchmark triage``: what judging a text costs, and what the model adds to a cold start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from casework.policy import MODEL, SHIPPED, load
from casework.triage import assess
from local.evaluate import show
from local.evaluation.row import Row, score
from local.training.examples import Example
from local.training.examples import load as examples
from local.training.train import message

ROUNDS = 5
TEXTS = 40
SIZE = 1_000
"""Bytes of UTF-8 of a text; the held-out examples nearest to it are taken."""
KIND = "triage"
_READ = f"from casework.policy import read_model; from pathlib import Path; read_model(Path({str(SHIPPED / MODEL)!r}))"
_ONLY_IMPORT = "import casework.policy"


def run(*, as_json: bool) -> int:
    """Print the table."""
    show(list(rows()), as_json=as_json)
    return 0


def rows() -> Iterator[Row]:
    """Processor time, so that a busy machine does not count; medians."""
    policy = load()
    held_out = [example for example in examples(policy) if example.held_out]
    for language in ("en", "ja"):
        texts = sorted((each for each in held_out if each.lang == language), key=lambda each: abs(_size(each) - SIZE))[:TEXTS]
        costs = sorted(_cost(text) for text in texts)
        sizes = f"of {min(map(_size, texts))} to {max(map(_size, texts))} bytes, worst {costs[-1]:.1f} ms"
        yield score(KIND, f"assess a text of 1 KB, ms ({language})", statistics.median(costs), len(costs), sizes)
    added = _started(f"{_ONLY_IMPORT}; {_READ}") - _started(_ONLY_IMPORT)
    yield score(KIND, "reading the model at a cold start, ms", added, ROUNDS)
    yield score(KIND, "size of the model, MB", (SHIPPED / MODEL).stat().st_size / 1e6, 1)


def _size(example: Example) -> int:
    return len(example.text.encode())


def _cost(example: Example) -> float:
    policy, (written, secrets) = load(), message(example)
    assess(written, secrets, policy)
    began = time.process_time()
    for _ in range(ROUNDS):
        assess(written, secrets, policy)
    return (time.process_time() - began) / ROUNDS * 1e3


def _started(code: str) -> float:
    """Processor time of a fresh process, in ms: the least of several."""
    timed = f"import time; import casework.policy; began = time.process_time(); {code}; print(time.process_time() - began)"
    alone = {"PYTHONPATH": str(SHIPPED.parents[1])}
    command = [sys.executable, "-c", timed]
    printed = (subprocess.run(command, check=True, capture_output=True, text=True, env=alone) for _ in range(ROUNDS))
    return min(float(each.stdout) for each in printed) * 1e3
