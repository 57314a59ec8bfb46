"""The contract: committed, valid, complete, and as strict as the decoder."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import openapi
from api.app import create_app
from tests.api.conftest import api_config

COMMITTED = Path(openapi.__file__).parents[1] / "docs" / "api" / "openapi.json"
DOCUMENT = openapi.document(create_app(api_config("postgresql://nowhere/none")))
CONTRACT: dict[str, Any] = json.loads(DOCUMENT)
OPERATIONS: dict[str, Any] = {
    operation["operationId"]: {**operation, "path": path, "method": method}
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
}
OPEN = {"register", "login", "refresh", "logout", "get_liveness", "get_readiness"}


def test_the_committed_contract_is_the_current_one() -> None:
    assert COMMITTED.read_bytes() == DOCUMENT, "run `make openapi`"


def test_the_contract_is_valid_openapi_3_1() -> None:
    assert CONTRACT["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(CONTRACT).validate()


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', DOCUMENT.decode()))
    assert references == set(CONTRACT["components"]["schemas"])


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_an_operation_says_what_it_does_and_how_it_fails(operation: dict[str, Any]) -> None:
    assert re.fullmatch("[a-z][a-z0-9_]+", operation["operationId"])
    assert operation["summary"]
    assert operation["tags"]
    secured = operation["operationId"] not in OPEN
    assert operation.get("security") == ([{"bearer": []}] if secured else None)
    failures = {status for status in operation["responses"] if status >= "400"}
    assert failures >= ({"400", "401", "500", "503"} if secured else {"400", "500"})
    assert ("422" in failures) == ("requestBody" in operation or operation["operationId"] == "get_step_run")
    for status in failures:
        assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_a_success_has_a_schema_or_no_body(operation: dict[str, Any]) -> None:
    successes = {status: told for status, told in operation["responses"].items() if status < "400"}
    assert successes
    for status, told in successes.items():
        assert ("content" in told) == (status not in ("204", "304")), status


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_an_input_forbids_what_it_does_not_know(operation: dict[str, Any]) -> None:
    if body := operation.get("requestBody"):
        [content] = body["content"].values()
        name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        schema = CONTRACT["components"]["schemas"][name] if name else content["schema"]
        assert schema["additionalProperties"] is False


def test_bounds_are_part_of_the_contract() -> None:
    reps = CONTRACT["components"]["schemas"]["SetDraft"]["properties"]["reps"]
    assert {"type": "integer", "minimum": 0, "maximum": 10_000} in reps["anyOf"]
    limit = next(item for item in OPERATIONS["list_workouts"]["parameters"] if item["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 200)


def test_headers_of_single_operations_are_told() -> None:
    sent = {item["name"] for item in OPERATIONS["put_workout"]["parameters"] if item["in"] == "header"}
    assert sent == {"If-Match"}
    assert set(OPERATIONS["create_workout"]["responses"]["201"]["headers"]) == {
        "ETag",
        "Loadstone-Data-Version",
        "Location",
    }
