"""Secrets planted in every place of every channel, and looked for in everything that the deployed system keeps or says.

Each place of each message gets a secret of its own, so that one found anywhere tells where it came in. Looked at is the whole
table, every log line, every event, every notification and every queue, as written and without blanks, marks and widths.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from local.aws.stack import Stack
from local.filing import VOUCHED, stored
from tests.builders import NOON
from tests.unit.redaction.disguises import english, entropy, extended_key, japanese, wif

Plant = Callable[[str], tuple[str, str]]
"""Makes a sentence with a secret of the given name, and says which part of it is the secret."""


def digits(name: str, count: int) -> str:
    return "".join(str(1 + each % 9) for each in hashlib.shake_256(name.encode()).digest(count))


def with_check_digit(body: str) -> str:
    total = sum(sum(divmod(int(each) * (2 - place % 2), 10)) for place, each in enumerate(reversed(body)))
    return body + str(-total % 10)


def token(name: str, length: int, letters: str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789") -> str:
    return "a7" + "".join(letters[each % len(letters)] for each in hashlib.shake_256(name.encode()).digest(length - 2))


def saying(sentence: str, make: Callable[[str], str]) -> Plant:
    def plant(name: str) -> tuple[str, str]:
        secret = make(name)
        return sentence.format(secret), secret

    return plant


def base32(name: str) -> str:
    return token(name, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").upper().replace("8", "2").replace("A7", "B7")


KINDS: dict[str, Plant] = {
    "seed phrase": saying("{}", lambda name: " ".join(english(name))),
    "seed phrase of 24 words": saying("It was {}", lambda name: ", ".join(english(name, 32))),
    "Japanese seed phrase": saying("{}", lambda name: "　".join(japanese(name))),
    "WIF": saying("Look at {}", wif),
    "extended key": saying("{} is all I have", extended_key),
    "raw key": saying("My private key is {}", lambda name: entropy(name, 32).hex()),
    "key file": saying("{}", lambda name: str(list(entropy(name, 64)))),
    "card number": saying("I paid with {}", lambda name: with_check_digit("4" + digits(name, 14))),
    "password": saying("my password is {}", lambda name: token(name, 12)),
    "Japanese password": saying("パスワードは{}です", lambda name: token(name, 12)),
    "one-time code": saying("the verification code is {}", lambda name: digits(name, 8)),
    "authenticator secret": saying("my 2FA secret key is {}", base32),
    "otpauth link": saying("otpauth://totp/us:me?secret={}&issuer=us", base32),
    "API secret": saying("API secret: {}", lambda name: token(name, 40)),
    "bearer token": saying("Authorization: Bearer {}", lambda name: token(name, 40)),
    "JSON web token": saying("see eyJhbGciOiJIUzI1NiJ9.eyJ{}.x", lambda name: token(name, 40)),
    "key of a service": saying("our key sk_live_{}", lambda name: token(name, 24)),
    "My Number": saying("マイナンバーは{}です", lambda name: digits(name, 12)),
    "passport": saying("passport number {}", lambda name: f"TK{digits(name, 7)}"),
    "driving licence": saying("免許証番号は{}です", lambda name: digits(name, 12)),
    "residence card": saying("在留カード {}", lambda name: f"AB{digits(name, 8)}CD"),
    "bank account": saying("みずほ銀行 新宿支店 普通 {}", lambda name: digits(name, 7)),
    "social security number": saying("my SSN is {}", lambda name: digits(name, 9)),
    "health insurance number": saying("保険者番号 {}", lambda name: digits(name, 8)),
}
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def read_out(digits: str) -> str:
    return " ".join(DIGITS[int(digit)] for digit in digits)


SPOKEN: dict[str, Plant] = KINDS | {
    "spoken card number": saying("it is {}", lambda name: read_out(with_check_digit("4" + digits(name, 14)))),
    "spoken pin": saying("my pin is {}", lambda name: read_out(digits(name, 8))),
    "spoken phrase": saying("{}", lambda name: " um ".join(english(name))),
}


@dataclass
class Planted:
    """What was put in, by where."""

    secrets: dict[str, str]

    def plant(self, kind: str, place: str, kinds: dict[str, Plant] = SPOKEN) -> str:
        sentence, self.secrets[f"{kind} in {place}"] = kinds[kind](f"{kind} in {place}")
        return sentence


def mail(planted: Planted, kind: str) -> bytes:
    made = a_mail_from(planted.plant(kind, "the sender of a mail"))
    made["Subject"] = planted.plant(kind, "the subject of a mail")
    text, quoted = (planted.plant(kind, f"the {place} of a mail") for place in ("text", "history"))
    history = f"On Sun, 3 May 2026 at 10:12, Support <support@kujira.example> wrote:\n> {quoted}\n"
    made.set_content(f"Hello\n\n{text}\n\nRegards\n\n{history}")
    said, name = planted.plant(kind, "a file of a mail"), planted.plant(kind, "the name of a file of a mail")
    made.add_attachment(said.encode(), maintype="text", subtype="plain", filename=f"{name}.txt")
    return stored(made.as_bytes(), received_at=NOON, verdicts=VOUCHED)


def html_mail(planted: Planted) -> bytes:
    made = a_mail_from("Satoshi")
    made["Subject"] = "Please help"
    texts = "".join(f"<div>{planted.plant(kind, 'an HTML mail')}</div><p>-</p>" for kind in KINDS)
    quoted = "<p>-</p>".join(planted.plant(kind, "the history of an HTML mail") for kind in KINDS)
    made.set_content(f"<p>Hello</p>{texts}<blockquote type=cite>We wrote:<br>{quoted}</blockquote>", subtype="html")
    return stored(made.as_bytes(), received_at=NOON, verdicts=VOUCHED)


FILLER = "We sold the old bicycles near Osaka, and nobody asked why. "


def cut_mail(planted: Planted, kind: str) -> bytes:
    """A mail in which every text is longer than a door takes, with a secret where it is cut."""
    made = a_mail_from(across(planted, kind, 255, "the sender of a mail"))
    made["Subject"] = across(planted, kind, 4_000, "the subject of a mail")
    made.set_content(f"Hello\n\n{planted.plant(kind, 'the text beside a cut')}\n")
    said, name = across(planted, kind, 4_000, "a file of a mail"), across(planted, kind, 235, "the name of a file of a mail")
    made.add_attachment(said.encode(), maintype="text", subtype="plain", filename=f"{name}.txt")
    return stored(made.as_bytes(policy=SMTP.clone(max_line_length=None)), received_at=NOON, verdicts=VOUCHED)


def long_mail(planted: Planted, kind: str) -> bytes:
    made = a_mail_from("Satoshi")
    made["Subject"] = "Please help"
    made.set_content(across(planted, kind, 100_000, "the text of a long mail"))
    return stored(made.as_bytes(), received_at=NOON, verdicts=VOUCHED)


def cut_call(planted: Planted, kind: str) -> bytes:
    document = json.loads(call(planted, kind))
    document["CustomerMetadata"]["ContactId"] += "-cut"
    document["Categories"]["MatchedCategories"] = [across(planted, kind, 200, "a fact of a call").replace(",", " ")]
    return json.dumps(document).encode()


def across(planted: Planted, kind: str, limit: int, place: str) -> str:
    """A long text with the middle of a secret at a limit of it."""
    sentence = planted.plant(kind, f"{place}, across {limit}").replace(chr(34), "")
    before = limit - len(sentence) // 2
    return f"{(FILLER * (before // len(FILLER) + 1))[: before - 1]} {sentence} {FILLER * 3}"


def a_mail_from(name: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f'"{name.replace(chr(34), "")}" <somebody@example.com>'
    made["To"] = "support@kujira.example"
    made["Message-ID"] = f"<{hashlib.sha256(name.encode()).hexdigest()}@example.com>"
    return made


def call(planted: Planted, kind: str) -> bytes:
    said = [("CUSTOMER", "the customer's turn"), ("AGENT", "the agent's turn"), ("CUSTOMER", "another turn")]
    turns = [
        {"Id": str(at), "ParticipantRole": role, "Content": planted.plant(kind, f"{place} of a call", SPOKEN) + ".",
         "BeginOffsetMillis": at * 1000, "EndOffsetMillis": at * 1000 + 900}
        for at, (role, place) in enumerate(said)
    ]  # fmt: skip
    categories = [planted.plant(kind, "a category of a call", SPOKEN)] if kind != "key file" else []  # a name has no commas
    return json.dumps(
        {
            "Version": "1.1.0",
            "Channel": "VOICE",
            "ContentMetadata": {"Output": "Raw"},
            "JobStatus": "COMPLETED",
            "LanguageCode": "en-US",
            "Participants": [{"ParticipantId": role, "ParticipantRole": role} for role in ("CUSTOMER", "AGENT")],
            "Categories": {"MatchedCategories": categories, "MatchedDetails": {}},
            "Transcript": turns,
            "CustomerMetadata": {"ContactId": hashlib.sha256(kind.encode()).hexdigest()[:36]},
        }
    ).encode()


LONG = ("seed phrase", "Japanese seed phrase", "WIF", "raw key", "card number")
"""Kinds for which a mail as long as a mail can be is worth its time."""
PART = 16
"""Characters of a key that are too many to be known."""
LIMITS = {"subject": 200, "name": 100}
"""Characters the form takes; a longer secret is refused, with the form."""


def form(planted: Planted, kind: str) -> bytes:
    fields = {"description": "the description", "subject": "the subject", "name": "the name"}
    filled = {field: planted.plant(kind, f"{place} of a form") for field, place in fields.items()}
    fitting = {field: text for field, text in filled.items() if len(text) <= LIMITS.get(field, len(text))}
    return json.dumps(fitting | {"email": "somebody@example.com"}).encode()


@pytest.fixture(scope="module")
def planted() -> Planted:
    return Planted({})


@pytest.fixture(scope="module")
def stack(planted: Planted) -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        for number, kind in enumerate(KINDS):
            stack.put_object("MailBucket", f"mail/{number}", mail(planted, kind))
            answer = stack.request("POST", "/cases", {"Content-Type": "application/json"}, form(planted, kind))
            assert answer.status == 201, answer.body
            stack.put_object("MailBucket", f"mail/cut/{number}", cut_mail(planted, kind))
            stack.put_object("TranscriptBucket", f"Analysis/Voice/cut{number}.json", cut_call(planted, kind))
        for number, kind in enumerate(LONG):
            stack.put_object("MailBucket", f"mail/long/{number}", long_mail(planted, kind))
        stack.put_object("MailBucket", "mail/html", html_mail(planted))
        for number, kind in enumerate(SPOKEN):
            stack.put_object("TranscriptBucket", f"Analysis/Voice/{number}.json", call(planted, kind))
        stack.pump()
        yield stack


def everything(stack: Stack) -> dict[str, Any]:
    """Whatever the system keeps or says, by where it lies."""
    queues = {name: stack.messages(name) for name in stack.deployment.of_kind("AWS::SQS::Queue")}
    topics = {name: stack.notifications(name) for name in stack.deployment.of_kind("AWS::SNS::Topic")}
    return {
        "the table": stack.items(),
        "the log": stack.logs,
        "the bus": stack.events(),
        **{f"the queue {name}": [waiting.body for waiting in messages] for name, messages in queues.items()},
        **{f"the topic {name}": [(each.subject, each.message) for each in notes] for name, notes in topics.items()},
    }


def bare(text: str) -> str:
    """Letters and digits alone, in one width, composition and case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def gives_away(secret: str, text: str, written: str) -> bool:
    """Whether a text, or what is ``written`` in it when it is bare, has all of a secret, or a part of a long one.

    A short number is looked for as a word of its own: among hashes and times its digits stand by chance.
    """
    if secret.isdigit() and len(secret) < 12:
        return re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", text) is not None
    words = secret.replace("　", " ").replace(",", " ").replace(" um ", " ").split()
    size = 3 if secret[0].isalpha() else 8
    if len(words) == 1 and len(secret) > 2 * PART:
        return any(bare(secret)[at : at + PART] in written for at in range(len(bare(secret)) - PART + 1))
    parts = [words[at : at + size] for at in range(len(words) - size + 1)] if len(words) >= 12 else [words]
    return any(bare("".join(part)) in written for part in parts)


def test_every_message_was_received(stack: Stack) -> None:
    kept = stack.items("message") + stack.items("quarantined")
    assert len(kept) == 4 * len(KINDS) + len(LONG) + 1 + len(SPOKEN)
    assert [each.failure for each in stack.failures] == []


def test_no_secret_is_kept_or_said_anywhere(stack: Stack, planted: Planted) -> None:
    found = []
    for where, content in everything(stack).items():
        text = json.dumps(content, default=str, ensure_ascii=False).replace("\\n", "\n")
        plain, written = unicodedata.normalize("NFKC", text), bare(text)
        found += [f"{name}: {where}" for name, secret in planted.secrets.items() if gives_away(secret, plain, written)]
    assert "\n".join(found) == ""


def test_the_original_is_where_it_was_put(stack: Stack, planted: Planted) -> None:
    """What people may need again lies in the encrypted bucket, and nowhere else."""
    bucket = stack.deployment.identity("MailBucket")
    raw = stack.account.client("s3").get_object(Bucket=bucket, Key="mail/0")["Body"].read()
    assert planted.secrets["seed phrase in the text of a mail"].split()[0].encode() in raw


def test_secrets_are_told_by_their_placeholders(stack: Stack) -> None:
    texts = json.dumps(stack.items("message"), default=str, ensure_ascii=False)
    assert all(f"[{name} 1]" in texts for name in ("seed phrase", "private key", "card number", "passport", "bank account"))


@pytest.mark.parametrize("kind", ["passport", "bank_account", "driving_licence"])
def test_a_personal_number_interrupts_nobody(stack: Stack, kind: str) -> None:
    alone = [each for each in stack.items("message") if {secret["kind"] for secret in each.get("secrets", ())} == {kind}]
    assert alone
    assert [each["escalations"] for each in alone if each.get("escalations")] == []
