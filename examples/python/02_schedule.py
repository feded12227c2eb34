import amc_fleet

with amc_fleet.Fleet("sqlite://fleet.db", credentials=amc_fleet.Credentials.from_env(), schedules=True) as fleet:
    fleet.sync_instances()
    workflow = fleet.save_workflow("Reach by campaign", sql=open("reach.sql").read())
    report = fleet.save_report("Monday report", workflow=workflow, window="last 7 days", timezone="Europe/Berlin")
    schedule = fleet.schedule(report, "weekly on Monday at 06:00", pause_after_failures=3)
    print(schedule.says)
    for run in fleet.next_runs(schedule, 3):
        print(run.isoformat())
    fleet.run_report(report).wait()  # the first one at once
    print(fleet.reports()[0], fleet.overdue())
