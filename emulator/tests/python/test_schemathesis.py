"""Amazon's own specification generates the requests: no server error, and no answer that it does not allow."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

SPECIFICATIONS = Path(__file__).parents[2] / "openapi"

# Where recorded answers differ; the crate's README lists them.
NULLABLE = {
    "AMCWorkflow.json": [],
    "AMCAdmin.json": [("Advertiser", "marketplaceId"), ("Instance", "apiEndpoint")],
}


def access_token(emulator: dict[str, Any]) -> str:
    names = ("refresh_token", "client_id", "client_secret")
    form = {"grant_type": "refresh_token"} | {name: emulator[name] for name in names}
    with urllib.request.urlopen(emulator["token_url"], urllib.parse.urlencode(form).encode()) as answer:
        return json.load(answer)["access_token"]


def specification(name: str, folder: Path) -> Path:
    """The specification with the differences that are known, without the rooms that are missing."""
    document = json.loads((SPECIFICATIONS / name).read_text())
    for schema, field in NULLABLE[name]:
        document["components"]["schemas"][schema]["properties"][field]["nullable"] = True
    document["paths"] = {path: item for path, item in document["paths"].items() if "/collaboration" not in path}
    delete = document["paths"].get("/amc/instances/{instanceId}", {}).get("delete")
    if delete:
        delete["responses"]["204"].pop("content")
    path = folder / name
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("name", sorted(NULLABLE))
@pytest.mark.parametrize("flags", [["--wrapping", "wrapped"]])
def test_no_server_error_and_no_answer_beyond_the_specification(
    name: str, emulator: dict[str, Any], tmp_path: Path
) -> None:
    account = emulator["accounts"][0]
    headers = {
        "Authorization": f"Bearer {access_token(emulator)}",
        "Amazon-Advertising-API-ClientId": emulator["client_id"],
        "Amazon-Advertising-API-AdvertiserId": account["accountId"],
        "Amazon-Advertising-API-MarketplaceId": account["marketplaceId"],
    }
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.instanceId" = "{account["instances"][0]}"\n')
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [str(specification(name, tmp_path)), "--url", emulator["url"]]
    command += ["--checks", "not_a_server_error,response_schema_conformance"]
    command += ["--max-examples", os.environ.get("AMC_EMULATOR_EXAMPLES", "15"), "--seed", "1", "--no-color"]
    for header, value in headers.items():
        command += ["-H", f"{header}: {value}"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert "Stateful" in run.stdout
