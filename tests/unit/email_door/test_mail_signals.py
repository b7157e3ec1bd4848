from __future__ import annotations

from typing import Any

import pytest

from tests.unit.email_door.mails import a_block, a_file, a_mail, a_multipart, a_text, read


def signals(raw: bytes) -> set[str]:
    return set(read(raw).signals)


def test_an_ordinary_customer_raises_no_signal() -> None:
    assert signals(a_mail(block=a_block())) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; x=y"),
        ("Precedence", "Junk"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "Re: hello"),
    ],
)
def test_a_machines_mail_is_an_auto_reply_and_says_by_what_it_is_known(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    message = read(a_mail(block=a_block(), **header))
    assert "auto_reply" in message.signals
    assert message.facts["auto_reply"] == name.lower()


@pytest.mark.parametrize(
    ("name", "value"),
    [("Precedence", "bulk"), ("Precedence", "list"), ("X-Loop", "desk@example.jp"), ("List-Id", "<news.example.jp>")],
)
def test_a_list_that_passes_on_a_persons_mail_makes_no_machine_of_the_person(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    message = read(a_mail(block=a_block(), **header))
    assert "auto_reply" not in message.signals
    assert "no_auto_answer" in message.signals


@pytest.mark.parametrize(
    ("name", "value"), [("Auto-Submitted", "no"), ("Auto-Submitted", "No; x"), ("Precedence", "first-class")]
)
def test_a_person_whose_client_says_no_is_a_person(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    assert "auto_reply" not in signals(a_mail(**header))


def test_a_wish_not_to_be_answered_by_machines_is_no_auto_reply() -> None:
    found = signals(a_mail(X_Auto_Response_Suppress="DR, OOF, AutoReply"))
    assert "no_auto_answer" in found
    assert "auto_reply" not in found


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Withdrawal", "Out of Office: Re: x", "自動応答: 出金の件", "不在通知：出金の件"]
)
def test_an_absence_note_is_known_by_its_subject(subject: str) -> None:
    assert {"auto_reply", "out_of_office"} <= signals(a_mail(Subject=subject))


@pytest.mark.parametrize(
    "subject", ["自動返信が届きません", "Out of office hours support?", "Re: 不在の間に出金されました", "I am on vacation"]
)
def test_a_customer_who_writes_about_absences_is_not_absent(subject: str) -> None:
    assert not {"auto_reply", "out_of_office"} & signals(a_mail(Subject=subject))


def test_a_machine_that_says_somebody_is_away_is_an_absence_note() -> None:
    assert "out_of_office" in signals(a_mail(Subject="夏季休業のお知らせ", Auto_Submitted="auto-replied"))
    assert "out_of_office" not in signals(a_mail(Subject="I am on vacation", List_Id="<travellers.example.jp>"))


def test_a_list_is_told_apart() -> None:
    assert "mailing_list" in signals(a_mail(List_Id="<news.example.jp>"))
    assert "mailing_list" not in signals(a_mail(Precedence="bulk"))


REPORT = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\nAction: failed\r\n"
OURS = b"From: support@exchange.example\r\nMessage-ID: <ours.1@exchange.example>\r\n\r\nWe write\r\n"
ORIGINAL = b"Content-Type: message/rfc822\r\n\r\n" + OURS


def a_bounce(**headers: Any) -> bytes:
    return a_multipart(a_text("Sorry."), REPORT, ORIGINAL, kind="report; report-type=delivery-status", **headers)


def test_a_delivery_report_is_a_bounce_and_names_the_mail_that_came_back() -> None:
    message = read(a_bounce(From="postmaster@mx.example.jp", In_Reply_To="<other@x.example>"))
    assert "bounce" in message.signals
    assert message.references == ("ours.1@exchange.example", "other@x.example")


def test_headers_alone_or_in_the_text_name_the_mail_that_came_back_too() -> None:
    headers_only = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-Id: <ours.2@exchange.example>\r\nSubject: x\r\n"
    assert read(a_multipart(a_text("Sorry."), REPORT, headers_only)).references == ("ours.2@exchange.example",)
    text = "I could not deliver it.\r\n--- Below is a copy.\r\n\r\nMessage-ID:\r\n <ours.3@exchange.example>\r\n"
    assert read(a_mail(text, From="MAILER-DAEMON@mx.example.jp")).references == ("ours.3@exchange.example",)


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(block=a_block(envelope="")),
        a_mail(Return_Path="<>"),
        a_mail(From="MAILER-DAEMON (Mail Delivery System)"),
        a_mail(From="Mail Delivery Subsystem <mailer-daemon@mx.example.jp>"),
        a_mail(X_Failed_Recipients="a@b.example"),
        a_mail(From="postmaster@example.jp", Subject="Undeliverable: Your withdrawal"),
        a_mail(From="no-reply@example.jp", Subject="=?utf-8?B?44Oh44O844Or44Ko44Op44O86YCa55+l?="),
    ],
    ids=["null path of SES", "null path", "daemon", "daemon's address", "failed recipients", "postmaster", "Japanese carrier"],
)
def test_mail_that_comes_back_is_a_bounce(raw: bytes) -> None:
    assert "bounce" in signals(raw)


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(Subject="Undeliverable: Your withdrawal"),
        a_mail(From="postmaster@example.jp", Subject="Our wallet"),
        a_mail(Return_Path="<>", Subject="Automatic reply: Withdrawal", Auto_Submitted="auto-replied"),
        a_multipart(a_text("See the mail I got"), ORIGINAL),
        a_mail(block=a_block(), Return_Path="<>"),
    ],
    ids=["a customer about a bounce", "a postmaster who writes", "an absence note", "a forwarded mail", "forged below SES"],
)
def test_look_alikes_of_bounces_are_let_through(raw: bytes) -> None:
    assert "bounce" not in signals(raw)


def test_read_receipts_and_abuse_reports_are_a_machines() -> None:
    receipt = b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action\r\n"
    assert "auto_reply" in signals(a_multipart(a_text("Read"), receipt, kind="report; report-type=disposition-notification"))


@pytest.mark.parametrize("name", ["invoice.pdf.exe", "wallet.SCR", "photo.jpg.lnk", "macro.docm", "disk.iso", "a\u202egpj.exe"])
def test_programs_among_the_files_are_told(name: str) -> None:
    assert "executable_attachment" in signals(a_multipart(a_text("Look"), a_file(b"MZ", name.encode().decode("latin-1"))))


def test_papers_among_the_files_are_not_programs() -> None:
    assert "executable_attachment" not in signals(
        a_multipart(a_text("Look"), a_file(b"%PDF"), a_file(b"x", "exe.txt", "text/plain"))
    )


def test_a_program_under_a_harmless_name_is_told_by_its_type() -> None:
    assert "executable_attachment" in signals(a_multipart(a_text("Look"), a_file(b"MZ", "photo", "application/x-msdownload")))


def test_a_mail_without_a_message_id_says_so() -> None:
    assert "no_message_id" in signals(a_mail(Message_ID=None))
