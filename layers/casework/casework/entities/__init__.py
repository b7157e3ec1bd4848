"""Things named in a text that can be compared: hashes, addresses, references, amounts, times, links, hosts, e-mail, telephones.

Whatever carries a checksum is checked. The text is a redacted one: what stands in the place of a secret is part of nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from casework.case import Entity
from casework.entities import addresses, amounts, phones, references, spoken_amounts, times, web_addresses
from casework.text.folding import Folded, fold

FINDERS: tuple[Callable[[str], Iterable[Entity]], ...] = (
    web_addresses.find,
    addresses.find,
    references.find,
    amounts.find,
    spoken_amounts.find,
    phones.find,
    times.find,
)
"""Every finder reads a folded text, and takes time in proportion to its length."""

INSIDE_LINKS = frozenset({"domain", "tx_hash", "address"})
"""Kinds that are named besides the link that holds them: a block explorer's link names a transaction."""


MAX_FOUND = 1000
"""What one finder may find in one text; more is an attack on whoever compares or stores it, and later ones are left out."""


def find(text: str, *, spoken: bool = False) -> tuple[Entity, ...]:
    """Return what a text names, in order of appearance, at its places in the text.

    Of two that overlap the longer stays; only what is in ``INSIDE_LINKS`` may lie in a link. Of what was ``spoken``, things that
    are spelled out are named as well.
    """
    folded = fold(text)
    found = [
        entity for finder in (_finders_of_speech() if spoken else FINDERS) for entity in islice(finder(folded.text), MAX_FOUND)
    ]
    return tuple(_unfolded(entity, folded) for entity in _apart(found)) if found else ()


def _finders_of_speech() -> tuple[Callable[[str], Iterable[Entity]], ...]:
    from casework.entities import dictated  # no other channel needs it

    return (*FINDERS, dictated.find)


def _apart(found: list[Entity]) -> list[Entity]:
    links = _disjoint(entity for entity in found if entity.kind == "url")
    others = [entity for entity in found if entity.kind != "url" and _may_stand(entity, links)]
    return sorted((*links, *_disjoint(others)), key=lambda entity: (entity.start, -entity.end))


def _disjoint(found: Iterable[Entity]) -> list[Entity]:
    """The longest first, and then whatever overlaps none that is kept."""
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
        elif entity.end - entity.start > kept[-1].end - kept[-1].start:
            kept[-1] = entity
    return kept


def _may_stand(entity: Entity, links: list[Entity]) -> bool:
    place = bisect_right(links, entity.start, key=lambda link: link.start) - 1
    inside = place >= 0 and entity.start < links[place].end
    before = place + 1 < len(links) and entity.end > links[place + 1].start
    return (entity.kind in INSIDE_LINKS and entity.end <= links[place].end) if inside else not before


def _unfolded(entity: Entity, folded: Folded) -> Entity:
    if folded.origins is None:
        return entity
    start, end = folded.original(entity.start, entity.end)
    return replace(entity, start=start, end=end)
