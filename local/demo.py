"""``python -m local demo``: the story of one morning, on the whole system, in one terminal.

The system runs by this machine's clock; the story is shown by its own. Waiting is not waited for: the chaser is told what
time it is.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from local.arrival import Arrival, Record
from local.aws.stack import Backend, Notification, Stack
from local.display import Display
from local.filing import Envelope, verdicts_of
from local.intake import Intake
from local.progress import Progress
from local.scenes import Scene, Turn, story

PUBLIC_URL = "https://support.kujira.example"
LINK = re.compile(re.escape(PUBLIC_URL) + r"(/acknowledge\?token=[\w.~%-]+)")


class StoryBroken(Exception):
    """The system did not do what the story tells; the message says what was missing."""


def run(backend: Backend) -> int:
    """Tell the story. 0 when everything that arrived is accounted for."""
    display = Display()
    with Progress("starting the system on this machine", 1) as starting:
        starting.begin("a few seconds")
        with Stack.start({"PublicUrl": PUBLIC_URL}, backend=backend) as stack:
            starting.clear()
            try:
                return 0 if Storyteller(Intake(stack), display).tell(story()) else 1
            except StoryBroken as broken:
                print(broken, file=sys.stderr)
                return 1


@dataclass
class Storyteller:
    """Plays the story and shows what the system makes of it."""

    intake: Intake
    display: Display
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    """By scene."""
    notifications: list[Notification] = field(default_factory=list)

    def tell(self, happening: tuple[Scene | Turn, ...]) -> bool:
        """Everything, in order, and the account at the end. Returns whether the account closes."""
        start = happening[0].at.astimezone(self.display.zone)
        self.display.heading(f"{start:%A %d %B %Y} at Kujira Exchange (クジラ取引所), Tokyo time", "All names are invented.")
        for each in happening:
            self.display.console.print()
            self.play(each)
        return self.close()

    def play(self, event: Scene | Turn) -> None:
        """One thing that happens."""
        if isinstance(event, Scene):
            self._arrive(event)
        elif event.climbs:
            self._climb(event)
        else:
            self._acknowledge(event)

    def close(self) -> bool:
        """What everybody has before them at the end, and whether nothing was lost."""
        stack = self.intake.stack
        self.display.escalations(stack.items("escalation"))
        self.display.cases(stack.items("case"))
        self.display.held(stack.items("quarantined"))
        return self.display.totals(list(self.arrivals.values()))

    def _arrive(self, scene: Scene) -> None:
        arrival = self.arrivals[scene.name] = hand_in(self.intake, scene)
        self.display.moments.setdefault(arrival.message, scene.at)
        self.display.arrived(arrival, scene.at, scene.says)
        self._hear()

    def _climb(self, turn: Turn) -> None:
        """Tell the chaser that the deadline has come."""
        escalation = self._escalation(turn.climbs)
        self.display.happened(turn.says, turn.at)
        self.intake.stack.tick(datetime.fromisoformat(escalation["due_at"]))
        self.intake.stack.pump()
        after = self._escalation(turn.climbs)
        if after["rung"] <= escalation["rung"]:
            raise StoryBroken(f"The escalation of {turn.climbs} did not climb.")
        self.display.climbed(after)
        self._hear()

    def _acknowledge(self, turn: Turn) -> None:
        """Follow the link as a mail program would, which changes nothing, and then press its button."""
        path = self._link(turn.acknowledges)
        self.display.happened(turn.says, turn.at)
        shown = self.intake.request("GET", path, {})
        if shown.status != 200 or self._escalation(turn.acknowledges).get("acknowledged_at"):
            raise StoryBroken(f"Looking at the link of {turn.acknowledges} answered {shown.status} or acknowledged it.")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        done = self.intake.request("POST", path, form, urlencode({"name": turn.by}).encode())
        after = self._escalation(turn.acknowledges)
        if done.status != 200 or not after.get("acknowledged_at"):
            raise StoryBroken(f"The link of {turn.acknowledges} answered {done.status} and acknowledged nothing.")
        self.display.acknowledged(after)

    def _escalation(self, scene: str) -> Record:
        arrival = self.arrivals[scene]
        if not arrival.escalations:
            raise StoryBroken(f"{scene} raised no escalation.")
        found = self.intake.item(f"CASE#{arrival.case}", f"ESCALATION#{arrival.escalations[0]['escalation']}")
        if found is None:
            raise StoryBroken(f"The escalation of {scene} is not in the table.")
        return found

    def _link(self, scene: str) -> str:
        """The link in the latest notification about a scene's case."""
        case = self.arrivals[scene].case
        found = [match[1] for each in self.notifications if case in each.message and (match := LINK.search(each.message))]
        if not found:
            raise StoryBroken(f"Nobody was told of {scene}.")
        return found[-1]

    def _hear(self) -> None:
        """Show whom the system told; the time in a subject is this machine's and not the story's."""
        for team, each in self.intake.notifications():
            self.notifications.append(each)
            self.display.notified(team, each.subject.partition(" – ")[0])


def hand_in(intake: Intake, scene: Scene) -> Arrival:
    """Put a scene's input into its door."""
    name, raw = scene.file.name, scene.file.read_bytes()
    if not scene.filed:
        return intake.deliver(intake.unfiled(name, raw))[0]
    if scene.file.suffix == ".eml":
        envelope = None if scene.envelope is None else Envelope(sender=scene.envelope)
        return intake.deliver(intake.mail(name, raw, verdicts_of(scene.dmarc), envelope))[0]
    if scene.key:
        return intake.form(name, raw, scene.key)
    return intake.deliver(intake.call(name, raw, scene.metadata))[0]
