from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Escalation, Team
from casework.errors import NotOurEvent, StoreUnavailable
from casework.links import sign
from tests.unit.acknowledge.night_shift import ESCALATION, KEY, LINK, NOW, TOKEN, Answer, Door, FakeEscalations

BEFORE = replace(ESCALATION, acknowledged_at=NOW - timedelta(minutes=1), acknowledged_by="佐藤 花子")


def nothing_changed(door: Door) -> bool:
    return door.escalations.acknowledged == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get"])
def test_nothing_but_a_sent_form_acknowledges(method: str) -> None:
    door = Door()

    door.ask(method, body="name=Scanner")

    assert nothing_changed(door)


def test_a_mail_scanner_may_follow_the_link_as_often_as_it_likes() -> None:
    door = Door()

    answers = [door.ask(method) for method in ("GET", "HEAD", "GET")]

    assert [each.status for each in answers] == [200, 200, 200]
    assert answers[1].html == ""
    assert nothing_changed(door)


def test_the_link_shows_a_form_that_is_sent_back_to_it() -> None:
    page = Door().look().page

    assert ("form", {"method": "post"}) in page.elements
    assert {"button", "input"} <= page.tags


def test_the_button_acknowledges_in_the_name_of_who_pressed_it() -> None:
    door = Door()

    answer = door.press("name=%E4%BD%90%E8%97%A4+%E8%8A%B1%E5%AD%90")

    assert answer.status == 200
    assert door.escalations.acknowledged == [("佐藤 花子", NOW)]
    assert "佐藤 花子" in answer.page.text
    assert "form" not in answer.page.tags


@pytest.mark.parametrize("body", [None, "", "name=", "name=%E3%80%80", "other=x", "name=%00%E2%80%AE", "&&&=", "name"])
def test_without_a_name_the_team_has_acknowledged(body: str | None) -> None:
    door = Door()

    assert door.press(body).status == 200
    assert door.escalations.acknowledged == [("fraud team", NOW)]


def test_a_name_is_one_line_of_visible_characters() -> None:
    door = Door()

    door.press("name=+Eve%0D%0A%00%E2%80%AEAdams%F0%9F+")

    assert door.escalations.acknowledged[0][0] == "Eve Adams\ufffd"


def test_a_long_name_is_cut() -> None:
    door = Door()

    door.press("name=" + "%E8%97%A4" * 200)

    assert door.escalations.acknowledged == [("藤" * 80, NOW)]


def test_a_form_in_base64_is_read() -> None:
    door = Door()

    door.ask("POST", body=base64.b64encode(b"name=Alice").decode(), isBase64Encoded=True)

    assert door.escalations.acknowledged == [("Alice", NOW)]


@pytest.mark.parametrize(
    ("body", "event"),
    [
        ("name=" + "x" * 5000, {}),
        ("&".join(["name=x"] * 100), {}),
        ("!", {"isBase64Encoded": True}),
        (base64.b64encode(b"name=\xff").decode(), {"isBase64Encoded": True}),
        ('{"name": "x"}', {"headers": {"content-type": "application/json"}}),
        ("name=\ud800", {}),
    ],
)
def test_what_is_no_form_acknowledges_nothing(body: str, event: dict[str, Any]) -> None:
    door = Door()

    assert door.ask("POST", body=body, **event).status == 400
    assert nothing_changed(door)


def test_pressing_twice_says_who_was_first_and_changes_nothing() -> None:
    door = Door()
    door.press("name=Alice")
    door.now += timedelta(minutes=5)

    answer = door.press("name=Bob")

    assert answer.status == 409
    assert "Alice" in answer.page.text
    assert "2026-05-03 01:15 UTC" in answer.page.text
    assert "Bob" not in answer.html
    assert len(door.escalations.acknowledged) == 1


def test_looking_at_an_acknowledged_escalation_says_who_and_when_and_offers_no_button() -> None:
    answer = Door(FakeEscalations(BEFORE)).look()

    assert answer.status == 200
    assert "佐藤 花子" in answer.page.text
    assert "2026-05-03 01:14 UTC" in answer.page.text
    assert "button" not in answer.page.tags


def test_whoever_loses_the_race_for_the_button_is_told_who_won() -> None:
    class Raced(FakeEscalations):
        def find(self, case_id: str, escalation_id: str) -> Escalation | None:
            found, self.stored = super().find(case_id, escalation_id), BEFORE
            return found

    door = Door(Raced())

    answer = door.press("name=Bob")

    assert answer.status == 409
    assert "佐藤 花子" in answer.page.text
    assert nothing_changed(door)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("token", "status", "title"),
    [
        (None, 400, "This link is incomplete"),
        ("", 400, "This link is incomplete"),
        (TOKEN[:40], 400, "This link is incomplete"),
        (f"{TOKEN},{TOKEN}", 400, "This link is incomplete"),
        ("A" * 100_000, 400, "This link is incomplete"),
        (sign(LINK, b"a key that is not the samples key"), 403, "This link is not valid"),
        (sign(replace(LINK, expires_at=NOW), KEY), 410, "This link has expired"),
        (sign(replace(LINK, escalation_id="other"), KEY), 404, "There is no such escalation"),
        (sign(replace(LINK, team=Team.TRUST), KEY), 404, "There is no such escalation"),
    ],
)
def test_a_wrong_link_gets_a_clear_page_and_changes_nothing(method: str, token: str | None, status: int, title: str) -> None:
    door = Door()

    answer = door.ask(method, token, body="name=Mallory")

    assert answer.status == status
    assert title in answer.page.text
    assert "button" not in answer.page.tags
    assert ESCALATION.case_id not in answer.html
    assert nothing_changed(door)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_no_made_up_token_reaches_an_escalation(token: str, body: str) -> None:
    door = Door(FakeEscalations(error=StoreUnavailable("nobody may ask")))

    assert door.press(body, token).status in {400, 403}


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200) | st.from_regex(r"name=(%[0-9a-fA-F]{2}){0,80}"))
def test_any_form_is_answered(body: str) -> None:
    assert Door().press(body).status in {200, 400}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_store_that_does_not_answer_asks_to_try_again(method: str) -> None:
    door = Door(FakeEscalations(error=StoreUnavailable("no table")))

    answer = door.ask(method)

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "no table" not in answer.html


def test_other_methods_are_told_what_is_allowed() -> None:
    answer = Door().ask("PUT")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_the_log_names_the_escalation_and_neither_the_token_nor_the_person() -> None:
    door = Door()

    door.press("name=Alice")

    expected = {"state": "acknowledged", "method": "POST", "request": "request-1"}
    subject = {"case": ESCALATION.case_id, "escalation": ESCALATION.escalation_id, "team": "fraud"}
    assert door.noted == [{"event": "acknowledge_answered", **expected, **subject}]


def test_the_log_names_nothing_of_a_link_that_is_not_ours() -> None:
    door = Door()

    door.look(sign(LINK, b"a key that is not the samples key"))

    assert door.noted == [{"event": "acknowledge_answered", "state": "forged", "method": "GET", "request": "request-1"}]


def test_an_event_of_another_kind_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotOurEvent, match="HTTP API event"):
        Door().answer({"Records": []})


def sample(name: str) -> Answer:
    path = Path(__file__).parents[3] / "events" / "acknowledge" / f"{name}.json"
    return Door().answer(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("name", "status", "title"),
    [
        ("the_link_is_opened", 200, "Acknowledge this escalation?"),
        ("the_button_is_pressed", 200, "Acknowledged"),
        ("the_link_is_forged", 403, "This link is not valid"),
        ("the_link_is_cut_off", 400, "This link is incomplete"),
    ],
)
def test_a_sample_is_answered(name: str, status: int, title: str) -> None:
    answer = sample(name)

    assert answer.status == status
    assert title in answer.page.text


def test_the_mail_scanners_sample_gets_headers_only() -> None:
    answer = sample("a_mail_scanner_follows_the_link")

    assert (answer.status, answer.html) == (200, "")


def test_every_sample_of_an_acknowledgement_is_accounted_for() -> None:
    folder = Path(__file__).parents[3] / "events" / "acknowledge"

    assert {path.stem for path in folder.iterdir()} == {
        "the_link_is_opened",
        "a_mail_scanner_follows_the_link",
        "the_button_is_pressed",
        "the_link_is_forged",
        "the_link_is_cut_off",
    }
