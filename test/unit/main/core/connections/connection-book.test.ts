import { describe, expect, it } from 'vitest';
import { choice, openTestBook as setUp, SECRET } from '#test/support/connection-book.ts';

describe('add', () => {
  it('keeps the secret in the store under a name a person recognises, and none of it in the row', async () => {
    const { book, credentials } = setUp();
    const row = await book.add(choice());
    expect(row.account).toBe(`registry.example.com (alice) · ${row.id.slice(0, 6)}`);
    expect(await credentials.get(row.account!)).toBe(SECRET);
    expect(JSON.stringify(book.list())).not.toContain(SECRET);
    expect(await book.connectionOf(row.id)).toEqual({
      host: 'registry.example.com',
      plainHttp: false,
      skipVerification: false,
      proxy: { kind: 'system' },
      apiPrefix: '',
      repositoryPrefix: '',
      trustedTokenHosts: [],
      uploadHosts: [],
      credential: { kind: 'password', username: 'alice', secret: SECRET },
      onHttpsSeen: expect.any(Function),
    });
  });

  it('needs no secret for an anonymous registry', async () => {
    const { book, credentials } = setUp();
    const row = await book.add(choice({ auth: { kind: 'anonymous' } }));
    expect(credentials.accounts.size).toBe(0);
    expect(await book.isThere(row.account)).toBe(false);
    expect(await book.connectionOf(row.id)).not.toHaveProperty('credential');
  });

  it.each([
    ['https://Registry.Example.com/v2/', 'registry.example.com', false],
    ['http://registry.example.com:5000', 'registry.example.com:5000', true],
    ['index.docker.io', 'docker.io', false],
  ])('takes %s as %s', async (host, expected, plainHttp) => {
    const { book } = setUp();
    expect(await book.add(choice({ host }))).toMatchObject({ host: expected, plainHttp });
  });

  it('never turns an https address into plain text', async () => {
    const { book } = setUp();
    expect(await book.add(choice({ host: 'https://a.example', plainHttp: true }))).toMatchObject({ plainHttp: false });
  });

  it.each([
    [{ host: 'not a host' }, 'host'],
    [{ host: `https://alice:${SECRET}@registry.example.com` }, 'host'],
    [{ auth: { kind: 'password', username: 'a:b', secret: SECRET } as const }, 'auth.username'],
    [{ auth: { kind: 'bearer', secret: `${SECRET}\r\nX-Evil: 1` } as const }, 'auth.secret'],
    [{ auth: { kind: 'unchanged' } as const }, 'auth'],
  ])('refuses %j at %s, stores nothing and repeats no secret', async (changes, path) => {
    const { book, credentials, hosts } = setUp();
    const error = await book.add(choice(changes)).catch((error: unknown) => error);
    expect(error).toMatchObject({ kind: 'invalid-input', path });
    expect((error as Error).message).not.toContain(SECRET);
    expect([hosts(), credentials.accounts.size]).toEqual([[''], 0]);
  });

  it('takes a token pasted with its line break', async () => {
    const { book } = setUp();
    const { id } = await book.add(choice({ auth: { kind: 'bearer', secret: 'abc.def\n' } }));
    expect((await book.connectionOf(id)).credential).toEqual({ kind: 'bearer', secret: 'abc.def' });
  });

  it('refuses a duplicate and the address of the Local registry as conflicts', async () => {
    const { book, credentials } = setUp();
    await book.add(choice());
    await expect(book.add(choice({ host: 'REGISTRY.example.com' }))).rejects.toMatchObject({ kind: 'conflict' });
    await expect(book.add(choice({ host: 'http://127.0.0.1:5555/' }))).rejects.toMatchObject({ kind: 'conflict' });
    expect(credentials.accounts.size).toBe(1);
    await book.add(choice({ auth: { kind: 'password', username: 'bob', secret: SECRET } }));
  });

  it('takes several paths of one host, each once', async () => {
    const { book, hosts } = setUp();
    const anonymous = (changes: object) => book.add(choice({ auth: { kind: 'anonymous' }, ...changes }));
    await anonymous({ apiPrefix: '/team-a' });
    await anonymous({ apiPrefix: '/team-b' });
    await anonymous({ apiPrefix: '/team-b', repositoryPrefix: 'hub' });
    await expect(anonymous({ apiPrefix: 'team-b/' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(anonymous({ apiPrefix: '/team-b', label: 'b' })).rejects.toMatchObject({ kind: 'conflict' });
    expect(hosts()).toHaveLength(4);
  });

  it.each(['bearer', 'identity'] as const)('takes several tokens (%s) of one host by their labels', async (kind) => {
    const { book } = setUp();
    const add = (label: string, secret: string) => book.add(choice({ label, auth: { kind, secret } }));
    const rows = [await add('Team A', 'token-a'), await add('Team B', 'token-b')];
    const secrets = rows.map(async ({ id }) => (await book.connectionOf(id)).credential?.secret);
    expect(await Promise.all(secrets)).toEqual(['token-a', 'token-b']);
    await expect(add('Team B', 'token-c')).rejects.toMatchObject({
      kind: 'conflict',
      what: 'registry.example.com with that sign-in is already in the list; give the other token a label of its own',
    });
  });

  it('takes one of two that are added at once', async () => {
    const { book, credentials } = setUp();
    const results = await Promise.allSettled([book.add(choice()), book.add(choice())]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect(credentials.accounts.size).toBe(1);
  });

  it('adds no row when the secret cannot be stored', async () => {
    const { book, credentials, hosts } = setUp();
    credentials.fail = 'set';
    await expect(book.add(choice())).rejects.toMatchObject({ kind: 'credential-store' });
    expect(hosts()).toEqual(['']);
  });

  it('takes the secret back when the row cannot be written', async () => {
    const { book, credentials, storage } = setUp();
    storage.close();
    await expect(book.add(choice())).rejects.toThrow('database is not open');
    expect(credentials.accounts.size).toBe(0);
  });
});

describe('update', () => {
  it('moves the secret to the new account and leaves nothing under the old', async () => {
    const { book, credentials } = setUp();
    const { id, account } = await book.add(choice());
    const row = await book.update(id, choice({ auth: { kind: 'password', username: 'bob', secret: 'new' } }));
    expect([...credentials.accounts]).toEqual([row.account]);
    expect(row.account).not.toBe(account);
  });

  it('keeps the secret when told so, and only for the same host', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    await book.update(id, choice({ label: 'Work', auth: { kind: 'unchanged' } }));
    expect((await book.connectionOf(id)).credential).toMatchObject({ username: 'alice', secret: SECRET });
    const elsewhere = choice({ host: 'evil.example', auth: { kind: 'unchanged' } });
    await expect(book.update(id, elsewhere)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
    await expect(book.trialConnection(elsewhere, id)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
    expect(credentials.accounts.size).toBe(1);
  });

  it.each([{ plainHttp: true }, { skipVerification: true }])(
    'asks for the secret again when the connection becomes less protected: %j',
    async (weaker) => {
      const { book } = setUp();
      const { id } = await book.add(choice());
      const weakened = choice({ ...weaker, auth: { kind: 'unchanged' } });
      await expect(book.update(id, weakened)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
      await expect(book.trialConnection(weakened, id)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
      const typed = await book.update(id, choice(weaker));
      expect(typed).toMatchObject(weaker);
      expect(await book.update(id, choice({ auth: { kind: 'unchanged' } }))).toMatchObject({ skipVerification: false });
    },
  );

  it('deletes the secret when the registry becomes anonymous', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    await book.update(id, choice({ auth: { kind: 'anonymous' } }));
    expect(credentials.accounts.size).toBe(0);
  });

  it.each(['get', 'set', 'delete'] as const)('changes nothing when the keychain fails to %s', async (verb) => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    credentials.fail = verb;
    const change = choice({ host: 'other.example', auth: { kind: 'password', username: 'bob', secret: 'new' } });
    await expect(book.update(id, change)).rejects.toMatchObject({ kind: 'credential-store' });
    credentials.fail = undefined;
    expect(await book.connectionOf(id)).toMatchObject({
      host: 'registry.example.com',
      credential: { username: 'alice', secret: SECRET },
    });
  });

  it('refuses the Local registry and one that is gone', async () => {
    const { book } = setUp();
    await expect(book.update('local', choice())).rejects.toMatchObject({ kind: 'conflict' });
    await expect(book.update('gone', choice())).rejects.toMatchObject({ kind: 'not-found', what: 'registry' });
  });
});

describe('remove', () => {
  it('really deletes the secret', async () => {
    const { book, credentials, hosts } = setUp();
    const { id } = await book.add(choice());
    expect(await book.remove(id)).toBe(true);
    expect([hosts(), credentials.accounts.size]).toEqual([[''], 0]);
    expect(await book.remove(id)).toBe(false);
  });

  it('keeps the registry when the keychain cannot delete, so that it can be tried again', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    credentials.fail = 'delete';
    await expect(book.remove(id)).rejects.toMatchObject({ kind: 'credential-store' });
    credentials.fail = undefined;
    expect(await book.connectionOf(id)).toMatchObject({ credential: { secret: SECRET } });
    expect(await book.remove(id)).toBe(true);
  });

  it('refuses the Local registry as a conflict', async () => {
    await expect(setUp().book.remove('local')).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('isThere', () => {
  it('is false when the store has lost it or cannot be read, and says the latter in the log', async () => {
    const { book, credentials, logger } = setUp();
    const row = await book.add(choice());
    expect(await book.isThere(row.account)).toBe(true);
    credentials.fail = 'get';
    expect(await book.isThere(row.account)).toBe(false);
    expect(logger.lines).toMatchObject([{ event: 'credentials.unreadable' }]);
    credentials.fail = undefined;
    await credentials.delete(row.account!);
    expect(await book.isThere(row.account)).toBe(false);
    expect(logger.text()).not.toContain(SECRET);
  });
});
