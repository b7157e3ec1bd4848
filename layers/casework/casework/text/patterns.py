"""Regular expressions that are compiled when a text first needs them: there are many, and a cold start should pay for none."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(source: str) -> re.Pattern[str]:
    """The pattern of a source, kept for good: the cache of ``re`` is bounded and everybody's."""
    return re.compile(source)
