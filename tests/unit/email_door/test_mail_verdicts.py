from __future__ import annotations

import pytest

from casework.message import Trust
from tests.unit.email_door.mails import a_block, a_mail, read

UNKNOWN = {"spam": "unknown", "virus": "unknown", "spf": "unknown", "dkim": "unknown", "dmarc": "unknown"}


def facts(raw: bytes) -> dict[str, str]:
    return {name: value for name, value in read(raw).facts.items() if name in UNKNOWN}


def test_what_ses_found_is_told() -> None:
    assert facts(a_mail(block=a_block())) == {"spam": "pass", "virus": "pass", "spf": "pass", "dkim": "pass", "dmarc": "pass"}
    found = facts(a_mail(block=a_block(spam="FAIL", virus="FAIL", spf="softfail", dkim="fail", dmarc="fail")))
    assert found == {"spam": "fail", "virus": "fail", "spf": "fail", "dkim": "fail", "dmarc": "fail"}


def test_spam_and_viruses_are_signalled() -> None:
    assert {"spam_fail", "virus_fail"} <= set(read(a_mail(block=a_block(spam="FAIL", virus="FAIL"))).signals)
    assert not {"spam_fail", "virus_fail"} & set(read(a_mail(block=a_block())).signals)


@pytest.mark.parametrize(
    ("said", "told"), [("GRAY", "gray"), ("PROCESSING_FAILED", "unknown"), ("", "unknown"), ("pass", "unknown")]
)
def test_no_clear_verdict_is_a_pass(said: str, told: str) -> None:
    message = read(a_mail(block=a_block(spam=said, virus=said)))
    assert (message.facts["spam"], message.facts["virus"]) == (told, told)
    assert "spam_fail" not in message.signals


@pytest.mark.parametrize(("said", "told"), [("none", "none"), ("permerror", "unknown"), ("gray", "gray"), ("neutral", "none")])
def test_other_results_of_dmarc_are_no_pass(said: str, told: str) -> None:
    message = read(a_mail(block=a_block(dmarc=said)))
    assert message.facts["dmarc"] == told
    assert message.identities[0].trust is Trust.CLAIMED


def test_a_mail_without_ses_above_it_has_no_verdicts() -> None:
    assert facts(a_mail()) == UNKNOWN


def forged(place: str) -> bytes:
    """A sender who writes a passing block into their own mail, below one of SES that fails everything, or without one."""
    failing = a_block(spam="FAIL", virus="FAIL", spf="fail", dkim="fail", dmarc="fail")
    return {
        "below": failing + a_mail(block=a_block()),
        "below a line of their own": failing + b"X-Mailer: x\r\n" + a_mail(block=a_block()),
        "with results alone": failing
        + a_mail(block=b"Authentication-Results: amazonses.com; dmarc=pass header.from=example.jp;\r\n"),
        "at the end": a_mail(block=failing).replace(b"\r\n\r\n", b"\r\n" + a_block() + b"\r\n", 1),
    }[place]


@pytest.mark.parametrize("place", ["below", "below a line of their own", "with results alone", "at the end"])
def test_a_senders_own_verdicts_count_for_nothing(place: str) -> None:
    message = read(forged(place))
    assert set(facts(forged(place)).values()) == {"fail"}
    assert message.identities[0].trust is Trust.CLAIMED
    assert {"spam_fail", "virus_fail"} <= set(message.signals)


@pytest.mark.parametrize("missing", [b"X-SES-Spam-Verdict", b"X-SES-Virus-Verdict", b"Authentication-Results", b"Received-SPF"])
def test_a_sender_cannot_fill_in_what_ses_left_out(missing: bytes) -> None:
    lines = a_block().replace(b"\r\n ", b"\x00").split(b"\r\n")
    left = b"\r\n".join(line for line in lines if not line.startswith(missing)).replace(b"\x00", b"\r\n ")
    (added,) = (line for line in lines if line.startswith(missing))
    message = read(a_mail(block=left + added.replace(b"\x00", b"\r\n ") + b"\r\n"))
    unknown = {b"X-SES-Spam-Verdict": "spam", b"X-SES-Virus-Verdict": "virus", b"Authentication-Results": "dmarc"}.get(missing)
    assert unknown is None or message.facts[unknown] == "unknown"


@pytest.mark.parametrize(
    "received",
    [
        "from mail.example.jp by mx.evil.example with SMTP id x",
        "from inbound-smtp.eu-west-1.amazonaws.com with SMTP id x by mx.evil.example",
        "from x by inbound-smtp.eu-west-1.amazonaws.com.evil.example with SMTP id x",
        "from x by inbound-smtp.evil.example with SMTP id x",
    ],
)
def test_a_block_that_ses_did_not_receive_is_no_block(received: str) -> None:
    block = a_block().decode()
    start, end = block.index("Received:"), block.index("X-SES-Spam")
    assert facts(a_mail(block=f"{block[:start]}Received: {received}\r\n{block[end:]}".encode())) == UNKNOWN


def test_a_block_that_never_closes_is_no_block() -> None:
    assert facts(a_mail(block=a_block().split(b"X-SES-RECEIPT")[0])) == UNKNOWN


def test_another_server_cannot_speak_for_ses() -> None:
    assert (
        facts(a_mail(block=a_block(results="mx.evil.example; spf=pass; dkim=pass; dmarc=pass header.from=example.jp;")))["dmarc"]
        == "unknown"
    )
    spoofed = "mx.evil.example (amazonses.com; dmarc=pass); dmarc=pass header.from=example.jp;"
    assert facts(a_mail(block=a_block(results=spoofed)))["dmarc"] == "unknown"


@pytest.mark.parametrize(
    "envelope",
    [
        '"x; dmarc=pass header.from=example.jp;"@evil.example',
        "x;dmarc=pass",
        "dmarc=pass header.from=example.jp",
    ],
)
def test_an_envelope_that_contains_a_result_does_not_make_one(envelope: str) -> None:
    raw = a_mail(block=a_block(spf="fail", dkim="fail", dmarc="fail", envelope=envelope))
    assert facts(raw)["dmarc"] in ("unknown", "fail")
    assert read(raw).identities[0].trust is Trust.CLAIMED


def test_a_result_that_is_not_the_last_is_not_ses_own() -> None:
    only = "amazonses.com; spf=fail envelope-from=x; dmarc=pass header.from=example.jp; dkim=fail header.i=@evil.example;"
    assert facts(a_mail(block=a_block(results=only)))["dmarc"] == "unknown"


def test_of_two_results_neither_is_believed() -> None:
    twice = "amazonses.com; spf=pass envelope-from=x; dmarc=fail header.from=example.jp; dmarc=pass header.from=example.jp;"
    assert facts(a_mail(block=a_block(results=twice)))["dmarc"] == "unknown"


def test_signatures_must_agree_to_pass() -> None:
    agreed = "amazonses.com; spf=pass (x) helo=y; dkim=pass header.i=@example.jp; dkim=pass header.i=@amazonses.com;"
    assert facts(a_mail(block=a_block(results=agreed)))["dkim"] == "pass"
    assert (
        facts(a_mail(block=a_block(results=agreed.replace("dkim=pass header.i=@a", "dkim=fail header.i=@a"))))["dkim"]
        == "unknown"
    )


@pytest.mark.parametrize(
    "second", [b"From : thief@example.jp", b"From thief@example.jp", b"From\x00: thief@example.jp", b"FROM: a@b.example"]
)
def test_a_second_sender_that_some_readers_see_leaves_nobody_vouched_for(second: bytes) -> None:
    above = read(a_block() + second + b"\r\n" + a_mail())
    below = read(a_mail(block=a_block()).replace(b"\r\n\r\n", b"\r\n" + second + b"\r\n\r\n", 1))
    assert [each.trust for message in (above, below) for each in message.identities] == [Trust.CLAIMED, Trust.CLAIMED]


def test_a_header_of_ses_written_twice_ends_what_is_believed() -> None:
    lines = a_block(dmarc="fail").replace(b"\r\n ", b"\x00").split(b"\r\n")
    twice = [line for line in a_block().replace(b"\r\n ", b"\x00").split(b"\r\n") if line.startswith(b"Authentication-Results")]
    for place in range(len(lines)):
        block = b"\r\n".join([*lines[:place], *twice, *lines[place:]]).replace(b"\x00", b"\r\n ")
        if place > next(at for at, line in enumerate(lines) if line.startswith(b"Authentication-Results")):
            assert read(a_mail(block=block)).identities[0].trust is Trust.CLAIMED
