from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.files import MAX_TEXT, describe

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"


def a_zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "detected"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (a_zip("a.txt"), "application/zip"),
        (a_zip("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (a_zip("AndroidManifest.xml"), "application/vnd.android.package-archive"),
        (a_zip("META-INF/MANIFEST.MF"), "application/java-archive"),
        (b"7z\xbc\xaf\x27\x1c\x00", "application/x-7z-compressed"),
        (b"Rar!\x1a\x07\x01\x00", "application/vnd.rar"),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"x" * 257 + b"ustar\x0000", "application/x-tar"),
        (b"\x19\xf7-lh5-" + bytes(20), "application/x-lzh-compressed"),
        (bytes(0x8001) + b"CD001", "application/x-iso9660-image"),
        (PROGRAM, "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF\x02", "application/x-elf"),
        (OLE, "application/x-ole-storage"),
        (OLE + wide("WordDocument"), "application/msword"),
        (OLE + b"\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46", "application/x-msi"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x">', "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<invoice/>', "text/xml"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        (b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Hi\r\n\r\nBody", "message/rfc822"),
        ("出金できません".encode(), "text/plain"),
        (b"MZ is how this note begins", "text/plain"),
        (bytes(range(256)), ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_show(content: bytes, detected: str) -> None:
    assert describe("x", "application/octet-stream", content).detected == detected


@pytest.mark.parametrize(
    ("name", "declared", "content", "flags"),
    [
        ("statement.pdf", "application/pdf", b"%PDF-1.7", ()),
        ("photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0", ()),
        ("setup.exe", "application/octet-stream", PROGRAM, ("executable",)),
        ("statement.pdf", "application/pdf", PROGRAM, ("executable", "type_differs")),
        ("statement.pdf.exe", "application/octet-stream", PROGRAM, ("executable", "type_differs")),
        ("statement.exe ", "application/octet-stream", b"x", ("executable",)),
        ("statement.pdf" + " " * 40 + ".scr", "application/pdf", b"x", ("executable", "type_differs")),
        ("photo\u202egpj.exe", "image/jpeg", b"\xff\xd8\xff", ("executable", "type_differs")),
        ("photo.jpg", "image/jpeg", b"<html><body>Log in", ("type_differs",)),
        ("photo.jpg", "image/jpeg", a_zip("a.exe"), ("archive", "type_differs")),
        ("wallet.zip", "application/x-zip-compressed", a_zip("a"), ("archive",)),
        ("disk.iso", "application/octet-stream", b"x", ("archive",)),
        ("report.docm", "", b"x", ("macros",)),
        ("report.docx", "", a_zip("word/document.xml", "word/vbaProject.bin"), ("macros",)),
        ("report.doc", "application/msword", OLE + wide("WordDocument") + wide("_VBA_PROJECT"), ("macros",)),
        ("report.docx", "", a_zip("word/document.xml"), ()),
        ("form.pdf", "application/pdf", b"%PDF-1.7 << /S /JavaScript >>", ("macros",)),
        ("page.html", "text/html", b"<html><script>go()</script>", ("executable",)),
        ("page.html", "text/html", b"<html><p>Hello", ()),
        ("logo.svg", "image/svg+xml", b'<svg onload="go()">', ("executable",)),
        ("backup.tar.gz", "application/gzip", b"\x1f\x8b\x08", ("archive",)),
        ("", "", b"", ()),
    ],
)
def test_an_analyst_is_told_what_to_know_before_touching_a_file(
    name: str, declared: str, content: bytes, flags: tuple[str, ...]
) -> None:
    assert describe(name, declared, content).flags == flags


@pytest.mark.parametrize(
    ("name", "declared", "content", "text"),
    [
        ("log.txt", "text/plain", "出金できません".encode("cp932"), "出金できません"),
        ("log.txt", "text/plain", "出金できません".encode("iso-2022-jp"), "出金できません"),
        ("log.txt", "text/plain", b"\xef\xbb\xbfhello", "hello"),
        ("log.txt", "text/plain", "出金".encode("utf-16"), "出金"),
        ("note.txt", "text/plain", "Grüße".encode("latin-1"), "Grüße"),
        ("trades.csv", "application/vnd.ms-excel", b"coin,amount\r\nBTC,1\r\n", "coin,amount\nBTC,1"),
        ("page.html", "", b'<html><p>Go to <a href="https://evil.example">us</a>', "Go to us <https://evil.example>"),
        ("photo.txt", "text/plain", b"\x89PNG\r\n\x1a\n", ""),
        ("data.bin", "application/x-thing", b"plain letters", ""),
    ],
)
def test_the_text_of_a_text_is_read_whatever_its_charset(name: str, declared: str, content: bytes, text: str) -> None:
    assert describe(name, declared, content).text == text


def test_a_mail_tells_who_wrote_it_and_what() -> None:
    mail = (
        b"Received: by mx.example\r\nFrom: =?iso-2022-jp?B?GyRCO1JFRBsoQg==?= <a@evil.example>\r\nTo: me@home.example\r\n"
        b"Subject: =?utf-8?Q?Verify_your?=\r\n =?utf-8?Q?_wallet?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5Ye66YeR\r\n--b--\r\n"
    )
    text = describe("phish.eml", "message/rfc822", mail).text
    assert text == "From: 子田 <a@evil.example>\nTo: me@home.example\nSubject: Verify your wallet\n\n出金"


def test_a_text_is_cut_and_not_inside_a_character() -> None:
    text = describe("long.txt", "text/plain", "出金".encode() * 100_000).text
    assert text == "出金" * (MAX_TEXT // 2)


@given(st.text(max_size=40), st.sampled_from(["", "text/html", "message/rfc822", "image/png"]), st.binary(max_size=300))
def test_any_file_is_described(name: str, declared: str, content: bytes) -> None:
    found = describe(name, declared, content)
    assert (found.size, found.digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert len(found.text) <= MAX_TEXT
    assert describe(name, declared, memoryview(content)) == found
