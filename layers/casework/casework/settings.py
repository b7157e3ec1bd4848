"""What a function is told by its environment. Missing or empty means: stop before the first event, and say which."""

from __future__ import annotations

import os
from collections.abc import Mapping

from casework.errors import InvalidSettings


def setting(name: str, environment: Mapping[str, str] | None = None) -> str:
    """The value of a variable. Raises ``InvalidSettings`` that names it; never shows any other."""
    value = (os.environ if environment is None else environment).get(name, "").strip()
    if not value:
        raise InvalidSettings(f"environment variable {name} is missing or empty: see the function's Environment in template.yaml")
    return value
