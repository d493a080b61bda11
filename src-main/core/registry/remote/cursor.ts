import { hash } from 'node:crypto';
import { InvalidInputError } from '../../gantry-error.ts';
import { LIMITS } from '../transport/limits.ts';
import { hidesNothing } from '../transport/redact.ts';
import { RegistryError, type RequestTrace } from '../transport/registry-error.ts';

/**
 * Where a list left off. Besides the registry's own opaque path it carries what is needed to notice a list that
 * never ends, since nobody keeps state between two pages: the page number, and one path seen earlier (Brent's
 * algorithm: it is replaced at pages 1, 2, 4, 8…, so any cycle meets it sooner or later).
 */
export type PagePosition = {
  /** Path and query on the registry's origin, exactly as the registry gave it. */
  readonly path: string;
  readonly page: number;
  readonly seen: string;
  /** Of what the page before held, so that the same page under another address is noticed; empty for the first. */
  readonly content: string;
};

/** A list that cannot go on. It is only told when the next page is asked for, so that no page is lost (P01, P02, P05). */
export type Stop = (typeof STOP_KINDS)[number];

const STOP_KINDS = ['loop', 'limit', 'foreign', 'unreadable'] as const;

const STOPS: Readonly<Record<Stop, string>> = {
  loop: 'the registry links back to a page it sent before',
  limit: `the list is longer than ${LIMITS.pages} pages, or its pages are empty`,
  foreign: 'the link to the next page leaves the registry',
  unreadable: 'the link to the next page is unreadable',
};

const CURSOR = /^(\d{1,4}):([0-9a-f]{16}):([0-9a-f]{16}|):(\/v2\/.*)$/s;

/** The first page. */
export function firstPosition(path: string): PagePosition {
  return { path, page: 1, seen: fingerprint(path), content: '' };
}

/** The position after `from`, or why there is none. */
export function nextPosition(from: PagePosition, path: string): PagePosition | Stop {
  if (from.page >= LIMITS.pages) return 'limit';
  const print = fingerprint(path);
  if (print === from.seen) return 'loop';
  const page = from.page + 1;
  const isPowerOfTwo = (page & (page - 1)) === 0;
  return { path, page, seen: isPowerOfTwo ? print : from.seen, content: '' };
}

/** As text for the caller to hand back. */
export function encodeCursor(position: PagePosition | Stop): string {
  if (typeof position === 'string') return `stop:${position}`;
  const { page, seen, content, path } = position;
  return `${page}:${seen}:${content}:${path}`;
}

/**
 * Reads a cursor that came back. It may have been tampered with: only a path under `/v2/` of the same origin is
 * taken. @throws {InvalidInputError} for text that is no cursor; {RegistryError} `protocol` with `link` or
 * `page-loop` when the list had to stop
 */
export function decodeCursor(cursor: string, origin: URL): PagePosition {
  const stop = STOP_KINDS.find((kind) => cursor === `stop:${kind}`);
  if (stop !== undefined) throw stopError(stop, origin);
  const match = CURSOR.exec(cursor);
  const [, page = '', seen = '', content = '', path = ''] = match ?? [];
  const url = URL.parse(path, origin.href);
  if (match === null || url === null || url.origin !== origin.origin || !url.pathname.startsWith('/v2/')) {
    throw new InvalidInputError('cursor', 'not a cursor of this registry');
  }
  // What was judged, not what was written: `/v2/../` has been taken out of it.
  return { path: `${url.pathname}${url.search}`, page: Number(page), seen, content };
}

/** True when a cursor may lie on a disk: nothing in its address may be a secret, by the allowlist of `redactUrl`. */
export function mayBeKept(cursor: string): boolean {
  const path = CURSOR.exec(cursor)?.[4];
  const url = path === undefined ? null : URL.parse(path, 'http://registry.invalid');
  return cursor.startsWith('stop:') || (url !== null && url.hash === '' && hidesNothing(url));
}

function stopError(stop: Stop, origin: URL): RegistryError {
  const trace: RequestTrace = { method: 'GET', url: `${origin.origin}/v2/`, hop: 'registry' };
  const reason = stop === 'loop' || stop === 'limit' ? 'page-loop' : 'link';
  return new RegistryError({ kind: 'protocol', reason, detail: STOPS[stop] }, trace);
}

/** Sixteen hex digits that stand for a text. */
export function fingerprint(text: string): string {
  return hash('sha256', text).slice(0, 16);
}
