"""The command: load both policies, read the texts, judge, tell."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from casework import policy
from casework.classifier import Model
from casework.errors import InvalidPolicy
from casework.policy import Policy
from local.backtest import items, lines
from local.backtest.judging import judge
from local.backtest.matters import matters
from local.backtest.outcome import Outcome
from local.backtest.report import Report
from local.backtest.sample import Input
from local.display import console


class Unanswerable(Exception):
    """What would change cannot be found out. The message is a sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ask what would change for these texts, if this took the place of what is in use.

    Without ``over`` and ``table`` they are the project's held-out examples. ``texts`` are listed beneath each heading.
    """

    policy: Path | None = None
    model: Path | None = None
    over: Path | None = None
    table: str = ""
    endpoint: str | None = None
    texts: int = 10
    as_json: bool = False


def run(question: Question) -> int:
    """Answer it. The exit status: 0 whatever would change, 2 when it could not be found out, with one sentence why."""
    try:
        outcome = answer(question)
    except Unanswerable as reason:
        print(reason, file=sys.stderr)
        return 2
    if question.as_json:
        print(json.dumps(outcome.document(), ensure_ascii=False, indent=1))
    else:
        Report(console(), question.texts).show(outcome)
    return 0


def answer(question: Question) -> Outcome:
    """Find out what would change. Raises ``Unanswerable``, and ``OSError`` for a file that cannot be opened."""
    current, candidate = _in_use(), candidate_of(question)
    read = _read(question, current, candidate)
    if not read.samples:
        raise Unanswerable(_nothing(read))
    return Outcome(read, current, candidate, judge(read.samples, current, candidate), matters(read.documents, current, candidate))


def candidate_of(question: Question) -> Policy:
    """Load what is to be tried: the policy in use with the files of the folder, and with the model. Raises ``Unanswerable``."""
    if not (question.policy or question.model):
        raise Unanswerable("Say what to try: a folder with the policy files that change (--policy), a model (--model), or both.")
    try:
        tried = policy.candidate(question.policy) if question.policy else policy.load()
    except InvalidPolicy as error:
        raise Unanswerable(f"The candidate in {question.policy} cannot be tried: {error}.") from error
    return replace(tried, model=_model(question.model)) if question.model else tried


def _in_use() -> Policy:
    try:
        return policy.load()
    except InvalidPolicy as error:
        raise Unanswerable(f"The policy in use cannot be read: {error}.") from error


def _model(path: Path) -> Model:
    try:
        return policy.read_model(path)
    except ValueError as error:
        raise Unanswerable(f"{path} cannot be tried: expected weights as `make train` writes them ({error}).") from error


def _read(question: Question, current: Policy, candidate: Policy) -> Input:
    if question.table:
        return _scanned(question)
    try:
        return _over(question.over, current, candidate) if question.over else lines.held_out(current)
    except InvalidPolicy as error:
        raise Unanswerable(f"The project's examples cannot be read: {error}.") from error


def _over(file: Path, current: Policy, candidate: Policy) -> Input:
    read = lines.read(file, current.categories.keys() | candidate.categories.keys())
    read.learned = lines.learned(read, current)
    return read


def _scanned(question: Question) -> Input:
    try:
        return items.scanned(question.table, question.endpoint)
    except (ClientError, BotoCoreError, ValueError) as error:
        raise Unanswerable(f"The table {question.table} cannot be read: {error}") from error


def _nothing(read: Input) -> str:
    if not read.skipped:
        return f"There is no text to judge in {read.origin}."
    first = read.skipped[0]
    return f"None of {len(read.skipped)} lines or items of {read.origin} can be judged; {first.place}: {first.why}."
