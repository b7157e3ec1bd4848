"""Rules that keep the rooms apart: which way arrows point, and who may know what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASEWORK = ROOT / "layers" / "casework" / "casework"
FUNCTIONS = ROOT / "functions"
CORE = sorted(path for path in CASEWORK.rglob("*.py") if path.parent.name != "aws" and path.name != "runtime.py")
RUNTIME = sorted([*CASEWORK.rglob("*.py"), *FUNCTIONS.rglob("*.py")])
DRAWERS = {"utils", "util", "helpers", "helper", "common", "shared", "base", "manager", "misc"}
HEAVY = {"boto3", "botocore", "aws_lambda_powertools"}
PYDANTIC_ROOMS = {CASEWORK / "events.py", FUNCTIONS / "web_form"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports when it runs; what is imported for the type checker alone is left out."""
    module = tree(path)
    typing_only = {
        id(inner)
        for node in ast.walk(module)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_the_core_knows_neither_aws_nor_the_functions(path: Path) -> None:
    assert not tops(path) & (HEAVY | {"functions", "local", "tests"})
    assert "casework.aws" not in {".".join(name.split(".")[:2]) for name in imports(path)}


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_the_core_reads_no_clock_and_makes_no_random_id(path: Path) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    assert not called & {"datetime.now", "datetime.utcnow", "time.time", "time.monotonic", "date.today", "uuid4", "uuid.uuid4"}
    assert not tops(path) & {"random", "uuid", "secrets"}


@pytest.mark.parametrize("path", RUNTIME, ids=names(RUNTIME))
def test_what_runs_in_lambda_imports_nothing_of_development(path: Path) -> None:
    assert not tops(path) & {"local", "tests", "moto", "rich", "pytest"}


def test_only_the_rooms_that_need_pydantic_pay_for_it() -> None:
    assert {path for path in RUNTIME if "pydantic" in tops(path) and not PYDANTIC_ROOMS & {path, path.parent}} == set()


def test_no_function_reaches_into_another() -> None:
    for path in sorted(FUNCTIONS.rglob("*.py")):
        own = f"functions.{path.relative_to(FUNCTIONS).parts[0]}"
        assert all(name.startswith(own) for name in imports(path) if name.startswith("functions.")), path


def test_no_room_is_a_drawer() -> None:
    rooms = [*CASEWORK.rglob("*"), *FUNCTIONS.rglob("*"), *(ROOT / "local").rglob("*")]
    assert not [room for room in rooms if room.stem in DRAWERS]


def test_no_folder_of_the_standard_librarys_names_is_an_import_root() -> None:
    assert not (FUNCTIONS / "__init__.py").exists()
    assert not (FUNCTIONS / "email" / "__init__.py").exists()


def lengths() -> list[tuple[int, str]]:
    found = []
    for path in RUNTIME:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                documented = ast.get_docstring(node) is not None
                body = node.body[1:] if documented else node.body
                size = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
                found.append((size, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"))
    return sorted(found, reverse=True)


def test_functions_are_short() -> None:
    sizes = [size for size, _ in lengths()]
    assert sum(sizes) / len(sizes) <= 8
    assert sizes[len(sizes) // 10] <= 17
    assert sizes[0] <= 40, lengths()[0]


@pytest.mark.parametrize("path", sorted(FUNCTIONS.glob("*/app.py")), ids=lambda path: path.parent.name)
def test_a_handler_hands_over(path: Path) -> None:
    (handler,) = (node for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name == "handler")
    assert (handler.end_lineno or 0) - handler.lineno < 16
