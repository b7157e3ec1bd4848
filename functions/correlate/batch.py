"""What a batch of the bus's events asks of the correlator: messages to be counted, and campaigns to be taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from casework.aws.queue import queued_event
from casework.campaigns.lookup import Named
from casework.errors import NotOurEvent
from casework.times import parse

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from casework.campaigns.correlator import Correlator

MESSAGES = frozenset({"CaseOpened", "MessageAttached"})
JOINED = "CampaignJoined"


class Asked(NamedTuple):
    """What one event asks for: a message to be counted, or a campaign whose members are to be."""

    message: Named | None = None
    campaign_id: str = ""


def asked(body: str) -> Asked:
    """Read a queue message. Raises ``NotOurEvent`` for anything but an event that names a message or a joined campaign."""
    event = queued_event(body)
    try:
        kind, detail = event["detail-type"], event["detail"]
        if kind == JOINED:
            return Asked(campaign_id=str(detail["campaign_id"]))
        if kind in MESSAGES:
            return Asked(_named(detail))
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurEvent("expected a queue message that holds an event of the case bus") from error
    raise NotOurEvent(f"expected {', '.join(sorted(MESSAGES))} or {JOINED}, got {kind!r}")


def _named(detail: Mapping[str, Any]) -> Named:
    return Named(str(detail["case_id"]), str(detail["message_id"]), parse(detail["occurred_at"]))


@dataclass(slots=True)
class Batch:
    """What the events of one invocation ask for."""

    asked: list[Asked] = field(default_factory=list)

    def correlate(self, correlator: Correlator) -> dict[str, Any]:
        """Do all of it. Returns what it came to, for the log: ids and counts."""
        outcome = correlator.correlate(each.message for each in self.asked if each.message)
        absorbed = [each.campaign_id for each in self.asked if each.campaign_id]
        for campaign_id in absorbed:
            correlator.absorb(campaign_id)
        return {**asdict(outcome), "absorbed": absorbed}

    def try_to_correlate(self, correlator: Correlator, log: Logger) -> dict[str, Any] | None:
        """``correlate``, or ``None`` when it failed and each message must be tried by itself."""
        try:
            return self.correlate(correlator)
        except Exception as error:  # noqa: BLE001
            # One message that cannot be read must not hold back the rest. Whatever was written is not counted again; and
            # the error's text is not logged, because it may quote what a customer wrote.
            log.warning("batch_taken_apart", error=type(error).__name__, messages=len(self.asked))
            return None
