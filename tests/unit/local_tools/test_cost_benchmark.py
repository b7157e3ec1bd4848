"""The units that the benchmark counts are those of the documentation, and what it stores is what the desk writes."""

from __future__ import annotations

import json

import pytest

from local.benchmarks import cost
from local.benchmarks.capacity import Index, size, units
from local.benchmarks.stored import Copies
from tests.builders import POLICY

QUEUE = Index(("queue", "queue_at"), None)
DUE = Index(("due", "due_at"), frozenset({"pk", "sk", "due", "due_at", "rung"}))
WAITING = {"pk": {"S": "CASE#1"}, "sk": {"S": "ESCALATION#1"}, "due": {"S": "open"}, "due_at": {"S": "12:00"}}


@pytest.mark.parametrize(
    ("item", "octets"),
    [
        ({"pk": {"S": "a"}}, 3),
        ({"pk": {"S": "日本"}}, 8),
        ({"n": {"N": "1200"}}, 1 + 2),
        ({"n": {"N": "-12345"}}, 1 + 4),
        ({"b": {"BOOL": True}}, 2),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 3 + 2),
        ({"m": {"M": {"key": {"S": "ab"}}}}, 1 + 3 + 1 + 5),
    ],
)
def test_an_item_is_as_large_as_the_developer_guide_says(item: dict[str, dict[str, object]], octets: int) -> None:
    assert size(item) == octets


def test_what_is_begun_counts_as_a_whole_unit_and_so_does_what_is_not_there() -> None:
    assert [units(octets, 1024) for octets in (0, 1, 1024, 1025, 4096)] == [1, 1, 1, 2, 4]


def test_an_index_is_charged_only_for_what_shows_in_it() -> None:
    assert DUE.units({}, WAITING) == 1
    assert DUE.units(WAITING, {**WAITING, "acknowledged_by": {"S": "mori"}}) == 0, "it does not hold who acknowledged"
    assert DUE.units(WAITING, {**WAITING, "rung": {"N": "1"}}) == 1
    assert DUE.units(WAITING, {**WAITING, "due_at": {"S": "13:00"}}) == 2, "another place: out of the old one, into the new one"
    assert QUEUE.units({}, WAITING) == 0


def test_stored_cases_are_the_desks_own_items_under_other_names() -> None:
    copies = Copies(POLICY)
    (original,) = {item["case_id"] for item in copies.items[0] if item["kind"] == "case"}
    one, other = ([json.loads(text)["PutRequest"]["Item"] for text in copies.of(number)] for number in (0, len(copies.items)))
    assert [item["kind"] for item in one] == [{"S": item["kind"]} for item in copies.items[0]]
    assert [size(item) for item in one] == [size(item) for item in other]
    assert len({(item["pk"]["S"], item["sk"]["S"]) for item in one}) == len(one)
    assert not {(item["pk"]["S"], item["sk"]["S"]) for item in one} & {(item["pk"]["S"], item["sk"]["S"]) for item in other}
    ids = {item["case_id"]["S"] for item in one if "case_id" in item}
    assert len(ids) == 1
    assert original not in ids


def test_the_customer_with_many_cases_has_as_many_as_are_remembered() -> None:
    assert POLICY.duplicates.recent_cases == cost.MANY
