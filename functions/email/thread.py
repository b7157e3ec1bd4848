"""What a mail is called and what it answers: the names by which replies find their case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from casework import entities
from casework.message import MAX_REFERENCES, Channel, Source
from functions.email import headers
from functions.email.headers import Headers

MAX_NAME = 250
"""Longer ids are cut, in references as in names, so that they still meet."""

_ID = re.compile(r"<([^<>]{1,1000})>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]{1,1000}@[^\s<>,;\"()]{1,1000}")
_BLANKS = re.compile(r"\s+")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_FIXED = ("from", "date", "subject", "message-id")
"""Headers that the sender fixed: they are the same in every delivery, whatever transports put before and between them."""
_MAX_IDS_READ = 1_000
_DETAIL = re.compile(r"\+(cw-[0-9a-z-]{14})@", re.IGNORECASE)
"""The detail of an address (RFC 5233) that may be a reference of ours."""
_MAX_DETAILS = 10
_MAX_DESTINATIONS = 20


def name(head: Headers) -> str:
    """The mail's Message-ID without brackets, or empty."""
    value = head.raw("message-id")
    return next(_ids(value), "") or _bounded(value.strip("<>"))


def references(head: Headers, enclosed: Iterable[str] = ()) -> tuple[str, ...]:
    """What a mail answers, nearest first, each once, at most ``MAX_REFERENCES``.

    First ``enclosed``, the ids of mails of ours that came back in it, then our own reference in an address it was sent to,
    then In-Reply-To, then References from its end.
    """
    ancestors = list(_ids(_whole(head, "references")))[-_MAX_IDS_READ:]
    names = dict.fromkeys((*map(_bounded, enclosed), *addressed(head), *_ids(head.raw("in-reply-to")), *reversed(ancestors)))
    names.pop(name(head), None)
    return tuple(filter(None, names))[:MAX_REFERENCES]


def addressed(head: Headers) -> Iterator[str]:
    """Find our own references in the addresses a mail was sent to: ``support+CW-XXXX-XXXX-XXXX@…``.

    They name a case as a Message-ID does, and prove as little: who may join it is the desk's to say.
    """
    details = (found[1] for value in _destinations(head) for found in _DETAIL.finditer(value[: headers.MAX_VALUE]))
    named = " ".join(islice(details, _MAX_DETAILS))
    return (entity.value for entity in entities.find(named) if entity.kind == "own_reference") if named else iter(())


def _destinations(head: Headers) -> Iterator[str]:
    """What To and the envelope say. Of the traces of transports only the first counts, which SES writes."""
    for name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to"):
        yield from islice(head.all(name), _MAX_DESTINATIONS)
    yield head.raw("received")


def _whole(head: Headers, wanted: str) -> str:
    """The end of a header, where the nearest references are."""
    value = next((value for key, value in head.items if key == wanted), "")
    return value[-headers.MAX_VALUE :]


def _ids(value: str) -> Iterator[str]:
    """Find Message-IDs, in brackets or, where there are none, without; a folded id is joined again."""
    if "<" in value:
        return filter(None, (_bounded(found[1]) for found in _ID.finditer(value)))
    return (_bounded(found[0]) for found in _BARE_ID.finditer(value))


def _bounded(identifier: str) -> str:
    return headers.text(_BLANKS.sub("", identifier))[:MAX_NAME]


def source(raw: bytes, head: Headers, locator: str) -> Source:
    """Name a delivery so that the same mail delivered again is the same, and another mail with its Message-ID is not."""
    digest = _digest(raw, head)
    own = name(head)
    return Source(Channel.EMAIL, name=f"{own}\n{digest}" if own else digest, digest=digest, locator=locator)


def _digest(raw: bytes, head: Headers) -> str:
    """Digest what the sender fixed: the headers above, unfolded, and the body, without the line ends that end it."""
    digest = hashlib.sha256()
    for key in _FIXED:
        for value in head.all(key):
            digest.update(f"{key}:{_BLANKS.sub(' ', value)}\n".encode("utf-8", "surrogateescape"))
    end = _HEADERS_END.search(raw)
    digest.update(raw[end.end() if end else 0 :].rstrip(b"\r\n"))
    return digest.hexdigest()
