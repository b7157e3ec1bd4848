from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, cast

import pytest

from local.__main__ import main
from local.arrival import Arrival
from local.demo import StoryBroken, Storyteller
from local.display import Display
from local.intake import Intake
from local.scenes import Turn, scenes


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert all(command in told for command in ("demo", "run", "ingest", "evaluate"))


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "--port", "70000"], ["run", "--port", "http"], ["ingest"]])
def test_what_makes_no_sense_is_said_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "error" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["ingest", "nowhere.eml"], ["evaluate", "nowhere"]])
def test_what_is_not_there_is_one_sentence_with_status_2(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("option", ["--port", "--smtp-port"])
def test_a_taken_port_is_one_sentence_with_status_2(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": "0", "--smtp-port": "0"} | {option: port}
        assert main(["run", "--inbox", str(tmp_path), *(word for pair in ports.items() for word in pair)]) == 2
    assert capsys.readouterr().err == f"Port {port} on 127.0.0.1 is taken; choose another with {option}.\n"


def test_a_story_that_does_not_come_true_says_what_was_missing() -> None:
    teller = Storyteller(cast("Intake", None), Display())
    first = scenes()[0]
    teller.arrivals[first.name] = Arrival(file="x", channel="email", outcome="opened")
    with pytest.raises(StoryBroken, match=f"{first.name} raised no escalation"):
        teller.play(Turn(says="", at=first.at, climbs=first.name))


def test_an_interrupted_command_ends_as_the_shell_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("local.evaluate.run", interrupted)
    assert main(["evaluate", "."]) == 130
