"use strict";

const { AbortError } = require("./errors.cjs");

/**
 * Runs a wait that an `AbortSignal` can leave.
 *
 * @param {new () => { now(): void }} Detach the native half's way to end a wait
 * @param {AbortSignal | undefined} signal
 * @param {(detach: object) => Promise<T>} wait
 * @template T
 * @returns {Promise<T>}
 */
async function detachable(Detach, signal, wait) {
  if (signal?.aborted) throw new AbortError(signal.reason);
  const detach = new Detach();
  const leave = () => detach.now();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    return await wait(detach);
  } catch (error) {
    throw error.code === "detached" ? new AbortError(signal.reason) : error;
  } finally {
    signal?.removeEventListener("abort", leave);
  }
}

module.exports = { detachable };
