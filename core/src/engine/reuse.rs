//! Taking the result of another run of the same query: a copy of its own, so that nothing that happens to the other
//! touches it.

use super::Engine;
use crate::error::Result;
use crate::model::{Change, Execution, ExecutionId, ExecutionStatus, Scope};
use crate::results::store::{Manifest, ResultWriter};
use crate::store::Claim;

/// Copies the result of `source`. Where there is none to copy, the execution runs itself.
pub(super) async fn reuse(engine: &Engine, claim: &Claim, source: ExecutionId) -> Result<Change> {
    let scope = Scope::Owner(claim.execution.owner_id.clone());
    let found = engine.store.execution(&scope, &source.into()).await?;
    let Some(source) = found.filter(|source| source.status == ExecutionStatus::Completed) else {
        return Ok(Change::NotReused);
    };
    let Some(manifest) = engine.results.manifest(source.id).await? else { return Ok(Change::NotReused) };
    let manifest = Manifest { execution: claim.execution.id, ..manifest };
    let mut writer = engine.results.begin(&(&claim.execution).into(), claim.lease().token).await?;
    copy(engine, source.id, writer.as_mut()).await?;
    writer.commit(manifest.clone()).await?;
    Ok(reused(&source, &manifest))
}

async fn copy(engine: &Engine, source: ExecutionId, writer: &mut dyn ResultWriter) -> Result<()> {
    for chunk in engine.results.chunks(source).await? {
        for batch in engine.results.chunk(source, chunk).await?.read(|_| true)? {
            writer.rows(batch).await?;
        }
    }
    if !engine.settings.keep_raw {
        return Ok(());
    }
    for part in 0.. {
        let Some(bytes) = engine.results.raw(source, part).await? else { break };
        writer.raw(part, bytes).await?;
    }
    Ok(())
}

fn reused(source: &Execution, manifest: &Manifest) -> Change {
    let [row_count, size_bytes] = manifest.counts();
    Change::Reused {
        row_count,
        size_bytes,
        amc_execution_id: source.amc_execution_id.clone(),
        submitted_at: source.asked_at(),
    }
}
