"""One message, one numbering: every text of it is redacted together."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Secret
from casework.message import Message
from casework.redaction import FINDERS, Redactor, redact_message
from casework.text.folding import KINDS, PLACEHOLDER
from tests.unit.redaction.disguises import a_message, english, entropy, extended_key, full_width, japanese, wif

PHRASE = " ".join(english())
CARD = "4111 1111 1111 1111"
HEX = entropy("a key", 32).hex()


def test_a_message_without_secrets_comes_back_as_it_was() -> None:
    message = a_message("My withdrawal W-88121 is late.", subject="Withdrawal", history="> hello", files=["screen.png"])
    assert redact_message(message) == (message, ())


def test_every_text_of_a_mail_is_redacted_with_one_numbering() -> None:
    message = a_message(
        f"It is {CARD}, or {extended_key()}.",
        subject=f"About {CARD}",
        history=f"> {PHRASE}\n> {full_width(CARD)}",
        files=[f"{wif()}.txt"],
        facts={"summary": f"paid by {CARD}"},
    )
    clean, secrets = redact_message(message)
    assert clean.subject == "About [card number 1]"
    assert clean.text == "It is [card number 1], or [private key 1]."
    assert clean.history == "> [seed phrase 1]\n> [card number 1]"
    assert clean.attachments[0].name == "[private key 2].txt"
    assert clean.facts == {"summary": "paid by [card number 1]"}
    assert secrets == (
        Secret("card_number", "[card number 1]", verified=True),
        Secret("private_key", "[private key 1]", verified=True),
        Secret("seed_phrase", "[seed phrase 1]", verified=True),
        Secret("private_key", "[private key 2]", verified=True),
    )


def test_everything_else_of_a_message_stays() -> None:
    message = a_message(CARD, subject=PHRASE)
    clean, _ = redact_message(message)
    changed = {field.name for field in dataclasses.fields(Message) if getattr(clean, field.name) != getattr(message, field.name)}
    assert changed == {"subject", "text"}


def test_what_the_text_calls_a_key_is_one_in_the_subject_too() -> None:
    clean, secrets = redact_message(a_message(f"My private key is {HEX}", subject=f"0x{HEX.upper()}", files=[f"{HEX}.txt"]))
    assert (clean.subject, clean.text) == ("[private key 1]", "My private key is [private key 1]")
    assert clean.attachments[0].name == "[private key 1].txt"
    assert len(secrets) == 1


def test_the_text_of_a_call_stays_the_customers_turns() -> None:
    message = a_message(turns=[("agent", "Hello"), ("customer", f"My card is {CARD}"), ("agent", "Thanks"), ("customer", "Bye")])
    clean, _ = redact_message(message)
    assert [turn.text for turn in clean.turns] == ["Hello", "My card is [card number 1]", "Thanks", "Bye"]
    assert clean.text == "My card is [card number 1]\nBye"


def test_a_phrase_spelled_out_over_several_turns_is_found() -> None:
    words = english("spoken")
    said = [
        ("customer", " ".join(words[:5])),
        ("agent", "Go on, please."),
        ("customer", " ".join(words[5:9])),
        ("agent", "And then?"),
    ]
    clean, secrets = redact_message(a_message(turns=[*said, ("customer", " ".join(words[9:]))]))
    assert [turn.text for turn in clean.turns] == [
        "[seed phrase 1]",
        "Go on, please.",
        "[seed phrase 1]",
        "And then?",
        "[seed phrase 1]",
    ]
    assert clean.text == "\n".join(["[seed phrase 1]"] * 3)
    assert secrets == (Secret("seed_phrase", "[seed phrase 1]", verified=True),)


def test_a_card_number_read_out_in_fours_is_found() -> None:
    turns = [("customer", "It's 4111"), ("agent", "Yes"), ("customer", "1111"), ("customer", "1111"), ("customer", "1111 okay")]
    clean, secrets = redact_message(a_message(turns=turns))
    assert clean.text == "It's [card number 1]\n[card number 1]\n[card number 1]\n[card number 1] okay"
    assert len(secrets) == 1


def test_a_secret_that_the_agent_repeats_is_the_same_secret() -> None:
    clean, secrets = redact_message(a_message(turns=[("customer", CARD), ("agent", f"So that is {CARD}?")]))
    assert [turn.text for turn in clean.turns] == ["[card number 1]", "So that is [card number 1]?"]
    assert len(secrets) == 1


def test_a_turn_given_to_the_wrong_party_hides_nothing() -> None:
    words = english("mixed up")
    turns = [("customer", " ".join(words[:6])), ("unknown", " ".join(words[6:]))]
    clean, _ = redact_message(a_message(turns=turns))
    assert [turn.text for turn in clean.turns] == ["[seed phrase 1]", "[seed phrase 1]"]


@pytest.mark.parametrize("roles", [["unknown", "unknown"], ["customer", "unknown"], ["unknown", "agent"]])
def test_the_text_of_a_call_follows_its_turns_whoever_is_known(roles: list[str]) -> None:
    turns = list(zip(roles, [f"It is {CARD}", "Thank you"], strict=True))
    spoken = "\n".join(said for role, said in turns if role != "agent")
    clean, _ = redact_message(a_message(spoken, turns=turns))
    assert clean.text == spoken.replace(CARD, "[card number 1]")


def test_a_text_that_is_not_its_turns_is_redacted_by_itself() -> None:
    clean, _ = redact_message(a_message(f"Summary: {CARD}", turns=[("customer", f"card {CARD}")]))
    assert clean.text == "Summary: [card number 1]"
    assert clean.turns[0].text == "card [card number 1]"


def test_a_placeholder_that_the_customer_quotes_is_not_given_out_again() -> None:
    redactor = Redactor()
    assert redactor.redact(f"You wrote [card number 1]. It is {CARD}.") == "You wrote [card number 1]. It is [card number 2]."
    assert [secret.placeholder for secret in redactor.secrets] == ["[card number 2]"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_is_a_secret(kind: str) -> None:
    text = f"My password: [{kind.replace('_', ' ')} 1] private key [{kind.replace('_', ' ')} 12]"
    redactor = Redactor()
    assert redactor.redact(text) == text
    assert redactor.secrets == ()


def test_placeholders_do_not_join_what_stands_beside_them() -> None:
    words = english()
    text = f"{' '.join(words[:6])} [seed phrase 1] {' '.join(words[6:])}"
    assert Redactor().redact(text) == text


def test_nothing_of_overlapping_secrets_stays() -> None:
    clean = Redactor().redact(f"my password is {wif()}x9. API key: {HEX}")
    assert wif()[:20] not in clean
    assert HEX[:20] not in clean


def test_one_redactor_numbers_the_texts_it_is_given_in_turn() -> None:
    redactor = Redactor()
    assert [redactor.redact(text) for text in (CARD, "5555555555554444", CARD)] == [
        "[card number 1]",
        "[card number 2]",
        "[card number 1]",
    ]


def test_every_kind_a_finder_names_has_a_placeholder_that_is_recognised() -> None:
    for kind in KINDS:
        assert re.fullmatch(PLACEHOLDER, f"[{kind.replace('_', ' ')} 1]")


SECRETS = (
    PHRASE,
    "\n".join(english("another", 32)),
    "　".join(japanese()),
    "".join(japanese("もう一つ")),
    wif(),
    extended_key(),
    f"private key {HEX}",
    CARD,
    full_width(CARD),
    "password: hunter2x",
    "認証コード 482913",
)
NOISE = st.text(st.sampled_from("abc 0123456789０１ .,:-\n\"'[]()「」はがです秘密鍵key pass 4x"), max_size=30)
TEXTS = st.lists(st.one_of(NOISE, st.sampled_from(SECRETS), st.text(max_size=15)), max_size=6).map(" ".join)


@settings(deadline=None)
@given(TEXTS)
def test_redacting_again_changes_nothing(text: str) -> None:
    once = Redactor().redact(text)
    again = Redactor()
    assert again.redact(once) == once
    assert again.secrets == ()


@settings(deadline=None)
@given(TEXTS, TEXTS, st.lists(st.tuples(st.sampled_from(["customer", "agent"]), TEXTS), max_size=4))
def test_redacting_a_message_again_changes_nothing(subject: str, text: str, turns: list[tuple[str, str]]) -> None:
    once, _ = redact_message(a_message(text if not turns else "", subject=subject, turns=turns))
    assert redact_message(once) == (once, ())


@settings(deadline=None)
@given(TEXTS)
def test_what_is_not_a_placeholder_is_as_the_customer_wrote_it(text: str) -> None:
    at = 0
    for piece in re.split(PLACEHOLDER, Redactor().redact(text)):
        assert piece in text[at:]
        at = text.index(piece, at) + len(piece)


FIELDS = ("subject", "text", "history", "file", "turn", "fact")


def planted(secret: str, field: str, before: str, after: str) -> Message:
    text = f"{before}\n{secret}\n{after}"
    return a_message(
        text if field == "text" else "",
        subject=text if field == "subject" else "",
        history=text if field == "history" else "",
        files=[text] if field == "file" else [],
        turns=[("customer", text)] if field == "turn" else [],
        facts={"note": text} if field == "fact" else {},
    )


@settings(deadline=None)
@given(st.sampled_from(FIELDS), st.sampled_from(SECRETS), NOISE, NOISE)
def test_no_planted_secret_survives_in_any_field(field: str, secret: str, before: str, after: str) -> None:
    clean, secrets = redact_message(planted(secret, field, before, after))
    assert secrets
    assert secret not in repr(clean).encode().decode("unicode_escape", "replace")
    assert secret not in repr(clean)


@pytest.mark.parametrize("finder", FINDERS)
def test_a_finder_finds_nothing_in_nothing(finder: object) -> None:
    assert callable(finder)
    assert list(finder("")) == []
