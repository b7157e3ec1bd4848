from __future__ import annotations

from typing import Any

import pytest

from tests.unit.email_door.mails import a_block, a_file, a_mail, a_multipart, a_text, read


def signals(raw: bytes) -> set[str]:
    return set(read(raw).signals)


def test_an_ordinary_customer_raises_no_signal() -> None:
    assert signals(a_mail(block=a_block())) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; x=y"),
        ("Precedence", "Junk"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "Re: hello"),
    ],
)
def test_a_machines_mail_is_an_auto_reply_and_says_by_what_it_is_known(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    message = read(a_mail(block=a_block(), **header))
    assert "auto_reply" in message.signals
    assert message.facts["auto_reply"] == name.lower()


@pytest.mark.parametrize(
    ("name", "value"),
    [("Precedence", "bulk"), ("Precedence", "list"), ("X-Loop", "desk@example.jp"), ("List-Id", "<news.example.jp>")],
)
def test_a_list_that_passes_on_a_persons_mail_makes_no_machine_of_the_person(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    message = read(a_mail(block=a_block(), **header))
    assert "auto_reply" not in message.signals
    assert "no_auto_answer" in message.signals


@pytest.mark.parametrize(
    ("name", "value"), [("Auto-Submitted", "no"), ("Auto-Submitted", "No; x"), ("Precedence", "first-class")]
)
def test_a_person_whose_client_says_no_is_a_person(name: str, value: str) -> None:
    header: dict[str, Any] = {name: value}
    assert "auto_reply" not in signals(a_mail(**header))


def test_a_wish_not_to_be_answered_by_machines_is_no_auto_reply() -> None:
    found = signals(a_mail(X_Auto_Response_Suppress="DR, OOF, AutoReply"))
    assert "no_auto_answer" in found
    assert "auto_reply" not in found


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Withdrawal",
        "Out of Office: Re: x",
        "自動応答: 出金の件",
        "不在通知：出金の件",
        "【自動返信】: 出金の件",
        "Abwesenheitsnotiz: Auszahlung",
        "Réponse automatique : retrait",
        "Respuesta automática: retiro",
        "Risposta automatica: x",
        "Automatisch antwoord: x",
        "Resposta automática: x",
        "自动回复: 提现",
        "자동 회신: 출금",
        "Автоответ: вывод",
    ],
)
def test_an_absence_note_is_known_by_its_subject(subject: str) -> None:
    assert {"auto_reply", "out_of_office"} <= signals(a_mail(Subject=subject))


def test_without_a_colon_an_announced_reply_needs_a_machine() -> None:
    subject = "【自動返信】お問い合わせありがとうございます"
    assert "auto_reply" in signals(a_mail(Subject=subject, From="no-reply@shop.example"))
    assert "auto_reply" in signals(a_mail(Subject=subject, block=a_block(envelope="")))
    assert "auto_reply" not in signals(a_mail(Subject=subject))
    assert "auto_reply" in signals(a_mail(Subject="Auto: Withdrawal", X_Auto_Response_Suppress="OOF"))
    assert "auto_reply" not in signals(a_mail(Subject="Auto: Withdrawal"))


def test_a_person_whose_client_says_no_may_write_any_subject() -> None:
    assert "auto_reply" not in signals(a_mail(Subject="Out of office: who answers?", Auto_Submitted="no"))


@pytest.mark.parametrize(
    "text", ["I am out of the office until Monday.\r\n", "Ich bin bis Montag im Urlaub.\r\n", "ただいま不在にしております。\r\n"]
)
def test_an_answer_under_the_old_subject_is_an_absence_note_by_what_it_says(text: str) -> None:
    reply: dict[str, Any] = {"Subject": "Re: Your withdrawal", "Content_Type": "text/plain; charset=utf-8"}
    assert "out_of_office" in signals(a_mail(text, Auto_Submitted="auto-replied", **reply))
    assert "out_of_office" not in signals(a_mail(text, Auto_Submitted="auto-generated", **reply))
    assert "out_of_office" not in signals(a_mail(text, **reply))


def test_the_null_return_path_alone_says_not_to_answer_and_no_more() -> None:
    assert signals(a_mail(block=a_block(envelope=""))) == {"null_return_path", "no_auto_answer"}


@pytest.mark.parametrize(
    "subject", ["自動返信が届きません", "Out of office hours support?", "Re: 不在の間に出金されました", "I am on vacation"]
)
def test_a_customer_who_writes_about_absences_is_not_absent(subject: str) -> None:
    assert not {"auto_reply", "out_of_office"} & signals(a_mail(Subject=subject))


def test_a_machine_that_says_somebody_is_away_is_an_absence_note() -> None:
    assert "out_of_office" in signals(a_mail(Subject="夏季休業のお知らせ", Auto_Submitted="auto-replied"))
    assert "out_of_office" not in signals(a_mail(Subject="I am on vacation", List_Id="<travellers.example.jp>"))


def test_a_list_is_told_apart() -> None:
    assert "mailing_list" in signals(a_mail(List_Id="<news.example.jp>"))
    assert "mailing_list" not in signals(a_mail(Precedence="bulk"))


@pytest.mark.parametrize("name", ["invoice.pdf.exe", "wallet.SCR", "photo.jpg.lnk", "macro.docm", "disk.iso", "a\u202egpj.exe"])
def test_programs_among_the_files_are_told(name: str) -> None:
    assert "executable_attachment" in signals(a_multipart(a_text("Look"), a_file(b"MZ", name.encode().decode("latin-1"))))


def test_papers_among_the_files_are_not_programs() -> None:
    assert "executable_attachment" not in signals(
        a_multipart(a_text("Look"), a_file(b"%PDF"), a_file(b"x", "exe.txt", "text/plain"))
    )


def test_a_program_under_a_harmless_name_is_told_by_its_type() -> None:
    assert "executable_attachment" in signals(a_multipart(a_text("Look"), a_file(b"MZ", "photo", "application/x-msdownload")))


def test_a_mail_without_a_message_id_says_so() -> None:
    assert "no_message_id" in signals(a_mail(Message_ID=None))
