"""Whether a message says nothing but thanks, or that all is well: it belongs to its matter, and asks nobody to do anything."""

from __future__ import annotations

import unicodedata

from casework.text.patterns import compiled
from casework.text.quoting import unquoted

MAX_READ = 240
"""Characters. Who says more than that says something else, too."""
_NAME = r"(?=.{1,40}$)[^\W\d_]+[.'-]?(?: [^\W\d_]+[.'-]?){0,2}"
"""What may be the name beneath "Kind regards": three words at most."""

_THANKS = (
    r"\b(?:thank(?:s|you|ful)?|thx|tnx|tysm?|cheers|appreciated?|grateful|solved|resolved|sorted|fixed|works|worked|working"
    r"|all (?:is )?(?:good|well|fine|set|ok)|arrived|received|got it)\b|👍|🙏"
    r"|ありがと|有難う|有り難う|感謝|助かりま|解決し|解決です|お世話になりました|(?:いけ|行け|使え)ました"
    r"|(?:直|治|届|戻|通|入|着)(?:り|き)ました|でき(?:て(?:い|お)?)?ました|(?:反映|着金|入金|返金)(?:が|を|も)?(?:され|確認|し)"
)
"""At least one of these is said."""
_WORDS = (
    r"a|about|again|ago|all|am|amazing|and|appreciate|appreciated|are|arrived|as|assistance|back|been|best|brilliant"
    r"|bye|can|case|cheers|come|confirmed|day|did|done|dear|effort|efficient|end|everybody|everyone|everything"
    r"|excellent|exactly|expected|fast|fine|finally|fixed|for|from|friendly|getting|glad|good|got|grateful|great|had"
    r"|happy|has|have|having|hello|help|helped|helpful|helping|hey|hi|hours|i|i'll|i'm|i've|in|indeed|is|issue|it|it's"
    r"|its|just|kind|kindly|kindness|last|legend|looking|lot|lots|love|lovely|many|matter|me|money|morning|much|my"
    r"|nice|now|of|ok|okay|on|once|our|patience|perfect|perfectly|phew|please|pleased|problem|prompt|promptly|quick"
    r"|quickly|really|received|refund|refunded|regards|reply|resolved|resolving|response|right|safely|service|set"
    r"|shall|sincerely|so|solved|solving|sort|sorted|sorting|speedy|super|superb|support|sure|team|thank|thankful"
    r"|thanks|thankyou|that|that's|the|there|things|this|thx|ticket|tnx|today|ty|tysm|understood|up|verified|very|was"
    r"|we|weekend|well|were|what|wishes|with|wonderful|wonderfully|work|worked|working|works|yes|yesterday|you|you're"
    r"|your|yours"
)
"""Of these words thanks are made. None denies, none asks; whatever is not among them was said for a reason."""
_WORD = rf"(?<![^\W_])(?:{_WORDS})(?![^\W_]|'[a-z])"
_BUT = (
    r"\b(?:please|can you|my (?:issue|problem|case|ticket|matter)|(?:what|there) (?:is|was)|is (?:it|this|that|my)"
    r"|as (?:yet|well)|looking)\b"
    r"|(?:^|[.!,;:\n-]\s*|\b(?:and|so|ok|okay|thanks|thx|hi|hello|team|support)\s+)"
    r"(?:am|are|is|was|were|has|had|did|do|shall|can|have(?! an? | fun))\b"
)
"""Made of such words, and not only thanks."""
_WENT_WELL = (
    r"\b(?:(?:went|gone|came|come|got) through|in again|i'm in|got (?:back )?in|case closed(?: from my side)?"
    r"|(?:you (?:can|may) |please )?close (?:this|the|my) (?:case|ticket))\b"
)
_SIGNED = (
    r"(?:(?:with )?(?:many |kind |best |warm )?(?:regards|wishes|thanks)|best|cheers|thanks|thank you|yours(?: sincerely| truly)?"
    r"|敬具|以上)[,.!]?"
)
_DID = r"(?:(?:いた|致)?しました|できました|済みです|です)"
_MANNERS_JA = (
    r"(?:(?:どうぞ|今後とも)?(?:宜しく|よろしく)(?:お願い(?:(?:いた|致)?します|申し上げます))?"
    r"|いつも|大変|本当に|ほんとうに|誠に|どうも|とても|すぐに?|早速|早急に?|迅速な|丁寧な|親切な|無事に?|全て|すべて|先ほど|さきほど|今|こちら"
    r"|(?:おかげ|お陰)(?:さま|様)?で|ご?(?:対応|返信|回答|連絡|確認|説明|協力|案内|教示|手配|返金)を?(?:し?て?(?:いただ|頂)(?:き|いて)|(?:くだ|下)さり)"
    r"|ありがと(?:う|ー)(?:ござい(?:ます|ました))?|有り?難う(?:ござい(?:ます|ました))?"
    r"|感謝(?:して(?:い|おり)ます|(?:いた|致)?します|申し上げます|です)?|助かり(?:ました|ます)"
    rf"|(?:問題は?)?解決{_DID}|(?:直|治|戻|通|入|着)(?:り|き)ました|届きました|(?:いけ|行け|使え|入れ|でき)ました|大丈夫(?:です|になりました)"
    r"|(?:ログイン|入金|出金|確認|設定|登録)(?:が|も)?でき(?:て(?:い|お)り?)?ました"
    rf"|(?:反映|着金|入金|返金)(?:が|を|も)?(?:され(?:て(?:い|おり))?ました|確認{_DID}|(?:いた|致)?しました)"
    rf"|(?:確認|了解|承知){_DID}|(?:わか|分か)りました"
    r"|お世話に(?:なりました|なって(?:い|おり)ます|なります)|お疲れ(?:さま|様)(?:です|でした)|失礼(?:いた|致)?します|安心しました|(?:よ|良)かったです"
    r"|ご?(?:対応|返信|回答|連絡|確認|説明|協力|案内|教示|手配|返金)|サポート|皆(?:様|さま)|担当者?様?|の(?:方|皆様|皆さま)|[はがをにでもとの])"
)


def only_thanks(text: str) -> bool:
    """Whether somebody thanks, or says that it is solved or has come, and says and asks nothing else.

    A name beneath a formula of farewell is passed over. In doubt no: then a person reads it.
    """
    own = unquoted(text).strip()
    if not own or len(own) > MAX_READ:
        return False
    said = unicodedata.normalize("NFKC", own).lower().replace("’", "'")
    if "?" in said:
        return False
    said = compiled(_WENT_WELL).sub(" ", _unsigned(said))
    if not compiled(_THANKS).search(said) or compiled(_BUT).search(said):
        return False
    rest = said if said.isascii() else compiled(_MANNERS_JA).sub(" ", said)
    return not compiled(r"[^\W_]").search(compiled(_WORD).sub(" ", rest))


def _unsigned(said: str) -> str:
    """The text without the name of who signs it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    is_signed = len(lines) > 2 and compiled(_SIGNED).fullmatch(lines[-2]) and compiled(_NAME).fullmatch(lines[-1])
    return "\n".join(lines[:-1]) if is_signed else said
