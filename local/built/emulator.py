"""Runs a built function under AWS's own runtime emulator, without Docker.

    make build && CASE_TABLE=... IDENTITY_SECRET=... python -m local.built.emulator email event.json

The emulator comes with aws-sam-cli, the runtime client with awslambdaric. The function sees what it would see when deployed:
its own folder, its layers and the standard library, nothing of this environment. What only a deployment knows comes from the
environment; ``AWS_ENDPOINT_URL`` sends its calls somewhere else than to AWS. The answer goes to standard output, the log and
the emulator's report to standard error; the first event's duration has the start in it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from local.built import BUILD, BuiltFunction, NotBuilt, built_function, interpreter

MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
RUNTIME_CLIENT = ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson")
"""What /var/runtime has to offer: the loop that fetches events and calls the handler, and what it imports itself."""
INVOCATIONS = "/2015-03-31/functions/function/invocations"
START_SECONDS = 10.0


class CannotEmulate(Exception):
    """Something that the emulator needs is missing; the text says what."""


class Emulator:
    """A function that has been started; its first invocation is the cold one."""

    def __init__(self, port: int, timeout: float) -> None:
        self._address = f"http://127.0.0.1:{port}{INVOCATIONS}"
        self._timeout = timeout

    def invoke(self, event: object) -> Any:
        """What the handler answers; for one that raises, an object with ``errorType`` and ``errorMessage``."""
        request = urllib.request.Request(self._address, data=json.dumps(event).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=self._timeout) as response:
            return json.loads(response.read())


@contextmanager
def emulated(
    function: BuiltFunction, environment: Mapping[str, str] | None = None, log: IO[Any] | int | None = None
) -> Iterator[Emulator]:
    """Starts the emulator for one function, and ends it. ``log`` takes what both write (default: standard error).

    ``environment`` (default: this process's) must have what only a deployment knows. Raises ``CannotEmulate``.
    """
    variables = _variables(function, os.environ if environment is None else environment)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as runtime, socket.socket() as door:
        variables["PYTHONPATH"] = os.pathsep.join((function.import_path, str(_runtime_client(Path(folder)))))
        ports = _free(runtime), _free(door)
        process = subprocess.Popen(
            _command(function, *ports), cwd=function.code, env=variables, stdout=log or sys.stderr, stderr=log or sys.stderr
        )
        try:
            _wait(process, ports[1])
            yield Emulator(ports[1], timeout=function.timeout + START_SECONDS)
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _variables(function: BuiltFunction, environment: Mapping[str, str]) -> dict[str, str]:
    missing = [name for name in function.unknown if name not in environment]
    if missing:
        raise CannotEmulate(f"set {', '.join(missing)}: only a deployment knows them")
    named = {
        **function.variables,
        **{name: environment[name] for name in (*function.variables, *function.unknown) if name in environment},
    }
    aws = {name: value for name, value in environment.items() if name.startswith("AWS_") or name == "PATH"}
    lambdas = {
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "LAMBDA_TASK_ROOT": str(function.code),
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task and /opt cannot be written to either
    }
    return {**aws, **lambdas, **named}


def _runtime_client(folder: Path) -> Path:
    """A folder with the runtime client alone, so that nothing else of this environment can be imported by accident."""
    for name in RUNTIME_CLIENT:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise CannotEmulate(f"{name} is not installed: it comes with awslambdaric")
        origin = Path(spec.origin)
        source = origin.parent if spec.submodule_search_locations else origin
        (folder / source.name).symlink_to(source)
    return folder


def _free(bound: socket.socket) -> int:
    """A port that was free a moment ago; the socket is closed again, for the emulator to take it."""
    bound.bind(("127.0.0.1", 0))
    port: int = bound.getsockname()[1]
    bound.close()
    return port


def _command(function: BuiltFunction, runtime_port: int, door_port: int) -> list[str]:
    addresses = [
        f"--runtime-api-address=127.0.0.1:{runtime_port}",
        f"--runtime-interface-emulator-address=127.0.0.1:{door_port}",
    ]
    return [str(_binary()), "--log-level=error", *addresses, *interpreter(function), "-m", "awslambdaric", function.handler]


def _binary() -> Path:
    spec = importlib.util.find_spec("samcli")
    if spec is None or spec.origin is None:
        raise CannotEmulate("aws-sam-cli is not installed: the emulator comes with it")
    machine = MACHINES.get(platform.machine().lower())
    if sys.platform != "linux" or machine is None:
        raise CannotEmulate("the emulator is a program for Linux on x86_64 or arm64")
    return Path(spec.origin).parent / "local" / "rapid" / f"aws-lambda-rie-{machine}"


def _wait(process: subprocess.Popen[Any], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotEmulate(f"the emulator ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise CannotEmulate(f"the emulator did not listen within {START_SECONDS:.0f} seconds")


def main() -> int:
    """Prints the answer. 0 when the handler answered, 1 when it raised, 2 when it could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m local.built.emulator", description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("function", help="a folder of functions/, such as email")
    parser.add_argument(
        "events", nargs="+", type=argparse.FileType("r"), help="JSON files, - for standard input; the first is cold"
    )
    parser.add_argument("--build", type=Path, default=BUILD, help="where sam left its build (default: %(default)s)")
    arguments = parser.parse_args()
    try:
        events = [json.load(event) for event in arguments.events]
        with emulated(built_function(arguments.function, arguments.build)) as emulator:
            answers = [emulator.invoke(event) for event in events]
    except (CannotEmulate, NotBuilt, json.JSONDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for answer in answers:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    return int(any(isinstance(answer, dict) and "errorType" in answer for answer in answers))


if __name__ == "__main__":
    raise SystemExit(main())
