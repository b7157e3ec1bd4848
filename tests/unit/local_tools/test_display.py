from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from local.arrival import Arrival, unaccounted
from local.display import Display, console, printable

AT = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
ESCALATION = {
    "escalation": "e1",
    "team": "fraud",
    "severity": "critical",
    "category": "unauthorized_withdrawal",
    "cause": "opened",
    "message_id": "m1",
    "raised_at": "2026-11-20T00:00:00.000Z",
    "due_at": "2026-11-20T00:05:00.000Z",
}


def arrived(**changes: Any) -> Arrival:
    opened = {
        "file": "mail.eml",
        "channel": "email",
        "outcome": "opened",
        "case": "abcdef0123",
        "category": "unauthorized_withdrawal",
        "severity": "critical",
        "team": "fraud",
        "language": "en",
        "subject": "Help",
    }
    return Arrival(**{**opened, **changes})


def shown(act: Any, width: int = 118) -> str:
    out = io.StringIO()
    act(Display(Console(file=out, width=width, highlight=False, emoji=False)))
    return out.getvalue()


def test_an_opened_case_says_what_it_is_and_whose() -> None:
    text = shown(lambda display: display.arrived(arrived(), AT, "Hannah writes."))
    assert "09:00  mail  Hannah writes." in text
    assert "opened a case abcdef  unauthorized withdrawal · critical · Fraud · English" in text


def test_the_reasons_are_given() -> None:
    reasons = ({"rule": "happening_now"}, {"rule": "not_requested"}, {"rule": "happening_now"})
    assert "because: happening now, not requested" in shown(
        lambda display: display.arrived(arrived(reasons=reasons), AT), width=160
    )


def test_an_escalation_says_who_must_answer_by_when() -> None:
    text = shown(lambda display: display.arrived(arrived(escalations=(ESCALATION,)), AT))
    assert "escalated to Fraud, somebody must answer by 09:05" in text


def test_a_repeated_escalation_says_why() -> None:
    again = {**ESCALATION, "cause": "new_fact"}
    assert "escalated to Fraud again: new fact" in shown(lambda display: display.arrived(arrived(escalations=(again,)), AT))


def test_a_linked_case_is_shown_beside_the_other() -> None:
    assert "opened a case abcdef, beside 999999" in shown(lambda display: display.arrived(arrived(related=("9999990",)), AT))


def test_an_attached_message_says_how_it_was_recognised() -> None:
    duplicate = {"rule": "same_matter", "score": 1, "evidence": ["reference:W-70418"]}
    text = shown(lambda display: display.arrived(arrived(outcome="attached", duplicate=duplicate, unverified=True), AT))
    assert "attached to case abcdef: the same customer's same matter (reference:W-70418), beside the matter" in text


def test_a_replay_changes_nothing() -> None:
    assert "replayed: a delivery of case abcdef" in shown(lambda display: display.arrived(arrived(outcome="replayed"), AT))


def test_what_is_held_says_why() -> None:
    held = arrived(outcome="quarantined", case="", cause="auto_reply")
    assert "held for a person to look at: auto reply" in shown(lambda display: display.arrived(held, AT))


@pytest.mark.parametrize("outcome", ["opened", "attached", "replayed", "quarantined"])
def test_a_message_takes_two_lines_and_one_for_each_escalation(outcome: str) -> None:
    message = arrived(outcome=outcome, escalations=(ESCALATION,))
    assert len(shown(lambda display: display.arrived(message, AT)).strip().split("\n")) == 3


def test_nothing_a_customer_wrote_commands_the_terminal() -> None:
    hostile = arrived(subject="\x1b[2J\x1b]0;owned\x07 [red]bold[/red] \u202egnp.exe")
    text = shown(lambda display: display.arrived(hostile, AT))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[red]bold[/red]" in text


def test_japanese_is_kept_as_written() -> None:
    assert printable("入金の 反映時間\nについて") == "入金の 反映時間 について"


def test_a_table_with_japanese_stays_within_its_width() -> None:
    case = {
        "team": "operations",
        "queue": "operations",
        "queue_at": "2#2026",
        "severity": "normal",
        "category": "deposit",
        "case_id": "abcdef0123",
        "messages": 2,
        "language": "ja",
        "opened_by": "m1",
        "opened_at": "2026-11-20T00:02:00.000Z",
        "subject": "入金の反映時間について、たいへん長い件名のお問い合わせをお送りいたします" * 3,
    }
    text = shown(lambda display: display.cases([case]), width=120)
    assert "deposit" in text
    assert max(cell_len(line) for line in text.split("\n")) <= 120


def test_the_queues_show_the_most_urgent_first() -> None:
    items = [
        {**ESCALATION, "case_id": "b", "severity": "high", "category": "sim_swap"},
        {**ESCALATION, "case_id": "a", "acknowledged_at": "2026-11-20T00:01:00.000Z", "category": "seen_already"},
        {**ESCALATION, "case_id": "c", "rung": 1},
    ]
    lines = shown(lambda display: display.escalations(items)).split("\n")
    order = [next(i for i, line in enumerate(lines) if what in line) for what in ("rung 1", "sim swap", "acknowledged")]
    assert order == sorted(order)


def test_a_story_is_told_by_its_own_clock() -> None:
    late = {**ESCALATION, "raised_at": "2030-01-01T12:00:00.000Z", "due_at": "2030-01-01T12:30:00.000Z", "case_id": "a"}

    def tell(display: Display) -> None:
        display.moments["m1"] = AT
        display.arrived(arrived(message="m1", escalations=(late,)), AT)
        display.escalations([late])

    text = shown(tell)
    assert "somebody must answer by 09:30" in text
    assert text.count("09:30") == 2


def test_the_account_closes_when_everything_ended_somewhere() -> None:
    arrivals = [arrived(), arrived(outcome="attached"), arrived(outcome="replayed"), arrived(outcome="quarantined")]
    out = io.StringIO()
    closed = Display(Console(file=out, width=118)).totals(arrivals)
    assert closed
    assert "received 4 = 1 opened + 1 attached + 1 replayed + 1 quarantined   nothing lost" in out.getvalue()


def test_the_account_does_not_close_when_something_is_missing() -> None:
    out = io.StringIO()
    closed = Display(Console(file=out, width=118)).totals([arrived(), unaccounted("x.eml", "email", "no receipt")])
    assert not closed
    assert "1 NOT ACCOUNTED FOR" in out.getvalue()


def test_a_pipe_gets_plain_text() -> None:
    out = io.StringIO()
    Display(console(out)).arrived(arrived(), AT)
    assert "\x1b" not in out.getvalue()


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    Display(Console(file=out, force_terminal=True, width=118, highlight=False)).totals([arrived()])
    assert "\x1b[3" not in out.getvalue()
