"""What a backtest found, for people: what would change, by how much, and the texts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from casework.case import Assessment
from casework.policy import Policy
from local.backtest import differences, quality
from local.backtest.differences import KINDS, Tally
from local.backtest.judging import Judged
from local.backtest.matters import Matters, Moved
from local.backtest.outcome import Outcome, rules
from local.backtest.quality import Figures, Quality
from local.backtest.sample import Labels, Skipped
from local.display import STYLES, TEAMS, printable, words

SKIPPED_SHOWN = 20
RULES_SHOWN = 5
INDENT = "     "
HEADINGS = {
    "escalation_dropped": "Escalations dropped",
    "escalation_moved": "Escalations that go to another team",
    "escalation_added": "Escalations added",
    "severity_lowered": "Severity lowered",
    "severity_raised": "Severity raised",
    "abstains_now": "Decided before, left to a person now",
    "decides_now": "Left to a person before, decided now",
    "category_changed": "Decided otherwise",
    "owner_changed": "Another owner",
}
MOVES = {
    "joined": "Would join a case, and opened one",
    "parted": "Would open a case, and joined one",
    "elsewhere": "Would join another case",
}
STORED = {
    "by_this_policy": "were decided by this policy and model",
    "differ_by_this_policy": "differ although they were decided by this policy and model",
    "settled_by_second_reader": "were settled by a second reader, whom a backtest does not ask",
    "choice_not_stored": "are judged without the choice that the customer made in a form: it is not stored",
    "shadowed_by_this_candidate": "were judged by this candidate when they came in",
    "shadowed_otherwise": "were judged otherwise by this candidate when they came in",
}
"""What is said of stored decisions, where there are any."""
OVERALL = (quality.ESCALATIONS, quality.MACRO)
Groups = Mapping[str, Sequence[Judged]]


class Report:
    """Prints an outcome. At most ``texts`` texts are listed beneath each heading."""

    def __init__(self, console: Console, texts: int) -> None:
        self._console = console
        self._texts = texts

    def show(self, outcome: Outcome) -> None:
        """Print all of it: what was compared, the counts that move, the figures that move, the texts."""
        self._compared(outcome)
        self._skipped(outcome.read.skipped)
        self._counted(outcome)
        self._decisions(differences.decisions(outcome.judged))
        self._escalations(differences.escalations(outcome.judged))
        self._quality(list(quality.qualities(outcome.judged)))
        self._listed(_grouped(outcome.judged), ("was", "now"))
        if outcome.matters:
            self._matters(outcome.matters)
        self._stored(outcome)

    def _compared(self, outcome: Outcome) -> None:
        samples = outcome.read.samples
        labelled = sum(sample.labels.known for sample in samples)
        self._say(f"{len(samples)} texts, {labelled} of them labelled, from {outcome.read.origin}", style="bold")
        if outcome.read.learned:
            self._say(
                f"{outcome.read.learned} of them are examples that training learns from: no measure of new texts", style="yellow"
            )
        table = _table("", "policy", "model")
        table.add_row("in use", outcome.current.version, outcome.current.model.version)
        table.add_row("candidate", outcome.candidate.version, outcome.candidate.model.version)
        self._console.print(table)
        if _same(outcome.current, outcome.candidate):
            self._say("The candidate is the policy in use.", style="yellow")
        if outcome.not_judged:
            self._say(
                f"Its {', '.join(outcome.not_judged)} differ, too; a backtest cannot show what that changes.", style="yellow"
            )

    def _skipped(self, skipped: Sequence[Skipped]) -> None:
        if not skipped:
            return
        self._heading(f"{len(skipped)} could not be judged")
        for each in skipped[:SKIPPED_SHOWN]:
            self._line(Text(f"{printable(each.place)}: {printable(each.why)}"))
        if len(skipped) > SKIPPED_SHOWN:
            self._say(f"and {len(skipped) - SKIPPED_SHOWN} more")

    def _counted(self, outcome: Outcome) -> None:
        """Say the totals, a line each."""
        kinds = outcome.kinds
        different = sum(1 for _ in differences.changed(outcome.judged))
        would = f"{different} of {len(outcome.judged)} texts would be decided otherwise"
        self._heading(would if different else "Nothing would change")
        total, open_ = differences.interrupted(outcome.judged), differences.abstentions(outcome.judged)
        moved = f", {kinds['escalation_moved']} to another team" if kinds["escalation_moved"] else ""
        self._say(f"escalations  {total.before} -> {total.after}: {total.gained} added, {total.lost} dropped{moved}")
        self._say(f"severity     {kinds['severity_raised']} raised, {kinds['severity_lowered']} lowered")
        self._say(f"abstentions  {open_.before} -> {open_.after}: {open_.gained} new, {open_.lost} settled")
        for each in quality.agreements(outcome.judged):
            changes = f"{each.mended} wrong -> right, {each.broken} right -> wrong"
            self._say(f"{each.measure:<12} right for {each.before} -> {each.after} of {each.of}: {changes}")

    def _decisions(self, tallies: Mapping[differences.Key, Tally]) -> None:
        table = _table("category", "language", "before", "after", "gained", "lost")
        for (category, language), tally in tallies.items():
            if tally.moves:
                table.add_row(words(category), language, *_counts(tally))
        self._table("Decisions that move", table)

    def _escalations(self, tallies: Mapping[differences.Key, Tally]) -> None:
        table = _table("team", "severity", "before", "after", "added", "dropped")
        for (team, severity), tally in tallies.items():
            if tally.moves or tally.before != tally.after:
                table.add_row(_team(team), Text(severity, style=STYLES.get(severity, "")), *_counts(tally))
        self._table("Escalations that move", table)

    def _quality(self, measured: Sequence[Quality]) -> None:
        table = _table("measure", "language", "texts", "precision", "recall", "F1")
        overall = [each for each in measured if each.measure in OVERALL]
        moving = [each for each in measured if each.measure not in OVERALL and each.language == quality.ALL]
        for each in (*overall, *moving):
            if each.before != each.after or each.measure in OVERALL:
                table.add_row(words(each.measure), each.language, str(each.of), *_figures(each.before, each.after))
        self._table("By the labels: escalations, categories on average, and every category whose figures move", table)

    def _matters(self, matters: Matters) -> None:
        """Say what would belong together, beside what people said of it."""
        self._heading(f"{matters.messages} messages of {matters.customers} customers, told once more")
        self._say(f"cases        {matters.cases_before} -> {matters.cases_after}")
        for what, said in (("one matter", matters.one_matter), ("two matters", matters.two_matters)):
            self._say(f"{what:<12} people said so of {said.of} pairs; in one case of these {said.before} -> {said.after}")
        for sentence in matters.rates:
            self._say(sentence)
        self._say(f"as stored    {matters.as_stored} messages are where the policy in use puts them today", style="dim")
        for kind, heading in MOVES.items():
            self._moves([each for each in matters.moved if each.kind == kind], heading)

    def _moves(self, moved: Sequence[Moved], heading: str) -> None:
        if moved:
            rest = f", {self._texts} shown" if len(moved) > self._texts else ""
            self._heading(f"{heading} ({len(moved)}{rest})")
        for each in moved[: self._texts]:
            place = Text(f"{printable(each.told.sample.place)}  ", style="dim")
            self._line(place.append(printable(each.told.sample.text), style="not dim"))
            for side, opener in (("was", each.before), ("now", each.after)):
                alone = opener.message_id == each.told.message_id
                self._line(
                    Text(f"{INDENT}{side}  {'a case of its own' if alone else printable(opener.sample.text)}", style="dim")
                )

    def _stored(self, outcome: Outcome) -> None:
        """Say where the table holds another decision than the policy in use would make today."""
        told = outcome.stored()
        if not told["messages"]:
            return
        self._heading(f"{told['differ']} of {told['messages']} stored decisions are not what the policy in use decides today")
        for name, sentence in STORED.items():
            if told[name]:
                self._say(f"{told[name]} {sentence}")
        self._listed(_grouped(differences.as_stored(outcome.judged)), ("then", "today"))

    def _listed(self, groups: Groups, sides: tuple[str, str]) -> None:
        for kind, judged in groups.items():
            shown = judged[: self._texts]
            rest = f", {len(shown)} shown" if len(shown) < len(judged) else ""
            self._heading(f"{HEADINGS[kind]} ({len(judged)}{rest})")
            for each in shown:
                self._text(each, sides)

    def _text(self, judged: Judged, sides: tuple[str, str]) -> None:
        place = Text(f"{printable(judged.sample.place)}  {judged.language}  ", style="dim")
        self._line(place.append(printable(judged.sample.text), style="not dim"))
        width = max(map(len, sides))
        for side, found in zip(sides, (judged.before, judged.after), strict=True):
            self._line(Text(f"{INDENT}{side:<{width}}  ").append_text(_decision(judged, found)))
        if judged.sample.labels.known:
            self._line(Text(f"{INDENT}{_labelled(judged.sample.labels)}", style="dim"))

    def _heading(self, text: str) -> None:
        self._console.print()
        self._line(Text(printable(text), style="bold"))

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))

    def _line(self, line: Text) -> None:
        """Print one line; what does not fit is cut."""
        line.truncate(self._console.width, overflow="ellipsis")
        self._console.print(line, no_wrap=True)

    def _table(self, title: str, table: Table) -> None:
        if table.row_count:
            self._heading(title)
            self._console.print(table)


def _same(current: Policy, candidate: Policy) -> bool:
    return (current.version, current.model.version) == (candidate.version, candidate.model.version)


def _grouped(judged: Iterable[Judged]) -> Groups:
    """Every text once, beneath the gravest of its changes; texts that change alike side by side."""
    groups: dict[str, list[Judged]] = {kind: [] for kind in KINDS}
    for each, kinds in differences.changed(judged):
        groups[kinds[0]].append(each)
    return {kind: sorted(part, key=_alike) for kind, part in groups.items() if part}


def _alike(judged: Judged) -> tuple[str, str, str]:
    return judged.before.category, judged.after.category, judged.language


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        counted = name in {"before", "after", "gained", "lost", "added", "dropped", "texts", "precision", "recall", "F1"}
        table.add_column(name, justify="right" if counted else "left", no_wrap=True)
    return table


def _counts(tally: Tally) -> Iterator[str]:
    yield from (str(tally.before), str(tally.after))
    yield f"+{tally.gained}" if tally.gained else ""
    yield f"-{tally.lost}" if tally.lost else ""


def _figures(before: Figures, after: Figures) -> Iterator[str]:
    for was, now in zip(_three(before), _three(after), strict=True):
        yield was if was == now else f"{was} -> {now}"


def _three(figures: Figures) -> tuple[str, ...]:
    return tuple("-" if each is None else f"{each:.3f}" for each in (figures.precision, figures.recall, figures.f1))


def _team(name: str) -> Text:
    return Text(TEAMS.get(name, name), style=STYLES.get(name, ""))


def _labelled(labels: Labels) -> str:
    told = {None: "", True: "a team must be told", False: "no team need be told"}[labels.escalates]
    return "labelled " + ", ".join(filter(None, (*map(words, labels.categories), told)))


def _alarm(found: Assessment) -> str:
    return f"tells {found.suspicion.team} of a possible {words(found.suspicion.category)}" if found.suspicion else "escalates"


def _decision(judged: Judged, found: Assessment) -> Text:
    line = Text(words(differences.decided(found)), style="bold").append(" · ", style="not bold")
    line.append(found.severity.value, style=f"not bold {STYLES.get(found.severity.value, '')}").append(" · ", style="not bold")
    line.append_text(_team(found.team.value))
    if found.escalates:
        line.append(f" · {_alarm(found)}", style="not bold red")
    if (is_right := quality.right(judged, found)) is not None:
        line.append(" · right" if is_right else " · wrong", style="not bold green" if is_right else "not bold yellow")
    because = ", ".join(map(printable, islice(rules(found), RULES_SHOWN)))
    return line.append(f"  because: {because}" if because else "", style="not bold dim")
