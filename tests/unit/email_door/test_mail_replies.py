from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.email import reply
from tests.unit.email_door.mails import a_mail, a_multipart, a_text, read

DESK = "support@exchange.example"
NEW = "It happened again.\n\nPlease help."
NEW_JA = "また起きました。\n\n以上、よろしくお願いいたします。\n\n山田花子"
OLD = "Dear customer,\n\nwe looked into it."
QUOTED = "> Dear customer,\n>\n> we looked into it."

ATTRIBUTIONS = {
    "Gmail, English": f"On Sun, May 3, 2026 at 10:12 AM Support <{DESK}> wrote:",
    "Gmail, wrapped": f"On Sun, May 3, 2026 at 10:12 AM Support Team\n<{DESK}> wrote:",
    "Gmail, wrapped in the address": f"On Sun, May 3, 2026 at 10:12 AM Support Team <\n{DESK}> wrote:",
    "Apple Mail": "On 3 May 2026, at 10:12, Support wrote:",
    "Thunderbird": "On 03/05/2026 10:12, Support wrote:",
    "Proton": f"On Sunday, May 3rd, 2026 at 10:12 AM, Support <{DESK}> wrote:",
    "Zoho": f" ---- On Sun, 03 May 2026 10:12:00 +0900 Support <{DESK}> wrote ----",
    "Horde": f"Quoting Support <{DESK}>:",
    "Notes": f"Support <{DESK}> wrote on 05/03/2026 10:12:00 AM:",
    "163": f'At 2026-05-03 10:12:00, "Support" <{DESK}> wrote:',
    "Gmail, Japanese": f"2026年5月3日(日) 10:12 サポート <{DESK}>:",
    "Gmail, Japanese, wrapped": f"2026年5月3日(日) 10:12 サポート\n<{DESK}>:",
    "Android, Japanese": f"2026年5月3日日曜日 10:12 +0900 from サポート <{DESK}>:",
    "iPhone, Japanese": f"2026/05/03 10:12、サポート <{DESK}>のメール:",
    "iPhone, Japanese, full width": f"2026/05/03 10:12、Support <{DESK}>のメール：",
    "Thunderbird, Japanese": "2026/05/03 10:12, サポート さんは書きました:",
    "old Thunderbird, Japanese": "(2026/05/03 10:12), サポート wrote:",
    "Japanese, a message": f"2026年5月3日 10:12、サポート さん <{DESK}> のメッセージ：",
    "Gmail, German": f"Am So., 3. Mai 2026 um 10:12 Uhr schrieb Support <{DESK}>:",
    "Thunderbird, German": "Am 03.05.26 um 10:12 schrieb Support:",
    "Gmail, German, wrapped": f"Support <{DESK}> schrieb am So., 3. Mai 2026,\n10:12:",
    "Open-Xchange, German": f"Support <{DESK}> hat am 03.05.2026 10:12 CEST geschrieben:",
    "Gmail, French": f"Le dim. 3 mai 2026 à 10:12, Support <{DESK}> a écrit\xa0:",
    "Android, French, wrapped": f'Le 3 mai 2026 10:12, "Support"\n<{DESK}>\na écrit :',
    "Gmail, Spanish": f"El dom, 3 may 2026 a las 10:12, Support (<{DESK}>) escribió:",
    "Gmail, Italian": f"Il giorno dom 3 mag 2026 alle ore 10:12 Support <{DESK}> ha scritto:",
    "Thunderbird, Italian": "Il 03/05/2026 10:12, Support ha scritto:",
    "Gmail, Portuguese": f"Em dom., 3 de mai. de 2026 às 10:12, Support <{DESK}> escreveu:",
    "Gmail, Dutch": f"Op zo 3 mei 2026 om 10:12 schreef Support <{DESK}>:",
    "Apple Mail, Dutch": f"Op 3 mei 2026 om 10:12 heeft Support <{DESK}> het volgende geschreven:",
    "Gmail, Polish": f"niedz., 3 maj 2026 o 10:12 Support <{DESK}> napisał(a):",
    "Thunderbird, Polish": "W dniu 03.05.2026 o 10:12, Support pisze:",
    "Gmail, Russian": f"вс, 3 мая 2026 г. в 10:12, Support <{DESK}>:",
    "Mail.ru, Russian": f"Воскресенье, 3 мая 2026, 10:12 +03:00 от Support <{DESK}>:",
    "Yandex, Russian": f'03.05.2026, 10:12, "Support" <{DESK}>:',
    "Apple Mail, Russian": f"3 мая 2026 г., в 10:12, Support <{DESK}> написал(а):",
    "Gmail, Swedish": f"Den sön 3 maj 2026 kl 10:12 skrev Support <{DESK}>:",
    "Gmail, Danish": f"Den søn. 3. maj 2026 kl. 10.12 skrev Support <{DESK}>:",
    "Gmail, Norwegian": f"søn. 3. mai 2026 kl. 10:12 skrev Support <{DESK}>:",
    "Gmail, Finnish": f"su 3. toukok. 2026 klo 10.12 Support ({DESK}) kirjoitti:",
    "Gmail, Czech": f"ne 3. 5. 2026 v 10:12 odesílatel Support <{DESK}> napsal:",
    "Thunderbird, Czech": "Dne 3.5.2026 v 10:12 Support napsal(a):",
    "Gmail, Turkish": f"Support <{DESK}>, 3 May 2026 Paz, 10:12 tarihinde şunu yazdı:",
    "Gmail, Chinese": f"Support <{DESK}> 于2026年5月3日周日 10:12写道：",
    "Apple Mail, Chinese": f"在 2026年5月3日，10:12，Support <{DESK}> 写道：",
    "Gmail, Taiwan": f"Support <{DESK}> 於 2026年5月3日 週日 上午10:12寫道：",
    "Gmail, Korean": f"2026년 5월 3일 (일) 오전 10:12, Support <{DESK}>님이 작성:",
    "Apple Mail, Korean": "2026. 5. 3. 오전 10:12, Support 작성:",
    "Gmail, Hungarian": f"Support <{DESK}> ezt írta (időpont: 2026. máj. 3., V, 10:12):",
    "Gmail, Romanian": f"În dum., 3 mai 2026 la 10:12, Support <{DESK}> a scris:",
    "Gmail, Greek": f"Στις Κυρ, 3 Μαΐ 2026 στις 10:12 π.μ., ο χρήστης Support <{DESK}> έγραψε:",
    "Gmail, Vietnamese": f"Vào CN, 3 thg 5, 2026 vào lúc 10:12 Support <{DESK}> đã viết:",
    "Gmail, Indonesian": f"Pada Min, 3 Mei 2026 pukul 10.12 Support <{DESK}> menulis:",
}
HEADERS = {
    "English": "From|Sent|To|Subject",
    "German": "Von|Gesendet|An|Betreff",
    "French": "De|Envoyé|À|Objet",
    "Spanish": "De|Enviado el|Para|Asunto",
    "Italian": "Da|Inviato|A|Oggetto",
    "Portuguese": "De|Enviada em|Para|Assunto",
    "Dutch": "Van|Verzonden|Aan|Onderwerp",
    "Polish": "Od|Wysłano|Do|Temat",
    "Russian": "От|Отправлено|Кому|Тема",
    "Mail.ru": "От кого|Дата|Кому|Тема",
    "Swedish": "Från|Skickat|Till|Ämne",
    "Danish": "Fra|Sendt|Til|Emne",
    "Norwegian": "Fra|Dato|Til|Emne",
    "Finnish": "Lähettäjä|Lähetetty|Vastaanottaja|Aihe",
    "Czech": "Od|Odesláno|Komu|Předmět",
    "Turkish": "Kimden|Gönderildi|Kime|Konu",
    "Chinese": "发件人|发送时间|收件人|主题",
    "Taiwan": "寄件者|寄件日期|收件者|主旨",
    "Korean": "보낸 사람|보낸 날짜|받는 사람|제목",
    "Outlook, Japanese": "差出人|送信日時|宛先|件名",
    "Apple Mail, Japanese": "差出人|日付|宛先|件名",
    "Japanese, set wide": "差　出　人|送 信 日 時|宛　先|件　名",
    "Japanese, a sender": "送信者|送信日|宛先|題名",
}
SEPARATORS = [
    "-----Original Message-----",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "*-------- Original Message --------*",
    "---------- Forwarded message ---------",
    "----- Forwarded by Support/Exchange on 05/03/2026 10:12 AM -----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Weitergeleitete Nachricht --------",
    "-----Message d’origine-----",
    "-----Mensaje original-----",
    "-------- Messaggio inoltrato --------",
    "---------- Mensagem encaminhada ---------",
    "-----Oorspronkelijk bericht-----",
    "-------- Przekazana wiadomość --------",
    "-------- Пересылаемое сообщение --------",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-------- Videresendt melding --------",
    "-----Alkuperäinen viesti-----",
    "---------- Původní e-mail ----------",
    "-----Özgün İleti-----",
    "------------------ 原始邮件 ------------------",
    "-----원본 메시지-----",
    "-----元のメッセージ-----",
    "－－－－－ 元のメッセージ －－－－－",
    "---------- 転送メッセージ ----------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "Début du message réexpédié :",
    "Начало переадресованного сообщения:",
    "転送されたメッセージ：",
    "##- Please type your reply above this line -##",
    "--- この線より上に返信してください ---",
]
DEVICES = [
    "Sent from my iPhone",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Sent from Mail<https://go.microsoft.example/link> for Windows",
    "Get Outlook for iOS<https://aka.example/o0ukef>",
    "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
    "Sent with Proton Mail secure email.",
    "Von meinem iPhone gesendet",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Holen Sie sich Outlook für iOS",
    "Envoyé de mon iPhone",
    "Télécharger Outlook pour Android",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Skickat från min iPhone",
    "Sendt fra min Samsung Galaxy-smartphone.",
    "Lähetetty iPhonesta",
    "Odesláno z iPhonu",
    "iPhone'umdan gönderildi",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄",
    "iPhoneから送信",
    "私のiPadから送信されました",
    "Androidから送信",
    "ドコモのスマートフォンから送信",
    "Yahoo!メール アプリより送信",
    "Outlook for iOS を入手",
]
SIGNATURES = [
    "-- \nHanako\nTokyo",
    "--\nHanako",
    "_______________\nHanako Yamada\nsomewhere in Tokyo",
    "-----\nHanako Yamada",
    "━━━━━━━━━━━━\n株式会社サンプル\n経理部　山田 花子\n〒100-0001 東京都千代田区\nTEL：03-0000-0000\n━━━━━━━━━━━━",
    "■□━━━━━━━━━━■□\n株式会社サンプル 山田花子\nhttps://example.com\n□■━━━━━━━━━━□■",
    "****************\n株式会社サンプル\n----------------\n山田花子\nTEL 03-0000-0000\n****************",
    "☆・゜・☆・゜・☆・゜・☆\n山田花子\nhanako@example.com\n☆・゜・☆・゜・☆・゜・☆",
    "┏━━━━━━━━┓\n　合同会社サンプル\n　電話 03-0000-0000\n┗━━━━━━━━┛",
    "==========\nHanako Yamada | Example Ltd\nTel: +81 3 0000 0000",
]
DISCLAIMERS = [
    "CONFIDENTIALITY NOTICE: This e-mail is confidential and meant for its addressee. If you received it in error, delete it.",
    "DISCLAIMER\n\nThis message may be privileged. If you are not the intended recipient, any use of it is prohibited.",
    "Diese E-Mail enthält vertrauliche Angaben. Sind Sie nicht der richtige Adressat, vernichten Sie bitte diese Nachricht.",
    "Ce message est confidentiel. Si vous n'en êtes pas le destinataire et le recevez par erreur, merci de le détruire.",
    "Este mensaje es confidencial. Si no es usted el destinatario y lo recibe por error, le rogamos que lo elimine.",
    "Questo messaggio è riservato. Se non siete il destinatario e lo ricevete per errore, vi preghiamo di distruggerlo.",
    "Esta mensagem é confidencial. Se não é o destinatário e a recebeu por engano, por favor apague-a imediatamente.",
    "Dit bericht is vertrouwelijk en bestemd voor de geadresseerde. Hebt u het abusievelijk ontvangen, verwijder het dan.",
    "Ta wiadomość jest poufna i przeznaczona dla adresata. Jeśli trafiła do Państwa omyłkowo, prosimy o usunięcie.",
    "Это сообщение конфиденциально. Если вы не его адресат и получили его по ошибке, удалите его, пожалуйста.",
    "本メールには機密情報が含まれることがあります。誤って受信された場合は、お手数ですが速やかに削除してください。",
    "※このメールは宛先に記載の方のみにお送りするもので、秘密情報を含むことがあります。\n無断での転用は固く禁じられています。",
    "本邮件含有保密信息，仅供收件人使用。如您误收，请立即删除，谢谢您的配合与理解，顺祝商祺，敬请留意本条声明内容。",
    "본 메일은 수신인만을 위한 것으로 기밀 정보를 포함할 수 있습니다. 잘못 수신하신 경우에는 바로 삭제해 주시기 바랍니다.",
    "Virus-free. www.avast.com",
    "このメールは Avast によりウイルススキャンされています。\nwww.avast.com",
    "Please consider the environment before printing this mail.",
]
OWN_WORDS = [
    "From: bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\nTo: my wallet\nDate: 2026-05-03\nAmount: 2 BTC",
    "送信元: 0x52908400098527886E0F7030069857D2E4169EE7\n宛先: 自分\n日時: 5月3日",
    "差出人：自分\n宛先：取引所\n日時：5月3日\n金額：1 BTC",
    "送信者：support@x-exchange.example\n件名：【重要】\n日時：5月3日\nこのようなメールが届きました。本物でしょうか？",
    "I wrote to you on May 3. You wrote: we will check. Please do.",
    "On Monday I wrote to your colleague about it and nobody answered.",
    "On 3 May 2026 your agent wrote:\n\nYour account is fine.\n\nBut it is not!",
    "On 3 May 2026 at 10:12 I got a mail from scam@x.example that said:\n\nYour account is frozen",
    "2026年5月3日 10:12に scam@x.example から次のメールが届きました:\n\nあなたの口座は凍結されました。",
    "昨日iPhoneから送信した申請が反映されません。ご確認ください。申請の番号は後でお送りします。よろしくお願いします。",
    "次の取引です:\n\n2026年5月3日 10:12 0.5 BTC 出金",
    "2026-05-03 10:12 GMT+09:00 Withdrawal\n\n2026-05-03 10:15 GMT+09:00 Login",
    "ログイン日時:\n2026年5月3日 10:12\n金額:\n0.5 BTC",
    "The coins were\nSent from my wallet to your address\nand never arrived.",
    "Sent from my desk, which is easier than my mobile phone.",
    ">From the wallet they took everything.",
    "設定＞セキュリティ＞二段階認証\nを開きましたが、動きません。",
    "My PC had a virus, AVG checked it, and I changed my password.",
    "I got this confidential message in error, it was for another recipient. I had to delete this message, is it prohibited?",
    "the first part\n\n__________\n\nPlease help, they took everything! My address is h@example.com",
    "My husband wrote:\nplease close my account",
    "Thank you\n\n👍",
    "I waited\n\n...",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize("old", [QUOTED, OLD], ids=["quoted", "unmarked"])
def test_the_new_part_ends_where_a_client_introduces_the_old(attribution: str, old: str) -> None:
    new, history = reply.split(f"{NEW}\n\n{attribution}\n\n{old}\n")
    assert new == NEW
    assert attribution.split("\n")[0].strip() in history
    assert old in history


@pytest.mark.parametrize(
    "attribution",
    [
        "サポートさんからのメール:",
        "2026年5月3日、サポートさんが書きました。",
        "03.05.2026 Support kirjutas:",
        "Support wrote:",
    ],
)
def test_a_poor_introduction_counts_above_a_quotation(attribution: str) -> None:
    assert reply.split(f"{NEW}\n\n{attribution}\n{QUOTED}") == (NEW, f"{attribution}\n{QUOTED}")
    assert reply.split(f"{NEW}\n\n{attribution}")[1] == ""


@pytest.mark.parametrize("labels", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("form", ["{}: {}", "{}：{}", "{} : {}", "*{}:* {}"])
def test_all_below_the_headers_of_another_mail_is_history(labels: str, form: str) -> None:
    values = (f"Support <{DESK}>", "2026-05-03 10:12", "Hanako", "RE: Withdrawal")
    block = "\n".join(form.format(label, value) for label, value in zip(labels.split("|"), values, strict=True))
    for above in ("", "________________________________\n"):
        new, history = reply.split(f"{NEW}\n\n{above}{block}\n\n{OLD}\n")
        assert new == NEW
        assert history == f"{above}{block}\n\n{OLD}"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_all_below_a_separator_is_history_even_unquoted(separator: str) -> None:
    assert reply.split(f"{NEW}\n\n{separator}\n\n{OLD}") == (NEW, f"{separator}\n\n{OLD}")


@pytest.mark.parametrize("line", DEVICES)
def test_what_a_telephone_adds_is_not_what_the_customer_says(line: str) -> None:
    assert reply.split(f"{NEW}\n\n{line}") == (NEW, line)
    assert reply.split(f"{NEW}\n\n{line}\n\n2026年5月3日(日) 10:12 サポート <{DESK}>:\n\n{QUOTED}")[0] == NEW


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_history_and_the_closing_words_are_not(signature: str) -> None:
    assert reply.split(f"{NEW_JA}\n\n{signature}") == (NEW_JA, signature)
    assert reply.split(f"{NEW_JA}\n\n{signature}\n\nOn May 3, 2026, Support wrote:\n{QUOTED}")[0] == NEW_JA


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_what_a_legal_department_adds_is_history(disclaimer: str) -> None:
    assert reply.split(f"{NEW}\n\n{disclaimer}") == (NEW, disclaimer)
    assert reply.split(f"{NEW_JA}\n\n-- \nHanako\n\n{disclaimer}")[0] == NEW_JA


@pytest.mark.parametrize("text", OWN_WORDS)
def test_what_only_resembles_old_mail_stays_new(text: str) -> None:
    assert reply.split(f"Hello,\n\n{text}") == (f"Hello,\n\n{text}", "")


def test_a_form_between_ruled_lines_is_no_signature() -> None:
    form = "━━━━━━━━\nお名前：山田花子\nTEL：03-0000-0000\nメール：hanako@example.com\n━━━━━━━━"
    new, history = reply.split(f"以下の通りです。\n{form}")
    assert "お名前：山田花子\nTEL：03-0000-0000" in new
    assert history == "━━━━━━━━"


def test_a_divider_divides() -> None:
    divided = "One\n--\n" + "\n".join(f"line {number}" for number in range(40))
    assert reply.split(divided) == (divided, "")
    many = "\n--\n".join(f"answer {number}" for number in range(40))
    assert reply.split(many) == (many, "")


def test_a_short_quotation_stays_above_its_answer() -> None:
    answers = "Hi,\n> When?\nYesterday.\n> How much?\n2 BTC."
    assert reply.split(answers) == (answers, "")
    new, history = reply.split(f"Hi,\n\nOn May 3, 2026, Support wrote:\n> Was it you?\n\nNo.\n\n> Shall we lock it?\n{QUOTED}")
    assert new == "Hi,\n\n> Was it you?\n\nNo."
    assert history == f"On May 3, 2026, Support wrote:\n\n> Shall we lock it?\n{QUOTED}"


def test_answers_between_quotations_are_all_new() -> None:
    answers = "> When?\nYesterday.\n> How much?\n2 BTC."
    assert reply.split(f"On May 3, 2026, Support wrote:\n{answers}") == (answers, "On May 3, 2026, Support wrote:")


def test_a_mail_quoted_whole_above_its_only_answer_is_history() -> None:
    attribution = f"2026年5月3日(日) 10:12 サポート <{DESK}>:"
    assert reply.split(f"{attribution}\n{QUOTED}\n\n{NEW}") == (NEW, f"{attribution}\n{QUOTED}")
    long = "\n".join(f"> line {number} of a long mail" for number in range(reply.MAX_ANSWERED + 1))
    assert reply.split(f"Hello,\n{long}\n{NEW}") == (f"Hello,\n{NEW}", long)


@pytest.mark.parametrize("above", ["また起きました", "On Monday I called you.", "It happened again:"])
def test_a_line_right_above_an_introduction_is_new(above: str) -> None:
    for introduction in (
        "2026年5月3日(日) 10:12 サポート <s@x.example>:",
        "On May 3, 2026, Support wrote:",
        "サポートさんは書きました:",
    ):
        assert reply.split(f"{above}\n{introduction}\n{QUOTED}") == (above, f"{introduction}\n{QUOTED}")


@pytest.mark.parametrize("mark", ["> {}", ">{}", "＞{}", "＞ {}", "AB> {}", "&gt; {}"])
def test_quoted_lines_are_known_by_their_marks(mark: str) -> None:
    quoted = "\n".join(mark.format(line) for line in ("we looked into it", "and found nothing"))
    assert reply.split(f"{NEW}\n\n{quoted}") == (NEW, quoted)


QUOTED_HEADERS = "-----Original Message-----\nFrom: X <x@x.example>\nTo: Y\nSubject: a subject"
ONLY_QUOTED = [
    QUOTED,
    f"On May 3, 2026, X wrote:\n{QUOTED}",
    f"{QUOTED}\n\nSent from my iPhone",
    f"-- \nHanako\n\n{QUOTED_HEADERS}",
]
SAYS_SOMETHING = [
    "Sent from my iPhone",
    "-- \nHanako",
    f"No.\n\n{QUOTED}",
    f"{QUOTED}\n\nNo.",
    f"{QUOTED_HEADERS}\n\n{OLD}",
    NEW,
    "<hanako@example.jp>",
]


@pytest.mark.parametrize("text", ONLY_QUOTED)
def test_a_mail_of_nothing_but_other_mail_is_kept_whole_and_says_that_nothing_is_new(text: str) -> None:
    assert reply.split(text) == ("", text)
    message = read(a_mail(text))
    assert (message.text, message.history) == (text, "")
    assert "nothing_new" in message.signals


@pytest.mark.parametrize("text", SAYS_SOMETHING)
def test_a_mail_with_a_line_of_its_own_or_without_other_mail_says_something(text: str) -> None:
    assert reply.split(text)[0]
    assert "nothing_new" not in read(a_mail(text)).signals


def test_an_empty_mail_has_nothing_that_could_be_old() -> None:
    assert reply.split(" \n") == ("", "")
    assert "nothing_new" not in read(a_mail(" \r\n")).signals


def test_a_quotation_alone_stays_apart_from_the_mail_enclosed_with_it() -> None:
    enclosed = b"Content-Type: message/rfc822\r\n\r\nSubject: Enclosed\r\n\r\nThe enclosed text."
    message = read(a_multipart(a_text(QUOTED), enclosed))
    assert message.text == QUOTED
    assert "The enclosed text." in message.history
    assert "nothing_new" in message.signals


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------\nFrom: X <x@x.example>\nDate: May 3\nSubject: a subject\nof two lines\nTo: Y",
        "差出人: X <x@x.example>\n送信日時: 2026年5月3日\n宛先: Y\n件名: 出金",
        f"On Sun, May 3, 2026 at 10:12 AM X <{DESK}> wrote:",
    ],
)
def test_a_bare_forward_says_what_is_forwarded(above: str) -> None:
    assert reply.split(f"{above}\n\n{OLD}") == (OLD, above)


def test_line_breaks_of_the_customer_stay() -> None:
    text = "One\n\n\n\n    - two\n\n\nthree"
    assert reply.split(f"{text}\n\n-- \nHanako") == (text, "-- \nHanako")


def test_a_mail_says_what_is_new_and_what_is_not() -> None:
    introduction = "2026年5月3日(日) 10:12 サポート &lt;s@x.example&gt;:"
    page = f"<div>また起きました</div><div class=gmail_quote>{introduction}<br><blockquote>確認します</blockquote></div>"
    message = read(a_mail(page, Content_Type="text/html; charset=utf-8"))
    assert message.text == "また起きました"
    assert "> 確認します" in message.history


LINES = [
    *("", "", " ", "> a", "＞ b", ">From x", "AB> q", "> On May 3 X wrote:", "On May 3, 2026 X wrote:", "On 3 May 2026 10:12"),
    *(
        "X <a@b.example> wrote:",
        "サポートさんは書きました:",
        "2026年5月3日 10:12 X <a@b.example>:",
        "X <",
        "-- ",
        "--",
        "- - -",
        "━━━━",
    ),
    *("text", "本文です", "From: a@b.example", "To: x", "Subject: y", "Date: May 3", "差出人: a@b.example", "宛先: x", "件名: y"),
    *(
        "iPhoneから送信",
        "Sent from my iPhone",
        "Sent from a small box",
        "_" * 20,
        "TEL 03-0000-0000",
        "-----Original Message-----",
    ),
    *("Begin forwarded message:", "2026-05-03 10:12 GMT+01:00 Some One", "Hanako Yamada", "Virus-free. www.avast.com", "👍", "ᐧ"),
    "This mail is confidential. This message was meant for its addressee; received in error, delete it.",
]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=20)), max_size=40))
def test_nothing_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    new, history = reply.split(text)
    assert bool(new or history) == bool(text.strip())
    kept = [line.strip() for line in (new + "\n" + history).split("\n") if line.strip()]
    assert sorted(kept) == sorted(line.strip() for line in text.split("\n") if line.strip())


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_what_is_new_is_all_new(lines: list[str]) -> None:
    new, _ = reply.split("\n".join(lines))
    assert reply.split(new) == (new, "")


HOSTILE: dict[str, Callable[[int], str]] = {
    "one long line": lambda size: "a" * size,
    "one line of marks": lambda size: ">" * size,
    "empty quotations": lambda size: ">\n" * size,
    "quotations ever deeper": lambda size: "\n".join(">" * depth for depth in range(size // 20)),
    "lines that end in colons": lambda size: "a:\n" * size,
    "introductions": lambda size: "On 3 May 2026 at 10:12 x@y.example wrote:\n" * (size // 4),
    "names that break off": lambda size: "Name <\n" * size,
    "headers": lambda size: "From: a\nTo: b\n" * (size // 2),
    "rules": lambda size: "-----\n" * size,
    "signatures": lambda size: "--\nx\n" * (size // 2),
    "boxes": lambda size: "-----\nTEL 03-0000-0000\n" * (size // 2),
    "answers": lambda size: "> a\nb\n" * (size // 2),
    "telephones": lambda size: "x\n\nSent from my iPhone\n\n" * (size // 4),
    "half a footer": lambda size: "Sent from my \n" * size,
    "one legal paragraph": lambda size: "this message confidential in error delete\n" * size,
    "legal paragraphs": lambda size: "this message is confidential, in error, delete it, prohibited\n\n" * (size // 2),
    "empty lines": lambda size: "\n" * size,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_length_of_a_mail_only(hostile: Callable[[int], str]) -> None:
    half, whole = calls(hostile(600)), calls(hostile(1200))
    assert whole <= 2.2 * half + 500
    assert whole <= 400 * 1200


def calls(text: str) -> int:
    """Count the calls of functions, of Python and of C, that splitting a text takes."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        reply.split(text)
    finally:
        sys.setprofile(before)
    return count
