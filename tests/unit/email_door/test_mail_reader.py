from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import UnreadableMessage
from casework.message import Channel, Message
from functions.email import mime
from tests.unit.email_door.mails import AT, a_block, a_file, a_mail, a_multipart, a_text, jis, read


def test_a_mail_becomes_a_message() -> None:
    message = mime.read(a_mail(block=a_block()), received_at=AT, locator="s3://mail/key?versionId=1")
    assert message.received_at == AT
    assert message.subject == "Withdrawal"
    assert message.text == "Where is my withdrawal?"
    assert message.recipients == ("support@exchange.example",)
    assert message.sent_at == datetime(2026, 5, 3, tzinfo=UTC)
    assert (message.source.channel, message.source.locator) == (Channel.EMAIL, "s3://mail/key?versionId=1")


def test_a_japanese_customers_telephone_is_understood() -> None:
    raw = a_mail(
        jis("㈱髙橋です。①出金できません ﾃｽﾄ".replace(" ﾃｽﾄ", "")) + b"\x1b(IC=D\x1b(B\r\n" + jis("iPhoneから送信"),
        block=a_block(),
        From=jis("髙橋") + b" <hanako@example.jp>",
        Subject=b"=?iso-2022-jp?B?GyRCLSE9UDZiGyhC?=",
        Content_Type="text/plain; charset=iso-2022-jp",
        Content_Transfer_Encoding="7bit",
    )
    message = read(raw)
    assert message.subject == "①出金"
    assert message.sender == "髙橋 <hanako@example.jp>"
    assert message.text == "㈱髙橋です。①出金できませんﾃｽﾄ"
    assert message.history == "iPhoneから送信"
    assert all(decoding.replaced == 0 for decoding in message.decodings)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Sun, 99 May 2026 99:99:99 +0900",
        "Sun, 3 May 99999999999999999999 09:00:00 +0900",
        "3 May 2026 09:00 +999999",
        "5,,",
    ],
)
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert read(a_mail(Date=date)).sent_at is None


@pytest.mark.parametrize(
    "date",
    ["Sun, 3 May 2026 09:00:00 +0900 (JST)", "Sun, 03 May 2026 00:00:00 GMT", "3 May 26 00:00 -0000", "3 May 2026 00:00:00"],
)
def test_a_date_is_read_as_utc(date: str) -> None:
    assert read(a_mail(Date=date)).sent_at == datetime(2026, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "cause"),
    [(b"", "empty"), (b" \r\n\n", "empty"), (b"\xef\xbb\xbf", "empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", "not_mail")],
)
def test_what_is_no_mail_is_refused_with_its_cause(raw: bytes, cause: str) -> None:
    with pytest.raises(UnreadableMessage) as refusal:
        read(raw)
    assert refusal.value.cause == cause


def test_text_without_any_headers_is_a_message_all_the_same() -> None:
    message = read("口座が乗っ取られました。\nHelp".encode())
    assert message.text == "口座が乗っ取られました。\nHelp"
    assert {"no_sender", "no_message_id"} <= set(message.signals)


def test_a_subject_without_a_text_is_a_message() -> None:
    message = read(a_mail("", Subject="Freeze my account"))
    assert (message.subject, message.text) == ("Freeze my account", "")


def test_a_mark_before_the_first_header_does_no_harm() -> None:
    for mark in (b"\xef\xbb\xbf", b"\r\n\n", b"From hanako@example.jp Sun May  3 09:00:00 2026\n"):
        assert read(mark + a_mail()).subject == "Withdrawal"


def test_null_bytes_do_not_reach_the_message() -> None:
    message = read(a_mail(b"My\0coins\0", Subject=b"Go\0ne", From=b"H\0 <hanako@example.jp>"))
    assert (message.text, message.subject, message.sender) == ("Mycoins", "Gone", "H <hanako@example.jp>")


def test_a_very_long_mail_is_cut_and_says_so() -> None:
    message = read(a_mail("Give me back my money. " * 500_000))
    assert mime_limit() - 10 < len(message.text) <= mime_limit()
    assert "text_truncated" in message.signals
    assert "text_truncated" not in read(a_mail("short")).signals


def test_a_long_history_is_cut_and_says_so() -> None:
    message = read(a_mail("New\n" + "> old old old old old\n" * 20_000))
    assert message.text == "New"
    assert len(message.history) <= mime_limit()
    assert "text_truncated" in message.signals


def mime_limit() -> int:
    return 100_000


def test_a_mail_of_every_kind_at_once() -> None:
    alternative = a_multipart(a_text("Look at this"), a_text("<p>Look at this</p>", "html"), kind="alternative", boundary="alt")
    message = read(a_multipart(alternative, a_file(b"MZ", "tool.exe"), block=a_block(), Reply_To="x@y.example"))
    assert message.text == "Look at this"
    assert [file.name for file in message.attachments] == ["tool.exe"]
    assert set(message.signals) == {"executable_attachment", "reply_to_differs"}


def sound(message: Message) -> bool:
    """Everything in it can be stored, and is bounded."""
    named = (message.sender, message.subject, message.thread_name, *message.references, *message.recipients)
    told = (
        *(file.name for file in message.attachments),
        *(file.media_type for file in message.attachments),
        *message.facts.values(),
    )
    texts = (message.text, message.history, *named, *told, *(decoding.declared for decoding in message.decodings))
    whole = "".join(texts)
    return whole.encode().decode() == whole and "\0" not in whole and max(map(len, texts)) <= mime_limit()


def is_read(raw: bytes) -> bool:
    try:
        return sound(read(raw))
    except UnreadableMessage as refusal:
        return refusal.cause in ("empty", "not_mail")


@given(st.binary(max_size=500))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    assert is_read(raw)


PIECES = [
    *(
        b"\r\n",
        b"\n\n",
        b" ",
        b"\t",
        b"--b\r\n",
        b"--b--\r\n",
        b"\x00",
        b"\xff",
        b"\x1b$B",
        b"\x1b(B",
        b"=?utf-8?B?",
        b"?=",
        b'"',
        b";",
    ),
    *(
        b"From: ",
        b"From: a@b.example\r\n",
        b"Return-Path: <>\r\n",
        b"Subject: ",
        b"Date: ",
        b"Message-ID: <",
        b"References: ",
        b">",
    ),
    *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: text/html\r\n"),
    *(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary*0*=undefined''b\r\n",
        b"Content-Type: message/delivery-status\r\n",
    ),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"begin 644 x\r\n",
        b"AAAA",
        b"=3D",
    ),
    *(
        b"Content-Type: text/plain; charset=utf-7; format=flowed\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-16''%00\r\n",
    ),
    *(b"<a href=", b"<div hidden>", b"&#xd800;", b"<!--", b"> ", b"On May 3 X wrote:\r\n", a_block()),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
def test_any_heap_of_mail_like_pieces_is_a_message_or_refused(raw: bytes) -> None:
    assert is_read(raw)


@given(st.data())
def test_a_mail_broken_anywhere_is_a_message_or_refused(data: st.DataObject) -> None:
    raw = a_multipart(
        a_text("また起きました"), a_file(b"x" * 60), a_text("<p>b</p>", "html"), block=a_block(), References="<a@b>"
    )
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    assert is_read(raw[:start] + data.draw(st.sampled_from([b"", *PIECES])) + raw[end:])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_what_a_customer_wrote_is_kept_as_written(text: str) -> None:
    written = " ".join(text.split()) or "x"
    message = read(a_mail(f"Hello. {written}", Content_Type="text/plain; charset=utf-8"))
    assert message.text == f"Hello. {written}"
