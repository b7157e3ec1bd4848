"""Kind ``mail/replies``: bodies of replies, ``emails/N``, beside the new part, ``trimmed/N``, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casework.errors import UnreadableMessage
from functions.email import mime
from local.evaluation.row import Row, overlap, score, share
from local.evaluation.trial import START

HEAD = b"From: customer@example.com\r\nMessage-ID: <reply@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"


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


def _new_part(body: bytes) -> str:
    try:
        return _lines(mime.read(HEAD + body, received_at=START).text)
    except UnreadableMessage:
        return ""


def _text(file: Path) -> str:
    return _lines(file.read_bytes().decode("utf-8", "replace"))


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
