//! A long past: executions that have all ended, copied inside the database from a batch that ran.

use std::error::Error;

use amc_fleet::{BatchSpec, Database, Fleet};

use crate::database::Kept;

/// Executions of each past batch.
const OF_A_BATCH: usize = 50;

/// The key of a past batch.
#[must_use]
pub fn key(past: usize, number: usize) -> String {
    format!("past-{}", number * 7919 % (past / OF_A_BATCH))
}

/// Runs one batch of fifty, and copies it until there are so many executions.
///
/// # Errors
/// When the batch does not complete.
///
/// # Panics
/// When the database refuses a statement.
pub async fn fill(kept: &Kept, fleet: &Fleet, past: usize) -> Result<(), Box<dyn Error>> {
    let ids = fleet.instances().await?.into_iter().take(OF_A_BATCH).map(|it| it.instance_id).collect();
    let spec = BatchSpec {
        sql: Some("SELECT 1".to_owned()),
        window: Some("last 30 days".to_owned()),
        instances: amc_fleet::Instances::Ids(ids),
        key: Some("model".to_owned()),
        ..BatchSpec::default()
    };
    fleet.run_batch(spec).await?.wait(None).await?;
    let copies = past / OF_A_BATCH;
    let copy = if matches!(kept.database, Database::Sqlite(_)) { sqlite(copies) } else { postgres(copies) };
    kept.run(&copy).await;
    Ok(())
}

const MODEL: &str =
    "CREATE TEMP TABLE model_batch AS SELECT * FROM batch_executions WHERE idempotency_key = 'model';
    CREATE TEMP TABLE model_executions AS SELECT * FROM executions WHERE batch = (SELECT id FROM model_batch);
    UPDATE model_batch SET total_instances = 0, completed_instances = 0;";

fn sqlite(copies: usize) -> String {
    let copy = |number: usize| {
        format!(
            "UPDATE model_batch SET id = randomblob(16), batch_id = 'batch_past{number}', idempotency_key = 'past-{number}';
            INSERT INTO batch_executions SELECT * FROM model_batch;
            UPDATE model_executions SET id = randomblob(16), execution_id = 'exec_' || hex(randomblob(10)),
                batch = (SELECT id FROM model_batch);
            INSERT INTO executions SELECT * FROM model_executions;"
        )
    };
    let copies: String = (0..copies).map(copy).collect();
    format!("PRAGMA temp_store = MEMORY; BEGIN; {MODEL} {copies} COMMIT; ANALYZE;")
}

fn postgres(copies: usize) -> String {
    format!(
        "BEGIN; {MODEL} DO $$ BEGIN FOR number IN 0..{last} LOOP
            UPDATE model_batch SET id = gen_random_uuid(), batch_id = 'batch_past' || number, idempotency_key = 'past-' || number;
            INSERT INTO batch_executions SELECT * FROM model_batch;
            UPDATE model_executions SET id = gen_random_uuid(), execution_id = 'exec_' || gen_random_uuid(),
                batch = (SELECT id FROM model_batch);
            INSERT INTO executions SELECT * FROM model_executions;
        END LOOP; END $$; COMMIT; ANALYZE;",
        last = copies - 1
    )
}
