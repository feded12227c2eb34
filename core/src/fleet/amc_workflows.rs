//! AMC's own saved workflows, by plain create, read, list, update and delete. Our runs never use them.

use super::Fleet;
use super::selection::one;
use crate::client::{AmcWorkflow, Target};
use crate::error::Result;

impl Fleet {
    /// Lists every workflow saved at an instance of AMC. The instance is named by AMC's id or by ours.
    ///
    /// # Errors
    /// `NotFound` (`unknown_instance`), and whatever AMC answers.
    pub async fn amc_workflows(&self, instance: &str) -> Result<Vec<AmcWorkflow>> {
        self.client()?.workflows(&self.target(instance).await?).await
    }

    /// Reads a workflow saved at an instance of AMC.
    ///
    /// # Errors
    /// `NotFound` (`unknown_instance`, `workflow_unknown`).
    pub async fn amc_workflow(&self, instance: &str, workflow_id: &str) -> Result<AmcWorkflow> {
        self.client()?.workflow(&self.target(instance).await?, workflow_id).await
    }

    /// Saves a new workflow at an instance of AMC, which compiles it and runs nothing.
    ///
    /// # Errors
    /// `Conflict` (`workflow_exists`); `InvalidInput` (`query_invalid`, …) with AMC's words. After an error that may
    /// pass, read the workflow to learn whether AMC took it.
    pub async fn create_amc_workflow(&self, instance: &str, workflow: &AmcWorkflow) -> Result<()> {
        self.client()?.create_workflow(&self.target(instance).await?, workflow).await
    }

    /// Replaces a workflow saved at an instance of AMC, all its fields.
    ///
    /// # Errors
    /// `NotFound` (`workflow_unknown`); `InvalidInput` (`query_invalid`, …) with AMC's words.
    pub async fn update_amc_workflow(&self, instance: &str, workflow: &AmcWorkflow) -> Result<()> {
        self.client()?.update_workflow(&self.target(instance).await?, workflow).await
    }

    /// Deletes a workflow saved at an instance of AMC.
    ///
    /// # Errors
    /// `NotFound` (`workflow_unknown`); `InvalidInput` while a schedule of AMC's own needs it.
    pub async fn delete_amc_workflow(&self, instance: &str, workflow_id: &str) -> Result<()> {
        self.client()?.delete_workflow(&self.target(instance).await?, workflow_id).await
    }

    async fn target(&self, instance: &str) -> Result<Target> {
        Ok(one(&self.all_instances().await?, instance)?.target())
    }
}
