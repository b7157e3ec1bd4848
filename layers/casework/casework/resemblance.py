"""How much speaks for a message being one more telling of a case of the same customer, and what does.

Signs for it and against it are added up (``policy/duplicates.toml``). What several of the customer's cases have in common
tells none of them apart: the signature below each mail, the words of a form, the official site named beside each fake one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from casework.case import CaseSummary
from casework.classifier.gist import nearness
from casework.contact import STRONG_KINDS, Contact
from casework.entities.domains import registrable_domain
from casework.matter import certainty
from casework.policy import Policy
from casework.policy.recognition import DuplicateWeights
from casework.telling import MAX_SUBJECT, likeness, titled, told
from casework.text.details import HOST, WHO, depart, differ, figures
from casework.text.likeness import Rarity, alike, contained, of_two_languages, other_numbers, rarity, tells, terms
from casework.text.passages import missed, passages, passed_on
from casework.text.quoting import unquoted
from casework.text.referring import Reference, reference
from casework.text.subjects import answers

Sign = tuple[float, str]

AMOUNT = "amount"
EVENTS = ("tx_hash", "reference")
"""Kinds that name one event: one in common is as good as certain, and of everyday matters another one is another matter."""
PLACES = ("domain", "url", "address")
"""Kinds that several events may share: another withdrawal goes to the same address, each report names the real site, too."""
SITES = ("domain", "url")
"""Of an incident one more transaction or address is a new fact; another site is another attempt, told in the same words."""

_NUMBERED = ("amount:", "reference:")
_NAMES = ("app:", "handle:")
"""Details that are hardly ever the customer's own: an address or a telephone number may stand below each of their messages."""
_EVERYWHERE = 3
"""A site or an address that so many of the customer's cases name tells none of them apart."""
_QUOTATION = 3
"""Passages in common that nobody repeats by accident."""
_TELLING_SUBJECT = 2.5
"""Words of a subject that is about something: ``Help`` and ``Question`` are not."""
_BRIEF = 8.0
"""Words of a message that says nothing but that it waits."""
_NOTHING = 3.0
"""Words that are left of one that asks for news and does not say of what."""
_MEANT = 0.25
"""As much of what a message says as a case must have said for the message to mean it."""
_TEMPLATE = 0.5
"""Texts that are so much alike are one text with something else put in."""
_SURE = 0.6
"""From here on two categories that agree count in full: both are right more often than not."""
_UNSURE = 0.4
"""Up to here two categories that differ say nothing: at least one of them is as likely wrong."""


@dataclass(frozen=True, slots=True)
class Among:
    """What the customer's cases have in common."""

    words: Rarity
    named: Counter[str]
    categories: Counter[str]
    passages: Counter[int]
    titles: Counter[str]
    cases: int
    speaks_of: Reference = Reference.NONE
    """How the message that is compared with them speaks of an earlier one."""
    figures: frozenset[str] = frozenset()
    """The numbers that it names."""
    last_at: datetime | None = None
    """When something was last said in any of them."""


def among(cases: Sequence[CaseSummary], contact: Contact) -> Among:
    """What these cases have in common, in view of a message: of passages only those that it quotes."""
    quoted = contact.quoted | _passed_on(contact.quoted)
    return Among(
        words=rarity(told(case) for case in cases if case.sketch),
        categories=Counter(case.category for case in cases),
        named=Counter(name for case in cases for name in case.entities),
        passages=Counter(passage for case in cases for passage in passages(case.said) & quoted),
        titles=Counter(titled(case.subject)[0] for case in cases),
        cases=len(cases),
        speaks_of=reference(unquoted(contact.message.text)),
        figures=figures(unquoted(contact.message.text)),
        last_at=max((case.last_at for case in cases), default=None),
    )


def resemblance(contact: Contact, case: CaseSummary, others: Among, policy: Policy) -> tuple[Sign, ...]:
    """What speaks for one matter and what against it. The weights add up; a sum of 1 is as good as certain."""
    answering = list(_answer_signs(contact, case, others, policy.duplicates.weights))
    answered = bool(contact.quoted or answers(contact.message.subject)) and any(weight > 0 for weight, _ in answering)
    named = list(_entity_signs(contact, case, others, policy, answered=answered))
    apart = any(weight < 0 for weight, _ in named)
    template = _is_template(contact, case)
    another = _reports_another(contact, case, policy, template=template)
    opens = apart or another or (template and _is_form(contact, case, policy))
    return (
        *answering,
        *named,
        *_category_signs(contact, case, policy, answered=answered),
        *_text_signs(contact, case, others, policy, apart=apart or (another and template)),
        *_reference_signs(contact, case, others, policy.duplicates.weights),
        *(() if opens else _follow_up_signs(contact, case, others, policy.duplicates.weights)),
        *_detail_signs(contact, case, others, policy, template=template, named=any(weight > 0 for weight, _ in named)),
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
        yield weights.quotation * (0.75 if hits > 1 else 0.5), "quotes what it says or quotes"
    elif case.said and missed(case.said, contact.quoted):
        yield weights.other_quotation, "quotes something else"
    title, words = titled(contact.message.subject[:MAX_SUBJECT])
    if title and title == titled(case.subject)[0] and _one_title(contact.message.subject, case.subject):
        telling = tells(words) >= _TELLING_SUBJECT or answers(contact.message.subject)
        shown = (1.0 if answers(contact.message.subject) else 0.75) if telling else 0.25
        yield weights.same_subject * (shown if others.titles[title] < 2 or hits or passed else 0.5), "has its subject"


def _passed_on(quoted: frozenset[int]) -> frozenset[int]:
    return frozenset(map(passed_on, quoted))


def _one_title(ours: str, theirs: str) -> bool:
    """Whether two subjects differ only in what clients put in front: ``[EN] Typos`` does not answer ``[DE] Typos``."""
    return answers(ours) or ours[:MAX_SUBJECT].casefold().split() == theirs.casefold().split()


def _entity_signs(contact: Contact, case: CaseSummary, others: Among, policy: Policy, *, answered: bool) -> Iterator[Sign]:
    weights, incident = policy.duplicates.weights, _suffered(contact, policy)
    shared = [name for name in contact.named(STRONG_KINDS) if name in case.entities and not _everywhere(name, others, policy)]
    events = [name for name in shared if not name.startswith(tuple(f"{kind}:" for kind in PLACES))]
    apart = [kind for kind in (SITES if incident else EVENTS + PLACES) if _apart(kind, contact, case, others, policy)]
    if events:
        yield weights.same_number if all(map(_is_number, events)) else weights.same_event, f"both name {events[0]}"
    elif shared and not apart:
        yield weights.same_place * (1.0 if _is_whole(shared, contact, case, policy) else 1 / 3), f"both name {shared[0]}"
    elif apart and not answered:
        yield weights.conflicting_entity, f"each names another {apart[0]}"
    yield from _amount_signs(contact, case, weights, bound=bool(shared or answered or incident))


def _is_whole(shared: Sequence[str], contact: Contact, case: CaseSummary, policy: Policy) -> bool:
    """Whether what is shared says which matter it is: an address, or the site that the matter is about, and of it the page."""
    if any(name.startswith("address:") for name in shared):
        return True
    if _apart_in("url", contact, case) and all(name.startswith("domain:") for name in shared):
        return False
    return any(map(_is_about_sites(policy), (contact.assessment.category, case.category)))


def _is_about_sites(policy: Policy) -> Callable[[str], bool]:
    """Whether a category is about the site itself, as a reported fraud is, and not about what fails on it."""
    kinds = policy.categories
    return lambda name: name in kinds and (kinds[name].incident or kinds[name].campaign)


def _suffered(contact: Contact, policy: Policy) -> bool:
    """Whether wrong was done to the sender, which seldom happens twice in a day. Who reports others may well report two.

    Of a category that is a report unless something was lost, it is one, whoever the triage takes the sender for.
    """
    category, facets = contact.assessment.category, contact.assessment.facets
    if not policy.incident(category) or facets.get("role") == "reporter":
        return False
    reports = policy.categories[category].presumes.get("role") == "reporter"
    return not reports or facets.get("loss", "none") not in {"none", "attempted"}


def _everywhere(name: str, others: Among, policy: Policy) -> bool:
    """Whether it tells nothing: a big site, or what so many of the customer's cases name."""
    kind, _, value = name.partition(":")
    site = value if kind == "domain" else _site(value) if kind == "url" and not _is_page(name, policy) else ""
    if site in policy.campaigns.services or (kind == "domain" and site in policy.campaigns.hosts):
        return True
    return kind in PLACES and others.named[name] >= _EVERYWHERE


def _apart_in(kind: str, contact: Contact, case: CaseSummary) -> bool:
    """Whether both name such things, and none in common: other pages of one site are less than the same page."""
    ours = set(contact.named(frozenset({kind})))
    theirs = {name for name in case.entities if name.startswith(f"{kind}:")}
    return bool(ours and theirs) and not ours & theirs


def _is_number(name: str) -> bool:
    """Whether a reference is nothing but digits: it may be the number of something else that both mention."""
    kind, _, value = name.partition(":")
    return kind == "reference" and value.isdigit()


def _is_page(name: str, policy: Policy) -> bool:
    """Whether a link is told by more than its site: where many publish, and where there is only an address of the network."""
    link = name.partition(":")[2]
    site = _site(link)
    return not site or policy.campaigns.publishes(_host(link), site)


@lru_cache(maxsize=2048)
def _site(link: str) -> str:
    return registrable_domain(_host(link))


def _host(link: str) -> str:
    return urlsplit(link).hostname or ""


def _apart(kind: str, contact: Contact, case: CaseSummary, others: Among, policy: Policy) -> bool:
    """Whether each names such a thing that the other does not, and they share no more than half of either.

    In the same words one other site is enough: of a report that is written by a template, only that is news.
    """
    ours, theirs = (
        {name for name in names if name.startswith(f"{kind}:") and not _everywhere(name, others, policy)}
        for names in (contact.named(frozenset({kind})), case.entities)
    )
    if kind == "url":
        ours, theirs = ({name for name in names if _is_page(name, policy)} for names in (ours, theirs))
    common = len(ours & theirs)
    if common in {len(ours), len(theirs)}:
        return False
    return 2 * common <= min(len(ours), len(theirs)) or (kind == "domain" and _is_template(contact, case))


def _is_template(contact: Contact, case: CaseSummary) -> bool:
    return alike(terms(contact.sketch), terms(case.sketch)) >= _TEMPLATE


def _amount_signs(contact: Contact, case: CaseSummary, weights: DuplicateWeights, *, bound: bool) -> Iterator[Sign]:
    ours = set(contact.named(frozenset({AMOUNT})))
    theirs = {name for name in case.entities if name.startswith(f"{AMOUNT}:")}
    if ours & theirs:
        yield weights.amount, f"both name {min(ours & theirs)}"
    elif ours and theirs and not bound:
        yield weights.other_amount, "each names another amount"


def _category_signs(contact: Contact, case: CaseSummary, policy: Policy, *, answered: bool) -> Iterator[Sign]:
    """Agreement counts as far as both are surely right, and so does its lack; ``other`` is no category to agree on.

    A case whose category changed, by a graver message or a person's word, is no stranger to what it began as: its texts are that.
    """
    weights, category = policy.duplicates.weights, contact.assessment.category
    sure = certainty(contact.assessment) * int(case.certainty) / 10_000
    if "other" in {category, case.category} or not sure:
        return
    agreed, apart = min(1.0, sure / _SURE), max(0.0, (sure - _UNSURE) / (1 - _UNSURE))
    if category == case.category:
        suffered = _suffered(contact, policy)
        same = weights.same_category if suffered else weights.same_routine + weights.opens * _opening(contact)
        yield same * agreed, f"both are {category}"
    elif policy.family(category) == policy.family(case.category) and _suffered(contact, policy):
        yield weights.same_family * agreed, f"{category} and {case.category} are alike"
    elif apart and not answered and category != case.opened_as:
        yield weights.other_category * apart, f"{category} is not {case.category}"


def _text_signs(contact: Contact, case: CaseSummary, others: Among, policy: Policy, *, apart: bool) -> Iterator[Sign]:
    """The same words about another thing are a template: where things are ``apart``, they tell nothing, whatever they mean."""
    weights = policy.duplicates.weights
    alike_by = 0.0 if apart else likeness(contact, case, others.words)
    near_by = 0.0 if apart else _nearness(contact, case, policy)
    if near_by * weights.same_meaning > alike_by * weights.similarity:
        yield weights.same_meaning * near_by, f"mean the same by {near_by:.2f}"
    elif alike_by > 0:
        yield weights.similarity * alike_by, f"texts alike by {alike_by:.2f}"
    if abs(contact.message.received_at - case.last_at) <= timedelta(days=1):
        yield weights.recent_day, "within a day of it"


def _nearness(contact: Contact, case: CaseSummary, policy: Policy) -> float:
    """How near two tellings in two languages are in what they mean. In one language words say more, and more surely."""
    if not of_two_languages(terms(contact.sketch), terms(case.sketch)):
        return 0.0
    return nearness(contact.gist, case.gist, policy.model)


def _reference_signs(contact: Contact, case: CaseSummary, others: Among, weights: DuplicateWeights) -> Iterator[Sign]:
    """Whether it speaks of an earlier message, which may be this case's, or says that it is about something else."""
    if others.speaks_of is Reference.TURNS_AWAY:
        yield weights.other_matter, "says that it is about something else"
    elif others.speaks_of is Reference.WAITS and _only_waits(contact) and _is_the_one(contact, case, others):
        yield weights.waiting, "asks again, and there is no other case of the kind"
    elif others.speaks_of is not Reference.NONE and _may_mean(contact, case, others):
        yield weights.told_before, "speaks of an earlier message"


def _only_waits(contact: Contact) -> bool:
    """Whether the message says nothing but that its sender waits for an answer."""
    return tells(terms(contact.sketch)) <= _BRIEF and not contact.named(STRONG_KINDS | {AMOUNT})


def _is_the_one(contact: Contact, case: CaseSummary, others: Among) -> bool:
    """Whether no other case can be meant by somebody who says so little."""
    if _is_of_its_category(contact, case):
        return others.categories[case.category] == 1
    return others.cases == 1 and (tells(terms(contact.sketch)) <= _NOTHING or _may_mean(contact, case, others))


def _may_mean(contact: Contact, case: CaseSummary, others: Among) -> bool:
    """Whether what it says is of the kind of the case, or was said there, too."""
    return _is_of_its_category(contact, case) or contained(terms(contact.sketch), told(case), others.words) >= _MEANT


def _is_of_its_category(contact: Contact, case: CaseSummary) -> bool:
    return contact.assessment.category == case.category != "other" and not contact.assessment.abstained


def _going_on(contact: Contact) -> float:
    """How surely its words go on with something told before: 0 for as likely as not, 1 for certain."""
    return max(0.0, 2 * contact.assessment.follow_up - 1)


def _opening(contact: Contact) -> float:
    """How surely its words open a matter: 0 for as likely as not, 1 for certain."""
    return max(0.0, 1 - 2 * contact.assessment.follow_up)


def _follow_up_signs(contact: Contact, case: CaseSummary, others: Among, weights: DuplicateWeights) -> Iterator[Sign]:
    """Whether it goes on with something, by its words, and may do so with this case: the only one, the last, one of its kind.

    What quotes something, or bears the subject of a reply, says itself what it goes on with; what turns away, that it does not.
    """
    elsewhere = others.speaks_of is Reference.TURNS_AWAY or contact.quoted or answers(contact.message.subject)
    sure = 0.0 if elsewhere else _going_on(contact)
    if not sure:
        return
    words = f"goes on with something, {contact.assessment.follow_up:.0%} by its words"
    if others.cases == 1:
        yield weights.follow_up * sure, f"{words}, and there is no other case"
        return
    if case.last_at == others.last_at:
        yield weights.follow_up_last * sure, f"{words}, and this is the last case"
    if _may_mean(contact, case, others):
        yield weights.follow_up_kind * sure, f"{words}, of the kind of this case"


def _detail_signs(
    contact: Contact, case: CaseSummary, others: Among, policy: Policy, *, template: bool, named: bool
) -> Iterator[Sign]:
    """What is no entity, and tells two messages of one form apart or two tellings of one matter together."""
    weights = policy.duplicates.weights
    if not named and others.figures & _figures_of(case):
        yield weights.same_figure, f"both name {min(others.figures & _figures_of(case))}"
    same = [each for each in contact.details if each in case.details and each.startswith(_NAMES)]
    if same and _is_about_sites(policy)(case.category):
        yield weights.same_place, f"both name {same[0]}"
    kinds = depart(contact.details, case.details) if template else differ(contact.details, case.details)
    if kinds and (template or kinds != (HOST,)):
        yield weights.other_detail, f"each names another {kinds[0]}"
    ours, theirs = terms(contact.sketch), terms(case.sketch)
    alike_by = likeness(contact, case, others.words) if other_numbers(ours, theirs) else 0.0
    if alike_by:
        yield weights.other_numbers * alike_by, "the same words with other numbers"


def _reports_another(contact: Contact, case: CaseSummary, policy: Policy, *, template: bool) -> bool:
    """Whether it is about somebody else: another sender, another caller, another app. In the same words one more is enough."""
    if _suffered(contact, policy):
        return False
    if template:
        return not (WHO | {HOST}).isdisjoint(depart(contact.details, case.details))
    return not WHO.isdisjoint(differ(contact.details, case.details))


def _is_form(contact: Contact, case: CaseSummary, policy: Policy) -> bool:
    """Whether the same words are said of another thing: who fills a form in once more goes on with nothing."""
    if _suffered(contact, policy):
        return False
    return bool(depart(contact.details, case.details)) or other_numbers(terms(contact.sketch), terms(case.sketch))


def _figures_of(case: CaseSummary) -> frozenset[str]:
    """The numbers of amounts and references that a case names."""
    return frozenset().union(*(figures(name.partition(":")[2]) for name in case.entities if name.startswith(_NUMBERED)))
