"""``python -m local benchmark cost``: what a message costs in DynamoDB, whatever is stored already.

For each size a fresh table in DynamoDB Local is filled with stored cases, and the same messages go through the real desk,
one after the other. Only the last message of a scene is counted; what it needs (the mail it answers, a customer with many
cases) is sent before. Requests are counted as they go over the wire, units by DynamoDB's rules (``local.benchmarks.capacity``).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import boto3
from rich.box import SIMPLE_HEAD
from rich.table import Table as Columns

from casework import policy
from casework.aws.table import DynamoTable
from casework.case import Outcome
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from local.aws.dynamodb_local import DynamoDBLocal
from local.benchmarks.capacity import Consumed, Meter
from local.benchmarks.stored import AT, SECRET, Copies, created, fill
from local.display import console

SIZES = (10, 10_000, 200_000)
MANY = 20
"""Cases of the customer who has many: as many as a customer's item remembers."""
_CREDENTIALS: dict[str, Any] = {"region_name": "eu-west-1", "aws_access_key_id": "local", "aws_secret_access_key": "local"}

_TAX = "Where can I download the report of last year's trades for my tax return? I can't find the button."
_HASH = "4f1c0a9e27b35d68b02d7e4419cf83a64f1c0a9e27b35d68b02d7e4419cf83a6"
_STUCK = f"My deposit of 0.5 BTC has not arrived for two days. The transaction is {_HASH}. Please look into it."
_URGENT = "Somebody is withdrawing all my bitcoin right now, I did not authorise this withdrawal. Please freeze my account!"
_MATTERS = (
    "How do I order the plastic card?",
    "Which chart shows candles of four hours?",
    "Is there a referral bonus for my sister?",
    "Please send the newsletter no more.",
    "Can the app speak Portuguese?",
    "What does staking of ether yield per year?",
    "My new surname is Suzuki since the wedding.",
    "Where are the fees of market orders listed?",
    "Does the API allow a hundred calls a second?",
    "Are you open on public holidays?",
    "I would like to work for you as a designer.",
    "The colour of the buttons is hard to see for me.",
    "How many decimals does a price alert take?",
    "Can minors have an account with their parents?",
    "Which bank do I transfer yen to?",
    "Is my ledger device supported by the browser?",
    "Do you plan to list new tokens this autumn?",
    "What is the minimum of a recurring purchase?",
    "I moved from Osaka to Kobe; here is my street.",
    "May I use your logo in a school project?",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A message that is counted, what is sent before it, and what becomes of it."""

    name: str
    messages: tuple[Message, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Measured:
    """What the message of a scene cost, beside so many stored cases."""

    message: str
    stored: int
    outcome: str
    requests: str
    read: int
    written: int
    indexed: int
    engine_read: float
    engine_written: float

    @property
    def cost(self) -> tuple[object, ...]:
        """All of it that should not depend on what is stored."""
        return tuple(value for name, value in asdict(self).items() if name != "stored")


def _a_message(name: str, text: str, after: float = 0, **said: Any) -> Message:
    """Say who (``customer``), and what matters besides; ``after``: hours."""
    customer, trust = said.pop("customer", name), said.pop("trust", Trust.AUTHENTICATED)
    channel = said.pop("channel", Channel.EMAIL)
    digest = hashlib.sha256(f"{name} {text}".encode()).hexdigest()
    return Message(
        source=Source(channel, name, digest, f"s3://originals/{digest}"),
        received_at=AT + timedelta(hours=after),
        identities=(Identity(IdentityKind.EMAIL, f"{customer}@measured.example", trust),),
        text=text,
        thread_name=f"<{name}@measured.example>" if channel is Channel.EMAIL else "",
        **said,
    )


def scenes() -> Iterator[Scene]:
    """Every way that a message may go through the desk."""
    yield Scene("a new case", (_a_message("new", _TAX),), Outcome.OPENED)
    yield Scene("a new case, escalated", (_a_message("urgent", _URGENT),), Outcome.OPENED)
    asked = _a_message("asked", _TAX)
    reply = _a_message("reply", "Have you found it?", 2, customer="asked", references=("<asked@measured.example>",))
    yield Scene("a reply in a thread", (asked, reply), Outcome.ATTACHED)
    stuck = (_a_message("stuck", _STUCK), _a_message("still", _STUCK + " It is urgent.", 3, customer="stuck"))
    yield Scene("the same matter again", stuck, Outcome.ATTACHED)
    twice = _a_message("twice", _TAX)
    yield Scene("the same delivery again", (twice, twice), Outcome.REPLAYED)
    known = _a_message("known", _TAX)
    form = _a_message("form", _TAX, 1, customer="known", trust=Trust.CLAIMED, channel=Channel.WEB_FORM)
    yield Scene("a form that nobody vouches for", (known, form), Outcome.ATTACHED)
    stranger = _a_message("stranger", _TAX, trust=Trust.CLAIMED, channel=Channel.WEB_FORM)
    yield Scene("a form of somebody unknown", (stranger,), Outcome.OPENED)
    many = (_a_message(f"many-{place:02}", text, 24.0 * place, customer="many") for place, text in enumerate(_MATTERS))
    last = _a_message("many-new", _STUCK, 24 * MANY, customer="many")
    yield Scene(f"one more of a customer with {MANY}", (*many, last), Outcome.OPENED)


def measured(endpoint: str, stored: int, copies: Copies) -> list[Measured]:
    """Fill a table with so many cases, and count what the message of each scene costs beside them."""
    client, witness = (boto3.client("dynamodb", endpoint_url=endpoint, **_CREDENTIALS) for _ in range(2))
    table = f"beside-{stored}"
    created(witness, table)
    fill(endpoint, table, stored, copies)
    desk = Desk(DynamoTable(client, table), policy.load(), Pseudonyms(SECRET))
    meter = Meter(client, witness, table)
    return [_played(scene, desk, meter, stored) for scene in scenes()]


def _played(scene: Scene, desk: Desk, meter: Meter, stored: int) -> Measured:
    *before, last = scene.messages
    for message in before:
        desk.receive(message)
    with meter.counting() as consumed:
        receipt = desk.receive(last)
    if receipt.outcome is not scene.outcome:
        raise AssertionError(f"{scene.name}: {receipt.outcome}, not {scene.outcome}; something else would be counted")
    return _result(scene, stored, consumed)


def _result(scene: Scene, stored: int, consumed: Consumed) -> Measured:
    return Measured(
        message=scene.name,
        stored=stored,
        outcome=scene.outcome.value,
        requests=", ".join(f"{count} {name}" if count > 1 else name for name, count in consumed.requests.items()),
        read=consumed.read,
        written=consumed.written,
        indexed=consumed.indexed,
        engine_read=consumed.engine_read,
        engine_written=consumed.engine_written,
    )


def differing(results: Sequence[Measured]) -> list[str]:
    """The messages that did not cost the same beside every number of stored cases."""
    costs: dict[str, set[tuple[object, ...]]] = {}
    for result in results:
        costs.setdefault(result.message, set()).add(result.cost)
    return [message for message, found in costs.items() if len(found) > 1]


def run(sizes: Sequence[int], *, as_json: bool) -> int:
    """Print the table and whether every message costs the same. Exit status 1 when one does not."""
    copies = Copies(policy.load())
    results: list[Measured] = []
    took: dict[int, float] = {}
    with DynamoDBLocal.start() as database:
        for stored in sizes:
            started = time.monotonic()
            results += measured(database.endpoint, stored, copies)
            took[stored] = time.monotonic() - started
    if as_json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        _show(results, took, copies)
    return 1 if differing(results) else 0


def _show(results: Sequence[Measured], took: dict[int, float], copies: Copies) -> None:
    columns = Columns(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("message", "stored", "requests", "RCU", "WCU", "index", "engine R", "engine W"):
        columns.add_column(name, justify="left" if name in {"message", "requests"} else "right", no_wrap=True)
    scene = ""
    for each in sorted(results, key=lambda each: [one.message for one in results].index(each.message)):
        figures = (each.read, each.written, each.indexed, f"{each.engine_read:g}", f"{each.engine_written:g}")
        columns.add_row(each.message if each.message != scene else "", f"{each.stored:,}", each.requests, *map(str, figures))
        scene = each.message
    console().print(columns)
    print("\n".join(_said(results, took, copies)))


def _said(results: Sequence[Measured], took: dict[int, float], copies: Copies) -> Iterator[str]:
    kinds = Counter(item["kind"] for case in copies.items for item in case)
    each = ", ".join(f"{count / len(copies.items):.2g} {kind}" for kind, count in kinds.items())
    yield f"Stored of each case, on average: {each}. " + _times(took)
    yield "RCU, WCU: by DynamoDB's rules, from the items' sizes. Index: write units of the indexes, apart."
    yield "Engine R, W: what DynamoDB Local itself reports, indexes included; local/benchmarks/capacity.py says why they differ."
    sizes = ", ".join(f"{size:,}" for size in took)
    differ = differing(results)
    yield (
        f"NOT the same beside {sizes} stored cases: {', '.join(differ)}." if differ else f"The same beside {sizes} stored cases."
    )


def _times(took: dict[int, float]) -> str:
    return "Storing and measuring took " + ", ".join(f"{seconds:.0f} s ({size:,})" for size, seconds in took.items()) + "."
