"""What a customer wrote now, apart from what came along: quoted mail, forwarded mail, signatures, footers.

Works line by line on plain text (HTML arrives with its quotations marked ``> ``). Nothing is lost. A quotation with an answer
below stays, if it is short: "no, it was not me" says nothing without its question. What clients and legal departments add is
known by words that stand together in many languages; each room has its own: ``attributions`` ("On … wrote:"),
``quoted_headers`` ("Original Message", "From: …"), ``signatures``, ``footers``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from functions.email import attributions, footers, quoted_headers, signatures

MAX_ANSWERED = 10
"""Lines of a quotation that stays above its answer; what is longer is a whole mail, of which the answer is below."""
_MAX_ANSWERED_LENGTH = 800
_MAX_LINE = 600
"""Longer lines are prose."""
_PASSES = 6
"""What is left is read again, as its own mail, at most so often, until nothing more is history."""

_QUOTES = (">", "＞", "&gt;")
_BLANKS = " \t\xa0\u3000"
_MBOX_FROM = re.compile(r">+From \S")
_INITIALS = re.compile(r"([A-Z][A-Za-z]{0,11})>(?:\s|$)")
_EMPTY_LINES = re.compile(r"\n{3,}")
_WORD_FIRST = re.compile(r"\s*\w")


_OWN, _EMPTY, _QUOTE, _HISTORY = range(4)
"""What a line is."""


def split(text: str) -> tuple[str, str]:
    """Separate the new part of a mail from its history. The new part is empty only if the mail is, or holds only other mail.

    A mail of nothing but a signature or a footer is new as it is: no other mail is in it that its sender might have answered.
    Every line that is not empty is in exactly one of the two, in its order; the new part, split again, is all new. Time grows
    with the mail's length only.
    """
    text = text.strip()
    lines = text.split("\n")
    new: Sequence[int] = range(len(lines))
    left, remaining, may_have_stamp = lines, text, attributions.may_have_stamp(text)
    for _ in range(_PASSES):
        reading = _read(left, remaining, may_have_stamp=may_have_stamp)
        kept = _kept(reading.kinds)
        if not kept and reading.has_other_mail:
            return "", text
        if len(kept) == len(new) or not kept:
            break
        new = kept if left is lines else [new[at] for at in kept]
        if new[-1] == len(new) - 1 and not may_have_stamp:
            break  # only the end is gone: what is above reads the same without it
        left = [lines[at] for at in new]
        remaining = "\n".join(left)
    if len(new) == len(lines):
        return text, ""
    return "\n".join([lines[at] for at in new]).strip(), _rest(lines, new)


def _rest(lines: list[str], new: Sequence[int]) -> str:
    if new[-1] == len(new) - 1:
        rest = "\n".join(lines[len(new) :])
    else:
        known = frozenset(new)
        rest = "\n".join([line for at, line in enumerate(lines) if at not in known])
    rest = _EMPTY_LINES.sub("\n\n", rest) if "\n\n\n" in rest else rest
    return rest.strip("\n").rstrip()


def _read(lines: list[str], text: str, *, may_have_stamp: bool) -> _Reading:
    """Read a mail once: what each of its lines is."""
    reading = _Reading(lines, text, may_have_stamp=may_have_stamp)
    reading.run()
    kinds = reading.kinds
    for low, end in _passages(kinds):
        _peel(lines, kinds, low, end)
    if _QUOTE in kinds:
        _drop_unanswered(lines, kinds)
    return reading


def _kept(kinds: list[int]) -> Sequence[int]:
    """Tell the lines that are new, with the empty ones among them. None, if none were written now."""
    if _HISTORY not in kinds:
        return range(len(kinds))
    kept = [at for at, kind in enumerate(kinds) if kind != _HISTORY]
    while kept and kinds[kept[-1]] == _EMPTY:
        kept.pop()
    return kept if _OWN in kinds else []


class _Reading:
    """One pass over the lines of a mail, from the top. ``at`` only ever grows."""

    def __init__(self, lines: list[str], text: str, *, may_have_stamp: bool) -> None:
        self.lines = lines
        self.kinds = [_EMPTY] * len(lines)
        self.ends: set[int] = set()
        self.special: list[int] = []
        self.survey()
        self.initials = _initials(lines) if ">" in text else frozenset()
        self.starts = {end - back for end in self.ends for back in range(attributions.LINES)}
        self.found: dict[int, tuple[int, int]] = {}
        self.stamp = attributions.stamp(lines) if may_have_stamp else -1
        self.stems = footers.device_stems(text.lower())
        self.has_own = False
        self.has_other_mail = False
        self.at = 0

    def survey(self) -> None:
        """Look at each line once: whether it is empty, may end an attribution, or has a form that is not only that of prose."""
        last, last_two, kinds = attributions.LAST, attributions.LAST_TWO, self.kinds
        for at, line in enumerate(self.lines):
            is_prose = line[:1].isalnum()
            if not is_prose and (not line or line.isspace()):
                continue
            kinds[at] = _OWN
            if (line[-1] in last or line[-2:] in last_two) and attributions.ends_at(line):
                self.ends.add(at)
            if not is_prose or ":" in line or "：" in line:
                self.special.append(at)

    def run(self) -> None:
        for at in self.marked():
            if at >= self.at and self.kinds[at] == _OWN:
                self.has_own = self.has_own or self.has_text(self.at, at)
                self.at = at
                self.at += self.step()

    def marked(self) -> list[int]:
        """List the lines that may be other than the customer's own, in order: most mails have few."""
        marked = {*self.special, *self.starts, self.stamp}
        if self.initials:
            marked.update(at for at, line in enumerate(self.lines) if ">" in line)
        if self.stems:
            marked.update(at for at, line in enumerate(self.lines) if self.has_stem(line))
        return sorted(marked)

    def has_stem(self, line: str) -> bool:
        folded = line.lower()
        return any(stem in folded for stem in self.stems)

    def has_text(self, low: int, end: int) -> bool:
        return any(self.kinds[at] == _OWN for at in range(low, end))

    def step(self) -> int:
        """Take what starts at ``at``; tell how many lines it has."""
        line = self.lines[self.at]
        if self.is_quoted(self.at):
            self.kinds[self.at] = _QUOTE
            self.has_other_mail = True
            return 1
        if len(line) <= _MAX_LINE and (count := self.opening(line) or self.attribution()):
            self.has_other_mail = True
            return self.history(count)
        if self.is_device(line):
            return self.history(1)
        self.has_own = self.has_own or not signatures.is_bare(line)
        return 1

    def history(self, count: int) -> int:
        self.kinds[self.at : self.at + count] = [_HISTORY] * count
        return count

    def opening(self, line: str) -> int:
        """Count the lines from a separator or a block of headers on: all, or only these if nothing is written above."""
        if ":" not in line and "：" not in line and _WORD_FIRST.match(line):
            return 0
        count = quoted_headers.length(self.lines, self.at)
        return len(self.lines) - self.at if count and self.has_own else count

    def attribution(self) -> int:
        """Count the lines of an attribution; with all below it, if that is not marked as quoted and something is above."""
        if self.at in self.starts:
            for end in range(self.at, self.at + attributions.LINES):
                if end in self.ends and (count := self.attributed(end)):
                    return count
        if self.at != self.stamp:
            return 0
        return len(self.lines) - self.at if self.has_own else 1

    def attributed(self, end: int) -> int:
        if end not in self.found:
            self.found[end] = attributions.find(self.lines, self.at, end)
        start, weight = self.found[end]
        if not weight or start != self.at:
            return 0
        following = quoted_headers.next_text(self.lines, end + 1)
        if following < len(self.lines) and self.is_quoted(following):
            return end + 1 - self.at
        if weight < attributions.CERTAIN:
            return 0
        return len(self.lines) - self.at if self.has_own else end + 1 - self.at

    def is_quoted(self, at: int) -> bool:
        line = self.lines[at]
        if line.lstrip(_BLANKS).startswith(_QUOTES):
            return not _MBOX_FROM.match(line)
        return bool(self.initials and (name := _INITIALS.match(line)) and name[1] in self.initials)

    def is_device(self, line: str) -> bool:
        if not self.stems or len(line) > footers.MAX_DEVICE_LINE:
            return False
        return self.has_stem(line) and footers.is_device(line)


def _initials(lines: list[str]) -> frozenset[str]:
    """Find the names that stand before quoted lines, as in ``AB> text``: those of more than one line."""
    found = [name[1] for line in lines if ">" in line and ">" in line[1:13] and (name := _INITIALS.match(line))]
    return frozenset(name for name, count in Counter(found).items() if count > 1) if len(found) > 1 else frozenset()


def _passages(kinds: list[int]) -> list[tuple[int, int]]:
    """Find where the customer's own lines stand together, with the empty ones among them."""
    walls = [-1, *(at for at, kind in enumerate(kinds) if kind >= _QUOTE), len(kinds)]
    return [(low + 1, end) for low, end in pairwise(walls) if low + 1 < end]


def _peel(lines: list[str], kinds: list[int], low: int, end: int) -> None:
    """Mark the footers and signatures at the end of a passage."""
    end = _text_end(kinds, low, end)
    while end > low and (start := _footer(lines, low, end)) < end:
        kinds[start:end] = [_HISTORY] * (end - start)
        end = _text_end(kinds, low, start)


def _text_end(kinds: list[int], low: int, end: int) -> int:
    while end > low and kinds[end - 1] == _EMPTY:
        end -= 1
    return end


def _footer(lines: list[str], low: int, end: int) -> int:
    """Find where the last footer of a passage starts; ``end`` if it has none."""
    last = lines[end - 1]
    if signatures.is_bare(last):
        return _bare_start(lines, low, end)
    if footers.is_signed_off_by_joke(last) and (end - 1 == low or not lines[end - 2].strip()):
        return end - 1
    for start_of in (footers.notice_start, footers.disclaimer_start, signatures.start):
        if (start := start_of(lines, low, end)) < end:
            return start
    return end


def _bare_start(lines: list[str], low: int, end: int) -> int:
    while end > low and signatures.is_bare(lines[end - 1]):
        end -= 1
    return end


def _drop_unanswered(lines: list[str], kinds: list[int]) -> None:
    """Mark as history what is quoted, but for short quotations with something written below them.

    The mail that a client quoted whole above its only answer goes, too, however short: nobody chose what of it to answer.
    """
    introduced, own, first = _first(kinds, _HISTORY), _first(kinds, _OWN), kinds.index(_QUOTE)
    at = len(lines) - 1
    while kinds[at] not in (_OWN, _QUOTE):
        at -= 1
    is_answered = is_chosen = False
    while at >= first:
        is_answered = is_answered or kinds[at] == _OWN
        if kinds[at] == _QUOTE:
            low = _quotation_start(kinds, at)
            is_whole = introduced < low < own
            is_chosen = is_chosen or (is_answered and not is_whole)
            if not (is_answered and is_chosen and _is_short(lines[low : at + 1])):
                kinds[low : at + 1] = [_HISTORY] * (at + 1 - low)
            at = low
        at -= 1


def _first(kinds: list[int], kind: int) -> int:
    return kinds.index(kind) if kind in kinds else len(kinds)


def _quotation_start(kinds: list[int], at: int) -> int:
    """Find where the quotation that ends at ``at`` starts, across empty lines."""
    low = at
    while at >= 0 and kinds[at] in (_QUOTE, _EMPTY):
        low = at if kinds[at] == _QUOTE else low
        at -= 1
    return low


def _is_short(quotation: list[str]) -> bool:
    said = [line for line in quotation if line.strip("> \t＞\u3000")]
    return len(said) <= MAX_ANSWERED and sum(map(len, said)) <= _MAX_ANSWERED_LENGTH
