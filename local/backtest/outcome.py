"""Everything that a backtest found, as one document: for programs whole, for people in part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from casework.case import Assessment
from casework.policy import Policy
from local.backtest import differences, quality
from local.backtest.judging import Judged
from local.backtest.matters import Matters
from local.backtest.sample import Input

NOT_JUDGED = ("ladders", "duplicates", "campaigns")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read, by which policies it was judged, and what came of it."""

    read: Input
    current: Policy
    candidate: Policy
    judged: Sequence[Judged]
    matters: Matters | None = None
    """What would belong together otherwise; ``None`` where there are no customers who told several things."""

    def document(self) -> dict[str, Any]:
        """Give all of it, as JSON has it. Texts are whole, as stored: redacted, and still what customers wrote."""
        return {
            "versions": {"current": _version(self.current), "candidate": _version(self.candidate)},
            "not_judged": list(self.not_judged),
            "input": self._input(),
            "decisions": [
                {"category": category, "language": language, **asdict(tally)}
                for (category, language), tally in differences.decisions(self.judged).items()
            ],
            "escalations": self._escalations(),
            "severity": {"raised": self.kinds["severity_raised"], "lowered": self.kinds["severity_lowered"]},
            "abstentions": asdict(differences.abstentions(self.judged)),
            "quality": [asdict(each) for each in quality.qualities(self.judged)],
            "agreement": [asdict(each) for each in quality.agreements(self.judged)],
            "changes": _changes(self.judged),
            "stored": self.stored(),
            "matters": self.matters.document() if self.matters else None,
        }

    @property
    def not_judged(self) -> tuple[str, ...]:
        """What the candidate has otherwise, too, and no single text can show: deadlines, and when messages belong together."""
        unseen = (part for part in NOT_JUDGED if part != "duplicates" or not self.matters)
        return tuple(part for part in unseen if getattr(self.current, part, None) != getattr(self.candidate, part, None))

    @property
    def kinds(self) -> Counter[str]:
        """How many texts each kind of change has."""
        return Counter(kind for _, kinds in differences.changed(self.judged) for kind in kinds)

    def _input(self) -> dict[str, Any]:
        samples = self.read.samples
        return {
            "from": self.read.origin,
            "texts": len(samples),
            "labelled": sum(sample.labels.known for sample in samples),
            "learned_from": self.read.learned,
            "stored": sum(sample.stored is not None for sample in samples),
            "other_items": self.read.others,
            "skipped": [asdict(each) for each in self.read.skipped],
        }

    def _escalations(self) -> dict[str, Any]:
        teams = differences.escalations(self.judged).items()
        return {
            **_added(differences.interrupted(self.judged)),
            "moved": self.kinds["escalation_moved"],
            "by_team": [{"team": team, "severity": severity, **_added(tally)} for (team, severity), tally in teams],
        }

    def stored(self) -> dict[str, Any]:
        """Where the table holds another decision than the policy in use makes today, and what may be why."""
        then, shadowed = differences.as_stored(self.judged), differences.as_shadowed(self.judged)
        differing = [each for each, _ in differences.changed(then)]
        held = [each.sample.stored for each in then if each.sample.stored]
        return {
            "messages": len(then),
            "by_this_policy": sum(differences.same_versions(each.before, each.after) for each in then),
            "settled_by_second_reader": sum(each.reread for each in held),
            "choice_not_stored": sum(each.choice_lost for each in held),
            "differ": len(differing),
            "differ_by_this_policy": sum(differences.same_versions(each.before, each.after) for each in differing),
            "changes": _changes(then),
            "shadowed_by_this_candidate": len(shadowed),
            "shadowed_otherwise": sum(1 for _ in differences.changed(shadowed)),
        }


def _version(policy: Policy) -> dict[str, Any]:
    return {"policy": policy.version, "model": policy.model.version, "files": dict(policy.versions)}


def _added(tally: differences.Tally) -> dict[str, int]:
    return {"before": tally.before, "after": tally.after, "added": tally.gained, "dropped": tally.lost}


def _changes(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    return [_change(each, kinds) for each, kinds in differences.changed(judged)]


def _change(judged: Judged, kinds: Sequence[str]) -> dict[str, Any]:
    sample = judged.sample
    return {
        "place": sample.place,
        "language": judged.language,
        "kinds": list(kinds),
        "labels": list(sample.labels.categories),
        "should_escalate": sample.labels.escalates,
        "before": _decision(judged, judged.before),
        "after": _decision(judged, judged.after),
        "text": sample.text,
    }


def _decision(judged: Judged, found: Assessment) -> dict[str, Any]:
    return {
        "category": found.category,
        "abstained": found.abstained,
        "severity": found.severity.value,
        "team": found.team.value,
        "escalates": found.escalates,
        "suspected": found.suspicion.category if found.suspicion else "",
        "confidence": found.confidence,
        "loss": found.facets.get("loss", ""),
        "role": found.facets.get("role", ""),
        "reasons": rules(found),
        "right": quality.right(judged, found),
        "policy": found.policy_version,
        "model": found.model_version,
    }


def rules(found: Assessment) -> list[str]:
    """The rules that spoke, the weightiest for the decision first, each once."""
    return list(dict.fromkeys(reason.rule for reason in found.reasons))
