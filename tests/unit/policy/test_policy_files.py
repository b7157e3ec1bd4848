"""The shipped policy says what the business decided, and a mistake in any file names its place."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from casework import policy
from casework.case import ESCALATION_TEAMS, Severity, Team
from casework.errors import InvalidPolicy
from casework.policy import SHIPPED, Policy, load
from casework.policy.ladder import ladders
from casework.policy.recognition import duplicate_rules
from casework.policy.rules import phrase_book
from casework.policy.tables import severity_table
from casework.policy.taxonomy import taxonomy
from casework.policy.thresholds import thresholds

OWNERS = {
    "unauthorized_withdrawal": ("fraud", "critical"),
    "account_takeover": ("fraud", "high"),
    "sim_swap": ("fraud", "high"),
    "unrequested_recovery": ("fraud", "high"),
    "investment_scam": ("fraud", "high"),
    "romance_scam": ("fraud", "high"),
    "impersonation_of_us": ("trust", "high"),
    "impersonation_of_others": ("fraud", "high"),
    "recovery_scam": ("trust", "normal"),
    "giveaway_job_or_project_scam": ("trust", "normal"),
    "phishing_report": ("trust", "low"),
    "extortion": ("fraud", "high"),
    "identity_misuse": ("identity", "high"),
    "money_mule": ("fraud", "normal"),
    "secret_exposed": ("trust", "high"),
    "law_enforcement_request": ("trust", "high"),
    "threat_or_self_harm": ("trust", "critical"),
    "spam": ("none", "none"),
}
OPERATIONS = (
    "account_access", "identity_verification", "deposit", "withdrawal", "misdirected_transfer", "trading", "fees_and_tax", "api",
    "product", "outage", "account_closure", "privacy_request", "other",
)  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load()


def document(name: str) -> dict[str, object]:
    return tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_category_has_its_owner_and_severity(shipped: Policy) -> None:
    decided = {name: (each.team.value, each.severity.value) for name, each in shipped.categories.items()}
    assert {name: decided[name] for name in OWNERS} == OWNERS
    assert {decided[name][0] for name in OPERATIONS} == {"operations"}
    assert set(decided) == {*OWNERS, *OPERATIONS}


def test_every_category_that_interrupts_somebody_belongs_to_a_team_that_may_be(shipped: Policy) -> None:
    assert all(each.team in ESCALATION_TEAMS for each in shipped.categories.values() if each.escalates)


def test_every_category_is_spoken_of_in_english_and_in_japanese() -> None:
    rules = document("phrases")["rule"]
    assert isinstance(rules, list)
    for language in ("en", "ja"):
        spoken = {rule["category"] for rule in rules if rule.get("category") and rule.get(language)}
        assert spoken == {*OWNERS, *OPERATIONS}


@pytest.mark.parametrize(
    ("category", "facets", "severity"),
    [
        ("account_takeover", {"loss": "attempted"}, Severity.HIGH),
        ("account_takeover", {"loss": "in_progress"}, Severity.CRITICAL),
        ("romance_scam", {"loss": "in_progress"}, Severity.CRITICAL),
        ("unauthorized_withdrawal", {"loss": "completed"}, Severity.CRITICAL),
        ("unauthorized_withdrawal", {"loss": "attempted"}, Severity.HIGH),
        ("phishing_report", {"loss": "attempted"}, Severity.LOW),
        ("phishing_report", {"loss": "completed"}, Severity.HIGH),
        ("product", {"complaint": "yes"}, Severity.NORMAL),
        ("recovery_scam", {"role": "advert"}, Severity.NONE),
    ],
)
def test_severity_follows_the_table(shipped: Policy, category: str, facets: dict[str, str], severity: Severity) -> None:
    assert shipped.severity(category, facets) is severity


def test_somebody_locked_out_of_their_money_is_identitys_and_interrupts(shipped: Policy) -> None:
    facets = {"funds": "on_platform", "loss": "none"}
    assert shipped.team("account_access", {}) is Team.OPERATIONS
    assert shipped.team("account_access", facets) is Team.IDENTITY
    assert shipped.escalates("account_access", facets, Severity.NORMAL, Team.IDENTITY)
    assert not shipped.escalates("account_access", {}, Severity.NORMAL, Team.OPERATIONS)


def test_an_advert_interrupts_nobody(shipped: Policy) -> None:
    assert not shipped.escalates("recovery_scam", {"role": "advert"}, Severity.NONE, Team.TRUST)
    assert shipped.escalates("recovery_scam", {"role": "victim"}, Severity.NORMAL, Team.TRUST)


def test_a_reported_phishing_mail_interrupts_only_when_money_was_lost(shipped: Policy) -> None:
    assert not shipped.escalates("phishing_report", {"loss": "attempted"}, Severity.LOW, Team.TRUST)
    assert shipped.escalates("phishing_report", {"loss": "completed"}, Severity.HIGH, Team.TRUST)


def test_a_critical_escalation_climbs_in_minutes_and_then_repeats_until_its_last_rung(shipped: Policy) -> None:
    assert [shipped.minutes(Severity.CRITICAL, rung) for rung in range(4)] == [5, 5, 10, 10]
    assert [shipped.minutes(Severity.HIGH, rung) for rung in range(3)] == [30, 30, 60]
    assert shipped.minutes(Severity.NORMAL, 0) == 240
    assert shipped.last_rung(Severity.CRITICAL) == 24


def test_every_rung_has_an_audience_in_both_languages(shipped: Policy) -> None:
    assert shipped.audience(Severity.CRITICAL, 0) == "on-duty analyst"
    assert shipped.audience(Severity.CRITICAL, 0, "ja") == "当番担当者"
    assert shipped.audience(Severity.CRITICAL, 20) == shipped.audience(Severity.CRITICAL, 2)


def test_a_team_may_have_a_ladder_of_its_own() -> None:
    own = {"minutes": [2], "audience": ["lead"], "repeat_minutes": 3, "max_rung": 4}
    known = ladders({**document("ladder"), "team": {"fraud": {"critical": own}}})
    assert known.of(Severity.CRITICAL, "fraud").wait(0) == 2
    assert known.of(Severity.CRITICAL, "trust").wait(0) == 5
    assert known.of(Severity.HIGH, "fraud").wait(0) == 30


def test_a_category_of_an_older_policy_is_a_family_of_its_own(shipped: Policy) -> None:
    assert shipped.family("account_takeover") == shipped.family("unauthorized_withdrawal")
    assert shipped.family("retired_category") == "retired_category"
    assert not shipped.incident("retired_category")


# --- versions and the compiled form -------------------------------------------------------------------------------------

SMALL = {
    "taxonomy": """
        version = "2026-01-01"
        [category.other]
        en = "Other"
        ja = "その他"
        family = "other"
        team = "operations"
        severity = "low"
        escalates = false
    """,
    "vocabulary": """
        version = "2026-01-02"
        fillers = ["the"]
        negators = { en = ["not"], ja = ["ない"] }
        tracks = { en = { space = 0, gap = 3, window = 20 }, ja = { space = 3, gap = 12, window = 60 } }
        concepts = { en = { hello = ["hi"] }, ja = { hello = ["どうも"] } }
        spelling = { helo = "hello" }
        [[guard]]
        id = "denied"
        language = "en"
        factor = 0.0
        before = 3
        patterns = ["not"]
    """,
    "phrases": """
        version = "2026-01-01"
        [[rule]]
        id = "greeting"
        category = "other"
        weight = 2.0
        en = ["{hello}"]
        ja = ["{hello}"]
    """,
    "severity": """
        version = "2026-01-01"
        [[severity]]
        when = { loss = "in_progress" }
        then = "critical"
        [[team]]
        when = { minor = "yes" }
        then = "trust"
        [[escalate]]
        when = { role = "advert" }
        then = false
    """,
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name in policy.FILES:
        shutil.copy(SHIPPED / f"{name}.toml", tmp_path)
    for name, content in SMALL.items():
        (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
    return tmp_path


def test_the_version_names_the_newest_file_and_changes_with_any_content(directory: Path) -> None:
    first = load(directory).version
    files = [tomllib.loads((directory / f"{name}.toml").read_text(encoding="utf-8")) for name in policy.FILES]
    assert first.partition("+")[0] == max(file["version"] for file in files)
    assert len(first.partition("+")[2]) == 12
    with (directory / "phrases.toml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert load(directory).version != first


def test_what_a_build_compiled_is_the_same_policy(directory: Path) -> None:
    parsed = load(directory)
    compiled = json.loads(policy.compile_into(directory).read_text(encoding="utf-8"))
    rebuilt = policy.build(json.loads(json.dumps(policy.parse(policy._read(directory)))), "0" * 64, parsed.model)
    assert rebuilt.categories == parsed.categories
    assert [rule.id for rule in rebuilt.phrases.rules] == [rule.id for rule in parsed.phrases.rules]
    assert compiled["digest"]


def test_a_compiled_policy_is_used_for_the_files_it_was_made_from_and_for_no_others(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy.compile_into(directory, directory)
    monkeypatch.setattr(policy, "_LOADED", {})
    monkeypatch.setattr(policy, "parse", lambda _: pytest.fail("the files were parsed"))
    assert load(directory).category("other").ja == "その他"
    with (directory / "taxonomy.toml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    with pytest.raises(pytest.fail.Exception, match="parsed"):
        load(directory)


def test_a_broken_compiled_policy_is_no_policy(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / policy.COMPILED).write_text("{", encoding="utf-8")
    monkeypatch.setattr(policy, "_LOADED", {})
    assert load(directory).category("other").en == "Other"


# --- mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("taxonomy", 'ja = "その他"', "", r"category\.other\.ja: expected a value, but the key is missing"),
        ("taxonomy", 'en = "Other"', 'en = ""', r"category\.other\.en: expected some text"),
        ("taxonomy", 'team = "operations"', 'team = "ops"', r"category\.other\.team: expected one of .*operations"),
        ("taxonomy", 'severity = "low"', 'severity = "lo"', r"category\.other\.severity"),
        ("taxonomy", "escalates = false", 'escalates = "no"', r"category\.other\.escalates: expected true or false"),
        ("taxonomy", "escalates = false", "escalates = false\ncolour = 1", r"category\.other\.colour: expected one of the keys"),
        ("taxonomy", "[category.other]", "[category.else]", r"category\.other: expected a category"),
        ("taxonomy", 'version = "2026-01-01"', "", r"version"),
        ("taxonomy", "[category.other]", "[category.other", r"\(file\): expected TOML"),
        ("phrases", 'category = "other"', 'category = "unknown"', r"rule\[1\] greeting\.category"),
        ("phrases", 'category = "other"', 'facets = { loss = "lots" }', r"rule\[1\] greeting\.facets\.loss"),
        ("phrases", 'category = "other"', "", r"rule\[1\] greeting\.category: expected a category or facets"),
        ("phrases", "weight = 2.0", "weight = true", r"rule\[1\] greeting\.weight: expected a number"),
        ("phrases", 'en = ["{hello}"]', 'en = ["{goodbye}"]', r"greeting\.en .*expected a concept of the vocabulary"),
        ("phrases", 'ja = ["{hello}"]', 'ja = ["(どうも"]', r"greeting\.ja"),
        ("phrases", 'en = ["{hello}"]\n        ja = ["{hello}"]', "", r"expected at least one pattern"),
        ("phrases", 'id = "greeting"', 'id = "greeting"\nwithin = ["nowhere"]', r"greeting\.within"),
        ("vocabulary", 'patterns = ["not"]', 'patterns = ["the"]', r"guard\[1\] denied\.patterns"),
        ("vocabulary", "before = 3", "before = 300", r"guard\[1\] denied\.before: expected a whole number"),
        ("vocabulary", "gap = 3", "gap = -1", r"tracks\.en\.gap"),
        ("severity", 'then = "critical"', 'then = "awful"', r"severity\[1\]\.then"),
        ("severity", 'when = { loss = "in_progress" }', 'when = { loss = "soon" }', r"severity\[1\]\.when\.loss"),
        ("severity", 'when = { role = "advert" }', 'when = { colour = "red" }', r"escalate\[1\]\.when\.colour"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_key(directory: Path, file: str, old: str, new: str, place: str) -> None:
    path = directory / f"{file}.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidPolicy, match=rf"{file}\.toml: .*{place}"):
        load(directory)


def test_two_rules_may_not_share_an_id() -> None:
    rule = {"id": "twice", "category": "other", "weight": 1.0, "en": ["hello"]}
    vocabulary, categories = tomllib.loads(SMALL["vocabulary"]), taxonomy(tomllib.loads(SMALL["taxonomy"]))
    with pytest.raises(InvalidPolicy, match="twice"):
        phrase_book(vocabulary, {"version": "1", "rule": [rule, rule]}, categories)


def test_a_missing_file_is_named(directory: Path) -> None:
    (directory / "ladder.toml").unlink()
    with pytest.raises(InvalidPolicy, match=r"ladder\.toml"):
        load(directory)


def changed(name: str, *path: str, value: object) -> dict[str, object]:
    content = document(name)
    place: dict[str, object] = content
    for key in path[:-1]:
        inner = place[key]
        assert isinstance(inner, dict)
        place = inner
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("severity", "critical", "minutes"), [5, 5]),
        (("severity", "critical", "minutes"), [5, 5, 0]),
        (("severity", "critical", "audience"), ["nobody"]),
        (("severity", "critical", "max_rung"), 1),
        (("severity", "high"), {}),
        (("severity", "dreadful"), {}),
        (("audience", "lead"), {"en": "team lead"}),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused(path: tuple[str, ...], value: object) -> None:
    with pytest.raises(InvalidPolicy, match=r"ladder\.toml"):
        ladders(changed("ladder", *path, value=value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("window_days",), 0),
        (("threshold",), "0.7"),
        (("weights", "same_event"), -0.1),
        (("weights", "conflicting_entity"), 0.5),
        (("weights", "colour"), 0.5),
    ],
)
def test_duplicate_weights_may_not_change_sides(path: tuple[str, ...], value: object) -> None:
    with pytest.raises(InvalidPolicy, match=r"duplicates\.toml"):
        duplicate_rules(changed("duplicates", *path, value=value))


@pytest.mark.parametrize(
    ("path", "value"),
    [(("mass",), 0), (("hint",), 9), (("facets", "loss"), None), (("funds", "completed"), "spent"), (("secrets", "other"), "no")],
)
def test_thresholds_out_of_range_are_refused(path: tuple[str, ...], value: object) -> None:
    with pytest.raises(InvalidPolicy, match=r"triage\.toml"):
        thresholds(changed("triage", *path, value=value))


def test_a_row_may_not_name_a_category_that_does_not_exist() -> None:
    row = {"when": {"category": "nonsense"}, "then": "low"}
    with pytest.raises(InvalidPolicy, match=r"severity\[1\]\.when\.category"):
        severity_table({**document("severity"), "severity": [row]}, ["other"], ["other"])
