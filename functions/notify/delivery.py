"""Sending a notification once: a lease in the table before, a mark after.

An event that comes again finds the mark and sends nothing. A notifier that died between lease and mark leaves a lease that
runs out: the next delivery sends, because a team that hears twice is better off than one that never hears. Only that
crash, between the topic's answer and the mark, can repeat a notification.

Of a demand that a campaign answers for nobody hears by itself: the campaign's own demand tells of all of them. What Trust
hears of that may be one of many waits in its queue for a while before it comes here, so that a campaign can be found first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from casework.case import Escalation, Team
from casework.errors import NotificationInFlight, NotOurEvent, Rejected
from casework.links import AcknowledgeLink, sign
from casework.policy import Policy
from casework.records import escalation_key, escalation_of, message_key, notice_key, source_claim, source_key
from casework.table import ABSENT, Change, Conflict, Item, Put, Table
from casework.times import parse, stamp
from functions.notify.wording import compose

LEASE = timedelta(seconds=90)
"""Longer than a function may run, and shorter than its queue waits before it delivers again for the last time."""
LINK_LIFETIME = timedelta(days=3)
"""An escalation older than this is looked at in the queue, not through a link in somebody's mail."""
NOTICE_LIFETIME = timedelta(days=90)


class Post(Protocol):
    """The teams' topics; ``casework.aws.topics.Topics``, and a list in the tests."""

    def send(self, team: Team, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        """Hand a notification over. Raises ``Unavailable``."""


class Told(StrEnum):
    """What came of a wish to notify; the values are the names under which it is logged."""

    SENT = "notification_sent"
    REPEATED = "notification_repeated"
    """Somebody had sent it before."""
    FOLDED = "notification_folded"
    """A campaign answers for the escalation."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an event asks to be told: which escalation, at which rung of its ladder."""

    case_id: str
    escalation_id: str
    team: Team
    rung: int


def queued_event(body: str) -> Wanted:
    """The event in a queue's message. Raises ``NotOurEvent`` for anything but an escalation raised or climbed."""
    try:
        event = json.loads(body)
        if event["detail-type"] not in {"EscalationRaised", "EscalationClimbed"}:
            raise NotOurEvent(f"expected EscalationRaised or EscalationClimbed, got {event['detail-type']!r}")
        return _wanted(event["detail"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise NotOurEvent("expected a queue message that holds an event of the case bus in JSON") from error


def _wanted(detail: Mapping[str, Any]) -> Wanted:
    return Wanted(detail["case_id"], detail["escalation_id"], Team(detail["team"]), int(detail["rung"]))


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells teams, once for each escalation and rung."""

    table: Table
    post: Post
    policy: Policy
    link_key: bytes
    public_url: str

    def notify(self, wanted: Wanted, now: datetime) -> Told:
        """Send, unless it was sent or a campaign answers for it; and say which of these it was.

        Raises ``NotificationInFlight`` while another notifier holds the lease, ``Unavailable`` when the topic does not answer,
        ``Rejected`` when the escalation is not in the table.
        """
        item = self._stored(wanted)
        if "folded_into" in item:
            return Told.FOLDED
        escalation = escalation_of(item)
        if not self._leased(wanted, now):
            return Told.REPEATED
        notice = compose(escalation, wanted.rung, self._extract(escalation), self._link(escalation), self.policy)
        self.post.send(wanted.team, notice.subject, notice.text, _attributes(escalation, wanted.rung))
        sent = {"state": "sent", "sent_at": stamp(now)}
        self.table.write([Change(notice_key(wanted.escalation_id, wanted.rung), set=sent)])
        return Told.SENT

    def _stored(self, wanted: Wanted) -> Item:
        key = escalation_key(wanted.case_id, wanted.escalation_id)
        item = self.table.read([key]).get(key)
        if item is None:
            raise Rejected(f"no escalation {wanted.escalation_id} in case {wanted.case_id}")
        return item

    def _leased(self, wanted: Wanted, now: datetime) -> bool:
        """Whether it is ours to send; ``False`` when it was sent before."""
        key = notice_key(wanted.escalation_id, wanted.rung)
        item = {
            **key._asdict(),
            "kind": "notice",
            "state": "sending",
            "lease_until": stamp(now + LEASE),
            "expires_at": int((now + NOTICE_LIFETIME).timestamp()),
        }
        try:
            self.table.write([Put(item, {"pk": ABSENT})])
        except Conflict:
            return self._taken_over(item, self.table.read([key]).get(key), now)
        return True

    def _taken_over(self, item: Item, held: Item | None, now: datetime) -> bool:
        if held is not None and held["state"] == "sent":
            return False
        if held is None or parse(held["lease_until"]) > now:
            raise NotificationInFlight(item["pk"])
        try:
            self.table.write([Put(item, {"lease_until": held["lease_until"], "state": "sending"})])
        except Conflict as conflict:
            raise NotificationInFlight(item["pk"]) from conflict
        return True

    def _extract(self, escalation: Escalation) -> Item:
        """The message to quote, as stored: redacted. What a person raised is younger than it: its claim says where it is."""
        claim = source_key(escalation.message_id)
        key = message_key(escalation.case_id, escalation.message_id, escalation.raised_at)
        found = self.table.read([key, claim])
        if key not in found and claim in found:
            key = source_claim(found[claim]).message_key
            found = self.table.read([key])
        return found.get(key, {})

    def _link(self, escalation: Escalation) -> str:
        expires = escalation.raised_at + LINK_LIFETIME
        link = AcknowledgeLink(escalation.case_id, escalation.escalation_id, escalation.team, expires)
        return f"{self.public_url.rstrip('/')}/acknowledge?token={sign(link, self.link_key)}"


def _attributes(escalation: Escalation, rung: int) -> dict[str, str]:
    """What subscribers may filter by."""
    return {"team": escalation.team, "severity": escalation.severity, "category": escalation.category, "rung": str(rung)}
