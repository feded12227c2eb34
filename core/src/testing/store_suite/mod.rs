//! What every [`Store`] must do, one named test a behaviour.
//!
//! ```ignore
//! amc_fleet::store_suite!(my_store, async { (MyStore::open().await, guard) });
//! ```
//!
//! The expression gives a fresh, empty store and whatever must live as long as it; each test calls it anew.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is how a suite says no")]

mod backfills;
mod batches;
mod cancel;
mod catalogues;
mod claims;
mod fences;
mod fixture;
mod history;
mod instances;
mod races;
mod records;
mod reports;
mod reruns;
mod reuse;
mod roll_up;
mod schedules;
mod templates;
mod watches;
mod workflows;

pub use backfills::*;
pub use batches::*;
pub use cancel::*;
pub use catalogues::*;
pub use claims::*;
pub use fences::*;
pub use fixture::Fixture;
pub(crate) use fixture::{scope, start};
pub use history::*;
pub use instances::*;
pub use races::*;
pub use records::*;
pub use reports::*;
pub use reruns::*;
pub use reuse::*;
pub use roll_up::*;
pub use schedules::*;
pub use templates::*;
pub use watches::*;
pub use workflows::*;

#[cfg(doc)]
use crate::store::Store;

/// Runs the whole suite against one implementation, as a module of tests.
#[macro_export]
macro_rules! store_suite {
    ($name:ident, $open:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $crate::store_suite!(@tests $open;
                sync_keeps_ids_and_marks_what_is_gone,
                extra_headers_are_those_of_the_last_sync,
                a_profile_is_kept_through_syncs,
                instances_are_granted_and_revoked,
                data_sources_are_kept_through_syncs,
                a_denied_account_fails_what_waits,
                a_retry_takes_the_place_of_what_failed,
                a_cancelled_batch_may_be_retried,
                history_tells_how_long_runs_took,
                history_tells_who_read_the_same_days,
                an_account_that_is_denied_keeps_its_instances,
                owner_sees_own_instances,
                what_holds_for_the_database_is_remembered,
                equal_lists_of_tables_are_kept_once,
                saving_a_workflow_again_updates_it,
                a_workflow_is_found_by_id_and_name,
                owner_sees_own_workflows,
                workflows_are_found_and_sorted,
                an_archived_workflow_is_put_away,
                a_version_never_changes,
                templates_are_listed_by_name,
                owner_sees_own_templates,
                a_deprecated_template_stays,
                usage_is_counted,
                a_batch_is_written_with_all_its_executions,
                the_same_key_gives_the_same_batch,
                a_key_of_other_content_conflicts,
                owner_sees_own_batches,
                batches_are_listed_newest_first,
                claims_are_exclusive,
                claims_go_by_priority_and_then_by_age,
                claims_are_only_for_credentials_held,
                never_over_the_limit_of_an_instance,
                never_over_the_limit_of_an_account,
                slots_are_freed_when_nothing_lives_at_amc,
                a_dead_workers_claims_are_free,
                what_a_worker_dropped_it_may_take_again,
                what_is_put_off_waits,
                stale_worker_changes_nothing,
                what_is_overdue_fails,
                a_failure_is_kept_whatever_amc_says,
                illegal_changes_are_refused,
                events_have_no_gaps_and_an_end,
                a_watch_is_exclusive_until_released,
                stale_watcher_changes_nothing,
                an_instance_without_runs_is_not_watched,
                cancel_closes_the_gate,
                cancel_lets_a_submit_tell_its_outcome,
                cancel_after_the_end_changes_nothing,
                cancel_takes_what_is_named,
                attempts_tell_what_was_asked_and_answered,
                calls_add_up,
                durations_are_remembered,
                runs_of_others_take_places,
                roll_up_is_true,
                workers_race_and_one_wins,
                a_key_that_many_ask_for_at_once_is_one_batch,
                a_result_that_is_there_is_taken,
                what_waits_for_a_run_follows_it,
                what_many_ask_for_at_once_is_run_once,
                results_never_go_to_another_owner,
                what_waits_for_a_run_can_be_cancelled,
                saving_a_report_again_updates_it,
                owner_sees_own_reports,
                reports_are_found_by_text,
                a_report_tells_what_became_of_its_runs,
                an_archived_report_is_put_away,
                a_series_is_of_ticks_and_backfills,
                owner_sees_own_schedules,
                only_due_schedules_are_given,
                a_tick_is_written_with_its_batch,
                tick_fires_once,
                a_tick_put_off_comes_later,
                a_backfill_asked_for_again_is_the_same,
                a_segment_is_started_once,
                a_segment_is_settled_once,
            );
        }
    };
    (@tests $open:expr; $($test:ident,)*) => {$(
        #[tokio::test]
        async fn $test() {
            let (store, _guard) = $open.await;
            $crate::testing::store_suite::$test(&store).await;
        }
    )*};
}
