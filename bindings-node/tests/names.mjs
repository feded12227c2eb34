// Names are snake_case in the files that all languages share and camelCase here.

export const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
export const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A copy of plain data with every key in snake_case; instants become texts. */
export function snakeKeys(value) {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snake(key), snakeKeys(item)]));
}

/** The top-level keys of options in camelCase; what is below them belongs to the user. */
export function camelOptions(options) {
  return Object.fromEntries(Object.entries(options).map(([key, item]) => [camel(key), item]));
}
