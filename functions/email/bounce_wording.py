"""How mail systems say that a mail did not arrive: regular expressions, compiled by whom they concern.

From the messages of common mail systems, carriers and lists, in our own general terms. They are looked for only in what a
machine sent: customers use the same words.
"""

from __future__ import annotations

DAEMON = (
    r"(?i)(?:mailer[-_ ]?daemon|mail-daemon|mdaemon|double-bounce"
    r"|mail[-_. ]?(?:deliver[a-z]*|submission)[-_. ]*(?:sub)?(?:system)?)(?:@|\Z)"
)
"""Mailboxes that no person has, from what mail systems put into From and into the envelope."""
DAEMONS_BEGIN = ("mail", "mdaemon", "double-bounce")
"""How the names of all of them begin, in lower case."""
OFFICERS = r"(?:post_?master|root|mail-?admin(?:istrator)?|mail-?system|listserv|majordomo|mailman)(?:@|\Z)"
"""Mailboxes that machines write from, and now and then a person."""
ROBOTS = (
    r"(?:(?:no-?_?reply|do-?_?not-?_?reply|bounces?|notif[a-z]{2,12}|alerts?|admin(?:istrator)?|sys-?admin|system)"
    r"(?:[-+.][^@]{0,64})?|[^@]{0,64}-(?:admin|owner|request|bounces)|owner-[^@]{1,64})@"
)
"""Mailboxes that send more than they read; those of list servers and small offices among them."""
TITLES = (
    r"(?i)\W{0,3}(?:mailer[- ]?daemon|(?:internet )?mail deliver[a-z]* ?(?:sub)?(?:system)?|postmaster"
    r"|(?:mail|system) administrator|interscan[a-z ]{0,30})\W{0,3}(?:<|\Z)"
)
"""What these mailboxes are called, where the address does not say it."""

SUBJECTS = (
    r"(?i)\W{0,4}(?:postmaster\W{1,3})?(?:undeliver(?:able|ed)|non-?deliver|bounced?\b|mail failure"
    r"|return(?:ed|ing) (?:e-?)?mail|(?:mail )?failure notice"
    r"|could not send message|mail system error|error (?:sending|delivering|in) (?:your )?(?:e-?)?mail|mail (?:error|returned)"
    r"|(?:e-?)?mail delivery (?:failed|failure|problem|status|system|error|report|notification|delayed|has)|delayed mail"
    r"|delivery (?:status )?notification|postmaster notify|there was an error sending your mail"
    r"|(?:permanent |temporary |final )?delivery (?:failure|failed|report|problem|error|status|delay)"
    r"|(?:notice|warning): (?:mail delivery|could not send|message|your|undeliver)"
    r"|(?:your )?(?:e-?)?(?:mail|message) (?:status|undeliverable|delivery|could not be (?:delivered|sent)|not delivered)"
    r"|(?:loop (?:alert|back warning)|(?:ignored )?not member article|fml system error|reject mail)\b"
    r"|rejected (?:mail|message|posting)|message rejected"
    r"|メール(?:エラー|配信エラー|システムエラー)|エラー(?:メール|通知)|(?:リターン|返送)メール)"
)
"""How the subject of a bounce begins."""

_ENGLISH = (
    r"\b(?:not|cannot|[a-z]{2,6}n['’]?t|unable|failed|never)\s+(?:yet\s+)?(?:able\s+)?(?:to\s+)?(?:be(?:en)?\s+){0,2}"
    r"(?:deliver|sen[dt]\b)|undeliver(?:able|ed)\b|deliver(?:y|ing)\b.{0,60}\b(?:fail(?:ed|ure)|delayed|error)"
    r"|permanent(?:ly)? (?:fatal )?(?:error|fail)|delivery incomplete|message is delayed|(?:still )?being retried"
    r"|(?:error|problem|trouble)s? (?:occurred )?(?:while |in |when )?(?:trying to )?deliver|did not reach the following"
    r"|(?:has been|was) (?:returned|rejected|blocked|bounced)|blocked by (?:our|the)|permissions? to post"
    r"|returned to (?:the )?(?:original )?sender|returning message|transcript of session|qmail-send program"
    r"|created automatically by (?:the )?mail|mail system at host|retry time(?:out)? (?:not |was )?(?:reached|exceeded)"
    r"|too many hops|detected a loop|duplicated message-id|mailbox (?:is )?(?:full|unavailable|disabled)"
    r"|(?:over|exceeded) (?:the |its |their )?quota|not listed in (?:public|domino)|host (?:or domain name )?not found"
    r"|user unknown|(?:no such|unknown) (?:user|recipient|address|mailbox|host|domain)|unrouteable"
    r"|(?:recipient|address|sender|relay(?:ing)?) (?:address )?(?:rejected|denied)|original (?:message|mail) (?:as )?follows"
    r"|following (?:recipients?|address(?:es)?) (?:were affected|failed|had)"
    r"|not a member of this (?:mailing )?list|awaits? moderator approval"
)
_JAPANESE = (
    r"(?:配信|配送|送信|受信|転送|お届け|送付|配達)(?:が|を|は|も)?"
    r"(?:でき(?:ません|ない|なかった)|不能|不可|不達|に失敗|失敗|エラー|されません|拒否)"
    r"|(?:届けられ|届き|届か)(?:ません|なかった|ない)|宛先(?:不明|.{0,12}(?:見つかり|存在し|正しく)|エラー)"
    r"|存在し(?:ない(?:か|メール|アドレス)|ません)|リストにありません|投稿する権限|不達|返送(?:され|しま|いた)"
    r"|(?:メールボックス|容量|受信箱).{0,16}(?:一杯|いっぱい|超え|超過)|(?:理由|原因)により.{0,20}戻"
)
_CHINESE = r"无法(?:投递|送达|发送)|投递失败|退信|無法(?:遞送|傳遞|送達|投遞)|退件|不存在"
_KOREAN = r"존재하지|반송|전송(?:하지|되지|에 실패)|전달(?:할 수|되지)"
_GERMAN = (
    r"(?:nicht|unmöglich) .{0,40}(?:zugestellt|zustell|ausgeliefert|übermittelt)|unzustellbar|nicht vorhanden"
    r"|zustellung .{0,30}fehlgeschlagen|übermittlungsstatus"
)
_FRENCH = (
    r"pas (?:pu|été) .{0,30}(?:remis|délivré|livré|distribué|achemin|envoyé)|non (?:remis|distribu|délivr)"
    r"|échec .{0,20}(?:remise|livraison|distribution|envoi)"
)
_SPANISH = r"no .{0,20}(?:entregad|entregar)|fallo .{0,12}entrega"
_PORTUGUESE = r"não .{0,30}(?:entreg|enviad)|falha .{0,12}entrega"
_ITALIAN = r"non .{0,30}(?:recapitat|recapitabil|consegnat)|mancat[oa] (?:recapito|consegna)"
_OTHERS = (
    r"niet .{0,30}(?:afgeleverd|bezorgd|besteld)|nie .{0,30}dostarcz|niedostarcz|kunde inte .{0,20}levereras"
    r"|не .{0,30}доставл|недоставл"
)
TEXTS = "(?i)" + "|".join((_ENGLISH, _JAPANESE, _CHINESE, _KOREAN, _GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN, _OTHERS))
"""That a mail did not arrive, and why."""

_ENHANCED = r"[45]\.\d{1,3}\.\d{1,3}"
_CODES = r"(?:4(?:21|5[0-5])|5(?:0[0-4]|2[13]|3[045]|41|5\d|71))"
ANSWERS = (
    rf"(?im)\b[45]\d\d[ -]+\(?#?{_ENHANCED}\b|\(#{_ENHANCED}\)|msexch:\w{{2,5}}:"
    rf"|(?:<<<|>>>|said:|reply:|responded.{{0,30}}:)\s*\[?{_CODES}\b"
    rf"|^[ \t]*(?:final-recipient|original-recipient|diagnostic-code|remote-mta)[ \t]*:|^[ \t]*status[ \t]*:[ \t]*{_ENHANCED}"
    rf"|^[ \t]*\(?{_CODES}[ -][^\n]{{0,120}}(?:user|mailbox|recipient|relay|address|account|host|<[^<>\s@]{{1,64}}@)"
)
"""What a mail server answers (RFC 5321, RFC 3463), in any language."""
REPLIES = r"(?i)\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|转发|回复|返信|転送)\s*(?:\[\d+\])?\s*[:：]"
"""How the subject of a person's answer or forward begins."""
NOTIFICATIONS = r'"(?:notificationType|eventType)"\s*:\s*"(Bounce|Complaint)"'
"""What SES tells the subscribers of a topic, who may read it by mail (SES developer guide, "notification contents")."""
IP_COMPLAINTS = r"(?i)\W{0,3}complaint about message from \d{1,3}(?:\.\d{1,3}){3}\s*\Z"
"""A subject that no person writes."""
COMPLAINTS = r"(?i)\W{0,3}(?:complaint about (?:a )?message|(?:e-?mail )?(?:feedback|abuse) (?:loop )?report|client tos notif)"
"""How the subject of a complaint begins that a mailbox provider passes on."""
