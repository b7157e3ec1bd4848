"""When messages of different customers are one attack, and what is counted of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.campaigns.campaign import CLOSED
from casework.campaigns.correlator import Correlator
from casework.case import Severity, Team
from casework.records import escalation_key
from tests.builders import POLICY
from tests.unit.campaigns.attacks import FAKE_SITE, NOON, World, words

SITE = ("domain", "kujira-verify.example")
OTHER_SITE = ("domain", "kujira-help.example")
WALLET = ("address", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")


def three(world: World, *entities: tuple[str, str], start: int = 0) -> None:
    """Three customers in their own words."""
    for place in range(start, start + 3):
        world.correlate(world.a_message(words(place), entities=entities))


def test_a_domain_that_three_customers_name_is_a_campaign() -> None:
    world = World()
    three(world, SITE)
    assert (world.campaign.customers, world.campaign.messages) == (3, 3)
    assert world.shown("domain") == {"kujira-verify.example": 3}


def test_one_customer_who_writes_thrice_is_no_campaign() -> None:
    world = World()
    for place in range(3):
        world.correlate(world.a_message(words(place), entities=[SITE], customer="hanako"))
    assert world.campaigns == []


def test_people_without_a_name_are_members_and_prove_no_numbers() -> None:
    world = World()
    for place in range(5):
        world.correlate(world.a_message(words(place), entities=[SITE], customer=""))
    assert world.campaigns == []
    three(world, SITE, start=5)
    assert (world.campaign.customers, world.campaign.messages) == (3, 8)


def test_two_customers_who_hand_on_one_text_are_a_campaign_whatever_the_triage_thinks() -> None:
    world = World()
    world.correlate(world.a_message(f"Hi. {FAKE_SITE}", category="other"))
    world.correlate(world.a_message(f"{FAKE_SITE} Thanks, 42", category="other"))
    assert world.campaign.customers == 2
    assert world.shown("text") == {"message-1": 2}


def test_japanese_texts_with_another_link_and_another_amount_are_one_text() -> None:
    world = World()
    lure = "【重要】お客様の口座で不審な出金を検知しました。本日中に {} から本人確認をお願いします。"
    lure += "確認できない場合、残高{}円は凍結されます。"
    lure += "ご不明な点がございましたら、サポートセンターまでご連絡ください。このメールには返信できません。"
    world.correlate(world.a_message(lure.format("https://a.example/1", "120,000")))
    world.correlate(world.a_message(lure.format("https://b.example/x?y=2", "9,800")))
    assert world.campaign.customers == 2


def test_a_short_text_says_nothing() -> None:
    world = World()
    world.correlate(*(world.a_message("Thank you very much for your help!") for _ in range(5)))
    assert world.campaigns == []


@pytest.mark.parametrize("domain", ["gmail.com", "etherscan.io", "google.com"])
def test_what_everybody_names_is_no_campaign(domain: str) -> None:
    world = World()
    three(world, ("domain", domain))
    assert world.campaigns == []


def test_a_domain_that_people_ask_everyday_questions_about_becomes_common_and_is_left_alone() -> None:
    world = World()
    for place in range(POLICY.campaigns.waiting):
        world.correlate(world.a_message(words(place), entities=[SITE], category="product"))
    three(world, SITE, start=500)
    (trace,) = world.table.of_kind("indicator")
    assert (world.campaigns, trace["common"]) == ([], True)


def test_a_common_domain_is_learned_again_after_a_while() -> None:
    world = World()
    for place in range(POLICY.campaigns.waiting):
        world.correlate(world.a_message(words(place), entities=[SITE], category="product"))
    later = NOON + timedelta(days=POLICY.campaigns.common_days + 1)
    for place in range(3):
        world.correlate(world.a_message(words(100 + place), entities=[SITE], at=later))
    assert world.campaign.customers == 3


@pytest.mark.parametrize(("signals", "campaigns"), [((), 1), (("mailing_list",), 0)])
def test_an_address_that_a_mailing_list_puts_under_everything_says_nothing(signals: tuple[str, ...], campaigns: int) -> None:
    world = World()
    for place in range(5):
        world.correlate(world.a_message(words(place), entities=[("email", "leave@lists.example")], signals=signals))
    assert len(world.campaigns) == campaigns


def test_a_link_behind_a_shortener_counts_and_the_shortener_does_not() -> None:
    world = World()
    for path in ("xY12ab", "xY12ab", "qQ99zz"):
        link = f"https://bit.ly/{path}"
        world.correlate(world.a_message(words(world.count), entities=[("url", link), ("domain", "bit.ly")]))
    assert world.shown("url") == {"bit.ly/xY12ab": 2}


def test_sightings_that_are_further_apart_than_the_window_have_nothing_to_do_with_each_other() -> None:
    world = World()
    for day in (0, 20, 40):
        world.correlate(world.a_message(words(day), entities=[SITE], at=NOON + timedelta(days=day)))
    assert world.campaigns == []


def test_an_older_case_is_linked_by_an_indicator_that_is_found_late() -> None:
    world = World()
    world.correlate(world.a_message(words(1), entities=[WALLET], name="early"))
    assert world.campaigns == []
    three(world, SITE, WALLET, start=10)
    assert world.campaign.customers == 4
    assert world.campaign.first_case == "case-early"
    assert world.shown("wallet") == {WALLET[1]: 4}


def test_a_message_that_comes_late_becomes_the_first() -> None:
    world = World()
    three(world, SITE)
    world.correlate(world.a_message(words(9), entities=[SITE], name="late", at=NOON - timedelta(hours=1)))
    assert (world.campaign.first_case, world.campaign.first_at) == ("case-late", NOON - timedelta(hours=1))


def test_somebodys_list_of_bad_domains_makes_no_two_campaigns_one() -> None:
    world = World()
    three(world, SITE)
    three(world, OTHER_SITE, start=10)
    world.correlate(world.a_message(words(20), entities=[SITE, OTHER_SITE], customer="collector"))
    assert len(world.campaigns) == 2
    assert [campaign.customers for campaign in world.campaigns] == [4, 4]


def test_campaigns_that_several_customers_show_together_become_one_and_count_everybody_once() -> None:
    world = World()
    three(world, SITE)
    three(world, OTHER_SITE, start=10)
    for place in (20, 21):
        world.correlate(world.a_message(words(place), entities=[SITE, OTHER_SITE]))
    assert (world.campaign.customers, world.campaign.messages) == (8, 8)
    assert len(world.campaign.joined) == 1


def test_one_text_with_two_domains_joins_them_at_once() -> None:
    world = World()
    three(world, SITE)
    world.correlate(world.a_message(FAKE_SITE, entities=[OTHER_SITE]), world.a_message(FAKE_SITE, entities=[SITE]))
    assert world.campaign.customers == 5


def test_a_kit_that_everybody_buys_bridges_nothing() -> None:
    world = World()
    link = "https://{}/secure/verification/account/index.php"
    for place in range(6):
        site = "a.example" if place < 3 else "b.example"
        entities = [("domain", site), ("url", link.format(site))]
        world.correlate(world.a_message(words(place), entities=entities))
    assert sorted(campaign.customers for campaign in world.campaigns) == [3, 3]


def test_after_a_long_silence_the_same_domain_is_a_new_campaign() -> None:
    world = World()
    three(world, SITE)
    later = NOON + timedelta(days=60)
    for place in range(3):
        world.correlate(world.a_message(words(50 + place), entities=[SITE], at=later))
    assert [campaign.customers for campaign in world.campaigns] == [3, 3]


def test_the_growth_of_a_campaign_is_told_by_day() -> None:
    world = World()
    three(world, SITE)
    for place in range(5):
        world.correlate(world.a_message(words(50 + place), entities=[SITE], at=NOON + timedelta(days=1)))
    assert world.campaign.days == {"2026-05-03": 3, "2026-05-04": 5}


def test_trust_hears_of_a_campaign_once() -> None:
    world = World()
    three(world, SITE)
    for place in range(6):
        world.correlate(world.a_message(words(50 + place), entities=[SITE]))
    (escalation,) = world.raised
    assert (escalation["team"], escalation["cause"], escalation["severity"]) == ("trust", "campaign_found", "normal")
    assert escalation["facets"]["campaign"] == world.campaign.campaign_id


def test_trust_hears_again_at_each_order_of_magnitude() -> None:
    world = World()
    for place in range(100):
        world.correlate(world.a_message(words(place), entities=[SITE]))
    assert [(each["facets"]["customers"], each["cause"]) for each in world.raised] == [
        ("3", "campaign_found"),
        ("10", "campaign_grew"),
        ("100", "campaign_grew"),
    ]


def test_trust_hears_again_when_money_is_lost_and_only_once() -> None:
    world = World()
    three(world, SITE)
    for place in (50, 51):
        world.correlate(world.a_message(words(place), entities=[SITE], loss="completed"))
    assert [(each["cause"], each["severity"]) for each in world.raised] == [
        ("campaign_found", "normal"),
        ("campaign_loss", "high"),
    ]


def test_the_escalation_of_a_campaign_names_a_message_that_can_be_quoted() -> None:
    world = World()
    three(world, SITE)
    (raised,) = world.raised
    place = (f"CASE#{raised['case_id']}", f"MESSAGE#{raised['raised_at']}#{raised['message_id']}")
    assert place in world.table.items


def test_a_campaign_in_which_nobody_seems_attacked_is_told_when_it_is_large() -> None:
    world = World()
    for place in range(10):
        assert world.raised == [], place
        world.correlate(world.a_message(FAKE_SITE, category="product"))
    assert [each["facets"]["customers"] for each in world.raised] == ["10"]


@pytest.mark.parametrize(
    ("severity", "team", "waits"),
    [
        (Severity.LOW, Team.TRUST, False),
        (Severity.NORMAL, Team.TRUST, False),
        (Severity.HIGH, Team.TRUST, True),
        (Severity.CRITICAL, Team.TRUST, True),
        (Severity.NORMAL, Team.FRAUD, True),
    ],
)
def test_only_low_demands_to_trust_fold_into_the_campaigns(severity: Severity, team: Team, waits: bool) -> None:
    world = World()
    three(world, SITE)
    own = world.a_message(words(9), entities=[SITE], escalations=("own",), severity=severity, team=team)
    outcome = world.correlate(own)
    stored = world.table.items[escalation_key(own.case_id, "own")]
    assert ("due" in stored, outcome.folded) == (waits, int(not waits))
    assert stored.get("folded_into") == (None if waits else world.campaign.campaign_id)


def test_a_demand_that_somebody_answered_is_left_as_it_is() -> None:
    world = World()
    three(world, SITE)
    own = world.a_message(words(9), entities=[SITE], escalations=("own",))
    stored = world.table.items[escalation_key(own.case_id, "own")]
    del stored["due"]
    stored |= {"acknowledged_by": "aiko", "acknowledged_at": "2026-05-03T12:00:00.000Z"}
    assert world.correlate(own).folded == 0
    assert world.table.items[escalation_key(own.case_id, "own")]["acknowledged_by"] == "aiko"


def test_a_member_who_is_taken_out_counts_no_more_whatever_they_write() -> None:
    world = World()
    world.correlate(*(world.a_message(words(place), entities=[SITE]) for place in range(4)))
    mistaken = world.a_message(words(5), entities=[SITE], customer="mistaken", case="5" * 16, loss="completed")
    world.correlate(mistaken)
    out = {"campaign": world.campaign.campaign_id, "case": mistaken.case_id}
    assert world.told("remove_member", **out)["messages"] == 1
    assert world.told("remove_member", id="again", **out)["code"] == "already_removed"
    world.correlate(mistaken, world.a_message(words(6), entities=[SITE], customer="mistaken"))
    assert (world.campaign.customers, world.campaign.messages, world.campaign.lost) == (4, 4, 0)
    assert world.shown("domain") == {"kujira-verify.example": 4}


def test_an_indicator_that_is_taken_out_is_learned_to_say_nothing() -> None:
    world = World()
    three(world, SITE)
    (indicator,) = world.campaign.indicators
    assert world.told("exclude_indicator", campaign=world.campaign.campaign_id, indicator=indicator)["outcome"] == "done"
    three(world, SITE, start=50)
    assert (world.campaign.customers, world.campaign.indicators) == (3, {})


def test_a_closed_campaign_counts_on_in_silence_until_money_is_lost() -> None:
    world = World()
    three(world, SITE)
    assert world.told("close_campaign", campaign=world.campaign.campaign_id)["outcome"] == "done"
    for place in range(20):
        world.correlate(world.a_message(words(50 + place), entities=[SITE]))
    assert (world.campaign.status, world.campaign.customers, len(world.raised)) == (CLOSED, 23, 1)
    world.correlate(world.a_message(words(90), entities=[SITE], loss="in_progress"))
    assert world.raised[-1]["cause"] == "campaign_loss"


def test_people_may_join_campaigns_and_members_are_taken_over_once() -> None:
    world = World()
    three(world, SITE)
    three(world, OTHER_SITE, start=10)
    world.correlate(world.a_message(words(20), entities=[OTHER_SITE], customer="customer-1"))
    one, other = (campaign.campaign_id for campaign in world.campaigns)
    assert world.told("join_campaign", campaign=other, into=one)["outcome"] == "done"
    for _ in range(3):
        world.correlator.absorb(other)
    assert (world.campaign.customers, world.campaign.messages) == (6, 7)


def test_a_joined_campaigns_indicator_counts_for_the_one_it_goes_on_in() -> None:
    world = World()
    three(world, SITE)
    three(world, OTHER_SITE, start=10)
    one, other = (campaign.campaign_id for campaign in world.campaigns)
    world.told("join_campaign", campaign=other, into=one)
    late = world.a_message(words(30), entities=[OTHER_SITE])
    world.correlate(late)
    world.correlator.absorb(other)
    world.correlate(late)
    assert (world.campaign.customers, world.shown("domain")["kujira-help.example"]) == (7, 4)


def test_nothing_of_the_customers_text_is_kept_with_a_campaign() -> None:
    world = World()
    world.correlate(*(world.a_message(f"{FAKE_SITE} {place}", entities=[SITE]) for place in range(5)))
    kept = [item for item in world.table.items.values() if item["kind"] not in {"message", "case"}]
    assert kept
    assert not any("wallet was going" in str(item) for item in kept)


def test_a_sender_domain_counts_where_nobody_vouches_for_it() -> None:
    world = World()
    for unverified in (False, True):
        for place in range(3):
            said = {"channel": "email", "sender": "Desk <a@kujira-mail.example>", "unverified": unverified}
            world.correlate(world.a_message(words(world.count + place), **said))
    assert world.shown("sender_domain") == {"kujira-mail.example": 3}


def test_the_same_file_from_two_customers_is_a_campaign() -> None:
    world = World()
    for place in range(2):
        file = {"name": "invoice.exe", "size": 40_000, "digest": "ab" * 32}
        world.correlate(world.a_message(words(place), attachments=[file]))
    assert list(world.shown("attachment").values()) == [2]


def test_a_policy_may_ask_for_more_customers() -> None:
    rules = POLICY.campaigns
    strict = replace(rules, kinds={**rules.kinds, "text": replace(rules.kinds["text"], customers=5)})
    world = World()
    correlator = Correlator(world.table, replace(POLICY, campaigns=strict))
    for customers in range(1, 6):
        assert world.campaigns == [], customers
        correlator.correlate([world.a_message(FAKE_SITE)])
    assert world.campaign.customers == 5
