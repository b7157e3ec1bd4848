from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from functions.email import attachments, parts
from functions.email.headers import Headers
from tests.unit.email_door.mails import a_file, a_mail, a_multipart, a_text, read

PAGE = "<html><body>" + "<p>Log in at once to keep your coins, dear customer of ours.</p>" * 60 + "</body></html>"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_a_mail_is_read_whatever_ends_its_lines(end: bytes) -> None:
    raw = a_multipart(a_text("Help me"), a_file(b"x", "a.pdf")).replace(b"\r\n", end)
    message = read(raw)
    assert (message.text, [file.name for file in message.attachments]) == ("Help me", ["a.pdf"])


def test_a_part_after_the_closing_boundary_is_read_when_another_boundary_opens_it() -> None:
    raw = a_multipart(a_text("Help me")) + b"not said\r\n--=_b\r\n\r\nand soon\r\n"
    assert read(raw).text == "Help me\n\nand soon"


def test_a_boundary_inside_a_line_is_none() -> None:
    assert read(a_multipart(a_text("x --=_b y\r\n--=_bc\r\n --=_b"))).text == "x --=_b y\n--=_bc\n --=_b"


def test_an_inner_multipart_that_is_not_closed_ends_with_the_outer_one() -> None:
    inner = b'Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\n' + a_text("Help me")
    assert [file.name for file in read(a_multipart(inner, a_file(b"x"))).attachments] == ["statement.pdf"]


def test_the_parts_of_a_digest_are_mails() -> None:
    message = read(a_multipart(b"\r\nSubject: First\r\n\r\nOne", kind="digest"))
    assert [file.media_type for file in message.attachments] == ["message/rfc822"]


def test_an_enclosed_mail_is_called_by_its_subject_before_its_description() -> None:
    enclosed = b"Content-Type: message/rfc822\r\nContent-Description: original message\r\n\r\nSubject: Verify\r\n\r\nx"
    assert [file.name for file in read(a_multipart(a_text("Hi"), enclosed)).attachments] == ["Verify.eml"]


def test_text_that_only_claims_to_be_base64_is_read_as_it_is() -> None:
    text = "I have lost the coins that were in my wallet and need your help with it as soon as you can"
    assert read(a_mail(text, Content_Transfer_Encoding="base64")).text == text


def test_a_header_block_that_never_ends_is_read_up_to_a_limit() -> None:
    message = read(a_mail().partition(b"\r\n\r\n")[0] + b"\r\n" + b"X-Trace: 1\r\n" * 200_000)
    assert message.subject == "Withdrawal"
    assert "text_truncated" in message.signals


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(b"--=_b\r\n\r\nx\r\n" * 200_000, Content_Type="multipart/mixed; boundary==_b"),
        a_mail(b"--=_b" * 400_000, Content_Type="multipart/mixed; boundary==_b"),
        a_mail(b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (at, at) for at in range(5_000))),
        a_mail("x" * 10_000_000),
        a_mail("\r\n" * 2_000_000),
        a_mail(b"\x00" * 5_000_000),
        a_mail("a <a <a ='" * 200_000, Content_Type="text/html"),
        a_mail('<a ="<a" ' * 200_000, Content_Type="text/html"),
        a_mail("x", Subject="=?utf-8?B?5Ye66YeR?= " * 50_000),
    ],
    ids=["parts", "boundaries", "nesting", "one line", "empty lines", "nulls", "tags", "values", "encoded words"],
)
def test_a_bomb_is_read_like_any_mail(raw: bytes) -> None:
    assert read(raw).thread_name == "one@example.jp"


def test_a_plain_text_that_only_announces_a_page_gives_way_to_it() -> None:
    message = read(a_multipart(a_text("Please use an HTML reader."), a_text(PAGE, "html"), kind="alternative"))
    assert message.text.startswith("Log in at once")
    assert "alternatives_differ" not in message.signals


def test_a_page_that_shows_what_the_plain_text_does_not_say_is_read_too() -> None:
    harmless = "Our weekly newsletter brings stories about gardens, flowers, weather and travel to every reader. " * 5
    message = read(a_multipart(a_text(harmless), a_text(PAGE, "html"), kind="alternative"))
    assert "gardens" in message.text
    assert "Log in at once" in message.text
    assert "alternatives_differ" in message.signals


def test_the_same_as_plain_text_and_as_a_page_is_read_once() -> None:
    words = "Where is the withdrawal that I requested on Sunday evening from my account? " * 6
    message = read(a_multipart(a_text(words), a_text(f"<p>{words}</p>", "html"), kind="alternative"))
    assert message.text.count("requested") == 6
    assert "alternatives_differ" not in message.signals


def test_what_the_files_say_is_told_up_to_a_limit_for_the_whole_mail() -> None:
    logs = [a_file(b"line of a log\n" * 1_000, f"{at}.log", "text/plain") for at in range(8)]
    files = read(a_multipart(a_text("Hi"), *logs)).attachments
    assert files[0].text.startswith("line of a log")
    assert sum(len(file.text) for file in files) == attachments.MAX_TEXTS


def test_a_file_tells_what_its_bytes_show() -> None:
    (file,) = read(a_multipart(a_text("Hi"), a_file(b"MZ\x90\x00\x03\x00", "statement.pdf"))).attachments
    assert file.detected == "application/vnd.microsoft.portable-executable"
    assert file.flags == ("executable", "type_differs")


def test_a_part_is_decoded_only_as_far_as_somebody_reads() -> None:
    body = memoryview(base64.encodebytes(b"0123456789" * 100_000))
    leaf = parts.Leaf(Headers([("content-transfer-encoding", "base64")]), "text/plain", {}, body)
    assert 1_000 <= len(leaf.beginning(1_000)) < 5_000
    assert len(leaf.octets) == 1_000_000


@pytest.mark.parametrize(
    "date", ["Sun, 3 ſep 2026 09:00:00 +0900", "3 May 9999 23:59:59 -2359", "31 Feb 2026 10:00 +0900", "3 May 0000 10:00 +0000"]
)
def test_a_date_that_is_none_is_none(date: str) -> None:
    assert read(a_mail(Date=date)).sent_at in (None, datetime(9999, 5, 4, 23, 58, 59, tzinfo=UTC))
