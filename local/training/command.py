"""``python -m local train``: learn from the examples, say what the model is worth, and write the file that ships."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from casework import policy
from casework.classifier import Model, written
from casework.errors import InvalidPolicy
from casework.policy import Policy
from local.training import fit
from local.training.examples import SHIPPED, Example, follow_ups, load
from local.training.fit import Seen
from local.training.train import train

TARGET = policy.SHIPPED / policy.MODEL


def run(folder: Path | None, target: Path | None, *, check: bool, fitting: bool) -> int:
    """Train on a folder of examples and write the model; with ``check`` only say whether the file is what they give."""
    try:
        current = policy.load()
        examples = [example for example in load(current, folder or SHIPPED) if not example.held_out]
        examples += [] if folder else [example for example in follow_ups() if not example.held_out]
    except InvalidPolicy as error:
        print(error, file=sys.stderr)
        return 2
    print(_counted([each for each in examples if each.follow_up is None]))
    if fitting:
        _say_what_fits(examples, current)
    started = time.perf_counter()
    model = train(examples, current)
    if fitting:
        _say_how_follow_ups_fit(replace(current, model=model))
    print(f"learned {len(model.answers)} answers in {time.perf_counter() - started:.0f} s, version {model.version}")
    return _checked(model, target or TARGET) if check else _written(model, target or TARGET)


def _counted(examples: Sequence[Example]) -> str:
    spoken = {language: sum(example.lang == language for example in examples) for language in ("en", "ja")}
    return f"{len(examples)} examples: " + ", ".join(f"{count} {language}" for language, count in spoken.items())


def _say_what_fits(examples: Sequence[Example], current: Policy) -> None:
    """Print what [confidence] and [suspicion] of triage.toml should be, for examples that their model never saw."""
    seen = [each for each in fit.cross_validated(examples, current) if each.example.follow_up is None]
    numbers = fit.confidence(seen)
    right = sum(each.assessment.category in each.example.labels for each in seen)
    print(f"cross-validated in {fit.FOLDS} folds: {right}/{len(seen)} categories acceptable")
    print("[confidence]  " + "  ".join(f"{name} = {numbers[name]:.2f}" for name in ("bias", "lead", "rival")))
    fitted = fit.suspicion(seen)
    print("[suspicion]  " + "  ".join(f"{name} = {fitted[name]:.2f}" for name in ("bias", "urgent", "calm")))
    print(f"calibration error {_error(seen, current, numbers):.3f} with these")


def _say_how_follow_ups_fit(current: Policy) -> None:
    """Print what [follow_up] should be, for the later messages of streams that nothing is learned from."""
    from local.evaluation.own_streams import STREAMS, later

    numbers = fit.follow_up([each for file in sorted(STREAMS.glob("tuned.*")) for each in later(file)], current)
    print("[follow_up]  " + "  ".join(f"{name} = {numbers[name]:.2f}" for name in ("bias", "model")))


def _error(seen: Sequence[Seen], current: Policy, numbers: dict[str, float]) -> float:
    from local.evaluation.own_examples import calibration_error

    clear = replace(current.triage.confidence, **{name: round(numbers[name], 2) for name in ("bias", "lead", "rival")})
    triage = replace(current.triage, confidence=clear)
    fitted = [replace(each, policy=replace(each.policy, triage=triage)) for each in seen]
    return calibration_error([(each.example, each.assessment) for each in fitted])


def _written(model: Model, target: Path) -> int:
    content = written(model)
    target.write_bytes(content)
    print(f"{target.name}: {len(content):,} bytes")
    return 0


def _checked(model: Model, target: Path) -> int:
    same = target.read_bytes() == written(model)
    print(f"{target.name} is {'what' if same else 'not what'} these examples give")
    return 0 if same else 1
