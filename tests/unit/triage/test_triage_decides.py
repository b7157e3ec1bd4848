"""What the desk learns of one message: category, severity, owner, facets, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.case import Assessment, Secret, Severity, Team
from casework.message import Channel, Message, Source, Turn
from casework.policy import Policy, load
from casework.policy.facets import FACETS
from casework.triage import NO_SPAN, assess, features, scores

POLICY = load()


def message(text: str, subject: str = "", **changes: object) -> Message:
    written = Message(
        source=Source(Channel.EMAIL, "<1@example.com>", "0" * 64),
        received_at=datetime(2026, 5, 3, 9, 0, tzinfo=UTC),
        subject=subject,
        text=text,
    )
    return replace(written, **changes)  # type: ignore[arg-type]


def assessed(text: str, subject: str = "", *secrets: Secret, policy: Policy = POLICY, **changes: object) -> Assessment:
    return assess(message(text, subject, **changes), secrets, policy)


# --- in progress, denied, supposed, advertised --------------------------------------------------------------------------


def test_a_loss_in_progress_is_critical_and_interrupts() -> None:
    result = assessed("My withdrawal of 1.2 BTC is processing and I did not request it. Stop it now!")
    assert (result.category, result.severity, result.team) == ("unauthorized_withdrawal", Severity.CRITICAL, Team.FRAUD)
    assert result.escalates
    assert result.facets["loss"] == "in_progress"


@pytest.mark.parametrize(
    ("text", "category", "role"),
    [
        ("身に覚えのない出金がありました。", "unauthorized_withdrawal", "victim"),
        ("怪しいメールが来ましたが、クリックはしていません。", "phishing_report", "reporter"),
        ("There is a withdrawal that I did NOT authorise.", "unauthorized_withdrawal", "victim"),
        ("I got a suspicious email from you but I did not click anything.", "phishing_report", "reporter"),
    ],
)
def test_the_same_words_of_denial_make_one_a_victim_and_the_other_a_reporter(text: str, category: str, role: str) -> None:
    result = assessed(text)
    assert (result.category, result.facets["role"]) == (category, role)


@pytest.mark.parametrize(
    "text",
    [
        "My account was not hacked, I just forgot my password.",
        "What happens if my account gets hacked? Do you have insurance?",
        "もし不正出金された場合、補償はありますか？",
        "アカウントは乗っ取られていませんが、パスワードを忘れました。",
    ],
)
def test_what_did_not_happen_interrupts_nobody(text: str) -> None:
    assert not assessed(text).escalates


@pytest.mark.parametrize(
    "text",
    [
        "Lost coins to a fake broker? Redwood Recovery got back my 3 BTC, whatsapp them, best recovery experts!",
        "投資詐欺の被害に遭われた方へ。成功率95%で返金します。無料相談はLINEでお気軽にご連絡ください。",
    ],
)
def test_an_advert_of_recovery_experts_is_nobodys_emergency(text: str) -> None:
    result = assessed(text)
    assert result.category in {"spam", "recovery_scam"}
    assert (result.escalates, result.facets["role"], result.facets["loss"]) == (False, "advert", "none")


def test_the_victim_of_a_recovery_scam_is_not_taken_for_its_advert() -> None:
    result = assessed("I paid a crypto recovery company 2000 dollars up front and now they do not answer.")
    assert (result.category, result.escalates, result.facets["loss"]) == ("recovery_scam", True, "completed")


# --- several matters, and none ------------------------------------------------------------------------------------------


def test_a_theft_in_a_letter_about_fees_leads() -> None:
    result = assessed(
        "Your trading fees are far too high, please explain the fee schedule and send me the fee report for my tax return. "
        "By the way, somebody withdrew 2 ETH from my account on Friday without my permission."
    )
    assert (result.category, result.team, result.severity) == ("unauthorized_withdrawal", Team.FRAUD, Severity.CRITICAL)
    assert "fees_and_tax" in result.also


def test_not_being_able_to_log_in_is_only_a_symptom_of_a_takeover() -> None:
    result = assessed("Someone hacked my account and changed the password. I can't log in, login fails, I am locked out.")
    assert result.category == "account_takeover"


@pytest.mark.parametrize("text", ["", "   ", "🙂", "!?"])
def test_nothing_to_go_by_is_an_abstention_that_a_person_reads(text: str) -> None:
    result = assessed(text)
    assert (result.category, result.team, result.abstained, result.escalates) == ("other", Team.OPERATIONS, True, False)


@pytest.mark.parametrize("text", ["ok", "こんにちは。", "asdf qwer", "thanks!"])
def test_what_is_about_nothing_interrupts_nobody(text: str) -> None:
    result = assessed(text)
    assert (result.category, result.team, result.escalates) == ("other", Team.OPERATIONS, False)


def test_who_is_not_sure_enough_abstains_and_keeps_the_best_guesses() -> None:
    careful = replace(POLICY, triage=replace(POLICY.triage, abstain_below=0.99))
    result = assessed("something about a deposit", policy=careful)
    assert (result.abstained, result.category) == (True, "other")
    assert "deposit" in result.also


def test_a_message_in_two_languages_is_read_in_both() -> None:
    result = assessed("Hello, 私の account が hack されて BTC が全部なくなりました。please help")
    assert result.escalates
    assert result.team is Team.FRAUD


# --- what cannot be ruled out -------------------------------------------------------------------------------------------


def wary(least: float) -> Policy:
    """The policy, and the probability from which on it tells a team of what is not the likeliest."""
    suspicion = replace(POLICY.triage.suspicion, least=least, least_other=least, unspoken=0.0, floor=0.0)
    return replace(POLICY, triage=replace(POLICY.triage, suspicion=suspicion))


def deaf(policy: Policy) -> Policy:
    """The policy, and nothing that interrupts is ever likely enough to lead."""
    return replace(policy, triage=replace(policy.triage, least_urgent_score=1.0, least_unspoken_score=1.0))


def test_what_cannot_be_ruled_out_is_told_and_filed_as_what_is_likelier() -> None:
    text = "Where is my withdrawal? It has been pending since Monday."
    calm, feared = assessed(text, policy=wary(1.0)), assessed(text, policy=wary(1e-6))
    assert (calm.category, calm.escalates, calm.suspicion, calm.told) == ("withdrawal", False, None, None)
    assert feared.suspicion is not None
    assert POLICY.category(feared.suspicion.category).escalates
    assert feared.told == (feared.suspicion.team, feared.suspicion.severity)
    assert (feared.category, feared.team, feared.severity, feared.facets, feared.confidence, feared.escalates) == (
        calm.category,
        calm.team,
        calm.severity,
        calm.facets,
        calm.confidence,
        True,
    )


def test_who_is_told_of_what_it_is_needs_no_suspicion() -> None:
    result = assessed("Somebody withdrew all my bitcoin, I did not authorise it.", policy=wary(1e-6))
    assert result.suspicion is None
    assert result.told == (result.team, result.severity)


@pytest.mark.parametrize("text", ["", "🙂", "My account was not hacked, I just forgot my password."])
def test_nothing_is_suspected_of_who_says_nothing_or_says_that_it_was_not_so(text: str) -> None:
    assert assessed(text, policy=wary(1e-6)).suspicion is None


def test_who_denies_one_kind_of_wrong_may_be_suspected_of_another() -> None:
    text = "My account was not hacked. But they have photos of me and I must pay by Friday or my family sees them."
    found = assessed(text, policy=deaf(wary(1e-6)))
    assert found.suspicion is not None
    assert found.suspicion.category == "extortion"


def test_what_is_none_of_our_business_must_be_likelier_to_be_told_of() -> None:
    text = "Can you tell me when the last train goes home tonight? I'd rather be dead than walk."
    by = deaf(wary(1e-6)).triage
    for least, least_other, is_told in ((1.0, 1e-6, True), (1e-6, 1.0, False)):
        suspicion = replace(by.suspicion, least=least, least_other=least_other)
        found = assessed(text, policy=replace(POLICY, triage=replace(by, suspicion=suspicion)))
        assert (found.category, bool(found.suspicion)) == ("other", is_told)


@pytest.mark.parametrize(
    ("text", "is_spoken"),
    [
        ("Why did the refund of something I bought come back to my account?", False),
        ("When does the last train go? I'd rather be dead.", True),
    ],
)
def test_what_the_model_alone_fears_must_be_likelier_to_be_told_of(text: str, is_spoken: bool) -> None:
    by = deaf(wary(1e-6)).triage
    alone = replace(by, suspicion=replace(by.suspicion, unspoken=1.0))
    assert assessed(text, policy=replace(POLICY, triage=by)).suspicion is not None
    assert bool(assessed(text, policy=replace(POLICY, triage=alone)).suspicion) is is_spoken


@pytest.mark.parametrize("signal", ["mailing_list", "auto_reply", "out_of_office"])
def test_what_nobody_wrote_to_us_is_suspected_of_nothing(signal: str) -> None:
    text = "Where is my withdrawal? It has been pending since Monday."
    assert assessed(text, policy=wary(1e-6), signals=(signal,)).suspicion is None


def test_an_advert_is_suspected_of_nothing() -> None:
    text = "Lost coins to a fake broker? Redwood Recovery got back my 3 BTC, whatsapp them, best recovery experts!"
    assert not assessed(text, policy=wary(1e-6)).escalates


def test_who_abstains_may_still_suspect() -> None:
    policy = replace(wary(1e-6), triage=replace(wary(1e-6).triage, abstain_below=0.9999))
    result = assessed("Where is my withdrawal? It has been pending since Monday.", policy=policy)
    assert (result.abstained, result.category, result.team, result.escalates) == (True, "other", Team.OPERATIONS, True)
    assert result.suspicion is not None


def test_without_the_reasons_of_a_suspicion_there_is_less_to_suspect() -> None:
    text = "Where is my withdrawal? It has been pending since Monday. Did somebody else change the address?"
    feared = assessed(text, policy=wary(1e-6))
    assert feared.suspicion is not None
    kept = list(f"\n{text}")
    for reason in feared.reasons:
        if (reason.start, reason.end) != NO_SPAN:
            kept[reason.start : reason.end] = " " * (reason.end - reason.start)
    assert likelihood("".join(kept[1:])) < likelihood(text)


def likelihood(text: str) -> int:
    """In thousandths, up to which probability something is suspected."""
    return max((least for least in range(1, 1000) if assessed(text, policy=wary(least / 1000)).suspicion), default=0)


# --- hints and secrets --------------------------------------------------------------------------------------------------


def test_what_a_customer_chose_in_a_form_is_a_hint_and_never_a_decision() -> None:
    text = "Somebody withdrew all my bitcoin, I did not authorise it."
    plain, hinted = assessed(text), assessed(text, category_hint="product")
    assert hinted.category == plain.category == "unauthorized_withdrawal"
    assert hinted.confidence <= plain.confidence
    assert "product" in assessed("please see attached", category_hint="product").also
    assert "product" not in assessed("please see attached").also[:1]


def test_a_hint_that_is_no_category_is_ignored() -> None:
    assert assessed("hello", category_hint="Something else") == assessed("hello")


def test_a_seed_phrase_in_the_text_exposes_the_wallet() -> None:
    secret = Secret("seed_phrase", "[seed phrase 1]", verified=True)
    result = assessed("Please restore my wallet: [seed phrase 1]", "", secret)
    assert (result.category, result.team, result.escalates) == ("secret_exposed", Team.TRUST, True)
    assert result.facets["secrets"] == "seed_phrase"
    reason = next(each for each in result.reasons if each.rule == "secret.seed_phrase")
    assert "\nPlease restore my wallet: [seed phrase 1]"[reason.start : reason.end] == "[seed phrase 1]"


def test_a_secret_outside_the_text_counts_and_points_nowhere() -> None:
    result = assessed("see below", "", Secret("private_key", "[private key 1]"))
    assert result.category == "secret_exposed"
    assert [(each.start, each.end) for each in result.reasons if each.rule == "secret.private_key"] == [NO_SPAN]


def test_a_card_number_alone_says_nothing_of_the_matter() -> None:
    result = assessed("Here is my card [card number 1]", "", Secret("card_number", "[card number 1]", verified=True))
    assert result.category != "secret_exposed"
    assert result.facets["secrets"] == "card_number"


# --- facets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("I am 84 years old and I was scammed by an investment platform.", "vulnerable", "yes"),
        ("認知症の母が投資詐欺に遭いました。", "vulnerable", "yes"),
        ("I'm 15 years old and can't verify my account", "minor", "yes"),
        ("高校生ですが口座を開設できますか", "minor", "yes"),
        ("This is a formal complaint about your service.", "complaint", "yes"),
        ("対応が遅すぎます。苦情を申し立てます。", "complaint", "yes"),
        ("My coins were stolen, I filed a police report.", "law_enforcement", "yes"),
        ("警察に被害届を出しました。残高が盗まれました。", "law_enforcement", "yes"),
        ("I want to kill myself.", "threat_or_self_harm", "yes"),
        ("How do I deposit?", "vulnerable", "no"),
        ("I want to rent out my verified account.", "role", "suspect"),
        ("My mother was scammed by a fake trading platform.", "role", "reporter"),
        ("Somebody withdrew my coins without my consent.", "party", "unauthorized"),
        ("I paid a fake investment platform 5000 USDT.", "party", "authorized"),
        ("I invested 5000 USDT on a scam trading platform and lost it.", "funds", "left"),
        ("Where is my deposit?", "loss", "none"),
        ("A recovery company got me to pay 300 to find my lost coins. They recommended themselves on Reddit.", "role", "victim"),
    ],
)
def test_facets_are_read_from_the_text(text: str, facet: str, value: str) -> None:
    assert assessed(text).facets[facet] == value


def test_every_facet_is_always_there_with_a_known_value() -> None:
    for text in ("", "Somebody stole my coins", "お金が盗まれました", "How do I deposit?"):
        facets = assessed(text).facets
        assert set(facets) == {*FACETS, "language", "secrets"}
        assert all(facets[name] in values for name, values in FACETS.items())


# --- language -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hint", "language", "facet"),
    [
        ("Where is my deposit?", "", "en", "en"),
        ("入金が反映されません", "", "ja", "ja"),
        ("本人確認書類", "", "ja", "ja"),
        ("Bitcoin (BTC) の入金が反映されません", "", "ja", "ja"),
        ("Where is my deposit? 入金", "", "en", "en"),
        ("", "ja", "ja", "ja"),
        ("BTC", "en-GB", "en", "en"),
        ("Hola, no puedo entrar en mi cuenta y el dinero que deposité no está", "", "en", "other"),
        ("Здравствуйте, я не могу войти в аккаунт", "", "en", "other"),
        ("我的账户被盗了请帮我冻结账户谢谢你们的帮助", "", "ja", "other"),
    ],
)
def test_the_language_is_read_from_the_script(text: str, hint: str, language: str, facet: str) -> None:
    result = assessed(text, language_hint=hint)
    assert (result.language, result.facets["language"]) == (language, facet)


def test_a_foreign_language_lowers_the_confidence() -> None:
    english = assessed("my account was hacked")
    spanish = assessed("my account was hacked y el dinero de la cuenta no está en el banco que me dijo")
    assert spanish.category == english.category
    assert spanish.confidence < english.confidence


# --- reasons ------------------------------------------------------------------------------------------------------------


def test_more_evidence_makes_more_confident_and_a_rival_matter_less() -> None:
    plain = assessed("My account was hacked.")
    more = assessed("My account was hacked. There is a login from an unknown device that was not me.")
    rival = assessed("My account was hacked. Also, please send me the annual tax report.")
    assert rival.confidence < plain.confidence < more.confidence < 1


def test_a_call_says_when_it_was_said() -> None:
    turns = (
        Turn("agent", "How can I help you?", 0, 900),
        Turn("customer", "Hello, good morning.", 1000, 1900),
        Turn("agent", "Never share your seed phrase.", 2000, 2900),
        Turn("customer", "Somebody stole my bitcoin.", 3000, 3900),
    )
    text = "Hello, good morning.\nSomebody stole my bitcoin."
    result = assessed(text, turns=turns)
    theft = [each for each in result.reasons if each.rule.startswith("withdrawal.")]
    assert theft
    assert {each.at_ms for each in theft} == {3000}


def test_a_mail_has_no_milliseconds() -> None:
    assert {each.at_ms for each in assessed("Somebody stole my bitcoin.").reasons} == {None}


def test_the_policy_that_decided_is_named() -> None:
    assert assessed("hello").policy_version == POLICY.version


def test_the_same_message_always_gets_the_same_assessment() -> None:
    text = "Somebody stole my bitcoin. お金が盗まれました"
    assert assessed(text) == assessed(text)


def test_rules_and_model_are_one_sum() -> None:
    """Neither has the last word: without its rules, or without the model's opinion of it, a category is less likely."""
    found = features(message("Somebody stole my bitcoin."), (), POLICY)
    both = scores(found, POLICY)["unauthorized_withdrawal"]
    assert both > scores(replace(found, evidence=()), POLICY)["unauthorized_withdrawal"]
    doubted = {**found.opinion, "category:unauthorized_withdrawal": -1.0}
    assert both > scores(replace(found, opinion=doubted), POLICY)["unauthorized_withdrawal"]


def test_a_category_the_model_has_never_seen_lives_by_its_rules() -> None:
    model = POLICY.model
    ignorant = replace(model, answers=[answer.replace(":fees_and_tax", ":nothing") for answer in model.answers])
    result = assessed("How do I download my tax report for last year?", policy=replace(POLICY, model=ignorant))
    assert result.category == "fees_and_tax"


def test_the_words_that_moved_the_model_are_among_the_reasons() -> None:
    text = "my coins are being siphoned away while I type this"
    moved = [reason for reason in assessed(text).reasons if reason.rule == "model"]
    assert moved
    assert any("siphoned" in f"\n{text}"[reason.start : reason.end] for reason in moved)


FRAGMENTS = st.sampled_from(
    [
        "my account",
        "was hacked",
        "出金",
        "身に覚えのない",
        "\n",
        ". ",
        "not ",
        "if ",
        "[seed phrase 1]",
        "１２３",
        "　",
        "ﾊﾟｽ",
        "🙂",
        "withdraw",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=30), st.text(max_size=15))
def test_whatever_is_written_is_assessed_with_reasons_that_lie_in_the_text(parts: list[str], subject: str) -> None:
    text = "".join(parts)
    whole = f"{subject}\n{text}"
    result = assessed(text, subject, Secret("seed_phrase", "[seed phrase 1]"))
    assert 0 <= result.confidence <= 1
    assert result.category in POLICY.categories
    for reason in result.reasons:
        assert (reason.start, reason.end) == NO_SPAN or 0 <= reason.start < reason.end <= len(whole)
