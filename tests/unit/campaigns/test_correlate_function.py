"""The correlator's function: what it takes from its queue, and what it does when a batch fails."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

import pytest

from casework.campaigns.lookup import Named
from casework.errors import NotOurEvent
from casework.times import stamp
from functions.correlate.batch import Asked, Batch, asked
from tests.unit.campaigns.attacks import FAKE_SITE, NOON, World


def an_event(kind: str = "CaseOpened", **detail: Any) -> str:
    told = {"case_id": "c1", "message_id": "m1", "occurred_at": stamp(NOON), **detail}
    return json.dumps({"source": "casework", "detail-type": kind, "detail": told})


@pytest.mark.parametrize("kind", ["CaseOpened", "MessageAttached"])
def test_an_event_that_names_a_message_asks_for_it_to_be_counted(kind: str) -> None:
    assert asked(an_event(kind)) == Asked(Named("c1", "m1", NOON))


def test_an_instant_to_the_microsecond_names_the_same_item() -> None:
    moment = NOON.replace(microsecond=123000)
    found = asked(an_event(occurred_at=moment.isoformat())).message
    assert found is not None
    assert found.key == Named("c1", "m1", moment).key


def test_a_joined_campaign_asks_for_its_members_to_be_taken_over() -> None:
    assert asked(an_event("CampaignJoined", campaign_id="k1", into="k2")) == Asked(campaign_id="k1")


@pytest.mark.parametrize(
    "body",
    [
        "nonsense",
        "[]",
        "{}",
        '{"detail-type": "CaseOpened", "detail": {}}',
        '{"detail-type": "CaseOpened", "detail": {"case_id": "c", "message_id": "m", "occurred_at": "yesterday"}}',
        '{"detail-type": "EscalationRaised", "detail": {"case_id": "c"}}',
        '{"detail-type": "CaseOpened", "detail": {"case_id": "c", "message_id": "m", "occurred_at": 5}}',
    ],
)
def test_anything_else_is_refused_by_name(body: str) -> None:
    with pytest.raises(NotOurEvent):
        asked(body)


def test_a_batch_says_what_it_came_to_in_ids_and_counts() -> None:
    world = World()
    named = [world.a_message(FAKE_SITE, entities=[("domain", "kujira-verify.example")]) for _ in range(4)]
    outcome = Batch([Asked(each) for each in named]).correlate(world.correlator)
    assert outcome["messages"] == 4
    assert len(outcome["raised"]) == 1
    assert FAKE_SITE[:20] not in json.dumps(outcome)


def test_a_batch_that_fails_is_taken_apart_and_its_error_is_not_quoted() -> None:
    log = Mock()
    correlator = Mock()
    correlator.correlate.side_effect = ValueError("what a customer wrote")
    assert Batch([Asked(campaign_id="k1")]).try_to_correlate(correlator, log) is None
    assert "customer wrote" not in str(log.warning.call_args)
