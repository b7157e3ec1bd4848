"""The layers hold what the lock names, and what the runtime can use as it comes."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.loaders import Loader
from urllib3 import HTTPResponse

from layers import bytecode
from layers.dependencies import assemble
from tests.template_reader import RESOURCES, ROOT, TEMPLATE, of_type

LAYERS = ROOT / "layers"
LOCK = (LAYERS / "dependencies" / "requirements.txt").read_text(encoding="utf-8")
WANTED = (LAYERS / "dependencies" / "requirements.in").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==\S+ \\$", re.MULTILINE)


@pytest.mark.parametrize("name", sorted(of_type("AWS::Serverless::LayerVersion")))
def test_a_layer_has_no_python_folder_of_its_own(name: str) -> None:
    folder = ROOT / RESOURCES[name]["Properties"]["ContentUri"]
    assert not (folder / "python").exists(), "the build adds it: python/python is green and cannot be imported"
    assert f"build-{name}:" in (folder / "Makefile").read_text(encoding="utf-8")
    assert RESOURCES[name]["Metadata"]["BuildMethod"] == "makefile"


def test_every_dependency_is_locked_with_hashes() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert entries
    for entry in entries:
        assert PINNED.match(entry), entry
        assert "--hash=sha256:" in entry


def test_the_lock_names_no_index() -> None:
    assert not re.search(r"https?:|file:|--index|--extra-index|--find-links|--trusted-host", LOCK)


def test_what_is_wanted_is_in_the_lock_at_the_version_that_is_wanted() -> None:
    for line in (line for line in WANTED.splitlines() if line and not line.startswith("#")):
        assert f"\n{line} \\" in f"\n{LOCK}"


def test_the_runtime_is_the_python_that_writes_the_bytecode() -> None:
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == "python" + ".".join(map(str, bytecode.RUNTIME))
    assert (ROOT / ".python-version").read_text(encoding="utf-8").startswith(".".join(map(str, bytecode.RUNTIME)))


def test_bytecode_stays_valid_whatever_date_its_source_gets(tmp_path: Path) -> None:
    source = tmp_path / "dated.py"
    source.write_text("VALUE = 1\n", encoding="utf-8")
    assert bytecode.compile_folder(tmp_path, "/opt/python")
    (cached,) = (tmp_path / "__pycache__").iterdir()
    flags = int.from_bytes(cached.read_bytes()[4:8], "little")
    assert flags == 0b01, "hash-based, and never checked against the source"
    assert b"/opt/python/dated.py" in cached.read_bytes()
    assert str(tmp_path).encode() not in cached.read_bytes(), "the same sources give the same bytes wherever they are built"


def test_another_python_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    assert "3.13" in (bytecode.wrong_interpreter() or "")


def test_the_services_that_the_code_calls_are_in_the_layer() -> None:
    sources = [*(LAYERS / "casework").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    called = {name for path in sources for name in re.findall(r'\.client\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))}
    assert called == assemble.SERVICES


def test_files_that_differ_between_architectures_must_have_different_names(tmp_path: Path) -> None:
    for machine, content in (("arm64", "a"), ("x86_64", "b")):
        (tmp_path / machine).mkdir()
        (tmp_path / machine / f"core.{machine}.so").write_text(content, encoding="utf-8")
    assemble.merge(tmp_path / "x86_64", tmp_path / "arm64")
    assert {path.name for path in (tmp_path / "arm64").iterdir()} == {"core.arm64.so", "core.x86_64.so"}
    for machine, content in (("arm64", "a"), ("x86_64", "b")):
        (tmp_path / machine / "same_name.py").write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"same_name\.py differs"):
        assemble.merge(tmp_path / "x86_64", tmp_path / "arm64")


def test_a_trimmed_model_keeps_every_key_and_a_shape_that_is_named_like_prose() -> None:
    model = {"documentation": "prose", "shapes": {"documentation": {"type": "string", "documentation": "prose"}}}
    assert assemble.without_documentation(model) == {
        "documentation": "",
        "shapes": {"documentation": {"type": "string", "documentation": ""}},
    }


FILES = {"endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"}


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """botocore's data as the layer has it, made of the one that is installed here."""
    packages = tmp_path_factory.mktemp("packages")
    for package, wanted in {"boto3": {"dynamodb", "ec2"}, "botocore": {*assemble.SERVICES, *FILES, "sqs"}}.items():
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        for name in wanted:
            source, target = Path(spec.origin).parent / "data" / name, packages / package / "data" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    assemble.trim(packages)
    return packages / "botocore" / "data"


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "bedrock-runtime": ("converse", {"modelId": "a-model", "messages": [{"role": "user", "content": [{"text": "words"}]}]}),
    "dynamodb": ("get_item", {"TableName": "cases", "Key": {"pk": {"S": "a"}}}),
    "events": ("put_events", {"Entries": [{"Source": "casework", "DetailType": "CaseOpened", "Detail": "{}"}]}),
    "s3": ("get_object", {"Bucket": "originals", "Key": "mail/1"}),
    "secretsmanager": ("get_secret_value", {"SecretId": "key"}),
    "sns": ("publish", {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:fraud", "Message": "words"}),
}


@pytest.mark.parametrize("service", sorted(assemble.SERVICES))
def test_a_service_can_be_called_with_what_is_left_of_botocores_data(trimmed: Path, service: str) -> None:
    session = botocore.session.Session()
    session.register_component("data_loader", Loader(extra_search_paths=[str(trimmed)], include_default_search_paths=False))
    client = session.create_client(service, "eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    sent: list[str] = []

    def answer(request: Any, **_: Any) -> Any:
        sent.append(request.url)
        body = b"<a><PublishResult/><ResponseMetadata/></a>" if service in {"s3", "sns"} else b"{}"
        return AWSResponse(request.url, 200, HTTPHeaders(), HTTPResponse(BytesIO(body), preload_content=False))

    client.meta.events.register("before-send", answer)
    operation, arguments = CALLS[service]
    getattr(client, operation)(**arguments)
    assert sent[0].startswith("https://")


def test_what_no_function_calls_is_not_in_the_layer(trimmed: Path) -> None:
    assert {each.name for each in trimmed.iterdir() if each.is_dir()} == assemble.SERVICES


def test_every_parameter_that_a_stage_sets_exists() -> None:
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    text = (ROOT / "samconfig.toml").read_text(encoding="utf-8")
    named = set(re.findall(r'"([A-Z][A-Za-z]+)=', text))
    assert named <= set(TEMPLATE["Parameters"])
    assert {"dev", "staging", "prod"} <= set(stages)
