"""The web form's API is a contract: what is served is what the code does, and what the template deploys."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.web_form.door import ROUTES
from functions.web_form.form import Form
from functions.web_form.problems import STATUS
from functions.web_form.publications import DOCUMENTS, FOLDER
from functions.web_form.upload_request import MAX_SIZE
from local.openapi import files
from tests.template_reader import FUNCTIONS, RESOURCES
from tests.unit.web_form.counter_of_forms import FORM, Counter
from tests.unit.web_form.test_form_samples import STATUS as OF_SAMPLES
from tests.unit.web_form.test_form_samples import sample

DOCUMENT: dict[str, Any] = json.loads(files()["openapi.json"])
SCHEMA: dict[str, Any] = json.loads(files()["form.schema.json"])
OPERATIONS = {f"{method.upper()} {path}": each for path, methods in DOCUMENT["paths"].items() for method, each in methods.items()}


@pytest.mark.parametrize("name", sorted(files()))
def test_what_is_served_is_what_the_code_says(name: str) -> None:
    served = (FOLDER / name).read_text(encoding="utf-8")
    assert served == files()[name], "run `make schemas`, and raise VERSION if a client could break"


def test_nothing_else_is_served() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(files()) == {name for name, _ in DOCUMENTS.values()}


def test_the_document_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_the_schema_is_valid_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_document_the_door_and_the_template_have_the_same_routes() -> None:
    events = [each["Properties"] for each in FUNCTIONS["WebFormFunction"]["Events"].values()]
    paths = RESOURCES["HttpApi"]["Properties"]["DefinitionBody"]["paths"]
    signed_in = {f"{method.upper()} {path}" for path, choice in paths.items() for method in choice["Fn::If"][1]}
    assert set(OPERATIONS) == set(ROUTES) == {f"{each['Method']} {each['Path']}" for each in events} | signed_in


def test_a_token_is_asked_for_under_me_and_nowhere_else() -> None:
    assert {route for route, each in OPERATIONS.items() if each["security"]} == {"POST /me/cases", "POST /me/uploads"}


def test_every_kind_of_problem_is_documented() -> None:
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]) == {
        f"urn:casework:problem:{kind}" for kind in STATUS
    }
    told = json.dumps(DOCUMENT["paths"])
    assert [kind for kind in STATUS if f"`{kind}`" not in told] == []


@pytest.mark.parametrize("name", sorted(OF_SAMPLES))
def test_every_sample_is_answered_as_documented(name: str) -> None:
    event = sample(name)
    answer = Counter().answer(event)
    response = OPERATIONS[event["routeKey"]]["responses"][str(answer.status)]  # type: ignore[index]
    media_type = answer.headers["Content-Type"]
    schema = {**response["content"][media_type]["schema"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(answer.body)


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        {"description": "Help", "account": "A1002003"},
        {**FORM, "subject": None, "language": "ja", "category": "withdrawal", "name": "x" * 100},
        {**FORM, "attachments": [], "website": ""},
    ],
)
def test_what_the_schema_takes_the_code_takes(form: dict[str, object]) -> None:
    Draft202012Validator(SCHEMA).validate(form)
    assert Counter().post(form).status == 201


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"description": "Help"},
        {"email": "alice@example.com"},
        {**FORM, "description": ""},
        {**FORM, "description": "x" * 20_001},
        {**FORM, "subject": "x" * 201},
        {**FORM, "subject": 7},
        {**FORM, "category": "Fraud!"},
        {**FORM, "language": "fr"},
        {**FORM, "telephone": "1"},
        {**FORM, "attachments": ["x"] * 6},
        {**FORM, "attachments": "x"},
    ],
)
def test_what_the_schema_refuses_the_code_refuses(form: dict[str, object]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(form)
    assert Counter().post(form).status == 400


def test_every_field_says_what_it_is_for() -> None:
    assert [name for name, each in SCHEMA["properties"].items() if not each.get("description")] == []
    assert set(SCHEMA["properties"]) == set(Form.model_fields)


def test_the_document_tells_the_largest_file() -> None:
    assert DOCUMENT["components"]["schemas"]["File"]["properties"]["size"]["maximum"] == MAX_SIZE
