"""Who reports frauds by the dozen writes them all in the same words: what is reported tells them apart."""

from __future__ import annotations

import pytest

from casework.case import Outcome
from tests.builders import a_desk, a_message, minutes

TEMPLATES = (
    "Phishing site report: {} asks for seed words.",
    "Hi team, I found another phishing website pretending to be you: {}. Please take it down.",
    "Please block {}, it is stealing users' funds",
    "{} is a scam",
    "Also this one {}",
    "{} is impersonating https://app.redwood.example and drains wallets. Screenshot: https://imgur.com/a1b2c3",
    "### Domain\n{}\n\n### Reason\nPhishing\n\n### Checklist\n- [x] I have searched existing reports\n- [x] I am not the owner",
    "フィッシングの報告です。{} でシードフレーズを入力させています。",
    "また偽物を見つけました。{} です。",
    "こちらも偽物のようです {}",
)
REPORTED = {
    "link": ("https://redwood-login.example/verify", "https://redwood-help.example/verify"),
    "site": ("redwood-login.example", "redwood-help.example"),
    "defanged": ("hxxps://redwood-login[.]com/verify", "hxxps://redwood-help[.]com/verify"),
    "host": ("redwood-login.sitebuilder.example", "redwood-help.sitebuilder.example"),
    "ending": ("redwood-wallet.help", "redwood-claim.support"),
    "page": ("https://sites.google.com/view/redwood-login", "https://sites.google.com/view/redwood-help"),
    "channel": ("https://t.me/redwood_support1", "https://t.me/redwood_helpdesk"),
    "handle": ("@redwood_support_1", "@redwood_help_desk"),
    "mail": ("support@redwood-help.example", "info@redwood-care.example"),
    "phone": ("+44 20 7946 0123", "+44 20 7946 0456"),
    "app": ("com.redwood.wallet.pro", "com.redwood.exchange"),
    "address": ("0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D"),
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("kind", REPORTED)
def test_the_same_words_about_another_thing_are_another_matter(template: str, kind: str) -> None:
    desk, _ = a_desk()
    one, other = REPORTED[kind]
    first = desk.receive(a_message(template.format(one), name="first", at=minutes(0)))
    second = desk.receive(a_message(template.format(other), name="second", at=minutes(7)))
    assert (second.outcome, second.case_id == first.case_id) == (Outcome.OPENED, False)


@pytest.mark.parametrize("kind", ["link", "site", "defanged", "page", "address"])
def test_other_words_about_the_same_thing_are_the_same_matter(kind: str) -> None:
    desk, _ = a_desk()
    one, _ = REPORTED[kind]
    first = desk.receive(a_message(TEMPLATES[0].format(one), name="first", at=minutes(0)))
    second = desk.receive(a_message(TEMPLATES[2].format(one), name="second", at=minutes(300)))
    assert (second.outcome, second.case_id) == (Outcome.ATTACHED, first.case_id)
