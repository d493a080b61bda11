import { createHash } from 'node:crypto';
import { parseDigest } from '#shared/oci/digest.ts';
import type { LogEntry } from '#main/core/registry/transport/request-log.ts';
import { type Engine, type EngineOptions, startEngine } from './engine.ts';
import { json } from './fake-registry.ts';
import type { TestClock } from './test-clock.ts';

export const TAGS = json({ name: 'acme/web', tags: ['v1'] });
export const LIST = { repository: 'acme/web' };
export const MANIFEST = {
  headers: { 'content-type': 'application/vnd.oci.image.index.v1+json' },
  body: '{"manifests":[]}',
};
export const BLOB = Buffer.from('a blob');
export const blobDescriptor = {
  mediaType: 'x/y',
  digest: parseDigest(`sha256:${createHash('sha256').update(BLOB).digest('hex')}`),
  sizeBytes: BLOB.length,
  annotations: [],
  urls: [],
};

/** An engine whose pauses are as long as they may be, by a clock of the test's own. */
export const clockedEngine = (host: string, clock: TestClock, options: EngineOptions = {}): Engine =>
  startEngine(host, { ...options, clock, transport: { retry: { random: () => 1 }, ...options.transport } });

/** The decisions so far. */
const decisions = async (engine: Engine): Promise<readonly string[]> => {
  const first = await engine.transport.log.watch(new AbortController().signal).next();
  const entries: readonly LogEntry[] = first.value ?? [];
  return entries.flatMap((entry) => (entry.kind === 'decision' ? [entry.text] : []));
};
export const retries = async (engine: Engine) => (await decisions(engine)).filter((text) => text.startsWith('retry'));
