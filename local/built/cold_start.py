"""Measures what the bytecode in a build is worth at a cold start.

    make build && python -m local.built.cold_start email

Three copies of one built function with its layers are packed and unpacked as SAM and the runtime do it (every file dated
1980, nothing writable): as it was built; with bytecode made afresh on the spot, the best there can be; and with none, which is
what ``sam build`` alone would ship. Fresh processes import the handler's module in turns, so that a slow spell of the machine
meets all three. Read the ratios, never the milliseconds: they are this machine's, not Lambda's.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from py_compile import PycInvalidationMode

from local.built import BUILD, BuiltFunction, NotBuilt, built_function, interpreter

ZIP_EPOCH = 315532800
"""1980-01-01: what a zip entry without a date carries, and SAM gives it none."""

START = """
import importlib, sys, time
begun = time.perf_counter()
importlib.import_module(sys.argv[1])
import boto3
boto3.client("dynamodb")
print((time.perf_counter() - begun) * 1000)
"""
"""A handler may be lean and leave its client for later; the first request pays for it all the same."""

PRETENDED = {"AWS_DEFAULT_REGION": "ap-northeast-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
TARGET = 1.05


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of many cold starts of one variant."""

    variant: str
    milliseconds: tuple[float, ...]

    def row(self, reference: Timing) -> str:
        """One line of the table, with ratios to ``reference``."""
        median, best = statistics.median(self.milliseconds), min(self.milliseconds)
        by_median = median / statistics.median(reference.milliseconds)
        by_best = best / min(reference.milliseconds)
        return f"{self.variant:<16}{median:>10.1f}{best:>10.1f}{by_median:>14.3f}{by_best:>14.3f}"


def package(folder: Path, archive: Path) -> None:
    """Zips a folder as SAM does: entries without a date."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)))
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), compress_type=zipfile.ZIP_DEFLATED)


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks as the runtime does: with the dates of the zip."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    for path in folder.rglob("*"):
        os.utime(path, (ZIP_EPOCH, ZIP_EPOCH))


def untouched(folder: Path) -> None:
    """Leaves everything as it is."""


def without_bytecode(folder: Path) -> None:
    """Leaves the sources alone."""
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)


def with_fresh_bytecode(folder: Path) -> None:
    """Bytecode that is valid for the sources as they lie there, dates included."""
    without_bytecode(folder)
    compileall.compile_dir(folder, maxlevels=50, quiet=1, invalidation_mode=PycInvalidationMode.TIMESTAMP)


VARIANTS: Mapping[str, Callable[[Path], None]] = {
    "fresh bytecode": with_fresh_bytecode,
    "as built": untouched,
    "no bytecode": without_bytecode,
}


def unpacked(function: BuiltFunction, into: Path, prepare: Callable[[Path], None]) -> str:
    """One copy of the function and its layers; returns the import path that the runtime would give it."""
    folders = (function.code, *(layer / "python" for layer in reversed(function.layers)))
    targets = [into / str(place) for place in range(len(folders))]
    for folder, target in zip(folders, targets, strict=True):
        archive = target.with_suffix(".zip")
        package(folder, archive)
        unpack(archive, target)
        prepare(target)
    return os.pathsep.join(map(str, targets))


class Secrets(BaseHTTPRequestHandler):
    """Stands where Secrets Manager would be: a function reads its key while it starts."""

    def do_POST(self) -> None:
        """Answers with a key, whatever was asked."""
        answer = json.dumps({"ARN": "arn:aws:pretended", "Name": "key", "SecretString": "k" * 64}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Says nothing."""


@contextmanager
def pretended_aws() -> Iterator[str]:
    """The address of a server that knows one answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Secrets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def start(function: BuiltFunction, import_path: str, variables: Mapping[str, str]) -> float:
    """Milliseconds of one fresh process. Raises ``subprocess.CalledProcessError`` when the import fails."""
    module = function.handler.rpartition(".")[0]
    environment = {**variables, "PYTHONPATH": import_path, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    command = [*interpreter(function), "-c", START, module]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()[-1])


def measure(function: BuiltFunction, rounds: int, scratch: Path) -> list[Timing]:
    """The three variants, in turns; a first round that warms the machine's caches is not counted."""
    paths = {}
    for name, prepare in VARIANTS.items():
        folder = scratch / name.replace(" ", "_")
        folder.mkdir()
        paths[name] = unpacked(function, folder, prepare)
    with pretended_aws() as address:
        variables = {
            **PRETENDED,
            **dict.fromkeys(function.unknown, "pretended"),
            **function.variables,
            "AWS_ENDPOINT_URL": address,
        }
        turns = [{name: start(function, path, variables) for name, path in paths.items()} for _ in range(rounds + 1)][1:]
    return [Timing(name, tuple(turn[name] for turn in turns)) for name in VARIANTS]


def report(function: BuiltFunction, timings: Sequence[Timing]) -> bool:
    """Prints the table; whether the build is within the target of the best there can be."""
    reference, built, _ = timings
    print(f"{function.handler}: {len(built.milliseconds)} cold starts of each, milliseconds and ratios to fresh bytecode")
    print(f"{'':<16}{'median':>10}{'best':>10}{'of medians':>14}{'of bests':>14}")
    for timing in timings:
        print(timing.row(reference))
    ratio = min(built.milliseconds) / min(reference.milliseconds)
    print(f"as built / fresh bytecode = {ratio:.3f} (target: at most {TARGET})")
    return ratio <= TARGET


def main() -> int:
    """0 within the target, 1 beyond it, 2 when it could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m local.built.cold_start", description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("function", nargs="?", default="email", help="a folder of functions/ (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--build", type=Path, default=BUILD, help="where sam left its build (default: %(default)s)")
    arguments = parser.parse_args()
    try:
        function = built_function(arguments.function, arguments.build)
        with tempfile.TemporaryDirectory() as scratch:
            return 0 if report(function, measure(function, arguments.rounds, Path(scratch))) else 1
    except NotBuilt as problem:
        print(problem, file=sys.stderr)
    except subprocess.CalledProcessError as failure:
        print(failure.stderr, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
