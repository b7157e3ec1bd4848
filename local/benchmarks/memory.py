"""How much memory the largest mails take to read, each in a process of its own: the most at any moment, the mail included."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from local.evaluation.row import Row, score

OCTETS = 40_000_000
"""The largest mail that SES delivers to S3."""
_ROOT = Path(__file__).resolve().parents[2]
_HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Large\r\nMessage-ID: <large@example.org>\r\n"
_FILE = b'--=_b\r\nContent-Type: application/pdf; name="x.pdf"\r\nContent-Transfer-Encoding: %s\r\n\r\n'


def _multipart(encoding: bytes, body: bytes) -> bytes:
    return (
        _HEAD + b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n--=_b\r\n\r\nSee the file.\r\n'
        + _FILE % encoding + body + b"\r\n--=_b--\r\n"
    )  # fmt: skip


def _base64(octets: int) -> bytes:
    return base64.encodebytes(os.urandom(octets * 57 // 78))


MAILS: dict[str, Callable[[int], bytes]] = {
    "a file in base64": lambda octets: _multipart(b"base64", _base64(octets)),
    "a file in quoted-printable": lambda octets: _multipart(b"quoted-printable", b"=E5=87=BA=\r\n" * (octets // 12)),
    "a file as it is": lambda octets: _multipart(b"8bit", b"0123456789abcde\n" * (octets // 16)),
    "plain text": lambda octets: _HEAD + b"\r\n" + b"Where is my withdrawal?\r\n" * (octets // 25),
    "plain text in quoted-printable": lambda octets: (
        _HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=E5=87=BA=\r\n" * (octets // 12)
    ),
    "one line": lambda octets: _HEAD + b"\r\n" + b"x" * octets,
    "a page": lambda octets: _HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>word</p>\n" * (octets // 12),
    "headers only": lambda octets: _HEAD + b"X-Trace: 0123456789\r\n" * (octets // 21),
    "an enclosed mail": lambda octets: (
        _HEAD
        + b'Content-Type: multipart/mixed; boundary="=_o"\r\n\r\n--=_o\r\nContent-Type: message/rfc822\r\n\r\n'
        + _multipart(b"base64", _base64(octets))
        + b"\r\n--=_o--\r\n"
    ),
}


def peak(file: Path) -> dict[str, float]:
    """Read one mail from a file in this process; give the peak of what was allocated."""
    from functions.email import mime

    at = datetime(2026, 5, 3, tzinfo=UTC)
    mime.read(_multipart(b"base64", _base64(5_000)), received_at=at)  # what is loaded once is not the mail's
    tracemalloc.start()
    raw = file.read_bytes()
    mime.read(raw, received_at=at)
    allocated = tracemalloc.get_traced_memory()[1]
    return {"size": len(raw), "allocated": allocated}


def rows(octets: int = OCTETS) -> Iterator[Row]:
    """Measure each kind of large mail."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mail.eml"
        for name, make in MAILS.items():
            file.write_bytes(make(octets))
            found = _measured(file)
            times = found["allocated"] / found["size"]
            yield score("mail/memory", f"{octets // 1_000_000} MB, {name}: peak in times its size", times, 1)


def _measured(file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "local.benchmarks.memory", str(file)]
    environment = os.environ | {"PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'layers' / 'casework'}"}
    done = subprocess.run(command, check=True, capture_output=True, cwd=_ROOT, env=environment)
    found = json.loads(done.stdout)
    return {str(key): float(value) for key, value in found.items()}


if __name__ == "__main__":
    print(json.dumps(peak(Path(sys.argv[1]))))
