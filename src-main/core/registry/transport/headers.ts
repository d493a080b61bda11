import { stripParameters } from '#shared/oci/media-type.ts';

/** Response headers as undici gives them: lower-case names, a list where a header came more than once. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every line of one header, in order; empty when absent. */
export function headerLines(headers: Headers, name: string): readonly string[] {
  if (!Object.hasOwn(headers, name)) return [];
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The header's value when it came exactly once. Twice or more is no value: which one to believe is anyone's guess. */
export function singleHeader(headers: Headers, name: string): string | undefined {
  const lines = headerLines(headers, name);
  return lines.length === 1 ? lines[0] : undefined;
}

/** `Content-Length` as a safe integer, undefined when absent or anything else. */
export function contentLength(headers: Headers): number | undefined {
  const text = singleHeader(headers, 'content-length')?.trim();
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `Content-Type` without parameters, lower-case; undefined when absent or empty. */
export function mediaTypeOf(headers: Headers): string | undefined {
  const type = stripParameters(singleHeader(headers, 'content-type') ?? '');
  return type === '' ? undefined : type;
}
