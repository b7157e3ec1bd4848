"""The terminal: what happens, in words that an analyst can read who has never seen the system before.

Nothing a customer wrote reaches the terminal as it is: control characters could command it, and bidirectional ones could
make it say something else. Colour only where somebody looks; ``NO_COLOR`` and a pipe give plain text.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from casework.case import SUSPECTED
from casework.triage.reasons import MODEL
from local.arrival import OUTCOMES, UNACCOUNTED, Arrival, Record

TOKYO = ZoneInfo("Asia/Tokyo")
"""Where Kujira Exchange keeps its clocks."""
PLAIN_WIDTH = 118
"""Columns when nobody's terminal says otherwise."""
CUES = "cues."
"""How the names of rules begin that are lists of words (``phrases.toml``)."""
REASONS_SHOWN = 3
SUBJECT_WIDTH = 44
"""Most columns of a subject in a table."""
OTHER_COLUMNS = 72
"""What the other columns of a table take beside a subject, and the blanks between them."""
INDENT = 9
"""Columns under which the lines of one message stand: the width of ``09:00  ``."""

STYLES = {
    "critical": "bold red",
    "high": "red",
    "normal": "yellow",
    "low": "green",
    "none": "dim",
    "fraud": "bold red",
    "trust": "bold magenta",
    "identity": "bold cyan",
    "operations": "blue",
    "opened": "bold green",
    "attached": "bold blue",
    "replayed": "dim",
    "quarantined": "bold yellow",
    UNACCOUNTED: "bold white on red",
}
SEVERITIES = ("critical", "high", "normal", "low", "none")
CHANNELS = {"email": "mail", "voice": "call", "web_form": "form"}
OUTCOME_WORDS = {
    "opened": "opened a case",
    "attached": "attached",
    "replayed": "replayed",
    "quarantined": "held",
    UNACCOUNTED: "LOST",
}
TEAMS = {"fraud": "Fraud", "trust": "Trust", "identity": "Identity", "operations": "Operations", "none": "nobody"}
LANGUAGES = {"en": "English", "ja": "Japanese"}
RULES = {"thread": "a reply in its thread", "same_matter": "the same customer's same matter", "replay": "the same delivery again"}


def console(file: IO[str] | None = None) -> Console:
    """A console as wide as its terminal, or ``PLAIN_WIDTH`` columns when there is none."""
    made = Console(file=file or sys.stdout, highlight=False, soft_wrap=False, emoji=False)
    if not made.is_terminal:
        made.width = PLAIN_WIDTH
    return made


def printable(text: str) -> str:
    """The text without what a terminal would obey instead of show, on one line."""
    visible = ("·" if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cs", "Cn"} else each for each in " ".join(text.split()))
    return "".join(visible)


def words(name: str) -> str:
    """A name from the policy as words: ``sim_swap`` -> ``sim swap``."""
    return printable(name).replace("_", " ").replace(".", " ")


def short(identifier: str) -> str:
    """Enough of an id to tell the cases of a morning apart."""
    return identifier[:6]


@dataclass
class Display:
    """Shows what happens as it happens."""

    console: Console = field(default_factory=console)
    zone: ZoneInfo | None = TOKYO
    """``None``: this machine's."""
    moments: dict[str, datetime] = field(default_factory=dict)
    """By message: when it arrives in a story whose clock is not this machine's. What follows from it is shown by that clock."""

    def heading(self, text: str, beneath: str = "") -> None:
        """A title, and one quiet line beneath it."""
        self.console.print()
        self.console.print(Text(printable(text), style="bold"))
        if beneath:
            self.console.print(Text(printable(beneath), style="dim"))

    def note(self, text: str, style: str = "dim") -> None:
        """One line from the narrator."""
        self.console.print(Text(printable(text), style=style))

    def problem(self, text: str) -> None:
        """Something went wrong, in one sentence."""
        self.console.print(Text(printable(text), style="bold red"))

    def arrived(self, arrival: Arrival, at: datetime, says: str = "") -> None:
        """One message: what it is, what became of it and why, whom it interrupts."""
        self._line(_announced(arrival, self.clock(at), says))
        self._under(_became(arrival))
        for each in arrival.escalations:
            self._under(_demand(each, self.clock(self._moment(each["due_at"], each["raised_at"], arrival.message))))

    def happened(self, says: str, at: datetime) -> None:
        """Something happened on our side."""
        self._line(Text(f"{self.clock(at)}  ").append(printable(says)))

    def notified(self, team: str, subject: str) -> None:
        """A team was told."""
        self._under(Text("told ", style="dim").append(_team_named(team)).append(": ").append(printable(subject)))

    def link(self, url: str) -> None:
        """A link of ours, in one piece, to be clicked or copied."""
        self.console.print(Text(" " * INDENT + url), soft_wrap=True)

    def example(self, door: str, where: str, command: str) -> None:
        """A door, and a command to try it by, in one piece."""
        self.console.print(Text(f"{door}  ", style="bold").append(where, style="not bold"))
        self.console.print(Text(f"      {command}", style="dim"), soft_wrap=True)

    def climbed(self, escalation: Record) -> None:
        """Nobody answered in time."""
        due = self.clock(self._moment(escalation["due_at"], escalation["raised_at"], escalation["message_id"]))
        line = Text("climbed", style="bold red").append(f" to rung {int(escalation['rung'])}: ", style="not bold")
        self._under(line.append(f"the next person hears of it and must answer by {due}"))

    def acknowledged(self, escalation: Record) -> None:
        """Somebody took an escalation on."""
        line = Text("acknowledged", style="bold green").append(" by ", style="not bold")
        self._under(
            line.append(printable(escalation["acknowledged_by"])).append(f": {words(escalation['category'])}; the ladder stops")
        )

    def escalations(self, items: Iterable[Record]) -> None:
        """What each team has been asked, worst and earliest first, and who has answered."""
        table = _table("team", "severity", "what", "case", "answer by", "state")
        for item in sorted(items, key=self._urgency):
            table.add_row(*self._escalation_row(item))
        self._table("What the teams are asked", table)

    def cases(self, items: Iterable[Record]) -> None:
        """Each team's cases, in the order of its queue."""
        table = _table("team", "severity", "category", "case", "messages", "opened", "subject")
        for item in sorted(items, key=lambda each: (str(each["queue"] == "none"), _team_rank(each), each["queue_at"])):
            table.add_row(*self._case_row(item))
        self._table("Open cases, as each team's queue shows them", table)

    def held(self, items: Iterable[Record]) -> None:
        """What became no case and waits for a person."""
        table = _table("arrived", "channel", "cause", "subject")
        for item in sorted(items, key=lambda each: str(each["received_at"])):
            at = self.clock(self._moment(item["received_at"], item["received_at"], item["message_id"]))
            table.add_row(at, CHANNELS[item["channel"]], words(item["cause"]), self._clipped(item.get("subject", "")))
        self._table("Held for a person to look at", table)

    def totals(self, arrivals: Sequence[Arrival]) -> bool:
        """The closing account. Returns whether everything received is accounted for."""
        counts = {outcome: sum(each.outcome == outcome for each in arrivals) for outcome in OUTCOMES}
        accounted = sum(counts.values())
        line = Text("received ").append(str(len(arrivals)), style="bold").append(" = ")
        line.append(" + ".join(f"{count} {outcome}" for outcome, count in counts.items()))
        self.console.print()
        if accounted == len(arrivals):
            self.console.print(line.append("   nothing lost", style="bold green"))
            return True
        self.console.print(line.append(f"   {len(arrivals) - accounted} NOT ACCOUNTED FOR", style=STYLES[UNACCOUNTED]))
        return False

    def clock(self, at: datetime) -> str:
        """The time of day where the exchange is."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def _urgency(self, item: Record) -> tuple[int, bool, int, datetime]:
        due = self._moment(item["due_at"], item["raised_at"], item["message_id"])
        return _team_rank(item), bool(item.get("acknowledged_at")), SEVERITIES.index(item["severity"]), due

    def _moment(self, at: str, since: str, message: str) -> datetime:
        told = self.moments.get(message)
        return told + (_instant(at) - _instant(since)) if told else _instant(at)

    def _escalation_row(self, item: Record) -> tuple[Text | str, ...]:
        state = Text("acknowledged", style="green") if item.get("acknowledged_at") else Text("waiting")
        if item.get("rung"):
            state.append(f", rung {int(item['rung'])}")
        due = self.clock(self._moment(item["due_at"], item["raised_at"], item["message_id"]))
        return (_team(item), _severity(item), words(item["category"]), short(item["case_id"]), due, state)

    def _case_row(self, item: Record) -> tuple[Text | str, ...]:
        opened = self.clock(self._moment(item["opened_at"], item["opened_at"], item["opened_by"]))
        subject = self._clipped(item.get("subject", ""))
        category = words(item["category"]) + ("?" if item.get("abstained") else "")
        return (
            _team(item),
            _severity(item),
            category,
            short(item["case_id"]),
            str(int(item["messages"])),
            opened,
            subject,
        )

    def _clipped(self, subject: str) -> Text:
        """As much as fits; a Japanese letter takes two columns."""
        clipped = Text(printable(subject or "-"))
        clipped.truncate(max(8, min(SUBJECT_WIDTH, self.console.width - OTHER_COLUMNS)), overflow="ellipsis")
        return clipped

    def _table(self, title: str, table: Table) -> None:
        if table.row_count:
            self.heading(title)
            self.console.print(table)

    def _line(self, line: Text) -> None:
        self.console.print(line)

    def _under(self, line: Text) -> None:
        for each in line.wrap(self.console, self.console.width - INDENT):
            each.rstrip()
            self.console.print(Text(" " * INDENT).append(each))


def _announced(arrival: Arrival, clock: str, says: str) -> Text:
    channel = CHANNELS.get(arrival.channel, arrival.channel)
    return (
        Text(f"{clock}  ")
        .append(f"{channel}  ", style="bold")
        .append(printable(says or arrival.subject or arrival.file or arrival.reference))
    )


def _became(arrival: Arrival) -> Text:
    line = Text(OUTCOME_WORDS[arrival.outcome], style=STYLES[arrival.outcome])
    tell = {"opened": _opened, "attached": _attached, "replayed": _replayed}.get(arrival.outcome, _not_a_case)
    return tell(line, arrival)


def _opened(line: Text, arrival: Arrival) -> Text:
    line.append(f" {short(arrival.case)}").append(", beside " if arrival.related else "")
    line.append(", ".join(map(short, arrival.related))).append("  ")
    return _assessed(line, arrival)


def _attached(line: Text, arrival: Arrival) -> Text:
    line.append(f" to case {short(arrival.case)}: {_recognised(arrival.duplicate)}")
    if arrival.unverified:
        line.append(", beside the matter, for nobody vouched for the sender", style="yellow")
    return line


def _replayed(line: Text, arrival: Arrival) -> Text:
    known = f" of case {short(arrival.case)}" if arrival.case else ""
    return line.append(f": a delivery{known} that is known already; nothing changes", style="not bold")


def _not_a_case(line: Text, arrival: Arrival) -> Text:
    return line.append(
        f" for a person to look at: {words(arrival.cause)}" if arrival.accounted else f": {printable(arrival.cause)}"
    )


def _assessed(line: Text, arrival: Arrival) -> Text:
    line.append(words(arrival.category) + ("?" if arrival.abstained else ""), style="bold").append(" · ")
    line.append(arrival.severity, style=STYLES.get(arrival.severity, "")).append(" · ")
    line.append(_team_named(arrival.team))
    line.append(f" · {_language(arrival.language)}", style="dim")
    found = dict.fromkeys(map(_reason, arrival.reasons))
    if found:
        line.append(f"  because: {', '.join(list(found)[:REASONS_SHOWN])}", style="dim")
    return line


def _reason(reason: Mapping[str, Any]) -> str:
    """A rule's name says why; of what was learned, and of a list of words, only the words do."""
    rule = str(reason["rule"])
    said = reason["quote"] if rule == MODEL or rule.startswith(CUES) else ""
    return f"“{printable(said)}”" if said else words(rule)


def _recognised(duplicate: Mapping[str, Any] | None) -> str:
    if not duplicate:
        return "recognised"
    evidence = ", ".join(words(str(each)) for each in duplicate["evidence"][:REASONS_SHOWN])
    return RULES.get(duplicate["rule"], words(duplicate["rule"])) + (f" ({evidence})" if evidence else "")


def _demand(escalation: Mapping[str, Any], due: str) -> Text:
    line = Text("escalated", style="bold red").append(" to ", style="not bold")
    line.append(_team_named(escalation["team"]))
    return line.append(f"{_cause(escalation)}, somebody must answer by {due}")


def _cause(escalation: Mapping[str, Any]) -> str:
    cause = escalation["cause"]
    if cause == SUSPECTED:
        return f", for it may be {words(escalation['category'])}"
    return "" if cause == "opened" else f" again: {words(cause)}"


def _language(code: str) -> str:
    return LANGUAGES.get(code, code)


def _team(item: Record) -> Text:
    return _team_named(str(item["team"]))


def _team_named(team: str) -> Text:
    return Text(TEAMS.get(team, team), style=STYLES.get(team, ""))


def _severity(item: Record) -> Text:
    return Text(item["severity"], style=STYLES.get(item["severity"], ""))


def _team_rank(item: Record) -> int:
    return list(TEAMS).index(item["team"]) if item["team"] in TEAMS else len(TEAMS)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
