from datetime import date, timedelta

import amc_fleet

eight_weeks = date.today() - timedelta(weeks=8)

with amc_fleet.Fleet("sqlite://fleet.db", credentials=amc_fleet.Credentials.from_env()) as fleet:
    fleet.sync_instances()
    workflow = fleet.save_workflow("Reach by campaign", sql=open("reach.sql").read())
    report = fleet.save_report("Monday report", workflow=workflow, window="last 7 days", timezone="Europe/Berlin")
    new_client = fleet.instances()[:1]
    print(fleet.plan_backfill(report, instances=new_client, start=eight_weeks, segment_type="weekly"))
    history = fleet.backfill(report, instances=new_client, start=eight_weeks, segment_type="weekly")
    print(fleet.wait_backfill(history))
    for segment in fleet.backfill_segments(history):
        print(segment.first_day, segment.status, segment.amc_execution_id, segment.record_count)
