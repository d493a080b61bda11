import { OciError } from './oci-error.ts';

/** A JSON object from outside. Read it by the helpers here, which know that any field may be missing or null. */
export type JsonObject = Readonly<Record<string, unknown>>;

function badShape(where: string, expected: string): OciError {
  return new OciError('bad-shape', `${where} is not ${expected}`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null counts as missing, everywhere: Go writers send it for what they do not have. */
function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** @throws {OciError} kind `bad-shape` */
export function asObject(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw badShape(where, 'an object');
  return value;
}

/** @throws {OciError} kind `bad-shape` */
export function optionalObject(parent: JsonObject, name: string, where: string): JsonObject | undefined {
  const value = parent[name];
  return isMissing(value) ? undefined : asObject(value, `${where}.${name}`);
}

/** @throws {OciError} kind `bad-shape` */
export function optionalString(parent: JsonObject, name: string, where: string): string | undefined {
  const value = parent[name];
  if (isMissing(value)) return undefined;
  if (typeof value !== 'string') throw badShape(`${where}.${name}`, 'a string');
  return value;
}

/** Undefined also for an empty string, where a writer means "not set" by it. @throws {OciError} kind `bad-shape` */
export function optionalText(parent: JsonObject, name: string, where: string): string | undefined {
  const value = optionalString(parent, name, where);
  return value === '' ? undefined : value;
}

/** As long as a media type can be (RFC 6838, 4.2). What names a kind of thing is drawn in rows, so it must be short. */
const MAX_NAME = 255;

/** Lets a name of at most 255 characters pass. @throws {OciError} kind `limit` */
export function short<T extends string | undefined>(name: T, where: string): T {
  if (name === undefined || name.length <= MAX_NAME) return name;
  throw new OciError('limit', `${where} has more than ${MAX_NAME} characters`);
}

/** @throws {OciError} kind `bad-shape` */
export function optionalNumber(parent: JsonObject, name: string, where: string): number | undefined {
  const value = parent[name];
  if (isMissing(value)) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw badShape(`${where}.${name}`, 'a number');
  return value;
}

/** An empty list when missing. @throws {OciError} kind `bad-shape`, `limit` */
export function listOf(parent: JsonObject, name: string, where: string, limit: number): readonly unknown[] {
  const value = parent[name];
  if (isMissing(value)) return [];
  if (!Array.isArray(value)) throw badShape(`${where}.${name}`, 'a list');
  if (value.length > limit) throw new OciError('limit', `${where}.${name} has more than ${limit} entries`);
  const list: readonly unknown[] = value;
  return list;
}

/** @throws {OciError} kind `bad-shape`, `limit` */
export function listOfStrings(parent: JsonObject, name: string, where: string, limit: number): string[] {
  return listOf(parent, name, where, limit).map((entry) => {
    if (typeof entry !== 'string') throw badShape(`an entry of ${where}.${name}`, 'a string');
    return entry;
  });
}

/** Keys and values of a map of strings as pairs, in the order of the document, `__proto__` among them (M08). @throws {OciError} kind `bad-shape`, `limit` */
export function pairsOf(
  parent: JsonObject,
  name: string,
  where: string,
  limit: number,
): [name: string, value: string][] {
  const map = optionalObject(parent, name, where);
  if (map === undefined) return [];
  const entries = Object.entries(map);
  if (entries.length > limit) throw new OciError('limit', `${where}.${name} has more than ${limit} entries`);
  return entries.map(([key, value]) => {
    // Null is the zero value of a string map in Go, and so what Docker reads here.
    const text = value ?? '';
    if (typeof text !== 'string') throw badShape(`a value of ${where}.${name}`, 'a string');
    return [key, text];
  });
}

/** The sorted keys of one of the wire's sets (`{"80/tcp": {}}`). @throws {OciError} kind `bad-shape`, `limit` */
export function keysOf(parent: JsonObject, name: string, where: string, limit: number): string[] {
  const keys = Object.keys(optionalObject(parent, name, where) ?? {});
  if (keys.length > limit) throw new OciError('limit', `${where}.${name} has more than ${limit} entries`);
  return keys.sort();
}
