"""What the evaluation says of campaigns: pairs found together, beside pairs that belong together."""

from __future__ import annotations

import json
from pathlib import Path

from local.evaluation import campaigns

SCRIPT = "This is the fraud desk of your bank, somebody has just bought a phone in your name, press one to speak to an agent {}"
OTHER = "You have been chosen for a free stay in one of our hotels because of your excellent record, press two to hear more"
MAIL = "From: {0} <{0}@example.com>\nSubject: {1}\nMessage-ID: <{0}@example.com>\n\n{2}\n"
LURE = "Your wallet was locked because somebody signed in from a new device. Confirm your recovery phrase today to unlock it."


def values(rows: object) -> dict[str, float | None]:
    return {row.measure: row.value for row in rows}  # type: ignore[attr-defined]


def test_calls_with_one_script_are_found_together(tmp_path: Path) -> None:
    said = [(SCRIPT.format("now"), 1), (SCRIPT.format("today"), 1), (OTHER, 2), ("", 2), (OTHER + " about it", None)]
    lines = [json.dumps({"id": n, "lang": "en", "transcript": text, "campaign": group}) for n, (text, group) in enumerate(said)]
    (tmp_path / "campaigns.jsonl").write_text("\n".join(lines))
    found = values(campaigns.scam_calls("voice/scam_calls", tmp_path))
    assert found["pairs of one campaign found together (recall)"] == 1.0
    assert found["messages in a campaign"] == 1.0


def test_mails_with_one_body_are_found_together_and_ordinary_ones_are_not(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    bodies = {
        "a": LURE,
        "b": f"{LURE} 77",
        "c": "Where do I find my tax report for last year? The button that you describe is not there.",
    }
    for name, body in bodies.items():
        (tmp_path / "email" / f"{name}.eml").write_text(MAIL.format(name, "Hello", body))
    silver = {"a": "one", "b": "one", "c": None}
    lines = [json.dumps({"file": f"email/{name}.eml", "silver_campaign": group}) for name, group in silver.items()]
    (tmp_path / "index.jsonl").write_text("\n".join(lines))
    found = values(campaigns.phishing("mail/phishing", tmp_path))
    assert (found["campaign pairs, F1"], found["messages in a campaign"]) == (1.0, round(2 / 3, 4))
    (row,) = campaigns.threads("mail/threads", tmp_path)
    assert row.got == 2, "two strangers with one text are a campaign, whatever the folder is called"
