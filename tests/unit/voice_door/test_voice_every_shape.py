"""One call in every shape that Transcribe writes: what is rebuilt is what was spoken, every letter of it and no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.message import Message
from tests.unit.voice_door.voice_calls import MARKS, item, read, transcribe

Spoken = list[tuple[str, int]]
"""Words and marks, each with the number of its voice."""

ENGLISH = st.text("abcdefghijklmnopqrstuvwxyz0123456789'", min_size=1, max_size=7)
JAPANESE = st.text("出金口座がのをにされましたですゼロロクー不正", min_size=1, max_size=5)
WORDS = st.lists(st.tuples(st.one_of(ENGLISH, JAPANESE), st.integers(0, 2), st.booleans()), min_size=1, max_size=30)


@st.composite
def calls(draw: st.DrawFn) -> Spoken:
    """A call; a mark follows a word of the same voice."""
    spoken: Spoken = []
    for word, voice, ends in draw(WORDS):
        spoken.append((word, voice))
        spoken += [(draw(st.sampled_from(sorted(MARKS))), voice)] if ends else []
    return spoken


def item_of(place: int, content: str, **labels: str) -> dict[str, Any]:
    """A word that a recogniser also had other ideas about."""
    word = item(content, place * 0.5, **labels)
    word["alternatives"].append({"confidence": "0.01", "content": "noise"})
    return word


def labelled(spoken: Spoken, label: str = "", prefix: str = "") -> list[dict[str, Any]]:
    return [item_of(place, word, **({label: f"{prefix}_{voice}"} if label else {})) for place, (word, voice) in enumerate(spoken)]


def segments(spoken: Spoken) -> list[dict[str, Any]]:
    words = [word for word in labelled(spoken, "speaker_label", "spk") if word["type"] == "pronunciation"]
    runs = [list(run) for _, run in groupby(words, key=lambda word: word["speaker_label"])]
    keys = ("speaker_label", "start_time", "end_time")
    return [
        {**{key: run[0][key] for key in keys}, "end_time": run[-1]["end_time"], "items": [{k: w[k] for k in keys} for w in run]}
        for run in runs
    ]


def channels(spoken: Spoken) -> dict[str, Any]:
    words = labelled(spoken, "channel_label", "ch")
    names = sorted({word["channel_label"] for word in words})
    found = [{"channel_label": name, "items": [word for word in words if word["channel_label"] == name]} for name in names]
    return {"channels": found, "number_of_channels": len(names)}


SHAPES: dict[str, Callable[[Spoken], dict[str, Any]]] = {
    "words alone": lambda spoken: {"items": labelled(spoken)},
    "speakers by segments": lambda spoken: {"items": labelled(spoken), "speaker_labels": {"segments": segments(spoken)}},
    "speakers by words": lambda spoken: {"items": labelled(spoken, "speaker_label", "spk"), "speaker_labels": {"speakers": 3}},
    "channels and words": lambda spoken: {
        "items": labelled(spoken, "channel_label", "ch"),
        "channel_labels": channels(spoken),
    },
    "channels alone": lambda spoken: {"channel_labels": channels(spoken)},
    "segments with alternatives": lambda spoken: {
        "segments": [
            {"alternatives": [{"items": [{"content": word, "type": ""} for word, _ in spoken]}, {"transcript": "noise"}]}
        ]
    },
}


def letters(*texts: str) -> Counter[str]:
    return Counter("".join(texts).replace(" ", ""))


def rebuilt(message: Message) -> Counter[str]:
    return letters(*(turn.text for turn in message.turns))


@pytest.mark.parametrize("shape", SHAPES)
@given(spoken=calls())
def test_no_letter_is_lost_or_added(shape: str, spoken: Spoken) -> None:
    message = read(transcribe(SHAPES[shape](spoken)))
    said = letters(*(word for word, _ in spoken))
    if "dual_mono" in message.signals:
        assert rebuilt(message) <= said
    else:
        assert rebuilt(message) == said


@pytest.mark.parametrize("shape", ["words alone", "speakers by segments", "speakers by words", "channels and words"])
@given(spoken=calls())
def test_every_turn_has_its_place_in_the_call(shape: str, spoken: Spoken) -> None:
    turns = read(transcribe(SHAPES[shape](spoken))).turns
    starts = [turn.start_ms for turn in turns if turn.start_ms is not None]
    assert len(starts) == len(turns)
    assert starts == sorted(starts)
