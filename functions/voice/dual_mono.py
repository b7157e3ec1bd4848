"""Recordings with the same sound on both channels: every line is transcribed twice, once as the agent's.

Counting both, an agent's advice never to share a seed phrase would be read twice, and nobody's turns would be apart.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from functions.voice.call import AGENT, CUSTOMER, Utterance

TOLERANCE_MS = 500
"""How far apart two recognisers may set the same words."""
NO_COINCIDENCE = 12
"""Letters from which on two people do not say the same line at the same time; below, they greet each other."""
NEIGHBOURS = 4
"""Lines looked at on either side of an echo: overlap is local, and a hostile file must not cost quadratic time."""


def collapse(utterances: Sequence[Utterance]) -> tuple[list[Utterance], bool]:
    """Drop the copies, keeping the customer's line (without roles: the first channel's), and say whether there were any.

    A line is a copy when the other side says the same at an overlapping time. One long copy proves dual mono; short
    ones ("hello", 「もしもし」) are natural, and only count when at least half of a side's lines are copies.
    """
    kept, echoes = _sides(utterances)
    copies = _copies(sorted(kept, key=_start), echoes)
    proven = any(len(_letters(copy)) >= NO_COINCIDENCE for copy in copies)
    if not copies or not (proven or 2 * len(copies) >= len(echoes)):
        return list(utterances), False
    dropped = set(map(id, copies))
    return [utterance for utterance in utterances if id(utterance) not in dropped], True


def _sides(utterances: Sequence[Utterance]) -> tuple[list[Utterance], list[Utterance]]:
    timed = [utterance for utterance in utterances if utterance.start_ms is not None]
    customer = [utterance for utterance in timed if utterance.role == CUSTOMER]
    if customer:
        return customer, [utterance for utterance in timed if utterance.role == AGENT]
    first = min((utterance.party for utterance in timed), default="")
    kept = [utterance for utterance in timed if utterance.party == first]
    return kept, [utterance for utterance in timed if utterance.party != first]


def _copies(kept: Sequence[Utterance], echoes: Sequence[Utterance]) -> list[Utterance]:
    starts = [_start(utterance) for utterance in kept]
    lines = [_letters(utterance) for utterance in kept]
    found: list[Utterance] = []
    for echo in echoes:
        place = bisect_left(starts, _start(echo))
        nearby = range(max(place - NEIGHBOURS, 0), min(place + NEIGHBOURS, len(kept)))
        if _repeats(_letters(echo), [lines[index] for index in nearby if _overlap(kept[index], echo)]):
            found.append(echo)
    return found


def _repeats(line: str, others: Sequence[str]) -> bool:
    """Whether a line is one of the others or, being long, a part of them: the two channels are not cut alike."""
    return bool(line) and (line in others or (len(line) >= NO_COINCIDENCE and line in "".join(others)))


def _overlap(one: Utterance, other: Utterance) -> bool:
    """Whether they may be one sound: said together, or begun or ended together. Who reads a line back says it after it."""
    together = _start(one) < _end(other) and _start(other) < _end(one)
    return together or min(abs(_start(one) - _start(other)), abs(_end(one) - _end(other))) <= TOLERANCE_MS


def _start(utterance: Utterance) -> int:
    return utterance.start_ms or 0


def _end(utterance: Utterance) -> int:
    return _start(utterance) if utterance.end_ms is None else utterance.end_ms


def _letters(utterance: Utterance) -> str:
    folded = unicodedata.normalize("NFKC", utterance.text).casefold()
    return "".join(character for character in folded if character.isalnum())
