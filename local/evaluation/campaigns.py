"""Attacks on many customers: kinds ``voice/scam_calls`` and ``mail/phishing``, each message as another customer's report.

Also ``mail/threads``: ordinary mails, each writer a customer, in which there is no campaign. The messages go through the
desk and then to the correlator in the order of the folder, a few at a time, as the bus would name them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casework.campaigns.correlator import Correlator
from casework.campaigns.lookup import Lookup, Named
from casework.case import Outcome
from casework.errors import UnreadableMessage
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from functions.email import mime
from local.evaluation.mails import mails_in
from local.evaluation.row import Row, most_common, pairs_of, share
from local.evaluation.trial import Trial, shipped
from local.filing import VOUCHED, object_id, stored

BATCH = 10
"""Messages that the correlator gets at once; more only means that it has fewer batches to remember from."""


def scam_calls(kind: str, folder: Path) -> Iterator[Row]:
    """``voice/scam_calls``: the silver campaigns were found on audio, so that one script may be several of them."""
    lines = [json.loads(line) for line in (folder / "campaigns.jsonl").read_text(encoding="utf-8").splitlines() if line]
    calls = {str(line["id"]): line for line in lines if line.get("transcript")}
    found = campaigns_of({name: _call(name, line) for name, line in calls.items()})
    yield from _rows(kind, {name: line.get("campaign") for name, line in calls.items()}, found)


def _call(name: str, line: Mapping[str, Any]) -> Message:
    source = Source(Channel.VOICE, name, hashlib.sha256(line["transcript"].encode()).hexdigest())
    return Message(source=source, received_at=Trial().now, text=line["transcript"], language_hint=line.get("lang", ""))


def phishing(kind: str, folder: Path) -> Iterator[Row]:
    """``mail/phishing``: what customers hand on; ``silver_campaign`` names those with one body, null those not known."""
    lines = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines() if line]
    silver = {Path(line["file"]).name: line.get("silver_campaign") for line in lines}
    mails = {file.name: message for file in mails_in(folder) if (message := _mail(file))}
    yield from _rows(kind, {name: silver.get(name) for name in mails}, campaigns_of(mails))


def threads(kind: str, folder: Path) -> Iterator[Row]:
    """``mail/threads``: every writer is a customer, and nobody is attacked."""
    mails = {file.name: message for file in mails_in(folder) if (message := _mail(file))}
    senders = {name: message.sender.rpartition("<")[2].lower() for name, message in mails.items()}
    found = campaigns_of(mails, senders)
    sizes = Counter(found.values())
    yield share(kind, "ordinary mails in a campaign", len(found), len(mails), most_common(sizes))


def _mail(file: Path) -> Message | None:
    raw, at = file.read_bytes(), Trial().now
    try:
        return mime.read(stored(raw, received_at=at, verdicts=VOUCHED), received_at=at, locator=f"s3://mail/{object_id(raw)}")
    except UnreadableMessage:
        return None


def campaigns_of(messages: Mapping[str, Message], customers: Mapping[str, str] | None = None) -> dict[str, str]:
    """The campaign of each message that is in one. Each is its own customer's, unless ``customers`` says whose it is."""
    trial = Trial()
    correlator = Correlator(trial.table, shipped())
    named: dict[str, Named] = {}
    for name, message in messages.items():
        customer = Identity(IdentityKind.ACCOUNT, (customers or {}).get(name, name), Trust.AUTHENTICATED)
        source = replace(message.source, name=name)
        given = replace(message, source=source, received_at=trial.now, identities=(customer,), references=(), thread_name="")
        receipt = trial.receive(given)
        if receipt.outcome in {Outcome.OPENED, Outcome.ATTACHED}:
            named[name] = Named(receipt.case_id, receipt.message_id, given.received_at)
    for batch in _batches(list(named.values())):
        correlator.correlate(batch)
    return _memberships(trial, named)


def _batches(named: Sequence[Named]) -> Iterator[Sequence[Named]]:
    yield from (named[at : at + BATCH] for at in range(0, len(named), BATCH))


def _memberships(trial: Trial, named: Mapping[str, Named]) -> dict[str, str]:
    """Each message's campaign, or the one it goes on in."""
    members = [item for item in trial.table.items.values() if item["kind"] == "member"]
    counted = {message: item["campaign_id"] for item in members for message in item["messages"]}
    roots = Lookup(trial.table).roots(set(counted.values()))
    names = {each.message_id: name for name, each in named.items()}
    return {names[message]: roots[campaign].campaign_id for message, campaign in counted.items()}


def _rows(kind: str, silver: Mapping[str, object], found: Mapping[str, str]) -> Iterator[Row]:
    known = {name: str(group) for name, group in silver.items() if group is not None}
    expected, got = pairs_of(_grouped(known)), pairs_of(_grouped({name: found[name] for name in known if name in found}))
    right = expected & got
    f1 = 2 * len(right) / (len(expected) + len(got)) if expected or got else 1.0
    yield share(kind, "pairs of one campaign found together (recall)", len(right), len(expected))
    yield share(kind, "pairs found together that are of one campaign (precision)", len(right), len(got))
    yield Row(kind, "campaign pairs, F1", round(f1, 4), None, len(expected | got))
    sizes = Counter(found.values())
    yield share(kind, "messages in a campaign", len(found), len(silver), f"{len(sizes)} campaigns; {most_common(sizes, 3)}")


def _grouped(named: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, group in named.items():
        groups[group].append(name)
    return groups.values()
