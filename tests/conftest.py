"""For all tests: property tests may be slow on a slow machine, and look at the same examples in every run of CI."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("casework", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("casework")
