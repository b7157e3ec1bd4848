"""Kind ``voice/dialogues_ja_en``: one conversation in English and in Japanese, as two calls of one customer.

The English sides of a few conversations are the customer's calls, ten minutes apart; then one Japanese side calls about one.
Nothing is translated: what they may have in common are a category, amounts, names of things, and time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from casework.policy import Policy
from local.evaluation.row import Row, share
from local.evaluation.trial import Trial, shipped

CASES = 5
"""Open cases of the customer: by chance the right one is found once in five times."""
ALWAYS = -100.0
"""A threshold that every sum of signs reaches: the message joins whichever case it ranks first."""
CUSTOMER = Identity(IdentityKind.ACCOUNT, "TWO-LANGUAGES", Trust.AUTHENTICATED)


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Yield how often the Japanese call ranks the case of the English one first, and how often it joins it, or another."""
    calls = [call for file in sorted(folder.glob("*.json")) for call in json.loads(file.read_text(encoding="utf-8"))]
    groups = [calls[start : start + CASES] for start in range(0, len(calls) - CASES + 1, CASES)]
    asked = [(group, place) for group in groups for place in range(CASES)]
    ranking = replace(shipped(), duplicates=replace(shipped().duplicates, threshold=ALWAYS))
    first = sum(_told(group, place, ranking) == "own" for group, place in asked)
    ended = Counter(_told(group, place, shipped()) for group, place in asked)
    measure = f"Japanese calls that rank their English case first of {CASES}"
    yield share(kind, measure, first, len(asked), f"by chance 1 in {CASES}")
    yield share(kind, "Japanese calls joined to their English case", ended["own"], len(asked))
    yield share(kind, "Japanese calls joined to another case", ended["other"], len(asked))


def _told(group: Sequence[dict[str, Any]], place: int, rules: Policy) -> str:
    """Whether the Japanese call joins its ``own`` case, an ``other`` one, or opens a ``new`` one. The English ones never join."""
    trial = Trial(rules)
    cases = [trial.open(_call(call, "en", trial.now)).case_id for call in group]
    found = trial.receive(_call(group[place], "ja", trial.now)).case_id
    return "own" if found == cases[place] else "other" if found in cases else "new"


def _call(call: dict[str, Any], language: str, at: datetime) -> Message:
    name = f"{call['id']}.{language}"
    text = "\n".join(turn[f"{language}_sentence"] for turn in call["conversation"])
    source = Source(Channel.VOICE, name, name)
    return Message(source=source, received_at=at, identities=(CUSTOMER,), text=text, language_hint=language)
