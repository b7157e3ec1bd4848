"""``python -m local benchmark mail``: what reading a mail costs, beside the standard library, in time and in memory.

Each mail is read by both in turn, so that a slow moment of the machine meets both, and medians are compared. What is
measured is all of ``mime.read``: structure, characters, reply trimming, signals. The library only gets its body read.
"""

from __future__ import annotations

import base64
import email
import email.policy
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from casework.errors import UnreadableMessage
from functions.email import mime
from local.benchmarks import memory
from local.evaluate import show
from local.evaluation.mails import mails_in
from local.evaluation.row import Row, score
from local.progress import Progress

ROUNDS = 300
_WARM = 30
_CORPUS_ROUNDS = 3
_MAX_OCTETS = 65_536
_AT = datetime(2026, 5, 3, tzinfo=UTC)

_ENGLISH = (
    "Hello,\n\n"
    + 'I tried to withdraw 0.5 BTC on Sunday evening and the page has said "pending" ever since. I have checked the address\n'
    "twice, and the confirmation code came by mail as usual. Could you please look into it? The withdrawal is 20260503-4411.\n\n"
    * 5
    + "Kind regards,\nHannah\n\nOn Sun, 3 May 2026 at 09:00, Support <support@exchange.example> wrote:\n"
    "> Thank you for your message.\n> We will be back soon.\n"
).replace("\n", "\r\n")
_JAPANESE = (
    "お世話になっております。山田花子です。\n" + "日曜日の夜に0.5ビットコインの出金を申請しましたが、まだ「処理中」のままです。\n"
    "宛先のアドレスは二度確認しました。確認コードもいつも通りメールで届いています。\nお手数ですが、ご確認をお願いいたします。\n\n"
    * 5
    + "山田\n\n2026年5月3日(日) 9:00 サポート <support@exchange.example>:\n> お問い合わせありがとうございます。\n"
).replace("\n", "\r\n")
_PAGE = (
    "<html><head><style>p {margin:0}</style></head><body>"
    + "\r\n".join(f'<p style="font-size:14px">{line or "<br>"}</p>' for line in _ENGLISH.split("\r\n"))
    + '<p>See <a href="https://exchange.example/w/1">my withdrawal</a></p></body></html>'
)
_HEAD = (
    "Received: from mail.example.org (mail.example.org [192.0.2.1])\r\n"
    " by inbound-smtp.eu-west-1.amazonaws.com with SMTP id 8p0kbda0e13ve46erdg6rl\r\n"
    " for support@exchange.example;\r\n Sun, 03 May 2026 00:00:01 +0000 (UTC)\r\n"
    "From: Hannah Meyer <hannah@example.org>\r\nTo: support@exchange.example\r\nSubject: {subject}\r\n"
    "Date: Sun, 3 May 2026 09:00:00 +0900\r\nMessage-ID: <one@example.org>\r\nIn-Reply-To: <two@exchange.example>\r\n"
    "References: <two@exchange.example>\r\nMIME-Version: 1.0\r\n"
)


def _mail(subject: str, fields: str, body: bytes) -> bytes:
    return f"{_HEAD.format(subject=subject)}{fields}\r\n\r\n".encode() + body


def _word(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def samples() -> Mapping[str, bytes]:
    """Mails of about 2 KB as customers send them, by name."""
    plain, subject = "Content-Type: text/plain; charset=", "出金が届きません"
    alternative = (
        b"--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + _ENGLISH.encode()
        + b"\r\n--=_b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + _PAGE.encode() + b"\r\n--=_b--\r\n"
    )  # fmt: skip
    encoded = base64.encodebytes(_JAPANESE.encode())
    return {
        "plain EN": _mail("Withdrawal pending", f"{plain}utf-8", _ENGLISH.encode()),
        "plain JA, iso-2022-jp": _mail(_word(subject, "iso-2022-jp"), f"{plain}iso-2022-jp", _JAPANESE.encode("iso-2022-jp")),
        "plain JA, shift_jis (cp932)": _mail(_word(subject, "utf-8"), f"{plain}shift_jis", _JAPANESE.encode("cp932")),
        "plain JA, utf-8": _mail(_word(subject, "utf-8"), f"{plain}utf-8\r\nContent-Transfer-Encoding: base64", encoded),
        "HTML only": _mail("Withdrawal pending", "Content-Type: text/html; charset=utf-8", _PAGE.encode()),
        "alternative": _mail("Withdrawal pending", 'Content-Type: multipart/alternative; boundary="=_b"', alternative),
    }


def ours(raw: bytes) -> object:
    """Read a mail into a message."""
    try:
        return mime.read(raw, received_at=_AT)
    except UnreadableMessage:
        return None


def theirs(raw: bytes) -> object:
    """Read a mail's body with the standard library, as its documentation says."""
    try:
        body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain", "html"))
        return body.get_content() if body else None
    except Exception:  # noqa: BLE001 - it raises on some real mails; that is its time
        return None


def _timed(read: Callable[[bytes], object], raw: bytes) -> int:
    started = time.process_time_ns()
    read(raw)
    return time.process_time_ns() - started


def compared(raw: bytes, rounds: int = ROUNDS, warm: int = _WARM) -> tuple[float, float]:
    """Read one mail in turn with both; give the medians in microseconds, ours first."""
    for _ in range(warm):
        ours(raw), theirs(raw)
    pairs = [(_timed(ours, raw), _timed(theirs, raw)) for _ in range(rounds)]
    own, other = (statistics.median(side) / 1000 for side in zip(*pairs, strict=True))
    return own, other


def _time_rows() -> Iterator[Row]:
    for name, raw in samples().items():
        own, other = compared(raw)
        note = f"{own:.0f} µs, standard library {other:.0f} µs, {len(raw)} octets"
        yield score("mail/time", f"{name}: share of the standard library's", own / other, ROUNDS, note)


def _corpus_rows(folder: Path) -> Iterator[Row]:
    """The same on real mails, each compared on its own; the median of the shares counts every mail once."""
    within = folder / "mail" if (folder / "mail").is_dir() else folder
    mails = [file.read_bytes() for file in mails_in(within) if 0 < file.stat().st_size <= _MAX_OCTETS]
    with Progress("reading mails", len(mails)) as progress:
        shares = []
        for raw in mails:
            progress.begin(f"{len(raw)} octets")
            own, other = compared(raw, _CORPUS_ROUNDS, 1)
            shares.append(own / other)
            progress.done()
    if len(shares) > 1:
        tenths = statistics.quantiles(shares, n=10)
        note = f"nine in ten at most {tenths[-1]:.2f}"
        yield score(
            "mail/time", "real mails: share of the standard library's, median", statistics.median(shares), len(shares), note
        )


def run(corpus: Path | None, *, as_json: bool = False) -> int:
    """Print time and memory. The figures that matter are the shares: microseconds are this machine's, this minute's."""
    if corpus is not None and not corpus.is_dir():
        print(f"{corpus} is no folder.", file=sys.stderr)
        return 2
    rows = [*_time_rows(), *(_corpus_rows(corpus) if corpus else ()), *memory.rows()]
    show(rows, as_json=as_json)
    return 0
