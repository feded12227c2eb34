//! What a fleet would run, and what is wrong with a query: AMC hears nothing.

use amc_fleet::LintSpec;
use napi::Either;
use napi_derive::napi;
use serde_json::Value;

use crate::error::host;
use crate::fleet::Fleet;
use crate::functions::declared;
use crate::instance::{Identified, id};
use crate::query::{Finding, Preview};
use crate::record::Host;
use crate::run::RunOptions;

#[napi]
impl Fleet {
    /// Shows what a batch would run, exactly, and what is said about it. Nothing is written and AMC hears nothing.
    ///
    /// Rejects as `runBatch`, but that a fleet need not know any instance.
    ///
    /// ```js
    /// const { runs } = await fleet.preview(null, { sql: "SELECT COUNT(1) AS n FROM t", instances: "all", window: "last 30 days" });
    /// console.log(runs[0].sql); // SELECT COUNT(1) AS n FROM t
    /// ```
    #[napi]
    pub async fn preview(
        &self,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'> | null | undefined")] workflow: Option<
            Either<String, Identified>,
        >,
        options: RunOptions,
    ) -> napi::Result<Preview> {
        let spec = options.spec(workflow).map_err(host)?;
        self.core()?.preview(spec).await.map(Host::host).map_err(host)
    }

    /// Says what AMC will refuse about a query, or may read in another way, without asking it: against the tables that are
    /// given, or those an instance listed at the last sync; with neither no table and no column is unknown.
    ///
    /// Rejects with `data_sources_unreadable`, `declaration_invalid` or `unknown_instance`.
    ///
    /// ```js
    /// const [finding] = await fleet.lint("SELECT user_id FROM t GROUP BY 1");
    /// console.log(finding.code); // raw_user_id
    /// ```
    #[napi]
    pub async fn lint(
        &self,
        sql: String,
        #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
        data_sources: Option<Value>,
        #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
        declarations: Option<Value>,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'> | null")] instance: Option<
            Either<String, Identified>,
        >,
    ) -> napi::Result<Vec<Finding>> {
        let declarations = declarations.map(|given| declared(Some(given))).transpose().map_err(host)?;
        let spec = LintSpec { data_sources, instance: instance.map(id), declarations };
        self.core()?.lint(&sql, spec).await.map(Host::host).map_err(host)
    }
}
