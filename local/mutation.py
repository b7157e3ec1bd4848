"""``python -m local mutate CORPUS``: damage real mails in every way that networks, relays and attackers do, and read each.

Every mutant has a number, and the number alone makes it again from the same mails: what goes wrong can be replayed.
"""

from __future__ import annotations

import email
import email.policy
import multiprocessing
import random
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

from casework.errors import UnreadableMessage
from functions.email import mime
from local.evaluate import show
from local.evaluation.mails import mails_in
from local.evaluation.row import Row, most_common, score, share
from local.progress import Progress

OWN = Path(__file__).resolve().parent / "story"
"""The mails of the demo's story: what is damaged when no other mails are given."""
KIND = "mail/mutated"
COUNT = 100_000
MAX_OCTETS = 200_000
"""Larger mails are left out: they only make the same damage slower."""
MAX_GROWN = 5_000_000
"""Octets of a mutant: damage that repeats lines would otherwise make mails larger than any that SES delivers."""
COMPARED = 10
"""One mutant in so many is also given to the standard library."""
MAX_SECONDS = 10.0
_AT = datetime(2026, 5, 3, tzinfo=UTC)
_CHUNK = 200

Mutation = Callable[[bytes, bytes, random.Random], bytes]


@dataclass(slots=True)
class Found:
    """What came of some mutants."""

    outcomes: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    exceptions: list[str] = field(default_factory=list)
    compared: int = 0
    theirs: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)

    def add(self, other: Found) -> None:
        """Add what came of others."""
        self.outcomes += other.outcomes
        self.causes += other.causes
        self.exceptions += other.exceptions
        self.compared += other.compared
        self.theirs += other.theirs
        self.slowest = max(self.slowest, other.slowest)


# --- damage --------------------------------------------------------------------------------------------------------------


def _span(raw: bytes, rng: random.Random, longest: int) -> tuple[int, int]:
    start = rng.randrange(len(raw) + 1)
    return start, min(len(raw), start + rng.randrange(longest + 1))


def flipped(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Change a few bytes."""
    damaged = bytearray(raw)
    for _ in range(rng.randrange(1, 30) if raw else 0):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def deleted(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Leave some bytes out."""
    start, end = _span(raw, rng, 400)
    return raw[:start] + raw[end:]


def inserted(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Put bytes in: random ones, or such as mean something."""
    pieces = (
        rng.randbytes(rng.randrange(60)),
        b"\x00" * 20,
        b"\r\n",
        b"\x1b$B",
        b"=?utf-8?B?",
        b"--",
        b"<!--",
        b"\xff\xfe",
        b"=\r\n",
        b">",
    )
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice(pieces) * rng.choice((1, 1, 1, 50)) + raw[at:]


def line_ends_changed(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Give all or some of it other line ends."""
    start, end = (0, len(raw)) if rng.random() < 0.5 else _span(raw, rng, len(raw))
    plain = raw[start:end].replace(b"\r\n", b"\n")
    return raw[:start] + plain.replace(b"\n", rng.choice((b"\n", b"\r\n", b"\r", b"\r\r\n", b"\n\n", b" \r\n"))) + raw[end:]


def _head(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")[0].splitlines(keepends=True)


def header_repeated(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Send a header line twice, or very often, or somewhere else."""
    lines = _head(raw)
    if not lines:
        return raw
    line, at = rng.choice(lines), rng.randrange(len(lines) + 1)
    before = b"".join(lines[:at])
    return before + line * rng.choice((1, 2, 500)) + raw[len(before) :]


def boundary_damaged(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Change, drop or double one line that begins with two hyphens."""
    lines = raw.splitlines(keepends=True)
    marks = [at for at, line in enumerate(lines) if line.startswith(b"--")]
    if not marks:
        return raw + b"--" + rng.randbytes(8)
    at = rng.choice(marks)
    lines[at] = rng.choice(
        (b"", lines[at][:-4], lines[at] * 3, lines[at].rstrip() + b"--\r\n", b" " + lines[at], lines[at].upper())
    )
    return b"".join(lines)


def truncated(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Lose the end, or the beginning."""
    at = rng.randrange(len(raw) + 1)
    return raw[:at] if rng.random() < 0.8 else raw[at:]


def relabelled(raw: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Claim another charset or transfer encoding, or one that does not exist."""
    lie = rng.choice(_LIES)
    for label in rng.sample(_LABELS, len(_LABELS)):
        at = raw.lower().find(label)
        if at >= 0:
            return raw[: at + len(label)] + lie + raw[at + len(label) + rng.randrange(12) :]
    return b"Content-Type: text/plain; charset=" + lie + b"\r\n" + raw


_LABELS = (b"charset=", b'charset="', b"encoding: ", b"content-type: ", b"=?")
_LIES = (
    *(
        b"utf-7",
        b"utf-16",
        b"utf-8",
        b"iso-2022-jp",
        b"shift_jis",
        b"euc-jp",
        b"gb2312",
        b"ks_c_5601-1987",
        b"x-unknown",
        b"rot13",
    ),
    *(
        b"base64",
        b"quoted-printable",
        b"x-uuencode",
        b"multipart/mixed",
        b"message/rfc822",
        b"text/html",
        b"punycode",
        b"undefined",
        b"\xff",
    ),
)


def spliced(raw: bytes, other: bytes, rng: random.Random) -> bytes:
    """Go on with the middle of another mail."""
    return raw[: rng.randrange(len(raw) + 1)] + other[rng.randrange(len(other) + 1) :]


def nested(raw: bytes, other: bytes, rng: random.Random) -> bytes:
    """Enclose the mail in a multipart, beside another one, several times over."""
    for depth in range(rng.randrange(1, 40)):
        mark = b"=_%d" % depth
        raw = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--\r\n' % (mark, mark, raw, mark)
    return raw if rng.random() < 0.7 else raw.replace(b"--\r\n", b"--\r\n" + other[:2_000], 1)


MUTATIONS: tuple[Mutation, ...] = (
    *(flipped, deleted, inserted, line_ends_changed, header_repeated, boundary_damaged, truncated, relabelled, spliced, nested),
)


def mutant(mails: Sequence[bytes], number: int) -> bytes:
    """Make one mutant: the same for the same mails and number."""
    rng = random.Random(number)
    raw = rng.choice(mails)
    for mutation in rng.choices(MUTATIONS, k=rng.randrange(1, 5)):
        raw = mutation(raw, rng.choice(mails), rng)[:MAX_GROWN]
    return raw


# --- reading -------------------------------------------------------------------------------------------------------------


def tried(mails: Sequence[bytes], numbers: range) -> Found:
    """Make mutants and read them. Nothing escapes: that nothing does is what is measured."""
    found = Found()
    for number in numbers:
        raw = mutant(mails, number)
        started = time.perf_counter()
        _read(raw, number, found)
        found.slowest = max(found.slowest, (time.perf_counter() - started, number))
        if number % COMPARED == 0:
            found.compared += 1
            found.theirs.update(_standard(raw))
    return found


def _read(raw: bytes, number: int, found: Found) -> None:
    try:
        with _at_most(MAX_SECONDS):
            mime.read(raw, received_at=_AT)
        found.outcomes["read"] += 1
    except UnreadableMessage as unreadable:
        found.outcomes["unreadable"] += 1
        found.causes[unreadable.cause] += 1
    except Exception as error:  # noqa: BLE001 - that nothing at all escapes is what is being measured
        found.outcomes["exception"] += 1
        found.exceptions.append(f"{number}: {type(error).__name__}: {error}"[:200])


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in what takes longer: a mail that is never read is as bad as one that raises."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not read within {seconds:g} seconds")

    previous = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _standard(raw: bytes) -> Iterator[str]:
    """Read the same with the standard library; give the exception that it raises, if any."""
    try:
        with _at_most(MAX_SECONDS):
            _read_by_standard(raw)
    except Exception as error:  # noqa: BLE001 - the same is measured
        yield type(error).__name__


def _read_by_standard(raw: bytes) -> None:
    """What a program has to ask for to have what a message has."""
    read = email.message_from_bytes(raw, policy=email.policy.default)
    _ = [str(read[name]) for name in ("from", "to", "subject", "date", "message-id")]
    body = read.get_body(("plain", "html"))
    _ = [body.get_content() if body else ""]
    _ = [part.get_filename() for part in read.walk()]


_held: list[bytes] = []


def _hold(mails: list[bytes]) -> None:
    """Give a worker its mails, once."""
    warnings.simplefilter("ignore")
    _held[:] = mails


def _tried_here(numbers: range) -> Found:
    return tried(_held, numbers)


def mutate(mails: list[bytes], count: int, seed: int) -> Found:
    """Try ``count`` mutants from number ``seed`` on, on every core."""
    chunks = [range(start, min(seed + count, start + _CHUNK)) for start in range(seed, seed + count, _CHUNK)]
    found = Found()
    with (
        Progress("reading mutants", count) as progress,
        multiprocessing.get_context("spawn").Pool(initializer=partial(_hold, mails)) as pool,
    ):
        for part in pool.imap_unordered(_tried_here, chunks):
            found.add(part)
            progress.begin(f"{len(found.exceptions)} exceptions")
            for _ in range(part.outcomes.total()):
                progress.done()
    return found


def rows(found: Found) -> Iterator[Row]:
    """Say how many were read, how many could not be, and what escaped."""
    tries = found.outcomes.total()
    yield share(KIND, "mutants without an exception", tries - len(found.exceptions), tries, "; ".join(found.exceptions[:3]))
    yield share(KIND, "mutants read", found.outcomes["read"], tries)
    yield share(KIND, "mutants refused as unreadable", found.outcomes["unreadable"], tries, most_common(found.causes))
    yield score(KIND, "slowest, in seconds", found.slowest[0], tries, f"number {found.slowest[1]}")
    yield share(
        KIND, "the standard library raises (policy.default)", found.theirs.total(), found.compared, most_common(found.theirs)
    )


def run(corpus: Path | None, *, count: int = COUNT, seed: int = 0, replay: int | None = None, as_json: bool = False) -> int:
    """Damage the mails of a folder, or the project's own. With ``replay``, write one mutant to standard output and read it."""
    folder = corpus or OWN
    if not folder.is_dir():
        print(f"{folder} is no folder.", file=sys.stderr)
        return 2
    mails = _mails(folder)
    if not mails:
        print(f"There are no mails in {folder}.", file=sys.stderr)
        return 2
    if replay is not None:
        return _replayed(mutant(mails, replay))
    found = mutate(mails, count, seed)
    show(list(rows(found)), as_json=as_json)
    return 1 if found.exceptions else 0


def _mails(folder: Path) -> list[bytes]:
    within = folder / "mail" if (folder / "mail").is_dir() else folder
    files = [file for file in mails_in(within) if file.suffix != ".toml" and file.stat().st_size <= MAX_OCTETS]
    return [file.read_bytes() for file in files]


def _replayed(raw: bytes) -> int:
    """Write a mutant out, and let what reading it raises be seen whole."""
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
    try:
        message = mime.read(raw, received_at=_AT)
    except UnreadableMessage as unreadable:
        print(f"unreadable: {unreadable.cause}", file=sys.stderr)
        return 0
    print(
        f"read: {len(message.text)} characters, {len(message.attachments)} files, {', '.join(message.signals)}", file=sys.stderr
    )
    return 0
