import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isManifestPut } from '#test/support/chaos-faults.ts';
import { type ChaosProxy, startChaosProxy } from '#test/support/chaos-proxy.ts';
import { startTestBackend, type TestBackend } from '#test/support/backend.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { buildImage, buildLayer } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { hasTools } from '#test/support/tools.ts';
import type { ApiClient } from '#test/support/transports.ts';

const imageOf = (name: string) => buildImage({ layers: [buildLayer(name)] });

describe.skipIf(!hasTools('docker-registry'))('what was seen of a repository that is then copied to', () => {
  let registry: DockerRegistry;
  let proxy: ChaosProxy;
  let backend: TestBackend;
  let client: ApiClient;
  let registryId: string;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    proxy = await startChaosProxy(registry.host);
    backend = await startTestBackend({ samples: false });
    client = createRouterClient(backend.router);
    const added = await client.registries.add({ host: `http://${proxy.host}`, auth: { kind: 'anonymous' } });
    registryId = added.id;
  });
  afterAll(async () => {
    await backend.close();
    for (const each of [proxy, registry]) await each[Symbol.asyncDispose]();
  });

  /** An old image under `1` and `2`, seen by the person; a new one to be copied over `1`. */
  async function setUp(repository: string) {
    const [old, fresh] = [imageOf(`old ${repository}`), imageOf(`new ${repository}`)];
    await pushImage(registry.host, repository, old, ['1', '2']);
    await pushImage(registry.host, `${repository}-new`, fresh, ['1']);
    expect(await digestOf(repository, '1')).toBe(old.descriptor.digest);
    expect(await digestOf(repository, '2')).toBe(old.descriptor.digest);
    expect(await tagsOf(repository)).toEqual(['1', '2']);
    return { old, fresh };
  }
  const digestOf = async (repository: string, reference: string) =>
    (await client.images.get({ registryId, repository, reference })).digest;
  const tagsOf = async (repository: string) => (await client.tags.list({ registryId, repository })).tags.toSorted();
  async function begin(repository: string) {
    for await (const event of await client.transfers.plan({
      items: [{ kind: 'image', registryId, repository: `${repository}-new`, reference: '1' }],
      destination: { kind: 'registry', registryId, repository, tag: '{tag}' },
      options: { conflict: 'overwrite' },
    })) {
      if (event.kind === 'done') return (await client.transfers.start({ planId: event.planId })).transferId;
    }
    throw new Error('the plan never ended');
  }
  async function until(transferId: string, ...states: readonly string[]) {
    for await (const { transfer } of await client.transfers.watchOne({ transferId })) {
      if (states.includes(transfer.state)) return transfer.state;
    }
    return 'gone';
  }
  const outcome = (asked: Promise<unknown>) => asked.catch(() => 'unknown');

  it('is not shown as it was before, once the registry is away', async () => {
    const repository = 'kept/copied';
    const { old } = await setUp(repository);
    expect(await until(await begin(repository), 'done', 'failed', 'conflict')).toBe('done');
    await proxy.down();
    expect(await outcome(digestOf(repository, '1'))).toBe('unknown');
    expect(await outcome(tagsOf(repository))).toBe('unknown');
    // What the copy has not touched is as it was seen.
    expect(await digestOf(repository, '2')).toBe(old.descriptor.digest);
    await proxy.up();
  });

  it('is shown as it is now when it was looked at since', async () => {
    const repository = 'kept/looked';
    const { fresh } = await setUp(repository);
    expect(await until(await begin(repository), 'done', 'failed', 'conflict')).toBe('done');
    expect(await digestOf(repository, '1')).toBe(fresh.descriptor.digest);
    expect(await tagsOf(repository)).toEqual(['1', '2']);
    await proxy.down();
    expect(await digestOf(repository, '1')).toBe(fresh.descriptor.digest);
    expect(await tagsOf(repository)).toEqual(['1', '2']);
    await proxy.up();
  });

  it('is not shown as it was before while nobody knows whether the tag was written', async () => {
    const repository = 'kept/unanswered';
    await setUp(repository);
    const written = Promise.withResolvers<undefined>();
    proxy.add({
      match: (request) => isManifestPut(request, '1') && request.path.includes(repository),
      fault: { kind: 'hold-answer', onAnswer: () => written.resolve(undefined) },
      times: 1,
    });
    const transferId = await begin(repository);
    await written.promise;
    await proxy.down();
    expect(await outcome(digestOf(repository, '1'))).toBe('unknown');
    expect(await outcome(tagsOf(repository))).toBe('unknown');
    await client.transfers.cancel({ transferId });
    await proxy.up();
  });
});
