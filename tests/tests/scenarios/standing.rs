//! Reports, schedules, backfills and lineage in scenarios.

use amc_fleet::model::ScheduleOptions;
use amc_fleet::scheduler::{Day, Instant};
use amc_fleet::{
    BackfillReport, BackfillSpec, Error, Fleet, Instances, Missing, PageRequest, Report, ReportFilter,
    ReportSpec, Result, Results, Schedule, ScheduleSpec, TickRecord,
};
use serde_json::{Map, Value, json};

fn text(arguments: &Value, name: &str) -> Option<String> {
    arguments[name].as_str().map(str::to_owned)
}

fn named<'a>(arguments: &'a Value, name: &str) -> &'a str {
    arguments[name].as_str().unwrap_or_default()
}

fn instances(arguments: &Value) -> Option<Instances> {
    let ids = arguments["instances"].as_array()?;
    Some(Instances::ids(ids.iter().filter_map(Value::as_str)))
}

pub(crate) async fn on_reports(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Option<Value>> {
    Ok(Some(match verb {
        "save_report" => report(&fleet.save_report(spec(arguments)).await?),
        "reports" => {
            let filter = ReportFilter { text: text(arguments, "text"), is_active: None };
            let found = fleet.reports(&filter, PageRequest::default()).await?.items;
            let shown = found.iter().map(|it| {
                json!({
                    "report": report(&it.report),
                    "run_count": it.run_count,
                    "completed_count": it.completed_count,
                    "success_rate": it.success_rate(),
                    "last_status": it.last_status.map(|status| status.as_str()),
                })
            });
            shown.collect()
        }
        "deactivate_report" => {
            fleet.activate_report(named(arguments, "report"), false).await.map(|()| Value::Null)?
        }
        "trace" => serde_json::to_value(fleet.trace(named(arguments, "execution_id")).await?).unwrap(),
        "verify" => {
            fleet.verify().await?.into_iter().map(|it| json!({"code": it.code, "id": it.id})).collect()
        }
        _ => return on_schedules(fleet, verb, arguments).await,
    }))
}

async fn on_schedules(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Option<Value>> {
    let id = named(arguments, "schedule");
    Ok(Some(match verb {
        "schedule" => {
            let spec = schedule_spec(arguments)?;
            schedule(&fleet.schedule_report(named(arguments, "report"), spec).await?)
        }
        "schedules" => {
            let found = fleet.schedules(arguments["report"].as_str(), PageRequest::default()).await?;
            found.items.iter().map(schedule).collect()
        }
        "pause" => fleet.pause(id, text(arguments, "note")).await.map(|()| Value::Null)?,
        "resume" => fleet.resume(id).await.map(|()| Value::Null)?,
        "archive_schedule" => fleet.archive_schedule(id).await.map(|()| Value::Null)?,
        "ticks" => fleet.ticks(id, 20).await?.iter().map(tick).collect(),
        "fire" => tick(&fleet.fire(id, named(arguments, "nominal_at").parse::<Instant>()?.0).await?),
        "overdue" => fleet.overdue().await?.iter().map(|it| json!({"report_name": it.report_name})).collect(),
        _ => return on_backfills(fleet, verb, arguments).await,
    }))
}

async fn on_backfills(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Option<Value>> {
    let (of, id) = (named(arguments, "report"), named(arguments, "backfill"));
    Ok(Some(match verb {
        "plan_backfill" => {
            let plan = fleet.plan_backfill(of, &range(arguments)?).await?;
            let segments = plan.segments.iter();
            let segments = segments.map(|it| json!({"name": it.window.label(), "is_partial": it.is_partial}));
            json!({
                "segments": segments.collect::<Vec<_>>(),
                "instance_ids": plan.instance_ids,
                "runs": plan.runs,
                "estimated_seconds": plan.estimated_seconds,
            })
        }
        "backfill" => backfill(&fleet.backfill(of, &range(arguments)?).await?),
        "dataset" => {
            let day = |name| Ok::<_, Error>(named(arguments, name).parse::<Day>()?.0);
            let missing: Missing = arguments["missing"].as_str().unwrap_or("raise").parse()?;
            table(&fleet.dataset(of, day("start")?, day("end")?, missing).await?)
        }
        "wait_backfill" => backfill(&fleet.wait_backfill(id, None).await?),
        "backfill_segments" => {
            let rows = fleet.backfill_segments(id).await?;
            let shown = rows.into_iter().map(|it| {
                json!({
                    "first_day": it.first_day.to_string(),
                    "end_day": it.last_day.to_string(),
                    "status": it.status.as_str(),
                    "record_count": it.record_count,
                    "attempt": it.attempt,
                    "reason": it.reason,
                    "execution_id": it.execution.map(|execution| execution.public()),
                    "amc_execution_id": it.amc_execution_id,
                })
            });
            shown.collect()
        }
        _ => return Ok(None),
    }))
}

/// A result as a scenario sees it: its summary and the names of its columns.
pub(crate) fn table(results: &Results) -> Value {
    let mut shown = serde_json::to_value(results.summary()).unwrap();
    shown["columns"] = results.schema().fields().iter().map(|field| field.name().as_str()).collect();
    shown
}

fn tick(it: &TickRecord) -> Value {
    json!({"outcome": it.outcome.as_str(), "batch_id": it.batch.map(|batch| batch.public())})
}

fn spec(arguments: &Value) -> ReportSpec {
    let own = ReportSpec::default();
    ReportSpec {
        name: named(arguments, "name").to_owned(),
        workflow: text(arguments, "workflow"),
        sql: text(arguments, "sql"),
        instances: instances(arguments).unwrap_or_default(),
        window: text(arguments, "window"),
        timezone: text(arguments, "timezone").unwrap_or(own.timezone.clone()),
        ..own
    }
}

pub(crate) fn report(it: &Report) -> Value {
    json!({"id": it.id.public(), "name": it.name, "timezone": it.timezone, "is_active": it.is_active})
}

fn schedule_spec(arguments: &Value) -> Result<ScheduleSpec> {
    let own = ScheduleOptions::default();
    let options = ScheduleOptions {
        catch_up: text(arguments, "catch_up").map_or(Ok(own.catch_up), |word| word.parse())?,
        overlap: text(arguments, "overlap").map_or(Ok(own.overlap), |word| word.parse())?,
        pause_after_failures: arguments["pause_after_failures"].as_u64().map(|it| u32::try_from(it).unwrap()),
        parameters: Map::new(),
        ..own
    };
    let expression = named(arguments, "expression").to_owned();
    Ok(ScheduleSpec { expression, timezone: text(arguments, "timezone"), options })
}

fn schedule(it: &Schedule) -> Value {
    json!({
        "id": it.id.public(),
        "report_id": it.report.public(),
        "expression": it.expression,
        "says": it.says(),
        "timezone": it.timezone,
        "catch_up": it.options.catch_up.as_str(),
        "overlap": it.options.overlap.as_str(),
        "freshness": it.options.freshness.as_str(),
        "run_count": it.history.run_count,
        "failed_count": it.history.failed_count,
        "last_status": it.history.last_status,
        "pause_after_failures": it.options.pause_after_failures,
        "paused_at": it.paused_at,
        "pause_note": it.pause_note,
    })
}

fn range(arguments: &Value) -> Result<BackfillSpec> {
    let day = |name: &str| text(arguments, name).map(|text| text.parse::<Day>()).transpose();
    let own = BackfillSpec::new(day("start")?.unwrap().0, named(arguments, "segment_type").parse()?);
    let max_days = arguments["max_days"].as_u64().map(|it| u32::try_from(it).unwrap());
    Ok(BackfillSpec {
        end: day("end")?.map(|day| day.0),
        instances: instances(arguments),
        max_days: max_days.unwrap_or(own.max_days),
        ..own
    })
}

fn backfill(it: &BackfillReport) -> Value {
    json!({
        "id": it.collection.id.public(),
        "status": it.status,
        "total": it.total,
        "completed": it.completed,
        "failed": it.failed,
        "provisional": it.provisional,
        "record_count": it.record_count,
        "start_date": it.collection.start_date.to_string(),
        "end_date": it.collection.end_date.to_string(),
        "timezone": it.collection.timezone,
    })
}
