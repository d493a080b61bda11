import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestBackend } from '#test/support/backend.ts';
import { bigImage } from '#test/support/big-image.ts';
import { failingDisk } from '#test/support/failing-disk.ts';
import { localAddress, startFileBackend } from '#test/support/file-backend.ts';
import { pushContent } from '#test/support/push-content.ts';
import type { ApiClient } from '#test/support/transports.ts';

const MIB = 1024 * 1024;

/** Size of the largest file below a folder. */
function largestIn(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(0, ...names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0));
}

const disk = failingDisk();

describe.skipIf(!disk.isMounted)('a transfer into a file, on a disk that fails', () => {
  let backend: TestBackend;
  let client: ApiClient;
  let chosen = '';
  beforeAll(async () => {
    backend = await startFileBackend({ samples: false, chosen: () => chosen });
    client = createRouterClient(backend.router);
    await pushContent(await localAddress(client), 'big/app', bigImage(6 * MIB), ['v1']);
  });
  afterAll(() => backend.close());

  async function start(format: 'oci-tar' | 'docker-tar' | 'oci-layout'): Promise<string> {
    const answer = await client.transfers.chooseDestination({ format, suggestedName: 'images' });
    const destination = { kind: 'path', format, pathId: answer.chosen?.pathId ?? '' } as const;
    const items = [{ kind: 'image', registryId: 'local', repository: 'big/app', reference: 'v1' } as const];
    for await (const event of await client.transfers.plan({ items, destination, options: {} })) {
      if (event.kind === 'done') return (await client.transfers.start({ planId: event.planId })).transferId;
    }
    throw new Error('the plan did not end');
  }
  async function untilEnd(transferId: string, isEnd: (state: string) => boolean) {
    for await (const { transfer, rows } of await client.transfers.watchOne({ transferId })) {
      if (isEnd(transfer.state)) return { state: transfer.state, rows };
    }
    throw new Error('it is gone');
  }

  it.each(['oci-tar', 'oci-layout', 'docker-tar'] as const)(
    'FI19 EIO while an %s is written: named, nothing at its place, and whole once the disk is mended',
    async (format) => {
      const folder = mkdtempSync(join(disk.path, 'pull-'));
      chosen = join(folder, 'images');
      // So slow that the disk fails in the middle of the layer.
      await client.settings.set({ transferLimitKibPerSecond: 1024 });
      const transferId = await start(format);
      await expect.poll(() => largestIn(folder), { timeout: 20_000 }).toBeGreaterThan(100_000);
      disk.fail();
      await client.settings.set({ transferLimitKibPerSecond: 0 });
      const failed = await untilEnd(transferId, (state) => state === 'failed' || state === 'done');
      const seen = readdirSync(folder);
      disk.mend();
      const error = { kind: 'disk', reason: 'the disk cannot be read or written', place: 'images' };
      expect(failed).toMatchObject({ state: 'failed', rows: [{ error }] });
      expect(seen).not.toContain('images');

      const { state } = await client.transfers.retry({ transferId });
      expect(state).not.toBe('failed');
      expect(await untilEnd(transferId, (state) => state === 'failed' || state === 'done')).toMatchObject({
        state: 'done',
      });
      expect(readdirSync(folder)).toEqual(['images']);
      const { images } = await client.archives.openPath({ path: chosen });
      expect(images).toHaveLength(1);
    },
  );
});
