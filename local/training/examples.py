"""Labelled examples: one JSON object a line, as ``text/labelled`` of a corpus has them.

``text``; ``labels``, the acceptable categories, best first; ``escalates``; ``loss``; ``role``. The language is the file's,
``<name>.<en|ja>.jsonl``, or the line's own ``lang``. One example in five is held out: which, its text's hash decides, so
that an example never changes sides. Of ``phrases.jsonl``, which the phrases were written against, none is: they know it. Nor
of ``taught*``: those were written beside texts that are learned from, to tell the like of them apart, and would flatter. Nor of
``wide*`` and ``others*``: nobody labelled them a second time, as everything held out was.

Beside them stand messages of which one thing is known: whether they go on with what was told before (``follow_ups``, one of
``KINDS`` a line) or open a matter. What they are about is not labelled.
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
FOLLOW_UPS = Path(__file__).with_name("follow_ups")
KINDS = ("chase", "answer", "more", "close", "refers", "opens")
"""Asks again; answers the desk; adds something; ends it; tells it once more. Or begins something."""
ONLY_LEARNED_FROM = ("phrases.", "taught", "wide", "others")
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
    follow_up: bool | None = None
    """Whether it goes on with what was told before; ``None`` where nobody said. What it is about is labelled only then."""


def load(policy: Policy, folder: Path = SHIPPED) -> list[Example]:
    """Every example below a folder, in the order of file names and lines. Raises ``InvalidPolicy`` for the first bad line."""
    return [each for file in sorted(folder.glob("*.jsonl")) for each in _read(file, policy)]


def follow_ups(folder: Path = FOLLOW_UPS) -> list[Example]:
    """Every message below a folder of which it is known whether it goes on. Raises ``InvalidPolicy`` for the first bad line."""
    return [each for file in sorted(folder.glob("*.jsonl")) for each in _read_follow_ups(file)]


def _read_follow_ups(file: Path) -> Iterator[Example]:
    lang = file.name.split(".")[0]
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            fields = json.loads(line)
            text, kind = fields["text"], fields["kind"]
        except (ValueError, LookupError, TypeError) as error:
            raise InvalidPolicy(f"{file.name}:{number}", "(line)", f"an object with text and kind ({error!r})") from error
        if kind not in KINDS or not text.strip():
            raise InvalidPolicy(f"{file.name}:{number}", "kind", f"one of {', '.join(KINDS)}, of a text, not {kind!r}")
        yield Example(
            text, lang, (), escalates=False, loss="none", role="other", held_out=_is_held_out(text), follow_up=kind != "opens"
        )


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
