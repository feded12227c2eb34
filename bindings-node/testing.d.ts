/// <reference lib="esnext.disposable" />
// @ts-ignore Any, where apache-arrow is not installed.
import type { Table } from "apache-arrow";
import type { Credentials, Fleet, Instance, OpenOptions } from "./index.js";

/** How the emulator is started; every other option of `amc-fleet-emulator` is taken too, in camelCase. */
export interface EmulatorOptions {
  /** How many instances exist; 3 where absent. */
  instances?: number;
  /** What every id, name and row follows from; 7 where absent. */
  seed?: number;
  /** How long a run takes, in milliseconds of the emulator's clock. */
  latencyMs?: number;
  [option: string]: string | number | boolean | undefined;
}

/** An account of the emulator and its instances by kind. */
export interface EmulatorAccount {
  accountId: string;
  accountName: string;
  marketplaceId: string;
  instances: string[];
  sandbox?: string[];
  unfinished?: string[];
  denied?: string[];
}

/** An instance, by itself or by AMC's id. */
export type EmulatorInstance = string | Pick<Instance, "instanceId">;

/** Rows: CSV with a header line, the bytes of an Arrow IPC stream, or a table of apache-arrow. */
export type EmulatorRows = string | Uint8Array | Table;

/** An execution as the emulator ran it, in AMC's words. */
export interface EmulatorExecution {
  instanceId: string;
  workflowExecutionId: string;
  workflowId: string;
  status: string;
  statusReason: string | null;
  executionCategory: string;
  sqlQuery: string;
  timeWindowStart: string;
  timeWindowEnd: string;
  createTime: string;
  validatedTime: string | null;
  startTime: string | null;
  endTime: string | null;
}

/** Which requests a fault strikes. */
export interface FaultTarget {
  /** The path, `*` standing for anything. */
  path?: string;
  /** Only requests about this instance. */
  instance?: EmulatorInstance;
  /** The first of these requests that it strikes, from 1. */
  nth?: number;
  /** How often it strikes from there on; 0 is for ever. */
  times?: number;
  /** Strikes with this chance, from 0 to 1. */
  chance?: number;
  /** What chance is drawn from. */
  seed?: number;
}

/** What happens to a request; the emulator's README says what each kind does. */
export type FaultKind =
  | { kind?: "status"; status: number; retryAfter?: number; body?: "json" | "html" | "empty"; details?: string; after?: boolean }
  | { kind: "gatewayTimeout" | "reset" | "halfOpen"; after?: boolean }
  | { kind: "slow" | "lateEffect"; delayMs: number }
  | { kind: "trickle"; delayMs: number; pieces?: number }
  | { kind: "truncate"; keepBytes?: number }
  | { kind: "duplicate" | "tokenExpired" | "expiredUrl" }
  | { kind: "stuck"; status: "PENDING" | "RUNNING" }
  | { kind: "lateInLists" | "runTakes"; seconds: number }
  | { kind: "runFails"; status: "FAILED" | "REJECTED"; reason: string };

/** A fault to plan. */
export type Fault = FaultTarget & FaultKind;

/** A planned fault and what became of it. */
export type FaultReport = FaultTarget & {
  id: number;
  kind: NonNullable<FaultKind["kind"]>;
  method?: string;
  /** How many requests it matched. */
  matched: number;
  /** How many of them it struck. */
  fired: number;
};

/** The answer to a query: its rows, or how its run ends instead. */
export interface ScriptedAnswer {
  /** The rows of the result. */
  data?: EmulatorRows;
  /** How the run ends instead of with rows. */
  status?: "FAILED" | "REJECTED";
  /** AMC's words about that end. */
  reason?: string;
  /** How many seconds the run takes on the emulator's clock. */
  seconds?: number;
  /** Only in this instance. */
  instance?: EmulatorInstance;
  /** AMC's types of columns whose names do not tell them. */
  dataTypes?: Record<string, string>;
}

/** Amazon Marketing Cloud on localhost, for tests. It keeps no process alive and ends with the one that started it. */
export declare class Emulator {
  private constructor();
  /** The base URL of its API. */
  readonly url: string;
  /** Its token endpoint. */
  readonly tokenUrl: string;
  /** Its accounts and their instances. */
  readonly accounts: EmulatorAccount[];
  /** What a program reads from its environment to talk to it. */
  readonly env: Record<"AMC_API_URL" | "AMC_TOKEN_URL" | "AMC_CLIENT_ID" | "AMC_CLIENT_SECRET" | "AMC_REFRESH_TOKEN", string>;
  /** Credentials it accepts. */
  get credentials(): Credentials;
  /**
   * Opens a fleet that talks to it, in memory where no database is named.
   *
   * ```js
   * const fleet = await emulator.fleet();
   * ```
   */
  fleet(database?: string, options?: OpenOptions): Promise<Fleet>;
  /**
   * Lists every execution it ever ran, in order: the witness of a test.
   *
   * ```js
   * const asked = (await emulator.executions()).map((execution) => execution.sqlQuery);
   * console.log(asked.length); // 0
   * ```
   */
  executions(): Promise<EmulatorExecution[]>;
  /**
   * Puts rows in place of the synthetic ones of a table, in one instance or, with `null`, in all; tells how many.
   *
   * The rows are CSV with a header line, the bytes of an Arrow IPC stream, or a table of apache-arrow.
   *
   * Rejects with `emulator_refused` and with what is wrong with the rows, the table or the instance.
   *
   * ```js
   * const rows = await emulator.load(null, "dsp_clicks", "campaign,clicks\nSummer,3\n");
   * console.log(rows); // 1
   * ```
   */
  load(instance: EmulatorInstance | null, table: string, data: EmulatorRows): Promise<number>;
  /**
   * Gives the answer to queries that contain a text in advance; the last one given for a query counts.
   *
   * ```js
   * await emulator.script("brand_reach", { data: "brand,reach\nA,10\n", seconds: 7200 });
   * ```
   */
  script(contains: string, answer: ScriptedAnswer): Promise<void>;
  /**
   * Plans a fault for requests of a method, or with `null` of any, and gives its number.
   *
   * Rejects with `emulator_refused` and the field that is wrong.
   *
   * ```js
   * const fault = await emulator.fail("POST", { status: 429, nth: 2 });
   * console.log(await emulator.fired(fault)); // 0
   * ```
   */
  fail(method: string | null, fault: Fault): Promise<number>;
  /**
   * Lists the planned faults, each with how many requests it matched and how often it fired.
   *
   * ```js
   * const struck = (await emulator.faults()).filter((fault) => fault.fired > 0);
   * console.log(struck); // []
   * ```
   */
  faults(): Promise<FaultReport[]>;
  /**
   * Tells how often a fault struck, so that a test can prove it; all of them where none is named.
   *
   * ```js
   * console.log(await emulator.fired()); // 0
   * ```
   */
  fired(fault?: number): Promise<number>;
  /**
   * Takes all faults away.
   *
   * ```js
   * await emulator.clearFaults();
   * ```
   */
  clearFaults(): Promise<void>;
  /**
   * What time its clock shows.
   *
   * ```js
   * const before = await emulator.now();
   * ```
   */
  now(): Promise<Date>;
  /**
   * Moves its clock on by words such as `2h` or `90 minutes`, or by seconds, and tells what time it shows then;
   * everything due on the way has happened.
   *
   * Rejects with `emulator_refused` when the span cannot be read.
   *
   * ```js
   * const before = await emulator.now();
   * const after = await emulator.advance("2h");
   * console.log(after - before >= 2 * 3_600_000); // true
   * ```
   */
  advance(span: string | number): Promise<Date>;
  /**
   * Holds its clock still, or with `false` lets it run again.
   *
   * ```js
   * await emulator.freeze();
   * ```
   */
  freeze(frozen?: boolean): Promise<void>;
  /**
   * Stops it.
   *
   * ```js
   * await emulator.stop();
   * ```
   */
  stop(): Promise<void>;
  /** Stops it, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an emulator on a free port. The program is found in `AMC_FLEET_EMULATOR`, in this package, or in the target
 * folder of a checkout.
 *
 * Rejects with `no_emulator` where it is nowhere.
 *
 * ```js
 * await using emulator = await startEmulator({ instances: 3, seed: 7 });
 * ```
 */
export declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;
