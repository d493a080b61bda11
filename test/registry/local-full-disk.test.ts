import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBlob } from '#main/core/local-registry/image-builder/content.ts';
import { type LocalRegistry, startLocalRegistry } from '#main/core/local-registry/start-local-registry.ts';
import { silentLogger } from '#test/support/local-registry.ts';
import { errorCode, type RawRequest, sendRaw } from '#test/support/raw-http.ts';

const disk = mkdtempSync(join(tmpdir(), 'gantry-full-'));
// A real disk of 2 MiB; only root on Linux may make one, and not in every container.
const isMounted =
  process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0;

afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!isMounted)('on a disk that is full', () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry({ dir: disk, port: 0, logger: silentLogger, clock: { now: Date.now } });
  });
  afterAll(() => registry.close());
  const send = (one: RawRequest) => sendRaw(registry.address, one);
  /** Takes the last byte there is. */
  const fill = () => expect(writeFile(join(disk, 'filler'), Buffer.alloc(big.bytes.length))).rejects.toThrow('ENOSPC');
  const big = buildBlob(Buffer.alloc(4 * 1024 * 1024, 'big'));
  const small = buildBlob('small');

  test('a push is told so, keeps what arrived, and the registry goes on', async () => {
    const kept = await send({
      method: 'POST',
      path: `/v2/app/blobs/uploads/?digest=${small.digest}`,
      body: small.bytes,
    });
    expect(kept.status).toBe(201);
    const opened = await send({ method: 'POST', path: '/v2/app/blobs/uploads/' });
    const path = opened.headers.location ?? '';
    const answer = await send({ method: 'PATCH', path, body: big.bytes });
    expect([answer.status, errorCode(answer)]).toEqual([507, 'DENIED']);
    expect((await send({ path: `/v2/app/blobs/${small.digest}` })).body.toString()).toBe('small');

    await fill();
    const manifest = { method: 'PUT', path: '/v2/app/manifests/v1', body: '{"schemaVersion":2,"manifests":[]}' };
    const headers = { 'Content-Type': 'application/vnd.oci.image.index.v1+json' };
    const full = await send({ ...manifest, headers });
    expect([full.status, errorCode(full)]).toEqual([507, 'DENIED']);
    expect(await registry.store.listRepositories()).toEqual([]);
    const sessions = await readdir(registry.store.layout.uploadsDir);
    expect((await send({ method: 'POST', path: '/v2/app/blobs/uploads/' })).status).toBe(507);
    expect(await readdir(registry.store.layout.uploadsDir)).toEqual(sessions);
    expect(await readdir(registry.store.layout.temporaryDir)).toEqual([]);

    const status = await send({ path });
    expect(status.status).toBe(204);
    expect(Number(status.headers.range?.split('-')[1])).toBeGreaterThan(500_000);
    expect((await send({ method: 'DELETE', path })).status).toBe(204);
    expect((await send({ ...manifest, headers })).status).toBe(201);
  });
});
