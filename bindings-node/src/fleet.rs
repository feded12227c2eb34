//! A fleet.

use std::fmt;

use amc_fleet::fleet::seconds;
use amc_fleet::{Database, FleetOptions, PageRequest, Result};
use chrono::{DateTime, Utc};
use napi::bindgen_prelude::{Buffer, PromiseRaw};
use napi::{Either, Env};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::account::AccountOptions;
use crate::attempt::Attempt;
use crate::batch::Batch;
use crate::credentials::{Given, named};
use crate::error::host;
use crate::instance::{Identified, Instance, id};
use crate::plan::PlanReport;
use crate::profile::ProfileOptions;
use crate::record::Host;
use crate::report::{CancelReport, SyncReport};
use crate::run::{RunOptions, word};
use crate::workflow::{Workflow, WorkflowOptions};

/// How a fleet is opened.
#[napi(object, object_to_js = false)]
pub struct OpenOptions<'a> {
    /// Who we are at AMC: one, or several by name, or a function that gives either. Absent: history can be read, nothing
    /// can be run.
    #[napi(
        ts_type = "Credentials | Record<string, Credentials> | (() => Credentials | Record<string, Credentials> | Promise<Credentials | Record<string, Credentials>>)"
    )]
    pub credentials: Option<Given<'a>>,
    /// Whose things the fleet sees; `default` where absent.
    pub owner: Option<String>,
    /// The person, kept with what is written.
    pub actor: Option<String>,
    /// Whether this process works on the fleet's executions; `auto` where absent: on a database of this machine.
    #[napi(ts_type = "boolean | 'auto'")]
    pub worker: Option<Either<bool, String>>,
    /// Whether this process fires the ticks of schedules; it does not where absent.
    pub schedules: Option<bool>,
    /// Whether opening may bring the database up to date; `auto` where absent: a file, and a PostgreSQL database without
    /// any table.
    #[napi(ts_type = "'auto' | 'never'")]
    pub migrate: Option<String>,
    /// The base URL of the API; `AMC_API_URL` where absent, else AMC's own host.
    pub endpoint: Option<String>,
    /// Where results are kept, if not in the database: a folder (a path, or `file:///data/results`), or a bucket
    /// (`s3://bucket/prefix`, in builds that speak S3). What is said when a database is first opened holds for it.
    pub results: Option<String>,
}

impl fmt::Debug for OpenOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("owner", &self.owner)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl OpenOptions<'_> {
    fn options(self) -> Result<FleetOptions> {
        let Self { credentials, owner, actor, worker, schedules, migrate, endpoint, results } = self;
        let defaults = FleetOptions::default();
        let worker = worker.map(|worker| match worker {
            Either::A(works) => works.to_string(),
            Either::B(word) => word,
        });
        Ok(FleetOptions {
            credentials: credentials.as_ref().map(named),
            owner: owner.unwrap_or(defaults.owner),
            actor,
            worker: word(worker)?,
            schedules: schedules.unwrap_or(defaults.schedules),
            migrate: word(migrate)?,
            endpoint,
            results,
            client: defaults.client,
            engine: defaults.engine,
            http: defaults.http,
            surroundings: defaults.surroundings,
        })
    }
}

/// Which part of a list.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct ListOptions {
    /// How many at most; 20 where absent.
    pub limit: Option<u32>,
    /// How many to pass over; none where absent.
    pub offset: Option<u32>,
}

pub(crate) fn page(limit: Option<u32>, offset: Option<u32>) -> PageRequest {
    let defaults = PageRequest::default();
    PageRequest { limit: limit.unwrap_or(defaults.limit), offset: offset.unwrap_or(defaults.offset) }
}

pub(crate) fn listed(options: Option<ListOptions>) -> PageRequest {
    let ListOptions { limit, offset } = options.unwrap_or_default();
    page(limit, offset)
}

/// How an owner's fleet is had.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct OwnerOptions {
    /// The person, kept with what is written.
    pub actor: Option<String>,
}

record! {
    /// What is left after a while of work.
    DriveReport of amc_fleet::DriveReport {
        /// Whether anything is unfinished: drive again.
        more_work: bool,
        /// When something becomes due, as far as it is known.
        next_due: Option<DateTime<Utc>>,
    }
}

/// A fleet of AMC instances and everything that runs on it.
///
/// An open fleet never keeps Node alive, and closing it cancels nothing.
#[napi]
#[derive(Debug)]
pub struct Fleet(pub(crate) amc_fleet::Fleet);

impl Fleet {
    pub(crate) fn core(&self) -> napi::Result<&amc_fleet::Fleet> {
        self.0.ensure_open().map(|()| &self.0).map_err(host)
    }
}

#[napi]
impl Fleet {
    /// Opens a fleet on a database, makes it where it is missing, and goes on with what is unfinished there.
    ///
    /// `database` is a path, a `file:`, `sqlite:` or `postgres:` URL or `memory:`; where absent, `AMC_FLEET_DATABASE` or one
    /// file of this user, which is said on standard error.
    ///
    /// Rejects with `database_unavailable`, `migration_needed`, `schema_too_old`, `schema_too_new`, `endpoint_mixed`, or an
    /// `invalid_input` for settings that cannot be used.
    ///
    /// ```js
    /// const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv() });
    /// ```
    #[napi(ts_return_type = "Promise<Fleet>")]
    pub fn open<'env>(
        env: &'env Env,
        #[napi(ts_arg_type = "string | URL | null | undefined")] database: Option<String>,
        options: Option<OpenOptions<'_>>,
    ) -> napi::Result<PromiseRaw<'env, Self>> {
        let options = options.map_or_else(|| Ok(FleetOptions::default()), OpenOptions::options);
        env.spawn_future(async move { Self::opened(database, options).await.map_err(host) })
    }

    async fn opened(database: Option<String>, options: Result<FleetOptions>) -> Result<Self> {
        let database = database.map_or_else(Database::from_env, |database| database.parse())?;
        amc_fleet::Fleet::open(&database, options?).await.map(Self)
    }

    /// Brings a database to the form this version works with, while nobody works on it. Opening does so by itself but for
    /// a PostgreSQL database that holds tables already: other programs may be at work there.
    ///
    /// Rejects with `database_unavailable`, or `schema_too_new` when it is past this version.
    ///
    /// ```js
    /// await Fleet.migrate("sqlite://fleet.db");
    /// ```
    #[napi(ts_return_type = "Promise<void>")]
    pub fn migrate(
        env: &Env,
        #[napi(ts_arg_type = "string | URL | null | undefined")] database: Option<String>,
    ) -> napi::Result<PromiseRaw<'_, ()>> {
        env.spawn_future(async move { Self::migrated(database).await.map_err(host) })
    }

    async fn migrated(database: Option<String>) -> Result<()> {
        let database = database.map_or_else(Database::from_env, |database| database.parse())?;
        amc_fleet::Fleet::migrate(&database).await
    }

    /// Where this fleet keeps what it must not forget.
    ///
    /// ```js
    /// console.log(fleet.database); // sqlite://fleet.db
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn database(&self) -> String {
        self.0.database().to_owned()
    }

    /// Whose things this fleet sees.
    ///
    /// ```js
    /// console.log(fleet.owner); // default
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn owner(&self) -> String {
        self.0.owner().to_owned()
    }

    /// Whether this process works on the fleet's executions.
    ///
    /// ```js
    /// if (!fleet.isWorking) console.log("another process does the work");
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.0.is_working()
    }

    /// Reads every account and instance the credentials see.
    ///
    /// Rejects with `unavailable` when AMC does not answer and with `unauthorized` when it does not accept a credential.
    ///
    /// ```js
    /// const { added, gone, unreachable } = await fleet.syncInstances();
    /// ```
    #[napi]
    pub async fn sync_instances(&self) -> napi::Result<SyncReport> {
        self.core()?.sync_instances().await.map(Host::host).map_err(host)
    }

    /// Lists the instances a query can run on, by name: no sandboxes, no unfinished or unreachable ones.
    ///
    /// ```js
    /// for (const instance of await fleet.instances()) console.log(instance.instanceId, instance.name);
    /// ```
    #[napi]
    pub async fn instances(&self) -> napi::Result<Vec<Instance>> {
        self.core()?.instances().await.map(Host::host).map_err(host)
    }

    /// Lists every instance, by name; `unavailable` says why a query cannot run on one.
    ///
    /// ```js
    /// const left = (await fleet.allInstances()).filter((instance) => instance.unavailable);
    /// console.log(left.length); // 0
    /// ```
    #[napi]
    pub async fn all_instances(&self) -> napi::Result<Vec<Instance>> {
        self.core()?.all_instances().await.map(Host::host).map_err(host)
    }

    /// Adds an account that AMC does not list for a credential, with all its instances; later syncs include it.
    ///
    /// Rejects with `unknown_credential` for a key this fleet does not hold, with `header_unusable`, and with
    /// `account_denied` when the credential may not see the account.
    ///
    /// ```js
    /// const { accountId, marketplaceId } = emulator.accounts[0];
    /// const { accounts } = await fleet.addAccount({ accountId, marketplaceId });
    /// console.log(accounts); // 1
    /// ```
    #[napi]
    pub async fn add_account(&self, options: AccountOptions) -> napi::Result<SyncReport> {
        self.core()?.add_account(options.spec()).await.map(Host::host).map_err(host)
    }

    /// Says something about an instance: what is absent stays, what is empty is cleared. Syncs keep it, and other owners
    /// never see it.
    ///
    /// Rejects with `unknown_instance`, `zone_unknown` or `currency_unknown`.
    ///
    /// ```js
    /// const [first] = await fleet.instances();
    /// const { tags } = await fleet.updateInstance(first, { label: "Nova", tags: ["dach"] });
    /// console.log(tags); // ["dach"]
    /// ```
    #[napi]
    pub async fn update_instance(
        &self,
        #[napi(ts_arg_type = "string | Pick<Instance, 'id'>")] instance: Either<String, Identified>,
        options: ProfileOptions,
    ) -> napi::Result<Instance> {
        self.core()?.update_instance(&id(instance), options.into()).await.map(Host::host).map_err(host)
    }

    /// Reads profiles from a table, as CSV text or as an Arrow IPC stream: `instance_id` and any of `label`, `tags`, `brands`
    /// (in CSV several are parted by `;`), `timezone`, `currency`, `parameters` and `parameters.<name>`. A column that is not
    /// there leaves what it is about as it is; an empty cell of CSV clears it. Returns how many instances it names.
    ///
    /// Rejects with `profiles_unreadable` and the row, or `unknown_instance`; nothing is written then.
    ///
    /// ```js
    /// const [first] = await fleet.instances();
    /// const rows = ["instance_id,currency", `${first.instanceId},EUR`];
    /// console.log(await fleet.importProfiles(rows.join(String.fromCharCode(10)))); // 1
    /// ```
    #[napi]
    pub async fn import_profiles(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array")] table: Either<String, Buffer>,
    ) -> napi::Result<i64> {
        let fleet = self.core()?;
        let named = match table {
            Either::A(csv) => fleet.import_profiles(&csv).await,
            Either::B(ipc) => fleet.import_profile_ipc(&ipc).await,
        };
        named.map(Host::host).map_err(host)
    }

    /// The same fleet as another owner sees it: nothing that one of them writes is read or changed by the other. It shares
    /// this fleet's database, client and worker, and closing it closes nothing.
    ///
    /// ```js
    /// const acme = await fleet.asOwner("acme", { actor: "ada" });
    /// console.log((await acme.batches()).length); // 0
    /// ```
    #[napi]
    pub async fn as_owner(&self, owner: String, options: Option<OwnerOptions>) -> napi::Result<Self> {
        Ok(Self(self.0.as_owner(owner, options.and_then(|OwnerOptions { actor }| actor))))
    }

    /// The person who acts, kept with what is written.
    ///
    /// ```js
    /// console.log(fleet.actor); // null
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn actor(&self) -> Option<String> {
        self.0.actor().map(str::to_owned)
    }

    /// Lets another owner run on instances of this one. Returns how many.
    ///
    /// Rejects with `unknown_instance`, or with `host_only` from a fleet that `asOwner` gave.
    ///
    /// ```js
    /// const [first] = await fleet.instances();
    /// console.log(await fleet.grantInstances("acme", [first])); // 1
    /// ```
    #[napi]
    pub async fn grant_instances(
        &self,
        owner: String,
        #[napi(ts_arg_type = "ReadonlyArray<string | Pick<Instance, 'id'>>")] instances: Vec<
            Either<String, Identified>,
        >,
    ) -> napi::Result<i64> {
        let ids: Vec<String> = instances.into_iter().map(id).collect();
        self.core()?.grant_instances(&owner, &ids).await.map(Host::host).map_err(host)
    }

    /// Takes back what `grantInstances` gave, with what that owner said about the instances. What runs there already
    /// goes on. Returns how many.
    ///
    /// ```js
    /// const [first] = await fleet.instances();
    /// console.log(await fleet.revokeInstances("acme", [first])); // 1
    /// ```
    #[napi]
    pub async fn revoke_instances(
        &self,
        owner: String,
        #[napi(ts_arg_type = "ReadonlyArray<string | Pick<Instance, 'id'>>")] instances: Vec<
            Either<String, Identified>,
        >,
    ) -> napi::Result<i64> {
        let ids: Vec<String> = instances.into_iter().map(id).collect();
        self.core()?.revoke_instances(&owner, &ids).await.map(Host::host).map_err(host)
    }

    /// Works for at most about so many seconds, then puts down what it has in hand and says what is left: for hosts that
    /// freeze between calls. It returns sooner where nothing is left, or nothing before that is over.
    ///
    /// Rejects with `already_working` for a fleet that works by itself.
    ///
    /// ```js
    /// await using idle = await Fleet.open("memory:", { credentials: Credentials.fromEnv(), worker: false });
    /// const { moreWork, nextDue } = await idle.drive(10);
    /// console.log(moreWork, nextDue); // false null
    /// ```
    #[napi]
    pub async fn drive(&self, max_seconds: f64) -> napi::Result<DriveReport> {
        let max = seconds("maxSeconds", max_seconds).map_err(host)?;
        self.core()?.drive(max).await.map(Host::host).map_err(host)
    }

    /// Saves a query under a name; one of the same name is updated and keeps its id.
    ///
    /// Rejects with `sql_unreadable`, its `line` and its `column`, or with `window_invalid`.
    ///
    /// ```js
    /// const workflow = await fleet.saveWorkflow("Reach by campaign", { sql: await readFile("reach.sql", "utf8") });
    /// console.log(workflow.name); // Reach by campaign
    /// ```
    #[napi]
    pub async fn save_workflow(&self, name: String, options: WorkflowOptions) -> napi::Result<Workflow> {
        self.core()?.save_workflow(options.spec(name).map_err(host)?).await.map(Host::host).map_err(host)
    }

    /// Reads a workflow by its id or by its name.
    ///
    /// Rejects with `unknown_workflow`.
    ///
    /// ```js
    /// const { name, sql } = await fleet.workflow("Reach by campaign");
    /// console.log(name); // Reach by campaign
    /// ```
    #[napi]
    pub async fn workflow(&self, id: String) -> napi::Result<Workflow> {
        self.core()?.workflow(&id).await.map(Host::host).map_err(host)
    }

    /// Puts a workflow away: it is found and listed no more, and its batches stay. Saving a query under its name
    /// brings it back.
    ///
    /// Rejects with `unknown_workflow`.
    ///
    /// ```js
    /// await fleet.archiveWorkflow("Reach by campaign");
    /// ```
    #[napi]
    pub async fn archive_workflow(&self, id: String) -> napi::Result<()> {
        self.core()?.archive_workflow(&id).await.map_err(host)
    }

    /// Says what a batch would come to: its runs, the slots they take, how long it takes by what earlier runs took, and
    /// which earlier runs read the same. Nothing is written and AMC hears nothing.
    ///
    /// Rejects with what `runBatch` rejects with before it asks AMC.
    ///
    /// ```js
    /// const { runs, slots } = await fleet.plan(workflow, { instances: "all", window: "last 30 days" });
    /// console.log(runs, slots); // 3 3
    /// ```
    #[napi]
    pub async fn plan(
        &self,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'> | null | undefined")] workflow: Option<
            Either<String, Identified>,
        >,
        options: RunOptions,
    ) -> napi::Result<PlanReport> {
        let spec = options.spec(workflow).map_err(host)?;
        self.core()?.plan(spec).await.map(Host::host).map_err(host)
    }

    /// Writes a batch and returns at once; the work goes on whether anybody waits or not.
    ///
    /// Everything is checked first: nothing is written and nothing runs when it rejects, for example with
    /// `unknown_instance`, `duplicate_instance`, `no_instances`, `window_missing` or `sql_unreadable`, or, by `check`, with what
    /// AMC says about the query (`amc_rejected`, its `line`, `column` and `excerpt`).
    ///
    /// ```js
    /// const batch = await fleet.runBatch(workflow, { instances: await fleet.instances(), window: "last 30 days" });
    /// ```
    #[napi]
    pub async fn run_batch(
        &self,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'> | null | undefined")] workflow: Option<
            Either<String, Identified>,
        >,
        options: RunOptions,
    ) -> napi::Result<Batch> {
        let spec = options.spec(workflow).map_err(host)?;
        self.core()?.run_batch(spec).await.map(Batch::from).map_err(host)
    }

    /// Finds a batch by its id or by its key.
    ///
    /// Rejects with `unknown_batch`.
    ///
    /// ```js
    /// const same = await fleet.batch(batch.id);
    /// console.log(same.name); // Reach by campaign
    /// ```
    #[napi]
    pub async fn batch(&self, id_or_key: String) -> napi::Result<Batch> {
        self.core()?.batch(&id_or_key).await.map(Batch::from).map_err(host)
    }

    /// Says what a file is made of that was once written from results of this fleet.
    #[napi(skip_typescript)]
    pub async fn trace_file(&self, path: String) -> napi::Result<Map<String, Value>> {
        self.0.trace_file(path).await.map(|trace| trace.to_json()).map_err(host)
    }

    /// Cancels one execution, by its id (`exec_…`) or its UUID; its batch goes on.
    ///
    /// Rejects with `unknown_execution`.
    ///
    /// ```js
    /// const { executions } = await batch.status();
    /// const { cancelled } = await fleet.cancelExecution(executions[0].executionId);
    /// console.log(cancelled); // 0
    /// ```
    #[napi]
    pub async fn cancel_execution(&self, execution_id: String) -> napi::Result<CancelReport> {
        self.0.cancel_execution(&execution_id).await.map(Host::host).map_err(host)
    }

    /// Cancels everything of this owner that has not ended.
    ///
    /// ```js
    /// const { notCancelled } = await fleet.cancelAll();
    /// console.log(notCancelled >= 0); // true
    /// ```
    #[napi]
    pub async fn cancel_all(&self) -> napi::Result<CancelReport> {
        self.0.cancel_all().await.map(Host::host).map_err(host)
    }

    /// Lists the attempts of an execution, the first first: what was asked of AMC and what it answered.
    ///
    /// Rejects with `unknown_execution`.
    ///
    /// ```js
    /// const { executions } = await batch.status();
    /// const attempts = await fleet.attempts(executions[0].executionId);
    /// console.log(attempts[0].httpStatus); // 200
    /// ```
    #[napi]
    pub async fn attempts(&self, execution_id: String) -> napi::Result<Vec<Attempt>> {
        self.0.attempts(&execution_id).await.map(Host::host).map_err(host)
    }

    /// How many executions are not finished.
    ///
    /// ```js
    /// const left = await fleet.unfinished();
    /// if (left > 0) console.warn(`${left} executions go on without us`);
    /// ```
    #[napi]
    pub async fn unfinished(&self) -> napi::Result<i64> {
        self.core()?.unfinished().await.map(Host::host).map_err(host)
    }

    /// Says in one line what an earlier process left unfinished; nothing when nothing is left.
    #[napi(skip_typescript)]
    pub async fn opening_notice(&self) -> napi::Result<Option<String>> {
        self.0.opening_notice().await.map_err(host)
    }

    /// Says in one line what is left unfinished as this fleet closes; nothing when nothing is left.
    #[napi(skip_typescript)]
    pub async fn closing_notice(&self) -> napi::Result<Option<String>> {
        self.0.closing_notice().await.map_err(host)
    }

    /// Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    ///
    /// ```js
    /// await fleet.close();
    /// ```
    #[napi]
    pub async fn close(&self) {
        self.0.close().await;
    }
}
