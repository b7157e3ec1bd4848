"""Where a mail that came along begins: the line a client draws above it, and the headers it repeats, in the languages of clients.

A separator is known by two words, "original" or "forwarded" and "message", between dashes; a block of headers by its
labels. Both are read as words, not as one pattern per client: the next client uses the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

BLOCK_LINES = 10
"""Lines within which the headers of one block stand; clients wrap some and set others apart by empty lines."""
_MAX_LABEL = 40
_MAX_SEPARATOR = 120
_MIN_HEADERS = 3
_EMPHASIS = "*_> \t\u3000\xa0•·-"

_SENDER = (
    *("from", "sender", "von", "absender", "de", "de la", "expéditeur", "remitente", "da", "mittente", "remetente", "van"),
    *("afzender", "od", "nadawca", "от", "от кого", "отправитель", "від", "från", "avsändare", "fra", "afsender", "avsender"),
    *("lähettäjä", "odesílatel", "odosielateľ", "kimden", "gönderen", "feladó", "από", "dari", "từ", "người gửi", "จาก", "من"),
    *("מאת", "差出人", "差し出し人", "送信者", "送信元", "発信者", "发件人", "發件人", "寄件者", "寄件人", "보낸사람"),
    *("보낸이", "발신자", "발신"),
)
_RECIPIENT = (
    *("to", "recipient", "an", "empfänger", "à", "a", "destinataire", "para", "destinatario", "destinatário", "aan"),
    *("ontvanger", "do", "odbiorca", "кому", "получатель", "till", "mottagare", "til", "modtager", "mottaker"),
    *("vastaanottaja", "komu", "příjemce", "kime", "alıcı", "címzett", "către", "προς", "kepada", "untuk", "đến", "tới"),
    *("ถึง", "إلى", "אל", "宛先", "宛て先", "あて先", "受信者", "送信先", "收件人", "收件者", "받는사람", "받는이", "수신자"),
    "수신",
)
_DATE = (
    *("sent", "date", "received", "sent on", "sent at", "gesendet", "gesendet am", "datum", "envoyé", "envoyé le", "enviado"),
    *("enviado el", "enviado em", "enviada", "enviada em", "fecha", "fecha de envío", "inviato", "inviato il", "data"),
    *("verzonden", "verzonden op", "wysłano", "wysłane", "отправлено", "дата", "надіслано", "skickat", "sendt", "dato"),
    *("lähetetty", "päivä", "päivämäärä", "päiväys", "odesláno", "odoslané", "dátum", "gönderildi", "gönderilme tarihi"),
    *("gönderme tarihi", "tarih", "elküldve", "trimis", "ημερομηνία", "στάλθηκε", "tanggal", "dikirim", "ngày", "đã gửi"),
    *("วันที่", "ส่ง", "تاريخ", "תאריך", "送信日時", "送信日", "送信時刻", "受信日時", "日時", "日付", "发送时间", "发送日期"),
    *("发件时间", "發送時間", "日期", "时间", "時間", "寄件日期", "傳送時間", "傳送日期", "보낸날짜", "보낸시간", "날짜"),
    *("일시", "보냄", "전송", "발송일"),
)
_SUBJECT = (
    *("subject", "betreff", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "temat", "тема", "ämne", "emne"),
    *("aihe", "předmět", "predmet", "konu", "tárgy", "subiect", "θέμα", "subjek", "perihal", "chủ đề", "tiêu đề", "เรื่อง"),
    *("الموضوع", "נושא", "件名", "題名", "表題", "主题", "主題", "主旨", "제목"),
)
_OTHER = (
    *("cc", "bcc", "reply-to", "importance", "priority", "attachments", "kopie", "kopia", "kopi", "copie", "copia", "cópia"),
    *("dw", "antwort an", "répondre à", "responder a", "responder para", "rispondi a", "копия", "kopio", "bilgi", "写し"),
    *("返信先", "添付ファイル", "重要度", "抄送", "副本", "참조", "wichtigkeit", "priorität", "anlagen", "pièces jointes"),
    *("allegati", "anexos"),
)

_ORIGINAL = (
    r"origin|ursprüngl|urspr\.|oorspronkelijk|oryginaln|исходн|оригинальн|ursprunglig|oprindelig|opprinnelig|alkuperäi|původní"
    r"|pôvodn"
    r"|orijinal|özgün|asıl|eredeti|αρχικό|вихідн|gốc|asli|ต้นฉบับ|الأصلية|מקורית|元の|元(?=メ)|オリジナル|原始|原邮|原郵|原信"
    r"|원본|원래"
)
_FORWARDED = (
    r"forward|weitergeleitet|transféré|réexpédié|transmis|reenviad|inoltrat|encaminhad|doorgestuurd|przekaz|przesłan|пересыл"
    r"|пересл"
    r"|переадрес|перенаправ|vidarebefordra|videresendt|välitet|edelleenlähet|přepos|prepos|iletilen|iletilmiş|yönlendiril"
    r"|továbbít"
    r"|προωθ|redirecț|terusan|chuyển tiếp|転送|转发|轉寄|轉發|전달"
)
_MAIL = (
    r"message|e-?mail|mail|appointment|nachricht|mensaje|correo|courriel|messaggio|mensagem|bericht|wiadomoś|сообщени|письм"
    r"|meddelande|brev"
    r"|meddelelse|besked|melding|viesti|viestin|sanoma|zpráv|správ|ileti|mesaj|e-posta|üzenet|μήνυμα|повідомлен|thư|pesan"
    r"|ข้อความ"
    r"|الرسالة|הודעה|メッセージ|メール|邮件|郵件|信件|메[시세]지|메일|편지"
)
_OF = r"[\s\w'’/-]{0,20}?"
_DASHES = "-‐‑‒–—―_=*#~─━－＝~<>《》【】[]| \t\u3000\xa0"


@cache
def _separator() -> re.Pattern[str]:
    named = rf"(?:{_ORIGINAL}|{_FORWARDED})"
    either = rf"{_OF}{named}{_OF}(?:{_MAIL})|{_OF}(?:{_MAIL}){_OF}{named}"
    return re.compile(rf"(?:{either})[\w\s'’]{{0,20}}[:：]?|ここから転送.{{0,20}}")


@cache
def _forwarded_by() -> re.Pattern[str]:
    return re.compile(rf"(?:{_FORWARDED})\w*\s(?:by|von|par|por|da|door|przez|av|af)\b.{{1,100}}")


@cache
def _reply_above() -> re.Pattern[str]:
    answer = (
        r"reply|repl(?:y|ies)|respon[ds]|answer|type|write|antwort|schreib|répon|rispo|odpowied|ответ|svar|vastaa|odpov|yanıt"
        r"|返信|記入"
    )
    above = (
        r"above|oberhalb|über|au-dessus|encima|arriba|sopra|acima|boven|powyżej|выше|ovan|over|yläpuol|nad|üst"
        r"|より上|の上|以上|上方|上面"
    )
    line = (
        r"line|linie|zeile|ligne|línea|riga|linha|lijn|regel|linii|черты|линии|строки|rad|linje|viiva|čáru|satır"
        r"|線|行|ライン|线"
    )
    return re.compile(rf"(?=.*?(?:{answer}))(?=.*?(?:{above}))(?=.*?(?:{line})).{{6,100}}")


@cache
def _labels() -> dict[str, str]:
    """Say what each label names. Labels are compared without case, without inner blanks, full-width as half-width."""
    kinds = {"other": _OTHER, "date": _DATE, "recipient": _RECIPIENT, "subject": _SUBJECT, "sender": _SENDER}
    return {_folded(name): kind for kind, names in kinds.items() for name in names}


def _folded(label: str) -> str:
    return "".join(_lower(unicodedata.normalize("NFKC", label)).split())


def kind_of(line: str) -> str:
    """Tell which header a line is: ``sender``, ``recipient``, ``date``, ``subject``, ``other``; empty if none."""
    start = line[:_MAX_LABEL]
    if start[:1].isdigit():  # no label begins so; times and numbered lists do, and folding each of their lines takes long
        return ""
    colon = start.find(":")
    wide = start.find("：")
    if wide >= 0 and (colon < 0 or wide < colon):
        colon = wide
    if colon < 0:
        return ""
    return _labels().get(_folded(start[:colon].strip(_EMPHASIS)), "")


def length(lines: Sequence[str], at: int) -> int:
    """Count the lines, from ``at`` on, that open a mail that came along: separator, headers or both; 0 if there are none."""
    if is_separator(lines[at]) or _is_forward(lines, at):
        following = next_text(lines, at + 1)
        return _block_length(lines, following, is_set_off=True) + following - at if following - at <= 3 else 1
    if is_rule(lines[at]):
        following = next_text(lines, at + 1)
        block = _block_length(lines, following, is_set_off=True)
        return following - at + block if block else 0
    return _block_length(lines, at, is_set_off=False)


def next_text(lines: Sequence[str], at: int) -> int:
    """Find the first line from ``at`` on that is not empty."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def is_rule(line: str) -> bool:
    """Whether a line is drawn, of ten strokes at least, as Outlook draws it above the headers."""
    strokes = line.strip(" \t>*")
    return len(strokes) >= 10 and strokes[0] in "_-=─━" and not strokes.strip(strokes[0])


def is_separator(line: str) -> bool:
    """Whether a line says, between dashes, that what follows is another mail; or that answers belong above it."""
    if len(line) > _MAX_SEPARATOR:
        return False
    words = line.strip(_DASHES)
    if not words or len(words) == len(line.strip()):
        return False
    framed = line.strip(" \t>*\xa0")
    if framed[:2].strip(_DASHES) or framed == words:
        return False
    said = _lower(words)
    return bool(_separator().fullmatch(said) or _forwarded_by().fullmatch(said) or _reply_above().fullmatch(said))


def _lower(words: str) -> str:
    """Write in lower case, also the Turkish capital that Python makes two characters of."""
    return words.replace("İ", "i").lower()


def _is_forward(lines: Sequence[str], at: int) -> bool:
    """Whether a line such as "Begin forwarded message:", which stands without dashes, is above headers or by itself."""
    words = lines[at].strip(_EMPHASIS)
    if not words.endswith((":", "：")) or len(words) > _MAX_SEPARATOR:
        return False
    following = next_text(lines, at + 1)
    if following >= len(lines) or (following == at + 1 and not kind_of(lines[following])):
        return False
    return bool(_separator().fullmatch(_lower(words)))


def _block_length(lines: Sequence[str], at: int, *, is_set_off: bool) -> int:
    """Count the lines of a block of headers. What is set off by a separator needs fewer of them."""
    if at >= len(lines) or not kind_of(lines[at]):
        return 0
    kinds = {offset: kind for offset, line in enumerate(lines[at : at + BLOCK_LINES]) if (kind := kind_of(line))}
    found = set(kinds.values())
    sender = next((lines[at + offset] for offset, kind in kinds.items() if kind == "sender"), "")
    is_block = len(found) > 1 if is_set_off else len(kinds) >= _MIN_HEADERS and _is_block(lines, at, found, sender)
    return _wrapped(lines, at, max(kinds) + 1) if sender and is_block else 0


def _is_block(lines: Sequence[str], at: int, kinds: set[str], sender: str) -> bool:
    """Whether headers are those of a mail: customers describe a transfer, too, by from, to and date.

    A mail has a subject or its sender an address. Without a recipient, as in a description of a mail, all else must be there.
    """
    has_address = "@" in sender
    if "recipient" in kinds:
        return len(kinds) >= _MIN_HEADERS and ("subject" in kinds or has_address)
    stands_alone = at + _MIN_HEADERS < len(lines) and not lines[at + _MIN_HEADERS].strip()
    return has_address and {"subject", "date"} <= kinds and stands_alone


def _wrapped(lines: Sequence[str], at: int, count: int) -> int:
    """Add to the last header the lines it goes on with, up to the empty line."""
    for more in range(count, min(count + 2, len(lines) - at)):
        if not lines[at + more].strip():
            return more
    return count
