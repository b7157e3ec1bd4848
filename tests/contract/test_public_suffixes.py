"""The Public Suffix List as the layer has it, and as a checkout reads it: the same rules, and those of the library."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

from casework.entities import domains
from layers.dependencies import assemble


@pytest.fixture(scope="module")
def trimmed() -> str:
    spec = find_spec("publicsuffixlist")
    assert spec is not None
    assert spec.origin is not None
    return assemble.ready_to_read((Path(spec.origin).parent / "public_suffix_list.dat").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library() -> PublicSuffixList:
    return PublicSuffixList()


def test_the_layers_list_has_the_rules_of_the_library_and_its_licence(trimmed: str) -> None:
    rules = {line for line in trimmed.splitlines() if not line.startswith("//")}
    assert trimmed.isascii()
    assert rules == domains._rules()
    assert len(rules) > 9000
    assert "mozilla.org/MPL" in trimmed


def test_every_rule_of_the_list_is_applied_as_the_library_applies_it(library: PublicSuffixList) -> None:
    for rule in domains._rules():
        suffix = rule.lstrip("!").replace("*", "any")
        for host in (suffix, f"a.{suffix}", f"b.a.{suffix}"):
            assert domains.registrable_domain(host) == (library.privatesuffix(host) or ""), host


def test_the_list_of_the_layer_is_read_without_parsing(trimmed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "publicsuffixlist").mkdir()
    (tmp_path / "publicsuffixlist" / "__init__.py").touch()
    (tmp_path / "publicsuffixlist" / "public_suffix_list.dat").write_text(trimmed, encoding="ascii")
    spec = find_spec("publicsuffixlist")
    assert spec is not None
    spec.origin = str(tmp_path / "publicsuffixlist" / "__init__.py")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)
    assert domains._rules.__wrapped__() >= domains._rules()
