"""A hidden field that only robots fill in: they learn nothing, and a person decides what becomes of their message."""

from __future__ import annotations

import json

import pytest

from tests.unit.web_form.counter_of_forms import FORM, Counter, event


def test_a_robot_is_answered_like_anybody_else_and_its_message_is_marked() -> None:
    robot, customer = Counter(), Counter()

    answers = robot.send(website="https://offers.example.net"), customer.send()

    assert [each.status for each in answers] == [201, 201]
    assert set(answers[0].body) == set(answers[1].body)
    assert answers[0].headers == answers[1].headers
    assert robot.desk.message.signals == ("honeypot",)
    assert customer.desk.message.signals == ()


@pytest.mark.parametrize("empty", [None, "", " \u3000"])
def test_a_page_that_sends_the_field_empty_is_a_customers(empty: object) -> None:
    counter = Counter()

    assert counter.send(website=empty).status == 201
    assert counter.desk.message.signals == ()


def test_what_the_robot_wrote_there_goes_nowhere() -> None:
    counter = Counter()
    counter.send(website="https://offers.example.net")

    assert "offers.example.net" not in repr(counter.desk.message)


def test_a_route_that_does_not_exist_is_a_problem_document_too() -> None:
    answer = Counter().answer(event(json.dumps(FORM), route="PUT /cases"))

    assert (answer.status, answer.body["type"]) == (404, "urn:casework:problem:not-found")
