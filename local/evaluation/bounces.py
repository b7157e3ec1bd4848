"""Bounces, and what looks like them. Kind ``mail/bounces``: ``bounce/`` is held back, ``not/`` is let through.

Among what comes back there are complaints and absence notes; they are held back too, under names of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from casework.case import Outcome
from local.evaluation.mails import Sorted, accounted, mails_in, sort_mails
from local.evaluation.row import Row, absent, most_common, share

NAMES = ("bounce", "feedback_report", "out_of_office", "read_receipt", "mail_loop", "auto_reply")
"""What a machine's mail may be, the most telling first."""
Measure = Callable[[str, list[Sorted], int], Iterator[Row]]


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Measure how many were held back and recognised, and of the look-alikes how many were not."""
    yield from _part(f"{kind}/bounce", folder / "bounce", _returned)
    yield from _part(f"{kind}/not", folder / "not", _let_through)


def _part(kind: str, folder: Path, measure: Measure) -> Iterator[Row]:
    files = mails_in(folder)
    if not files:
        yield absent(kind, "no mails")
        return
    done, wrong = sort_mails(files)
    yield from accounted(kind, files, done, wrong)
    yield from measure(kind, done, len(files))


def _returned(kind: str, done: list[Sorted], count: int) -> Iterator[Row]:
    named = Counter(map(_name, done))
    yield share(kind, "held back", sum(map(_is_held, done)), count)
    yield share(kind, "bounces recognised", named["bounce"], count, most_common(named))


def _let_through(kind: str, done: list[Sorted], count: int) -> Iterator[Row]:
    yield share(kind, "look-alikes let through", sum(not _is_held(each) and not _name(each) for each in done), count)


def _name(each: Sorted) -> str:
    signals = each.message.signals if each.message else ()
    return next((name for name in NAMES if name in signals), "")


def _is_held(each: Sorted) -> bool:
    return each.receipt.outcome is Outcome.QUARANTINED
