"""The same story for programs of an event loop: events as they happen, then the merged result."""

import asyncio
from pathlib import Path

import amc_fleet


async def main() -> None:
    credentials = amc_fleet.Credentials.from_env()
    async with amc_fleet.AsyncFleet("sqlite://fleet.db", credentials=credentials) as fleet:
        await fleet.sync_instances()
        workflow = await fleet.save_workflow("Reach by campaign", sql=Path("reach.sql").read_text())
        batch = await fleet.run_batch(workflow, instances=await fleet.instances(), window="last 30 days")
        async for event in batch.events():
            print(event.kind, event.instance_id or "")
        results = await batch.results()
        print(await results.head())
        await results.write_csv("reach.csv")


asyncio.run(main())
