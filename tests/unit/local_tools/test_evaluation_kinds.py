from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.evaluate import evaluate
from local.evaluation.row import Row

CUSTOMER = b"From: Ann <ann@example.com>\r\nMessage-ID: <%d@example.com>\r\nSubject: %s\r\n\r\n%s\r\n"
BOUNCE = b"""Return-Path: <>
From: MAILER-DAEMON@mail.example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mail.example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Not delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; gone@example.com
Action: failed
Status: 5.1.1
--b--
"""
PHRASE = "obtain whale accuse flavor fantasy snake spoil guilt keen lottery marriage case"


def write(folder: Path, name: str, content: bytes | str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def figures(corpus: Path) -> dict[tuple[str, str], Row]:
    return {(row.kind, row.measure): row for row in evaluate(corpus)}


def test_parsed_mails_are_compared_with_their_gold(tmp_path: Path) -> None:
    write(tmp_path, "mail/parsed/a.box", CUSTOMER % (1, b"Hello  there", b"Hi"))
    gold = (
        "--- !ruby/hash:Some::Class\nfrom_email: ann@example.com\nsubject: Hello there\nattachments:\n- !ruby/hash:Some::Class\n"
    )
    gold += "  filename: message.html\n  preferences: !ruby/hash:Some::Class\n    content-alternative: true\n"
    write(tmp_path, "mail/parsed/a.yml", gold)
    write(tmp_path, "mail/parsed/b.box", CUSTOMER % (2, b"Something else", b"Hi"))
    write(tmp_path, "mail/parsed/b.yml", "from_email: bob@example.com\nsubject: Hello\nattachments: []\n")
    found = figures(tmp_path)
    assert found["mail/parsed", "mails accounted for"].got == 2
    assert found["mail/parsed", "subjects exact"].got == 1
    assert found["mail/parsed", "senders exact"].got == 1
    assert found["mail/parsed", "attachments exact"].got == 2


def test_a_mail_that_cannot_be_read_is_accounted_for(tmp_path: Path) -> None:
    write(tmp_path, "mail/awkward/deep/empty", b"")
    write(tmp_path, "mail/awkward/noise.bin", bytes(range(256)))
    write(tmp_path, "mail/awkward/README.md", "no mail")
    found = figures(tmp_path)
    assert (found["mail/awkward", "mails without an exception"].got, found["mail/awkward", "mails accounted for"].of) == (2, 2)


def test_bounces_are_told_from_real_mail(tmp_path: Path) -> None:
    write(tmp_path, "mail/bounces/bounce/1.eml", BOUNCE)
    write(tmp_path, "mail/bounces/not/1.eml", CUSTOMER % (3, b"Undelivered parcel", b"Where is it?"))
    found = figures(tmp_path)
    assert found["mail/bounces/bounce", "bounces recognised"].value == 1
    assert found["mail/bounces/not", "look-alikes let through"].value == 1


def test_the_new_part_of_a_reply_is_compared(tmp_path: Path) -> None:
    write(
        tmp_path, "mail/replies/emails/1.txt", "Thank you!\n\nOn Mon, 3 Aug 2026 at 10:00, Bob <b@example.com> wrote:\n> Hello\n"
    )
    write(tmp_path, "mail/replies/trimmed/1.txt", "Thank you!\n")
    found = figures(tmp_path)
    assert found["mail/replies", "new part exact"].value == 1
    assert found["mail/replies", "new part, character F1"].value == 1


def test_the_words_of_a_call_are_compared(tmp_path: Path) -> None:
    call = {"Transcript": [{"ParticipantId": "CUSTOMER", "Content": "Hello there.", "Id": "1"}], "ContactId": "c"}
    call["Participants"] = [{"ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER"}]
    write(tmp_path, "voice/transcripts/any/1.json", json.dumps(call))
    write(tmp_path, "voice/transcripts/2.json", "[]")
    found = figures(tmp_path)
    assert (found["voice/transcripts", "transcripts read"].got, found["voice/transcripts", "transcripts read"].of) == (1, 2)
    assert found["voice/transcripts", "words rebuilt = words spoken"].value == 1


def test_labels_are_scored_by_language(tmp_path: Path) -> None:
    lines = [
        {
            "id": "1",
            "lang": "en",
            "text": "Somebody is withdrawing my bitcoin right now, I did not authorize this withdrawal, stop it!",
            "labels": ["unauthorized_withdrawal"],
            "escalates": True,
            "loss": "in_progress",
            "role": "victim",
        },
        {
            "id": "2",
            "lang": "ja",
            "text": "昨日の入金がまだ反映されていません。",
            "labels": ["deposit"],
            "escalates": False,
            "loss": "none",
            "role": "other",
        },
    ]
    write(tmp_path, "text/labelled/any.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    found = figures(tmp_path)
    assert found["text/labelled", "category is acceptable"].of == 2
    assert found["text/labelled (en)", "escalation recall"].got == 1
    assert found["text/labelled (en)", "escalation recall"].of == 1
    assert found["text/labelled (ja)", "false escalations"].got == 0
    assert found["text/labelled", "language"].value == 1


def test_duplicates_are_scored_in_pairs(tmp_path: Path) -> None:
    lines = [
        ("1", "c1", "My withdrawal of 310 USDC has been pending since Monday. Ref W-77120.", "g"),
        ("2", "c1", "Still nothing. W-77120, 310 USDC, pending for four days now. Please answer.", "g"),
        ("3", "c1", "Different question: how do I download my 2025 tax report?", None),
        ("4", "c2", "Phishing site report: https://one.example/verify asks for my password.", "campaign:x"),
        ("5", "c3", "Phishing site report: https://one.example/verify asks for my password.", "campaign:x"),
    ]
    text = "\n".join(json.dumps({"id": i, "lang": "en", "customer": c, "text": t, "group": g}) for i, c, t, g in lines)
    write(tmp_path, "duplicates/labelled/any.jsonl", text)
    found = figures(tmp_path)
    assert found["duplicates/labelled", "pairs of one matter in one case (recall)"].of == 1
    assert found["duplicates/labelled", "pairs of two customers in one case"].got == 0


@pytest.mark.parametrize("vector", [["00", PHRASE, "seed"], {"mnemonic": PHRASE}])
def test_recovery_phrases_are_looked_for_in_vectors_of_any_shape(tmp_path: Path, vector: object) -> None:
    write(tmp_path, "entities/bip39/v.json", json.dumps({"english": [vector]}))
    assert figures(tmp_path)["entities/bip39", "recovery phrases taken out, english"].value == 1


def test_questions_that_are_none_of_ours_are_counted_by_split(tmp_path: Path) -> None:
    queries = {"oos_val": [["what is the weather in Oslo", "oos"]], "val": [["my card was stolen", "report_lost_card"]]}
    write(tmp_path, "text/clinc150/any.json", json.dumps(queries))
    found = figures(tmp_path)
    assert found["text/clinc150", "false escalations, oos_val"].got == 0
    assert found["text/clinc150", "false escalations, val, intents that sound urgent"].of == 1


def test_scam_calls_are_counted_by_category(tmp_path: Path) -> None:
    line = {"id": "1", "lang": "en", "transcript": "Your social security number is suspended, press one.", "campaign": 1}
    write(tmp_path, "voice/scam_calls/any.jsonl", json.dumps(line))
    assert figures(tmp_path)["voice/scam_calls", "escalated"].of == 1


def test_conversations_are_read_in_their_order(tmp_path: Path) -> None:
    write(tmp_path, "mail/threads/b.txt", CUSTOMER % (4, b"Lunch", b"Shall we?"))
    reply = (
        b"From: Bob <bob@example.com>\nMessage-ID: <5@example.com>\nIn-Reply-To: <4@example.com>\nSubject: Re: Lunch\n\nYes.\n"
    )
    write(tmp_path, "mail/threads/a.txt", reply)
    write(tmp_path, "mail/threads/threads.json", json.dumps([["b.txt", "a.txt"]]))
    found = figures(tmp_path)
    assert found["mail/threads", "false escalations"].got == 0
    assert found["mail/threads", "replies joined or linked to a case"].value == 1


def test_phishing_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "mail/phishing/email/1.eml", CUSTOMER % (6, b"Your wallet is suspended", b"Verify at https://wallet.example"))
    write(tmp_path, "mail/phishing/index.jsonl", "")
    assert figures(tmp_path)["mail/phishing", "mails accounted for"].of == 1


def test_what_is_laid_out_otherwise_is_said_to_be_skipped_and_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, "text/labelled/any.jsonl", "no json")
    write(tmp_path, "duplicates/labelled/any.jsonl", json.dumps({"id": "1"}))
    (tmp_path / "entities/bip39").mkdir(parents=True)
    found = figures(tmp_path)
    assert "JSONDecodeError" in found["text/labelled", "skipped"].note
    assert "KeyError" in found["duplicates/labelled", "skipped"].note
    assert "nothing in it" in found["entities/bip39", "skipped"].note
