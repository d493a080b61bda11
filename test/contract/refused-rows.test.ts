import { describe, expect, it } from 'vitest';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { startFakeRegistry } from '#test/support/fake-registry.ts';
import { connectInMemory } from '#test/support/transports.ts';

describe('a row of a registry that refuses the password', () => {
  it('sends it again when a person asks for the row again, and for no other reason', async () => {
    let sent = 0;
    await using registry = await startFakeRegistry(({ headers }) => {
      sent += headers['authorization'] === undefined ? 0 : 1;
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
    });
    const backend = await startTestBackend({ samples: false });
    const connected = await connectInMemory(backend.router);
    const { client } = connected;
    const auth = { kind: 'password', username: 'alice', secret: 'canary' } as const;
    const { id: registryId } = await client.registries.add({ host: registry.host, plainHttp: true, auth });
    const row = (tag: string, again?: boolean) =>
      appErrorOf(
        client.tags.summary({ registryId, repository: 'acme/web', tag, ...(again === true ? { again } : {}) }),
      );
    for (const tag of ['v1', 'v2', 'v3', 'v1']) expect((await row(tag)).kind).toBe('unauthorized');
    expect(sent).toBe(1);
    // Not in the same moment, in which what a person opens together is answered together.
    await expect.poll(async () => (await row('v1', true), sent)).toBe(2);
    await connected.close();
    await backend.close();
  });
});
