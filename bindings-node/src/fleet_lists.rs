//! Lists of batches and workflows.

use std::fmt;

use amc_fleet::{BatchFilter, WorkflowFilter};
use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env, JsDate};
use napi_derive::napi;

use crate::batch::Batch;
use crate::error::host;
use crate::fleet::{Fleet, page};
use crate::record::Host;
use crate::run::word;
use crate::schedules::instant;
use crate::workflow::Workflow;

/// Which batches are listed.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct BatchesOptions<'a> {
    /// Only those with this text in their name, description or key, in any case.
    pub text: Option<String>,
    /// Only those on the instance of this AMC id, among others.
    pub instance: Option<String>,
    /// Only those with this status.
    #[napi(ts_type = "BatchReport['status']")]
    pub status: Option<String>,
    /// Only those written at or after.
    #[napi(ts_type = "string | Date")]
    pub created_from: Option<Either<String, JsDate<'a>>>,
    /// Only those written before.
    #[napi(ts_type = "string | Date")]
    pub created_before: Option<Either<String, JsDate<'a>>>,
    /// In which order; the newest first where absent.
    #[napi(ts_type = "'newest' | 'oldest' | 'name'")]
    pub sort: Option<String>,
    /// How many at most; 20 where absent.
    pub limit: Option<u32>,
    /// How many to pass over; none where absent.
    pub offset: Option<u32>,
}

impl BatchesOptions<'_> {
    fn filter(self) -> napi::Result<BatchFilter> {
        Ok(BatchFilter {
            text: self.text,
            instance: self.instance,
            workflow: None,
            status: self.status.as_deref().map(str::parse).transpose().map_err(host)?,
            created_from: instant(self.created_from)?,
            created_before: instant(self.created_before)?,
            sort: word(self.sort).map_err(host)?,
        })
    }
}

/// Which workflows are listed.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct WorkflowsOptions<'a> {
    /// Only those with this text in their name, description or query, in any case.
    pub text: Option<String>,
    /// Only those that ran, or are to run, on the instance of this AMC id.
    pub instance: Option<String>,
    /// Only those last changed at or after.
    #[napi(ts_type = "string | Date")]
    pub updated_from: Option<Either<String, JsDate<'a>>>,
    /// Only those last changed before.
    #[napi(ts_type = "string | Date")]
    pub updated_before: Option<Either<String, JsDate<'a>>>,
    /// In which order, the newest being the last changed; by name where absent.
    #[napi(ts_type = "'name' | 'newest' | 'oldest'")]
    pub sort: Option<String>,
    /// How many at most; 20 where absent.
    pub limit: Option<u32>,
    /// How many to pass over; none where absent.
    pub offset: Option<u32>,
}

impl WorkflowsOptions<'_> {
    fn filter(self) -> napi::Result<WorkflowFilter> {
        Ok(WorkflowFilter {
            text: self.text,
            instance: self.instance,
            updated_from: instant(self.updated_from)?,
            updated_before: instant(self.updated_before)?,
            sort: word(self.sort).map_err(host)?,
        })
    }
}

macro_rules! told_by_text {
    ($($name:ident)*) => {
        $(impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("text", &self.text).finish_non_exhaustive()
            }
        })*
    };
}

told_by_text!(BatchesOptions WorkflowsOptions);

#[napi]
impl Fleet {
    /// Lists batches.
    ///
    /// Rejects with `unknown_status`, `unknown_sort`, `instant_invalid` or `instant_naive`.
    ///
    /// ```js
    /// const newest = await fleet.batches({ text: "reach", limit: 1 });
    /// console.log(newest.length); // 1
    /// ```
    #[napi(ts_return_type = "Promise<Array<Batch>>")]
    pub fn batches<'e>(
        &self,
        env: &'e Env,
        options: Option<BatchesOptions<'_>>,
    ) -> napi::Result<PromiseRaw<'e, Vec<Batch>>> {
        let options = options.unwrap_or_default();
        let (fleet, page) = (self.core()?.clone(), page(options.limit, options.offset));
        let filter = options.filter()?;
        env.spawn_future(async move {
            let found = fleet.batches(&filter, page).await.map_err(host)?;
            Ok(found.items.into_iter().map(Batch::from).collect())
        })
    }

    /// Lists workflows.
    ///
    /// Rejects with `unknown_sort`, `instant_invalid` or `instant_naive`.
    ///
    /// ```js
    /// const names = (await fleet.workflows({ text: "reach" })).map((workflow) => workflow.name);
    /// console.log(names); // ["Reach by campaign"]
    /// ```
    #[napi(ts_return_type = "Promise<Array<Workflow>>")]
    pub fn workflows<'e>(
        &self,
        env: &'e Env,
        options: Option<WorkflowsOptions<'_>>,
    ) -> napi::Result<PromiseRaw<'e, Vec<Workflow>>> {
        let options = options.unwrap_or_default();
        let (fleet, page) = (self.core()?.clone(), page(options.limit, options.offset));
        let filter = options.filter()?;
        env.spawn_future(async move {
            fleet.workflows(&filter, page).await.map(|found| found.items.host()).map_err(host)
        })
    }
}
