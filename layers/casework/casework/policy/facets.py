"""The facets every case has beside its category, and the values each may have."""

from __future__ import annotations

YES_NO = ("no", "yes")

FACETS: dict[str, tuple[str, ...]] = {
    "loss": ("none", "attempted", "completed", "in_progress"),
    "party": ("unknown", "authorized", "unauthorized"),
    "funds": ("unknown", "on_platform", "pending_withdrawal", "left"),
    "role": ("other", "victim", "reporter", "suspect", "advert"),
    "vulnerable": YES_NO,
    "complaint": YES_NO,
    "law_enforcement": YES_NO,
    "minor": YES_NO,
    "threat_or_self_harm": YES_NO,
}
"""Facet -> its values, the one that says nothing first. Two more are not found by phrases: ``language`` (``en``, ``ja`` or
``other``: read with low confidence) and ``secrets`` (``none``, or the kinds that were taken out, joined by commas)."""
