import amc_fleet, polars as pl

with amc_fleet.Fleet("sqlite://fleet.db", credentials=amc_fleet.Credentials.from_env()) as fleet:
    fleet.sync_instances()
    workflow = fleet.save_workflow("Reach by campaign", sql=open("reach.sql").read())
    batch = fleet.run_batch(workflow, instances=fleet.instances(), window="last 30 days")
    batch.wait(progress=True)
    results = batch.results()
    print(pl.DataFrame(results))            # Arrow PyCapsule, no pyarrow needed
    results.write_csv("reach.csv")
