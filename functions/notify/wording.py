"""What an analyst reads when the telephone buzzes: who should do what by when, and why, in English and Japanese.

The customer's words are an attacker's words: the extract is redacted, short, and nothing in it can be clicked. The one
link is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from casework.case import SUSPECTED, Escalation
from casework.policy import Policy
from casework.table import Item

JST = timezone(timedelta(hours=9), "JST")
EXTRACT = 200
"""Characters of the customer's message; whoever needs more opens the case, which is recorded."""
REASONS = 4
QUOTE = 60

_SCHEME = re.compile(r"([a-z][a-z0-9+]{1,9})://", re.IGNORECASE)
_DOT = re.compile(r"(?<=[A-Za-z0-9_-])[.。．](?=[A-Za-z])|(?<=\w)[.．](?=[^\W\d])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")

SEVERITIES = {"critical": "緊急", "high": "重大", "normal": "通常", "low": "低", "none": "なし"}
TEAMS = {"fraud": ("Fraud", "不正対策"), "trust": ("Trust", "信頼・安全"), "identity": ("Identity", "本人確認")}
CAUSES = {
    "opened": ("a new case", "新規の案件"),
    "suspected": ("it may be this; likelier it is something else", "別の用件と思われますが、この疑いが残ります"),
    "severity_rose": ("it has become more severe", "深刻度が上がりました"),
    "loss_worsened": ("the loss has become worse", "被害が進んでいます"),
    "new_fact": ("a new fact has come in", "新しい事実が届きました"),
    "campaign_found": ("several customers are being attacked in the same way", "複数のお客様が同じ手口の被害に遭っています"),
    "campaign_grew": ("an attack on several customers has grown", "同じ手口の被害が拡大しています"),
    "campaign_loss": ("money was lost in an attack on several customers", "同じ手口の攻撃で金銭被害が出ています"),
    "reclassified": ("a colleague has corrected what it is about", "担当者が分類を訂正しました"),
}
UNVERIFIED = (", SENDER NOT VERIFIED", "・送信者は未確認")
"""Nobody vouches for who wrote it: what it says of its sender may be a lie."""
LOSSES = {
    "in_progress": ("IN PROGRESS NOW", "進行中"),
    "completed": ("completed", "発生済み"),
    "attempted": ("attempted", "未遂"),
    "none": ("none known", "確認されていません"),
    "unknown": ("unknown", "不明"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification, worded."""

    subject: str
    text: str


def compose(escalation: Escalation, rung: int, message: Item, link: str, policy: Policy) -> Notice:
    """Word an escalation. ``message`` is the stored, redacted message that raised it; empty when it is gone."""
    context = _context(escalation, rung, message, policy) | {"link": link}
    return Notice(_SUBJECT.format_map(context), "\n".join((_ENGLISH.format_map(context), _JAPANESE.format_map(context))))


_SUBJECT = "[{severity_upper}] {category_en} / {category_ja} – {team_en}: {due_short}{again}"
_ENGLISH = """{severity_upper}: {category_en} ({team_en})
{audience_en}: acknowledge by {due}, and look at case {case} first.
Loss: {loss_en}. Why you hear of it: {cause_en}{rung_en}.

Reasons:
{reasons}
From the customer's message (redacted, {channel}, {language}{unverified_en}):
  "{extract}"

Acknowledge: {link}
"""
_JAPANESE = """【{severity_ja}】{category_ja}({team_ja})
{audience_ja}:{due} までに確認(acknowledge)し、案件 {case} を最優先で見てください。
被害: {loss_ja}。通知の理由: {cause_ja}{rung_ja}。
根拠と抜粋(秘匿処理済み{unverified_ja})は上のとおりです。

確認する: {link}
"""


def _context(escalation: Escalation, rung: int, message: Item, policy: Policy) -> dict[str, Any]:
    category = policy.category(escalation.category)
    team, cause = TEAMS[escalation.team], _cause(escalation, message, policy)
    loss = LOSSES.get(escalation.facets.get("loss", "unknown"), LOSSES["unknown"])
    return {
        "severity_upper": escalation.severity.upper(),
        "severity_ja": SEVERITIES[escalation.severity],
        **_both("category", (category.en, category.ja)),
        **_both("audience", _audience(escalation, rung, policy)),
        **_both("team", team),
        **_both("cause", cause),
        **_both("loss", loss),
        **_both("rung", _again(rung)),
        **_both("unverified", UNVERIFIED if message.get("unverified") else ("", "")),
        "again": f" ({rung + 1})" if rung else "",
        "due": _instant(escalation.due_at),
        "due_short": f"{escalation.due_at.astimezone(JST):%H:%M} JST",
        "case": escalation.case_id,
        "channel": message.get("channel", "unknown"),
        "language": escalation.language,
        "reasons": "".join(f"  - {reason}\n" for reason in _reasons(escalation, message)),
        "extract": harmless(_body(message), EXTRACT) or "(nothing readable)",
    }


def _cause(escalation: Escalation, message: Item, policy: Policy) -> tuple[str, str]:
    """Why now; of a suspicion also what the case is filed as, because that is where a colleague will look for it."""
    english, japanese = CAUSES[escalation.cause]
    filed = str((message.get("assessment") or {}).get("category", ""))
    if escalation.cause != SUSPECTED or filed not in policy.categories:
        return english, japanese
    category = policy.category(filed)
    return f"{english} (filed as: {category.en})", f"{japanese}(分類: {category.ja})"


def _audience(escalation: Escalation, rung: int, policy: Policy) -> tuple[str, str]:
    english, japanese = (policy.audience(escalation.severity, rung, language, escalation.team) for language in ("en", "ja"))
    return english, japanese


def _both(name: str, words: tuple[str, str]) -> Mapping[str, str]:
    return {f"{name}_en": words[0], f"{name}_ja": words[1]}


def _again(rung: int) -> tuple[str, str]:
    return (f"; nobody has answered {rung} time(s)", f"(未応答 {rung} 回)") if rung else ("", "")


def _instant(at: datetime) -> str:
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M} JST ({at:%H:%M} UTC)"


def _body(message: Item) -> str:
    return f"{message.get('subject', '')} {message.get('text', '')}".strip()


def _reasons(escalation: Escalation, message: Item) -> Iterator[str]:
    """Rules that held, with the customer's own words; for a call with the second at which they were said."""
    assessment = message.get("assessment") or {}
    text = f"{message.get('subject', '')}\n{message.get('text', '')}"
    evidence = {reason["rule"]: reason for reason in reversed(assessment.get("reasons", []))}
    for rule in escalation.reasons[:REASONS]:
        reason = evidence.get(rule)
        if reason is None:
            yield rule
            continue
        at = f" at {reason['at_ms'] // 1000} s" if reason.get("at_ms") is not None else ""
        yield f'{rule}{at}: "{harmless(text[reason["start"] : reason["end"]], QUOTE)}"'


def harmless(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters in which no mail program finds anything to make a link of."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    return _DOT.sub("[.]", _SCHEME.sub(r"\1[:]//", cut)).replace("@", "[at]").replace("www[", "www [")
