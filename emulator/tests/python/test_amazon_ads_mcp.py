"""A client that somebody else wrote drives the emulator: the AMC tools of amazon-ads-mcp."""

import asyncio
import csv
import io
import time
import urllib.request
from typing import Any

import pytest

SQL = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign"
DEADLINE_SECONDS = 30


@pytest.fixture
def server(emulator: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """The server of amazon-ads-mcp, its endpoints pointed at the emulator."""
    environment = {
        "AUTH_METHOD": "direct",
        "AMAZON_AD_API_CLIENT_ID": emulator["client_id"],
        "AMAZON_AD_API_CLIENT_SECRET": emulator["client_secret"],
        "AMAZON_AD_API_REFRESH_TOKEN": emulator["refresh_token"],
        "AMAZON_AD_API_PACKAGES": "amc-administration,amc-workflow",
        "CODE_MODE": "false",
        "HOME": str(tmp_path),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    from amazon_ads_mcp.utils.region_config import RegionConfig

    for region in RegionConfig.API_ENDPOINTS:
        monkeypatch.setitem(RegionConfig.API_ENDPOINTS, region, emulator["url"])
        monkeypatch.setitem(RegionConfig.API_HOSTS, region, emulator["url"].removeprefix("http://"))
        monkeypatch.setitem(RegionConfig.OAUTH_ENDPOINTS, region, emulator["token_url"])
    from amazon_ads_mcp.server.mcp_server import create_amazon_ads_server

    return create_amazon_ads_server


async def lists_runs_polls_and_downloads(create_server: Any, emulator: dict[str, Any]) -> None:
    from fastmcp import Client

    account = emulator["accounts"][0]
    headers = {
        "Amazon-Advertising-API-AdvertiserId": account["accountId"],
        "Amazon-Advertising-API-MarketplaceId": account["marketplaceId"],
    }
    async with Client(await create_server()) as client:
        tools = {tool.name.split("_", 1)[-1]: tool.name for tool in await client.list_tools()}

        async def call(operation: str, **arguments: Any) -> dict[str, Any]:
            result = await client.call_tool(tools[operation], {**headers, **arguments})
            return result.structured_content

        listed = await call("listInstances")
        instances = [instance["instanceId"] for instance in listed["instances"]]
        assert instances == account["instances"]

        run = {"instanceId": instances[0]}
        created = await call("createWorkflowExecution", **run, workflow={"sqlQuery": SQL, "workflowId": "reach"})
        run["workflowExecutionId"] = created["workflowExecutionId"]
        deadline = time.monotonic() + DEADLINE_SECONDS
        while (await call("getWorkflowExecution", **run))["status"] != "SUCCEEDED":
            assert time.monotonic() < deadline, "the run did not end"
        found = await call("listWorkflowExecutions", instanceId=instances[0], workflowId="reach")
        assert [one["workflowExecutionId"] for one in found["executions"]] == [run["workflowExecutionId"]]

        urls = (await call("getWorkflowExecutionDownloadUrls", **run))["downloadUrls"]
        with urllib.request.urlopen(urls[0]) as answer:
            rows = list(csv.reader(io.TextIOWrapper(answer, "utf-8"), escapechar="\\"))
        assert rows[0] == ["campaign", "impressions"]
        assert len(rows) == 51


def test_amazon_ads_mcp_lists_runs_polls_and_downloads(server: Any, emulator: dict[str, Any]) -> None:
    asyncio.run(lists_runs_polls_and_downloads(server, emulator))
