"""Kind ``mail/replies``: bodies of replies, ``emails/N``, beside the new part, ``trimmed/N``, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from casework.errors import UnreadableMessage
from functions.email import mime
from local.evaluation.row import Row, overlap, score, share
from local.evaluation.trial import START

HEAD = b"From: customer@example.com\r\nMessage-ID: <reply@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
NOTHING_NEW = "nothing_new"
"""The reader's signal for a mail that it keeps whole although nothing in it is new."""


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Compare what is taken to be new with what is."""
    graded = [(file, folder / "trimmed" / file.name) for file in sorted((folder / "emails").glob("*"))]
    graded = [(file, gold) for file, gold in graded if gold.is_file()]
    results = [(_new_part(file.read_bytes()), _text(gold)) for file, gold in graded]
    exact = sum(got == expected for got, expected in results)
    yield share(kind, "new part exact", exact, len(results))
    loose = sum("".join(got.split()) == "".join(expected.split()) for got, expected in results)
    yield share(kind, "new part exact but for white space", loose, len(results))
    if results:
        yield score(
            kind, "new part, character F1", sum(overlap(expected, got) for got, expected in results) / len(results), len(results)
        )
    yield from _lost_and_left(kind, [(got, expected) for got, expected in results if expected])
    nothing_new = sum(not expected for _, expected in results)
    told = sum(not (got or expected) for got, expected in results)
    yield share(kind, "of which nothing is new", nothing_new, len(results), f"{told} told as such")


def _lost_and_left(kind: str, results: list[tuple[str, str]]) -> Iterator[Row]:
    """Tell the two mistakes apart, over the characters of all mails with a new part: losing words is worse than leaving some."""
    written, taken = sum(_size(expected) for _, expected in results), sum(_size(got) for got, _ in results)
    common = sum((_characters(got) & _characters(expected)).total() for got, expected in results)
    yield share(kind, "characters of the new part lost", written - common, written)
    yield share(kind, "characters left that are not new", taken - common, taken)


def _characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def _size(text: str) -> int:
    return len("".join(text.split()))


def _new_part(body: bytes) -> str:
    """The new part as the reader tells it: the text, unless it says that nothing in it is new."""
    try:
        message = mime.read(HEAD + body, received_at=START)
    except UnreadableMessage:
        return ""
    return "" if NOTHING_NEW in message.signals else _lines(message.text)


def _text(file: Path) -> str:
    return _lines(file.read_bytes().decode("utf-8", "replace"))


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
