//! What becomes of results: roll-ups and files, and what they say of what they lack.

use amc_fleet::results::{Format, Role, RollUp};
use amc_fleet::{BatchSpec, Fleet, Missing, Results};
use amc_fleet_emulator::{Fault, FaultKind};
use futures::TryStreamExt;
use serde_json::Value;

use super::fleet::{Scene, everything, run};

const REACH: &str = "SELECT campaign, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

/// Results of three instances of four, and the one without.
async fn three_of_four(scene: &Scene, fleet: &Fleet) -> (Results, String) {
    let unlucky = fleet.instances().await.unwrap()[1].instance_id.clone();
    let refused =
        Fault::new(FaultKind::status(400)).method("POST").path(&format!("*/{unlucky}/workflowExecutions"));
    scene.emulator.fail(refused);
    let (batch, _) = run(fleet).await;
    let error = batch.results(Missing::Raise).await.unwrap_err();
    assert_eq!((error.code(), error.concerned_instances()), ("results_incomplete", &[unlucky.clone()][..]));
    (batch.results(Missing::Include).await.unwrap(), unlucky)
}

/// Whatever leaves says what it lacks: every file, its manifest, every stream, every roll-up.
#[tokio::test]
async fn incomplete_is_said() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.synced().await;
    let (results, unlucky) = three_of_four(&scene, &fleet).await;
    let rolled = results.roll_up(RollUp::by(["campaign"])).await.unwrap();
    for (name, table) in [("all", &results), ("rolled", &rolled)] {
        assert_eq!(
            (table.summary().complete.as_str(), &table.summary().missing),
            ("3 of 4", &vec![unlucky.clone()])
        );
        assert_eq!(table.schema().metadata()["amc_fleet.complete"], "3 of 4");
        assert_eq!(table.schema().metadata()["amc_fleet.missing"], unlucky);
        for batch in table.stream().try_collect::<Vec<_>>().await.unwrap() {
            assert_eq!(batch.schema().metadata()["amc_fleet.missing"], unlucky);
        }
        for ending in ["csv", "jsonl", "parquet", "arrow", "arrows", "xlsx"] {
            let written = table.write(scene.path(&format!("{name}.{ending}")), None).await.unwrap();
            let manifest = std::fs::read(&written.manifest_path).unwrap();
            let manifest: Value = serde_json::from_slice(&manifest).unwrap();
            assert_eq!(manifest["complete"], "3 of 4", "{ending}");
            assert_eq!(manifest["missing"], serde_json::json!([unlucky]), "{ending}");
            assert_eq!(manifest["file"]["sha256"], written.sha256, "{ending}");
            assert_eq!(
                (manifest["file"]["rows"].as_u64(), written.rows),
                (Some(table.total_rows()), table.total_rows())
            );
        }
    }
    fleet.close().await;
}

/// A count of distinct users is known from the query, however it is asked to be added up.
#[tokio::test]
async fn distinct_users_of_a_query_are_never_added_up() {
    let scene = Scene::with_instances(3).await;
    let fleet = scene.synced().await;
    let batch = fleet.run_batch(BatchSpec { sql: Some(REACH.into()), ..everything() }).await.unwrap();
    batch.wait(None).await.unwrap();
    let results = batch.results(Missing::Raise).await.unwrap();
    for role in [Role::additive(), Role::ratio("reach", "impressions")] {
        let error = results.roll_up(RollUp::by(["campaign"]).column("reach", role)).await.unwrap_err();
        assert_eq!(error.code(), "not_additive");
    }
    let rolled = results.roll_up(RollUp::by(["campaign"])).await.unwrap();
    let names: Vec<_> = rolled.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["campaign", "reach_at_least", "reach_at_most", "impressions", "_instances", "_rows"]);
    let upper = rolled.schema().field(2).clone();
    assert_eq!(upper.metadata()["amc.reason"], "AMC was not asked to mark what it suppressed");
    fleet.close().await;
}

/// A file is known by its content, wherever it went; a file that was changed is not.
#[tokio::test]
async fn a_file_is_traced_by_its_content() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    let (batch, _) = run(&fleet).await;
    let results = batch.results(Missing::Raise).await.unwrap();
    let written = results.write(scene.path("out.parquet"), Some(Format::Parquet)).await.unwrap();
    let moved = scene.path("somewhere else");
    std::fs::rename(&written.path, &moved).unwrap();
    let trace = fleet.trace_file(&moved).await.unwrap();
    assert_eq!(trace.manifest["batch_id"], batch.id().public());
    assert_eq!(trace.manifest["instances"].as_array().unwrap().len(), 2);
    std::fs::write(&moved, "changed").unwrap();
    assert_eq!(fleet.trace_file(&moved).await.unwrap_err().code(), "unknown_file");
    fleet.close().await;
}
