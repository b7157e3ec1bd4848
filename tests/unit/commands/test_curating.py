"""Campaigns in people's hands: who and what belongs to one, that one is over, that two are one; each once, with who and why."""

from __future__ import annotations

from typing import Any

import pytest

from casework.commands.command import read
from casework.errors import InvalidCommand
from casework.escalation import climb
from casework.records import escalation_key, identity_key
from casework.times import stamp
from tests.builders import NOON, POLICY, minutes
from tests.unit.campaigns.attacks import World, words

SITE, OTHER = ("domain", "kujira-verify.example"), ("domain", "kujira-help.example")
NOBODYS = "0" * 16


def a_wave(world: World, site: tuple[str, str] = SITE, start: int = 1, size: int = 4) -> str:
    """Customers who name a site; the campaign they are. Their cases are ``case(start)``, ``case(start + 1)`` …"""
    for place in range(start, start + size):
        world.correlate(world.a_message(words(place), entities=[site], case=case(place)))
    return world.campaigns[-1].campaign_id


def case(number: int) -> str:
    return f"{number:016x}"


def notes(world: World, campaign: str) -> list[dict[str, Any]]:
    return [
        each for each in world.table.items.values() if each["pk"] == f"CAMPAIGN#{campaign}" and each["sk"].startswith("NOTE#")
    ]


def refusal(world: World, command: str, **fields: Any) -> str:
    before = dict(world.table.items)
    answer = world.told(command, **fields)
    assert answer["outcome"] == "refused"
    assert world.table.items == before, "nothing is changed by a refusal"
    return str(answer["code"])


def test_a_member_is_taken_out_with_their_messages_and_the_history_says_who_and_why() -> None:
    world = World()
    campaign = a_wave(world)
    answer = world.told("remove_member", campaign=campaign, case=case(2), reason="Asked about our own page")
    assert (answer["outcome"], answer["messages"], answer["campaign"]) == ("done", 1, campaign)
    assert (world.campaign.customers, world.campaign.messages) == (3, 3)
    (note,) = notes(world, campaign)
    told = ("by", "reason", "case_id", "campaign_id", "command")
    expected = ("aiko@kujira.example", "Asked about our own page", case(2), campaign, "remove_member")
    assert tuple(note[name] for name in told) == expected


def test_a_member_who_was_counted_under_two_names_is_taken_out_under_both() -> None:
    world = World()
    campaign = a_wave(world)
    names = ["customer-1", "customer-2"]
    for name in names:
        world.table.items[identity_key(name)] = {**identity_key(name)._asdict(), "kind": "identity", "keys": names, "version": 1}
    assert world.told("remove_member", campaign=campaign, case=case(2))["messages"] == 2
    assert (world.campaign.customers, world.campaign.messages) == (2, 2)
    world.correlate(world.a_message(words(99), entities=[SITE], customer="customer-1"))
    assert world.campaign.messages == 2


def test_what_a_member_demanded_by_themselves_rings_again_when_they_are_out_and_is_not_folded_anew() -> None:
    world = World()
    demanded = world.a_message(words(0), entities=[SITE], case=case(99), customer="mistaken", escalations=["own"])
    world.correlate(demanded)
    campaign = a_wave(world)
    world.correlate(demanded)
    place = escalation_key(case(99), "own")
    assert world.table.items[place]["folded_into"] == campaign
    answer = world.told("remove_member", campaign=campaign, case=case(99))
    assert answer["ringing"] == ["own"]
    world.correlate(demanded)
    item = world.table.items[place]
    assert (item["due"], item["due_at"]) == ("open", stamp(NOON))
    assert not {"folded_into", "acknowledged_at", "acknowledged_by"} & item.keys()
    assert "own" in [each.escalation_id for each in climb(world.table, POLICY, minutes(1))], "the next sweep makes Trust hear"


def test_an_indicator_that_is_out_says_nothing_in_any_campaign() -> None:
    world = World()
    campaign = a_wave(world)
    (indicator,) = world.campaign.indicators
    answer = world.told("exclude_indicator", campaign=campaign, indicator=indicator)
    assert (answer["outcome"], answer["indicator"]) == ("done", indicator)
    a_wave(world, start=50)
    assert (len(world.campaigns), world.campaign.customers, world.campaign.indicators) == (1, 4, {})


def test_a_closed_campaign_says_who_closed_it() -> None:
    world = World()
    campaign = a_wave(world)
    assert world.told("close_campaign", campaign=campaign)["sentence"] == f"Campaign {campaign} is closed."
    assert (world.campaign.status, world.campaign.closed_by) == ("closed", "aiko@kujira.example")


def test_a_campaign_goes_on_in_another_and_both_histories_tell() -> None:
    world = World()
    one, other = a_wave(world), a_wave(world, OTHER, 20)
    assert world.told("join_campaign", campaign=other, into=one)["into"] == one
    world.correlator.absorb(other)
    assert (world.campaign.campaign_id, world.campaign.customers) == (one, 8)
    assert [(each["kind"], each["campaign_id"]) for each in (*notes(world, one), *notes(world, other))] == [
        ("mention", other),
        ("command", other),
    ]


@pytest.mark.parametrize("named", [{}, {"id": "click-1"}])
@pytest.mark.parametrize("command", ["remove_member", "exclude_indicator", "close_campaign", "join_campaign"])
def test_a_command_that_comes_again_is_answered_the_same_and_does_nothing_more(command: str, named: dict[str, str]) -> None:
    world = World()
    one, other = a_wave(world), a_wave(world, OTHER, 20)
    indicator = next(iter(world.campaigns[1].indicators))
    fields = {
        "remove_member": {"case": case(21)},
        "exclude_indicator": {"indicator": indicator},
        "join_campaign": {"into": one},
    }.get(command, {})
    answer = world.told(command, campaign=other, **fields, **named)
    after = dict(world.table.items)
    assert answer["outcome"] == "done"
    assert world.told(command, campaign=other, **fields, **named) == answer
    assert world.table.items == after


def test_what_cannot_be_done_to_a_campaign_is_refused_with_a_reason() -> None:
    world = World()
    one, other = a_wave(world), a_wave(world, OTHER, 20)
    assert refusal(world, "close_campaign", campaign=NOBODYS) == "unknown_campaign"
    assert refusal(world, "remove_member", campaign=one, case=NOBODYS) == "unknown_case"
    assert refusal(world, "remove_member", campaign=one, case=case(20)) == "not_a_member"
    assert refusal(world, "exclude_indicator", campaign=one, indicator="domain." + "0" * 20) == "not_shown"
    assert refusal(world, "join_campaign", campaign=one, into=one) == "self_join"
    assert refusal(world, "join_campaign", campaign=one, into=NOBODYS) == "unknown_campaign"
    world.told("remove_member", campaign=one, case=case(1))
    assert refusal(world, "remove_member", campaign=one, case=case(1), reason="again") == "already_removed"
    world.told("close_campaign", campaign=one)
    assert refusal(world, "close_campaign", campaign=one, reason="again") == "campaign_closed"
    assert refusal(world, "join_campaign", campaign=other, into=one) == "into_closed"
    world.told("join_campaign", campaign=one, into=other)
    assert refusal(world, "close_campaign", campaign=one, reason="really") == "campaign_joined"
    assert refusal(world, "join_campaign", campaign=other, into=one) == "campaign_joined"


@pytest.mark.parametrize(
    ("field", "value"),
    [("campaign", "9D1E"), ("campaign", None), ("indicator", "domain"), ("indicator", "domain." + "g" * 20), ("case", case(1))],
)
def test_a_mistake_in_a_command_to_a_campaign_is_named_by_its_field(field: str, value: object) -> None:
    given = {"command": "exclude_indicator", "campaign": NOBODYS, "indicator": "domain." + "0" * 20, "by": "m", "reason": "r"}
    assert read(given, NOON).indicator == given["indicator"]
    with pytest.raises(InvalidCommand) as caught:
        read({**given, field: value}, NOON)
    assert caught.value.field == field


def test_what_people_do_to_a_campaign_changes_no_case_and_takes_nothing_back() -> None:
    world = World()
    campaign = a_wave(world)
    kept = {key: item for key, item in world.table.items.items() if item["kind"] in {"case", "message", "escalation"}}
    assert world.raised, "Trust has heard of it"
    world.told("remove_member", campaign=campaign, case=case(1))
    world.told("close_campaign", campaign=campaign)
    assert {key: world.table.items[key] for key in kept} == kept


def test_a_message_that_is_counted_meanwhile_is_not_lost() -> None:
    world = World()
    campaign = a_wave(world)
    late = [world.a_message(words(80), entities=[SITE])]

    def meanwhile(_writes: object) -> bool:
        if late:
            world.correlate(late.pop())
        return False

    world.table.cut = meanwhile
    assert world.told("remove_member", campaign=campaign, case=case(1), at="2026-05-03T12:00:00Z")["outcome"] == "done"
    assert (world.campaign.customers, world.campaign.messages, world.campaign.last_at > NOON) == (4, 4, True)
