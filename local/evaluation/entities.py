"""Kind ``entities/bips``: the addresses that Bitcoin's specifications give as valid and as invalid, in sentences.

A specification lists them as ``* <tt>address</tt>`` below a line that says which they are, or as ``address = …``. One that
knows no Bech32m was overtaken (BIP 350): what it says of witness versions above 0 no longer holds and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casework.entities import find
from local.evaluation.row import Row, absent, share

_LISTED = re.compile(r"\* <tt>([0-9A-Za-z]{8,90})</tt>")
_GIVEN = re.compile(r"address\s*=\s*([0-9A-Za-z]{8,90})\s*$")
_SENTENCES = ("Please send it to {} today.", "送金先は{}です。")


@dataclass(frozen=True, slots=True)
class Vectors:
    """What the specifications say of addresses."""

    valid: tuple[str, ...]
    invalid: tuple[str, ...]


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Valid ones are named, whole or wrapped; invalid ones and ones with a slip are not."""
    vectors = _vectors(folder)
    if not vectors.valid:
        yield absent(kind, "no list of valid addresses")
        return
    valid, slips = vectors.valid, [slip for address in vectors.valid for slip in _slips(address)]
    missed = [address for address in valid if not _is_named(address, address)]
    wrapped = [address for address in valid if len(address) >= 40 and _is_named(_wrapped(address), address)]
    yield share(kind, "valid addresses named", len(valid) - len(missed), len(valid), ", ".join(missed))
    yield share(kind, "valid addresses named, wrapped", len(wrapped), sum(len(address) >= 40 for address in valid))
    taken = [address for address in vectors.invalid if _names_any(address)]
    yield share(kind, "invalid addresses named", len(taken), len(vectors.invalid), ", ".join(taken))
    yield share(kind, "addresses with a slip named", sum(_names_any(slip) for slip in slips), len(slips))


def _vectors(folder: Path) -> Vectors:
    valid, invalid = [], []
    for file in sorted(folder.iterdir()):
        text = file.read_text(encoding="utf-8")
        current = "Bech32m" in text
        for address, holds in _listed(text):
            if holds and (current or address.lower().partition("1")[2].startswith("q")):
                valid.append(address)
            elif not holds:
                invalid.append(address)
    return Vectors(tuple(dict.fromkeys(valid)), tuple(dict.fromkeys(invalid)))


def _listed(text: str) -> Iterator[tuple[str, bool]]:
    holds: bool | None = None
    for line in text.splitlines():
        if "segwit addresses" in line:
            holds = "invalid" not in line
        elif line.startswith("="):
            holds = None
        if given := _GIVEN.search(line):
            yield given[1], True
        elif holds is not None and (listed := _LISTED.match(line)):
            yield listed[1], holds


def _slips(address: str) -> Iterator[str]:
    """Every place written wrong once, by a letter that addresses have."""
    for place, letter in enumerate(address):
        yield address[:place] + ("p" if letter.lower() == "q" else "q") + address[place + 1 :]


def _wrapped(address: str) -> str:
    half = len(address) // 2
    return f"{address[:half]}\n{address[half:]}"


def _is_named(written: str, address: str) -> bool:
    return all(address.lower() in _addresses(sentence.format(written)) for sentence in _SENTENCES)


def _names_any(written: str) -> bool:
    return any(_addresses(sentence.format(written)) for sentence in _SENTENCES)


def _addresses(text: str) -> set[str]:
    return {entity.value for entity in find(text) if entity.kind == "address"}
