from __future__ import annotations

import io

import pytest

from local import progress
from local.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_goes_away() -> None:
    stream = Terminal()
    with Progress("handing in", 3, stream) as shown:
        shown.begin("a.eml")
    assert "handing in: 0 of 3" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_a_log_is_told_now_and_then_and_in_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    with Progress("handing in", 3, stream) as shown:
        shown.begin("a.eml")
        assert stream.getvalue() == ""
        monkeypatch.setattr(progress, "TOLD_EVERY", 0.0)
        shown.done()
        shown.begin("b.eml")
    assert stream.getvalue().startswith("handing in: 1 of 3")
    assert "\x1b" not in stream.getvalue()


def test_a_files_name_cannot_command_the_terminal() -> None:
    stream = Terminal()
    with Progress("handing in", 1, stream) as shown:
        shown.begin("\x1b[2Jx\x07.eml")
    assert "\x1b[2J" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()
