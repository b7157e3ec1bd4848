"""What is remembered of a customer: their identities, linked, and their recent cases, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casework.case import CaseSummary, Customer

MAX_LINKED = 12
"""Identities of one customer. Every write replaces all of them, so that a longer list is kept apart rather than linked."""


def united(customers: Sequence[Customer]) -> Customer:
    """One customer out of several that an authenticated sender showed to be the same; the version is the highest."""
    cases = {case.case_id: case for customer in customers for case in customer.cases}
    keys = tuple(dict.fromkeys(key for customer in customers for key in customer.keys))
    return Customer(keys, max((customer.version for customer in customers), default=0), tuple(cases.values()))


def linkable(customers: Sequence[Customer]) -> Sequence[Customer]:
    """As many of the customers, in order, as may be linked into one."""
    kept: list[Customer] = []
    for customer in customers:
        if sum(len(other.keys) for other in kept) + len(customer.keys) <= MAX_LINKED or not kept:
            kept.append(customer)
    return kept


def remembering(customer: Customer, case: CaseSummary, limit: int) -> Customer:
    """The customer after a message of ``case``, one version on.

    Beyond ``limit`` cases are forgotten: those that only claims have spoken in first, then the longest silent. Nobody can
    push a customer's own cases out by naming them in anonymous forms.
    """
    others = [other for other in customer.cases if other.case_id != case.case_id]
    ranked = sorted([*others, case], key=lambda each: (each.case_id == case.case_id, each.verified, each.last_at), reverse=True)
    kept = sorted(ranked[:limit], key=lambda each: each.opened_at)
    return replace(customer, version=customer.version + 1, cases=tuple(kept))
