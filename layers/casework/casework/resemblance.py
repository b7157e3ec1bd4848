"""How much speaks for a message being one more telling of a case of the same customer, and what does.

Signs for it and against it are added up (``policy/duplicates.toml``). What several of the customer's cases have in common
tells none of them apart: the signature below each mail, the words of a form, the official site named beside each fake one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from casework.case import CaseSummary
from casework.contact import STRONG_KINDS, Contact
from casework.entities.domains import registrable_domain
from casework.policy import Policy
from casework.policy.recognition import DuplicateWeights
from casework.text.fingerprint import similarity
from casework.text.likeness import Rarity, alike, beyond_chance, rarity, sketch, tells
from casework.text.passages import passages, passed_on
from casework.text.subjects import answers, bare

Sign = tuple[float, str]

AMOUNT = "amount"
EVENTS = ("tx_hash", "reference")
"""Kinds that name one event: one in common is as good as certain, and of everyday matters another one is another matter."""
PLACES = ("domain", "url", "address")
"""Kinds that several events may share: another withdrawal goes to the same address, each report names the real site, too."""
SITES = ("domain", "url")
"""Of an incident one more transaction or address is a new fact; another site is another attempt, told in the same words."""

_EVERYWHERE = 3
"""A site or an address that so many of the customer's cases name tells none of them apart."""
_QUOTATION = 3
"""Passages in common that nobody repeats by accident."""
_MANY_QUOTED = 8
_TELLING_SUBJECT = 2.5
"""Words of a subject that is about something: ``Help`` and ``Question`` are not."""
_BRIEF = 8.0
"""Words of a message that says nothing but that it waits."""
_WAITS = re.compile(
    r"(?i)\b(?:any (?:update|news|progress|answer|reply)|still (?:nothing|waiting|no|not|pending)|waiting for (?:your|a|an)"
    r"|follow(?:ing)?[- ]?up|no (?:answer|reply|response)|please (?:answer|reply|respond))"
    r"|まだ(?:です|でしょう|返|連絡|回答|届)|その後|進捗|いつになり|どうなって"
    r"|(?:返信|返事|回答|連絡)(?:が|は|を)?(?:まだ|ない|あり?ません|来|こない|いただけ|お?待ち|ください)"
)


MAX_SUBJECT = 80
"""As much of a subject as a case keeps."""


@dataclass(frozen=True, slots=True)
class Among:
    """What the customer's cases have in common."""

    words: Rarity
    subjects: Rarity
    named: Counter[str]
    passages: Counter[int]
    titles: Counter[str]
    cases: int


def among(cases: Sequence[CaseSummary], quoted: frozenset[int] = frozenset()) -> Among:
    """What these cases have in common; of passages only those that are ``quoted``."""
    return Among(
        words=rarity(case.sketch for case in cases if case.sketch),
        subjects=rarity(_title(case.subject)[1] for case in cases if case.subject),
        named=Counter(name for case in cases for name in case.entities),
        passages=Counter(passage for case in cases for passage in passages(case.said) & (quoted | _passed_on(quoted))),
        titles=Counter(_title(case.subject)[0] for case in cases),
        cases=len(cases),
    )


def resemblance(contact: Contact, case: CaseSummary, others: Among, policy: Policy) -> tuple[Sign, ...]:
    """What speaks for one matter and what against it. The weights add up; a sum of 1 is as good as certain."""
    answering = list(_answer_signs(contact, case, others, policy.duplicates.weights))
    answered = bool(contact.quoted or answers(contact.message.subject)) and any(weight > 0 for weight, _ in answering)
    return (
        *answering,
        *_entity_signs(contact, case, others, policy, answered=answered),
        *_category_signs(contact, case, policy, answered=answered),
        *_text_signs(contact, case, others, policy.duplicates.weights),
    )


def _answer_signs(contact: Contact, case: CaseSummary, others: Among, weights: DuplicateWeights) -> Iterator[Sign]:
    """Whether it answers a message of the case: by what it quotes, and by its subject."""
    kept = passages(case.said)
    hits, passed = (
        sum(1 for passage in found & kept if others.passages[passage] < 2)
        for found in (contact.quoted, _passed_on(contact.quoted))
    )
    if hits >= _QUOTATION:
        yield weights.quotation, f"quotes {hits} passages of it"
    elif hits or passed:
        yield weights.quotation / 2, "quotes what it says or quotes"
    elif case.said and len(contact.quoted) >= _MANY_QUOTED:
        yield weights.other_quotation, "quotes something else"
    title, words = _title(contact.message.subject[:MAX_SUBJECT])
    if title and title == _title(case.subject)[0] and _one_title(contact.message.subject, case.subject):
        telling = tells(words) >= _TELLING_SUBJECT or answers(contact.message.subject)
        shown = (1.0 if answers(contact.message.subject) else 0.75) if telling else 0.5
        yield weights.same_subject * (shown if others.titles[title] < 2 or hits or passed else 0.5), "has its subject"


def _passed_on(quoted: frozenset[int]) -> frozenset[int]:
    return frozenset(map(passed_on, quoted))


def _one_title(ours: str, theirs: str) -> bool:
    """Whether two subjects differ only in what clients put in front: ``[EN] Typos`` does not answer ``[DE] Typos``."""
    return answers(ours) or ours[:MAX_SUBJECT].casefold().split() == theirs.casefold().split()


@lru_cache(maxsize=2048)
def _title(subject: str) -> tuple[str, str]:
    """A subject without what clients put in front, and its sketch."""
    title = bare(subject)
    return title, sketch(title)


def _entity_signs(contact: Contact, case: CaseSummary, others: Among, policy: Policy, *, answered: bool) -> Iterator[Sign]:
    weights, incident = policy.duplicates.weights, _suffered(contact, policy)
    shared = [name for name in contact.named(STRONG_KINDS) if name in case.entities and not _everywhere(name, others, policy)]
    events = [name for name in shared if not name.startswith(tuple(f"{kind}:" for kind in PLACES))]
    apart = [kind for kind in (SITES if incident else EVENTS + PLACES) if _apart(kind, contact, case, others, policy)]
    if events:
        yield weights.same_event, f"both name {events[0]}"
    elif shared and not apart:
        whole = not _apart_in("url", contact, case) or any(not name.startswith("domain:") for name in shared)
        yield weights.same_place * (1.0 if whole else 0.5), f"both name {shared[0]}"
    elif apart and not answered:
        yield weights.conflicting_entity, f"each names another {apart[0]}"
    yield from _amount_signs(contact, case, weights, bound=bool(shared or answered or incident))


def _suffered(contact: Contact, policy: Policy) -> bool:
    """Whether wrong was done to the sender, which seldom happens twice in a day. Who reports others may well report two."""
    return policy.incident(contact.assessment.category) and contact.assessment.facets.get("role") != "reporter"


def _everywhere(name: str, others: Among, policy: Policy) -> bool:
    """Whether it tells nothing: a big site, or what so many of the customer's cases name."""
    kind, _, value = name.partition(":")
    site = value if kind == "domain" else _site(value) if kind == "url" else ""
    if site in policy.campaigns.services or (kind == "domain" and site in policy.campaigns.hosts):
        return True
    return kind in PLACES and others.named[name] >= _EVERYWHERE


def _apart_in(kind: str, contact: Contact, case: CaseSummary) -> bool:
    """Whether both name such things, and none in common: other pages of one site are less than the same page."""
    ours = set(contact.named(frozenset({kind})))
    theirs = {name for name in case.entities if name.startswith(f"{kind}:")}
    return bool(ours and theirs) and not ours & theirs


def _is_page(name: str, policy: Policy) -> bool:
    """Whether a link is told by more than its site: where many publish, and where there is only an address of the network."""
    site = _site(name.partition(":")[2])
    return not site or site in policy.campaigns.hosts


@lru_cache(maxsize=2048)
def _site(link: str) -> str:
    return registrable_domain(urlsplit(link).hostname or "")


def _apart(kind: str, contact: Contact, case: CaseSummary, others: Among, policy: Policy) -> bool:
    """Whether each names such a thing that the other does not, and they share no more than half of either."""
    ours, theirs = (
        {name for name in names if name.startswith(f"{kind}:") and not _everywhere(name, others, policy)}
        for names in (contact.named(frozenset({kind})), case.entities)
    )
    if kind == "url":
        ours, theirs = ({name for name in names if _is_page(name, policy)} for names in (ours, theirs))
    common = len(ours & theirs)
    return 2 * common <= min(len(ours), len(theirs)) and common < len(ours) and common < len(theirs)


def _amount_signs(contact: Contact, case: CaseSummary, weights: DuplicateWeights, *, bound: bool) -> Iterator[Sign]:
    ours = set(contact.named(frozenset({AMOUNT})))
    theirs = {name for name in case.entities if name.startswith(f"{AMOUNT}:")}
    if ours & theirs:
        yield weights.amount, f"both name {min(ours & theirs)}"
    elif ours and theirs and not bound:
        yield weights.other_amount, "each names another amount"


def _category_signs(contact: Contact, case: CaseSummary, policy: Policy, *, answered: bool) -> Iterator[Sign]:
    weights, category = policy.duplicates.weights, contact.assessment.category
    if contact.assessment.abstained or category == "other" or case.category == "other":
        return
    if category == case.category:
        yield weights.same_category if _suffered(contact, policy) else weights.same_routine, f"both are {category}"
    elif policy.family(category) == policy.family(case.category) and _suffered(contact, policy):
        yield weights.same_family, f"{category} and {case.category} are alike"
    elif not answered:
        yield weights.other_category, f"{category} is not {case.category}"


def _text_signs(contact: Contact, case: CaseSummary, others: Among, weights: DuplicateWeights) -> Iterator[Sign]:
    likeness = text_likeness(contact, case, others)
    if likeness > 0:
        yield weights.similarity * likeness, f"texts alike by {likeness:.2f}"
    if abs(contact.message.received_at - case.last_at) <= timedelta(days=1):
        yield weights.recent_day, "within a day of it"
    if others.cases == 1 and _only_waits(contact):
        yield weights.waiting, "asks again, and there is no other case"


def text_likeness(contact: Contact, case: CaseSummary, others: Among) -> float:
    """How alike subjects and texts are beyond chance, 0 to 1; by its fingerprint for a case that was opened without a sketch."""
    if not case.sketch:
        return similarity(contact.fingerprint, case.fingerprint)
    if (contact.sketch, contact.fingerprint) == (case.sketch, case.fingerprint):
        return 1.0
    texts = beyond_chance(contact.sketch, case.sketch, others.words.weight)
    (ours, our_words), (theirs, their_words) = _title(contact.message.subject[:MAX_SUBJECT]), _title(case.subject)
    if not ours or not theirs or ours == theirs:
        return texts
    return (texts + alike(our_words, their_words, others.subjects.weight)) / 2


def closeness(contact: Contact, case: CaseSummary, others: Among) -> float:
    """How alike subjects and texts are, 0 to 1: what cases are ranked by where none is joined."""
    texts = alike(contact.sketch, case.sketch, others.words.weight)
    (ours, our_words), (theirs, their_words) = _title(contact.message.subject[:MAX_SUBJECT]), _title(case.subject)
    return (texts + alike(our_words, their_words, others.subjects.weight)) / 2 if ours and theirs else texts


def _only_waits(contact: Contact) -> bool:
    """Whether the message says nothing but that its sender waits for an answer."""
    brief = tells(contact.sketch) <= _BRIEF and not contact.named(STRONG_KINDS)
    return brief and bool(_WAITS.search(contact.message.text))
