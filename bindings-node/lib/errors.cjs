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

/** The error the native half wrote into a message, or that of an argument it could not read; else the error itself. */
function fleetError(error, where) {
  const { amcFleet, ...fields } = read(error?.message) ?? unreadableArgument(error, where) ?? {};
  if (amcFleet !== 1) return error;
  const converted = new FleetError(fields);
  Error.captureStackTrace(converted, fleetError);
  if (fields.excerpt) converted.stack = converted.stack.replace(fields.message, () => `${fields.message}\n${fields.excerpt}`);
  return converted;
}

/** Node-API says what it could not read, but not in which call, and with codes of its own. */
function unreadableArgument(error, where) {
  if (!(error instanceof TypeError) && !/^InvalidArg$|Expected$/.test(error?.code)) return undefined;
  return {
    amcFleet: 1,
    code: "invalid_argument",
    kind: "invalid_input",
    message: `${where}: ${error.message}`,
    hint: "give it what its declaration in index.d.ts says",
    instances: [],
    retryable: false,
  };
}

function read(message) {
  if (typeof message !== "string" || !message.startsWith("{")) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** The same function, throwing `FleetError`. */
function converting(call, where) {
  return function (...args) {
    try {
      const result = call.apply(this, args);
      return result instanceof Promise ? result.catch((error) => rethrow(error, where)) : result;
    } catch (error) {
      return rethrow(error, where);
    }
  };
}

/** The same method as a promise, whatever fails: an argument of the wrong type rejects too. */
function promising(call, where) {
  return async function (...args) {
    try {
      return await call.apply(this, args);
    } catch (error) {
      return rethrow(error, where);
    }
  };
}

function rethrow(error, where) {
  throw fleetError(error, where);
}

/** The native half with every function and every method of every class throwing `FleetError`. */
function convertErrors(native) {
  const convert = ([name, value]) => {
    if (typeof value !== "function") return [name, value];
    const isClass = Object.getOwnPropertyNames(value.prototype ?? {}).length > 1;
    return [name, isClass ? convertClass(value) : converting(value, name)];
  };
  return Object.fromEntries(Object.entries(native).map(convert));
}

/** A class of the same prototype: the static methods of a native class can be neither changed nor replaced. */
function convertClass(native) {
  const Converted = function (...args) {
    return Reflect.construct(native, args, new.target ?? native);
  };
  const where = (method) => `${native.name}.${method}`;
  Object.defineProperty(Converted, "name", { value: native.name });
  Converted.prototype = native.prototype;
  for (const [name, value] of methods(native)) define(Converted, name, converting(value.bind(native), where(name)));
  for (const [name, value] of methods(native.prototype)) define(native.prototype, name, promising(value, where(name)));
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
