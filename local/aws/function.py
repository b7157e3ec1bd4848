"""One deployed function, run as Lambda runs it: imported once under its own environment, then invoked again and again.

All functions share this process, yet each lives as if alone. While one is running, and only then, the process has

* its environment variables and nobody else's;
* its own copies of the project's modules and of Powertools (whose loggers and metrics are global state), so that what one
  function builds at import is not found by the next;
* its code and its layers on the import path: what is not in its artefact, or in a layer it names, cannot be imported;
* its standard output, which Lambda takes for the log: lines of JSON are kept as dictionaries.

Not like Lambda: time limits are told but not enforced, memory is not limited, and third-party packages are those of the
development environment, whatever the function's layers hold.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import botocore

Json = dict[str, Any]
OnLine = Callable[[str, Json], None]
"""Told of each structured line a function logs, at once: the function's logical id and the line."""

SHARED_STATE = ("aws_lambda_powertools",)
"""Packages that keep global state which belongs to one function."""

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "COVERAGE_PROCESS_START")


class ColdStartFailed(Exception):
    """A function could not be imported: on Lambda every invocation would fail. The cause is the error itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A function as deployed."""

    name: str
    """Its logical id in the template."""
    arn: str
    handler: str
    variables: Mapping[str, str]
    timeout: int
    """Seconds."""
    memory: int
    """Megabytes."""
    log_group: str
    folder: Path
    """Where its code lies."""
    package: str = ""
    """The package its code is installed as (``ParentPackageMode``); empty: its folder is an import root."""
    layers: tuple[Path, ...] = ()
    """Import roots its layers give it."""
    hidden: tuple[Path, ...] = ()
    """Import roots of this process that it does not have."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What Lambda reports when a handler raised."""

    type: str
    message: str
    trace: str


@dataclass(slots=True)
class Invocation:
    """One invocation and what came of it."""

    function: str
    trigger: str
    event: Any
    request_id: str
    response: Any = None
    failure: Failure | None = None
    logs: list[Json] = field(default_factory=list)
    metrics: list[Json] = field(default_factory=list)
    """Lines in CloudWatch's embedded metric format."""
    output: list[str] = field(default_factory=list)
    """Lines that were neither."""


class Context:
    """The second argument of a handler."""

    function_version = "$LATEST"
    identity = None
    client_context = None

    def __init__(self, definition: Definition, request_id: str) -> None:
        self.function_name = physical_name(definition.arn)
        self.invoked_function_arn = definition.arn
        self.memory_limit_in_mb = definition.memory
        self.aws_request_id = request_id
        self.log_group_name = definition.log_group
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + definition.timeout

    def get_remaining_time_in_millis(self) -> int:
        """Give what is left of the function's timeout, never less than nothing."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def physical_name(arn: str) -> str:
    """Give a function's name from its ARN."""
    return arn.split(":")[6]


class Function:
    """A deployed function, cold until first invoked."""

    def __init__(self, definition: Definition, endpoints: Mapping[str, str], on_line: OnLine) -> None:
        self.definition = definition
        self._environment = _environment(definition, endpoints)
        self._on_line = on_line
        self._own = _Own(definition)
        self._handler: Callable[[Any, Any], Any] | None = None
        self._count = 0

    @property
    def is_cold(self) -> bool:
        """Whether it has not been imported yet."""
        return self._handler is None

    def module(self, name: str) -> types.ModuleType:
        """Give this function's own copy of a module, for a test to look at or to patch. Imports the function if cold."""
        self.warm_up()
        return self._own.modules[name]

    def warm_up(self) -> None:
        """Import the function, unless it is. Raises ``ColdStartFailed``."""
        if self._handler is None:
            with self._running(_Console(self._line_at_cold_start)):
                self._handler = self._import()

    def invoke(self, event: Any, trigger: str) -> Invocation:
        """Run the handler once. What it raises is in the result, as a failure; only a failing import raises."""
        self.warm_up()
        self._count += 1
        invocation = Invocation(self.definition.name, trigger, event, f"{self._count:08x}-0000-4000-8000-000000000000")
        with self._running(_Console(lambda line: self._line(invocation, line))):
            self._run(invocation)
        return invocation

    def _run(self, invocation: Invocation) -> None:
        context = Context(self.definition, invocation.request_id)
        try:
            invocation.response = _through_json(self._handler(_through_json(invocation.event), context))  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - Lambda's boundary: whatever a handler raises is a function error
            invocation.failure = Failure(type(error).__name__, str(error), traceback.format_exc())

    def _import(self) -> Callable[[Any, Any], Any]:
        module, _, name = self.definition.handler.rpartition(".")
        try:
            handler: Callable[[Any, Any], Any] = getattr(importlib.import_module(module), name)
        except Exception as error:
            raise ColdStartFailed(f"{self.definition.name}: {type(error).__name__}: {error}") from error
        return handler

    @contextmanager
    def _running(self, console: _Console) -> Iterator[None]:
        with self._own.present(), patch.dict(os.environ, self._environment, clear=True), contextlib.redirect_stdout(console):
            yield

    def _line_at_cold_start(self, line: str) -> None:
        self._line(Invocation(self.definition.name, "cold start", None, ""), line)

    def _line(self, invocation: Invocation, line: str) -> None:
        found = _parsed(line)
        if found is None:
            invocation.output.append(line)
        elif "_aws" in found:
            invocation.metrics.append(found)
        else:
            invocation.logs.append(found)
            self._on_line(self.definition.name, found)


def _environment(definition: Definition, endpoints: Mapping[str, str]) -> dict[str, str]:
    """Give the variables Lambda sets, the function's own, and where this machine's stand-ins for AWS are."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    credentials = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    name = physical_name(definition.arn)
    return {
        **inherited,
        **credentials,
        **endpoints,
        "TZ": ":UTC",
        "_HANDLER": definition.handler,
        "LAMBDA_TASK_ROOT": str(definition.folder),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(definition.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": definition.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        **definition.variables,
    }


def _through_json(value: Any) -> Any:
    """Pass a value as Lambda does, by JSON: what JSON cannot say is an error here as there."""
    return json.loads(json.dumps(value))


def _parsed(line: str) -> Json | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class _Console(io.TextIOBase):
    """Standard output that hands on each complete line. A logger may keep it: it writes to whichever is current.

    What other threads print meanwhile is not the function's, and goes where it would have gone.
    """

    def __init__(self, on_line: Callable[[str], None]) -> None:
        super().__init__()
        self._on_line = on_line
        self._begun = ""
        self._thread = threading.get_ident()
        self._outside = sys.stdout

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        current = sys.stdout if isinstance(sys.stdout, _Console) else self
        if threading.get_ident() != current._thread:
            return current._outside.write(text)
        *lines, current._begun = (current._begun + text).split("\n")
        for line in lines:
            if line.strip():
                current._on_line(line)
        return len(text)


# --- what one function has for itself ---------------------------------------------------------------------------------------


class _Own:
    """A function's modules, import path, loggers and boto3 session; in this process only while it runs."""

    def __init__(self, definition: Definition) -> None:
        self._names = _top_level_names(definition)
        self._path = _import_path(definition)
        self.modules: dict[str, types.ModuleType] = _packages(definition)
        self._loggers: dict[str, Any] = {}
        self._initializers: list[Any] = list(botocore._INITIALIZERS)  # type: ignore[attr-defined]
        self._session: Any = None

    @contextmanager
    def present(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self._modules_present())
            stack.enter_context(patch.object(sys, "path", self._path))
            stack.enter_context(patch.object(logging.Logger.manager, "loggerDict", self._loggers))
            stack.enter_context(patch.object(botocore, "_INITIALIZERS", self._initializers))
            stack.enter_context(self._session_present())
            yield

    @contextmanager
    def _modules_present(self) -> Iterator[None]:
        others = self._taken_out()
        sys.modules.update(self.modules)
        importlib.invalidate_caches()
        try:
            yield
        finally:
            self.modules = self._taken_out()
            sys.modules.update(others)

    def _taken_out(self) -> dict[str, types.ModuleType]:
        names = [name for name in sys.modules if name.split(".")[0] in self._names]
        return {name: sys.modules.pop(name) for name in names}

    @contextmanager
    def _session_present(self) -> Iterator[None]:
        with patch.object(boto3, "DEFAULT_SESSION", self._session):
            try:
                yield
            finally:
                self._session = boto3.DEFAULT_SESSION


def _top_level_names(definition: Definition) -> frozenset[str]:
    roots = definition.layers if definition.package else (*definition.layers, definition.folder)
    found = {entry.stem for root in roots if root.is_dir() for entry in root.iterdir() if entry.stem.isidentifier()}
    return frozenset({definition.handler.split(".")[0], *SHARED_STATE, *found})


def _import_path(definition: Definition) -> list[str]:
    roots = definition.layers if definition.package else (definition.folder, *definition.layers)
    hidden = {"", *(str(path) for path in definition.hidden)}
    kept = [entry for entry in sys.path if entry not in hidden and str(Path(entry).resolve()) not in hidden]
    return [*(str(root) for root in roots), *kept]


def _packages(definition: Definition) -> dict[str, types.ModuleType]:
    """Make the packages a function's folder is installed as: they hold that folder and nothing beside it."""
    parts = definition.package.split(".") if definition.package else []
    made = {}
    for depth in range(1, len(parts) + 1):
        name = ".".join(parts[:depth])
        module = made[name] = types.ModuleType(name)
        module.__path__ = [str(definition.folder)] if depth == len(parts) else []
    return made
