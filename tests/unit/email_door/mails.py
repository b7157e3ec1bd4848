"""Raw mails as tests need them: say what matters, the rest is an ordinary customer's mail."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from casework.message import Message
from functions.email import mime

AT = datetime(2026, 5, 3, 1, 0, tzinfo=UTC)
ORDINARY = {
    "From": "Hanako Yamada <hanako@example.jp>",
    "To": "support@exchange.example",
    "Subject": "Withdrawal",
    "Date": "Sun, 3 May 2026 09:00:00 +0900",
    "Message-ID": "<one@example.jp>",
}


def a_mail(body: bytes | str = "Where is my withdrawal?\r\n", *, block: bytes = b"", **headers: Any) -> bytes:
    """A mail with these headers in place of the ordinary ones; ``None`` leaves one out. ``block`` is what SES put on top."""
    written: dict[str, bytes | str | None] = dict(ORDINARY)
    for name, value in headers.items():
        proper = next((key for key in written if key.lower() == name.replace("_", "-").lower()), name.replace("_", "-"))
        written[proper] = value
    lines = [name.encode() + b": " + octets(value) for name, value in written.items() if value is not None]
    return block + b"\r\n".join(lines) + b"\r\n\r\n" + octets(body)


def octets(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def a_block(
    *,
    spam: str = "PASS",
    virus: str = "PASS",
    spf: str = "pass",
    dkim: str = "pass",
    dmarc: str = "pass",
    domain: str = "example.jp",
    envelope: str = "hanako@example.jp",
    results: str = "",
) -> bytes:
    """What SES writes on top of a mail."""
    checked = f"client-ip=192.0.2.1; envelope-from={envelope}; helo=mail.example.jp;"
    passed = f"amazonses.com;\r\n spf={spf} (spfCheck: x) {checked}\r\n dkim={dkim} header.i=@{domain};\r\n"
    found = results or f"{passed} dmarc={dmarc} header.from={domain};"
    return (
        f"Return-Path: <{envelope}>\r\n"
        "Received: from mail.example.jp (mail.example.jp [192.0.2.1])\r\n"
        " by inbound-smtp.eu-west-1.amazonaws.com with SMTP id 8p0kbda0e13ve46erdg6rl\r\n"
        " for support@exchange.example;\r\n Sun, 03 May 2026 00:00:01 +0000 (UTC)\r\n"
        f"X-SES-Spam-Verdict: {spam}\r\nX-SES-Virus-Verdict: {virus}\r\n"
        f"Received-SPF: {spf} (spfCheck: x) {checked}\r\n"
        f"Authentication-Results: {found}\r\n"
        "X-SES-RECEIPT: AEFBQUFB\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256; b=x\r\n"
    ).encode()


def a_multipart(*parts: bytes | str, kind: str = "mixed", boundary: str = "=_b", close: bool = True, **headers: Any) -> bytes:
    """A mail of several parts; each part is given with its headers."""
    body = b"".join(f"--{boundary}\r\n".encode() + octets(part) + b"\r\n" for part in parts)
    end = f"--{boundary}--\r\n".encode() if close else b""
    return a_mail(body + end, Content_Type=f'multipart/{kind}; boundary="{boundary}"', **headers)


def a_text(text: str, kind: str = "plain") -> bytes:
    return f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n{text}".encode()


def a_file(content: bytes, name: str = "statement.pdf", media_type: str = "application/pdf") -> bytes:
    head = f'Content-Type: {media_type}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def jis(text: str) -> bytes:
    """Text in 7-bit JIS as Windows and Apple write it, with NEC's and IBM's characters in double-byte rows."""
    return b"".join(b"\x1b$B" + _row_and_cell(char) + b"\x1b(B" if not char.isascii() else char.encode() for char in text)


def _row_and_cell(char: str) -> bytes:
    lead, trail = char.encode("cp932")
    row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
    if trail >= 0x9F:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x1F if trail < 0x80 else 0x20)))


def read(raw: bytes, own_domains: Collection[str] = (), at: datetime = AT) -> Message:
    return mime.read(raw, received_at=at, own_domains=own_domains)
