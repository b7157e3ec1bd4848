"""The evaluation of what is one matter, on small collections of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.evaluation import reports, sentence_pairs, threads_headerless, two_languages
from local.evaluation.row import Row

FIRST = "Our printer on the second floor prints every page twice since the new cartridge was put in last week."
HEAD = "From: {sender}\nTo: list@example.jp\nSubject: {subject}\nDate: Mon, 05 Jan 2026 {hour}:00:00 +0000\n"
MAIL = HEAD + "Message-ID: <{name}@x.example>\n"


def found(rows: list[Row]) -> dict[str, float | None]:
    return {f"{row.kind.partition('(')[2]}{row.measure}": row.value for row in rows}


def a_mail(folder: Path, name: str, hour: str, subject: str, body: str, answers: str = "") -> str:
    head = MAIL.format(sender=f"{name}@example.jp", subject=subject, hour=hour, name=name)
    reference = f"In-Reply-To: <{answers}@x.example>\n" if answers else ""
    (folder / f"{name}.txt").write_text(f"{head}{reference}\n{body}\n", encoding="utf-8")
    return f"{name}.txt"


def test_conversations_are_measured_with_and_without_their_headers(tmp_path: Path) -> None:
    one = a_mail(tmp_path, "one", "08", "Printer", FIRST)
    two = a_mail(tmp_path, "two", "09", "Re: Printer", f"Turn it off and on.\n\n> {FIRST}", answers="one")
    other = a_mail(tmp_path, "other", "10", "Lunch", "Who comes along to the noodle place at noon on Friday?")
    unheard = a_mail(tmp_path, "unheard", "11", "Other words", "I do.", answers="other")
    (tmp_path / "threads.json").write_text(json.dumps([[one, two], [other, unheard]]), encoding="utf-8")
    rows = found(list(threads_headerless.rows("mail/threads", tmp_path)))
    assert [value for name, value in rows.items() if name.startswith("with headers")] == [1.0, 1.0]
    assert [value for name, value in rows.items() if name.startswith("without headers")] == [1.0, 0.5]


def test_reports_are_joined_in_the_order_they_arrived(tmp_path: Path) -> None:
    place = tmp_path / "printers"
    place.mkdir()
    lines = ["Summary,Issue id,Created,Description"]
    lines += [
        f"Printer prints twice,2,2026-01-06 08:00:00+00:00,{FIRST}",
        f"Printer prints twice,1,2026-01-05 08:00:00+00:00,{FIRST}",
    ]
    lines += ["Door creaks,3,2026-01-07 08:00:00+00:00,Somebody should oil the door of the kitchen"]
    (place / "reports.csv").write_text("\n".join(lines), encoding="utf-8")
    (place / "duplicates.csv").write_text('Issue id,Duplicate id\n2,"1, 99"\n', encoding="utf-8")
    rows = list(reports.rows("duplicates/reports", tmp_path))
    assert [(row.got, row.of) for row in rows] == [(0, 3), (1, 1), (1, 1)]


def test_sentences_that_people_find_alike_are_found_alike(tmp_path: Path) -> None:
    pairs = [
        ("犬が庭を走る", "犬が庭を走っている", 4.6),
        ("犬が庭を走る", "猫が庭にいる", 2.0),
        ("犬が庭を走る", "駅前の時計台", 0.0),
    ]
    lines = [json.dumps({"sentence1": one, "sentence2": other, "label": label}) for one, other, label in pairs]
    (tmp_path / "some.json").write_text("\n".join(lines), encoding="utf-8")
    assert [row.value for row in sentence_pairs.rows("duplicates/sentence_pairs", tmp_path)] == [1.0, 1.0]


def test_equal_values_share_their_rank() -> None:
    assert sentence_pairs.ranks([5.0, 1.0, 5.0, 9.0]) == [2.5, 1.0, 2.5, 4.0]
    assert sentence_pairs.area([0.1, 0.2], [True, True]) == 0.5
    assert sentence_pairs.correlation([1.0, 1.0], [1.0, 2.0]) == 0.0


@pytest.mark.parametrize(("shared", "first"), [("8841", 1.0), ("", 0.2)])
def test_a_call_in_the_other_language_is_found_by_what_both_name(tmp_path: Path, shared: str, first: float) -> None:
    calls = [
        {
            "id": f"c{place}",
            "conversation": [
                {"en_sentence": f"It is {shared}{place * bool(shared)}", "ja_sentence": f"{shared}{place * bool(shared)}です"}
            ],
        }
        for place in range(two_languages.CASES)
    ]
    (tmp_path / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    assert next(iter(two_languages.rows("voice/dialogues_ja_en", tmp_path))).value == first
