"""What is remembered of a customer: their identities, linked, and their recent cases, bounded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from casework.case import CaseSummary, Customer

MAX_PARTED = 24
"""Identities that one customer is remembered to have been parted from; the newest are kept."""
MAX_LINKED = 12
"""Identities of one customer. Every write replaces all of them, so that a longer list is kept apart rather than linked."""


def united(customers: Sequence[Customer]) -> Customer:
    """One customer out of several that an authenticated sender showed to be the same; the version is the highest."""
    cases = {case.case_id: case for customer in customers for case in customer.cases}
    keys = tuple(dict.fromkeys(key for customer in customers for key in customer.keys))
    parted = tuple(dict.fromkeys(key for customer in customers for key in customer.parted))
    return Customer(
        keys, max((customer.version for customer in customers), default=0), tuple(cases.values()), parted[-MAX_PARTED:]
    )


def linkable(customers: Sequence[Customer]) -> Sequence[Customer]:
    """As many of the customers, in order, as may be linked into one: not too many, and none that a person has parted."""
    kept: list[Customer] = []
    for customer in customers:
        fits = sum(len(other.keys) for other in kept) + len(customer.keys) <= MAX_LINKED
        if not kept or (fits and not any(_parted(customer, other) for other in kept)):
            kept.append(customer)
    return kept


def _parted(one: Customer, other: Customer) -> bool:
    return bool(set(one.parted).intersection(other.keys) or set(other.parted).intersection(one.keys))


def parted(customer: Customer, identity: str, own: Collection[str]) -> tuple[Customer, Customer]:
    """The customer without the identity, and who the identity is by itself, with the cases ``own``; one version on."""
    rest = tuple(key for key in customer.keys if key != identity)
    theirs = tuple(case for case in customer.cases if case.case_id in own)
    others = tuple(case for case in customer.cases if case.case_id not in own)
    return (
        Customer(rest, customer.version + 1, others, (*customer.parted, identity)[-MAX_PARTED:]),
        Customer((identity,), customer.version + 1, theirs, (*customer.parted, *rest)[-MAX_PARTED:]),
    )


def joined(one: Customer, other: Customer, limit: int) -> Customer:
    """Two customers that a person said are one, whatever was said before; as many of their cases are remembered as of any."""
    both = united((one, other))
    ranked = sorted(both.cases, key=lambda each: (each.verified, each.last_at), reverse=True)
    cases = tuple(sorted(ranked[:limit], key=lambda each: each.opened_at))
    return Customer(both.keys, both.version + 1, cases, tuple(key for key in both.parted if key not in both.keys))


def with_case(customer: Customer, case: CaseSummary) -> Customer:
    """The customer with a case as it is now, in its place, one version on; a forgotten case stays forgotten."""
    cases = tuple(case if each.case_id == case.case_id else each for each in customer.cases)
    return replace(customer, version=customer.version + 1, cases=cases)


def remembering(customer: Customer, case: CaseSummary, limit: int) -> Customer:
    """The customer after a message of ``case``, one version on.

    Beyond ``limit`` cases are forgotten: those that only claims have spoken in first, then the longest silent. Nobody can
    push a customer's own cases out by naming them in anonymous forms.
    """
    others = [other for other in customer.cases if other.case_id != case.case_id]
    ranked = sorted([*others, case], key=lambda each: (each.case_id == case.case_id, each.verified, each.last_at), reverse=True)
    kept = sorted(ranked[:limit], key=lambda each: each.opened_at)
    return replace(customer, version=customer.version + 1, cases=tuple(kept))
