"""Messages that say little of their matter and go on with it: they join the case they mean, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import Outcome, Receipt
from casework.desk import Desk
from tests.builders import DRAINED, POLICY, TAX, a_desk, a_message, an_email, minutes

MISSING = "I sent 850.00 GBP by bank transfer on Monday and it still has not been credited to my account."


def after(desk: Desk, *texts: str, subject: str = "") -> Receipt:
    """The receipt of the last of these messages, an hour apart."""
    *earlier, last = texts
    for number, text in enumerate(earlier):
        desk.receive(a_message(text, name=f"m{number}", at=minutes(60 * number)))
    return desk.receive(a_message(last, name="last", subject=subject, at=minutes(60 * len(earlier))))


@pytest.mark.parametrize(
    "text",
    ["Solved, thank you.", "hello?? anybody there?", "Here is the statement that you asked for.", "It has arrived now, thanks!"],
)
def test_what_only_goes_on_joins_the_only_case(text: str) -> None:
    receipt = after(a_desk()[0], MISSING, text)
    assert receipt.outcome is Outcome.ATTACHED
    assert receipt.duplicate is not None
    assert any("by its words, and there is no other case" in words for words in receipt.duplicate.evidence)


def test_who_asks_for_the_same_of_another_month_goes_on_with_nothing() -> None:
    asked = "Please send me the account statement for {}."
    assert after(a_desk()[0], asked.format("January 2026"), asked.format("February 2026")).outcome is Outcome.OPENED


@pytest.mark.parametrize(
    "text", ["解決しました。ありがとうございました。", "まだでしょうか。", "ご質問の件ですが、楽天銀行から振り込みました。"]
)
def test_so_does_what_goes_on_in_japanese(text: str) -> None:
    assert (
        after(a_desk()[0], "昨日、銀行から30万円を入金しましたが、まだ口座に反映されていません。", text).outcome
        is Outcome.ATTACHED
    )


def test_of_several_cases_it_joins_the_last() -> None:
    desk, _ = a_desk()
    tax = desk.receive(a_message(TAX, at=minutes(-600)))
    receipt = after(desk, DRAINED, "Hello? I am still waiting for an answer.")
    assert receipt.outcome is Outcome.ATTACHED
    assert receipt.case_id != tax.case_id


def test_a_stranger_s_follow_up_joins_nothing() -> None:
    desk, _ = a_desk()
    desk.receive(a_message(MISSING))
    stranger = a_message("Solved, thank you.", identities=(an_email("taro@example.jp"),), at=minutes(60))
    assert desk.receive(stranger).outcome is Outcome.OPENED


@pytest.mark.parametrize(
    "text",
    [
        "Another question: which coins can be staked?",
        "Not related to that, but where do I see my fees?",
        "My wife has the same with her account, hers is a different bank.",
        "もう一つ質問です。手数料はどこで見られますか。",
    ],
)
def test_who_says_that_it_is_something_else_is_believed(text: str) -> None:
    assert after(a_desk()[0], MISSING, text).outcome is Outcome.OPENED


def test_a_reply_to_another_subject_does_not_go_to_the_last_case() -> None:
    assert (
        after(a_desk()[0], MISSING, "It has arrived now, thanks!", subject="Re: your newsletter of May").outcome is Outcome.OPENED
    )


def test_a_number_of_the_case_tells_what_is_meant() -> None:
    receipt = after(a_desk()[0], MISSING, "The 850 landed this morning.")
    assert receipt.duplicate is not None
    assert any("both name 850" in words for words in receipt.duplicate.evidence)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Can I have an invoice with our VAT number for January's trading fees?",
            "Can I have an invoice with our VAT number for March's trading fees?",
        ),
        ("The staking rewards for SOL are late by two days.", "The staking rewards for ADA are late by two days."),
        (
            "Scam report. Telegram user @harbor_vip_desk asks for seed phrases.",
            "Scam report. Telegram user @anna_harborhelp asks for seed phrases.",
        ),
        (
            "Please remove my withdrawal address 0x8f31c0...a72d, it is an old wallet.",
            "Please remove my withdrawal address 0x11bd94...03e9, it is an old wallet.",
        ),
    ],
)
def test_one_form_filled_in_twice_is_two_matters(first: str, second: str) -> None:
    assert after(a_desk()[0], first, second).outcome is Outcome.OPENED


def test_with_an_opinion_of_nothing_everything_is_as_it_was() -> None:
    desk, _ = a_desk()
    mute = replace(POLICY.triage, follow_up=replace(POLICY.triage.follow_up, bias=0.0, model=0.0))
    silent = replace(desk, policy=replace(POLICY, triage=mute))
    assert after(silent, MISSING, "Here is the statement that you asked for.").outcome is Outcome.OPENED
