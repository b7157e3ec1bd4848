"""What a message costs in DynamoDB does not depend on what is stored."""

from __future__ import annotations

from local.benchmarks import cost
from local.benchmarks.stored import Copies
from tests.builders import POLICY
from tests.engines import dynamodb_local


def test_a_message_costs_the_same_beside_fifty_cases_as_beside_none() -> None:
    copies = Copies(POLICY)
    beside = {stored: cost.measured(dynamodb_local(), stored, copies) for stored in (0, 50)}
    assert [each.cost for each in beside[0]] == [each.cost for each in beside[50]]
    assert cost.differing([*beside[0], *beside[50]]) == []
    kinds = {each.message: (each.requests, each.read, each.written) for each in beside[0]}
    assert kinds["the same delivery again"] == ("BatchGetItem", 3, 0)
    assert {requests for requests, _, written in kinds.values() if written} == {"BatchGetItem, TransactWriteItems"}


def test_a_message_that_costs_more_is_named() -> None:
    (one, *_) = cost.measured(dynamodb_local(), 1, Copies(POLICY))
    dearer = cost.Measured(**{**{name: getattr(one, name) for name in one.__slots__}, "stored": 2, "read": one.read + 1})
    assert cost.differing([one, dearer]) == [one.message]
