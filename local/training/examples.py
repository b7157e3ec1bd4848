"""Labelled examples: one JSON object a line, as ``text/labelled`` of a corpus has them.

``text``; ``labels``, the acceptable categories, best first; ``escalates``; ``loss``; ``role``. The language is the file's,
``<name>.<en|ja>.jsonl``, or the line's own ``lang``. One example in five is held out: which, its text's hash decides, so
that an example never changes sides. Of ``phrases.jsonl``, which the phrases were written against, none is: they know it. Nor
of ``taught*``: those were written beside texts that are learned from, to tell the like of them apart, and would flatter. Nor of
``wide_*`` and ``others_*``: nobody labelled them a second time, as everything held out was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from casework.errors import InvalidPolicy
from casework.policy import Policy
from casework.policy.facets import FACETS

SHIPPED = Path(__file__).with_name("examples")
ONLY_LEARNED_FROM = ("phrases.", "taught", "wide_", "others_")
HELD_OUT = 0.2


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody wrote, and what a careful analyst would make of it."""

    text: str
    lang: str
    labels: tuple[str, ...]
    escalates: bool
    loss: str
    role: str
    held_out: bool = False
    """Whether training must never see it."""


def load(policy: Policy, folder: Path = SHIPPED) -> list[Example]:
    """Every example below a folder, in the order of file names and lines. Raises ``InvalidPolicy`` for the first bad line."""
    return [each for file in sorted(folder.glob("*.jsonl")) for each in _read(file, policy)]


def _read(file: Path, policy: Policy) -> Iterator[Example]:
    spoken = file.suffixes[-2].lstrip(".") if len(file.suffixes) > 1 else ""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line:
            example = _example(line, spoken, f"{file.name}:{number}", policy)
            yield replace(example, held_out=_is_held_out(example.text) and not file.name.startswith(ONLY_LEARNED_FROM))


def _is_held_out(text: str) -> bool:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") < HELD_OUT * 2**32


def _example(line: str, spoken: str, place: str, policy: Policy) -> Example:
    try:
        fields = json.loads(line)
        example = Example(
            text=fields["text"],
            lang=fields.get("lang") or spoken,
            labels=tuple(fields["labels"]),
            escalates=fields["escalates"],
            loss=fields["loss"],
            role=fields["role"],
        )
    except (ValueError, LookupError, TypeError) as error:
        raise InvalidPolicy(place, "(line)", f"an object with text, labels, escalates, loss and role ({error!r})") from error
    return _checked(example, place, policy)


def _checked(example: Example, place: str, policy: Policy) -> Example:
    strange = [label for label in example.labels if label not in policy.categories]
    allowed = {
        "text": bool(str(example.text).strip()),
        "lang": example.lang in ("en", "ja"),
        "labels": bool(example.labels) and not strange,
        "escalates": isinstance(example.escalates, bool),
        "loss": example.loss in FACETS["loss"],
        "role": example.role in FACETS["role"],
    }
    for key, is_so in allowed.items():
        if not is_so:
            raise InvalidPolicy(place, key, f"a value of the taxonomy, not {getattr(example, key)!r}")
    return example
