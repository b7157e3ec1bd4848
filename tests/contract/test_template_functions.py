"""Each function is deployed as the repository knows it: under its very name, with its log, its variables and its layers."""

from __future__ import annotations

import ast

import pytest

from tests.template_reader import FUNCTIONS, LOG_GROUPS, RESOURCES, ROOT, TEMPLATE, of_type, setting, variables

FOLDERS = sorted(folder.name for folder in (ROOT / "functions").iterdir() if folder.is_dir() and folder.name != "__pycache__")
EVERYBODYS = {"STAGE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
PROMISED = {
    "email": {"CASE_TABLE", "IDENTITY_SECRET", "OWN_DOMAINS", "TRIAGE_READER", "TRIAGE_SHADOW"},
    "voice": {"CASE_TABLE", "IDENTITY_SECRET", "TRIAGE_READER", "TRIAGE_SHADOW"},
    "web_form": {
        "CASE_TABLE",
        "IDENTITY_SECRET",
        "TRIAGE_READER",
        "TRIAGE_SHADOW",
        "FORM_SECRET",
        "UPLOAD_BUCKET",
        "UPLOAD_TYPES",
        "REQUIRE_IDEMPOTENCY_KEY",
        "PROOF_OF_WORK",
        "PROOF_OF_WORK_COST",
    },
    "publish": {"EVENT_BUS"},
    "notify": {"CASE_TABLE", "LINK_SECRET", "PUBLIC_URL", "FRAUD_TOPIC", "TRUST_TOPIC", "IDENTITY_TOPIC"},
    "chase": {"CASE_TABLE"},
    "correlate": {"CASE_TABLE"},
    "acknowledge": {"CASE_TABLE", "LINK_SECRET"},
    "command": {"CASE_TABLE"},
}


def logical_id(folder: str) -> str:
    return "".join(word.capitalize() for word in folder.split("_")) + "Function"


def test_every_folder_of_functions_is_deployed_and_nothing_else_is() -> None:
    assert sorted(map(logical_id, FOLDERS)) == sorted(FUNCTIONS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_handler_has_one_name_in_the_repository_the_tests_and_lambda(folder: str) -> None:
    function = FUNCTIONS[logical_id(folder)]
    assert function["Handler"] == f"functions.{folder}.app.handler"
    assert function["CodeUri"] == f"functions/{folder}"
    assert RESOURCES[logical_id(folder)]["Metadata"] == {"BuildProperties": {"ParentPackageMode": "auto"}}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_handler_is_where_its_name_says(folder: str) -> None:
    module = ast.parse((ROOT / "functions" / folder / "app.py").read_text(encoding="utf-8"))
    handler = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "handler")
    assert len(handler.args.args) == 2, "Lambda calls it with an event and a context"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_gets_the_variables_it_was_promised_and_no_others(folder: str) -> None:
    assert set(variables(logical_id(folder))) == EVERYBODYS | PROMISED[folder]
    assert variables(logical_id(folder))["POWERTOOLS_SERVICE_NAME"] == folder


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_writes_to_a_log_of_its_own_that_forgets(name: str) -> None:
    log = setting(name, "LoggingConfig")["LogGroup"]["Ref"]
    assert log == name.removesuffix("Function") + "Log"
    assert log in LOG_GROUPS


@pytest.mark.parametrize("name", sorted(LOG_GROUPS))
def test_every_log_forgets_after_the_days_that_were_chosen(name: str) -> None:
    assert LOG_GROUPS[name]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_runs_on_the_python_its_bytecode_is_written_for(name: str) -> None:
    assert setting(name, "Runtime") == "python3.13"
    assert setting(name, "Architectures") == [{"Ref": "Architecture"}]
    assert setting(name, "Layers") == [{"Ref": "DependenciesLayer"}, {"Ref": "CaseworkLayer"}]


def test_one_build_of_the_layers_serves_both_architectures() -> None:
    for layer in of_type("AWS::Serverless::LayerVersion").values():
        assert layer["CompatibleArchitectures"] == TEMPLATE["Parameters"]["Architecture"]["AllowedValues"]
        assert layer["RetentionPolicy"] == "Delete"


def test_the_api_has_the_routes_that_pages_and_notifications_name() -> None:
    events = [event for function in FUNCTIONS.values() for event in function.get("Events", {}).values()]
    routes = {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events if event["Type"] == "HttpApi"}
    assert routes == {
        ("POST", "/cases"),
        ("POST", "/uploads"),
        ("GET", "/challenge"),
        ("GET", "/openapi.json"),
        ("GET", "/cases/schema.json"),
        ("GET", "/acknowledge"),
        ("POST", "/acknowledge"),
    }


def test_who_is_signed_in_has_routes_of_their_own_which_exist_only_where_somebody_signs_in() -> None:
    definition = RESOURCES["HttpApi"]["Properties"]["DefinitionBody"]
    assert set(definition["paths"]) == {"/me/cases", "/me/uploads"}
    for condition, path, otherwise in (each["Fn::If"] for each in definition["paths"].values()):
        assert (condition, otherwise) == ("SignsIn", {"Ref": "AWS::NoValue"})
        assert set(path) == {"post"}
        assert path["post"]["security"] == [{"Customer": []}]
        assert "${WebFormFunction.Arn}" in path["post"]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    condition, components, _ = definition["components"]["Fn::If"]
    authorizer = components["securitySchemes"]["Customer"]["x-amazon-apigateway-authorizer"]
    assert condition == "SignsIn"
    assert authorizer["jwtConfiguration"] == {"issuer": {"Ref": "JwtIssuer"}, "audience": {"Ref": "JwtAudience"}}


def test_the_gateway_may_invoke_the_form_by_those_routes_and_no_others_of_that_permission() -> None:
    permission = RESOURCES["WebFormSignedInPermission"]
    assert permission["Condition"] == "SignsIn"
    assert permission["Properties"]["SourceArn"]["Fn::Sub"].endswith(":${HttpApi}/*/POST/me/*")


def test_what_asks_more_of_customers_is_off_unless_chosen() -> None:
    defaults = {name: TEMPLATE["Parameters"][name]["Default"] for name in ("RequireIdempotencyKey", "ProofOfWork", "JwtIssuer")}
    assert defaults == {"RequireIdempotencyKey": "false", "ProofOfWork": "off", "JwtIssuer": ""}


def test_the_api_is_throttled_and_its_log_keeps_neither_addresses_nor_tokens() -> None:
    api = RESOURCES["HttpApi"]["Properties"]
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(api["DefaultRouteSettings"])
    for revealing in ("sourceIp", "queryString", "userAgent", "$context.path"):
        assert revealing not in api["AccessLogSettings"]["Format"]


def test_the_ladder_is_swept_every_minute() -> None:
    (schedule,) = FUNCTIONS["ChaseFunction"]["Events"].values()
    assert schedule["Properties"]["Schedule"] == "rate(1 minute)"
