"""What every reader of a transcript makes: a call, with who said what and when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.redaction.cuts import cut, torn

CUSTOMER = "customer"
AGENT = "agent"
UNKNOWN = "unknown"

_AGENT_WORDS = frozenset(
    {"agent", "representative", "operator", "supervisor", "advisor", "adviser", "support", "service", "system", "bot", "ivr"}
)
_CUSTOMER_WORDS = frozenset({"customer", "caller", "client"})
_AGENT_JAPANESE = re.compile("エージェント|オペレータ|担当|応対|窓口|センター|サポート")
_CUSTOMER_JAPANESE = re.compile("お客様|お客さま|顧客|カスタマー")

_PLACEHOLDER = re.compile(r"\[[A-Z]{2,}(?:_[A-Z]+)*\]")
"""What the services write instead of personal data: ``[PII]``, or ``[NAME]`` and the like with the EntityType mask."""

MAX_FACT = 200
"""Characters of one fact: facts are stored with the message and read by people."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one party said in one go. ``party`` is the service's own label (``ch_0``, ``spk_1``), or empty."""

    role: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as a service describes it, not yet bounded, nothing collapsed."""

    utterances: list[Utterance]
    contact_id: str = ""
    """What the telephone system calls the contact; the same in the original and the redacted file."""
    job: str = ""
    """The name of the job that wrote the file, with its account; names a call only where nothing better does."""
    language: str = ""
    """``en``, ``ja`` or empty."""
    one_channel: bool = False
    """Whether voices were told apart by their sound alone: what two of them say was then said twice, not recorded twice."""
    facts: Mapping[str, str] = field(default_factory=dict)
    signals: tuple[str, ...] = ()


def role_of(label: str) -> str:
    """Who a label names. The other side is asked for first: "customer service" is an agent.

    An announcement, a bot or a supervisor is not the customer either, and therefore counts as the agent's side.
    """
    folded = unicodedata.normalize("NFKC", label).casefold()
    words = set(re.findall("[a-z]+", folded))
    if words & _AGENT_WORDS or _AGENT_JAPANESE.search(folded):
        return AGENT
    return CUSTOMER if words & _CUSTOMER_WORDS or _CUSTOMER_JAPANESE.search(folded) else UNKNOWN


def language_of(code: str) -> str:
    """``en`` or ``ja`` for a language code such as ``en-AU`` or ``ja_JP``; empty for every other language."""
    primary = re.split("[-_]", code.strip().casefold(), maxsplit=1)[0]
    return primary if primary in {"en", "ja"} else ""


def redaction_fact(declared: bool, utterances: list[Utterance]) -> str:
    """``yes`` when the service says so, or when its placeholders are in the text; else ``no``."""
    return "yes" if declared or any(_PLACEHOLDER.search(utterance.text) for utterance in utterances) else "no"


def stated(**facts: str | None) -> dict[str, str]:
    """Return the facts that have a value, each at most ``MAX_FACT`` characters and never cut through a secret."""
    return {name: shortened(value) for name, value in facts.items() if value}


def shortened(value: str) -> str:
    """A value as one fact may have it; ``…`` for one that is all of a piece."""
    return cut(value, MAX_FACT) or (value and "…")


def listed(names: list[str]) -> str:
    """One fact out of many names: separated by commas, so that no name may hold one. ``…`` stands for those that do not fit."""
    whole = ", ".join(dict.fromkeys(name.replace(",", " ") for name in names))
    if len(whole) <= MAX_FACT:
        return whole
    kept = whole[: max(0, whole.rfind(",", 0, min(MAX_FACT - 2, torn(whole, MAX_FACT - 2)[0] + 1)))]
    return f"{kept}, …" if kept else shortened(whole)
