"""The kind ``entities/bips``: what a specification lists is read, and a miss is seen."""

from __future__ import annotations

from pathlib import Path

from local.evaluation import entities

SPECIFICATION = """
==Test vectors for Bech32m==
The following list gives valid segwit addresses and the script that they
translate to.
* <tt>BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4</tt>: <tt>0014</tt>
* <tt>bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5</tt>: <tt>made wrong here</tt>

The following list gives invalid segwit addresses and the reason.
* <tt>tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty</tt>: another prefix
==Other==
* <tt>nothing</tt>
"""


def test_a_specifications_lists_are_measured(tmp_path: Path) -> None:
    (tmp_path / "one.mediawiki").write_text(SPECIFICATION, encoding="utf-8")
    rows = {row.measure: (row.got, row.of) for row in entities.rows("entities/bips", tmp_path)}
    assert rows["valid addresses named"] == (1, 2)
    assert rows["valid addresses named, wrapped"] == (1, 2)
    assert rows["invalid addresses named"] == (0, 1)


def test_what_an_overtaken_specification_says_of_later_versions_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "old.mediawiki").write_text(
        "valid segwit addresses\n* <tt>BC1SW50QA3JX3S</tt>\n".replace("valid", "gives valid"), encoding="utf-8"
    )
    (row,) = entities.rows("entities/bips", tmp_path)
    assert row.measure == "absent"
