from __future__ import annotations

from typing import Any

import pytest

from tests.unit.email_door.mails import a_block, a_mail, a_multipart, a_text, read

STATUS = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\nAction: failed\r\n"
OURS = b"From: support@exchange.example\r\nMessage-ID: <ours.1@exchange.example>\r\n\r\nWe write\r\n"
ORIGINAL = b"Content-Type: message/rfc822\r\n\r\n" + OURS
PASTED = "\r\n---- The mail in question ----\r\nFrom: support@exchange.example\r\nMessage-ID: <ours.4@exchange.example>\r\n"
UTF8 = "text/plain; charset=utf-8"


def signals(raw: bytes) -> set[str]:
    return set(read(raw).signals)


def a_report(**headers: Any) -> bytes:
    return a_multipart(a_text("Sorry."), STATUS, ORIGINAL, kind="report; report-type=delivery-status", **headers)


def from_null(text: str, subject: str = "Notice", **headers: Any) -> bytes:
    return a_mail(text, block=a_block(envelope=""), From="Mail <mail@mx.example>", Subject=subject, Content_Type=UTF8, **headers)


def test_a_delivery_report_is_a_bounce_and_names_the_mail_that_came_back() -> None:
    message = read(a_report(From="postmaster@mx.example.jp", In_Reply_To="<other@x.example>"))
    assert "bounce" in message.signals
    assert message.facts["bounce"] == "report"
    assert message.references == ("ours.1@exchange.example", "other@x.example")


def test_headers_alone_or_in_the_text_name_the_mail_that_came_back_too() -> None:
    headers_only = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-Id: <ours.2@exchange.example>\r\nSubject: x\r\n"
    raw = a_multipart(a_text("Sorry."), STATUS, headers_only, From="postmaster@mx.example.jp")
    assert read(raw).references == ("ours.2@exchange.example",)
    text = "I could not deliver it.\r\n--- Below is a copy.\r\n\r\nMessage-ID:\r\n <ours.3@exchange.example>\r\n"
    assert read(a_mail(text, From="MAILER-DAEMON@mx.example.jp")).references == ("ours.3@exchange.example",)


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(From="MAILER-DAEMON (Mail Delivery System)"),
        a_mail(From="MAILER-DAEMON <>"),
        a_mail(From="Mail Delivery Subsystem <mailer-daemon@mx.example.jp>"),
        a_mail(From="Mail Delivery System <Mail.Delivery.System@mx.example.jp>"),
        a_mail(X_Failed_Recipients="a@b.example"),
        a_multipart(a_text("Sorry."), STATUS, kind="report"),
        a_mail("Action: failed", Content_Type="message/delivery-status"),
        a_multipart(a_text("Sorry."), STATUS, Subject="Delivery report"),
    ],
    ids=[
        "daemon",
        "daemon of no address",
        "daemon's address",
        "system's address",
        "failed recipients",
        "report of no type",
        "status alone",
        "no report",
    ],
)
def test_a_machine_that_sends_nothing_else_proves_a_bounce(raw: bytes) -> None:
    assert "bounce" in signals(raw)


@pytest.mark.parametrize(
    "text",
    [
        "Your mail could not be delivered to taro@docomo.example.\r\n",
        "This is the qmail-send program at mx.example.\r\n",
        "We were unable to deliver your message after three days.\r\n",
        "   ----- Transcript of session follows -----\r\n",
        "taro@example.jp\r\n    host mx.example.jp said: 550 5.1.1 no such mailbox here\r\n",
        "Status: 4.4.7\r\n",
        "次の宛先にメールを配信できませんでした。\r\n",
        "お客様のメールは宛先不明のため送信できません。\r\n",
        "相手先のメールボックスの容量が一杯です。\r\n",
        "Ihre Nachricht konnte nicht an den Empfänger zugestellt werden.\r\n",
        "Votre message n'a pas pu être remis au destinataire.\r\n",
        "No se pudo entregar el mensaje: no fue entregado.\r\n",
        "您的邮件无法投递。\r\n",
        "메일을 전송하지 못했습니다.\r\n",
        "Ваше письмо не было доставлено.\r\n",
    ],
)
def test_from_the_null_path_any_words_of_a_bounce_are_enough(text: str) -> None:
    message = read(from_null(text))
    assert "bounce" in message.signals
    assert message.facts["bounce"].startswith("null_return_path")
    assert "bounce" not in signals(a_mail(text, Content_Type=UTF8)), "a person may write the same"


def test_from_the_null_path_the_original_is_enough_in_any_language() -> None:
    raw = a_multipart(a_text("Ekki tókst."), ORIGINAL, block=a_block(envelope=""))
    assert "bounce" in signals(raw)
    assert "bounce" in signals(a_multipart(a_text("x"), ORIGINAL, Return_Path="<MAILER-DAEMON>"))


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("postmaster@example.jp", "Undeliverable: Your withdrawal", "It did not reach the following recipients."),
        ("Postmaster@ezweb.example", "Mail System Error - Returned Mail", "Each of the following recipients was rejected."),
        ("no-reply@dion.example", "メールエラー通知", "Could not be delivered to: <taro@dion.example>" + PASTED),
        ("list-admin@lists.example", "Loop Alert: seen before", "Duplicated Message-ID in <list@lists.example>." + PASTED),
        (
            "sysadmin@pix.example",
            "Message undeliverable",
            "Could not be delivered.\r\nFrom: us\r\nTo: 090@pix.example\r\nDate: now",
        ),
        ("postmaster@james.example", "[BOUNCE]", "Error message below: 550 5.1.1 unknown"),
        ("System Administrator <mail@x.example>", "Withdrawal", "MSEXCH:IMS:X:Y (000C05A6) Unknown Recipient" + PASTED),
        ('"MAILER-DAEMON" <info@filter.example>', "FAILURE NOTICE: Your withdrawal", "The address had permanent fatal errors."),
    ],
)
def test_a_mailbox_of_machines_is_believed_when_it_says_why(sender: str, subject: str, text: str) -> None:
    assert "bounce" in signals(a_mail(text, From=sender, Subject=subject, Content_Type=UTF8))
    named = sender.replace("MAILER-DAEMON", "Info").replace("System Administrator", "Info")
    assert "bounce" not in signals(a_mail("Where is my withdrawal?", From=named, Subject="Hello"))


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(Subject="Undeliverable: Your withdrawal"),
        a_mail(
            "My mail to you was undeliverable: 550 5.1.1 user unknown." + PASTED, Subject="Undelivered Mail Returned to Sender"
        ),
        a_mail("> This is the mail system at host mx.example.\r\n> I could not deliver it.\r\n", Subject="Fwd: failure notice"),
        a_multipart(a_text("I forward what came back."), STATUS, ORIGINAL, Subject="Fwd: Delivery Status Notification (Failure)"),
        a_multipart(a_text("See the mail I got"), ORIGINAL),
        a_multipart(a_text("Begin forwarded message"), b"Content-Type: message/rfc822\r\n\r\n" + a_report(From="MAILER-DAEMON")),
        a_mail(From="postmaster@example.jp", Subject="Our wallet"),
        a_mail("Could you look at this?", From="postmaster@example.jp", Subject="Re: Undeliverable: Your withdrawal"),
        a_multipart(
            a_text("We blocked this phishing mail."), ORIGINAL, From="postmaster@example.jp", Subject="Phishing in your name"
        ),
        a_mail("My invoice could not be sent.", From="admin@example.jp", Subject="Undeliverable mail?"),
        a_mail("Your parcel could not be delivered.", From="no-reply@parcel.example", Subject="Delivery failed: parcel 1"),
        a_mail("I am a ticket of an unknown user.", From=None, Subject="Ticket by unknown user"),
        a_mail(Return_Path="<>", Subject="Automatic reply: Withdrawal", Auto_Submitted="auto-replied"),
        a_mail("Undeliverable.", block=a_block(), Return_Path="<>"),
    ],
    ids=[
        *("about a bounce", "a pasted bounce", "a quoted bounce", "a forwarded report", "a forwarded mail", "an attached bounce"),
        *("a postmaster who writes", "a postmaster who answers", "a postmaster who reports", "a small office", "a parcel"),
        *("nobody", "an absence note", "forged below SES"),
    ],
)
def test_what_people_write_about_bounces_is_no_bounce(raw: bytes) -> None:
    assert "bounce" not in signals(raw)


def test_what_ses_tells_a_topic_is_read_for_what_it_is() -> None:
    def told(kind: str, **headers: Any) -> set[str]:
        body = f'{{"notificationType":"{kind}","mail":{{"messageId":"1"}}}}\r\n'
        return signals(a_mail(body, From="Topic <no-reply@sns.amazonaws.com>", Subject="AWS Notification Message", **headers))

    assert "bounce" in told("Bounce", X_Amz_Sns_Message_Id="1")
    assert told("Complaint", X_Amz_Sns_Message_Id="1") >= {"feedback_report", "auto_reply"}
    assert not told("Bounce") & {"bounce", "feedback_report"}, "anybody may write that"


FEEDBACK = b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"


def test_a_complaint_that_a_provider_passes_on_is_no_bounce() -> None:
    raw = a_multipart(
        a_text("An abuse report."), FEEDBACK, ORIGINAL, kind="report; report-type=feedback-report", Return_Path="<>"
    )
    assert "bounce" not in signals(raw)
    assert signals(raw) >= {"feedback_report", "auto_reply"}


def test_a_complaint_without_the_form_needs_a_subject_that_no_person_writes() -> None:
    assert "feedback_report" in signals(a_multipart(a_text("x"), ORIGINAL, Subject="complaint about message from 192.0.2.1"))
    assert "feedback_report" not in signals(a_multipart(a_text("x"), ORIGINAL, Subject="complaint about message from Eve"))


def test_a_customer_who_reports_abuse_is_no_provider() -> None:
    raw = a_multipart(a_text("They pose as you."), FEEDBACK, ORIGINAL, Subject="Abuse report")
    assert not signals(raw) & {"feedback_report", "auto_reply", "bounce"}


def test_a_readers_receipt_is_a_machines_and_no_bounce() -> None:
    receipt = b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action\r\n"
    raw = a_multipart(a_text("Read"), receipt, kind="report; report-type=disposition-notification")
    assert signals(raw) >= {"read_receipt", "auto_reply"}
    assert "bounce" not in signals(raw)
