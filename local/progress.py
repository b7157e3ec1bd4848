"""How far something slow has come, on standard error, so that standard output stays clean for what reads it."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import IO, Self

SHOWN_EVERY = 0.1
"""Seconds between two updates of the line on a terminal."""
TOLD_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    """One line that is written over on a terminal, and a line now and then elsewhere."""

    def __init__(self, doing: str, total: int, stream: IO[str] | None = None) -> None:
        self._doing, self._total, self._done = doing, total, 0
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._started = time.monotonic()
        self._shown = self._started - (SHOWN_EVERY if self._terminal else 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line off the terminal, so that something else can be printed."""
        if self._terminal:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def begin(self, what: str) -> None:
        """Say what is being worked on now."""
        now = time.monotonic()
        if now - self._shown >= (SHOWN_EVERY if self._terminal else TOLD_EVERY):
            self._shown = now
            self._write(f"{self._doing}: {self._done} of {self._total}, {now - self._started:.0f} s, {what}")

    def done(self) -> None:
        """Count one as done."""
        self._done += 1

    def _write(self, line: str) -> None:
        plain = "".join(each if each.isprintable() else "?" for each in line)[:100]
        self._stream.write(f"\r\x1b[2K{plain}" if self._terminal else f"{plain}\n")
        self._stream.flush()
