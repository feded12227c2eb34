//! What a fleet would run, and what is wrong with a query: AMC hears nothing.

use napi::Either;
use napi_derive::napi;
use serde_json::Value;

use crate::error::host;
use crate::fleet::Fleet;
use crate::functions::linted;
use crate::instance::Identified;
use crate::query::{Finding, Preview};
use crate::record::Host;
use crate::run::RunOptions;
use crate::templates;
use crate::workflow::Workflow;

#[napi]
impl Fleet {
    /// Shows what a batch would run, exactly, and what is said about it. Nothing is written and AMC hears nothing.
    ///
    /// Rejects as `runBatch`, but that a fleet need not know any instance.
    ///
    /// ```js
    /// const { runs } = await fleet.preview(null, { sql: "SELECT COUNT(1) AS n\nFROM t", instances: "all", window: "last 30 days" });
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

    /// Says what AMC will refuse about a query, or may read in another way, without asking it.
    ///
    /// ```js
    /// const [finding] = await fleet.lint("SELECT user_id FROM t GROUP BY 1");
    /// console.log(finding.code); // raw_user_id
    /// ```
    #[napi(ts_return_type = "Promise<Finding[]>")]
    pub fn lint(
        &self,
        sql: String,
        #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
        data_sources: Option<Value>,
        #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
        declarations: Option<Value>,
    ) -> napi::Result<Vec<Finding>> {
        let fleet = self.core()?;
        linted(data_sources.as_ref(), declarations, |options| fleet.lint(&sql, options))
    }

    /// Saves a workflow that is made of a template, under the template's name where none is given.
    ///
    /// Rejects with `template_invalid`, its `line` and its `column`.
    ///
    /// ```js
    /// const [template] = starterTemplates();
    /// const { name } = await fleet.useTemplate(template);
    /// console.log(name === template.name); // true
    /// ```
    #[napi]
    pub async fn use_template(
        &self,
        #[napi(ts_arg_type = "Record<string, any>")] template: Value,
        name: Option<String>,
    ) -> napi::Result<Workflow> {
        let template = templates::read(template)?;
        self.core()?.use_template(&template, name).await.map(Host::host).map_err(host)
    }
}
