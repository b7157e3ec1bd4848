from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Severity, Team
from functions.acknowledge import page
from functions.acknowledge.counter import STATUS
from functions.acknowledge.wording import DETAILS, LABELS, SEVERITIES, TEAMS, TITLES, Text
from tests.unit.acknowledge.night_shift import ESCALATION, NOW, Answer, Door, FakeEscalations, Page

BEFORE = replace(ESCALATION, acknowledged_at=NOW, acknowledged_by="Alice")


def every_answer() -> list[Answer]:
    return [Door().look(), Door().press(), Door(FakeEscalations(BEFORE)).press(), Door().look("x"), Door().ask("PUT")]


def test_the_page_says_what_would_be_acknowledged_in_both_languages() -> None:
    text = Door().look().page.text

    for expected in (
        "Fraud",
        "不正対策",
        "Critical",
        "緊急",
        "unauthorized withdrawal",
        ESCALATION.case_id,
        "Nothing has happened yet",
    ):
        assert expected in text


def test_times_are_given_in_japan_and_in_utc_with_their_dates() -> None:
    late = replace(ESCALATION, raised_at=ESCALATION.raised_at + timedelta(hours=16))

    text = Page(page.confirmation(late)).text

    assert "2026-05-04 02:12 JST" in text
    assert "2026-05-03 17:12 UTC" in text
    assert "2026-05-03 10:27 JST" in text


def test_nothing_runs_and_nothing_is_loaded() -> None:
    for answer in every_answer():
        assert not answer.page.tags & {"script", "img", "link", "iframe", "object", "embed", "video", "svg", "base"}
        attributes = {name for _, attrs in answer.page.elements for name in attrs}
        assert not attributes & {"src", "href", "action", "style", "srcset", "background"}
        assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in answer.html
        assert "@import" not in answer.html


def test_the_policy_allows_exactly_the_pages_own_style() -> None:
    answer = Door().look()
    (style,) = re.findall(r"<style>(.*?)</style>", answer.html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    directives = answer.headers["Content-Security-Policy"].split("; ")

    assert directives == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]


def test_every_answer_is_private_and_stays_where_it_is() -> None:
    for answer in every_answer():
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_fits_a_telephone_and_a_dark_room() -> None:
    answer = Door().look()

    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in answer.page.elements
    assert "prefers-color-scheme: dark" in answer.html


def test_the_token_is_not_written_into_the_page() -> None:
    assert not [value for _, attrs in Door().look().page.elements for value in attrs.values() if value and len(value) > 60]


nasty = st.text(st.sampled_from("<>&\"'/ab\x00é漢"), min_size=1, max_size=30)


@settings(deadline=None)
@given(nasty, nasty, nasty)
def test_values_are_text_whatever_they_contain(case_id: str, category: str, name: str) -> None:
    hostile = replace(BEFORE, case_id=case_id, category=category, acknowledged_by=name)
    plain = Page(page.outcome("already", BEFORE))

    shown = Page(page.outcome("already", hostile))

    assert shown.elements == plain.elements
    for value in (case_id, category, name):
        assert value in shown.text


def test_markup_in_a_name_is_shown_not_obeyed() -> None:
    html = Door().press("name=%3Cscript%3Ealert(1)%3C/script%3E%22%27").html

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;" in html


@pytest.mark.parametrize("state", STATUS)
def test_every_state_has_a_title_and_an_explanation(state: str) -> None:
    assert {*TITLES[state], *DETAILS[state]}.isdisjoint({""})


def test_every_team_and_severity_has_a_name() -> None:
    assert set(TEAMS) == {each.value for each in Team}
    assert set(SEVERITIES) == {each.value for each in Severity}


@pytest.mark.parametrize("text", [text for texts in (TITLES, DETAILS, LABELS, TEAMS, SEVERITIES) for text in texts.values()])
def test_every_text_is_in_both_languages(text: Text) -> None:
    assert text.en.isascii()
    assert not text.ja.isascii()
