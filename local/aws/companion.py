"""A process that keeps this one company, and ends with it, however it ends.

The parent holds the write end of the child's standard input; when the parent is gone, even by ``kill -9``, the child reads the
end of it and leaves. No signal, no process group, no operating system in particular.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.aws.template import PROJECT

GRACE = 10
"""Seconds a child has to leave."""


class CompanionFailed(Exception):
    """A child ended before it was ready. What it said is on standard error."""


@contextmanager
def companion(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run a module in a process of its own; give what it announced when it was ready. Raises ``CompanionFailed``."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        start_new_session=True,  # an interrupt from the keyboard is for the parent, which then ends its child
    )
    with process:
        try:
            yield _announced(process, module)
        finally:
            _end(process)


def announce(**facts: Any) -> None:
    """Tell the parent that this process is ready, and what it needs to know."""
    print(json.dumps(facts), flush=True)


def wait_for_parent() -> None:
    """Return when the parent wants this process to leave, or is gone."""
    sys.stdin.buffer.read()


def _announced(process: subprocess.Popen[bytes], module: str) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise CompanionFailed(f"{module} ended with code {process.wait()} before it was ready")
    facts: dict[str, Any] = json.loads(line)
    return facts


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
