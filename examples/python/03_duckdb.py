import amc_fleet, duckdb

with amc_fleet.Fleet("sqlite://fleet.db", credentials=amc_fleet.Credentials.from_env()) as fleet:
    fleet.sync_instances()
    workflow = fleet.save_workflow("Reach by campaign", sql=open("reach.sql").read())
    batch = fleet.run_batch(workflow, instances=fleet.instances(), window="last 30 days")
    batch.wait()
    results = batch.results()
    results.write_csv("reach.csv")
    # DuckDB reads the Arrow stream of `results` itself, batch by batch.
    print(duckdb.sql("SELECT campaign, max(reach) AS largest, sum(cost) AS cost FROM results GROUP BY campaign"))
