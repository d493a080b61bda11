import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRegistry, startLocalRegistry } from '#main/core/local-registry/start-local-registry.ts';
import type { Logger } from '#main/core/ports.ts';

export const silentLogger: Logger = { log: () => undefined };

/** A new folder under the system's temporary one, removed by the returned function. */
export async function makeTemporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gantry-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export type TestRegistry = LocalRegistry & {
  readonly dir: string;
  /** Repositories reported as changed, in order. */
  readonly changes: readonly string[];
  /** A path as an address, e.g. `url('/v2/')`. */
  url(path: string): string;
  stop(): Promise<void>;
};

/** The Local registry on a free port over a folder of its own; `stop` removes both. */
export async function startTestRegistry(): Promise<TestRegistry> {
  const folder = await makeTemporaryFolder();
  const changes: string[] = [];
  const registry = await startLocalRegistry({
    dir: folder.path,
    port: 0,
    logger: silentLogger,
    clock: { now: Date.now },
    onChange: (repository) => changes.push(repository),
  });
  return {
    ...registry,
    dir: folder.path,
    changes,
    url: (path) => `http://${registry.address}${path}`,
    async stop() {
      await registry.close();
      await folder.remove();
    },
  };
}
