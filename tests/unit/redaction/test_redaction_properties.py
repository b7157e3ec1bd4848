"""What holds of redaction whatever the text: it ends, it repeats itself, it invents nothing, it gives no placeholder twice."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.redaction import FINDERS, Redactor, finders_of_speech
from casework.text.folding import KINDS, PLACEHOLDER, fold
from tests.unit.redaction.disguises import decomposed, english, entropy, extended_key, full_width, japanese, wif

SECRETS = (
    " ".join(english()),
    "、".join(japanese("another", 20)),
    decomposed("\u3000".join(japanese())),
    "<br>".join(english("slips"))[:-1],
    wif(),
    extended_key(),
    f"private key {entropy('a key', 32).hex()}",
    "4111-1111-1111-1111",
    full_width("5555 5555 5555 4444"),
    "my pin is 4821",
    "パスワードは「himawari5」",
    "確認コード：482913",
    "my SSN is 123-45-6789",
    "GB82 WEST 1234 5698 7654 32",
    "みずほ銀行 普通 1234567",
    "免許証番号 123456789012",
    "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
    "sk_" + "live_" + "a1" * 12,
)
NOISE = st.text(st.sampled_from("ab はが番号銀行0123４①か\u3099ﾞ\u200b .,:;-\n\"'[]()<>&「」一二つ目card key pin"), max_size=24)
QUOTED = st.builds("[{} {}]".format, st.sampled_from([kind.replace("_", " ") for kind in KINDS]), st.integers(1, 3))
TEXTS = st.lists(st.one_of(NOISE, st.sampled_from(SECRETS), QUOTED, st.text(max_size=8)), max_size=6).map(" ".join)


@settings(deadline=None)
@given(TEXTS)
def test_redacting_again_finds_nothing_more(text: str) -> None:
    for finders in (FINDERS, finders_of_speech()):
        once = Redactor(finders).redact(text)
        again = Redactor(finders)
        assert again.redact(once) == once
        assert again.secrets == ()


@settings(deadline=None)
@given(TEXTS)
def test_the_same_text_is_always_redacted_alike(text: str) -> None:
    one, other = Redactor(), Redactor()
    assert (one.redact(text), one.secrets) == (other.redact(text), other.secrets)


@settings(deadline=None)
@given(TEXTS)
def test_no_placeholder_that_the_customer_wrote_is_given_out(text: str) -> None:
    redactor = Redactor()
    redactor.redact(text)
    written = set(re.findall(PLACEHOLDER, text))
    assert written.isdisjoint(secret.placeholder for secret in redactor.secrets)
    assert len({secret.placeholder for secret in redactor.secrets}) == len(redactor.secrets)


@settings(deadline=None)
@given(TEXTS)
def test_all_that_is_not_a_placeholder_is_as_it_was_written(text: str) -> None:
    at = 0
    for piece in re.split(PLACEHOLDER, Redactor().redact(text)):
        assert piece in text[at:]
        at = text.index(piece, at) + len(piece)


@settings(deadline=None)
@given(TEXTS)
def test_every_finding_lies_in_the_text_it_was_found_in(text: str) -> None:
    folded = fold(text).text
    for finder in finders_of_speech():
        for finding in finder(folded):
            assert 0 <= finding.start < finding.end <= len(folded)
            assert finding.kind in KINDS
            assert "\x00" not in folded[finding.start : finding.end]


@settings(deadline=None)
@given(st.sampled_from(SECRETS), NOISE, NOISE)
def test_a_secret_on_lines_of_its_own_is_found_in_any_company(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    assert secret not in redactor.redact(f"{before}漢\n\n{secret}\n\n漢{after}")
    assert redactor.secrets
