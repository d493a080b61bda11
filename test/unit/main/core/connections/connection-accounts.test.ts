import { describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { choice, openTestBook as setUp, SECRET } from '#test/support/connection-book.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const KEYCHAIN = { kind: 'keychain', name: 'Test' } as const;
const idle = new AbortController().signal;

describe('account names', () => {
  it('say what is kept, and keep every account of a host apart', async () => {
    const { book, credentials } = setUp();
    const names = ['alice', 'token', 'client key'];
    const { certificate, key } = await selfSigned();
    const tls = { clientCertificate: { pem: certificate, key: { kind: 'set', pem: key } } } as const;
    for (const username of names) await book.add(choice({ auth: { kind: 'password', username, secret: SECRET }, tls }));
    await book.add(choice({ auth: { kind: 'bearer', secret: 'b' } }));
    await book.add(choice({ auth: { kind: 'identity', secret: 'i' } }));
    expect(credentials.accounts.size).toBe(8);
    expect([...credentials.accounts].map((account) => account.replace(/ · .{6}$/, ''))).toEqual([
      'registry.example.com (alice)',
      'registry.example.com, client key',
      'registry.example.com (token)',
      'registry.example.com, client key',
      'registry.example.com (client key)',
      'registry.example.com, client key',
      'registry.example.com, token',
      'registry.example.com, identity token',
    ]);
  });
});

describe('a keychain that takes its time', () => {
  it('is believed to hold what the list says it does, after three seconds', async () => {
    const { book, credentials, clock } = setUp();
    const { account } = await book.add(choice());
    const typed = Promise.withResolvers<string | undefined>();
    credentials.get = () => typed.promise;
    const asked = book.isThere(account);
    await clock.advance(2999);
    let answer: boolean | undefined;
    void asked.then((isThere) => (answer = isThere));
    await clock.settle();
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(await asked).toBe(true);
    typed.resolve(undefined);
    expect(await book.isThere(account)).toBe(false);
  });
});

describe('a secret whose registry could not be added', () => {
  it('is noted, to be deleted at the next start, when the keychain does not take it back either', async () => {
    const { book, credentials, storage } = setUp();
    credentials.set = async (account) => {
      credentials.accounts.add(account);
      credentials.fail = 'delete';
      throw new Error('the keychain did not answer');
    };
    await expect(book.add(choice())).rejects.toThrow('did not answer');
    expect(book.list()).toHaveLength(1);
    expect(storage.leftovers.list()).toEqual([...credentials.accounts]);
  });
});

describe('signOut', () => {
  it('deletes secret and client key, forgets whom the secret was for, and keeps how to reach the host', async () => {
    const { book, credentials } = setUp();
    const { certificate, key } = await selfSigned();
    const clientCertificate = { pem: certificate, key: { kind: 'set', pem: key } } as const;
    const tls = { caPem: certificate, clientCertificate };
    const { id } = await book.add(choice({ tls, trustedTokenHosts: ['auth.example'], apiPrefix: '/a' }));
    const row = await book.signOut(id);
    expect(credentials.accounts.size).toBe(0);
    expect(row).toMatchObject({ authKind: 'anonymous', username: undefined, account: undefined });
    expect(row.reach).toEqual({
      caPem: certificate,
      proxy: { kind: 'system' },
      apiPrefix: '/a',
      repositoryPrefix: '',
      trustedTokenHosts: [],
      uploadHosts: [],
    });
    expect(await book.connectionOf(id)).toMatchObject({ tls: { caPem: certificate } });
    expect(book.get(id)).toEqual(row);
  });

  it('changes nothing when the keychain cannot delete, and refuses what is not there to sign out', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    credentials.fail = 'delete';
    await expect(book.signOut(id)).rejects.toMatchObject({ kind: 'credential-store' });
    credentials.fail = undefined;
    expect((await book.connectionOf(id)).credential).toMatchObject({ secret: SECRET });
    await expect(book.signOut('local')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(book.signOut('gone')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('trustTokenHost', () => {
  it('adds a host once, takes it back, and leaves the secret alone', async () => {
    const { book } = setUp();
    const { id } = await book.add(choice());
    await book.trustTokenHost(id, 'auth.example', true);
    expect((await book.trustTokenHost(id, 'AUTH.example:443', true)).reach.trustedTokenHosts).toEqual(['auth.example']);
    expect(await book.connectionOf(id)).toMatchObject({
      trustedTokenHosts: ['auth.example'],
      credential: { secret: SECRET },
    });
    expect((await book.trustTokenHost(id, 'auth.example', false)).reach.trustedTokenHosts).toEqual([]);
    await expect(book.trustTokenHost(id, 'evil.example/x', true)).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(book.trustTokenHost('local', 'auth.example', true)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('stops at 50 hosts, as many as an edit of the registry takes', async () => {
    const { book } = setUp();
    const trustedTokenHosts = Array.from({ length: 50 }, (_, index) => `auth-${index}.example`);
    const { id } = await book.add(choice({ trustedTokenHosts }));
    await expect(book.trustTokenHost(id, 'one-more.example', true)).rejects.toMatchObject({ kind: 'invalid-input' });
    expect((await book.trustTokenHost(id, 'auth-7.example', true)).reach.trustedTokenHosts).toHaveLength(50);
  });
});

describe('config', () => {
  it('stores nothing and asks its source for the host', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice({ auth: { kind: 'config' } }));
    const { credential, credentialSource } = await book.connectionOf(id);
    expect([credential, credentials.accounts.size]).toEqual([undefined, 0]);
    expect(await credentialSource?.find({})).toEqual({ why: 'asked for registry.example.com' });
    expect(await book.connectionOf((await book.signOut(id)).id)).not.toHaveProperty('credentialSource');
  });

  it('deletes the secret that was stored before', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(choice());
    await book.update(id, choice({ auth: { kind: 'config' } }));
    expect(credentials.accounts.size).toBe(0);
  });
});

describe('a renewed identity token', () => {
  const identity = choice({ auth: { kind: 'identity', secret: 'first' } });

  async function connect(book: ReturnType<typeof setUp>['book'], id: string) {
    const { credential } = await book.connectionOf(id);
    if (credential?.kind !== 'identity' || credential.onRenewed === undefined) throw new Error('no identity token');
    return { secret: credential.secret, renewTo: credential.onRenewed };
  }

  it('takes the place of the stored one, again and again', async () => {
    const { book } = setUp();
    const { id } = await book.add(identity);
    const { renewTo } = await connect(book, id);
    renewTo('second');
    renewTo('third');
    await expect.poll(async () => (await connect(book, id)).secret).toBe('third');
  });

  it('does not take the place of what a person has typed meanwhile, or come back after a removal', async () => {
    const { book, credentials } = setUp();
    const { id } = await book.add(identity);
    const before = await connect(book, id);
    await book.update(id, choice({ auth: { kind: 'identity', secret: 'typed' } }));
    before.renewTo('second');
    await book.update(id, choice({ ...identity, auth: { kind: 'unchanged' }, label: 'after it' }));
    expect((await connect(book, id)).secret).toBe('typed');
    const after = await connect(book, id);
    await book.remove(id);
    after.renewTo('third');
    await book.add(choice({ host: 'other.example', auth: { kind: 'anonymous' } }));
    expect(credentials.accounts.size).toBe(0);
  });

  it('takes the place of the typed one too, when it was renewed by a trial before', async () => {
    const { book, credentials } = setUp();
    const trial = await book.trialConnection(choice({ auth: { kind: 'identity', secret: ' first\n' } }));
    expect(trial.credential).toMatchObject({ kind: 'identity', secret: 'first' });
    if (trial.credential?.kind === 'identity') trial.credential.onRenewed?.('second');
    expect((await book.trialConnection(identity)).credential).toMatchObject({ secret: 'second' });
    const { account = '' } = await book.add(identity);
    expect(await credentials.get(account)).toBe('second');
    const other = await book.add(choice({ host: 'other.example', auth: { kind: 'identity', secret: 'another' } }));
    expect(await credentials.get(other.account ?? '')).toBe('another');
  });

  it('is lost with a line in the log when the keychain cannot keep it', async () => {
    const { book, credentials, logger } = setUp();
    const { id } = await book.add(identity);
    const { renewTo } = await connect(book, id);
    credentials.fail = 'set';
    renewTo('second');
    await expect.poll(() => logger.lines.map(({ event }) => event)).toEqual(['credentials.renewed-not-kept']);
    expect(logger.text()).not.toMatch(/first|second/);
  });
});

describe('keychain entries that are left over', () => {
  /** Two starts on one data folder: one without a keychain, then one whose keychain holds what is given. */
  async function twoStarts(work: (book: ReturnType<typeof setUp>['book'], id: string) => Promise<unknown>) {
    const dataDir = temporaryFolder();
    const first = setUp({ dataDir, status: KEYCHAIN });
    const { id, account = '' } = await first.book.add(choice());
    const second = setUp({ dataDir });
    await work(second.book, id);
    const third = setUp({ dataDir, status: KEYCHAIN });
    await third.credentials.set(account, SECRET);
    await third.book.deleteLeftovers(idle);
    return { ...third, id };
  }

  it('are deleted at the next start with a keychain: a registry removed without one', async () => {
    const { credentials, storage } = await twoStarts((book, id) => book.remove(id));
    expect([credentials.accounts.size, storage.leftovers.list()]).toEqual([0, []]);
  });

  it('are deleted too when the secret was changed or given up meanwhile, for it is out of date', async () => {
    const changed = await twoStarts((book, id) =>
      book.update(id, choice({ auth: { kind: 'password', username: 'alice', secret: 'new' } })),
    );
    expect(await changed.book.isThere(changed.book.get(changed.id).account)).toBe(false);
    const signedOut = await twoStarts((book, id) => book.signOut(id));
    expect(signedOut.credentials.accounts.size).toBe(0);
  });

  it('are nothing that is in use', async () => {
    const { credentials, book, id } = await twoStarts((book, id) =>
      book.update(id, choice({ label: 'Work', auth: { kind: 'unchanged' } })),
    );
    expect(credentials.accounts.size).toBe(1);
    expect((await book.connectionOf(id)).credential).toMatchObject({ secret: SECRET });
  });

  it('are kept in mind while the keychain cannot delete them, and forgotten when the name is used again', async () => {
    const { book, credentials, storage, logger } = setUp({ status: KEYCHAIN });
    const { account = '', id } = await book.add(choice());
    storage.leftovers.add('gone.example (bob) · 123456');
    storage.leftovers.add(account);
    credentials.fail = 'delete';
    await book.deleteLeftovers(idle);
    expect(storage.leftovers.list()).toHaveLength(2);
    expect(logger.lines.map(({ event }) => event)).toEqual(['credentials.leftover-kept', 'credentials.leftover-kept']);
    credentials.fail = undefined;
    await book.update(id, choice());
    await book.deleteLeftovers(idle);
    expect(storage.leftovers.list()).toEqual([]);
    expect([...credentials.accounts]).toEqual([account]);
  });

  it('are not touched without a keychain', async () => {
    const { book, storage } = setUp();
    storage.leftovers.add('gone.example (bob) · 123456');
    await book.deleteLeftovers(idle);
    expect(storage.leftovers.list()).toHaveLength(1);
  });
});
