"""Files a mail as Amazon SES would: what its receipt rule puts into the bucket, and under which key.

SES writes its own headers above the ones that came with the mail, always in the same order; the email door believes only
those. Nobody on a laptop checks SPF, DKIM or DMARC, so what SES would have found is an argument here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr

SUPPORT = "support@kujira.example"
"""Where mail is taken to have been sent, unless its envelope says otherwise."""
REGION = "ap-northeast-1"
"""Where the pretended SES receives."""
PEER = "192.0.2.25"
"""The address mail is taken to have come from (RFC 5737, for documentation)."""
UNKNOWN = "unknown@mail.example.net"
"""The sender on the envelope of a mail that names nobody."""
HEADERS_LOOKED_AT = 65_536
"""Bytes of a mail in which its sender is looked for."""
SIGNED = "a=rsa-sha256; q=dns/txt; c=relaxed/simple; d=amazonses.com; v=1; h=From:To:Subject:Date;"
VERDICTS = ("pass", "fail", "none")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What SES found about a mail. The default is what a laptop knows: nothing bad, and nobody vouched for the sender."""

    dmarc: str = "none"
    spf: str = "none"
    dkim: str = "none"
    spam: str = "PASS"
    virus: str = "PASS"


NOBODY_VOUCHED = Verdicts()
VOUCHED = Verdicts(dmarc="pass", spf="pass", dkim="pass")
REFUTED = Verdicts(dmarc="fail", spf="fail", dkim="none")


def verdicts_of(dmarc: str) -> Verdicts:
    """The usual findings beside a DMARC result of ``pass``, ``fail`` or ``none``. Raises ``KeyError`` for any other."""
    return {"pass": VOUCHED, "fail": REFUTED, "none": NOBODY_VOUCHED}[dmarc]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the SMTP dialogue said, apart from the mail itself. An empty ``sender`` is the null sender of a bounce."""

    sender: str
    recipient: str = SUPPORT
    helo: str = "mail.example.net"


def envelope_of(raw: bytes) -> Envelope:
    """A likely envelope for a mail that came as a file: its own Return-Path, or else its From.

    The null sender means a bounce, so it is only what the mail says itself, never what nothing was found for.
    """
    for name in ("return-path", "from"):
        value = header_of(raw, name) or ""
        if name == "return-path" and value.replace(" ", "") == "<>":
            return Envelope(sender="")
        if "@" in _address(value):
            return Envelope(sender=_address(value))
    return Envelope(sender=UNKNOWN)


def header_of(raw: bytes, name: str) -> str | None:
    """The first header of that name, unfolded and not decoded, or ``None``."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEADERS_LOOKED_AT], maxsplit=1)[0]
    found = re.search(rb"(?im)^%s[ \t]*:(.*(?:\r?\n[ \t]+.*)*)" % name.encode(), head)
    return re.sub(r"\s+", " ", found[1].decode("latin-1")).strip() if found else None


def stored(raw: bytes, *, received_at: datetime, envelope: Envelope | None = None, verdicts: Verdicts = NOBODY_VOUCHED) -> bytes:
    """The object SES would write: its headers, then the mail exactly as it came.

    The separator line of an mbox file is not part of a mail and goes. Line ends follow the mail's own.
    """
    mail = without_mbox_line(raw)
    headers = _headers(mail, received_at, envelope or envelope_of(mail), verdicts)
    end = "\r\n" if b"\r\n" in mail[:1000] or b"\n" not in mail[:1000] else "\n"
    return "".join(f"{line}{end}" for header in headers for line in header.split("\n")).encode("latin-1", "replace") + mail


def object_id(raw: bytes, counter: int = 0) -> str:
    """40 characters like the name SES gives an object. Another ``counter`` is another delivery of the same mail."""
    digest = hashlib.sha256(counter.to_bytes(8, "big") + raw).digest()
    return base64.b32hexencode(digest[:25]).decode().lower()


def without_mbox_line(raw: bytes) -> bytes:
    """The mail without the ``From `` line that separates mails in an mbox file."""
    return raw.split(b"\n", 1)[1] if raw.startswith(b"From ") and b"\n" in raw else raw


def _headers(mail: bytes, received_at: datetime, envelope: Envelope, verdicts: Verdicts) -> list[str]:
    checked = f"client-ip={PEER}; envelope-from={_inert(envelope.sender)}; helo={_inert(envelope.helo)};"
    origin = _inert(_domain(_address(header_of(mail, "from") or "")))
    spf = f"{verdicts.spf} (spfCheck: {_spf_finding(verdicts.spf, envelope)})"
    aligned = f" dmarc={verdicts.dmarc} header.from={origin};"
    vouched = f" header.i=@{origin}" if verdicts.dkim == "pass" else ""
    return [
        f"Return-Path: <{_inert(envelope.sender)}>",
        _received(mail, received_at, envelope),
        f"X-SES-Spam-Verdict: {verdicts.spam}",
        f"X-SES-Virus-Verdict: {verdicts.virus}",
        f"Received-SPF: {spf} {checked}",
        f"Authentication-Results: amazonses.com;\n spf={spf} {checked}\n dkim={verdicts.dkim}{vouched};\n{aligned}",
        f"X-SES-RECEIPT: {_opaque(mail, 'receipt')}",
        f"X-SES-DKIM-SIGNATURE: {SIGNED}\n t={int(received_at.timestamp())}; b={_opaque(mail, 'signature')}",
    ]


def _received(mail: bytes, received_at: datetime, envelope: Envelope) -> str:
    return (
        f"Received: from {_inert(envelope.helo)} ({_inert(envelope.helo)} [{PEER}])\n"
        f" by inbound-smtp.{REGION}.amazonaws.com with SMTP id {object_id(mail)}\n"
        f" for {_inert(envelope.recipient)};\n"
        f" {format_datetime(received_at.astimezone(UTC))} (UTC)"
    )


def _spf_finding(result: str, envelope: Envelope) -> str:
    domain = _inert(_domain(envelope.sender) or envelope.helo)
    if result == "pass":
        return f"domain of {domain} designates {PEER} as permitted sender"
    if result == "fail":
        return f"domain of {domain} does not designate {PEER} as permitted sender"
    return f"{PEER} is neither permitted nor denied by domain of {domain}"


def _opaque(mail: bytes, purpose: str) -> str:
    return base64.b64encode(hashlib.sha512(purpose.encode() + mail).digest()).decode()


def _address(header: str) -> str:
    return parseaddr(header)[1]


def _inert(text: str) -> str:
    """What a stranger chose, without any character that could end the header or the finding it is written into."""
    return re.sub(r"[^\x21-\x7e]|[<>();=\"\\]", "", text)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
