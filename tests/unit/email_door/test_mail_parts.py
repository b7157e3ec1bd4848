from __future__ import annotations

import hashlib

import pytest

from functions.email import parts
from tests.unit.email_door.mails import a_file, a_mail, a_multipart, a_text, jis, read


def names(raw: bytes) -> list[str]:
    return [file.name for file in read(raw).attachments]


def test_a_file_is_told_with_its_name_type_size_and_digest() -> None:
    (file,) = read(a_multipart(a_text("Here"), a_file(b"%PDF-1.7", "口座.pdf"))).attachments
    assert (file.name, file.media_type, file.size) == ("口座.pdf", "application/pdf", 8)
    assert file.digest == hashlib.sha256(b"%PDF-1.7").hexdigest()


def test_plain_text_is_preferred_and_html_is_read_when_there_is_none() -> None:
    assert read(a_multipart(a_text("plain"), a_text("<b>html</b>", "html"), kind="alternative")).text == "plain"
    assert read(a_multipart(a_text(" \r\n"), a_text("<b>html</b>", "html"), kind="alternative")).text == "html"
    assert read(a_mail("<p>only html</p>", Content_Type="text/html")).text == "only html"


def test_texts_around_a_file_are_one_text() -> None:
    message = read(a_multipart(a_text("Before"), a_file(b"x"), a_text("After")))
    assert message.text == "Before\n\nAfter"


def test_a_text_repeated_as_html_is_read_once() -> None:
    assert read(a_multipart(a_text("Hello there"), a_text("<p>Hello</p><p>there</p>", "html"))).text == "Hello there"


def test_a_named_text_is_a_file_unless_it_is_all_there_is() -> None:
    named = b'Content-Type: text/plain; name="log.txt"\r\n\r\nlog'
    message = read(a_multipart(a_text("See the log"), named))
    assert (message.text, names(a_multipart(a_text("See"), named))) == ("See the log", ["log.txt"])
    assert read(a_mail("log", Content_Type='text/plain; name="log.txt"')).text == "log"
    assert read(a_multipart(named)).text == "log"


def test_pictures_calendars_and_tnef_are_files() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <a>\r\n\r\nx"
    calendar = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
    tnef = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx"
    nameless = b"Content-Type: application/octet-stream\r\n\r\nx"
    assert names(a_multipart(a_text("Hi"), picture, calendar, tnef, nameless)) == [
        "image.png",
        "calendar.ics",
        "winmail.dat",
        "file",
    ]


def test_an_enclosed_mail_is_a_file_and_what_it_says_is_history() -> None:
    enclosed = b"Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?B?5Ye66YeR?=\r\n\r\nPay at evil.example"
    message = read(a_multipart(a_text("Is this from you?"), enclosed))
    assert message.text == "Is this from you?"
    assert message.history == "出金\n\nPay at evil.example"
    assert [(file.name, file.media_type) for file in message.attachments] == [("出金.eml", "message/rfc822")]
    assert message.attachments[0].size == len(enclosed.partition(b"\r\n\r\n")[2])


def test_an_enclosed_mail_alone_is_what_the_sender_says() -> None:
    enclosed = b"Content-Type: message/rfc822\r\n\r\nSubject: Verify your wallet\r\n\r\nPay at evil.example"
    message = read(a_multipart(enclosed))
    assert (message.text, message.history) == ("Verify your wallet\n\nPay at evil.example", "")


def test_the_parts_of_an_enclosed_mail_are_not_the_mails_own() -> None:
    enclosed = a_multipart(a_text("inner"), a_file(b"inner"), boundary="inner")
    assert names(a_multipart(a_text("outer"), b"Content-Type: message/rfc822\r\n\r\n" + enclosed)) == ["Withdrawal.eml"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\seed.txt", "seed.txt"),
        ("a\x00b.pdf", "ab.pdf"),
        ("x" * 400 + ".exe", None),
    ],
)
def test_file_names_are_safe_and_bounded_and_keep_their_end(name: str, told: str | None) -> None:
    escaped = name.replace("\\", "\\\\")
    (found,) = names(a_multipart(a_text("Hi"), a_file(b"x", escaped)))
    assert found == told or (told is None and len(found) <= 255 and found.endswith(".exe"))


def test_a_name_made_of_a_subject_has_no_path() -> None:
    enclosed = b"Content-Type: message/rfc822\r\n\r\nSubject: Re: a/b\r\n\r\nx"
    assert names(a_multipart(a_text("Hi"), enclosed)) == ["Re: a b.eml"]


def test_a_name_in_raw_japanese_is_read() -> None:
    part = b'Content-Type: application/pdf; name="' + jis("①見積.pdf") + b'"\r\n\r\nx'
    assert names(a_multipart(a_text("Hi"), part)) == ["①見積.pdf"]


def test_transfer_encodings_are_undone_and_false_ones_ignored() -> None:
    assert (
        read(a_mail("=E5=87=BA=\r\n=E9=87=91 =ZZ", Content_Transfer_Encoding="quoted-printable", Content_Type="text/plain")).text
        == "出金 =ZZ"
    )
    assert read(a_mail("5Ye6\r\n6YeR", Content_Transfer_Encoding="BASE64")).text == "出金"
    assert read(a_mail("Help, my coins are gone!! (really)", Content_Transfer_Encoding="base64")).text.startswith("Help, my")


def test_a_word_of_a_length_that_no_base64_has_is_read_as_it_stands() -> None:
    assert read(a_mail("Hello\r\n", Content_Transfer_Encoding="base64")).text == "Hello"
    for encoded in ("SGVscCE=", "SGVscCE", "SGVscCE==", "SGVsbG8hA", "SGVs\r\ncCE=\r\n", f"{'SGVs' * 30}S"):
        assert read(a_mail(encoded, Content_Transfer_Encoding="base64")).text.startswith("Hel")
    assert read(a_mail("begin 644 a\r\n#86)C\r\n`\r\nend", Content_Transfer_Encoding="x-uuencode")).text == "abc"


def test_lines_a_client_wrapped_are_joined() -> None:
    flowed = read(a_mail("I sent it \r\nyesterday.\r\n\r\n-- \r\nHanako", Content_Type="text/plain; format=flowed"))
    assert flowed.text == "I sent it yesterday."
    assert (
        read(a_mail("出金が \r\nできません", Content_Type="text/plain; charset=utf-8; format=flowed; delsp=yes")).text
        == "出金ができません"
    )


@pytest.mark.parametrize(
    "raw",
    [
        a_multipart(a_text("Help me"), close=False),
        a_mail("--lost\r\nContent-Type: text/plain\r\n\r\nHelp me\r\n--lost--", Content_Type="multipart/mixed"),
        a_mail("--lost\r\nContent-Type: text/plain\r\n\r\nHelp me\r\n--lost--", Content_Type='multipart/mixed; boundary="other"'),
        a_mail("Help me", Content_Type="multipart/mixed; boundary=x"),
        a_mail("Help me", Content_Type="multipart/mixed; boundary*=undefined''x"),
        a_mail("Help me", Content_Type="nonsense"),
        a_mail("Help me", Content_Type="text/plain; charset*=undefined''x"),
        a_multipart(a_multipart(a_text("Help me"), boundary="inner", close=False)),
    ],
    ids=[
        "unclosed",
        "no boundary",
        "wrong boundary",
        "no parts",
        "raising boundary",
        "no type",
        "raising charset",
        "nested, unclosed",
    ],
)
def test_a_customer_is_understood_whatever_their_client_broke(raw: bytes) -> None:
    assert "Help me" in read(raw).text


def test_headers_that_a_relay_broke_are_mended() -> None:
    raw = a_mail("Help me", X_Tracker="abc").replace(b"X-Tracker: abc", b"X-Tracker: abc\r\nstray and lost")
    broken = raw.replace(b"From: ", b"X-First: a\r\nmore of it\r\nFrom : ", 1)
    message = read(broken)
    assert (message.subject, message.text) == ("Withdrawal", "Help me")
    assert message.identities[0].value == "hanako@example.jp"


def test_deep_nesting_is_read_as_far_as_it_is_sane() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(5000))
    message = read(b"From: a@b.example\r\nSubject: deep\r\n" + nested + b"\r\nHelp me")
    assert message.subject == "deep"
    assert "attachments_truncated" in message.signals


def test_more_parts_than_anybody_sends_are_cut() -> None:
    message = read(a_multipart(a_text("Hi"), *[b"Content-Type: application/x\r\n\r\n."] * 6000))
    assert len(message.attachments) == 100
    assert message.text == "Hi"
    assert "attachments_truncated" in message.signals


def test_a_flood_of_parts_is_cut() -> None:
    mail = parts.parse(a_multipart(*[a_text("x")] * (parts.MAX_LEAVES + 1)))
    assert (mail.is_cut, len(mail.texts)) == (True, parts.MAX_LEAVES)


def test_defects_of_the_structure_are_told() -> None:
    assert "parse_defects" in read(a_multipart(a_text("Hi"), close=False)).signals
    assert "parse_defects" not in read(a_multipart(a_text("Hi"))).signals
