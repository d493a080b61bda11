import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { startTestBackend, TEST_OPTIONS, type TestBackend } from '#test/support/backend.ts';
import { dockerSave } from '#test/support/docker-save.ts';
import { standInDialogs } from '#test/support/dialogs.ts';
import { freePort } from '#test/support/free-port.ts';
import { checkedClient } from '#test/support/checked-client.ts';
import { listProcedures } from '#test/support/contract-procedures.ts';
import { type ApiClient, type Connected, TRANSPORTS } from '#test/support/transports.ts';
import type { CaseContext, Sample } from './case-context.ts';
import { CASES } from './cases.ts';

describe.each(TRANSPORTS)('every procedure over %s', (name, connect) => {
  let backend: TestBackend;
  let connected: Connected;
  let checked: ReturnType<typeof checkedClient>;
  let context: CaseContext;

  beforeAll(async () => {
    // Over memory as in development, over the others as shipped: the checks below must hold in both.
    const archivePath = writeArchive();
    backend = await startTestBackend({
      validateOutputs: name === 'memory',
      capabilities: { ...TEST_OPTIONS.capabilities, nativeDialogs: true, localPaths: true },
      dialogs: standInDialogs({ archive: archivePath, destination: `${archivePath}.saved` }),
    });
    connected = await connect(backend.router);
    checked = checkedClient(connected.client);
    const { client } = checked;
    const { localRegistry } = await client.host.info();
    if (localRegistry.state !== 'running') throw new Error(localRegistry.reason);
    context = {
      client,
      address: localRegistry.address,
      sample: await findIndex(client),
      closedPort: await freePort(),
      archivePath,
      files: backend.files,
    };
  });

  afterAll(async () => {
    await connected.close();
    await backend.close();
  });

  it.each(listProcedures().map((procedure) => procedure.name))('%s answers as its schema says', async (procedure) => {
    await CASES[procedure](context);
    expect(checked.called).toContain(procedure);
  });

  it('logs no internal error on the way', () => {
    expect(backend.logger.lines.filter((line) => line.event === 'api.internal-error')).toEqual([]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'gantry-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A tar of docker save. */
function writeArchive(): string {
  const path = join(folder, 'images.tar');
  writeFileSync(path, writeTar(dockerSave({ names: ['acme/app:1'] })));
  return path;
}

async function findIndex(client: ApiClient): Promise<Sample> {
  const registryId = 'local';
  for (const repository of (await client.repositories.list({ registryId })).repositories) {
    for (const tag of (await client.tags.list({ registryId, repository })).tags) {
      const summary = await client.tags.summary({ registryId, repository, tag });
      if (summary.kind === 'index' && summary.platforms.length > 1) return { registryId, repository, tag };
    }
  }
  throw new Error('no sample is a multi-arch index');
}

/** A port that was free a moment ago; nothing else of this test listens on it. */
