"""One notification for each escalation and rung, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from casework.case import Team
from casework.errors import NotificationInFlight, NotOurEvent, Rejected, Unavailable
from casework.message import Channel, Trust
from functions.notify.delivery import Notifier, Told, Wanted, queued_event
from functions.notify.wording import harmless
from tests.builders import DRAINED, POLICY, SECRET, TAX, a_desk, a_message, a_wary_desk, an_email, minutes
from tests.memory_table import MemoryTable
from tests.unit.commands.office import Office, an_office


class Phone:
    """What the teams' topics were given."""

    def __init__(self, down: int = 0) -> None:
        self.sent: list[tuple[Team, str, str]] = []
        self._down = down

    def send(self, team: Team, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        self._down -= 1
        if self._down >= 0:
            raise Unavailable("the topic is down")
        self.sent.append((team, subject, text))


def an_escalation(text: str = DRAINED, subject: str = "") -> tuple[MemoryTable, Wanted]:
    desk, table = a_desk()
    receipt = desk.receive(a_message(text, subject=subject, channel=Channel.EMAIL))
    (item,) = table.of_kind("escalation")
    return table, Wanted(receipt.case_id, receipt.escalations[0], Team(item["team"]), 0)


def a_notifier(table: MemoryTable, phone: Phone) -> Notifier:
    return Notifier(table, phone, POLICY, SECRET, "https://cases.example.com/")


def test_a_notification_says_who_should_do_what_by_when_and_why_in_both_languages() -> None:
    table, wanted = an_escalation()
    phone = Phone()
    assert a_notifier(table, phone).notify(wanted, minutes(1)) is Told.SENT
    ((team, subject, text),) = phone.sent
    assert team is Team.FRAUD
    assert "CRITICAL" in subject
    assert "不正出金" in subject
    for words in (
        "acknowledge by 2026-05-03 21:",
        "UTC",
        "IN PROGRESS NOW",
        "までに確認",
        "進行中",
        wanted.case_id,
        "Someone is withdrawing",
    ):
        assert words in text
    assert text.count("https://") == 2, "the one link, once in each language"


def test_a_notification_of_a_suspicion_says_that_it_is_one_and_where_the_case_is_filed() -> None:
    desk, table = a_wary_desk()
    receipt = desk.receive(a_message("Where is my withdrawal? It has been pending since Monday."))
    (item,) = table.of_kind("escalation")
    phone = Phone()
    wanted = Wanted(receipt.case_id, receipt.escalations[0], Team(item["team"]), 0)
    assert a_notifier(table, phone).notify(wanted, minutes(1)) is Told.SENT
    ((_, subject, text),) = phone.sent
    assert POLICY.category(item["category"]).en in subject
    assert f"it may be this; likelier it is something else (filed as: {POLICY.category('withdrawal').en})" in text
    assert f"この疑いが残ります(分類: {POLICY.category('withdrawal').ja})" in text


def test_a_notification_says_when_nobody_vouches_for_the_sender() -> None:
    desk, table = a_desk()
    receipt = desk.receive(a_message(DRAINED, identities=(an_email(trust=Trust.CLAIMED),)))
    phone = Phone()
    a_notifier(table, phone).notify(Wanted(receipt.case_id, receipt.escalations[0], Team.FRAUD, 0), minutes(1))
    assert "SENDER NOT VERIFIED" in phone.sent[0][2]
    assert "送信者は未確認" in phone.sent[0][2]


def a_correction(office: Office, case_id: str) -> Phone:
    """What a team is told when a person finds that a case is a theft."""
    answer = office.told("reclassify", case=case_id, category="account_takeover", severity="critical")
    wanted, phone = Wanted(case_id, answer["escalations"][0], Team.FRAUD, 0), Phone()
    assert a_notifier(office.table, phone).notify(wanted, minutes(61)) is Told.SENT
    return phone


def test_what_a_correction_demands_quotes_the_message_that_opened_the_case() -> None:
    office = an_office()
    receipt = office.hears(a_message(TAX, identities=(an_email(trust=Trust.CLAIMED),)))
    phone = a_correction(office, receipt.case_id)
    ((_, _, text),) = phone.sent
    assert TAX[:20] in text
    assert "SENDER NOT VERIFIED" in text
    assert "a colleague has corrected" in text


def test_what_a_correction_demands_in_a_case_that_was_split_off_quotes_a_message_of_the_other_one() -> None:
    office = an_office()
    first = office.hears(a_message(TAX, name="first", thread="<first@example.jp>"))
    other = a_message("Is there any news of it?", name="other", references=("<first@example.jp>",), at=minutes(5))
    assert office.hears(other).case_id == first.case_id
    split = office.told("split", case=first.case_id, messages=[other.message_id])
    phone = a_correction(office, split["to"])
    assert "any news of it" in phone.sent[0][2]


def test_a_notification_is_sent_although_its_message_is_gone() -> None:
    table, wanted = an_escalation()
    for key in [key for key, item in table.items.items() if item["kind"] in {"message", "source"}]:
        del table.items[key]
    phone = Phone()
    assert a_notifier(table, phone).notify(wanted, minutes(1)) is Told.SENT
    assert "(nothing readable)" in phone.sent[0][2]


def test_a_repeated_event_sends_nothing_twice() -> None:
    table, wanted = an_escalation()
    phone = Phone()
    notifier = a_notifier(table, phone)
    assert [notifier.notify(wanted, minutes(at)) for at in (1, 2, 500)] == [Told.SENT, Told.REPEATED, Told.REPEATED]
    assert len(phone.sent) == 1


def test_the_next_rung_is_another_notification() -> None:
    table, wanted = an_escalation()
    phone = Phone()
    for rung in (0, 1):
        a_notifier(table, phone).notify(Wanted(wanted.case_id, wanted.escalation_id, wanted.team, rung), minutes(1))
    assert len({text for _, _, text in phone.sent}) == 2


def test_of_a_demand_that_a_campaign_answers_for_nobody_hears_by_itself() -> None:
    table, wanted = an_escalation()
    (item,) = table.of_kind("escalation")
    item["folded_into"] = "9d1e50c47ab2f836"
    phone = Phone()
    assert a_notifier(table, phone).notify(wanted, minutes(3)) is Told.FOLDED
    assert (phone.sent, table.of_kind("notice")) == ([], [])


def test_while_another_notifier_holds_the_lease_the_event_waits() -> None:
    table, wanted = an_escalation()
    with pytest.raises(Unavailable):
        a_notifier(table, Phone(down=1)).notify(wanted, minutes(1))
    with pytest.raises(NotificationInFlight):
        a_notifier(table, Phone()).notify(wanted, minutes(1.5))


def test_a_notifier_that_died_before_sending_is_replaced_when_its_lease_runs_out() -> None:
    table, wanted = an_escalation()
    with pytest.raises(Unavailable):
        a_notifier(table, Phone(down=1)).notify(wanted, minutes(1))
    phone = Phone()
    assert a_notifier(table, phone).notify(wanted, minutes(5)) is Told.SENT
    assert len(phone.sent) == 1


def test_an_event_about_an_escalation_that_does_not_exist_is_rejected() -> None:
    table, wanted = an_escalation()
    with pytest.raises(Rejected):
        a_notifier(table, Phone()).notify(Wanted("nobody", "nothing", Team.FRAUD, 0), minutes(1))
    assert wanted.team is Team.FRAUD


def test_nothing_of_the_customers_words_can_be_clicked() -> None:
    table, wanted = an_escalation(
        DRAINED + " See https://evil.example/login or mail help@evil.example", subject="http://evil.example"
    )
    phone = Phone()
    a_notifier(table, phone).notify(wanted, minutes(1))
    ((_, subject, text),) = phone.sent
    ours = "https://cases.example.com/"
    assert "evil.example" not in subject + text
    assert "://" not in text.replace(ours, "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see hxxp and https://a.example/x", "see hxxp and https[:]//a[.]example/x"),
        ("mail me@a.example now", "mail me[at]a[.]example now"),
        ("1.5 BTC", "1.5 BTC"),
        ("one\n\n two\x00", "one two"),
        ("詐欺です。すぐに evil。example へ", "詐欺です。すぐに evil[.]example へ"),
    ],
)
def test_an_extract_is_one_harmless_line(text: str, shown: str) -> None:
    assert harmless(text, 200) == shown


def test_only_escalations_are_taken_from_the_queue() -> None:
    detail = {"case_id": "c", "escalation_id": "e", "message_id": "m", "team": "fraud", "rung": 1}
    assert queued_event(json.dumps({"detail-type": "EscalationClimbed", "detail": detail})).rung == 1
    for body in (
        "",
        "[]",
        "null",
        json.dumps({"detail-type": "CaseOpened", "detail": detail}),
        json.dumps({"detail-type": "EscalationRaised"}),
    ):
        with pytest.raises(NotOurEvent):
            queued_event(body)
