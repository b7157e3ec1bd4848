"""What must be true at the end of every history, from who really wrote what: nothing here asks the code under test.

Only the table's items, its stream, the events, the notifications and the doors' answers are looked at, and compared with the
scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from casework.case import Outcome, Severity
from casework.table import Item
from local.simulation.ledger import TOLD, Ledger, happened, stands_as_told
from local.simulation.scenario import OWNERS, PSEUDONYMS, Writing
from local.simulation.tellings import MATTERS, demanded
from local.simulation.world import LAST_RUNG, World


def violations(world: World) -> tuple[str, ...]:
    """Everything that is wrong, in words; nothing when all is well."""
    seen = _Evidence(world)
    return tuple(wrong for invariant in INVARIANTS for wrong in invariant(seen))


def violations_at_rest(world: World) -> tuple[str, ...]:
    """What is wrong as far as the table's items and the answers tell, for an engine of which nobody saw the stream."""
    seen = _Evidence(world)
    return tuple(wrong for invariant in AT_REST for wrong in invariant(seen))


class _Evidence:
    """A world at rest, arranged for questions."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.of_kind: dict[str, list[Item]] = {kind: [] for kind in _KINDS}
        for item in world.table.items.values():
            self.of_kind.setdefault(item.get("kind", ""), []).append(item)
        self.writings = {writing.message.message_id: writing for writing in world.scenario.writings}
        self.stored = [*self.of_kind["message"], *self.of_kind["quarantined"]]
        self.by_case: dict[str, list[Item]] = {}
        for item in self.of_kind["message"]:
            self.by_case.setdefault(item["case_id"], []).append(item)
        self.case_of = {item["message_id"]: item["case_id"] for item in self.of_kind["message"]}
        self.demands = [item for item in self.of_kind["escalation"] if not item["cause"].startswith("campaign_")]
        self.announced = Counter((event["type"], _subject(event)) for event in world.events)
        self.ledger = Ledger(world.table.stream, self.writings)
        self.cases = {item["case_id"]: item for item in self.of_kind["case"]}
        self.listed: dict[str, list[Item]] = {}
        """Messages that a split has put on another case's list, by that case."""
        for item in self.of_kind["message"]:
            if "split_to" in item:
                self.listed.setdefault(item["split_to"], []).append(item)

    def filed_in(self, case_id: str) -> Iterator[tuple[Item, Writing]]:
        """What is stored in a case."""
        for item in self.by_case.get(case_id, ()):
            if item["message_id"] in self.writings:
                yield item, self.writings[item["message_id"]]

    def shown_in(self, case_id: str) -> Iterator[Writing]:
        """What is stored in a case, or listed in it."""
        for item in (*self.by_case.get(case_id, ()), *self.listed.get(case_id, ())):
            if item["message_id"] in self.writings:
                yield self.writings[item["message_id"]]

    def seen_in(self, case_id: str) -> list[Writing]:
        """What somebody reads who opens a case: its own, and that of the cases that are merged into it."""
        return [each for place in (case_id, *self.cases[case_id].get("holds", ())) for each in self.shown_in(place)]


_KINDS = ("message", "quarantined", "case", "source", "thread", "identity", "escalation", "notice", "campaign", "member")


def everything_received_is_accounted_for(seen: _Evidence) -> Iterator[str]:
    """Nothing is left in a queue, no error escaped, and every message is in exactly one place."""
    world = seen.world
    for name, left in (("door", world.door), ("notify", world.notices), ("correlate", world.sightings)):
        if left:
            yield f"{len(left)} never left the queue of {name}"
    if world.processes:
        yield f"{len(world.processes)} processes never ended"
    yield from (f"error escaped: {error}" for error in world.escaped)
    places = Counter(item["message_id"] for item in seen.stored)
    claims = {item["message_id"] for item in seen.of_kind["source"]}
    for message_id, writing in seen.writings.items():
        if places[message_id] != 1:
            yield f"writing {writing.number} is in {places[message_id]} places"
        if message_id not in claims:
            yield f"writing {writing.number} is not claimed"
    yield from (f"a message that nobody wrote: {message_id}" for message_id in places.keys() - seen.writings.keys())


def what_is_stored_is_what_was_written(seen: _Evidence) -> Iterator[str]:
    """The text, unverified or not, held back or filed; of two renditions the redacted one."""
    for item in seen.stored:
        writing = seen.writings.get(item["message_id"])
        if writing is None or writing.unreadable:
            continue
        texts = {writing.message.text, *([writing.reused.text] if writing.reused else [])}
        if writing.other:
            texts = {writing.other.text}
        if item.get("text") not in texts:
            yield f"writing {writing.number} is stored in other words"
        if (item["kind"] == "quarantined") != writing.held:
            yield f"writing {writing.number} is {item['kind']}"
        if not writing.held and item["unverified"] is writing.authenticated:
            yield f"writing {writing.number}: unverified is {item['unverified']}"
        if writing.other and item["digest"] != writing.other.source.digest:
            yield f"writing {writing.number} keeps the digest of another rendition"


def every_answer_is_true(seen: _Evidence) -> Iterator[str]:
    """A receipt names where its message is and what it demanded; a refusal is for another payload alone."""
    raised = {item["escalation_id"] for item in seen.of_kind["escalation"]}
    became = Counter[int]()
    for answer in seen.world.answers:
        number, receipt = answer.writing.number, answer.receipt
        if receipt is None:
            yield from () if answer.writing.reused else [f"writing {number} was refused"]
            continue
        if receipt.case_id != seen.case_of.get(receipt.message_id, ""):
            yield f"the receipt of writing {number} names another case"
        if receipt.reference != PSEUDONYMS.reference(answer.writing.message.message_id):
            yield f"the receipt of writing {number} has another reference"
        if not raised.issuperset(receipt.escalations):
            yield f"the receipt of writing {number} names an escalation that is not there"
        became[number] += receipt.outcome is not Outcome.REPLAYED
    yield from (f"writing {number} became something {count} times" for number, count in became.items() if count > 1)


def another_payload_is_never_taken_for_the_first(seen: _Evidence) -> Iterator[str]:
    """Who reuses an Idempotency-Key is told so, unless it was theirs that came first."""
    recorded = {item["message_id"]: item["digest"] for item in seen.of_kind["source"]}
    for answer in seen.world.answers:
        digest = answer.message.source.digest
        if answer.receipt and answer.writing.reused and recorded.get(answer.message.message_id) != digest:
            yield f"another payload of writing {answer.writing.number} was taken for it"


def a_case_is_one_customers(seen: _Evidence) -> Iterator[str]:
    """Nobody who is vouched for is in a case with another such; who only claims is in the case of one they named."""
    for case_id in seen.cases:
        filed = seen.seen_in(case_id)
        vouched = {writing.writer for writing in filed if writing.authenticated}
        if len(vouched) > 1:
            yield f"case {case_id} has messages of {sorted(vouched)}"
        named = [{OWNERS[key] for key in writing.names} for writing in filed if not writing.authenticated]
        owners = set.intersection(*named, *([vouched] if vouched else [])) if named else vouched
        if len(filed) > 1 and not owners:
            yield f"case {case_id} has a message of somebody who named no customer of it"


def no_identity_is_anothers(seen: _Evidence) -> Iterator[str]:
    """A customer's identities are theirs, all of them tell the same, and a thread is answered by its case's people alone."""
    by_key = {item["pk"].removeprefix("IDENTITY#"): item for item in seen.of_kind["identity"]}
    for key, item in by_key.items():
        if {OWNERS.get(each) for each in item["keys"]} != {OWNERS.get(key)}:
            yield f"an identity of {OWNERS.get(key)} is linked with somebody else's"
        told = [by_key.get(each) for each in item["keys"]]
        if any(each is None or (each["version"], each.get("cases")) != (item["version"], item.get("cases")) for each in told):
            yield f"the identities of {OWNERS.get(key)} tell different things"
        yield from _remembered(seen, OWNERS.get(key), item)
    remembered = {case["case_id"] for item in by_key.values() for case in item.get("cases", ())}
    forgotten = [case_id for case_id, item in seen.cases.items() if item.get("keys") and case_id not in remembered]
    yield from (f"case {case_id} is remembered by nobody" for case_id in forgotten)
    for thread in seen.of_kind["thread"]:
        filed = list(seen.shown_in(thread["case_id"]))
        people = {writing.writer for writing in filed if writing.authenticated}
        named = {OWNERS[key] for writing in filed for key in writing.names}
        allowed = people or named
        if not {OWNERS[key] for key in thread.get("keys", ())} <= allowed:
            yield f"a thread of case {thread['case_id']} is open to somebody else"


def _remembered(seen: _Evidence, owner: int | None, item: Item) -> Iterator[str]:
    for case in item.get("cases", ()):
        writers = {writing.writer for writing in seen.shown_in(case["case_id"]) if writing.authenticated}
        if not writers <= {owner}:
            yield f"customer {owner} remembers a case of {sorted(writers)}"
        stored = seen.cases[case["case_id"]]
        if any(case.get(name) != stored.get(name) for name in _AGREED):
            yield f"customer {owner} remembers case {case['case_id']} otherwise than it is stored"


_AGREED = ("merged_into", "closed_at", "category", "severity", "team", "messages")


def a_matter_is_one_case(seen: _Evidence) -> Iterator[str]:
    """A customer's one matter has no more cases than there were people who could not be known for the same one."""
    matters = _matters(seen)
    for (writer, (matter, about, later)), writings in matters.items():
        cases = _cases_of(seen, writings)
        if writer in seen.ledger.parted or cases & seen.ledger.corrected.keys():
            continue  # by a person's word they are several people, or the case is another matter
        twins = _cases_of(seen, matters.get((writer, (matter, about, not later)), ()))
        if any(map(seen.ledger.has_kin, twins)) or (later and any(seen.ledger.closings[case_id] for case_id in cases)):
            continue  # a merge has made the same of another month recent, or it was closed a month before it was told again
        cases = {seen.ledger.kin(case_id) for case_id in cases}
        if len(cases) > _most_disjoint([names for writing in writings for names in _known_by(writing, writer)]):
            yield f"{matter} of {about}, told by {writer}{' later' if later else ''}, has {len(cases)} cases"
    for case_id in seen.by_case:
        told = {writing.about for _, writing in seen.filed_in(case_id) if writing.matter and writing.answers < 0}
        own = case_id not in seen.ledger.corrected and not seen.ledger.has_kin(case_id)
        if own and len({(matter, later) for matter, _, later in told}) > 1:
            yield f"case {case_id} is about {sorted(told)}"


def _cases_of(seen: _Evidence, writings: Iterable[Writing]) -> set[str]:
    """Where those are that somebody vouches for."""
    return {seen.case_of.get(writing.message.message_id, "") for writing in writings if writing.authenticated}


def _matters(seen: _Evidence) -> dict[tuple[int, tuple[str, int, bool]], list[Writing]]:
    """By whose name it was told in, and what it is about: the writings that are filed by that, and not as an answer."""
    matters: dict[tuple[int, tuple[str, int, bool]], list[Writing]] = {}
    for writing in seen.writings.values():
        by_itself = writing.matter and writing.answers < 0 and not writing.held
        for owner in sorted({OWNERS[key] for key in writing.names}) if by_itself else ():
            matters.setdefault((owner, writing.about), []).append(writing)
    return matters


def _known_by(writing: Writing, owner: int) -> Iterator[frozenset[str]]:
    """Which of an owner's names a writing shows to be one person's: all of them, or if merely claimed each by itself."""
    names = frozenset(key for key in writing.names if OWNERS[key] == owner)
    yield from [names] if writing.authenticated else (frozenset({key}) for key in sorted(names))


def _most_disjoint(names: list[frozenset[str]]) -> int:
    """How many of them at most have nothing in common, pair by pair."""
    distinct = list(dict.fromkeys(names))
    for size in range(len(distinct), 1, -1):
        for chosen in combinations(distinct, size):
            if all(one.isdisjoint(other) for one, other in combinations(chosen, 2)):
                return size
    return 1


def an_answer_follows_what_it_answers(seen: _Evidence) -> Iterator[str]:
    """A customer who answers a message that was recorded before is in its case; whoever stole its name never is.

    Where commands were given, the ledger knows in which order.
    """
    for writing in seen.writings.values():
        if writing.answers < 0 or seen.ledger.notes:
            continue
        asked = seen.world.scenario.writings[writing.answers]
        own, theirs = (seen.case_of.get(each.message.message_id) for each in (writing, asked))
        known = asked.authenticated and not asked.unreadable and not asked.held
        if writing.after >= 0 and known and own != theirs and asked.names & writing.names and _first_of_its_name(seen, asked):
            yield f"writing {writing.number} answers {asked.number} and is in another case"


def _first_of_its_name(seen: _Evidence, asked: Writing) -> bool:
    """Whether nobody else has written under the same Message-ID."""
    name = asked.message.thread_name
    return not name or sum(each.message.thread_name == name for each in seen.writings.values()) == 1


def a_case_says_what_is_in_it(seen: _Evidence) -> Iterator[str]:
    """It counts its messages, begins with the one that opened it, and every message of a case has a case."""
    for case_id, item in seen.cases.items():
        filed, listed = seen.by_case.get(case_id, []), seen.listed.get(case_id, [])
        if item["messages"] != len(filed):
            yield f"case {case_id} counts {item['messages']} messages and has {len(filed)}"
        first = [each["message_id"] for each in filed if each["outcome"] == "opened"]
        if (item["opened_by"] not in {each["message_id"] for each in listed}) if listed else first != [item["opened_by"]]:
            yield f"case {case_id} was not opened by one message"
        last = max((each["received_at"] for each in (*filed, *listed)), default="")
        if item["last_at"] != last and item["last_at"] not in seen.ledger.corrected.get(case_id, ()):
            yield f"case {case_id} does not know its last message"
        if sorted(item.get("listed", ())) != sorted(each["sk"] for each in listed):
            yield f"case {case_id} lists other messages than were split off to it"
    yield from (f"case {case_id} is nowhere" for case_id in (seen.by_case.keys() | seen.listed.keys()) - seen.cases.keys())


def every_demand_is_made_once(seen: _Evidence) -> Iterator[str]:
    """What a telling demands has been demanded in its case, at least as severely; nothing is demanded twice, or of nobody."""
    for case_id in seen.by_case:
        every = [item for item in seen.demands if item["case_id"] == case_id]
        raised = [item for item in every if item["cause"] != "reclassified"]
        wanted = {
            severity for _, writing in seen.filed_in(case_id) if (severity := demanded(writing.matter, writing.message.text))
        }
        if wanted and not any(Severity(item["severity"]).rank <= min(each.rank for each in wanted) for item in every):
            yield f"case {case_id} demands {sorted(wanted)} and has {[item['severity'] for item in raised]}"
        facts = {writing.about for _, writing in seen.filed_in(case_id) if demanded(writing.matter, writing.message.text)}
        if len(raised) > max(0, len(wanted) + len(facts) - 1) * (1 + seen.ledger.closings[case_id]):
            yield f"case {case_id} has {len(raised)} escalations for {len(wanted)} severities and {len(facts)} facts"
    for item in seen.demands:
        if seen.case_of.get(item["message_id"]) != item["case_id"] and item["cause"] != "reclassified":
            yield f"escalation {item['escalation_id']} is not in the case of its message"
    twice = Counter(item["escalation_id"] for item in seen.of_kind["escalation"])
    yield from (f"escalation {name} exists {count} times" for name, count in twice.items() if count > 1)


def everything_was_announced(seen: _Evidence) -> Iterator[str]:
    """Every case, attachment, quarantine, escalation, rung and acknowledgement at least once, and nothing else."""
    wanted = set(_to_be_announced(seen))
    told = set(seen.announced)
    yield from (f"never announced: {kind} {subject}" for kind, subject in sorted(wanted - told))
    yield from (f"announced without cause: {kind} {subject}" for kind, subject in sorted(told - wanted) if kind in _TOLD)


_TOLD = {
    "CaseOpened",
    "MessageAttached",
    "MessageQuarantined",
    "EscalationRaised",
    "EscalationClimbed",
    "EscalationAcknowledged",
    "CampaignOpened",
    "CaseClosed",
    "CaseReopened",
    *TOLD.values(),
}


def _subject(event: Mapping[str, Any]) -> str:
    if event["type"].startswith("Campaign"):
        return str(event["campaign_id"])
    if event["type"].startswith("Escalation"):
        rung = f" {event['rung']}" if event["type"] == "EscalationClimbed" else ""
        return f"{event['escalation_id']}{rung}"
    if event["type"] in {"CaseClosed", "CaseReopened"}:
        return happened(event)
    name = "command_id" if "command_id" in event else "case_id" if event["type"] == "CaseOpened" else "message_id"
    return str(event[name])


def _to_be_announced(seen: _Evidence) -> Iterator[tuple[str, str]]:
    yield from seen.ledger.announced
    yield from (("CaseOpened", item["case_id"]) for item in seen.of_kind["case"])
    yield from (("MessageAttached", item["message_id"]) for item in seen.of_kind["message"] if item["outcome"] == "attached")
    yield from (("MessageQuarantined", item["message_id"]) for item in seen.of_kind["quarantined"])
    yield from (("CampaignOpened", item["campaign_id"]) for item in seen.of_kind["campaign"])
    for item in seen.of_kind["escalation"]:
        yield "EscalationRaised", item["escalation_id"]
        yield from (("EscalationClimbed", f"{item['escalation_id']} {rung}") for rung in range(1, item["rung"] + 1))
        if "acknowledged_at" in item:
            yield "EscalationAcknowledged", item["escalation_id"]


def a_ladder_is_climbed_rung_by_rung(seen: _Evidence) -> Iterator[str]:
    """By the stream: never early, never twice, never after an answer; at the end it was answered or climbed to its end."""
    for key, before, after in seen.world.table.stream:
        if after.get("kind") != "escalation" or before is None:
            continue
        name = key.sk
        if "suspended" in before or "suspended" in after:
            yield from _left_the_deadlines(name, before, after)
            continue
        if "acknowledged_at" in before:
            yield f"{name} was changed after it was acknowledged"
        yield from _climbed(name, before, after)
    for item in seen.of_kind["escalation"]:
        if "suspended" in item and item["suspended"] != seen.cases[item["case_id"]].get("merged_into"):
            yield f"{item['escalation_id']} waits for case {item['suspended']}, into which its case is not merged"
        if "acknowledged_at" not in item and ("due" in item or (item["rung"] != LAST_RUNG and "suspended" not in item)):
            yield f"{item['escalation_id']} rests on rung {item['rung']} unanswered"
        if "acknowledged_at" in item and "due" in item:
            yield f"{item['escalation_id']} is acknowledged and still due"


def _climbed(name: str, before: Item, after: Item) -> Iterator[str]:
    climbed = after["rung"] - before["rung"]
    if climbed not in {0, 1}:
        yield f"{name} went from rung {before['rung']} to {after['rung']}"
    if climbed and (after["climbed_at"] < before["due_at"] or "due" not in before):
        yield f"{name} climbed before its time"
    if not climbed and "acknowledged_at" not in after:
        yield f"{name} was written over"


def _left_the_deadlines(name: str, before: Item, after: Item) -> Iterator[str]:
    """By a merge an escalation stops, and by its end it is due again: nothing else of it changes, but that it is answered."""
    changed = {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}
    stops, answered = "suspended" not in before, "acknowledged_at" in changed
    if stops and ("due" not in before or "due" in after):
        yield f"{name} was suspended although it was not due"
    if not stops and "suspended" not in after and ("due" in after) == ("acknowledged_at" in before):
        yield f"{name} is due again although it was answered, or is not although it was not"
    if not changed <= ({"acknowledged_at", "acknowledged_by"} if answered and not stops else {"suspended", "due"}):
        yield f"{name} changed its {sorted(changed)} while it was suspended"


def every_command_was_obeyed_once(seen: _Evidence) -> Iterator[str]:
    """Nothing was done that should have been refused; whoever was told that it is done, it is, once; all is as told."""
    yield from seen.ledger.wrong
    yield from stands_as_told(seen.ledger, seen.cases)
    if seen.world.orders:
        yield f"{len(seen.world.orders)} commands were never answered"
    told: dict[str, list[Mapping[str, Any]]] = {}
    for each in seen.world.commanded:
        told.setdefault(each.given.get("id", ""), []).append(each.answer.as_json())
    for command_id, answers in told.items():
        done = [each for each in answers if each["outcome"] == "done"]
        if command_id and seen.ledger.notes[command_id] != bool(done):
            yield f"command {command_id} was obeyed {seen.ledger.notes[command_id]} times and answered {answers}"
        if command_id and any(each != done[0] for each in done):
            yield f"command {command_id} was answered differently"
    for each in seen.world.commanded:
        yield from _answered(seen, each.given, each.answer.as_json(), each.began)


def _answered(seen: _Evidence, given: Mapping[str, Any], answer: Mapping[str, Any], began: int) -> Iterator[str]:
    """Whether what was said to be done was done by that very command, and was not undone before it was given."""
    if answer["outcome"] != "done":
        return
    if seen.ledger.notes[answer["id"]] == 0 or ("id" not in given and seen.ledger.undone.get(answer["id"], began) < began):
        yield f"command {answer['id']} is done, it was said, and is not"
    if (answer["command"], answer.get("case")) != (given["command"], given.get("case")):
        yield f"{given['command']} was answered what {answer['command']} was: {answer['id']}"


def an_acknowledgement_holds(seen: _Evidence) -> Iterator[str]:
    """Whoever was told that they acknowledged is the one in the table; whoever was told anything, it is acknowledged."""
    stored = {item["escalation_id"]: item for item in seen.of_kind["escalation"]}
    for told in seen.world.acknowledged:
        by = stored.get(told.escalation_id, {}).get("acknowledged_by")
        if by is None or (told.ours and by != told.by):
            yield f"{told.by} was told that {told.escalation_id} was answered; it says {by}"


def every_rung_is_told_once(seen: _Evidence) -> Iterator[str]:
    """A team hears of every rung, and a second time only if a notifier was interrupted after it had sent."""
    world = seen.world
    for item in seen.of_kind["escalation"]:
        for rung in range(item["rung"] + 1):
            name = f"{item['escalation_id']} {rung}"
            if not world.sent[name] and "folded_into" not in item:  # a campaign tells of it
                yield f"nobody was told of {name}"
            if world.sent[name] > 1 + world.interrupted[name]:
                yield f"{name} was told {world.sent[name]} times"
    unsaid = [item["pk"] for item in seen.of_kind["notice"] if item["state"] != "sent"]
    yield from (f"{place} was never marked as sent" for place in unsaid)


def the_stream_tells_no_lie_of_messages(seen: _Evidence) -> Iterator[str]:
    """A message is written once, and after that only its rendition changes; what was claimed stays claimed."""
    for key, before, after in seen.world.table.stream:
        if before is None:
            continue
        if after.get("kind") == "message" and any(before.get(each) != after.get(each) for each in _LASTING):
            yield f"{key.sk} was written over"
        if after.get("kind") == "source" and any(
            before.get(each) != after.get(each) for each in ("case_id", "outcome", "received_at")
        ):
            yield f"{key.pk} was claimed again"
        if after.get("kind") == "thread" and not _is_of_a_split(seen, before, after):
            yield f"{key.pk} was taken over"
        if after.get("kind") == "case" and any(
            before.get(each) != after.get(each) for each in ("opened_by", "opened_at", "language", "listed")
        ):
            yield f"{key.pk} was opened again"


def _is_of_a_split(seen: _Evidence, before: Item, after: Item) -> bool:
    """Whether a thread leads to a case that was split off the one it led to, and is open to the same people."""
    return before.get("keys") == after.get("keys") and seen.cases[after["case_id"]].get("split_from") == before["case_id"]


_LASTING = ("message_id", "case_id", "outcome", "received_at", "unverified", "escalations", "related")


def a_campaign_counts_each_once(seen: _Evidence) -> Iterator[str]:
    """Everybody's attack is one campaign, of exactly those who told of it; Trust has heard of it as often as it grew."""
    if not seen.world.scenario.correlates:
        return
    told = [each for each in seen.writings.values() if each.matter and MATTERS[each.matter].everybodys and not each.held]
    attack = {each.message.message_id for each in told}
    going_on = []
    for item in seen.of_kind["campaign"]:
        if item["status"] != "open":
            continue
        members = [
            each for each in seen.of_kind["member"] if each["campaign_id"] in {item["campaign_id"], *item.get("joined", ())}
        ]
        going_on += [item] if any(attack.intersection(each["messages"]) for each in members) else []
        counted = Counter(name for each in members for name in each["messages"])
        if item["messages"] != len(counted) or sum(counted.values()) != len(counted):
            yield f"campaign {item['campaign_id']} counts {item['messages']} messages; {dict(counted)}"
        yield from _counted_apart(seen, item)
        slots = {each["slot"] for each in members if not each["slot"].startswith("case.")}
        if item.get("customers", 0) != len(slots):
            yield f"campaign {item['campaign_id']} counts {item.get('customers', 0)} customers, not {len(slots)}"
    customers = {each.writer for each in told if each.authenticated}
    if len(customers) > 1:
        if len(going_on) != 1:
            yield f"{len(going_on)} campaigns for one attack on {len(customers)} customers"
        elif going_on[0]["messages"] != len(told):
            yield f"the campaign counts {going_on[0]['messages']} of {len(told)} messages"


def _counted_apart(seen: _Evidence, campaign: Item) -> Iterator[str]:
    """No customer is counted a second time by a correlator that began when their names were known to be one person's."""
    counted: list[str] = []
    prefix = f"MEMBER#{campaign['campaign_id']}#"
    wrote = [(place, process) for process in seen.world.counting for each in process.wrote for place in each]
    for place, process in sorted(wrote, key=lambda each: each[0]):
        key, before, after = seen.world.table.stream[place]
        if before is None and key.pk.startswith(prefix):
            linked = seen.ledger.linked_when(after["slot"], process.began)
            if linked.intersection(counted):
                yield f"campaign {campaign['campaign_id']} counts a customer twice who was known by {sorted(linked)}"
            counted.append(after["slot"])


AT_REST = (
    everything_received_is_accounted_for,
    what_is_stored_is_what_was_written,
    every_answer_is_true,
    another_payload_is_never_taken_for_the_first,
    a_case_is_one_customers,
    no_identity_is_anothers,
    a_matter_is_one_case,
    an_answer_follows_what_it_answers,
    a_case_says_what_is_in_it,
    every_demand_is_made_once,
    an_acknowledgement_holds,
)
INVARIANTS = (
    *AT_REST,
    everything_was_announced,
    a_ladder_is_climbed_rung_by_rung,
    every_command_was_obeyed_once,
    every_rung_is_told_once,
    the_stream_tells_no_lie_of_messages,
    a_campaign_counts_each_once,
)
