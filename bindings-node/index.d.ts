/// <reference lib="esnext.disposable" />
// @ts-ignore Any, where apache-arrow is not installed.
import type { Table } from "apache-arrow";
import type { BatchEvent, WriteOptions } from "./generated.js";

export {
  Batch,
  Credentials,
  Fleet,
  Results,
  inferParameters,
  lint,
  onLog,
  parameterPresets,
  parameterSchema,
  registerPreset,
  render,
  resolveWindow,
} from "./generated.js";
export { describe, nextRuns, segments } from "./generated.js";
export { diffTemplates, readTemplate, starterTemplates, writeTemplate } from "./generated.js";
export type {
  AccountOptions,
  AmcWorkflow,
  Attempt,
  Backfill,
  BackfillOptions,
  BackfillPlan,
  BackfillSegment,
  BatchesOptions,
  BatchEvent,
  BatchReport,
  Broken,
  CallCounts,
  CancelReport,
  Cause,
  Column,
  DriveReport,
  ExecutionReport,
  Export,
  Hours,
  Finding,
  Inferred,
  Instance,
  InstanceResult,
  ListOptions,
  LogRecord,
  LwaOptions,
  MissingDataSource,
  OpenOptions,
  Overdue,
  Overlap,
  OwnerOptions,
  PlanReport,
  PlannedRun,
  ProfileOptions,
  ParameterSchema,
  Preview,
  PreviewedRun,
  Rendered,
  RenderOptions,
  Report,
  ReportListOptions,
  ReportOptions,
  ReportOverview,
  ReportRunOptions,
  ResolvedWindow,
  ResultSummary,
  ResultsOptions,
  RetryOptions,
  RunOptions,
  SaveAsTemplateOptions,
  Schedule,
  ScheduleOptions,
  Segment,
  Skipped,
  SyncReport,
  TemplateListOptions,
  TemplateUsage,
  TemplateVersion,
  Tick,
  Trace,
  Token,
  UnreachableAccount,
  WaitOptions,
  Widening,
  Workflow,
  WorkflowOptions,
  WriteOptions,
} from "./generated.js";

/** A format of files. */
export type FileFormat = NonNullable<WriteOptions["format"]>;

/** The version of this package, equal in every language. */
export declare const version: string;

/** What went wrong, in the caller's terms. */
export type ErrorKind =
  | "invalid_input"
  | "not_found"
  | "forbidden"
  | "conflict"
  | "too_large"
  | "limit_exceeded"
  | "unauthorized"
  | "rate_limited"
  | "unavailable"
  | "timeout"
  | "remote_failed"
  | "cancelled"
  | "incomplete"
  | "unsupported"
  | "unexpected";

/**
 * Every error of this package: what went wrong, where, and what to do about it.
 *
 * ```js
 * await fleet.saveWorkflow("Reach", { sql: "SELECT 'open" }).catch(({ code, line, column }) => console.log(code, line, column));
 * // sql_unreadable 1 8
 * ```
 */
export declare class FleetError extends Error {
  name: "FleetError";
  /** A stable code, equal in every language. */
  code: string;
  /** The kind the code belongs to. */
  kind: ErrorKind;
  /** What to do about it. */
  hint?: string;
  /** The line in the user's own text, from 1. */
  line?: number;
  /** The column in the user's own text, from 1. */
  column?: number;
  /** The line of the user's own text with a caret under the column; the stack shows it too. */
  excerpt?: string;
  /** AMC's ids of the instances it concerns. */
  instances: string[];
  /** AMC's request id, for a support case. */
  requestId?: string;
  /** AMC's own words. */
  raw?: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** How many seconds AMC asked to wait. */
  retryAfter?: number;
}

/** Somebody stopped waiting; what was waited for goes on. `cause` is the signal's reason. */
export declare class AbortError extends Error {
  name: "AbortError";
  code: "ABORT_ERR";
}

/** What a column means when rows are added up; made by `additive()`, `distinct()`, `ratio()` and others. */
export interface Role {
  role: "additive" | "ratio" | "weighted" | "mean" | "minimum" | "maximum" | "distinct";
  currency?: string;
  numerator?: string;
  denominator?: string;
  weight?: string;
}

/** What is asked of a roll-up. */
export interface RollUp {
  /** The columns that are grouped by; none makes one row of everything. */
  by?: string[];
  /** What becomes of other columns; what the query itself says where absent. */
  columns?: Record<string, Role>;
  /** The column that marks rows with suppressed values, where the query's options do not name it. */
  suppressed?: string;
}

/**
 * A condition on a column: how its cells are compared, and with what. Dates and instants are texts, `in` and `not in` take
 * a list. NULL meets none but `is null`.
 */
export type Condition =
  | [column: string, comparison: "=" | "!=" | "<" | "<=" | ">" | ">=", value: string | number | boolean]
  | [column: string, comparison: "in" | "not in", values: (string | number)[]]
  | [column: string, comparison: "contains" | "starts with", text: string]
  | [column: string, comparison: "is null" | "is not null"];

/** Where a file came from. */
export interface FileTrace {
  sha256: string;
  owner_id: string;
  /** Where it was written. */
  path: string;
  written_at: string;
  /** What it is made of and what it lacks. */
  manifest: Record<string, unknown> & { complete: string; missing: string[] };
}

/** What is added up; money where `currency` names the column that says in which currency. */
export declare function additive(options?: { currency?: string }): Role;
/** A count of distinct users: never added up, given as bounds. */
export declare function distinct(): Role;
/** A ratio of two columns, computed anew from their sums. */
export declare function ratio(numerator: string, denominator: string): Role;
/** The mean, each value counting as much as another column says. */
export declare function weighted(weight: string): Role;
/** The mean, each row counting the same. */
export declare function mean(): Role;
/** The smallest value. */
export declare function minimum(): Role;
/** The largest value. */
export declare function maximum(): Role;

/** Which events are told. */
export interface EventsOptions {
  /** The sequence after which to begin; 0, the very first event, where absent. */
  after?: number;
  /** Ends the iteration; the batch goes on. */
  signal?: AbortSignal;
}

/** What 64-bit whole numbers become; `bigint` where absent. `number` loses digits beyond 2^53. */
export interface RowsOptions<Long extends "bigint" | "string" | "number" = "bigint"> {
  bigint?: Long;
}

/** The type of a 64-bit whole number in a row. */
export type Long<Form extends "bigint" | "string" | "number"> = { bigint: bigint; string: string; number: number }[Form];

/** A row: decimals, dates and timestamps are texts, which keep every digit. */
export type Row<Form extends "bigint" | "string" | "number" = "bigint"> = Record<
  string,
  string | number | boolean | Long<Form> | null
>;

declare module "./generated.js" {
  interface Fleet {
    /**
     * Closes the fleet, for `await using`, and says in one line on standard error what is left unfinished.
     *
     * ```js
     * await using fleet = await Fleet.open("sqlite://fleet.db", { credentials });
     * ```
     */
    [Symbol.asyncDispose](): Promise<void>;
    /**
     * Says what a file is made of that was once written from results of this fleet: it is known by its content.
     *
     * Rejects with `unknown_file` when it was not written from here, or was changed since.
     *
     * ```js
     * const { path } = await results.writeCsv("reach.csv");
     * const { manifest } = await fleet.traceFile(path);
     * console.log(manifest.complete); // 3 of 3
     * ```
     */
    traceFile(path: string): Promise<FileTrace>;
  }

  interface Batch {
    /**
     * Tells every event after a sequence, in order and as it happens, until the batch has ended.
     *
     * ```js
     * for await (const event of batch.events()) console.log(event.kind, event.instanceId ?? "");
     * ```
     */
    events(options?: EventsOptions): AsyncGenerator<BatchEvent, void, undefined>;
  }

  interface Results {
    /**
     * The bytes of a file of every row as they become ready: for the answer of a web server, or `Readable.from`.
     *
     * Rejects with `unknown_format`, `csv_only`, `too_many_rows` for a workbook.
     *
     * ```js
     * let bytes = 0;
     * for await (const chunk of results.stream("csv")) bytes += chunk.length;
     * console.log(bytes > 0); // true
     * ```
     */
    stream(format?: FileFormat, options?: Omit<WriteOptions, "format">): AsyncGenerator<Buffer, void, undefined>;
    /**
     * Writes the bytes of a file of every row to a `Writable`, no faster than it takes them, and tells how many. It stays
     * open. There is no manifest beside it: take `summary` along.
     *
     * Rejects as `stream` does.
     *
     * ```js
     * const { createWriteStream } = await import("node:fs");
     * const file = createWriteStream("reach.jsonl");
     * console.log((await results.writeTo(file, "json_lines")) > 0); // true
     * file.end();
     * ```
     */
    writeTo(
      writable: NodeJS.WritableStream,
      format?: FileFormat,
      options?: Omit<WriteOptions, "format">,
    ): Promise<number>;
    /**
     * Rolls the rows up by what each column means: few rows instead of many. Counts of distinct users are never added up:
     * they come as `<name>_at_least` and `<name>_at_most`; the second is NULL, with the reason in its metadata, when rows
     * or instances are missing.
     *
     * Rejects with `not_additive`, `mixed_currencies`, `role_unknown`, `unknown_column`, `not_a_number`.
     *
     * ```js
     * const rolled = await results.rollUp({ by: ["_instance_id"], columns: { reach: distinct() } });
     * console.log(rolled.totalRows); // 3
     * ```
     */
    rollUp(asked: RollUp): Promise<import("./generated.js").Results>;
    /**
     * Gives the rows that meet all conditions, as results like any other: the note in their summary says what was left out.
     *
     * Rejects with `unknown_column`, `not_comparable` when a value does not fit its column, `filter_unreadable`.
     *
     * ```js
     * const seen = await results.filter([["_instance_id", "is not null"]]);
     * console.log(seen.totalRows); // 60
     * ```
     */
    filter(conditions: Condition[]): Promise<import("./generated.js").Results>;
    /**
     * Compares with later results: what keys (`by`) are new, lost, changed or the same, and by how much. Two executions are
     * compared by `ofInstances`, two batches as they are. Gives the keys, `_change`, and of every column `<name>_before`,
     * `<name>_after`, `<name>_difference` and `<name>_relative`; bounds of distinct users without the last two.
     *
     * Rejects as `rollUp` does; with `not_comparable` when the keys have other types.
     *
     * ```js
     * const compared = await results.compare(results, { by: ["campaign"], columns: { reach: distinct() } });
     * console.log(compared.columns[1].name); // _change
     * ```
     */
    compare(after: import("./generated.js").Results, asked: RollUp): Promise<import("./generated.js").Results>;
    /**
     * Rolls the rows up and ranks them by one column of the roll-up, the largest first: `_rank`, then its columns. Equal
     * values share a rank, NULL has none. By `_instance_id` it ranks instances.
     *
     * Rejects as `rollUp` does.
     *
     * ```js
     * const asked = { by: ["_instance_id"], columns: { reach: distinct() } };
     * const ranking = await results.ranking("reach_at_least", asked);
     * console.log(ranking.columns[0].name, ranking.totalRows); // _rank 3
     * ```
     */
    ranking(column: string, asked: RollUp): Promise<import("./generated.js").Results>;
    /**
     * Rolls one column up into a table: the rows are what is grouped by, and each instance has a column, named by AMC's id.
     * A count of distinct users is its lower bound.
     *
     * Rejects as `rollUp` does; with `one_column`.
     *
     * ```js
     * const table = await results.acrossInstances({ by: ["campaign"], columns: { reach: distinct() } });
     * console.log(table.columns.length); // 4
     * ```
     */
    acrossInstances(asked: RollUp): Promise<import("./generated.js").Results>;
    /**
     * Gives one Arrow IPC stream in chunks: the first brings the schema, each further one a batch of rows.
     *
     * ```js
     * for await (const batch of await RecordBatchReader.from(results)) console.log(batch.numRows);
     * ```
     */
    [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
    /**
     * Reads everything as one table of the package apache-arrow, which is installed beside this one.
     *
     * ```js
     * const table = await results.toArrow();
     * console.log(table.numRows); // 60
     * ```
     */
    toArrow(): Promise<Table>;
    /**
     * Gives every row as a plain object.
     *
     * ```js
     * for await (const row of results.rows({ bigint: "string" })) response.write(JSON.stringify(row) + "\n");
     * ```
     */
    rows<Form extends "bigint" | "string" | "number" = "bigint">(
      options?: RowsOptions<Form>,
    ): AsyncGenerator<Row<Form>, void, undefined>;
    /**
     * Gives the first rows, ten where no number is given.
     *
     * ```js
     * console.table(await results.head(5));
     * ```
     */
    head<Form extends "bigint" | "string" | "number" = "bigint">(
      rows?: number,
      options?: RowsOptions<Form>,
    ): Promise<Row<Form>[]>;
    /**
     * Gives a page of the rows, in the order of the whole: a hundred where no number is given, none behind the end.
     *
     * ```js
     * const last = await results.page(50, 20);
     * console.log(last.length); // 10
     * ```
     */
    page<Form extends "bigint" | "string" | "number" = "bigint">(
      offset: number,
      rows?: number,
      options?: RowsOptions<Form>,
    ): Promise<Row<Form>[]>;
  }
}
