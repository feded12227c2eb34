/// <reference lib="esnext.disposable" />
import type { Credentials, Fleet, OpenOptions } from "./index.js";

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
   * Asks or steers it: `/_emulator/<path>`.
   *
   * ```js
   * await emulator.control("faults", { method: "POST", body: JSON.stringify(plan) });
   * ```
   */
  control(path: string, init?: RequestInit): Promise<unknown>;
  /**
   * Lists the runs it has seen.
   *
   * ```js
   * const runs = await emulator.executions();
   * ```
   */
  executions(): Promise<unknown>;
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
