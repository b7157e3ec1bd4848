"""Our own mail: what bears our name as its sender's, and what has been here before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from casework.entities.domains import ascii_host, registrable_domain
from casework.message import Trust
from functions.email import addresses
from functions.email.headers import Headers
from functions.email.sender import Sender

MANY_HOPS = 4
"""So many times through our own servers is a circle: in, through a filter and to SES are two or three."""
_BY = re.compile(r"\bby\s+([A-Za-z0-9.-]{1,253})", re.ASCII)
_MAX_HEADERS = 200


def own_domains(listed: str) -> tuple[str, ...]:
    """Read a list of domains with commas between, in lower case and IDNA; of an address, what is behind the ``@``."""
    named = (ascii_host(addresses.domain_of(each)) for each in listed.split(","))
    return tuple(dict.fromkeys(filter(None, named)))


def is_ours(domain: str, own_domains: Collection[str]) -> bool:
    """Whether a domain was registered by us: one of ours, above it, below it or beside it."""
    registered = registrable_domain(domain) or domain
    return bool(registered) and any(registered == (registrable_domain(own) or own) for own in own_domains)


def signals(head: Headers, name: str, sender: Sender, own_domains: Collection[str]) -> Iterator[str]:
    """``own_mail``: SES vouches that we sent it, or its ``name`` is one that we gave. ``own_domain_unverified``: it says so only.

    ``mail_loop``: it has been with us before, by what our servers or theirs wrote into it.
    """
    claims = is_ours(addresses.domain_of(sender.address), own_domains)
    names = is_ours(addresses.domain_of(name.lower()), own_domains)
    if claims and sender.trust is not Trust.AUTHENTICATED:
        yield "own_domain_unverified"
    elif claims or names:
        yield "own_mail"
    if is_loop(head, own_domains):
        yield "mail_loop"


def is_loop(head: Headers, own_domains: Collection[str]) -> bool:
    """Whether a mail goes in circles: ``X-Loop`` names us, it was delivered to one of us twice, our servers saw it too often."""
    if any(is_ours(domain, own_domains) for domain in _domains(head, "x-loop")):
        return True
    delivered = [address for address in _addresses(head, "delivered-to") if is_ours(addresses.domain_of(address), own_domains)]
    if len(set(delivered)) < len(delivered):
        return True
    hops = [found[1].lower() for value in list(head.all("received"))[:_MAX_HEADERS] if (found := _BY.search(value))]
    return sum(is_ours(host, own_domains) for host in hops) >= MANY_HOPS


def _domains(head: Headers, name: str) -> Iterator[str]:
    return (addresses.domain_of(address) for address in _addresses(head, name))


def _addresses(head: Headers, name: str) -> Iterator[str]:
    values = list(head.all(name))[:_MAX_HEADERS]
    return (mailbox.normal for value in values for mailbox in addresses.parse(value) if mailbox.normal)
