"use strict";

/** Every error of this package: what went wrong, where, and what to do about it. */
class FleetError extends Error {
  constructor({ message, causes = [], ...fields }) {
    super(message, causes.length > 0 ? { cause: chain(causes) } : undefined);
    for (const [name, value] of Object.entries(fields)) {
      if (value !== null) this[name] = value;
    }
  }
}
Object.defineProperty(FleetError.prototype, "name", { value: "FleetError", configurable: true, writable: true });

/** Somebody stopped waiting; what was waited for goes on. */
class AbortError extends Error {
  constructor(reason) {
    super("nobody waits any more; the batch goes on", { cause: reason });
    this.code = "ABORT_ERR";
  }
}
Object.defineProperty(AbortError.prototype, "name", { value: "AbortError", configurable: true, writable: true });

function chain([message, ...rest]) {
  return new Error(message, rest.length > 0 ? { cause: chain(rest) } : undefined);
}

/** The error the native half wrote into a message, if it did; any other error as it is. */
function fleetError(error) {
  const { amcFleet, ...fields } = read(error?.message) ?? {};
  if (amcFleet !== 1) return error;
  const converted = new FleetError(fields);
  Error.captureStackTrace(converted, fleetError);
  return converted;
}

function read(message) {
  if (typeof message !== "string" || !message.startsWith("{")) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** The same function, throwing and rejecting with `FleetError`. */
function converting(call) {
  return function (...args) {
    try {
      const result = call.apply(this, args);
      return result instanceof Promise ? result.catch((error) => Promise.reject(fleetError(error))) : result;
    } catch (error) {
      throw fleetError(error);
    }
  };
}

/** The native half with every function and every method of every class throwing `FleetError`. */
function convertErrors(native) {
  const convert = (value) => {
    if (typeof value !== "function") return value;
    return Object.getOwnPropertyNames(value.prototype ?? {}).length > 1 ? convertClass(value) : converting(value);
  };
  return Object.fromEntries(Object.entries(native).map(([name, value]) => [name, convert(value)]));
}

/** A class of the same prototype: the static methods of a native class can be neither changed nor replaced. */
function convertClass(native) {
  const Converted = function (...args) {
    return Reflect.construct(native, args, new.target ?? native);
  };
  Object.defineProperty(Converted, "name", { value: native.name });
  Converted.prototype = native.prototype;
  for (const [name, value] of methods(native)) define(Converted, name, converting(value.bind(native)));
  for (const [name, value] of methods(native.prototype)) define(native.prototype, name, converting(value));
  define(native.prototype, "constructor", Converted);
  return Converted;
}

function methods(owner) {
  const own = Object.entries(Object.getOwnPropertyDescriptors(owner)).map(([name, { value }]) => [name, value]);
  return own.filter(([name, value]) => typeof value === "function" && name !== "constructor");
}

function define(owner, name, value) {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}

module.exports = { FleetError, AbortError, convertErrors, define };
