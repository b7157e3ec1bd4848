"""Whether a message speaks of one that was sent before: it waits for an answer, comes back to what was said, or turns away."""

from __future__ import annotations

from enum import Enum

from casework.text.patterns import compiled

MAX_READ = 2_000
"""Characters of a text that are looked at: people say so at the beginning."""

_ANSWER = r"(?:answer|reply|response|reaction)"
_WAITS = (
    rf"(?i)\b(?:any (?:update|news|progress|{_ANSWER})|still (?:nothing|waiting|pending|no (?:news|{_ANSWER}))"
    rf"|waiting for (?:your|a|an)|follow(?:ing)?[- ]?up|(?:no|never an?) {_ANSWER}"
    r"|(?:nobody|no[ -]one) (?:has )?(?:answer|repli|respond|react)|please (?:answer|reply|respond)|how much longer"
    rf"|(?:have not|haven't) (?:heard|received (?:an?|any) {_ANSWER}))|\byet ?\?"
    r"|まだ(?:です|でしょう|返|連絡|回答|届)|その後|進捗|いつになり"
    r"|(?:件|申請|手続き?|確認|審査|出金|入金|返金|調査|対応)は、?どうなって"
    r"|(?:返信|返事|回答|連絡)(?:が|は|を)?(?:まだ|ない|あり?ません|来|こない|いただけ|いただいて|お?待ち|ください)"
)
_COMES_BACK = (
    r"(?i)\b(?:(?:i|we) (?:have |had |'ve |'d )?(?:already |also |just )?"
    r"(?:wrote|written|e-?mailed|mailed|called|phoned|reported|sent you|told you|asked)"
    r"|(?:my|our) (?:last|previous|earlier|first|other) (?:e-?mail|mail|message|request|report|call|ticket|letter)"
    r"|(?:as|like) (?:i )?(?:said|mentioned|described|written|told)|to add to|in addition to my"
    r"|(?:about|regarding|concerning) my (?:missing|stuck|pending|lost|last|earlier)"
    r"|more about|as (?:promised|requested|asked))\b"
    r"|先ほど|先程|先日|前回|以前[もに]?(?:お|ご|問|連|送|メ)|追記|補足|追加で|(?:再度|改めて)(?:お|ご|連|送|メ)"
    r"|(?:お送り|お伝え|ご連絡|通報|報告|メール|お願い)も?した|の件(?:です|で|、|に)"
)
_TURNS_AWAY = (
    r"(?i)\b(?:(?:a |an )?(?:different|another|new|separate|unrelated|other)"
    r" (?:question|matter|issue|problem|topic|thing|request)"
    r"|by the way|unrelated|on another note|separately|something else|besides)\b"
    r"|別件|話は変わ|それとは別|ところで|別の(?:件|質問|話)"
)


class Reference(Enum):
    """How a message speaks of an earlier one."""

    NONE = "none"
    WAITS = "waits"
    COMES_BACK = "comes back"
    TURNS_AWAY = "turns away"


def reference(text: str) -> Reference:
    """How a text speaks of an earlier message. Who says that this is about something else is believed first."""
    beginning = text[:MAX_READ]
    kinds = ((_TURNS_AWAY, Reference.TURNS_AWAY), (_WAITS, Reference.WAITS), (_COMES_BACK, Reference.COMES_BACK))
    return next((kind for pattern, kind in kinds if compiled(pattern).search(beginning)), Reference.NONE)
