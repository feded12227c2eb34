//! AMC's own saved workflows (AMC-API, section 3.2).

use reqwest::Method;
use serde_json::json;

use super::call::Call;
use super::{HttpClient, PAGE, json_of, wire};
use crate::client::{AmcWorkflow, Target};
use crate::error::Result;
use crate::model::CallKind;

impl HttpClient {
    pub(super) async fn list_workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        let call = of(target, "for the workflows of", &[])?.query("limit", &PAGE.to_string());
        self.list(call, wire::workflows, usize::MAX).await
    }

    pub(super) async fn read_workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        let call = of(target, "for a workflow of", &[workflow_id])?;
        self.ask(&call, |answer| json_of(answer, &call.what, wire::workflow)).await
    }

    /// Sent once: AMC would refuse a repetition of a create that it took.
    pub(super) async fn post_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        let call = of(target, "to save a workflow on", &[])?;
        let call = call.writing(Method::POST, &json!(workflow), self.settings.request_timeout);
        Ok(self.exchange.once(&call).await.map(drop)?)
    }

    pub(super) async fn put_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        let call = of(target, "to replace a workflow of", &[&workflow.workflow_id])?;
        let call = call.writing(Method::PUT, &json!(workflow), self.settings.request_timeout);
        self.ask(&call, |_| Ok(())).await
    }

    pub(super) async fn remove_workflow(&self, target: &Target, workflow_id: &str) -> Result<()> {
        let call = of(target, "to delete a workflow of", &[workflow_id])?;
        let call = call.writing(Method::DELETE, &json!({}), self.settings.request_timeout);
        self.ask(&call, |_| Ok(())).await
    }
}

fn of(target: &Target, what: &str, rest: &[&str]) -> Result<Call> {
    Call::of_instance(CallKind::Workflow, what, target, "workflows", rest)
}
