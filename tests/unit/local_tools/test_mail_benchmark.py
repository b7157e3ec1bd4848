from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.email import mime
from local.benchmarks import mail, memory


@pytest.mark.parametrize("name", mail.samples())
def test_every_sample_is_read_whole_by_both_sides(name: str) -> None:
    raw = mail.samples()[name]
    message = mime.read(raw, received_at=datetime(2026, 5, 3, tzinfo=UTC))
    word = "出金" if "JA" in name else "withdraw"
    assert word in message.text
    assert word in str(mail.theirs(raw))
    assert not any(decoding.replaced for decoding in message.decodings)


def test_both_sides_are_timed() -> None:
    assert min(mail.compared(mail.samples()["plain EN"], rounds=3, warm=0)) > 0


@pytest.mark.parametrize("name", memory.MAILS)
def test_every_large_mail_is_about_as_large_as_asked(name: str) -> None:
    assert len(memory.MAILS[name](100_000)) == pytest.approx(100_000, rel=0.1)


def test_memory_is_measured_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAILS", {"plain text": memory.MAILS["plain text"]})
    (row,) = memory.rows(50_000)
    assert row.value is not None
    assert row.value > 1
