"""One matter told again is one case; what only looks like it is another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import Outcome, Receipt
from casework.desk import Desk
from casework.message import Message
from casework.records import customer_of
from tests.builders import DRAINED, DRAINED_JA, a_desk, a_message, an_email, minutes

TEMPLATE = (
    "Hello, I am reporting a phishing website that pretends to be your exchange and asks visitors for their recovery phrase. "
    "Please have it taken down as soon as possible. The site is {}"
)
TEMPLATE_JA = (
    "貴社を装ったフィッシングサイトを見つけたので通報します。復元フレーズの入力を求めてきます。早急に閉鎖してください。{}"
)
STUCK = "My withdrawal of {} to my own wallet has been pending for three hours. Could you please look into it?"
HASH, OTHER_HASH = "0x" + "ab12" * 16, "0x" + "cd34" * 16
QUESTION = "Last month I moved to another city, and I wonder which papers are needed to have my new home recorded with you."
REPLY = "It is a rented flat, the landlord's letter came today."


def told(*messages: Message) -> list[Receipt]:
    """What one desk answers, one message after the other."""
    desk, _ = a_desk()
    return [desk.receive(message) for message in messages]


def cases(*messages: Message) -> int:
    return len({receipt.case_id for receipt in told(*messages)})


def quoting(text: str, earlier: str) -> Message:
    history = "On Sunday, Hanako wrote:\n" + "\n".join(f"> {earlier[at : at + 40]}" for at in range(0, len(earlier), 40))
    return replace(a_message(text, at=minutes(60 * 30)), history=history)


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE_JA])
def test_a_reporters_template_with_another_site_is_another_matter(template: str) -> None:
    one = a_message(template.format("https://exchange-login.example/verify"), subject="Phishing site")
    other = a_message(template.format("https://walet-unlock.example/verify"), subject="Phishing site", at=minutes(10))
    assert cases(one, other) == 2


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE_JA])
def test_a_template_that_names_the_real_site_too_is_still_about_the_fake_one(template: str) -> None:
    one = a_message(template.format("https://exchange-login.example/verify (真 real: https://our-exchange.example)"))
    other = a_message(
        template.format("https://walet-unlock.example/verify (真 real: https://our-exchange.example)"), at=minutes(10)
    )
    assert cases(one, other) == 2


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE_JA])
def test_one_site_reported_twice_is_one_matter(template: str) -> None:
    one = a_message(template.format("https://exchange-login.example/verify"))
    again = a_message(template.format("hxxps://exchange-login[.]example/start"), at=minutes(50))
    assert cases(one, again) == 1


@pytest.mark.parametrize("address", ["", " Destination: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4."])
def test_two_withdrawals_within_an_hour_are_two_matters(address: str) -> None:
    one = a_message(STUCK.format("250 USDC") + address + f" Transaction {HASH}")
    other = a_message(STUCK.format("900 USDC") + address + f" Transaction {OTHER_HASH}", at=minutes(40))
    assert cases(one, other) == 2


def test_two_withdrawals_that_differ_in_nothing_but_the_amount_are_two_matters() -> None:
    assert cases(a_message(STUCK.format("250 USDC")), a_message(STUCK.format("900 USDC"), at=minutes(40))) == 2


def test_a_follow_up_that_names_the_transaction_joins_its_withdrawal_and_no_other() -> None:
    one, other, later = told(
        a_message(STUCK.format("250 USDC") + f" Transaction {HASH}"),
        a_message(STUCK.format("900 USDC") + f" Transaction {OTHER_HASH}", at=minutes(40)),
        a_message(f"What about {HASH}?", at=minutes(60 * 50)),
    )
    assert later.case_id == one.case_id != other.case_id


def test_the_same_short_words_again_are_the_same_matter() -> None:
    assert (
        cases(a_message("When is my card delivered?", name="one"), a_message("When is my card delivered?", at=minutes(60))) == 1
    )


def test_an_incident_told_in_english_and_in_japanese_is_one_matter() -> None:
    assert cases(a_message(DRAINED), a_message(DRAINED_JA, at=minutes(9))) == 1


def test_one_transaction_named_in_two_languages_is_one_matter() -> None:
    english = a_message(STUCK.format("250 USDC") + f" Transaction {HASH}")
    assert cases(english, a_message(f"出金がまだ届きません。取引ハッシュは {HASH} です。", at=minutes(30))) == 1


def test_another_transaction_of_one_theft_joins_it_and_escalates_again() -> None:
    one, more = told(
        a_message(f"{DRAINED} They took {HASH}"), a_message(f"{DRAINED} And now {OTHER_HASH} as well", at=minutes(5))
    )
    assert (more.outcome, more.case_id) == (Outcome.ATTACHED, one.case_id)
    assert more.escalations


def test_a_message_that_arrives_after_a_much_younger_one_of_its_case_still_joins_it() -> None:
    stuck = STUCK.format("250 USDC") + f" Transaction {HASH}"
    first, late = a_message(stuck, thread="a@x"), a_message(f"Any news? {stuck}", at=minutes(10))
    answer = a_message("Still nothing.", thread="b@x", references=("a@x",), at=minutes(60 * 24 * 40))
    opened, answered, joined = told(first, answer, late)
    assert {answered.case_id, joined.case_id} == {opened.case_id}


def test_the_words_of_one_customer_join_no_case_of_another() -> None:
    hanako, taro = (a_message(TEMPLATE, name=name, identities=(an_email(f"{name}@example.jp"),)) for name in ("hanako", "taro"))
    assert cases(hanako, taro) == 2


def test_a_reply_without_headers_joins_the_case_it_quotes() -> None:
    first, reply = told(a_message(QUESTION), quoting(REPLY, QUESTION))
    assert reply.case_id == first.case_id
    assert reply.duplicate
    assert reply.duplicate.rule == "same_matter"
    assert any(words.startswith("quotes") for words in reply.duplicate.evidence)


def test_a_reply_that_quotes_something_else_opens_its_own_case() -> None:
    assert (
        cases(a_message(QUESTION), quoting(REPLY, "The rain in the mountains kept all of us at home until late on Tuesday.")) == 2
    )


@pytest.mark.parametrize(("subject", "joined"), [("RE: [support] New home", True), ("返信：New home", True), ("Old home", False)])
def test_a_reply_without_headers_joins_the_case_with_its_subject(subject: str, joined: bool) -> None:
    first = a_message(QUESTION, subject="New home")
    assert cases(first, a_message(REPLY, subject=subject, at=minutes(60 * 30))) == (1 if joined else 2)


def test_a_subject_that_says_little_joins_nothing() -> None:
    first = a_message(QUESTION, subject="Question")
    assert cases(first, a_message("Which coins can be staked, and since when?", subject="Question", at=minutes(60))) == 2


@pytest.mark.parametrize("words", ["Any update? Still nothing.", "まだ返信がありません。よろしくお願いします。"])
def test_who_only_waits_is_heard_in_their_one_case(words: str) -> None:
    assert cases(a_message(QUESTION), a_message(words, at=minutes(60 * 5))) == 1


def test_who_only_waits_and_has_two_cases_is_taken_to_mean_the_last() -> None:
    desk, table = a_desk()
    first, last = desk.receive(a_message(QUESTION)), desk.receive(a_message(DRAINED, at=minutes(5)))
    receipt = desk.receive(a_message("Any update?", at=minutes(60)))
    assert first.case_id != receipt.case_id == last.case_id
    assert len(table.of_kind("case")) == 2


def test_a_link_that_everybody_names_joins_nothing() -> None:
    one = a_message(QUESTION + " https://www.google.com/maps")
    assert cases(one, a_message("Staking pays how much? https://www.google.com/maps", at=minutes(30))) == 2


def test_what_stands_below_every_mail_joins_nothing() -> None:
    footer = "\n> This mail is meant for its recipient alone and may not be passed on to anybody else at any time."
    texts = (QUESTION, DRAINED, "Which coins can be staked, and since when?", "Do you have an office in Osaka?")
    mails = [a_message(text + footer, at=minutes(60 * number)) for number, text in enumerate(texts)]
    assert cases(*mails) == len(texts)


def test_a_case_that_was_opened_before_there_were_sketches_is_recognised_by_its_fingerprint() -> None:
    desk, table = a_desk()
    first = desk.receive(a_message(QUESTION))
    for item in table.items.values():
        for case in item.get("cases", ()) if item["kind"] == "identity" else ():
            del case["sketch"], case["said"]
    assert desk.receive(a_message(QUESTION, name="again", at=minutes(60))).case_id == first.case_id


def test_what_is_kept_of_a_case_is_bounded() -> None:
    desk, table = a_desk()
    for number in range(12):
        long = " ".join(f"word{number}x{place}" for place in range(400))
        desk.receive(a_message(f"{DRAINED} {long} 出金{number}の件です。", at=minutes(number)))
    (customer,) = (customer_of(item) for item in table.of_kind("identity"))
    (case,) = customer.cases
    assert case.messages == 12
    assert len(case.sketch) <= 256
    assert len(case.said) <= 384


def test_recognition_reads_no_more_than_before() -> None:
    desk, table = a_desk()
    desk.receive(a_message(QUESTION))
    table.trips.clear()
    assert isinstance(desk, Desk)
    desk.receive(quoting(REPLY, QUESTION))
    assert table.trips == ["read", "write"]
