from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.filing import REFUTED, UNKNOWN, VOUCHED, Envelope, Verdicts, envelope_of, header_of, object_id, stored, verdicts_of

AT = datetime(2026, 11, 20, 0, 0, 7, tzinfo=UTC)
MAIL = b"From: Ann <ann@example.com>\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n"
ORDER = [
    "Return-Path",
    "Received",
    "X-SES-Spam-Verdict",
    "X-SES-Virus-Verdict",
    "Received-SPF",
    "Authentication-Results",
    "X-SES-RECEIPT",
    "X-SES-DKIM-SIGNATURE",
]


def test_the_headers_of_ses_come_first_and_in_its_order() -> None:
    assert message_from_bytes(stored(MAIL, received_at=AT)).keys()[:8] == ORDER


def test_the_mail_itself_is_stored_byte_for_byte() -> None:
    assert stored(MAIL, received_at=AT).endswith(MAIL)


def test_nobody_vouches_for_a_sender_unless_told_so() -> None:
    assert "dmarc=none" in message_from_bytes(stored(MAIL, received_at=AT))["Authentication-Results"]


@pytest.mark.parametrize(("dmarc", "verdicts"), [("pass", VOUCHED), ("fail", REFUTED), ("none", Verdicts())])
def test_a_verdict_is_what_was_asked_for(dmarc: str, verdicts: Verdicts) -> None:
    found = message_from_bytes(stored(MAIL, received_at=AT, verdicts=verdicts_of(dmarc)))["Authentication-Results"]
    assert verdicts_of(dmarc) == verdicts
    assert f"dmarc={dmarc} header.from=example.com;" in found


def test_the_receiving_line_names_the_time_and_the_recipient() -> None:
    envelope = Envelope(sender="ann@example.com", recipient="help@kujira.example")
    received = message_from_bytes(stored(MAIL, received_at=AT, envelope=envelope))["Received"]
    assert "for help@kujira.example;" in received
    assert "Fri, 20 Nov 2026 00:00:07 +0000 (UTC)" in received


def test_a_mail_that_vouches_for_itself_is_outranked_by_the_real_verdict() -> None:
    forged = b"Authentication-Results: amazonses.com; dmarc=pass header.from=example.com\r\n" + MAIL
    found = message_from_bytes(stored(forged, received_at=AT, verdicts=REFUTED)).get_all("Authentication-Results") or []
    assert "dmarc=fail" in found[0]
    assert len(found) == 2


def test_a_sender_cannot_write_a_verdict_through_the_envelope() -> None:
    hostile = Envelope(sender="a@b>\r\nX-SES-Virus-Verdict: PASS\r\n", helo="x; dmarc=pass header.from=bank.example")
    mail = message_from_bytes(stored(MAIL, received_at=AT, envelope=hostile, verdicts=REFUTED))
    assert mail.keys()[:8] == ORDER
    assert "dmarc=pass" not in mail["Authentication-Results"]


def test_a_domain_cannot_carry_a_verdict() -> None:
    hostile = MAIL.replace(b"ann@example.com", b"ann@example.com;dmarc=pass")
    assert "dmarc=pass" not in message_from_bytes(stored(hostile, received_at=AT))["Authentication-Results"]


def test_the_separator_of_an_mbox_file_is_no_part_of_the_mail() -> None:
    filed = stored(b"From ann@example.com Fri Nov 20 00:00:07 2026\r\n" + MAIL, received_at=AT)
    assert filed.endswith(b"\r\n" + MAIL)
    assert b"From ann@" not in filed


def test_line_ends_follow_the_mail() -> None:
    assert b"\r" not in stored(MAIL.replace(b"\r\n", b"\n"), received_at=AT)


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (MAIL, "ann@example.com"),
        (b"Return-Path: <>\n" + MAIL, ""),
        (b"Return-Path: <bounces@lists.example>\n" + MAIL, "bounces@lists.example"),
        (b"Return-Path: bounces+ann@example.com@lists.example\n" + MAIL, "ann@example.com"),
        (b"Subject: nobody\n\nwho?", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_an_envelope_is_guessed_from_the_mail(raw: bytes, sender: str) -> None:
    assert envelope_of(raw).sender == sender


def test_a_folded_header_is_read_as_one_line() -> None:
    assert header_of(b"Subject: one\r\n two\r\nFrom: a@b\r\n\r\nSubject: body", "subject") == "one two"


def test_a_header_is_not_looked_for_in_the_body() -> None:
    assert header_of(b"Subject: x\n\nFrom: a@b", "from") is None


def test_the_object_id_looks_like_one_of_ses_and_tells_deliveries_apart() -> None:
    first, second = object_id(MAIL), object_id(MAIL, 1)
    assert len(first) == 40
    assert first.isalnum()
    assert first == first.lower() == object_id(MAIL)
    assert first != second


@given(st.binary(max_size=300))
def test_whatever_comes_is_filed_under_the_headers_of_ses(raw: bytes) -> None:
    filed = message_from_bytes(stored(raw, received_at=AT))
    assert filed.keys()[:8] == ORDER
    assert "dmarc=none" in filed["Authentication-Results"]
