"""What is said of a build, and that its bytecode survives the way into the runtime."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

from layers import bytecode
from local.built import NotBuilt, built_function, cold_start, interpreter

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev}
Globals:
  Function:
    Runtime: python3.13
    Timeout: 30
    MemorySize: 512
    Layers: [!Ref DependenciesLayer, !Ref CaseworkLayer]
    Environment: {Variables: {STAGE: !Ref Stage, LOG_LEVEL: INFO}}
Resources:
  CaseTable: {Type: AWS::DynamoDB::Table}
  DependenciesLayer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: DependenciesLayer}}
  CaseworkLayer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: CaseworkLayer}}
  WebFormFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: WebFormFunction
      Handler: functions.web_form.app.handler
      Timeout: 60
      Environment: {Variables: {CASE_TABLE: !Ref CaseTable}}
"""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def test_a_function_is_found_by_its_folder(build: Path) -> None:
    function = built_function("web_form", build)
    assert function.handler == "functions.web_form.app.handler"
    assert (function.timeout, function.memory) == (60, 512)


def test_what_only_a_deployment_knows_is_named(build: Path) -> None:
    function = built_function("web_form", build)
    assert function.variables == {"STAGE": "dev", "LOG_LEVEL": "INFO"}
    assert function.unknown == ("CASE_TABLE",)


def test_the_functions_own_code_is_found_before_that_of_its_layers(build: Path) -> None:
    folders = built_function("web_form", build).import_path.split(os.pathsep)
    assert [Path(folder).relative_to(build.resolve()).as_posix() for folder in folders] == [
        "WebFormFunction",
        "CaseworkLayer/python",
        "DependenciesLayer/python",
    ]


def test_a_function_that_is_not_in_the_build_is_said_to_be_missing(build: Path) -> None:
    with pytest.raises(NotBuilt, match="no FaxFunction"):
        built_function("fax", build)


def test_without_a_build_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="make build"):
        built_function("email", tmp_path)


def test_a_build_for_another_python_is_not_tried(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    with pytest.raises(NotBuilt, match=r"for python3\.13, and this is python3\.12"):
        interpreter(built_function("web_form", build))


def start(folder: Path) -> str:
    command = [sys.executable, "-S", "-P", "-c", "import module; print(module.VALUE)"]
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(("mode", "ran"), [("unchecked", "1"), ("checked", "2")])
def test_after_packaging_the_bytecode_runs_and_a_function_can_still_be_edited_in_place(
    tmp_path: Path, mode: str, ran: str
) -> None:
    built, deployed = tmp_path / "built", tmp_path / "deployed"
    built.mkdir()
    (built / "module.py").write_text("VALUE = 1\n", encoding="utf-8")
    bytecode.compile_folder(built, "/opt/python", bytecode.MODES[mode])
    cold_start.package(built, tmp_path / "layer.zip")
    cold_start.unpack(tmp_path / "layer.zip", deployed)
    assert (deployed / "module.py").stat().st_mtime == cold_start.ZIP_EPOCH
    assert start(deployed) == "1"
    (deployed / "module.py").write_text("VALUE = 2\n", encoding="utf-8")
    assert start(deployed) == ran


def test_bytecode_that_goes_by_dates_does_not_survive_packaging(tmp_path: Path) -> None:
    built, deployed = tmp_path / "built", tmp_path / "deployed"
    built.mkdir()
    (built / "module.py").write_text("VALUE = 1\n", encoding="utf-8")
    bytecode.compile_folder(built, "/opt/python", PycInvalidationMode.TIMESTAMP)
    cold_start.package(built, tmp_path / "layer.zip")
    cold_start.unpack(tmp_path / "layer.zip", deployed)
    (deployed / "module.py").write_text("VALUE = 2\n", encoding="utf-8")
    os.utime(deployed / "module.py", (cold_start.ZIP_EPOCH, cold_start.ZIP_EPOCH))
    assert start(deployed) == "2"
