//! What the engine does for runs: their queries checked, their results computed.

use std::sync::Arc;

use tokio::runtime::Handle;

use crate::csv::Dialect;
use crate::output::{Layout, Output};
use crate::query::{OutputColumn, Query, Refusal};
use crate::service::Service;
use crate::world::Job;
use crate::world::execution::{Key, Status};
use crate::world::workflow::Workflow;

impl Service {
    /// Sets the engine to work.
    pub(super) fn work(self: &Arc<Self>, jobs: Vec<Job>) {
        for job in jobs {
            tokio::spawn(Arc::clone(self).run(job));
        }
    }

    async fn run(self: Arc<Self>, job: Job) {
        match job {
            Job::Compile(key) => {
                let found = self.check(key).await;
                self.world(|world, now| world.record_compiled(key, found, now));
            }
            Job::Execute(key) => {
                let outcome = self.compute(key).await;
                self.world(|world, now| world.record_outcome(key, outcome, now));
            }
        }
        self.engine_done.notify_waiters();
    }

    /// Checks a run's query in a task of its own: a panic of the engine is that run's alone.
    async fn check(self: &Arc<Self>, key: Key) -> Result<Vec<OutputColumn>, Refusal> {
        let (workflow, query) = {
            let execution = &self.world.lock().executions[key];
            (execution.order.workflow.clone(), execution.query())
        };
        let service = Arc::clone(self);
        let found = tokio::spawn(async move { service.compile(&workflow, &query).await });
        found.await.map_err(|_| interrupted())?
    }

    /// Checks a workflow's query and that its columns are those that were promised.
    pub(crate) async fn compile(
        &self,
        workflow: &Workflow,
        query: &Query,
    ) -> Result<Vec<OutputColumn>, Refusal> {
        let columns = self.engine.compile(query).await?;
        workflow.check_columns(&columns)?;
        Ok(columns)
    }

    /// Computes a result on a thread of its own, so that requests are answered meanwhile.
    async fn compute(self: &Arc<Self>, key: Key) -> Result<Output, Refusal> {
        let _worker = self.workers.acquire().await.map_err(|_| interrupted())?;
        let (query, layout) = {
            let world = self.world.lock();
            let execution = &world.executions[key];
            if execution.status != Status::Running {
                return Err(interrupted());
            }
            (execution.query(), self.layout(execution.order.workflow.dialect()))
        };
        let (service, runtime) = (Arc::clone(self), Handle::current());
        let result = async move { layout.write(service.engine.execute(&query).await?).await };
        tokio::task::spawn_blocking(move || runtime.block_on(result)).await.map_err(|_| interrupted())?
    }

    fn layout(&self, dialect: Dialect) -> Layout {
        Layout {
            dialect,
            part_rows: self.options.part_rows,
            headers: self.options.switches.part_headers,
            max_rows: self.options.switches.max_result_rows,
            spool: Arc::clone(&self.spool),
        }
    }
}

/// What is recorded of a result that nobody waits for any more.
fn interrupted() -> Refusal {
    Refusal::Failed("The execution was interrupted.".to_owned())
}
