"""Fingerprints and bands beside datasketch: how fast, and how many near-identical texts each misses.

datasketch is no dependency of anything here. Give it an environment of its own, and texts, one a line:

    python -m venv /tmp/beside && /tmp/beside/bin/pip install datasketch
    PYTHONPATH=layers/casework /tmp/beside/bin/python -m local.benchmarks.near_duplicates TEXTS...

Both sides see the same texts, normalised, and the same 5-grams. Pairs are a text and an edit of it with an exact Jaccard
similarity of at least 0.6; other pairs of texts, below 0.5, must not be joined.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from casework.text.bands import BANDS, bands, likeness, shingles
from casework.text.fingerprint import fingerprint, normalised

ALIKE = 0.6
OTHER = 0.5
LEAST = 60
"""Characters of a text that is taken; shorter ones are no evidence of anything."""
ROUNDS = 21
PERMUTATIONS = 128


class Pair(NamedTuple):
    """A text and an edit of it, as 5-grams and as normalised texts."""

    one: str
    other: str


def texts_in(paths: Iterable[Path]) -> list[str]:
    """The lines that are long enough, in order."""
    lines = (line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if len(line) >= LEAST]


def edited(text: str, dice: random.Random) -> str:
    """The text as somebody else forwards it: words left out, put in or mistyped, a greeting before, a line after."""
    pieces = text.split(" ") if text.isascii() else list(text)
    for _ in range(dice.randrange(1, 2 + len(pieces) // 8)):
        place = dice.randrange(len(pieces))
        pieces[place : place + 1] = dice.choice(([], [pieces[place], dice.choice(pieces)], [pieces[place][::-1]], ["0"]))
        pieces = pieces or [text]
    joined = (" " if text.isascii() else "").join(pieces)
    return dice.choice(("{}", "{}", "Hi, {}", "{} Sent from my phone", "お世話になります。{}")).format(joined)


def pairs_of(texts: Sequence[str], dice: random.Random, each: int = 4) -> list[Pair]:
    """Pairs that are alike, by exact comparison."""
    made = (Pair(normalised(text), normalised(edited(text, dice))) for text in texts for _ in range(each))
    return [pair for pair in made if likeness(shingles(pair.one), shingles(pair.other)) >= ALIKE]


def own_candidates(texts: Sequence[str]) -> set[tuple[int, int]]:
    """Pairs of places that share a band and are alike, exactly."""
    found = _meeting([bands(text) for text in texts])
    grams = [shingles(text) for text in texts]
    return {pair for pair in found if likeness(grams[pair[0]], grams[pair[1]]) >= ALIKE}


def _meeting(keys: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for key in own:
            places[key].append(place)
    return {(a, b) for group in places.values() for a in group for b in group if a < b}


def their_candidates(texts: Sequence[str], datasketch: Any) -> set[tuple[int, int]]:
    """Pairs of places that datasketch's own index at 0.6 finds."""
    index = datasketch.MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
    found: set[tuple[int, int]] = set()
    for place, text in enumerate(texts):
        sketch = their_sketch(text, datasketch)
        found.update((other, place) for other in index.query(sketch))
        index.insert(place, sketch)
    return found


def their_sketch(text: str, datasketch: Any) -> Any:
    """A MinHash of 128 permutations, in one batch, which is its fast way."""
    sketch = datasketch.MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([gram.encode() for gram in shingles(text)])
    return sketch


def quality(name: str, texts: Sequence[str], datasketch: Any) -> Iterator[str]:
    """Misses among the pairs that are alike, and joins of texts that are not."""
    pairs = pairs_of(texts, random.Random(1))
    flat = [text for pair in pairs for text in pair]
    grams = [shingles(text) for text in flat]
    wanted = {(place, place + 1) for place in range(0, len(flat), 2)}
    for who, found in (("bands", own_candidates(flat)), ("datasketch", their_candidates(flat, datasketch))):
        false = sum(likeness(grams[one], grams[other]) < OTHER for one, other in found)
        yield f"{name}: {who}: misses {len(wanted - found)} of {len(wanted)}, false joins {false}"


def speed(name: str, text: str, datasketch: Any) -> str:
    """The least of interleaved rounds: what each takes when nothing else is in its way."""
    plain = normalised(text)
    rivals: tuple[Callable[[], object], ...] = (
        lambda: their_sketch(plain, datasketch),
        lambda: fingerprint(text),
        lambda: bands(plain),
        lambda: their_sketch(plain, datasketch),
    )
    rounds = [[_timed(rival) for rival in rivals] for _ in range(ROUNDS * 5)]
    theirs, own, banded, again = (min(column) for column in zip(*rounds, strict=True))
    median = statistics.median(row[0] / row[1] for row in rounds)
    return (
        f"{name}: {len(text)} characters: fingerprint {theirs / own:.2f} times as fast as datasketch in batch "
        f"(median {median:.2f}), {BANDS} bands {theirs / banded:.2f}; datasketch beside itself {again / theirs:.2f}"
    )


def _timed(work: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    for _ in range(5):
        work()
    return time.perf_counter_ns() - started


def main(paths: Sequence[str]) -> int:
    """Print what was measured on the texts of the files, English and Japanese apart."""
    datasketch = import_module("datasketch")
    texts = texts_in(map(Path, paths))
    for name, own in (("EN", [t for t in texts if t.isascii()]), ("JA", [t for t in texts if not t.isascii()])):
        if own:
            print(*quality(name, own, datasketch), speed(name, " ".join(own)[:1000], datasketch), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
