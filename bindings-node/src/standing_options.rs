//! What standing work is asked for with, as JavaScript gives it.

use amc_fleet::fleet::seconds;
use amc_fleet::model::{BackfillOptions as CoreBackfillOptions, ScheduleOptions as CoreScheduleOptions};
use amc_fleet::scheduler::Day;
use amc_fleet::{BackfillSpec, Error, Instances, ReportRunSpec, ReportSpec, Result, ScheduleSpec};
use napi::bindgen_prelude::Either3;
use napi::{Either, JsDate};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::instance::{Identified, id};
use crate::run::{Selection, chosen, word};
use crate::schedules::text;

/// Instances as themselves or by id, the word `all`, or what selects them.
type Given = Either3<Vec<Either<String, Identified>>, String, Selection>;

/// What a report asks for again and again.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct ReportOptions {
    /// Its workflow, as itself, by id or by name; or give `sql`.
    #[napi(ts_type = "string | Pick<Workflow, 'id'>")]
    pub workflow: Option<Either<String, Identified>>,
    /// Its own query.
    pub sql: Option<String>,
    /// What it runs on, worked out anew at each run; `all` where absent.
    #[napi(
        ts_type = "ReadonlyArray<string | Pick<Instance, 'id'>> | 'all' | Partial<Record<'ids' | 'tags' | 'brand' | 'region' | 'account' | 'type', string | ReadonlyArray<string>>>"
    )]
    pub instances: Option<Given>,
    /// The window, for example `last 7 days`; the workflow's own where absent.
    pub window: Option<String>,
    /// The zone of the window: a name, or `instance` for each instance's own; UTC where absent.
    pub timezone: Option<String>,
    /// Parameter values for all instances.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
    /// Parameter values by instance id, over the shared ones.
    #[napi(ts_type = "Record<string, Record<string, unknown>>")]
    pub instance_parameters: Option<Map<String, Value>>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it may run; it may where absent.
    pub is_active: Option<bool>,
}

impl ReportOptions {
    pub(crate) fn spec(self, name: String) -> Result<ReportSpec> {
        let own = ReportSpec::default();
        Ok(ReportSpec {
            name,
            workflow: self.workflow.map(id),
            sql: self.sql,
            instances: instances(self.instances)?.unwrap_or(own.instances),
            window: self.window,
            timezone: self.timezone.unwrap_or(own.timezone),
            parameters: self.parameters.unwrap_or_default(),
            instance_parameters: self.instance_parameters.unwrap_or_default(),
            description: self.description,
            is_active: self.is_active.unwrap_or(own.is_active),
        })
    }
}

/// How one run of a report differs from the report.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct ReportRunOptions {
    /// What it runs on; what the report says where absent.
    #[napi(
        ts_type = "ReadonlyArray<string | Pick<Instance, 'id'>> | 'all' | Partial<Record<'ids' | 'tags' | 'brand' | 'region' | 'account' | 'type', string | ReadonlyArray<string>>>"
    )]
    pub instances: Option<Given>,
    /// The window; the report's where absent.
    pub window: Option<String>,
    /// Parameter values over those of the report.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
    /// The same key with the same content gives the same run.
    pub key: Option<String>,
    /// What asks for it: a person where absent, or another program.
    #[napi(ts_type = "'manual' | 'api'")]
    pub triggered_by: Option<String>,
    /// Whether it may take results of runs that ask AMC the same, as in `runBatch`; not where absent.
    pub reuse: Option<bool>,
}

impl ReportRunOptions {
    pub(crate) fn spec(self) -> Result<ReportRunSpec> {
        let Self { instances: given, window, parameters, key, triggered_by, reuse } = self;
        Ok(ReportRunSpec {
            instances: instances(given)?,
            window,
            parameters: parameters.unwrap_or_default(),
            key,
            triggered_by: word(triggered_by)?,
            reuse: reuse.unwrap_or_default(),
        })
    }
}

/// Which reports are listed.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct ReportListOptions {
    /// Only those with this text in their name or description.
    pub text: Option<String>,
    /// Only those that may run, or may not.
    pub is_active: Option<bool>,
    /// How many at most; 20 where absent.
    pub limit: Option<u32>,
    /// How many to pass over; none where absent.
    pub offset: Option<u32>,
}

/// How a schedule behaves.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct ScheduleOptions {
    /// The zone in whose local time it fires; the report's where absent.
    pub timezone: Option<String>,
    /// The zone of the windows: a name, or `instance`; the report's where absent.
    pub window_timezone: Option<String>,
    /// Parameter values over those of the report.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
    /// What becomes of ticks that nobody was there to fire; the last fires where absent.
    #[napi(ts_type = "'none' | 'last' | 'all'")]
    pub catch_up: Option<String>,
    /// How many seconds back ticks are made up; 31 days where absent.
    pub catch_up_window: Option<f64>,
    /// What a tick does while the run before it has not ended; it waits where absent.
    #[napi(ts_type = "'skip' | 'queue' | 'allow'")]
    pub overlap: Option<String>,
    /// Whether a tick waits until the data of its window are complete, 48 hours after its end; it does where absent.
    #[napi(ts_type = "'wait' | 'immediate'")]
    pub freshness: Option<String>,
    /// Ticks fire up to so many seconds later, each by its own amount.
    pub jitter: Option<f64>,
    /// After so many failures in a row it pauses itself.
    pub pause_after_failures: Option<u32>,
    /// Whether its runs may take results of runs that ask AMC the same, as in `runBatch`; they may where absent.
    pub reuse: Option<bool>,
}

impl ScheduleOptions {
    pub(crate) fn spec(self, expression: String) -> Result<ScheduleSpec> {
        let own = CoreScheduleOptions::default();
        let options = CoreScheduleOptions {
            window_timezone: self.window_timezone,
            parameters: self.parameters.unwrap_or_default(),
            catch_up: word(self.catch_up)?,
            catch_up_seconds: span("catchUpWindow", self.catch_up_window, own.catch_up_seconds)?,
            overlap: word(self.overlap)?,
            freshness: word(self.freshness)?,
            jitter_seconds: span("jitter", self.jitter, own.jitter_seconds)?,
            pause_after_failures: self.pause_after_failures,
            reuse: self.reuse.unwrap_or(own.reuse),
        };
        Ok(ScheduleSpec { expression, timezone: self.timezone, options })
    }
}

/// The days of a backfill and how it goes about them.
#[napi(object, object_to_js = false)]
pub struct BackfillOptions<'a> {
    /// The first day.
    #[napi(ts_type = "string | Date")]
    pub start: Either<String, JsDate<'a>>,
    /// The day after the last; today where absent.
    #[napi(ts_type = "string | Date")]
    pub end: Option<Either<String, JsDate<'a>>>,
    /// How long a segment is; weeks begin on Monday.
    #[napi(ts_type = "'daily' | 'weekly' | 'monthly' | 'quarterly'")]
    pub segment_type: String,
    /// What it runs on; what the report says where absent.
    #[napi(
        ts_type = "ReadonlyArray<string | Pick<Instance, 'id'>> | 'all' | Partial<Record<'ids' | 'tags' | 'brand' | 'region' | 'account' | 'type', string | ReadonlyArray<string>>>"
    )]
    pub instances: Option<Given>,
    /// The zone whose days they are: a name, or `instance`; the report's where absent.
    pub timezone: Option<String>,
    /// What becomes of a first or last segment that the range cuts; it is kept where absent.
    #[napi(ts_type = "'keep' | 'drop'")]
    pub partial: Option<String>,
    /// Which segments go first; the oldest where absent, as AMC forgets them first.
    #[napi(ts_type = "'oldest_first' | 'newest_first'")]
    pub order: Option<String>,
    /// How many segments run at once; 5 where absent.
    pub parallelism: Option<u32>,
    /// How often a segment that failed is tried again by itself; twice where absent.
    pub retries: Option<u32>,
    /// The most days it may have; 365 where absent.
    pub max_days: Option<u32>,
}

impl std::fmt::Debug for BackfillOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackfillOptions").field("segment_type", &self.segment_type).finish_non_exhaustive()
    }
}

impl BackfillOptions<'_> {
    /// The days as text, which outlives the call of JavaScript, and the rest.
    pub(crate) fn spec(self) -> napi::Result<Result<BackfillSpec>> {
        let (start, end) = (text(self.start)?, self.end.map(text).transpose()?);
        let rest = Rest {
            segment_type: self.segment_type,
            instances: self.instances,
            timezone: self.timezone,
            partial: self.partial,
            order: self.order,
            limits: [self.parallelism, self.retries, self.max_days],
        };
        Ok(rest.spec(&start, end.as_deref()))
    }
}

struct Rest {
    segment_type: String,
    instances: Option<Given>,
    timezone: Option<String>,
    partial: Option<String>,
    order: Option<String>,
    limits: [Option<u32>; 3],
}

impl Rest {
    /// The core's own where something is not given.
    fn spec(self, start: &str, end: Option<&str>) -> Result<BackfillSpec> {
        let own = BackfillSpec::new(start.parse::<Day>()?.0, self.segment_type.parse()?);
        let [parallelism, retries, max_days] = self.limits;
        Ok(BackfillSpec {
            end: end.map(str::parse::<Day>).transpose()?.map(|day| day.0),
            instances: instances(self.instances)?,
            timezone: self.timezone,
            partial: word(self.partial)?,
            options: CoreBackfillOptions {
                order: word(self.order)?,
                parallelism: parallelism.unwrap_or(own.options.parallelism),
                retries: retries.unwrap_or(own.options.retries),
            },
            max_days: max_days.unwrap_or(own.max_days),
            ..own
        })
    }
}

fn instances(given: Option<Given>) -> Result<Option<Instances>> {
    given.map(chosen).transpose()
}

fn span(name: &'static str, given: Option<f64>, own: u32) -> Result<u32> {
    let Some(given) = given else { return Ok(own) };
    u32::try_from(seconds(name, given)?.as_secs())
        .map_err(|error| Error::invalid("span_too_long", "a span is too long").caused_by(error))
}
