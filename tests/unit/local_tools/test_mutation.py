from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from functions.email import mime
from local import mutation
from local.__main__ import main
from local.evaluation import mails
from tests.unit.email_door.mails import a_file, a_mail, a_multipart, a_text

MAILS = [a_mail("Where is my withdrawal?"), a_multipart(a_text("See the file"), a_file(b"%PDF-1.7")), a_mail("出金できません")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at, raw in enumerate(MAILS):
        (tmp_path / f"{at}.eml").write_bytes(raw)
    return tmp_path


def test_a_number_makes_the_same_mutant_again() -> None:
    assert [mutation.mutant(MAILS, number) for number in range(50)] == [mutation.mutant(MAILS, number) for number in range(50)]
    assert len({mutation.mutant(MAILS, number) for number in range(50)}) > 40


@pytest.mark.parametrize("damage", mutation.MUTATIONS, ids=lambda damage: damage.__name__)
def test_every_kind_of_damage_is_done_to_any_mail(damage: mutation.Mutation) -> None:
    for raw in (*MAILS, b"", b"x"):
        for seed in range(20):
            assert isinstance(damage(raw, MAILS[0], random.Random(seed)), bytes)


def test_mutants_are_read_or_refused_and_counted() -> None:
    found = mutation.tried(MAILS, range(200))
    assert (found.outcomes.total(), found.exceptions, found.compared) == (200, [], 20)


def test_what_escapes_is_told_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_raw: bytes, **_given: object) -> None:
        raise RuntimeError("lost")

    monkeypatch.setattr(mime, "read", broken)
    found = mutation.tried(MAILS, range(7, 8))
    assert found.exceptions == ["7: RuntimeError: lost"]
    (first, *_) = mutation.rows(found)
    assert (first.value, first.note) == (0.0, "7: RuntimeError: lost")


def test_a_mutant_can_be_replayed(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["mutate", str(folder), "--replay", "3"]) == 0
    assert capfdbinary.readouterr().out == mutation.mutant(MAILS, 3)


def test_a_folder_of_mails_is_damaged_on_every_core(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mutate", str(folder), "--count", "30", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told[0]["measure"], told[0]["got"], told[0]["of"]) == ("mutants without an exception", 30, 30)


@pytest.mark.parametrize("command", [["mutate", "nowhere"], ["benchmark", "mail", "nowhere"]])
def test_a_folder_that_is_not_there_is_said_with_status_2(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    assert "nowhere" in capsys.readouterr().err


def test_every_mail_of_a_folder_is_read_and_what_is_lost_is_counted(folder: Path) -> None:
    (folder / "lost.eml").write_bytes(a_mail("出金".encode()[:-1], Content_Type="text/plain; charset=utf-8"))
    (folder / "empty.eml").write_bytes(b"")
    rows = {row.measure: row.got for row in mails.every("mail", folder)}
    assert rows == {"exceptions over every mail": 0, "mails refused as unreadable": 1, "mails with a lost character": 1}
