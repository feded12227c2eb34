"""Amazon's specification, with the differences that are known, narrowed to requests that can succeed."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "openapi"
SQL = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign"
BODIES = {
    "AmcCreateInstanceRequest": {"instanceName": "Name", "advertiserName": "Name", "awsAccountId": "Account"},
    "AmcUpdateInstanceRequest": {"instanceName": "Name", "advertiserName": "Name", "awsAccountId": "Account"},
    "InstanceCustomerAwsAccountMetadataPayload": {"awsAccountId": "Account", "bucketName": "Name"},
    "AmcCreateAdvertiserUpdateRequest": {"advertisersToAdd": "Advertisers"},
}
WORDS: dict[str, Any] = {
    "Name": {"type": "string", "pattern": "^[A-Za-z0-9]{3,50}$"},
    "Account": {"type": "string", "pattern": "^[0-9]{12}$"},
    "NewId": {"type": "string", "pattern": "^new-[a-z0-9]{12}$"},
    "Advertisers": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/AmcAdvertiserIdentifier"},
        "minItems": 1,
        "maxItems": 10,
    },
}


def one_of(*values: Any) -> dict[str, Any]:
    return {"enum": list(values)}


def patch(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Puts a value into the place that a JSON pointer names, if the document has it."""
    *parents, last = [part.replace("~1", "/") for part in pointer.split("/")[1:]]
    place: Any = document
    for part in parents:
        if part not in place:
            return
        place = place[part]
    if isinstance(place, list):
        place.append(value)
    else:
        place[last] = value


def patched(name: str) -> dict[str, Any]:
    """The specification as recorded answers would have it, without the rooms that are missing."""
    document = json.loads((FOLDER / name).read_text())
    for difference in json.loads((FOLDER / "differences.json").read_text()):
        for pointer, value in difference["patches"].items():
            patch(document, pointer, value)
    document["paths"] = {path: item for path, item in document["paths"].items() if "/collaboration" not in path}
    return document


def operations(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Every operation: its method and the template of its path."""
    return {(method, path) for path, item in document["paths"].items() for method in item}


def narrowed(name: str, ids: dict[tuple[str, str], list[Any]]) -> dict[str, Any]:
    """The specification with parameters and bodies that mean something; `ids` are those of things that exist."""
    document = patched(name)
    for method, path in operations(document):
        operation = document["paths"][path][method]
        operation["parameters"] = [
            narrow_parameter(parameter, method, path, ids)
            for parameter in operation["parameters"]
            if parameter["in"] != "header" and parameter["name"] != "nextToken"
        ]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["schema"] = body(document, method, path, content["schema"], ids)
    return document


def narrow_parameter(
    parameter: dict[str, Any], method: str, path: str, ids: dict[tuple[str, str], list[Any]]
) -> dict[str, Any]:
    name = parameter["name"]
    known = {
        "limit": [1, 100] if parameter["schema"]["type"] == "integer" else ["1", "100"],
        "type": ["DISPLAY", "SAS", "SPONSORED_ADS"],
        "timeZone": ["UTC", "America/New_York"],
        "minCreationTime": ["2020-01-01T00:00:00"],
        "maxCreationTime": ["2120-01-01T00:00:00"],
        "workflowId": ids.get(("get", "workflowId")),
    }
    values = ids.get((method, name)) or ids.get(("any", name)) or known.get(name)
    if parameter["in"] == "path":
        values = ids.get((method, name)) or ids[("any", name)]
    schema = one_of(*values) if values else parameter["schema"]
    required = parameter["in"] == "path" or name == "minCreationTime"
    return {**parameter, "schema": schema, "required": required}


def body(
    document: dict[str, Any],
    method: str,
    path: str,
    schema: dict[str, Any],
    ids: dict[tuple[str, str], list[Any]],
) -> dict[str, Any]:
    """The schema of a request's body, with the fields that it must have and values that they can have."""
    schemas = document["components"]["schemas"]
    name = schema["$ref"].rsplit("/", 1)[-1]
    if name in BODIES:
        fields = {field: WORDS[word] for field, word in BODIES[name].items()}
        return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    kept = ids.get(("put", f"{path.split('/')[4][:-1]}Id")) if method == "put" else None
    new_or_kept = one_of(*kept) if kept else WORDS["NewId"]
    definition = {
        "sqlQuery": one_of(SQL),
        "workflowId": new_or_kept if path.endswith(("/workflows", "/{workflowId}")) else WORDS["NewId"],
        "privacyFilteringBehavior": one_of("REMOVE_ROWS", "REMOVE_VALUES"),
        "inputSchema": {"type": "string"},
    }
    workflow = {"type": "object", "properties": definition, "required": ["sqlQuery", "workflowId"]}
    if name == "Workflow":
        return {**workflow, "additionalProperties": False}
    if name == "WorkflowExecution":
        return {"type": "object", "properties": {"status": one_of("CANCELLED")}, "required": ["status"]}
    if name == "CreateScheduleRequest":
        fields = {
            **schemas["Schedule"]["properties"],
            "scheduleId": new_or_kept,
            "workflowId": one_of(*ids[("get", "workflowId")]),
            "aggregationHourUtc": {"type": "integer", "minimum": 0, "maximum": 23},
        }
        return {"type": "object", "properties": fields, "required": ["scheduleId", "workflowId"]}
    assert name == "CreateWorkflowExecutionRequest", name
    fields = {
        field: schemas[name]["properties"][field]
        for field in ("advertisers", "dryRun", "parameterValues", "requireSyntheticData", "skipPublish")
    }
    fields |= {
        "workflow": workflow,
        "timeWindowType": one_of("ALL", "CURRENT_MONTH", "MOST_RECENT_DAY", "MOST_RECENT_WEEK", "PREVIOUS_MONTH"),
        "timeWindowTimeZone": one_of("UTC", "America/New_York"),
        "maxCertifiedTime": one_of("2025-01-01T00:00:00"),
        "workflowExecutionTimeoutSeconds": {"type": "integer", "minimum": 900, "maximum": 86400},
    }
    return {"type": "object", "properties": fields, "required": ["workflow"]}
