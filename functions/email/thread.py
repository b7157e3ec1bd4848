"""What a mail is called and what it answers: the names by which replies find their case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from casework import entities
from casework.message import MAX_REFERENCES, Channel, Source
from functions.email import headers, parts
from functions.email.headers import Headers

MAX_NAME = 250
"""Longer ids are cut, in references as in names, so that they still meet."""

_ID = re.compile(r"<([^<>]{1,1000})>")
_ONLY_ID = re.compile(r"<([A-Za-z0-9._+$@-]{1,1000})>")
"""What nearly every client writes: nothing in it has to be decoded, joined or looked for."""
_BARE_ID = re.compile(r"[^\s<>,;\"()]{1,1000}@[^\s<>,;\"()]{1,1000}")
_FIXED = ("from", "date", "subject", "message-id")
"""Headers that the sender fixed: they are the same in every delivery, whatever transports put before and between them."""
_MAX_IDS_READ = 1_000
_BLOCK = 4_096
_DETAIL = re.compile(r"\+(cw-[0-9a-z-]{14})@", re.IGNORECASE)
"""The detail of an address (RFC 5233) that may be a reference of ours."""
_MARK = "+cw-"
_MAX_DETAILS = 10
_DESTINATIONS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_MAX_DESTINATIONS = 20


def name(head: Headers) -> str:
    """The mail's Message-ID without brackets, or empty."""
    value = head.raw("message-id")
    if only := _ONLY_ID.fullmatch(value):
        return only[1][:MAX_NAME]
    return next(_ids(value), "") or _bounded(value.strip("<>"))


def references(head: Headers, own: str, enclosed: Iterable[str] = ()) -> tuple[str, ...]:
    """What a mail answers, nearest first, each once and not its ``own`` name, at most ``MAX_REFERENCES``.

    First ``enclosed``, the ids of mails of ours that came back in it, then our own reference in an address it was sent to,
    then In-Reply-To, then References from its end.
    """
    ancestors = list(_ids(_whole(head, "references")))[-_MAX_IDS_READ:] if "references" in head else []
    names = dict.fromkeys((*map(_bounded, enclosed), *addressed(head), *_ids(head.raw("in-reply-to")), *reversed(ancestors)))
    names.pop(own, None)
    return tuple(filter(None, names))[:MAX_REFERENCES]


def addressed(head: Headers) -> Iterator[str]:
    """Find our own references in the addresses a mail was sent to: ``support+CW-XXXX-XXXX-XXXX@…``.

    They name a case as a Message-ID does, and prove as little: who may join it is the desk's to say.
    """
    detailed = [value[: headers.MAX_VALUE] for value in _destinations(head) if _MARK in value.lower()]
    if not detailed:
        return iter(())
    details = [found for value in detailed for found in _DETAIL.findall(value)[:_MAX_DETAILS]][:_MAX_DETAILS]
    return (entity.value for entity in entities.find(" ".join(details)) if entity.kind == "own_reference")


def _destinations(head: Headers) -> list[str]:
    """What To and the envelope say. Of the traces of transports only the first counts, which SES writes."""
    named = [value for name in _DESTINATIONS if name in head for value in islice(head.all(name), _MAX_DESTINATIONS)]
    return [*named, head.raw("received")]


def _whole(head: Headers, wanted: str) -> str:
    """The end of a header, where the nearest references are."""
    return head.whole(wanted)[-headers.MAX_VALUE :]


def _ids(value: str) -> Iterator[str]:
    """Find Message-IDs, in brackets or, where there are none, without; a folded id is joined again."""
    if only := _ONLY_ID.fullmatch(value):
        return iter((only[1][:MAX_NAME],))
    if "<" in value:
        return filter(None, (_bounded(found[1]) for found in _ID.finditer(value)))
    return (_bounded(found[0]) for found in _BARE_ID.finditer(value))


def _bounded(identifier: str) -> str:
    if headers.is_plain(identifier) and identifier.isprintable() and " " not in identifier:
        return identifier[:MAX_NAME]
    return headers.text("".join(identifier.split()))[:MAX_NAME]


def source(raw: bytes, head: Headers, own: str, locator: str) -> Source:
    """Name a delivery so that the same mail delivered again is the same, and another mail with its ``own`` name is not."""
    digest = _digest(raw, head)
    return Source(Channel.EMAIL, name=f"{own}\n{digest}" if own else digest, digest=digest, locator=locator)


def _digest(raw: bytes, head: Headers) -> str:
    """Digest what the sender fixed: the headers above, unfolded, and the body, without the line ends that end it."""
    fixed = [f"{key}:{' '.join(value.split())}\n" for key in _FIXED for value in head.all(key)]
    digest = hashlib.sha256("".join(fixed).encode("utf-8", "surrogateescape"))
    start = max(0, parts.blank_line(raw, 0, len(raw)))
    digest.update(memoryview(raw)[start : _text_end(raw, start)])
    return digest.hexdigest()


def _text_end(raw: bytes, start: int) -> int:
    """Find where the line ends begin that end a body, without a copy of all of it."""
    end = len(raw)
    while end > start and raw[end - 1] in b"\r\n":
        block = raw[max(start, end - _BLOCK) : end]
        end -= len(block) - len(block.rstrip(b"\r\n"))
    return end
