"""The story of one morning on the whole system: every promise that it makes to a reader is held here."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from rich.console import Console

from local.arrival import Arrival
from local.aws.stack import Stack
from local.demo import PUBLIC_URL, Storyteller
from local.display import Display
from local.intake import Intake
from local.scenes import Scene, scenes, story

SEEDS = ("obtain whale accuse flavor", "てみやげ", "せんちょう　たそがれ")
BY_NAME = {scene.name: scene for scene in scenes()}
ASSESSED = ("category", "severity", "team", "language")


@dataclass(frozen=True)
class Told:
    """The story after it was told."""

    stack: Stack
    teller: Storyteller
    text: str
    closed: bool

    def of(self, scene: Scene | str) -> Arrival:
        return self.teller.arrivals[scene if isinstance(scene, str) else scene.name]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    out = io.StringIO()
    with Stack.start({"PublicUrl": PUBLIC_URL}) as stack:
        teller = Storyteller(Intake(stack), Display(Console(file=out, width=118, highlight=False, emoji=False)))
        closed = teller.tell(story())
        yield Told(stack, teller, out.getvalue(), closed)


def expecting(name: str) -> list[Scene]:
    return [scene for scene in scenes() if name in scene.expect]


def named(scene: Scene) -> str:
    return scene.name


@pytest.mark.parametrize("scene", scenes(), ids=named)
def test_a_message_ends_where_the_story_says(told: Told, scene: Scene) -> None:
    assert told.of(scene).outcome == scene.expect["outcome"]


@pytest.mark.parametrize("scene", [scene for scene in scenes() if scene.expect["outcome"] == "opened"], ids=named)
def test_a_message_is_understood(told: Told, scene: Scene) -> None:
    wanted = {name: scene.expect[name] for name in ASSESSED if name in scene.expect}
    assert {name: getattr(told.of(scene), name) for name in wanted} == wanted


@pytest.mark.parametrize("scene", expecting("escalates"), ids=named)
def test_only_the_teams_that_must_hear_of_it_are_interrupted(told: Told, scene: Scene) -> None:
    assert [each["team"] for each in told.of(scene).escalations] == scene.expect["escalates"]


@pytest.mark.parametrize("scene", expecting("case"), ids=named)
def test_what_belongs_to_a_matter_is_filed_with_it(told: Told, scene: Scene) -> None:
    assert told.of(scene).case == told.of(scene.expect["case"]).case


@pytest.mark.parametrize("scene", expecting("related"), ids=named)
def test_what_only_refers_to_a_matter_is_linked_and_not_joined(told: Told, scene: Scene) -> None:
    others = [told.of(name).case for name in scene.expect["related"]]
    assert list(told.of(scene).related) == others
    assert told.of(scene).case not in others


@pytest.mark.parametrize("scene", expecting("rule"), ids=named)
def test_a_message_is_recognised_by_the_right_rule(told: Told, scene: Scene) -> None:
    duplicate = told.of(scene).duplicate
    assert duplicate is not None
    assert duplicate["rule"] == scene.expect["rule"]


@pytest.mark.parametrize("scene", expecting("cause"), ids=named)
def test_what_is_held_says_why(told: Told, scene: Scene) -> None:
    assert told.of(scene).cause == scene.expect["cause"]


@pytest.mark.parametrize("scene", expecting("secrets"), ids=named)
def test_a_secret_is_found(told: Told, scene: Scene) -> None:
    assert [each["kind"] for each in told.of(scene).secrets] == scene.expect["secrets"]


@pytest.mark.parametrize("scene", expecting("unverified"), ids=named)
def test_a_sender_nobody_vouches_for_speaks_beside_the_matter(told: Told, scene: Scene) -> None:
    assert told.of(scene).unverified is scene.expect["unverified"]


@pytest.mark.parametrize("scene", expecting("subject"), ids=named)
def test_a_subject_is_read_as_it_was_written(told: Told, scene: Scene) -> None:
    assert told.of(scene).subject == scene.expect["subject"]


def test_everything_received_is_accounted_for(told: Told) -> None:
    assert told.closed
    assert f"received {len(scenes())} = " in told.text
    assert "nothing lost" in told.text


def test_one_matter_on_three_channels_is_one_case(told: Told) -> None:
    channels = [told.of(name).channel for name in ("priya-writes", "priya-calls", "priya-fills-the-form")]
    assert channels == ["email", "voice", "web_form"]
    [case] = [case for case in told.stack.items("case") if case["case_id"] == told.of("priya-writes").case]
    assert case["messages"] == 3


def test_a_wave_of_reports_does_not_merge_its_reporters(told: Told) -> None:
    assert len({told.of(name).case for name in ("oliver-reports", "yuta-reports", "grace-reports")}) == 3


def test_no_word_of_a_secret_is_stored_logged_announced_or_told(told: Told) -> None:
    places = {
        "table": json.dumps(told.stack.items(), default=str, ensure_ascii=False),
        "log": json.dumps(told.stack.logs, default=str, ensure_ascii=False),
        "bus": json.dumps(told.stack.events(), default=str, ensure_ascii=False),
        "notifications": "".join(each.message for each in told.teller.notifications),
        "screen": told.text,
    }
    leaked = [(place, seed) for place, text in places.items() for seed in SEEDS if seed in text]
    assert leaked == []


def test_every_escalation_is_told_once_for_each_rung(told: Told) -> None:
    raised = told.stack.items("escalation")
    assert len(told.teller.notifications) == sum(int(each["rung"]) + 1 for each in raised)


def test_a_replay_tells_nobody_anything(told: Told) -> None:
    hannahs = [each for each in told.stack.items("escalation") if each["case_id"] == told.of("hannah-writes").case]
    messages = {told.of(name).message for name in ("hannah-writes", "hannah-follows-up")}
    assert {each["message_id"] for each in hannahs} == messages
    assert len(hannahs) == 2


def test_an_escalation_nobody_answers_climbs_one_rung_and_stops_when_acknowledged(told: Told) -> None:
    first = told.of("hannah-writes").escalations[0]["escalation"]
    climbed = {each["escalation_id"]: int(each["rung"]) for each in told.stack.items("escalation") if each["rung"]}
    assert climbed == {first: 1}
    [item] = [each for each in told.stack.items("escalation") if each["escalation_id"] == first]
    assert item["acknowledged_by"] == "Aoi Mizuno"
    assert "due" not in item


def test_somebody_who_answers_in_time_stops_the_ladder_before_it_climbs(told: Told) -> None:
    answered = told.of("daniel-sends-his-words").escalations[0]["escalation"]
    [item] = [each for each in told.stack.items("escalation") if each["escalation_id"] == answered]
    assert (int(item["rung"]), item["acknowledged_by"]) == (0, "森田 健")


def test_the_stranger_learns_nothing(told: Told) -> None:
    """What the stranger's own case holds says nothing that Hannah wrote."""
    case = told.of("stranger-replies").case
    text = json.dumps([each for each in told.stack.items() if each["pk"] == f"CASE#{case}"], default=str, ensure_ascii=False)
    assert "204817" not in text
    assert "bc1qrxvu8ey2j85p0vtfr8n7w5qg0qh552cg822aqp" not in text


def test_nothing_failed_and_no_role_lacked_a_permission(told: Told) -> None:
    assert [each.failure for each in told.stack.failures] == []
    assert told.stack.refused == []


def test_every_message_takes_few_lines(told: Told) -> None:
    blocks = told.text.split("\n\n")
    longest = max((block for block in blocks if block[:2].isdigit()), key=lambda block: block.count("\n"))
    assert longest.strip().count("\n") <= 5, longest
