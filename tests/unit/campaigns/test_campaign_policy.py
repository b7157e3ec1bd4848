"""``campaigns.toml`` is checked when it is read, and every mistake names its place."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from casework.case import Severity
from casework.errors import InvalidPolicy
from casework.policy import SHIPPED
from casework.policy.campaign_rules import KINDS, campaign_rules


def document() -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "campaigns.toml").read_text(encoding="utf-8"))


def test_the_shipped_policy_tells_trust_of_three_customers_and_of_ten_times_as_many_each_time() -> None:
    rules = campaign_rules(document())
    assert [rung.customers for rung in rules.rungs] == [3, 10, 100, 1000, 10000, 100000]
    assert set(rules.kinds) == set(KINDS)
    assert rules.loss is Severity.HIGH


def test_no_indicator_makes_a_campaign_of_one_customer() -> None:
    assert all(rule.customers >= 2 for rule in campaign_rules(document()).kinds.values())


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"window_days": 0}, "window_days"),
        ({"waiting": 1000}, "waiting"),
        ({"kind": {}}, "kind"),
        ({"escalation": [{"customers": 9, "severity": "low"}, {"customers": 3, "severity": "low"}]}, "escalation"),
        ({"stop": {"services": [], "hosts": [1]}}, "hosts"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_mistake_names_its_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidPolicy, match=key):
        campaign_rules({**document(), **change})
