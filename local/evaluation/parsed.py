"""Kind ``mail/parsed``: real mails beside what is in them, ``NAME.box`` and ``NAME.yml``."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from casework.message import IdentityKind, Message
from functions.email import bodies
from local.evaluation.mails import Sorted, accounted, mails_in, sort_mails
from local.evaluation.row import Row, share

Gold = Mapping[str, Any]

_WORD = re.compile(r"[぀-ヿ㐀-鿿ｦ-ﾟ]|[^\W぀-ヿ㐀-鿿ｦ-ﾟ]+")
"""A word, or one character of a script that does not part its words."""
_INLINE = re.compile(r"</?(?:a|abbr|b|big|em|font|i|s|small|span|strike|strong|sub|sup|u|wbr)\b[^>]*>", re.IGNORECASE)
"""Tags that part no words."""
_NO_TEXT = re.compile(r"<(style|script|head)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)


_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SUBJECT = re.compile(rb"^subject:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_UTF_7_WORD = re.compile(rb"=\?(?:unicode-1-1-)?utf-?7\?", re.IGNORECASE)
_SHIFTED = re.compile(r"\+[A-Za-z0-9+/]*-")
"""A shift sequence of UTF-7 (RFC 2152); what is around it, ASCII or not, stands for itself."""


class _Plain(yaml.SafeLoader):
    """Reads YAML that names classes of another language, as the plain mappings and lists they are."""


def _untagged(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_object(node) if not isinstance(node, yaml.ScalarNode) else loader.construct_scalar(node)


_Plain.add_multi_constructor("!", _untagged)


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Compare subject, sender and attachments, character by character but for white space."""
    files = mails_in(folder)
    done, wrong = sort_mails(files)
    yield from accounted(kind, files, done, wrong)
    graded = [(each, gold) for each in done if (gold := _gold(each.file)) is not None]
    for measure, right in (("subjects exact", _subject), ("senders exact", _sender), ("attachments exact", _attachments)):
        missed = [each.file.stem for each, gold in graded if not (each.message and right(each.message, gold))]
        yield share(kind, measure, len(graded) - len(missed), len(graded), "not: " + ", ".join(missed[:8]) if missed else "")
    yield _subjects_read(kind, graded)
    yield _lost(kind, [(each.file.stem, *_words(each.message, gold)) for each, gold in graded if each.message])
    yield share(kind, "mails with gold", len(graded), len(files))


def _lost(kind: str, compared: list[tuple[str, Counter[str], Counter[str]]]) -> Row:
    """Count the words of the gold's bodies that are neither in our text nor in our history, each as often as it occurs."""
    lost = {name: (expected - got).total() for name, expected, got in compared}
    worst = ", ".join(f"{name} {count}" for name, count in Counter(lost).most_common(6) if count)
    return share(kind, "words of the body lost", sum(lost.values()), sum(gold.total() for _, gold, _ in compared), worst)


def _words(message: Message, gold: Gold) -> tuple[Counter[str], Counter[str]]:
    body = str(gold.get("body") or "")
    if "html" in str(gold.get("content_type")):
        body = html.unescape(_NO_TEXT.sub(" ", _INLINE.sub("", body)))
    kept = body[: bodies.MAX_TEXT]  # what is longer is cut, and says so
    return Counter(_WORD.findall(kept.lower())), Counter(_WORD.findall(f"{message.text}\n{message.history}".lower()))


def _gold(mail: Path) -> Gold | None:
    file = mail.with_suffix(".yml")
    if not file.is_file():
        return None
    # A safe loader, which drops tags.
    found = yaml.load(file.read_text(encoding="utf-8"), Loader=_Plain)
    return found if isinstance(found, dict) else None


def _subject(message: Message, gold: Gold) -> bool:
    return _collapsed(message.subject) == _collapsed(gold.get("subject"))


def _subjects_read(kind: str, graded: list[tuple[Sorted, Gold]]) -> Row:
    """Count subjects once more, with the gold's UTF-7 read where the mail says that its subject is in it: its tool cannot."""
    right = [bool(each.message and _subject(each.message, _read_on(gold, each.file))) for each, gold in graded]
    left = sum(_read_on(gold, each.file) != gold for each, gold in graded)
    return share(kind, "subjects exact, the gold's UTF-7 read", sum(right), len(graded), f"{left} left in UTF-7 by the gold")


def _read_on(gold: Gold, mail: Path) -> Gold:
    """The gold with the UTF-7 shift sequences of its subject decoded, if the raw header names that charset."""
    header = _SUBJECT.search(_HEAD_END.split(mail.read_bytes(), maxsplit=1)[0])
    subject = str(gold.get("subject") or "")
    if not header or not _UTF_7_WORD.search(header[0]):
        return gold
    return {**gold, "subject": _SHIFTED.sub(lambda found: found[0].encode().decode("utf-7", "replace"), subject)}


def _sender(message: Message, gold: Gold) -> bool:
    """Compare addresses in normal form: without the quotes and the final dot that the gold keeps."""
    claimed = [each.value for each in message.identities if each.kind is IdentityKind.EMAIL]
    got = claimed[0] if claimed else parseaddr(message.sender)[1]
    return got.lower() == str(gold.get("from_email") or "").strip().strip('"').rstrip(".").lower()


def _attachments(message: Message, gold: Gold) -> bool:
    """Compare names. The other form of the text itself is no attachment, and a name the gold made up is any name."""
    listed = [each for each in gold.get("attachments") or () if not (each.get("preferences") or {}).get("content-alternative")]
    return sorted(_collapsed(each.get("filename")) for each in listed) == sorted(_collapsed(a.name) for a in message.attachments)


def _collapsed(text: object) -> str:
    return " ".join(str(text or "").split())
