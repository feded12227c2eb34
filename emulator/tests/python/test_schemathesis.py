"""Amazon's own specification generates the requests: every operation succeeds at least once, no answer is a server
error, and none has a status, media type or body that the specification and the known differences do not allow."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from specification import SQL, narrowed, operations

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
DELETE_INSTANCE = ("delete", "/amc/instances/{instanceId}")
MANY = 12
DEADLINE_SECONDS = 30


class Service:
    """The emulator, as far as its things must exist before they can be asked for."""

    def __init__(self, emulator: dict[str, Any]) -> None:
        self.url = emulator["url"]
        account = emulator["accounts"][0]
        self.instances: list[str] = account["instances"]
        names = ("refresh_token", "client_id", "client_secret")
        form = {"grant_type": "refresh_token"} | {name: emulator[name] for name in names}
        with urllib.request.urlopen(emulator["token_url"], urllib.parse.urlencode(form).encode()) as answer:
            token = json.load(answer)["access_token"]
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Amazon-Advertising-API-ClientId": emulator["client_id"],
            "Amazon-Advertising-API-AdvertiserId": account["accountId"],
            "Amazon-Advertising-API-MarketplaceId": account["marketplaceId"],
        }

    def call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def furnish(self) -> dict[tuple[str, str], list[Any]]:
        """Creates what can be shown, changed, cancelled and deleted, and gives the ids by method and parameter."""
        room = f"/amc/reporting/{self.instances[0]}"
        gone = [f"gone-{number}" for number in range(MANY)]
        for workflow in ["kept", *gone]:
            self.call(f"{room}/workflows", {"workflowId": workflow, "sqlQuery": SQL})
            self.call(f"{room}/schedules", {"scheduleId": workflow, "workflowId": "kept"})
        finished = self.run(room)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.call(f"{room}/workflowExecutions/{finished}")["workflowExecution"]["status"] != "SUCCEEDED":
            assert time.monotonic() < deadline, "the run did not end"
        self.call("/_emulator/faults", {"kind": "runTakes", "seconds": 20_000, "times": MANY})
        running = [self.run(room) for _ in range(MANY)]
        sources = self.call(f"{room}/dataSources")["dataSources"]
        advertiser = {"advertisersToAdd": [{"id": "1", "type": "DISPLAY"}]}
        self.call(f"/amc/instances/{self.instances[0]}/advertisers/updates", advertiser)
        return {
            ("any", "instanceId"): [self.instances[0]],
            ("any", "dataSourceId"): [sources[0]["dataSourceId"]],
            ("any", "updateId"): [0],
            ("get", "workflowId"): ["kept"],
            ("put", "workflowId"): ["kept"],
            ("delete", "workflowId"): gone,
            ("get", "scheduleId"): ["kept"],
            ("put", "scheduleId"): ["kept"],
            ("delete", "scheduleId"): gone,
            ("get", "workflowExecutionId"): [finished],
            ("put", "workflowExecutionId"): running,
        }

    def run(self, room: str) -> str:
        created = self.call(f"{room}/workflowExecutions", {"workflow": {"sqlQuery": SQL}})
        return created["workflowExecution"]["workflowExecutionId"]


def attack(service: Service, document: dict[str, Any], folder: Path) -> set[tuple[str, str]]:
    """Runs schemathesis and gives the operations that succeeded at least once."""
    specification = folder / "specification.json"
    specification.write_text(json.dumps(document))
    config, report = folder / "schemathesis.toml", folder / "report.har"
    # A method that is not specified may be an operation of the emulator's own.
    config.write_text("[phases.coverage]\nunexpected-methods = []\n")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", str(specification)]
    command += ["--url", service.url, "--checks", CHECKS, "--report-har-path", str(report), "--seed", "1"]
    command += ["--max-examples", os.environ.get("AMC_EMULATOR_EXAMPLES", "15"), "--no-color"]
    for header, value in service.headers.items():
        command += ["-H", f"{header}: {value}"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    answered = [
        (entry["request"]["method"].lower(), urllib.parse.urlsplit(entry["request"]["url"]).path)
        for entry in json.loads(report.read_text())["log"]["entries"]
        if 200 <= entry["response"]["status"] < 300
    ]
    return {(method, path) for method, path in operations(document) if succeeded(method, path, answered)}


def succeeded(method: str, template: str, answered: list[tuple[str, str]]) -> bool:
    pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
    return any(method == other and pattern.fullmatch(path) for other, path in answered)


@pytest.mark.parametrize("name", ["AMCAdmin.json", "AMCWorkflow.json"])
@pytest.mark.parametrize("flags", [["--wrapping", "wrapped"]])
def test_every_operation_succeeds_and_no_answer_is_beyond_the_specification(
    name: str, emulator: dict[str, Any], tmp_path: Path
) -> None:
    service = Service(emulator)
    document = narrowed(name, service.furnish())
    document["paths"].get(DELETE_INSTANCE[1], {}).pop("delete", None)
    assert attack(service, document, tmp_path) == operations(document)


@pytest.mark.parametrize("flags", [["--wrapping", "wrapped"]])
def test_instances_are_deleted_as_specified(emulator: dict[str, Any], tmp_path: Path) -> None:
    service = Service(emulator)
    document = narrowed("AMCAdmin.json", {("any", "instanceId"): service.instances, ("any", "updateId"): [0]})
    method, path = DELETE_INSTANCE
    document["paths"] = {path: {method: document["paths"][path][method]}}
    assert attack(service, document, tmp_path) == {DELETE_INSTANCE}
