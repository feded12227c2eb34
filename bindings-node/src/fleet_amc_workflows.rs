//! Workflows saved at AMC itself.

use napi::Either;
use napi_derive::napi;

use crate::amc_workflow::AmcWorkflow;
use crate::error::host;
use crate::fleet::Fleet;
use crate::instance::{Identified, id};
use crate::record::Host;

#[napi]
impl Fleet {
    /// Lists every workflow saved at an instance of AMC. Our own batches never use them.
    ///
    /// Rejects with `unknown_instance`.
    ///
    /// ```js
    /// const [instance] = await fleet.instances();
    /// console.log((await fleet.amcWorkflows(instance)).length); // 0
    /// ```
    #[napi]
    pub async fn amc_workflows(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
    ) -> napi::Result<Vec<AmcWorkflow>> {
        self.core()?.amc_workflows(&id(instance)).await.map(Host::host).map_err(host)
    }

    /// Reads a workflow saved at an instance of AMC.
    ///
    /// Rejects with `unknown_instance` or `workflow_unknown`.
    ///
    /// ```js
    /// const [instance] = await fleet.instances();
    /// await fleet.createAmcWorkflow(instance, { workflowId: "reach", sqlQuery: sql });
    /// const { workflowId } = await fleet.amcWorkflow(instance, "reach");
    /// console.log(workflowId); // reach
    /// ```
    #[napi]
    pub async fn amc_workflow(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
        workflow_id: String,
    ) -> napi::Result<AmcWorkflow> {
        self.core()?.amc_workflow(&id(instance), &workflow_id).await.map(Host::host).map_err(host)
    }

    /// Saves a new workflow at an instance of AMC, which compiles it and runs nothing.
    ///
    /// Rejects with `workflow_exists`, or with `query_invalid` and others with AMC's words.
    ///
    /// ```js
    /// const [instance] = await fleet.instances();
    /// await fleet.createAmcWorkflow(instance, { workflowId: "daily_reach", sqlQuery: sql });
    /// ```
    #[napi]
    pub async fn create_amc_workflow(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
        workflow: AmcWorkflow,
    ) -> napi::Result<()> {
        self.core()?.create_amc_workflow(&id(instance), &workflow.into()).await.map_err(host)
    }

    /// Replaces a workflow saved at an instance of AMC, all its fields.
    ///
    /// Rejects with `workflow_unknown`, or with `query_invalid` and others with AMC's words.
    ///
    /// ```js
    /// const [instance] = await fleet.instances();
    /// await fleet.createAmcWorkflow(instance, { workflowId: "weekly_reach", sqlQuery: sql });
    /// await fleet.updateAmcWorkflow(instance, { workflowId: "weekly_reach", sqlQuery: sql });
    /// ```
    #[napi]
    pub async fn update_amc_workflow(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
        workflow: AmcWorkflow,
    ) -> napi::Result<()> {
        self.core()?.update_amc_workflow(&id(instance), &workflow.into()).await.map_err(host)
    }

    /// Deletes a workflow saved at an instance of AMC.
    ///
    /// Rejects with `workflow_unknown`, or with an `invalid_input` while a schedule of AMC's own needs it.
    ///
    /// ```js
    /// const [instance] = await fleet.instances();
    /// await fleet.createAmcWorkflow(instance, { workflowId: "old_reach", sqlQuery: sql });
    /// await fleet.deleteAmcWorkflow(instance, "old_reach");
    /// ```
    #[napi]
    pub async fn delete_amc_workflow(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
        workflow_id: String,
    ) -> napi::Result<()> {
        self.core()?.delete_amc_workflow(&id(instance), &workflow_id).await.map_err(host)
    }
}
