import { describe, expect, it } from 'vitest';
import { createClientPool } from '#main/core/connections/client-pool.ts';
import type { RegistryClient, RegistryConnection } from '#main/core/registry/registry-client.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';

function setUp(connect: (id: string) => Promise<RegistryConnection> = connectTo) {
  const closed: string[] = [];
  const pool = createClientPool({
    connect,
    createClient: (connection) =>
      ({ connection, close: async () => void closed.push(connection.host) }) as unknown as RegistryClient,
    logger: recordingLogger(),
  });
  return { pool, closed };
}

const connectTo = async (host: string): Promise<RegistryConnection> => ({
  host,
  plainHttp: false,
  skipVerification: false,
});

describe('createClientPool', () => {
  it('gives everyone who asks for a registry the same client', async () => {
    const { pool } = setUp();
    const [first, second, other] = await Promise.all([pool.get('a'), pool.get('a'), pool.get('b')]);
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });

  it('makes a new client after the connection has changed, and closes the old one', async () => {
    const { pool, closed } = setUp();
    const before = await pool.get('a');
    pool.forget('a');
    expect(await pool.get('a')).not.toBe(before);
    await expect.poll(() => closed).toEqual(['a']);
  });

  it('lets a caller leave while the keychain thinks, and the others wait', async () => {
    const unlocked = Promise.withResolvers<void>();
    const { pool } = setUp(async (id) => (await unlocked.promise, connectTo(id)));
    const leaving = new AbortController();
    const left = pool.get('a', leaving.signal);
    const stays = pool.get('a', new AbortController().signal);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await expect(pool.get('a', leaving.signal)).rejects.toThrow('left');
    unlocked.resolve();
    expect(await pool.get('a')).toBe(await stays);
  });

  it('closes without waiting for the keychain, and later what comes of it', async () => {
    const unlocked = Promise.withResolvers<void>();
    const { pool, closed } = setUp(async (id) => {
      if (id === 'locked') await unlocked.promise;
      return connectTo(id);
    });
    await pool.get('a');
    const waiting = pool.get('locked');
    await pool.close();
    expect(closed).toEqual(['a']);
    unlocked.resolve();
    await waiting;
    await expect.poll(() => closed).toEqual(['a', 'locked']);
  });

  it('tries again after a failure', async () => {
    let isLocked = true;
    const { pool } = setUp(async (host) => {
      if (isLocked) throw new TypeError('locked');
      return connectTo(host);
    });
    await expect(pool.get('a')).rejects.toThrow('locked');
    isLocked = false;
    expect((await pool.get('a')).connection.host).toBe('a');
  });

  it('closes every client', async () => {
    const { pool, closed } = setUp();
    await Promise.all([pool.get('a'), pool.get('b')]);
    await pool.close();
    expect(closed.toSorted()).toEqual(['a', 'b']);
  });
});
