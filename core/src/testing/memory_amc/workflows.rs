//! Workflows saved at an instance in memory. Nothing compiles them.

use super::State;
use crate::client::{AmcWorkflow, Target};
use crate::error::{Error, ErrorKind, Result};

impl State {
    pub(super) fn list_workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        self.admitted(target)?;
        let own = self.workflows.iter().filter(|((instance, _), _)| *instance == target.instance_id);
        Ok(own.map(|(_, workflow)| workflow.clone()).collect())
    }

    pub(super) fn read_workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        self.admitted(target)?;
        self.workflows.get(&key(target, workflow_id)).cloned().ok_or_else(|| unknown(target, workflow_id))
    }

    pub(super) fn create_workflow(&mut self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.admitted(target)?;
        let key = key(target, &workflow.workflow_id);
        if self.workflows.contains_key(&key) {
            let message = format!("Workflow with ID {} already exists.", workflow.workflow_id);
            return Err(
                Error::new(ErrorKind::Conflict, "workflow_exists", message).instances([&target.instance_id])
            );
        }
        self.workflows.insert(key, workflow.clone());
        Ok(())
    }

    pub(super) fn update_workflow(&mut self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.read_workflow(target, &workflow.workflow_id)?;
        self.workflows.insert(key(target, &workflow.workflow_id), workflow.clone());
        Ok(())
    }

    pub(super) fn delete_workflow(&mut self, target: &Target, workflow_id: &str) -> Result<()> {
        self.read_workflow(target, workflow_id)?;
        self.workflows.remove(&key(target, workflow_id));
        Ok(())
    }
}

fn key(target: &Target, workflow_id: &str) -> (String, String) {
    (target.instance_id.clone(), workflow_id.to_owned())
}

fn unknown(target: &Target, workflow_id: &str) -> Error {
    let message = format!("Workflow with ID {workflow_id} does not exist.");
    Error::not_found("workflow_unknown", message).instances([&target.instance_id])
}
