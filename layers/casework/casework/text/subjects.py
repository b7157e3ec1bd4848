"""Subjects as people write them: what clients and lists put in front taken off."""

from __future__ import annotations

import re

MAX_SUBJECT = 200
_REPLY = r"(?:re|aw|sv|antw|r|回复|返信|答复)(?:\s?[\[(]?\d{1,3}[\])]?)?\s*[:：]"
_FORWARD = r"(?:fwd?|fw|wg|tr|転送|转发)\s*[:：]"
_PREFIX = re.compile(rf"(?i)\s*(?:{_REPLY}|{_FORWARD}|(?:subject|件名|題名)\s*[:：]|\[[^\]]{{0,40}}\]|【[^】]{{0,40}}】)\s*")
_ANSWER = re.compile(rf"(?i)\s*(?:\[[^\]]{{0,40}}\]\s*)*{_REPLY}")


def bare(subject: str) -> str:
    """The subject without ``Re:``, ``Fwd:``, 件名 and tags in brackets, in one case and with single blanks.

    One that is nothing else stays as it is: ``【重要】`` is a subject.
    """
    rest, taken = subject[:MAX_SUBJECT], True
    while taken:
        shorter = _PREFIX.sub("", rest, count=1) if _PREFIX.match(rest) else rest
        taken = bool(shorter) and shorter != rest
        rest = shorter or rest
    return " ".join(rest.casefold().split())


def answers(subject: str) -> bool:
    """Whether the subject says that the message is a reply."""
    return bool(_ANSWER.match(subject[:MAX_SUBJECT]))
