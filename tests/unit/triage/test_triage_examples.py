"""How well the shipped policy reads customers, measured on examples of our own.

``phrases.jsonl`` is what the phrases were written against, and the model has learned from it: it says that nothing was lost.
``unseen_examples.jsonl`` was written beside it and never looked at since: it says what to expect of a plain message that
nobody has seen. What the model's own held-out examples say is measured by ``make train``.
Both have a floor; raise it when the policy gets better, and explain it when you must lower one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.case import Assessment, Secret
from casework.message import Channel, Message, Source
from casework.policy import load
from casework.triage import NO_SPAN, assess

HERE = Path(__file__).parent
POLICY = load()
PLACEHOLDERS = {"seed_phrase": "[seed phrase 1]", "private_key": "[private key 1]"}


@dataclass(frozen=True)
class Example:
    id: str
    lang: str
    text: str
    labels: list[str]
    escalates: bool
    loss: str
    role: str

    def message(self, text: str | None = None) -> Message:
        source = Source(Channel.EMAIL, self.id, "0" * 64)
        return Message(source=source, received_at=datetime(2026, 5, 3, tzinfo=UTC), text=self.text if text is None else text)

    def assessed(self, text: str | None = None) -> Assessment:
        written = self.text if text is None else text
        secrets = tuple(Secret(kind, mark) for kind, mark in PLACEHOLDERS.items() if mark in written)
        return assess(self.message(text), secrets, POLICY)


def examples(file: Path) -> list[Example]:
    return [Example(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


EXAMPLES = examples(HERE.parents[2] / "local" / "training" / "examples" / "phrases.jsonl")
UNSEEN = examples(HERE / "unseen_examples.jsonl")


def share(part: list[Example], whole: list[Example]) -> float:
    return len(part) / len(whole)


def right(each: Example) -> bool:
    return each.assessed().category in each.labels


@pytest.mark.parametrize(("listed", "floor"), [(EXAMPLES, 0.97), (UNSEEN, 0.85)])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_category_is_right_in_both_languages(listed: list[Example], floor: float, language: str) -> None:
    spoken = [each for each in listed if each.lang == language]
    assert share([each for each in spoken if right(each)], spoken) >= floor


@pytest.mark.parametrize(("listed", "floor"), [(EXAMPLES, 0.99), (UNSEEN, 0.89)])
def test_hardly_anything_that_must_interrupt_is_missed(listed: list[Example], floor: float) -> None:
    urgent = [each for each in listed if each.escalates]
    assert share([each for each in urgent if each.assessed().escalates], urgent) >= floor


@pytest.mark.parametrize(("listed", "ceiling"), [(EXAMPLES, 0.01), (UNSEEN, 0.05)])
def test_hardly_anybody_is_interrupted_for_nothing(listed: list[Example], ceiling: float) -> None:
    calm = [each for each in listed if not each.escalates]
    assert share([each for each in calm if each.assessed().escalates], calm) <= ceiling


@pytest.mark.parametrize(("listed", "floor"), [(EXAMPLES, 0.97), (UNSEEN, 0.85)])
def test_loss_and_role_are_read(listed: list[Example], floor: float) -> None:
    facets = [each.assessed().facets for each in listed]
    pairs = list(zip(listed, facets, strict=True))
    assert share([each for each, got in pairs if got["loss"] == each.loss], listed) >= floor
    # Whom a swindler telephoned, and who hung up, is a reporter to these examples and a victim to most of those learned from.
    assert share([each for each, got in pairs if got["role"] == each.role], listed) >= floor - 0.02


def test_every_loss_in_progress_is_critical() -> None:
    running = [each for each in EXAMPLES if each.loss == "in_progress"]
    assert len(running) >= 15
    assert {each.id: each.assessed().severity.value for each in running} == {each.id: "critical" for each in running}


@pytest.mark.parametrize("listed", [EXAMPLES, UNSEEN])
def test_the_language_is_always_right(listed: list[Example]) -> None:
    assert [each.id for each in listed if each.assessed().language != each.lang] == []


def test_every_category_has_examples_in_both_languages() -> None:
    for language in ("en", "ja"):
        assert {each.labels[0] for each in EXAMPLES if each.lang == language} == set(POLICY.categories)


def test_every_reason_points_at_words_of_the_customer() -> None:
    for each in EXAMPLES:
        whole = f"\n{each.text}"
        for reason in each.assessed().reasons:
            assert whole[reason.start : reason.end].strip(), (each.id, reason)


def blanked(each: Example, result: Assessment) -> str:
    whole = list(f"\n{each.text}")
    for reason in result.reasons:
        if (reason.start, reason.end) != NO_SPAN:
            whole[reason.start : reason.end] = " " * (reason.end - reason.start)
    return "".join(whole[1:])


def test_the_reasons_are_what_decided() -> None:
    """Take away the words they point at: every assessment changes, and nearly every decision."""
    decided = [(each, each.assessed()) for each in EXAMPLES]
    blank = [(each, result, each.assessed(blanked(each, result))) for each, result in decided if not result.abstained]
    assert [each.id for each, before, after in blank if after == before] == []
    assert share([each for each, before, after in blank if after.category != before.category], EXAMPLES) >= 0.95
