from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework import policy
from casework.case import Assessment, Reason, Severity, Suspicion, Team
from casework.classifier import Model, written
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Message, Source, Turn
from casework.triage import assess
from local.__main__ import main
from local.backtest import command, differences, items, lines, quality
from local.backtest.judging import Judged, judge
from local.backtest.sample import Labels, Sample, Stored
from tests.builders import DRAINED, DRAINED_JA, NOON, POLICY, SECRET, TAX, a_message
from tests.memory_table import MemoryTable

ODD = "Hello, the florbit in my flat was zorbled on Tuesday."
"""Words that no rule and no model has ever heard of."""
RULE = '\n[[rule]]\nid = "tests.zorbled"\ncategory = "extortion"\nweight = 5\nen = ["zorbled"]\n'
SILENT = Model("silent", [], [], [], 1.0, b"\x80")
"""A model without an opinion: rules decide alone."""


@pytest.fixture
def added_phrase(tmp_path: Path) -> Path:
    folder = tmp_path / "added_phrase"
    folder.mkdir()
    (folder / "phrases.toml").write_text(shipped("phrases") + RULE, encoding="utf-8")
    (folder / policy.MODEL).write_bytes(written(SILENT))
    return folder


@pytest.fixture
def raised_threshold(tmp_path: Path) -> Path:
    folder = tmp_path / "raised_threshold"
    folder.mkdir()
    raised = re.sub(r"(?m)^least_urgent_score = \S+", "least_urgent_score = 1.0", shipped("triage"))
    (folder / "triage.toml").write_text(raised, encoding="utf-8")
    return folder


def shipped(name: str) -> str:
    return (policy.SHIPPED / f"{name}.toml").read_text(encoding="utf-8")


def a_file(folder: Path, *documents: object, name: str = "texts.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in documents), encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """What the command says as JSON."""
    assert main(["backtest", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def decided(category: str = "other", severity: Severity = Severity.LOW, team: Team = Team.OPERATIONS, **more: Any) -> Assessment:
    given: dict[str, Any] = {"language": "en", "confidence": 0.9, "escalates": False, "facets": {"loss": "none", "role": "other"}}
    return Assessment(category=category, severity=severity, team=team, **(given | more))


SIM = decided("sim_swap", Severity.HIGH, Team.FRAUD, escalates=True)
LEAK = decided("secret_exposed", Severity.HIGH, Team.TRUST, escalates=True)
NOBODY_KNOWS = decided(abstained=True)


def judged(
    before: Assessment, after: Assessment, *, language: str = "en", labels: Sequence[str] = (), urgent: bool | None = None
) -> Judged:
    message = a_message("What somebody wrote")
    known = Labels(categories=tuple(labels), escalates=urgent)
    return Judged(Sample(place="here:1", message=message, language=language, labels=known), before, after)


# --- the command -----------------------------------------------------------------------------------------------------------


def test_an_added_phrase_gains_a_decision_and_an_escalation_and_names_the_text(
    added_phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = {"text": ODD, "labels": ["extortion"], "escalates": True, "loss": "none", "role": "victim", "lang": "en"}
    found = told(capsys, "--policy", added_phrase, "--over", a_file(tmp_path, labelled))
    assert found["escalations"] | {"by_team": ()} == {
        "before": 0,
        "after": 1,
        "added": 1,
        "dropped": 0,
        "moved": 0,
        "by_team": (),
    }
    assert {"category": "extortion", "language": "en", "before": 0, "after": 1, "gained": 1, "lost": 0} in found["decisions"]
    (change,) = found["changes"]
    assert (change["text"], change["place"], change["kinds"][0]) == (ODD, "texts.jsonl:1", "escalation_added")
    assert (change["before"]["right"], change["after"]["right"]) == (False, True)
    assert "tests.zorbled" in change["after"]["reasons"]
    assert "tests.zorbled" not in change["before"]["reasons"]
    assert found["agreement"][0] == {"measure": "category", "of": 1, "before": 0, "after": 1, "mended": 1, "broken": 0}


def test_a_raised_threshold_drops_escalations(raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = a_file(tmp_path, {"text": DRAINED, "escalates": True}, {"text": DRAINED_JA, "escalates": True}, {"text": TAX})
    found = told(capsys, "--policy", raised_threshold, "--over", file)
    assert (found["escalations"]["before"], found["escalations"]["after"], found["escalations"]["dropped"]) == (2, 0, 2)
    assert {change["language"] for change in found["changes"] if "escalation_dropped" in change["kinds"]} == {"en", "ja"}
    recall = {each["language"]: (each["before"]["recall"], each["after"]["recall"]) for each in found["quality"]}
    assert recall == {"all": (1.0, 0.0), "en": (1.0, 0.0), "ja": (1.0, 0.0)}


def test_people_are_told_what_would_change_and_why(
    added_phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path, {"text": f"{ODD}\x1b[2J {'and so on ' * 40}", "labels": ["extortion"]})
    assert main(["backtest", "--policy", str(added_phrase), "--over", str(file)]) == 0
    said = capsys.readouterr().out
    assert "1 of 1 texts would be decided otherwise" in said
    assert "escalations  0 -> 1: 1 added, 0 dropped" in said
    assert "category     right for 0 -> 1 of 1: 1 wrong -> right, 0 right -> wrong" in said
    assert re.search(r"now +extortion · \w+ · Fraud · escalates · right +because: tests.zorbled", said)
    assert "\x1b" not in said
    assert max(map(len, said.splitlines())) <= 118


def test_a_heading_lists_no_more_texts_than_asked_for(
    raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path, *({"text": f"{DRAINED} ({number})"} for number in range(3)))
    assert main(["backtest", "--policy", str(raised_threshold), "--over", str(file), "--texts", "1"]) == 0
    said = capsys.readouterr().out
    assert "Escalations dropped (3, 1 shown)" in said
    assert said.count("     was  ") == 1


def test_the_policy_in_use_against_itself_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    itself = tmp_path / "itself"
    itself.mkdir()
    (itself / "ladder.toml").write_bytes((policy.SHIPPED / "ladder.toml").read_bytes())
    assert main(["backtest", "--policy", str(itself), "--over", str(a_file(tmp_path, {"text": DRAINED}))]) == 0
    said = capsys.readouterr().out
    assert "The candidate is the policy in use." in said
    assert "Nothing would change" in said


def test_a_change_that_no_single_text_can_show_is_not_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slower = re.sub(r"max_rung = \d+", "max_rung = 33", shipped("ladder"))
    assert slower != shipped("ladder")
    (tmp_path / "ladder.toml").write_text(slower, encoding="utf-8")
    assert main(["backtest", "--policy", str(tmp_path), "--over", str(a_file(tmp_path, {"text": TAX}))]) == 0
    assert "Its ladders differ, too" in capsys.readouterr().out


def test_a_model_alone_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = tmp_path / "silent.bin"
    weights.write_bytes(written(SILENT))
    found = told(capsys, "--model", weights, "--over", a_file(tmp_path, {"text": DRAINED}))
    assert found["versions"]["candidate"]["model"] == "silent"
    assert found["versions"]["candidate"]["policy"] == found["versions"]["current"]["policy"]


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("phrases.toml", RULE.replace("5", "500"), "tests.zorbled.weight: expected a number"),
        ("triage.toml", "", "triage.toml: "),
        ("ladder.toml", "[", "ladder.toml: (file): expected TOML"),
        (policy.MODEL, "no weights", "model.bin: (file): expected weights"),
    ],
)
def test_a_broken_candidate_is_one_sentence_that_names_file_and_key(
    file: str, content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shipped("phrases") if file == "phrases.toml" else ""
    (tmp_path / file).write_text(before + content, encoding="utf-8")
    assert main(["backtest", "--policy", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert file in said
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Say what to try"),
        (["--policy", "nowhere"], "nowhere"),
        (["--model", "nowhere.bin"], "nowhere.bin"),
        (["--model", __file__], "expected weights"),
        (["--policy", str(policy.SHIPPED), "--over", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--policy", str(policy.SHIPPED), "--over", __file__], "not JSON"),
        (["--policy", str(policy.SHIPPED), "--table", "cases", "--endpoint", "nowhere"], "cases"),
    ],
)
def test_what_cannot_be_tried_is_one_sentence_with_status_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert main(["backtest", *arguments]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


# --- labelled lines --------------------------------------------------------------------------------------------------------


def test_a_bad_line_is_named_and_the_others_are_judged(
    raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mixed.en.jsonl"
    bad = (b'{"text": ""}', b"[1]", b"\xff", b"{", b'{"text": "x", "labels": ["no_such"]}', b'{"text": "x", "escalates": 1}')
    worse = (
        b'{"text": "x", "loss": "much"}',
        b'{"text": "\\ud800"}',
        b"[" * 100_000,
        b'{"text": "x", "lang": "fr"}',
        b'{"pk": 1, "sk": 2}',
    )
    file.write_bytes(b"\n".join((*bad, *worse, b"", json.dumps({"text": DRAINED}).encode())))
    found = told(capsys, "--policy", raised_threshold, "--over", file)
    assert [each["place"] for each in found["input"]["skipped"]] == [f"mixed.en.jsonl:{line}" for line in range(1, 12)]
    assert (found["input"]["texts"], found["changes"][0]["place"]) == (1, "mixed.en.jsonl:13")
    whys = {each["place"].rpartition(":")[2]: each["why"] for each in found["input"]["skipped"]}
    assert whys["3"] == "not UTF-8"
    assert whys["5"] == 'labels: expected a list of categories of the taxonomy, not ["no_such"]'


def test_a_secret_in_a_labelled_file_is_never_shown(tmp_path: Path) -> None:
    key = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn"
    (sample,) = lines.read(a_file(tmp_path, {"text": f"My private key is {key}, is my wallet safe?"}), POLICY.categories).samples
    assert key not in sample.text
    assert [secret.kind for secret in sample.secrets] == ["private_key"]


def test_a_placeholder_stands_for_the_secret_that_was_there(tmp_path: Path) -> None:
    (sample,) = lines.read(a_file(tmp_path, {"text": "I sent them [seed phrase 1] yesterday"}), POLICY.categories).samples
    assert [(secret.kind, secret.placeholder) for secret in sample.secrets] == [("seed_phrase", "[seed phrase 1]")]


def test_the_language_is_the_lines_or_the_files_or_the_one_found(tmp_path: Path) -> None:
    file = a_file(tmp_path, {"text": "ETH", "lang": "en"}, {"text": "ETH"}, name="short.ja.jsonl")
    unsaid = a_file(tmp_path, {"text": DRAINED_JA})
    read = [*lines.read(file, POLICY.categories).samples, *lines.read(unsaid, POLICY.categories).samples]
    assert [each.language for each in judge(read, POLICY, POLICY)] == ["en", "ja", "ja"]


# --- stored cases ----------------------------------------------------------------------------------------------------------


def stored(*messages: Message, shadow: policy.Policy | None = None) -> list[dict[str, Any]]:
    """What a desk leaves in the table."""
    table = MemoryTable()
    desk = Desk(table, POLICY, Pseudonyms(SECRET), shadow=shadow)
    for message in messages:
        desk.receive(message)
    return list(table.items.values())


def a_message_item(message: Message) -> dict[str, Any]:
    (item,) = (row for row in stored(message) if row["kind"] == "message")
    return item


def as_read(item: dict[str, Any]) -> Stored:
    sample = items.sample(item, "")
    assert sample
    assert sample.stored
    return sample.stored


def a_call(*said: tuple[str, str]) -> Message:
    turns = tuple(Turn(role, text, at * 1000, at * 1000 + 900) for at, (role, text) in enumerate(said))
    text = "\n".join(turn.text for turn in turns if turn.role == "customer")
    return Message(source=Source(Channel.VOICE, "call", "0" * 64), received_at=NOON, text=text, turns=turns)


MESSAGES = (
    a_message(DRAINED, subject="Help"),
    a_message(DRAINED_JA),
    a_message("Someone asked for my recovery phrase: abandon " + "abandon " * 10 + "about. I gave it to them."),
    a_message("¿Dónde está mi dinero? No puedo entrar en la cuenta y el retiro que pedí no llega."),
    a_call(("agent", "How can I help?"), ("customer", DRAINED), ("agent", "One moment."), ("customer", TAX)),
)


@pytest.mark.parametrize("message", MESSAGES, ids=["mail", "japanese", "secret", "foreign", "call"])
def test_a_stored_message_is_judged_as_it_was_when_it_came_in(message: Message, tmp_path: Path) -> None:
    read = lines.read(a_file(tmp_path, *stored(message)), POLICY.categories)
    (each,) = judge(read.samples, POLICY, POLICY)
    assert each.sample.stored
    assert each.sample.stored.assessment == each.before
    assert (read.skipped, read.others > 0) == ([], True)


def test_where_the_stored_decision_is_another_than_todays_is_said(
    raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = stored(*MESSAGES[:2])
    (first, _) = (row for row in rows if row["kind"] == "message")
    first["assessment"] |= {
        "category": "deposit",
        "severity": "normal",
        "team": "operations",
        "escalates": False,
        "policy_version": "old",
    }
    file = a_file(tmp_path, *rows)
    found = told(capsys, "--policy", raised_threshold, "--over", file)["stored"]
    assert (found["messages"], found["by_this_policy"], found["differ"], found["differ_by_this_policy"]) == (2, 1, 1, 0)
    assert (found["changes"][0]["before"]["category"], found["changes"][0]["kinds"][0]) == ("deposit", "escalation_added")
    assert main(["backtest", "--policy", str(raised_threshold), "--over", str(file)]) == 0
    said = capsys.readouterr().out
    assert "1 of 2 stored decisions are not what the policy in use decides today" in said
    assert re.search(r"then +deposit · normal · Operations", said)


def test_what_the_candidate_decided_in_the_shadow_is_compared_with_what_it_decides_now(
    raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = stored(*MESSAGES[:2], shadow=policy.candidate(raised_threshold))
    found = told(capsys, "--policy", raised_threshold, "--over", a_file(tmp_path, *rows))["stored"]
    assert (found["shadowed_by_this_candidate"], found["shadowed_otherwise"]) == (2, 0)


def test_a_choice_that_was_not_stored_is_counted() -> None:
    item = a_message_item(replace(a_message(TAX), category_hint="fees_and_tax"))
    item["assessment"]["reasons"] = [{"rule": items.CHOSEN, "start": 0, "end": 0, "weight": 1}]
    assert as_read({name: value for name, value in item.items() if name != "category_hint"}).choice_lost
    assert not as_read(item | {"category_hint": "fees_and_tax"}).choice_lost


def test_a_choice_that_was_stored_counts_again() -> None:
    chosen = replace(a_message(TAX), category_hint="fees_and_tax")
    sample = items.sample(a_message_item(chosen) | {"category_hint": "fees_and_tax"}, "")
    assert sample
    assert assess(sample.message, sample.secrets, POLICY) == assess(chosen, (), POLICY)


def test_a_suspicion_is_read_back_as_it_was_stored() -> None:
    item = a_message_item(a_message(TAX))
    item["assessment"] |= {"escalates": True, "suspicion": {"category": "sim_swap", "team": "fraud", "severity": "high"}}
    found = as_read(item).assessment
    assert found.suspicion == Suspicion("sim_swap", Team.FRAUD, Severity.HIGH)
    assert found.told == (Team.FRAUD, Severity.HIGH)


def test_what_a_second_reader_settled_is_counted() -> None:
    item = a_message_item(a_message(TAX))
    item["assessment"]["reasons"] = [{"rule": "second_reader", "start": 0, "end": 3, "weight": 0}]
    found = as_read(item)
    assert found.reread
    assert found.assessment.reasons == (Reason("second_reader", 0, 3, 0.0),)


def test_an_export_of_the_table_is_read_like_a_dump(tmp_path: Path) -> None:
    from casework.aws.table import to_wire

    plain = stored(a_message(DRAINED))
    wire = json.loads(json.dumps([{"Item": to_wire(item)} for item in plain]))
    one, other = (lines.read(a_file(tmp_path, *rows), POLICY.categories) for rows in (plain, wire))
    assert one.samples == other.samples
    assert one.others == other.others


@pytest.mark.parametrize(
    "damage",
    [
        {"assessment": None},
        {"text": 5},
        {"channel": "fax"},
        {"received_at": "noon"},
        {"secrets": [{}]},
        {"turns": ["x"]},
        {"category_hint": []},
    ],
)
def test_a_damaged_item_is_named(damage: dict[str, object], tmp_path: Path) -> None:
    item = a_message_item(a_message(DRAINED))
    read = lines.read(a_file(tmp_path, item | damage, item), POLICY.categories)
    assert len(read.samples) == 1
    assert [each.place for each in read.skipped] == ["texts.jsonl:1"]


# --- counting --------------------------------------------------------------------------------------------------------------


def test_many_texts_are_judged_on_every_core_in_their_order(raised_threshold: Path) -> None:
    samples = [Sample(place=str(at), message=a_message(f"{DRAINED if at % 2 else TAX} {at}")) for at in range(205)]
    candidate = policy.candidate(raised_threshold)
    assert judge(samples, POLICY, candidate, few=1) == judge(samples, POLICY, candidate)


def test_every_text_is_in_one_row_before_and_in_one_after() -> None:
    found = differences.decisions([judged(SIM, SIM), judged(SIM, LEAK), judged(NOBODY_KNOWS, SIM, language="ja")])
    rows = {key: (tally.before, tally.after, tally.gained, tally.lost) for key, tally in found.items()}
    assert rows == {
        ("sim_swap", "en"): (2, 1, 0, 1),
        ("secret_exposed", "en"): (0, 1, 1, 0),
        (differences.ABSTAINED, "ja"): (1, 0, 0, 1),
        ("sim_swap", "ja"): (0, 1, 1, 0),
    }


def test_a_team_that_hears_of_it_with_another_severity_neither_gains_nor_loses_it() -> None:
    worse = replace(SIM, severity=Severity.CRITICAL)
    rows = differences.escalations([judged(SIM, worse), judged(SIM, LEAK), judged(NOBODY_KNOWS, LEAK)])
    assert {key: (tally.before, tally.after, tally.gained, tally.lost) for key, tally in rows.items()} == {
        ("fraud", "high"): (2, 0, 0, 1),
        ("fraud", "critical"): (0, 1, 0, 0),
        ("trust", "high"): (0, 2, 2, 0),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (SIM, SIM, ()),
        (SIM, NOBODY_KNOWS, ("escalation_dropped", "severity_lowered", "abstains_now")),
        (NOBODY_KNOWS, SIM, ("escalation_added", "severity_raised", "decides_now")),
        (SIM, LEAK, ("escalation_moved", "category_changed")),
        (SIM, replace(SIM, severity=Severity.CRITICAL), ("severity_raised",)),
        (NOBODY_KNOWS, replace(NOBODY_KNOWS, team=Team.IDENTITY), ("owner_changed",)),
    ],
)
def test_a_change_is_named_the_gravest_first(before: Assessment, after: Assessment, expected: tuple[str, ...]) -> None:
    assert differences.kinds(before, after) == expected


def test_precision_and_recall_count_an_acceptable_category_as_the_best() -> None:
    texts = [
        judged(SIM, SIM, labels=["account_takeover", "sim_swap"], urgent=True),
        judged(SIM, LEAK, labels=["secret_exposed"], urgent=True),
        judged(NOBODY_KNOWS, SIM, labels=["sim_swap"], urgent=False),
    ]
    found = {each.measure: each for each in quality.qualities(texts) if each.language == quality.ALL}
    escalated = found[quality.ESCALATIONS]
    assert (escalated.of, escalated.before, escalated.after.precision) == (2, quality.Figures(1.0, 1.0, 1.0), 0.6667)
    assert found["sim_swap"].before == quality.Figures(0.0, 0.0, 0.0)
    assert found["sim_swap"].after == quality.Figures(1.0, 1.0, 1.0)
    assert found["account_takeover"].before.recall == 1.0


def test_without_labels_nothing_is_measured() -> None:
    assert list(quality.qualities([judged(SIM, LEAK)])) == []
    assert list(quality.agreements([judged(SIM, LEAK)])) == []


def test_the_default_is_what_training_never_saw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from local.training.examples import load

    few = [each for each in load(POLICY) if each.held_out][:5]
    known = next(each for each in load(POLICY) if not each.held_out)
    fields = ("text", "lang", "labels", "escalates", "loss", "role")
    a_file(tmp_path, *({name: getattr(each, name) for name in fields} for each in (known, *few)))
    monkeypatch.setattr(lines, "SHIPPED", tmp_path)
    read = lines.held_out(POLICY)
    assert [sample.place for sample in read.samples] == [f"texts.jsonl:{line}" for line in range(2, 7)]
    assert [sample.labels.categories for sample in read.samples] == [each.labels for each in few]


def test_texts_that_training_learns_from_are_no_measure_and_it_is_said(
    raised_threshold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from local.training.examples import load

    known = next(each for each in load(POLICY) if not each.held_out)
    file = a_file(tmp_path, {"text": known.text}, {"text": ODD})
    assert main(["backtest", "--policy", str(raised_threshold), "--over", str(file)]) == 0
    assert "1 of them are examples that training learns from" in capsys.readouterr().out


def test_an_answer_is_the_same_every_time(added_phrase: Path, tmp_path: Path) -> None:
    question = command.Question(policy=added_phrase, over=a_file(tmp_path, {"text": ODD}, {"text": DRAINED}))
    assert command.answer(question).document() == command.answer(question).document()
