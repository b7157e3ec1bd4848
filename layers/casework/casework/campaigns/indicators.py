"""What a message has that messages of other customers may have too, as far as it tells anything.

Everybody names big sites and writes from the same few mail services: the policy's stop list leaves those out, and where
strangers put things (short links, forms, buckets) the whole link counts and not the domain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from casework.entities import find
from casework.entities.domains import registrable_domain
from casework.policy.campaign_rules import CampaignRules
from casework.table import Item
from casework.text.fingerprint import normalised
from casework.text.patterns import compiled

MAX_INDICATORS = 12
"""Of one message; one that names more is a list, and a list bridges what has nothing to do with each other."""
MAX_ATTACHMENTS = 10
_LEAST_SIZE = 1_000
"""Octets of a file; smaller ones are logos and empty pages."""
_LINKS = r"(?i)\b(?:h[tx]{2}ps?://|www\.)\S+|\S+@\S+\.\S+"
_TELLING = r"[0-9]|[A-Z][^/]*[a-z]|[a-z][^/]*[A-Z]"
"""A link to one thing in a place of many: it has a name that nobody would think of."""
_FIGURES = r"[0-9]+"
_TOKEN = r"(?i)(?=[^/]*[0-9])[0-9a-z_=%~.-]{6,}|[0-9a-f]{8,}|[0-9]+|.*[0-9].*[0-9].*[0-9].*"  # noqa: S105 - a part of a path


class Indicator(NamedTuple):
    """Something that can be had in common; ``value`` is in normal form."""

    kind: str
    value: str

    @property
    def id(self) -> str:
        """The kind and a hash of the value: what is a person's (a telephone number) is in no key."""
        return f"{self.kind}.{hashlib.sha256(self.value.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def kind_of(indicator_id: str) -> str:
    """The kind of an indicator, from its id."""
    return indicator_id.partition(".")[0]


def levelled(text: str) -> str:
    """A text without what a mass mailing writes into each copy: links, addresses, figures; and without width, case, space."""
    bare = compiled(_LINKS).sub(" ", normalised_keeping_spaces(text))
    return normalised(compiled(_FIGURES).sub("0", bare))


def normalised_keeping_spaces(text: str) -> str:
    """Full-width letters as plain ones, so that links in them are seen."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


_FULL_WIDTH = {place: place - 0xFEE0 for place in range(0xFF01, 0xFF5F)}


def indicators_of(message: Item, rules: CampaignRules) -> tuple[Indicator, ...]:
    """The telling indicators of a stored message, the most telling kinds first; its text is compared elsewhere."""
    found = dict.fromkeys((*_files(message), *_named(message, rules), *_sender(message, rules)))
    ranked = sorted(found, key=lambda indicator: list(rules.kinds).index(indicator.kind))
    return tuple(ranked[:MAX_INDICATORS])


def _files(message: Item) -> Iterator[Indicator]:
    for attachment in message.get("attachments", ())[:MAX_ATTACHMENTS]:
        if attachment.get("digest") and attachment["size"] >= _LEAST_SIZE:
            yield Indicator("attachment", attachment["digest"])


def _named(message: Item, rules: CampaignRules) -> Iterator[Indicator]:
    by_list = "mailing_list" in message.get("signals", ())  # its footer has addresses of whoever runs the list
    for kind, value in _entities(message):
        if kind == "address":
            yield Indicator("wallet", value)
        elif kind == "phone":
            yield Indicator("phone", value)
        elif kind == "domain" and not _is_stopped(value, rules):
            yield Indicator("domain", value)
        elif kind == "email" and not by_list and (domain := kept(value)) and not _is_stopped(domain, rules):
            yield Indicator("sender_domain", domain)
        elif kind == "url":
            yield from _link(value, rules)


def _entities(message: Item) -> Iterator[tuple[str, str]]:
    """What its text names, as it was stored, and what the texts of its attachments name."""
    yield from ((entity["kind"], entity["value"]) for entity in message.get("entities", ()))
    for attachment in message.get("attachments", ())[:MAX_ATTACHMENTS]:
        yield from ((entity.kind, entity.value) for entity in find(attachment.get("text", "")))


def _link(url: str, rules: CampaignRules) -> Iterator[Indicator]:
    host, _, path = url.partition("://")[2].partition("/")
    name = host.rpartition(":")[0] or host
    domain = registrable_domain(name)
    published = rules.publishes(name, domain)
    if domain in rules.services and not published:
        return
    if published and compiled(_TELLING).search(path):
        yield Indicator("url", f"{host}/{path}")
    shape = path_shape(path)
    if shape:
        yield Indicator("path", shape)


def path_shape(path: str) -> str:
    """A link's path with ``*`` for what differs from copy to copy; empty for one that half the web has."""
    parts = [part for part in path.partition("?")[0].partition("#")[0].split("/") if part]
    shape = "/".join("*" if compiled(_TOKEN).fullmatch(part) else part.lower() for part in parts)
    return shape if len(parts) >= 3 and sum(map(str.isalpha, shape)) >= 12 else ""


def _sender(message: Item, rules: CampaignRules) -> Iterator[Indicator]:
    """Yield where a mail came from for which nobody vouches; a customer's own address tells where the customer works."""
    domain = kept(message.get("sender", "")) if message["channel"] == "email" and message.get("unverified") else ""
    if domain and not _is_stopped(domain, rules):
        yield Indicator("sender_domain", domain)


def kept(address: str) -> str:
    """The part of an address that somebody registered, or empty."""
    return registrable_domain(address.rpartition("@")[2].strip(" >\"'"))


def _is_stopped(value: str, rules: CampaignRules) -> bool:
    """Whether everybody names it: a service, or a place where strangers put things."""
    domain = registrable_domain(value) or value
    return domain in rules.services or domain in rules.hosts or value in rules.services
