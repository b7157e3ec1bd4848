"""A backtest reads the stored messages of a case table, its cases and commands, page by page, and nothing else of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casework.aws.table import DynamoTable, to_wire
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.policy import SHIPPED
from local.__main__ import main
from local.backtest import items
from tests.builders import DRAINED, POLICY, SECRET, a_message, minutes
from tests.engines import CREDENTIALS, a_table


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", CREDENTIALS["region_name"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CREDENTIALS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CREDENTIALS["aws_secret_access_key"])
    with a_table("moto") as (client, name):
        desk = Desk(DynamoTable(client, name), POLICY, Pseudonyms(SECRET))
        for count in range(3):
            desk.receive(a_message(f"{DRAINED} {count}", at=minutes(count)))
        for count in range(4):
            client.put_item(TableName=name, Item=to_wire({"pk": f"{count}", "sk": "x", "kind": "other", "text": "x" * 350_000}))
        yield client, name


def test_every_message_is_read_over_several_pages(table: tuple[Any, str]) -> None:
    client, name = table
    assert "LastEvaluatedKey" in client.scan(TableName=name), "too little to make a second page"
    read = items.scanned(name)
    assert len({sample.place for sample in read.samples}) == 3
    assert (read.skipped, read.others) == ([], 0)
    assert all(sample.stored and sample.stored.assessment.policy_version == POLICY.version for sample in read.samples)


def test_a_table_is_named_on_the_command_line(table: tuple[Any, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ladder.toml").write_bytes((SHIPPED / "ladder.toml").read_bytes())
    assert main(["backtest", "--policy", str(tmp_path), "--table", table[1], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["stored"]["messages"], told["stored"]["differ"], told["changes"]) == (3, 0, [])


def test_a_table_that_is_not_there_is_one_sentence(
    table: tuple[Any, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ladder.toml").write_bytes((SHIPPED / "ladder.toml").read_bytes())
    assert main(["backtest", "--policy", str(tmp_path), "--table", f"{table[1]}-gone"]) == 2
    said = capsys.readouterr().err
    assert "cannot be read" in said
    assert said.count("\n") == 1
