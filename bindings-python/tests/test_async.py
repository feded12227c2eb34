"""The same fleet under an event loop."""

import asyncio

import amc_fleet
import pytest
from conftest import SQL


@pytest.fixture
async def fleet(small):
    async with small.async_fleet() as fleet:
        await fleet.sync_instances()
        yield fleet


async def run(fleet, **keywords):
    return await fleet.run_batch(sql=SQL, instances=await fleet.instances(), window="last 30 days", **keywords)


async def test_a_batch_runs_and_its_events_end(fleet):
    batch = await run(fleet)
    kinds = [event.kind async for event in batch.events()]
    assert kinds[0] == "batch_created" and kinds[-1] == "batch_finished"
    results = await (await batch.wait()).results()
    assert len(results) == 60 == len(await results.to_polars()) == (await results.to_arrow()).num_rows
    assert len(await results.head(3)) == 3


async def test_calls_run_side_by_side(fleet):
    batches = await asyncio.gather(*(run(fleet, name=name) for name in ("one", "two", "three")))
    await asyncio.gather(*(batch.wait() for batch in batches))
    assert {batch.name for batch in await fleet.batches(status="completed")} == {"one", "two", "three"}


async def test_cancelling_the_task_leaves_the_batch_running(endless):
    async with endless.async_fleet() as fleet:
        await fleet.sync_instances()
        batch = await run(fleet)
        waiting = asyncio.ensure_future(batch.wait())
        async for event in batch.events():
            if event.kind == "submitted":
                break
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await batch.status()).status == "running"
        assert await fleet.unfinished() == 3
        assert (await batch.cancel()).already_finished == 0


async def test_a_batch_says_where_it_stands(fleet):
    batch = await (await run(fleet, name="<Reach>")).wait()
    assert "'<Reach>' completed: 3 completed of 3" in repr(batch)
    assert "&lt;Reach&gt;" in batch._repr_html_() and "width:100%" in batch._repr_html_()


async def test_progress_is_shown_while_it_waits(fleet, capsys):
    await (await run(fleet)).wait(progress=True)
    assert "3 completed of 3" in capsys.readouterr().err


async def test_errors_are_the_same(fleet):
    with pytest.raises(amc_fleet.InvalidInputError) as caught:
        await fleet.run_batch(sql="SELECT 'a", instances="all", window="last 30 days")
    assert (caught.value.code, caught.value.column) == ("sql_unreadable", 8)
    with pytest.raises(amc_fleet.RemoteFailedError):
        await (await fleet.run_batch(sql="SELECT a, FROM t", instances="all", window="yesterday", check="none")).wait()
    await fleet.close()
    with pytest.raises(amc_fleet.InvalidInputError, match="closed"):
        await fleet.instances()


async def test_a_waiting_fleet_works_under_a_running_loop(small):
    with small.fleet() as fleet:
        fleet.sync_instances()
        batch = fleet.run_batch(sql=SQL, instances="all", window="last 30 days")
        assert batch.wait().status().status == "completed"
