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
_OTHER_PEOPLE = (
    r"(?:wife|husband|partner|mother|father|mum|mom|dad|son|daughter|brother|sister|friend|colleague|flatmate|neighbour|neighbor)"
    r"(?:-in-law)?"
)
_OTHER_PEOPLE_JA = r"(?:妻|夫|家内|主人|母|父|息子|娘|弟|妹|兄|姉|友人|友達|同僚|知人|知り合い)"
_THINGS = (
    r"(?:question|matter|issue|problem|topic|thing|request|deposit|withdrawal|transfer|payment|order|account|mail|e-?mail|message|site"
    r"|page|number|letter|invoice|card)"
)
_TURNS_AWAY = (
    rf"(?i)\b(?:(?:a |an |one )?(?:different|another|new|separate|unrelated|other|more|second|third) {_THINGS}"
    r"|by the way|unrelated|not (?:related|connected)|nothing to do with|on another note|separately|something else|besides"
    rf"|(?:another|a different) one|{_OTHER_PEOPLE}(?:'s)?\b.{{0,60}}\b(?:same|as well|too|also))\b"
    r"|別件|話は変わ|とは別|ところで|別の(?:件|質問|話|もの|口座|入金|出金)|とは関係(?:が|は)?(?:ない|あり?ません)"
    r"|もう(?:一|1|ひと)(?:つ|件|本|点)の?(?:質問|相談|件|お|教|別)?|今度は|同じように、"
    rf"|{_OTHER_PEOPLE_JA}の(?:口座|アカウント)(?:に?も|が)|{_OTHER_PEOPLE_JA}も(?:同じ|御社)"
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
