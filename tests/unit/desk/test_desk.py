"""What the desk promises, on a table in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import Outcome
from casework.errors import KeyReused, StoreUnavailable
from casework.message import Channel, Trust
from casework.table import Conflict
from tests.builders import DRAINED, DRAINED_JA, TAX, a_desk, a_message, a_wary_desk, an_account, an_email, minutes


def test_a_new_message_costs_one_read_and_one_write() -> None:
    desk, table = a_desk()
    receipt = desk.receive(a_message(DRAINED, thread="<one@example.jp>", references=("<zero@example.jp>",)))
    assert receipt.outcome is Outcome.OPENED
    assert table.trips == ["read", "write"]


def test_the_same_delivery_again_has_no_effect_and_costs_one_read() -> None:
    desk, table = a_desk()
    first = desk.receive(a_message(DRAINED))
    before = dict(table.items)
    table.trips.clear()
    again = desk.receive(a_message(DRAINED))
    assert (again.outcome, again.case_id, again.reference) == (Outcome.REPLAYED, first.case_id, first.reference)
    assert table.items == before
    assert table.trips == ["read"]


def test_an_unauthorised_withdrawal_escalates_to_fraud_at_once() -> None:
    desk, table = a_desk()
    receipt = desk.receive(a_message(DRAINED))
    (escalation,) = table.of_kind("escalation")
    assert receipt.escalations == (escalation["escalation_id"],)
    assert (escalation["team"], escalation["severity"], escalation["due"]) == ("fraud", "critical", "open")


def test_a_tax_question_escalates_to_nobody() -> None:
    desk, table = a_desk()
    assert desk.receive(a_message(TAX)).escalations == ()
    assert table.of_kind("escalation") == []


def test_one_matter_on_three_channels_is_one_case() -> None:
    desk, table = a_desk()
    known = (an_account(), an_email())
    mail = desk.receive(a_message(DRAINED, identities=known))
    call = desk.receive(
        a_message(
            "My coins are being stolen, a withdrawal I never made is going out",
            channel=Channel.VOICE,
            at=minutes(7),
            identities=known,
        )
    )
    form = desk.receive(
        a_message(DRAINED_JA, channel=Channel.WEB_FORM, at=minutes(9), identities=(an_email(trust=Trust.CLAIMED),))
    )
    assert [each.outcome for each in (mail, call, form)] == [Outcome.OPENED, Outcome.ATTACHED, Outcome.ATTACHED]
    assert {mail.case_id, call.case_id, form.case_id} == {table.of_kind("case")[0]["case_id"]}
    assert table.of_kind("case")[0]["messages"] == 3
    assert form.unverified


def test_an_identity_seen_beside_another_finds_the_same_customer_later() -> None:
    desk, _ = a_desk()
    opened = desk.receive(a_message(DRAINED, identities=(an_account(), an_email())))
    by_mail = desk.receive(a_message(DRAINED + " Hurry!", identities=(an_email(),), at=minutes(3)))
    by_account = desk.receive(a_message(DRAINED + " Please!", identities=(an_account(),), at=minutes(4)))
    assert by_mail.case_id == by_account.case_id == opened.case_id


def test_a_claim_never_links_identities() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED, identities=(an_email("victim@example.jp"),)))
    claims = (an_email("victim@example.jp", Trust.CLAIMED), an_account("ATTACKER", Trust.CLAIMED))
    desk.receive(a_message(DRAINED + " Really.", channel=Channel.WEB_FORM, identities=claims, at=minutes(1)))
    assert [len(item["keys"]) for item in table.of_kind("identity")] == [1]


def test_a_claim_gives_nobody_else_a_say_in_the_claimed_customers_case() -> None:
    desk, _ = a_desk()
    victim = desk.receive(a_message(DRAINED, identities=(an_email("victim@example.jp"),)))
    claims = (an_account("ATTACKER", Trust.CLAIMED), an_email("victim@example.jp", Trust.CLAIMED))
    planted = desk.receive(a_message(DRAINED + " Really.", channel=Channel.WEB_FORM, identities=claims, at=minutes(1)))
    assert planted.case_id == victim.case_id
    attacker = (an_account("ATTACKER"),)
    quoting = a_message(f"What is new on {planted.reference}?", identities=attacker, channel=Channel.VOICE, at=minutes(2))
    answer = desk.receive(quoting)
    assert (answer.outcome, answer.related) == (Outcome.OPENED, (victim.case_id,))


def test_a_customer_who_names_their_reference_is_found_on_any_channel() -> None:
    desk, _ = a_desk()
    first = desk.receive(a_message(TAX, identities=(an_email(), an_account())))
    later = a_message(f"I am calling about {first.reference}.", identities=(an_account(),), channel=Channel.VOICE, at=minutes(90))
    assert desk.receive(later).case_id == first.case_id


def test_another_matter_of_the_same_customer_is_another_case() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    assert desk.receive(a_message(TAX, at=minutes(5))).outcome is Outcome.OPENED
    assert len(table.of_kind("case")) == 2


def test_two_customers_with_the_same_words_have_two_cases() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED, name="one", identities=(an_email("a@example.jp"),)))
    desk.receive(a_message(DRAINED, name="two", identities=(an_email("b@example.jp"),)))
    assert len(table.of_kind("case")) == 2


def test_a_reply_joins_the_case_it_answers() -> None:
    desk, _ = a_desk()
    opened = desk.receive(a_message(TAX, thread="<first@example.jp>"))
    reply = desk.receive(a_message("Thanks, found it.", references=("<first@example.jp>",), at=minutes(600)))
    assert (reply.outcome, reply.case_id, reply.duplicate and reply.duplicate.rule) == (
        Outcome.ATTACHED,
        opened.case_id,
        "thread",
    )


def test_a_reply_from_a_stranger_opens_a_linked_case() -> None:
    desk, _ = a_desk()
    opened = desk.receive(a_message(TAX, thread="<first@example.jp>"))
    stranger = (an_email("mallory@example.net"),)
    reply = desk.receive(
        a_message("Please send it to my address instead.", references=("<first@example.jp>",), identities=stranger)
    )
    assert (reply.outcome, reply.related) == (Outcome.OPENED, (opened.case_id,))


def test_a_message_id_used_by_somebody_else_swallows_nobodys_mail() -> None:
    desk, table = a_desk()
    desk.receive(
        a_message(TAX, name="<x@example.jp>\none", thread="<x@example.jp>", identities=(an_email("mallory@example.net"),))
    )
    second = desk.receive(a_message(DRAINED, name="<x@example.jp>\ntwo", thread="<x@example.jp>"))
    assert second.outcome is Outcome.OPENED
    assert len(table.of_kind("case")) == 2


def test_a_known_matter_that_becomes_worse_escalates_again() -> None:
    desk, table = a_desk()
    desk.receive(a_message("Somebody logged in to my account from another country and changed my password."))
    worse = desk.receive(a_message(DRAINED, at=minutes(10)))
    assert worse.outcome is Outcome.ATTACHED
    assert worse.escalations
    assert table.of_kind("case")[0]["severity"] == "critical"


def test_a_known_matter_told_again_interrupts_nobody_twice() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    again = desk.receive(a_message(DRAINED + " Hello?", at=minutes(2)))
    assert (again.outcome, again.escalations) == (Outcome.ATTACHED, ())
    assert len(table.of_kind("escalation")) == 1


def test_a_new_transaction_hash_is_never_swallowed() -> None:
    desk, _ = a_desk()
    desk.receive(a_message(DRAINED))
    found = desk.receive(a_message(DRAINED + " The hash is 0x" + "ab" * 32, at=minutes(2)))
    assert (found.outcome, len(found.escalations)) == (Outcome.ATTACHED, 1)


def test_a_seed_phrase_is_nowhere_in_the_table_and_trust_hears_of_it() -> None:
    desk, table = a_desk()
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    receipt = desk.receive(a_message(f"My wallet words are {phrase}, please check what is wrong.", subject=phrase))
    assert "sausage" not in str(table.items)
    assert "[seed phrase 1]" in str(table.items)
    assert [item["team"] for item in table.of_kind("escalation")] == ["trust"]
    assert receipt.assessment is not None
    assert receipt.assessment.facets["secrets"] != "none"


PENDING = "Where is my withdrawal? It has been pending since Monday."


def test_a_suspicion_is_one_escalation_and_the_case_stays_where_it_belongs() -> None:
    desk, table = a_wary_desk()
    receipt = desk.receive(a_message(PENDING))
    assert receipt.assessment is not None
    feared = receipt.assessment.suspicion
    assert feared is not None
    (escalation,) = table.of_kind("escalation")
    assert (escalation["cause"], escalation["team"], escalation["category"]) == ("suspected", feared.team.value, feared.category)
    (case,) = table.of_kind("case")
    assert (case["category"], case["team"]) == ("withdrawal", "operations")
    (message,) = table.of_kind("message")
    assert message["assessment"]["suspicion"] == {
        "category": feared.category,
        "team": feared.team.value,
        "severity": feared.severity.value,
    }


def test_a_suspicion_that_was_heard_is_not_told_again() -> None:
    desk, _ = a_wary_desk()
    desk.receive(a_message(PENDING))
    assert desk.receive(a_message(PENDING + " Please answer.", at=minutes(5))).escalations == ()


def test_of_two_demands_on_one_team_the_surer_is_made() -> None:
    desk, table = a_wary_desk()
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    desk.receive(a_message(f"{PENDING} My wallet words are {phrase}"))
    assert [item["cause"] for item in table.of_kind("escalation") if item["team"] == "trust"] == ["opened"]


def test_a_suspicion_sets_no_filter_aside() -> None:
    desk, table = a_wary_desk()
    assert desk.receive(a_message(PENDING, signals=("spam_fail",))).outcome is Outcome.QUARANTINED
    assert table.of_kind("escalation") == []


def test_what_cannot_be_read_is_quarantined_once_with_its_cause() -> None:
    desk, table = a_desk()
    stub = a_message("")
    assert desk.quarantine(stub, "not_mail").outcome is Outcome.QUARANTINED
    assert desk.quarantine(stub, "not_mail").outcome is Outcome.REPLAYED
    (item,) = table.of_kind("quarantined")
    assert (item["cause"], item["queue"], item["locator"]) == ("not_mail", "quarantine", stub.source.locator)


@pytest.mark.parametrize(
    ("signal", "cause"), [("virus_fail", "virus"), ("bounce", "bounce"), ("spam_fail", "spam"), ("auto_reply", "auto_reply")]
)
def test_what_no_person_wrote_waits_for_one(signal: str, cause: str) -> None:
    desk, table = a_desk()
    receipt = desk.receive(a_message(TAX, signals=(signal,)))
    assert (receipt.outcome, receipt.cause) == (Outcome.QUARANTINED, cause)
    assert table.of_kind("case") == []


def test_mail_of_a_known_customer_that_a_filter_calls_spam_reaches_a_case() -> None:
    desk, _ = a_desk()
    desk.receive(a_message(TAX))
    assert desk.receive(a_message(TAX + " Anyone?", signals=("spam_fail",), at=minutes(1))).outcome is Outcome.ATTACHED


def test_an_emergency_that_a_filter_calls_spam_reaches_fraud() -> None:
    desk, table = a_desk()
    assert desk.receive(a_message(DRAINED, signals=("spam_fail",))).outcome is Outcome.OPENED
    assert len(table.of_kind("escalation")) == 1


def test_one_key_with_two_payloads_is_refused() -> None:
    desk, _ = a_desk()
    form = a_message(TAX, name="key:1", channel=Channel.WEB_FORM)
    desk.receive(form)
    with pytest.raises(KeyReused):
        desk.receive(replace(form, source=replace(form.source, digest="other")))


def test_anonymous_forms_cannot_push_a_customers_own_case_out_of_memory() -> None:
    desk, _ = a_desk()
    own = desk.receive(a_message(DRAINED))
    claimed = (an_email(trust=Trust.CLAIMED),)
    for number in range(30):
        desk.receive(
            a_message(
                f"Question {number}: invoice {number * 7919}?",
                channel=Channel.WEB_FORM,
                identities=claimed,
                name=f"f{number}",
                at=minutes(number),
            )
        )
    assert desk.receive(a_message(DRAINED + " Hello?", at=minutes(40))).case_id == own.case_id


def test_a_lost_race_is_read_and_decided_again() -> None:
    desk, table = a_desk()
    rival, _ = a_desk(table)
    lost = iter([True])

    def somebody_is_faster(operation: str) -> None:
        if operation == "write" and next(lost, False):
            rival.receive(a_message(DRAINED + " (by telephone)", name="rival"))

    table.before = somebody_is_faster
    receipt = desk.receive(a_message(DRAINED))
    assert receipt.outcome is Outcome.ATTACHED
    assert len(table.of_kind("case")) == 1
    assert len(table.of_kind("message")) == 2


def test_a_desk_that_loses_every_race_hands_the_message_back() -> None:
    desk, table = a_desk()

    def never(operation: str) -> None:
        if operation == "write":
            raise Conflict

    table.before = never
    with pytest.raises(StoreUnavailable):
        desk.receive(a_message(DRAINED))


def test_a_public_reference_says_nothing_of_the_case() -> None:
    desk, _ = a_desk()
    first, second = desk.receive(a_message(DRAINED)), desk.receive(a_message(DRAINED + " !!", at=minutes(1)))
    assert first.case_id == second.case_id
    assert first.reference != second.reference
    assert first.case_id not in first.reference.lower().replace("-", "")


def test_the_deadline_counts_from_the_arrival() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    assert table.of_kind("escalation")[0]["raised_at"] == "2026-05-03T12:00:00.000Z"
    assert table.of_kind("escalation")[0]["due_at"] > "2026-05-03T12:00:00.000Z"
