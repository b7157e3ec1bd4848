"""Protocols that are wrong in one place: each condition dropped, each order changed, each retry removed.

A simulation that cannot tell them from the one that ships proves nothing. A mutant says what it changes in the code that
ships, word by word; when those words are no longer there it is stale, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.simulation.rewriting import rewritten


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong protocol. ``breaks`` says what goes wrong in the world."""

    name: str
    breaks: str
    where: str
    old: str
    new: str
    also: tuple[str, str] = ("", "")
    """What else it says there, old and new."""

    @contextmanager
    def alive(self) -> Iterator[None]:
        """While this lasts, the protocol is wrong. Raises ``Stale``."""
        changes = [(self.old, self.new), self.also] if self.also[0] else [(self.old, self.new)]
        with rewritten(self.where, changes):
            yield


DECISION, DESK, DUPLICATES = "casework.decision", "casework.desk", "casework.duplicates"
ESCALATION, NOTIFY, STREAM, BUS = (
    "casework.escalation",
    "functions.notify.delivery",
    "functions.publish.stream",
    "casework.aws.bus",
)
RECORDS, EVENTS, IDENTITY, CUSTOMERS = "casework.records", "casework.events", "casework.identity", "casework.customers"

MUTANTS = (
    # --- the desk: conditions ----------------------------------------------------------------------------------------
    Mutant(
        "source claim without condition",
        "Two deliveries of one message at the same instant both record it.",
        f"{DECISION}:_claim",
        'Put(source_item(message, receipt), {"pk": ABSENT})',
        "Put(source_item(message, receipt))",
    ),
    Mutant(
        "customer without version",
        "Of two messages at the same instant the later one wins: the other's case is forgotten, and the next opens another.",
        f"{DECISION}:Rules._remember",
        '{"version": customer.version} if customer.version else {"pk": ABSENT}',
        "{}",
    ),
    Mutant(
        "new customer without condition",
        "Two first messages of one customer at the same instant open two cases.",
        f"{DECISION}:Rules._remember",
        'else {"pk": ABSENT}',
        "else {}",
    ),
    Mutant(
        "known customer without condition",
        "A message that meets another one of its customer overwrites what that one left.",
        f"{DECISION}:Rules._remember",
        '{"version": customer.version} if customer.version',
        "{} if customer.version",
    ),
    Mutant(
        "only the first identity on condition",
        "An identity that somebody else has just written is overwritten: a customer's identities tell different things.",
        f"{DECISION}:Rules._remember",
        "yield from (Put(identity_item(key, after), expect) for key in customer.keys)",
        "yield from (Put(identity_item(key, after), expect if key == owners[0].keys[0] else {}) for key in customer.keys)",
    ),
    Mutant(
        "only the first identity remembers",
        "A customer who comes by another of their names is not known by it.",
        f"{DECISION}:Rules._remember",
        "for key in customer.keys)",
        "for key in customer.keys[:1])",
    ),
    Mutant(
        "thread claim without condition",
        "Whoever sends a mail under a known Message-ID takes its thread over.",
        f"{DECISION}:_log",
        '(Put(thread_item(name, claim), {"pk": ABSENT})',
        "(Put(thread_item(name, claim))",
        also=("if known.own_thread or not contact.thread", "if not contact.thread"),
    ),
    Mutant(
        "rendition without condition",
        "A second delivery of the redacted rendition is not noticed; a stored one is rewritten by chance.",
        f"{DECISION}:_is_preferred",
        "message.redacted and not claim.redacted",
        "not message.redacted or not claim.redacted",
    ),
    Mutant(
        "attached without the customer's version",
        "Two messages that join a case at the same instant do not know of each other: both escalate, or one is not counted.",
        f"{DECISION}:Rules._attached",
        "memory = self._remember(owners, after) if match.recalled else ()",
        "memory = ()",
    ),
    Mutant(
        "a message is not counted",
        "A case says that it has fewer messages than it has.",
        f"{DECISION}:_one_more",
        'add={"messages": 1}',
        "add={}",
    ),
    Mutant(
        "public references lead nowhere",
        "A customer who answers by the reference of a receipt opens another case.",
        f"{DECISION}:_log",
        "names = [contact.own_reference] if",
        "names = [] if",
    ),
    Mutant(
        "a case without condition",
        "Nothing, as long as its message's claim has one: the two are written together, and a case's id is its first message's.",
        f"{DECISION}:Rules._opened",
        'put = Put(item, {"pk": ABSENT})',
        "put = Put(item)",
    ),
    Mutant(
        "an escalation without condition",
        "Nothing, as long as its message's claim has one: the two are written together, and its id is its message's.",
        f"{DECISION}:_log",
        'Put(escalation_item(escalation), {"pk": ABSENT})',
        "Put(escalation_item(escalation))",
    ),
    # --- the desk: orders and retries --------------------------------------------------------------------------------
    Mutant(
        "no second attempt",
        "A message that loses a race is answered as if it had won: it is recorded nowhere.",
        f"{DESK}:Desk._settle",
        "self.pause(lost)",
        "return decision.receipt",
    ),
    Mutant(
        "nothing is read again",
        "A message that lost a race is decided again on what was true before, until its attempts are used up.",
        f"{DESK}:Desk._settle",
        "decision = decide(lost)",
        "decision = decide(0) if not lost else decision",
    ),
    Mutant(
        "written one by one",
        "A desk that dies between two writes leaves a claim without its message, or a case without its claim.",
        f"{DESK}:Desk._settle",
        "self.table.write(decision.writes)",
        "[self.table.write([each]) for each in decision.writes]",
    ),
    Mutant(
        "claimed first",
        "A desk that dies after the claim has swallowed the message: its next delivery is taken for a replay.",
        f"{DESK}:Desk._settle",
        "self.table.write(decision.writes)",
        "(self.table.write([each for each in decision.writes if each.key.sk == 'SOURCE']),"
        " self.table.write([each for each in decision.writes if each.key.sk != 'SOURCE']))",
    ),
    Mutant(
        "claimed last",
        "A desk that dies before the claim records the message again with its next delivery.",
        f"{DESK}:Desk._settle",
        "self.table.write(decision.writes)",
        "(self.table.write([each for each in decision.writes if each.key.sk != 'SOURCE']),"
        " self.table.write([each for each in decision.writes if each.key.sk == 'SOURCE']))",
    ),
    Mutant(
        "answered before it is written",
        "A sender has a receipt for a message that the table has never seen.",
        f"{DESK}:Desk._settle",
        "except Conflict:",
        "except Exception:",
        also=("self.pause(lost)", "return decision.receipt"),
    ),
    Mutant(
        "replays are not recognised",
        "Every delivery of a message is decided as if it were the first.",
        f"{DECISION}:Rules.decide",
        "if known.source:",
        "if known.source and known.source.outcome.value == 'quarantined':",
    ),
    Mutant(
        "replay by id alone",
        "Another payload under a used Idempotency-Key is answered as if it had been taken.",
        f"{DECISION}:Rules.replayed",
        "if claim.digest != message.source.digest and",
        "if not claim and",
    ),
    Mutant(
        "the first rendition stays",
        "A call's original that came first keeps the personal data its redacted rendition leaves out.",
        f"{DECISION}:Rules._again",
        "if not _is_preferred(contact.message, claim):",
        "if True:",
    ),
    Mutant(
        "a rendition opens a case",
        "Two renditions of one call are two messages.",
        "casework.message:Source.message_id",
        "{self.channel}\\n{self.name}",
        "{self.channel}\\n{self.name}\\n{self.digest}",
    ),
    # --- recognition -------------------------------------------------------------------------------------------------
    Mutant(
        "thread without its people",
        "Whoever names a thread's name is in its case: a stranger reads with the customer.",
        f"{DUPLICATES}:_by_thread",
        "if mine.intersection(claim.keys) else None",
        "if True else None",
    ),
    Mutant(
        "threads are not followed",
        "A customer's answer opens a case of its own.",
        f"{DUPLICATES}:recognise",
        "_by_thread(contact, known, policy) or ",
        "",
    ),
    Mutant(
        "matters are not recognised",
        "A customer who tells a matter a second time has a second case.",
        f"{DUPLICATES}:recognise",
        " or _by_matter(contact, known, policy)",
        "",
    ),
    Mutant(
        "no window",
        "What a customer writes after a month goes to the case of a month ago.",
        f"{DUPLICATES}:_within",
        "return recent and ",
        "return ",
    ),
    Mutant(
        "a claim links identities",
        "Whoever types two customers' names into a form makes them one customer.",
        f"{DECISION}:_owners",
        "if contact.sender.authenticated:",
        "if True:",
    ),
    Mutant(
        "a claim counts as vouched for",
        "Whoever names a customer beside their own address is that customer.",
        f"{IDENTITY}:Sender.keys",
        "return self.authenticated or self.claimed",
        "return self.authenticated + self.claimed",
    ),
    Mutant(
        "a claim is not marked",
        "An analyst takes what a stranger wrote for the customer's word.",
        f"{DECISION}:Rules._attached",
        "unverified=not contact.sender.authenticated",
        "unverified=False",
    ),
    Mutant(
        "identities stay apart",
        "A customer who showed that two names are theirs is still two customers.",
        f"{CUSTOMERS}:linkable",
        "if not kept or (",
        "if not kept or False and (",
    ),
    # --- escalations -------------------------------------------------------------------------------------------------
    Mutant(
        "a worse severity is not heard",
        "A theft that was tried, and now succeeds, interrupts nobody.",
        f"{ESCALATION}:_cause",
        "if heard is None or severity.worse_than(Severity(heard)):",
        "if heard is None:",
        also=("> _loss_rank(before.loss)", "> 99"),
    ),
    Mutant(
        "every message escalates",
        "A team is interrupted by every telling of what it knows.",
        f"{ESCALATION}:_cause",
        "if heard is None or",
        "if True or",
    ),
    Mutant(
        "the customer's item forgets who was told",
        "A team is interrupted again by the next telling of what it knows.",
        "casework.matter:heard",
        "return worst",
        "return dict(before)",
    ),
    Mutant(
        "escalations are written after the message",
        "A desk that dies between the two swallows the escalation.",
        f"{DESK}:Desk._settle",
        "self.table.write(decision.writes)",
        "(self.table.write([each for each in decision.writes if not each.key.sk.startswith('ESC')]),"
        " [self.table.write([each]) for each in decision.writes if each.key.sk.startswith('ESC')])",
    ),
    Mutant(
        "acknowledged without condition",
        "Of two people who acknowledge, both are told that they did it.",
        f"{ESCALATION}:Escalations.acknowledge",
        'expect={"pk": PRESENT, "acknowledged_at": ABSENT}',
        "expect={}",
    ),
    Mutant(
        "acknowledged and still due",
        "The ladder goes on although somebody has answered.",
        f"{ESCALATION}:Escalations.acknowledge",
        'remove=("due",)',
        "remove=()",
    ),
    Mutant(
        "a lost acknowledgement counts",
        "Somebody is told that they took an escalation on which a colleague has.",
        f"{ESCALATION}:Escalations.acknowledge",
        "return self._stored(case_id, escalation_id), False",
        "return self._stored(case_id, escalation_id), True",
    ),
    Mutant(
        "climbed without condition",
        "Two chasers, or one with a late index, climb twice, or over an answer.",
        f"{ESCALATION}:climb",
        'expect={"rung": rung - 1, "due": OPEN}',
        "expect={}",
    ),
    Mutant(
        "climbed without its rung",
        "Two chasers at the same instant climb twice; one with a late index climbs too early.",
        f"{ESCALATION}:climb",
        'expect={"rung": rung - 1, "due": OPEN}',
        'expect={"due": OPEN}',
    ),
    Mutant(
        "climbed although answered",
        "A chaser that met an acknowledgement climbs over it.",
        f"{ESCALATION}:climb",
        'expect={"rung": rung - 1, "due": OPEN}',
        'expect={"rung": rung - 1}',
    ),
    Mutant(
        "a chaser stops at a lost race",
        "One escalation that was just answered ends the sweep, with an error.",
        f"{ESCALATION}:climb",
        "continue  #",
        "raise  #",
    ),
    Mutant(
        "the last rung stays due",
        "An escalation that is exhausted climbs for ever.",
        f"{ESCALATION}:climb",
        'remove=("due",) if exhausted else ()',
        "remove=()",
    ),
    Mutant(
        "the first rung is the last",
        "Nobody hears a second time of what nobody has answered.",
        f"{ESCALATION}:climb",
        'remove=("due",) if exhausted else ()',
        'remove=("due",)',
    ),
    # --- the way out -------------------------------------------------------------------------------------------------
    Mutant(
        "refused entries are not named",
        "The bus took a part and the rest is never announced.",
        f"{STREAM}:failures",
        "if each.event.event_id in refused",
        "if False",
    ),
    Mutant(
        "the bus's answer is not read",
        "A chunk of which the bus took a part counts as announced.",
        f"{BUS}:Bus._refused",
        'if entry.get("ErrorCode"):',
        "if not entry:",
    ),
    Mutant(
        "a failed chunk counts as announced",
        "Nothing is known of a chunk whose request failed, and nobody asks again.",
        f"{BUS}:Bus._refused",
        "yield from (event.event_id for event in chunk)",
        "pass",
    ),
    Mutant(
        "climbing is not announced",
        "The table knows of the next rung, and nobody else does.",
        f"{EVENTS}:_escalation",
        'return _climbed(after) if after["rung"] > before["rung"] else None',
        "return None",
    ),
    Mutant(
        "notified without lease",
        "An event that comes again is told again.",
        f"{NOTIFY}:Notifier.notify",
        "if not self._leased(wanted, now):",
        "if not self._leased(wanted, now) and False:",
    ),
    Mutant(
        "marked before it is sent",
        "A notifier that dies between the two has told nobody, and nobody tells after it.",
        f"{NOTIFY}:Notifier.notify",
        "self.post.send(wanted.team, notice.subject, notice.text, _attributes(escalation, wanted.rung))",
        "self.table.write([Change(notice_key(wanted.escalation_id, wanted.rung), set={'state': 'sent'})]);"
        " self.post.send(wanted.team, notice.subject, notice.text, _attributes(escalation, wanted.rung))",
    ),
    Mutant(
        "never marked as sent",
        "Every event that comes again after the lease is told again.",
        f"{NOTIFY}:Notifier.notify",
        "self.table.write([Change(notice_key(wanted.escalation_id, wanted.rung), set=sent)])",
        "del sent",
    ),
    Mutant(
        "a lease is for ever",
        "Where a notifier died nobody is told.",
        f"{NOTIFY}:Notifier._taken_over",
        'if held is None or parse(held["lease_until"]) > now:',
        "if True:",
    ),
    Mutant(
        "a lease that is held counts as sent",
        "An event that comes while another notifier is dying is taken for told.",
        f"{NOTIFY}:Notifier._taken_over",
        'if held is not None and held["state"] == "sent":',
        "if held is not None:",
    ),
    Mutant(
        "leased without condition",
        "Two notifiers at the same instant both tell.",
        f"{NOTIFY}:Notifier._leased",
        'self.table.write([Put(item, {"pk": ABSENT})])',
        "self.table.write([Put(item)])",
    ),
    Mutant(
        "a lease is taken over without condition",
        "Two notifiers who both find a lease that ran out both tell.",
        f"{NOTIFY}:Notifier._taken_over",
        '[Put(item, {"lease_until": held["lease_until"], "state": "sending"})]',
        "[Put(item)]",
    ),
    # --- campaigns ---------------------------------------------------------------------------------------------------
    Mutant(
        "a campaign's conditions are dropped",
        "Two batches at the same instant count one over the other.",
        "casework.campaigns.records:_unchanged",
        'return {"version": version} if version else {"pk": ABSENT}',
        "return {}",
    ),
    Mutant(
        "a member is counted again",
        "A batch that comes twice is counted twice.",
        "casework.campaigns.growth:_holds",
        "return sighting.message_id in member.messages or",
        "return",
    ),
    Mutant(
        "no second batch",
        "A batch that met another one is dropped.",
        "casework.campaigns.correlator:Correlator._settled",
        "self.pause(lost)",
        "return Outcome()",
    ),
)
"""Sorted by the place they are wrong in. Two drop a condition that another one implies: no history can find them out."""
