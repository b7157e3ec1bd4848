"""Fills the dependencies layer: installs the lock, for both architectures at once, and trims what no function reads.

``sam build`` does not tell a makefile which architecture it builds for. Files that differ between the two are named after
their machine, so one folder holds both and the template's ``Architecture`` may change without another build; a file that
breaks this rule stops the build. It costs one unused library (pydantic's core, 4.5 MB unpacked, never opened).

    python layers/dependencies/assemble.py <folder>
"""

from __future__ import annotations

import filecmp
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MACHINES = ("aarch64", "x86_64")
SERVICES = frozenset({"bedrock-runtime", "dynamodb", "events", "s3", "secretsmanager", "sns"})
"""The services a function may call. botocore reads what it knows of AWS from data files, 25 MB for the services of all."""

UNREAD = (
    "bin", "boto3/examples", "botocore/data/*/*/examples-1.json", "*.dist-info/sboms", "publicsuffixlist/test*",
    "publicsuffixlist/update.py",
)  # fmt: skip
SUFFIXES = "publicsuffixlist/public_suffix_list.dat"


def install(target: Path, machine: str) -> None:
    """Installs exactly the lock, from wheels alone, for Python 3.13 on Linux. Fails on a hash that is not in the lock."""
    platforms = [f"--platform={tag}_{machine}" for tag in ("manylinux2014", "manylinux_2_28")]
    wheels_alone = ["--only-binary=:all:", "--implementation=cp", "--python-version=3.13", *platforms]
    exactly = ["--require-hashes", "--no-deps", "--no-compile", f"--requirement={HERE / 'requirements.txt'}"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *wheels_alone, *exactly, f"--target={target}"], check=True)  # noqa: S603 - words of our own


def merge(other: Path, into: Path) -> None:
    """Adds the files that only ``other`` has. Raises ``SystemExit`` for a module both have with different content."""
    for source in files(other):
        target = into / source.relative_to(other)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        elif ".dist-info" not in str(source) and not filecmp.cmp(source, target, shallow=False):
            raise SystemExit(f"{source.relative_to(other)} differs between architectures: build a layer for each")


def files(folder: Path) -> Iterator[Path]:
    """Every file below ``folder``."""
    return (path for path in folder.rglob("*") if path.is_file())


def trim(target: Path) -> None:
    """Leaves of botocore's data what the services in use need, every operation of theirs included, and no documentation."""
    for pattern in UNREAD:
        remove(*target.glob(pattern))
    for data in (target / "botocore" / "data", target / "boto3" / "data"):
        remove(*(folder for folder in data.iterdir() if folder.is_dir() and folder.name not in SERVICES))
    for model in (target / "botocore" / "data").glob("*/*/service-2.json.gz"):
        rewrite(model, without_documentation(read(model)))
    endpoints = target / "botocore" / "data" / "endpoints.json"
    rewrite(endpoints, only_services_in_use(read(endpoints)))
    for suffixes in target.glob(SUFFIXES):
        suffixes.write_text(ready_to_read(suffixes.read_text(encoding="utf-8")), encoding="ascii")


def remove(*paths: Path) -> None:
    """Deletes files and folders."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def without_documentation(node: Any) -> Any:
    """A service's model with its prose emptied. Every key stays: botocore asks for some of them."""
    if isinstance(node, dict):
        return {key: "" if is_prose(key, value) else without_documentation(value) for key, value in node.items()}
    if isinstance(node, list):
        return [without_documentation(value) for value in node]
    return node


def is_prose(key: str, value: object) -> bool:
    """Whether this is documentation; a shape that happens to be named so is an object, not a text."""
    return key in {"documentation", "documentationUrl"} and isinstance(value, str)


def only_services_in_use(endpoints: dict[str, Any]) -> dict[str, Any]:
    """The endpoints of every partition and region, for the services in use."""
    for partition in endpoints["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in SERVICES}
    return endpoints


def ready_to_read(suffixes: str) -> str:
    """The Public Suffix List in ASCII: its licence, and its rules in IDNA, so that splitting lines is all there is to reading."""
    lines = suffixes.splitlines()
    licence = [line for line in lines[:3] if line.startswith("//")]
    rules = [line.split()[0].lower() for line in lines if line.strip() and not line.startswith("//")]
    return "\n".join([*licence, *(in_idna(rule) for rule in rules)]) + "\n"


def in_idna(rule: str) -> str:
    """A rule with Punycode for its labels that need it; ``*`` and ``!`` stay."""
    if rule.isascii():
        return rule
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in rule.split("."))


def read(path: Path) -> dict[str, Any]:
    """A data file of botocore's, compressed or not."""
    raw = path.read_bytes()
    content: dict[str, Any] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return content


def rewrite(path: Path, content: object) -> None:
    """Writes a data file back as it was found: compressed or not, and the same bytes for the same content."""
    raw = json.dumps(content, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)


def main(target: Path) -> None:
    """Fills ``target``, which must be empty or absent."""
    first, *others = MACHINES
    install(target, first)
    for machine in others:
        with tempfile.TemporaryDirectory() as scratch:
            install(Path(scratch), machine)
            merge(Path(scratch), target)
    trim(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
