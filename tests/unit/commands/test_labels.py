"""What analysts corrected, as labelled data; and how often they had to."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from casework.aws.table import to_wire
from local import labels
from local.training import examples
from tests.builders import DRAINED, POLICY, TAX, a_message, minutes
from tests.unit.commands.office import Office, an_office

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture
def office() -> Office:
    return an_office()


def exported(office: Office) -> list[dict[str, object]]:
    return list(labels.examples(labels.records(office.table.items.values())))


def test_a_correction_is_the_label_of_the_messages_it_corrects(office: Office) -> None:
    receipt = office.hears(a_message(TAX, subject="My report", thread="<first@example.jp>"))
    office.hears(a_message("Thank you!", references=("<first@example.jp>",), at=minutes(5)))
    office.told("reclassify", case=receipt.case_id, category="account_takeover")
    (example,) = exported(office)
    assert (example["id"], example["labels"], example["escalates"]) == (receipt.message_id, ["account_takeover"], True)
    assert (example["text"], example["lang"]) == (f"My report\n{TAX}", "en")


def test_what_nobody_corrected_is_no_label(office: Office) -> None:
    office.hears(a_message(TAX))
    assert exported(office) == []


def test_the_last_of_several_corrections_counts(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="deposit", at=60)
    office.told("reclassify", case=receipt.case_id, category="trading", at=61)
    assert [example["labels"] for example in exported(office)] == [["trading"]]


def test_a_message_that_came_after_the_correction_was_not_seen_by_it(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="deposit", at=60)
    office.hears(a_message(TAX, name="again", at=minutes(70)))
    assert [example["id"] for example in exported(office)] == [receipt.message_id]


def test_training_reads_what_was_exported(office: Office, tmp_path: Path) -> None:
    receipt = office.hears(a_message(DRAINED + f" My words are {PHRASE}"))
    office.told("reclassify", case=receipt.case_id, category="account_takeover", severity="critical")
    lines = [json.dumps(example) for example in exported(office)]
    (tmp_path / "corrections.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (example,) = examples.load(POLICY, tmp_path)
    assert example.labels == ("account_takeover",)
    assert "sausage" not in example.text


def test_the_wrong_merge_rate_is_un_merges_over_merges(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one"))
    other = office.hears(a_message("When is my card delivered?", name="other", at=minutes(5)))
    third = office.hears(a_message("Do you list the coin ABC?", name="third", at=minutes(6)))
    office.told("merge", case=other.case_id, into=one.case_id)
    office.told("merge", case=third.case_id, into=one.case_id)
    office.told("unmerge", case=other.case_id, at=61)
    office.told("reclassify", case=other.case_id, category="withdrawal", at=62)
    found = labels.records(office.table.items.values())
    assert list(labels.rates(found).sentences()) == [
        "correction rate: 0.3333 (1 / 3) (cases corrected / cases)",
        "wrong-merge rate: 0.5000 (1 / 2) (un-merges / merges)",
        "wrong-join rate: none (0 / 0) (split off / joined by what they say)",
    ]
    said = {(pair["one"], pair["other"]): pair["one_matter"] for pair in labels.pairs(found)}
    assert said == {(one.message_id, other.message_id): False, (one.message_id, third.message_id): True}


def test_what_the_desk_joined_and_a_person_split_off_was_joined_wrongly(office: Office) -> None:
    first = office.hears(a_message(DRAINED, name="one"))
    again = office.hears(a_message(f"{DRAINED} Hello?", name="two", at=minutes(5)))
    office.hears(a_message(f"{DRAINED} Anybody?", name="three", at=minutes(6)))
    office.told("split", case=first.case_id, messages=[again.message_id])
    found = labels.records(office.table.items.values())
    assert "wrong-join rate: 0.5000 (1 / 2) (split off / joined by what they say)" in labels.rates(found).sentences()


def test_no_merges_have_no_rate(office: Office) -> None:
    assert "wrong-merge rate: none (0 / 0) (un-merges / merges)" in labels.rates(labels.records([])).sentences()


@pytest.mark.parametrize("wire", [False, True])
def test_items_come_as_lines_of_either_form(
    office: Office, wire: bool, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="deposit")
    items = [{"Item": to_wire(item)} if wire else item for item in office.table.items.values()]
    given = io.StringIO("\n".join(json.dumps(item) for item in items) + "\n\n")
    assert labels.run(None, tmp_path / "pairs.jsonl", given) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["labels"] == ["deposit"]
    assert "correction rate: 1.0000 (1 / 1)" in printed.err
    assert (tmp_path / "pairs.jsonl").read_text(encoding="utf-8") == ""
