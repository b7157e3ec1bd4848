"""Who may join a case by mail: the whole way of a mail, as SES stores it, through the reader and the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.case import Outcome, Receipt
from casework.desk import Desk
from casework.message import MAX_REFERENCES
from tests.builders import DRAINED, TAX, a_desk
from tests.memory_table import MemoryTable
from tests.unit.email_door.mails import AT, a_block, a_mail, a_multipart, a_text, read

STRANGER: dict[str, Any] = {
    "block": a_block(domain="else.example", envelope="eve@else.example"),
    "From": "Eve <eve@else.example>",
}
UNLIKE = "Which languages is your app available in?\r\n"
OWN = ("exchange.example",)


class Post:
    """A desk that takes mail, a minute apart."""

    def __init__(self) -> None:
        self.desk: Desk
        self.table: MemoryTable
        self.desk, self.table = a_desk()
        self.count = 0

    def receive(self, raw: bytes) -> Receipt:
        self.count += 1
        return self.desk.receive(read(raw, OWN, AT + timedelta(minutes=self.count)))

    def customer(self, text: str = TAX, **headers: Any) -> Receipt:
        """A mail of the customer, whom DMARC vouches for."""
        return self.receive(a_mail(text, **{"block": a_block(), "Message-ID": f"<m{self.count}@example.jp>", **headers}))

    def stored(self, kind: str) -> list[dict[str, Any]]:
        return self.table.of_kind(kind)


def plus(receipt: Receipt) -> str:
    return f"support+{receipt.reference}@exchange.example"


def ways_to_name(receipt: Receipt) -> dict[str, dict[str, Any]]:
    """Every way in which a mail can name the case that ``receipt`` told of, and the customer's mail that opened it."""
    block = a_block().replace(b"for support@exchange.example;", f"for {plus(receipt).lower()};".encode())
    return {
        "To": {"To": plus(receipt)},
        "To in lower case": {"To": f"Support <{plus(receipt).lower()}>"},
        "Cc": {"Cc": f"a@b.example, {plus(receipt)}"},
        "Delivered-To": {"Delivered-To": plus(receipt)},
        "X-Original-To": {"X-Original-To": plus(receipt)},
        "envelope": {"block": block},
        "subject": {"Subject": f"Re: [{receipt.reference}] your question"},
        "In-Reply-To": {"In-Reply-To": "<m0@example.jp>"},
        "References": {"References": "<z@else.example> <m0@example.jp>"},
    }


WAYS = list(ways_to_name(Receipt(message_id="", outcome=Outcome.OPENED, reference="CW-0000-0000-0000", received_at=AT)))


@pytest.mark.parametrize("way", WAYS)
def test_a_customer_whom_dmarc_vouches_for_joins_by_any_name_of_the_case(way: str) -> None:
    post = Post()
    opened = post.customer()
    joined = post.customer(UNLIKE, **ways_to_name(opened)[way])
    assert (joined.outcome, joined.case_id, joined.unverified) == (Outcome.ATTACHED, opened.case_id, False)
    assert joined.duplicate is not None
    assert joined.duplicate.rule == "thread"


def test_without_any_name_of_the_case_the_same_mail_is_something_new() -> None:
    post = Post()
    opened = post.customer()
    assert post.customer(UNLIKE, Subject="Else").case_id != opened.case_id


@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_never_joins_by_a_name_of_the_case(way: str) -> None:
    post = Post()
    opened = post.customer(DRAINED)
    named = ways_to_name(opened)[way]
    named["block"] = named.get("block", a_block()).replace(b"=example.jp", b"=else.example")
    found = post.receive(a_mail(UNLIKE, **{**STRANGER, **named}))
    assert (found.outcome, found.related) == (Outcome.OPENED, (opened.case_id,))
    assert found.case_id != opened.case_id
    again = post.receive(a_mail(DRAINED, **{**STRANGER, **named, "Message-ID": "<again@else.example>"}))
    assert again.case_id != opened.case_id, "not in the customer's own words either"
    (case,) = (item for item in post.stored("case") if item["pk"].endswith(opened.case_id))
    assert case["messages"] == 1


@pytest.mark.parametrize(
    "sender",
    [
        "Hanako Yamada <hanako@examp1e.jp>",
        '"hanako@example.jp" <eve@else.example>',
        "eve@else.example, hanako@example.jp",
        "=?utf-8?q?hanako=40example.jp?= <eve@else.example>",
        "hanako@example.jp.else.example",
        "Hanako <hanako+@example.jp>",
    ],
)
def test_who_only_looks_like_the_customer_is_a_stranger(sender: str) -> None:
    post = Post()
    opened = post.customer()
    domain = sender.rpartition("@")[2].strip(">")
    found = post.receive(a_mail(UNLIKE, block=a_block(domain=domain), From=sender, To=plus(opened)))
    assert (found.outcome, found.related) == (Outcome.OPENED, (opened.case_id,))


@pytest.mark.parametrize(
    "block",
    [
        a_block(dmarc="fail", dkim="fail", spf="fail"),
        a_block(dmarc="none"),
        a_block(dmarc="gray"),
        a_block(domain="else.example"),
        b"",
        a_block(dmarc="fail") + a_block(),
        a_block(dmarc="fail") + b"Authentication-Results: amazonses.com; dmarc=pass header.from=example.jp;\r\n",
        b"Authentication-Results: amazonses.com; dmarc=pass header.from=example.jp;\r\n" + a_block(dmarc="fail"),
        a_block(dmarc="fail") + b"X-SES-Spam-Verdict: PASS\r\nFrom : eve@else.example\r\n",
    ],
    ids=["fail", "none", "gray", "other domain", "no block", "second block", "own result", "result above", "second From"],
)
def test_who_only_claims_to_be_the_customer_is_marked_and_changes_nothing_of_theirs(block: bytes) -> None:
    post = Post()
    opened = post.customer()
    before = {key: item for key, item in post.table.items.items() if item["kind"] == "identity"}
    found = post.receive(a_mail(UNLIKE, block=block, To=plus(opened), References="<m0@example.jp>"))
    assert found.unverified
    after = {key: item for key, item in post.table.items.items() if item["kind"] == "identity"}
    assert before.keys() == after.keys()
    assert all(item["keys"] == after[key]["keys"] for key, item in before.items())


def test_what_one_stranger_learns_of_a_case_is_no_way_in_for_another() -> None:
    post = Post()
    opened = post.customer()
    linked = post.receive(a_mail(UNLIKE, **{**STRANGER, "To": plus(opened)}))
    third: dict[str, Any] = {"block": a_block(domain="third.example"), "From": "mal@third.example"}
    found = post.receive(a_mail(UNLIKE, **{**third, "To": plus(linked), "References": "<m0@example.jp>"}))
    assert found.outcome is Outcome.OPENED
    assert set(found.related) == {linked.case_id, opened.case_id}
    assert post.customer(UNLIKE, To=plus(linked)).case_id != linked.case_id, "nor does the customer join the stranger's"


def test_references_beyond_the_cap_are_never_looked_up() -> None:
    post = Post()
    opened = post.customer()
    near = " ".join(f"<{number}@else.example>" for number in range(MAX_REFERENCES))
    assert post.customer(UNLIKE, Subject="Else", References=f"<m0@example.jp> {near}").case_id != opened.case_id
    assert post.customer(UNLIKE, Subject="Else", References=f"{near} <m0@example.jp>").case_id == opened.case_id


def test_many_references_in_addresses_leave_the_header_a_say() -> None:
    post = Post()
    opened = post.customer()
    crowd = ", ".join(f"support+CW-0000-0000-{number:04}@exchange.example" for number in range(500))
    assert post.customer(UNLIKE, Subject="Else", To=crowd, **{"In-Reply-To": "<m0@example.jp>"}).case_id == opened.case_id


def test_an_absence_note_joins_its_case_and_asks_nothing_of_anybody() -> None:
    post = Post()
    opened = post.customer(DRAINED)
    waiting = post.stored("escalation")
    away = post.customer(
        "I am out of the office.\r\n",
        **{"Subject": "Automatic reply: your case", "Auto-Submitted": "auto-replied", "In-Reply-To": "<m0@example.jp>"},
    )
    assert (away.outcome, away.case_id, away.escalations) == (Outcome.ATTACHED, opened.case_id, ())
    assert post.stored("escalation") == waiting, "no deadline begins anew"


def test_an_absence_note_of_a_stranger_waits_for_a_person() -> None:
    post = Post()
    away = post.receive(a_mail("I am away.", **STRANGER, Subject="Automatic reply: x", Auto_Submitted="auto-replied"))
    assert (away.outcome, away.cause) == (Outcome.QUARANTINED, "auto_reply")


@pytest.mark.parametrize(("verdicts", "cause"), [({"spam": "FAIL"}, "spam"), ({"virus": "FAIL"}, "virus")])
def test_what_a_scan_refuses_is_kept_with_its_cause(verdicts: dict[str, str], cause: str) -> None:
    post = Post()
    found = post.receive(a_mail(UNLIKE, block=a_block(**verdicts)))
    assert (found.outcome, found.cause) == (Outcome.QUARANTINED, cause)
    (kept,) = post.stored("quarantined")
    assert kept["cause"] == cause
    assert kept["text"] == UNLIKE.strip(), "somebody can still read it"


def test_a_known_customers_mail_is_never_lost_to_a_scan() -> None:
    post = Post()
    opened = post.customer()
    spam = post.customer(UNLIKE, block=a_block(spam="FAIL"), **{"In-Reply-To": "<m0@example.jp>"})
    assert (spam.outcome, spam.case_id) == (Outcome.ATTACHED, opened.case_id)
    virus = post.customer(UNLIKE, block=a_block(virus="FAIL"), **{"In-Reply-To": "<m0@example.jp>"})
    assert (virus.outcome, virus.cause) == (Outcome.QUARANTINED, "virus")
    assert len(post.stored("quarantined")) == 1


@pytest.mark.parametrize("said", ["GRAY", "PROCESSING_FAILED", "DISABLED"])
def test_a_verdict_that_is_none_holds_nothing_back(said: str) -> None:
    post = Post()
    assert post.receive(a_mail(UNLIKE, block=a_block(spam=said, virus=said))).outcome is Outcome.OPENED


def test_a_bounce_is_held_back_whoever_it_names() -> None:
    post = Post()
    opened = post.customer()
    status = b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
    raw = a_multipart(
        a_text("Sorry."), status, kind="report; report-type=delivery-status", block=a_block(envelope=""), To=plus(opened)
    )
    found = post.receive(raw)
    assert (found.outcome, found.cause) == (Outcome.QUARANTINED, "bounce")


def test_mail_that_goes_in_circles_is_held_back() -> None:
    found = Post().receive(a_mail(UNLIKE, **STRANGER, X_Loop="support@exchange.example"))
    assert found.outcome is Outcome.QUARANTINED
