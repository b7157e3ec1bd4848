"""What is added below a mail by nobody who writes it: by the telephone, the virus scanner, the legal department."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_MAX_DEVICE = 160
_MAX_WORDS = 14
_MAX_TAIL = 9
_MAX_LINE = 220
MAX_DEVICE_LINE = 320
_MAX_PARAGRAPH_LINES = 40
_MAX_PARAGRAPH = 6_000
_MIN_PARAGRAPH = 40
_MAX_TITLE = 60

_DEVICES = (
    r"iphon|айфон|ipad|ipod|android|blackberry|galaxy|samsung|huawei|xiaomi|redmi|oppo\b|vivo\b|oneplus|pixel|nokia|lumia"
    r"|xperia|aquos"
    r"|arrows|\bhtc\b|\blg\b|motorola|\bmoto\b|windows|\bmac(?:book)?\b|verizon|vodafone|t-mobile|telekom|smartphone"
    r"|smarttelefon"
    r"|(?:mobile|cell|hand)\s?(?:phone|device)?\b|handy\b|mobil\w*|téléphone|telefon\w*|teléfono|telefono|telem[óo]vel|celular"
    r"|phone\b"
    r"|tablet|device|gerät|appareil|dispositivo|urządzeni|устройств|enhet|enhed|laitte|zařízení|cihaz|телефон\w*|смартфон"
    r"|outlook|gmail|yahoo|icloud|proton\s?mail|tutanota|\btuta\b|thunderbird|hey\.com|fastmail|zoho|spark\b|airmail|mailbird"
    r"|sparrow"
    r"|k-9|bluemail|aqua\s?mail|mail\.ru|яндекс|почт|yandex|web\.de|gmx|t-online|orange|laposte|sfr\b|freenet|libero|seznam"
    r"|webmail|(?<![a-z])mail(?![a-z])|courrier|correo|posta\b|poczt|sähköposti|e-post"
    r"|スマートフォン|スマホ|携帯|ケータイ|タブレット|ドコモ|docomo|ソフトバンク|softbank|楽天|rakuten|ezweb|ヤフー|メーラー"
    r"|アプリ"
    r"|小米|华为|華為|手机|手機|平板|邮箱|郵箱|网易|邮件|郵件|갤럭시|삼성|스마트폰|아이폰|아이패드|휴대폰|휴대전화|네이버|다음"
)
_SENT = (
    r"sent (?:from|via|with|using|by)|gesendet (?:von|vom|mit|über|via)|verschickt (?:von|mit)"
    r"|envoyé (?:de|depuis|à partir|avec|par|via)"
    r"|provenance ?:|enviad[oa] (?:desde|do|de|da|a partir|con|com|pelo|pela|por|via)|inviato (?:da|dal|dallo|con|tramite|via)"
    r"|(?:verstuurd|verzonden) (?:vanaf|met|vanuit|via|van)|wysłan[aeyo] (?:z|ze|za|przy|przez|telefonem)"
    r"|отправлен[оа] (?:с|со|из|от|через|при)|надіслано (?:з|із|через)|skicka(?:t|des|d) (?:från|med|via)|sendt (?:fra|via|med)"
    r"|lähetetty|odesláno (?:z|ze|pomocí|přes)|odoslané (?:z|zo)|küldve|trimis (?:de pe|din|de la)|στάλθηκε από|dikirim dari"
    r"|(?:được|đã) gửi từ|ส่งจาก|发自|發自|发送自|來自我|来自我|從我|从我|從 yahoo|我的|寄自"
)
_GET = (
    r"\bget\b|download|obt[eé]n|obtenir|obtenez|obtenha|\bobter\b|télécharge|descarga|scarica|ottieni|baixa|holen|herunterladen"
    r"|beziehen"
    r"|abrufen|ophalen|pobierz|скача|загруз|получи|hämta|\bhent\b|skaff|\bfå\b|hanki|lataa|získ|stáhn|edinin|indirin|获取|下载"
    r"|取得|下載"
    r"|가져오기|다운로드|받기|入手|ダウンロード"
)
_STEMS = (
    *("sent ", "gesendet", "verschickt", "envoy", "provenance", "enviad", "inviat", "verstuurd", "verzonden", "wysłan"),
    *("отправлен", "надіслано", "skick", "sendt ", "lähetetty", "odesl", "odosl", "küldve", "trimis", "στάλθηκε", "dikirim"),
    *("gửi từ", "ส่งจาก", "gönderil", "发自", "發自", "发送自", "來自我", "来自我", "從", "从我", "我的", "寄自", "送信"),
    *("返信", "送付", "에서", "outlook", "bluemail", "excuse"),
)
"""One of them, in lower case, is in every line that a device adds."""
_ASCII_STEMS = tuple(stem for stem in _STEMS if stem.isascii())


@cache
def _link() -> re.Pattern[str]:
    return re.compile(r"<?\b(?:https?|mailto):[^\s<>()]{1,2000}>?|\[[^\]]{0,200}\]|\(\s*\)", re.IGNORECASE)


_CLAUSE = re.compile(r"[,.;!。、]\s+|[.!。]$")


@cache
def _matter() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:wallet|ledger|trezor|account|exchange|bank|address|btc|eth|xrp|usdt|deposit|withdraw\w*)\b|0x|bc1|\d{3}|ウォレット"
        r"|口座|取引"
    )


@cache
def _unknown() -> re.Pattern[str]:
    return re.compile(r"sent from (?:my|a|an|the) [\w'’ -]{3,50}")


@cache
def _device() -> re.Pattern[str]:
    return re.compile(_DEVICES, re.IGNORECASE)


@cache
def _sent_first() -> re.Pattern[str]:
    return re.compile(rf"(?:{_SENT})(?P<rest>.{{2,150}})")


@cache
def _sent_last() -> re.Pattern[str]:
    """How the verb stands at the end: German, Turkish, Korean, Japanese, Chinese, Hungarian."""
    return re.compile(
        r"(?:diese \S+ wurde )?(?:von|vom|mit) .{2,80} (?:gesendet|geschickt|verschickt|versendet)"
        r"|.{2,60}(?:gönderildi|gönderilmiştir|gönderilen e-posta|küldve)"
        r"|.{2,40}에서 (?:보냄|보냈습니다|보낸 (?:메일|메시지|이메일)(?:입니다)?|전송(?:됨|했습니다|되었습니다)?|발송됨)"
        r"|(?:從|从|用|由|通过).{2,40}(?:傳送|发送|發送|寄出|发出)"
        r"|.{0,40}?(?:から|より|で)の?(?:送信|返信|送付)(?:し(?:た|ました|ています)|され(?:た|ました|ています))?(?:メール)?(?:です)?"
    )


@cache
def _get() -> re.Pattern[str]:
    return re.compile(_GET)


def device_stems(text: str) -> tuple[str, ...]:
    """Tell quickly whether a device may have added a line: by the words for "sent" that occur in a text in lower case.

    Every line with such a word has one of those that are told, though not every word may be told that it has.
    """
    if text.isascii():
        return tuple([stem for stem in _ASCII_STEMS if stem in text])
    if "の" in text or "。" in text:
        return tuple(dict.fromkeys(_any_stem().findall(text)))
    return tuple([stem for stem in _STEMS if stem in text])


@cache
def _any_stem() -> re.Pattern[str]:
    """All stems in one go: a fifth of the time where hardly any character begins one, and twice the time among Latin letters."""
    return re.compile("|".join(map(re.escape, _STEMS)))


def is_device(line: str) -> bool:
    """Whether a line is what a telephone or a mail program adds: "Sent from my iPhone", "Get Outlook for iOS"."""
    said = _link().sub(" ", line) if "[" in line or "(" in line or ":" in line else line
    said = " ".join(said.split()).strip(" []()*_-–—\t\u3000")
    said = said.lower()
    if len(said) > _MAX_DEVICE or len(said.split()) > _MAX_WORDS + _MAX_TAIL or "?" in said or _matter().search(said):
        return False
    return _is_sent(said) or _is_offer(said)


def is_signed_off_by_joke(line: str) -> bool:
    """Whether a line at the end has the form of a device's, with another thing in its place."""
    said = line.strip().rstrip(".").lower()
    return (
        said.startswith("sent from")
        and bool(_unknown().fullmatch(said))
        and len(said.split()) <= _MAX_WORDS
        and not _matter().search(said)
    )


def _is_sent(said: str) -> bool:
    """Whether it was sent from a device, named before any further clause, such as an excuse for brevity, begins."""
    clauses = [clause for clause in _CLAUSE.split(said) if clause]
    head = clauses[0] if clauses else ""
    tail = sum(len(clause.split()) for clause in clauses[1:])
    if len(head.split()) > _MAX_WORDS or tail > _MAX_TAIL or not _device().search(head):
        return False
    return bool(_sent_first().fullmatch(head) or _sent_last().fullmatch(head))


def _is_offer(said: str) -> bool:
    """Whether it offers a mail program: "Get … for iOS"."""
    if "outlook" not in said and "bluemail" not in said:
        return False
    return len(said) <= _MAX_TITLE and len(said.split()) <= 8 and not _CLAUSE.search(said) and bool(_get().search(said))


@cache
def _scanners() -> re.Pattern[str]:
    return re.compile(r"\b(?:avast|avg|norton|mcafee|kaspersky|eset|nod32|bitdefender|avira|malwarebytes|f-secure|sophos)\b")


@cache
def _link_only() -> re.Pattern[str]:
    return re.compile(r"\s*<?(?:https?://|www\.)[^\s<>]{3,200}>?\s*")


_SCANNED = re.compile(r"vir(?:us|en|ů)|вирус|ウイルス|ウィルス|病毒|바이러스")
_FIRST_PERSON = re.compile(r"\bI\b|\b(?:my|My)\b|私|わたし|僕|俺")


@cache
def _paper() -> re.Pattern[str]:
    return re.compile(r"print|druck|imprim|stamp|afdruk|utskrift|skriv|udskriv|druk|печат|tulost|tisk|yazdır|印刷|打印|列印|인쇄")


@cache
def _earth() -> re.Pattern[str]:
    return re.compile(
        r"environment|umwelt|environnement|medio ?ambiente|meio ambiente|ambiente|milieu|miljö|miljø|środowisk|окружающ|ympäristö"
        r"|životní|çevre|環境|环境|환경|🌳|🌲|🌱"
    )


@cache
def _title() -> re.Pattern[str]:
    return re.compile(
        r"confidential|disclaimer|legal notice|haftungsausschluss|vertraulich|rechtlich|confidenti|avis|aviso|avvert|clausol"
        r"|klauzul|注意|免責"
        r"|機密|声明|聲明|고지",
    )


_LEGAL: dict[str, tuple[str, ...]] = {
    "confidential": (
        *("confidenti", "confidenci", "privileged", "vertraulich", "confidenzial", "riservat", "vertrouwelijk", "poufn"),
        *("конфиденциальн", "konfidenti", "konfidensi", "sekretess", "fortrolig", "luottamuksell", "důvěrn", "gizli", "機密"),
        *("秘密", "守秘", "保密", "机密", "기밀", "비밀"),
    ),
    "recipient": (
        *("intended recipient", "intended addressee", "intended only", "intended solely", "intended for", "addressee"),
        *("use of the", "adressat", "empfänger", "destinataire", "destinatari", "destinatári", "geadresseerde", "bestemd"),
        *("adresat", "odbiorc", "адресат", "получател", "предназначен", "mottagare", "modtager", "mottaker", "vastaanottaj"),
        *("adresát", "příjemc", "alıcı", "muhatab", "宛先", "名宛人", "受信者", "受信され", "受取人", "意図", "宛て"),
        *("收件人", "接收", "수신"),
    ),
    "error": (
        *("in error", "by mistake", "not the intended", "irrtümlich", "versehentlich", "nicht der richtige", "par erreur"),
        *("por error", "per errore", "por engano", "por erro", "ten onrechte", "abusievelijk", "vergissing", "omyłkowo"),
        *("pomyłk", "błędn", "ошиб", "av misstag", "ved en fejl", "ved en feil", "feilaktig", "fejlagtig", "erehdyks"),
        *("vahingossa", "omylem", "yanlışlıkla", "hata", "誤って", "誤送信", "誤り", "手違い", "误", "誤收", "错误", "錯誤"),
        *("잘못", "착오"),
    ),
    "destroy": (
        *("delete", "destroy", "lösch", "vernicht", "détrui", "supprim", "elimin", "borr", "destru", "distrugg", "cancell"),
        *("apag", "verwijder", "vernietig", "usun", "zniszcz", "удал", "уничтож", "radera", "ta bort", "förstör", "slet"),
        *("poist", "tuho", "smaž", "znič", "vymaž", "silin", "imha", "削除", "破棄", "消去", "廃棄", "删除", "刪除", "销毁"),
        *("삭제", "폐기"),
    ),
    "forbidden": (
        *("unauthoris", "unauthoriz", "prohibited", "nicht gestattet", "unbefugt", "untersagt", "interdit", "prohib"),
        *("vietat", "proib", "verboden", "zabronion", "запрещ", "förbjud", "forbudt", "kielletty", "zakázán", "yasak", "禁止"),
        *("禁じ", "固く", "严禁", "嚴禁", "금지", "お控え"),
    ),
}
_LEGAL_MAIL = (
    *("this email", "this e-mail", "this message", "this communication", "this transmission", "email and any"),
    *("e-mail and any", "diese e-mail", "diese email", "diese nachricht", "diese mail", "ce message", "ce courriel"),
    *("ce mail", "cet e-mail", "este correo", "este mensaje", "este e-mail", "este email", "esta mensagem", "questa e-mail"),
    *("questo messaggio", "dit bericht", "deze e-mail", "deze email", "wiadomość", "сообщение", "письмо", "detta meddelande"),
    *("detta mail", "detta e-", "denne e-", "denne mail", "denne meld", "dette brev", "tämä", "tento", "tato", "bu e-posta"),
    *("bu eposta", "bu ileti", "bu mesaj", "本メール", "このメール", "当メール", "本電子メール", "この電子メール"),
    *("本メッセージ", "本邮件", "此邮件", "该邮件", "本郵件", "此郵件", "本電郵", "본 메일", "이 메일", "본 이메일"),
    *("이 이메일", "본 메시지"),
)
_ASCII_LEGAL_MAIL = tuple(filter(str.isascii, _LEGAL_MAIL))
_MIN_LEGAL = 3


def notice_start(lines: Sequence[str], low: int, end: int) -> int:
    """Find where what a virus scanner added before ``end``, or a plea to save paper, starts; ``end`` if there is neither."""
    start = end - 1
    if start > low and _has_link(lines[start]):
        start -= 1
    return start if _is_notice(lines[start]) else end


def _has_link(line: str) -> bool:
    return ("://" in line or "www." in line) and bool(_link_only().fullmatch(line))


def _is_notice(line: str) -> bool:
    if not 8 <= len(line) <= _MAX_LINE:
        return False
    said = line.lower()
    if _SCANNED.search(said):
        return bool(said.startswith(("virus-free", "virenfrei")) or _scanners().search(said)) and not _FIRST_PERSON.search(line)
    return bool(_paper().search(said) and _earth().search(said)) and not _FIRST_PERSON.search(line)


def disclaimer_start(lines: Sequence[str], low: int, end: int) -> int:
    """Find where the legal paragraph that ends before ``end`` starts, its title included; ``end`` if there is none.

    It speaks of the mail itself, and of three of these: confidentiality, its recipient, error, deletion, prohibition. Who
    says "I" writes about one.
    """
    start = end
    while start > low and lines[start - 1].strip() and end - start <= _MAX_PARAGRAPH_LINES:
        start -= 1
    if end - start > _MAX_PARAGRAPH_LINES or not _is_legal(lines[start:end]):
        return end
    title = start - 1
    while title > low and not lines[title].strip():
        title -= 1
    has_title = title >= low and len(lines[title]) <= _MAX_TITLE and _title().search(lines[title].lower())
    return title if has_title else start


def _is_legal(paragraph: Sequence[str]) -> bool:
    size = sum(map(len, paragraph))
    if not _MIN_PARAGRAPH <= size <= _MAX_PARAGRAPH:
        return False
    said = " ".join(paragraph).lower()
    names = _ASCII_LEGAL_MAIL if said.isascii() else _LEGAL_MAIL
    if not any(name in said for name in names) or any(map(_FIRST_PERSON.search, paragraph)):
        return False
    found = {name for name, stems in _LEGAL.items() if any(stem in said for stem in stems)}
    return len(found) >= _MIN_LEGAL and ("confidential" in found or {"recipient", "error"} <= found)
