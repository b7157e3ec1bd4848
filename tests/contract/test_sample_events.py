"""The samples in `events/` are what their functions take, and what every other function refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.aws.function import Invocation
from local.aws.stack import Stack

EVENTS = Path(__file__).parents[2] / "events"
SAMPLES = sorted(EVENTS.glob("*/*.json"))
FUNCTIONS = sorted(path.parent.name for path in (EVENTS.parent / "functions").glob("*/app.py"))
OVER_HTTP = {"web_form", "acknowledge"}
"""They take the same kind of event; which of them gets it is the route's choice."""
OF_A_BUCKET = {"email", "voice"}
"""Likewise, for what S3 tells: which of them gets it is the rule's choice. Only calls have jobs that fail."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        yield stack


def invoked(stack: Stack, function: str, sample: Path) -> Invocation:
    logical_id = "".join(word.capitalize() for word in function.split("_")) + "Function"
    return stack.dispatcher.invoke(logical_id, json.loads(sample.read_text(encoding="utf-8")))


def is_refused(invocation: Invocation) -> bool:
    reported = {line.get("error") for line in invocation.logs if line.get("message") == "delivery_failed"}
    return "NotOurEvent" in reported or bool(invocation.failure and invocation.failure.type == "NotOurEvent")


def takers(own: str, text: str) -> set[str]:
    """The functions that read this kind of event."""
    if own in OF_A_BUCKET:
        return OF_A_BUCKET if "aws.s3" in text else {own}
    return OVER_HTTP if own in OVER_HTTP else {own}


def test_every_function_has_a_sample() -> None:
    assert {sample.parent.name for sample in SAMPLES} == set(FUNCTIONS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_is_taken_by_its_function_and_refused_by_the_others(stack: Stack, sample: Path) -> None:
    alike = takers(sample.parent.name, sample.read_text(encoding="utf-8"))
    refused = {function for function in FUNCTIONS if is_refused(invoked(stack, function, sample))}
    assert refused == set(FUNCTIONS) - alike
