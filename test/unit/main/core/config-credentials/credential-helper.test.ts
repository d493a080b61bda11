import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { askHelper, type HelperOptions } from '#main/core/config-credentials/credential-helper.ts';
import { CredentialHelperError } from '#main/core/gantry-error.ts';
import { answering, configHome, type ConfigHome } from '#test/support/config-home.ts';

const CANARY = 'canary5ecretcanary5ecretcanary';
const SOURCE = '/home/alice/.docker/config.json';

function ask(home: ConfigHome, helper = 'test', options: Partial<HelperOptions> & { serverUrl?: string } = {}) {
  const { serverUrl = 'registry.example', ...rest } = options;
  return askHelper({ helper, serverUrl, source: SOURCE }, { env: home.env, homeDir: home.dir, ...rest });
}

async function failureOf(answer: Promise<unknown>): Promise<CredentialHelperError> {
  const error = await answer.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CredentialHelperError);
  return error as CredentialHelperError;
}

/** Gone, or a zombie that nobody has fetched yet. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

describe('askHelper', () => {
  it('gives the server on standard input and takes user name and secret from the answer', async () => {
    const home = configHome();
    home.addHelper('test', `{ echo "$#:$1"; cat; } >'${home.dir}/asked'\n${answering('alice', CANARY)}`);
    const answer = await ask(home, 'test', { serverUrl: 'https://index.docker.io/v1/' });
    expect(answer).toEqual({ kind: 'password', username: 'alice', secret: CANARY });
    expect(readFileSync(join(home.dir, 'asked'), 'utf8')).toBe('1:get\nhttps://index.docker.io/v1/');
  });

  it('takes the user <token> for an identity token', async () => {
    const home = configHome();
    home.addHelper('test', answering('<token>', CANARY));
    expect(await ask(home)).toEqual({ kind: 'identity', secret: CANARY });
  });

  it.each(['echo', 'echo >&2'])("takes the helper's own words for no credential (%s)", async (say) => {
    const home = configHome();
    home.addHelper('test', `${say} credentials not found in native keychain; exit 1`);
    expect(await ask(home)).toBeUndefined();
  });

  it('finds nothing in an answer without a secret', async () => {
    const home = configHome();
    home.addHelper('test', answering('', ''));
    expect(await ask(home)).toBeUndefined();
  });

  it('A16 says so when the helper is missing, with its name and the file that names it', async () => {
    expect(await failureOf(ask(configHome(), 'gone'))).toMatchObject({
      kind: 'credential-helper',
      helper: 'gone',
      reason: 'not-found',
      source: SOURCE,
    });
  });

  it('A16 kills a helper that hangs, with everything it started', async () => {
    const home = configHome();
    home.addHelper('test', `sleep 600 &\necho $! >'${home.dir}/child'\necho $$ >'${home.dir}/pid'\nwait`);
    expect(await failureOf(ask(home, 'test', { timeoutMs: 300 }))).toMatchObject({ reason: 'timeout' });
    const pids = ['pid', 'child'].map((name) => Number(readFileSync(join(home.dir, name), 'utf8')));
    await expect.poll(() => pids.every((pid) => hasEnded(pid))).toBe(true);
  });

  it('kills the helper when nobody wants the answer any more', async () => {
    const home = configHome();
    home.addHelper('test', `echo $$ >'${home.dir}/pid'\nexec sleep 600`);
    const controller = new AbortController();
    const question = { helper: 'test', serverUrl: 'a.example', source: SOURCE, signal: controller.signal };
    const answer = askHelper(question, { env: home.env, homeDir: home.dir });
    await expect
      .poll(() => existsSync(join(home.dir, 'pid')) && readFileSync(join(home.dir, 'pid'), 'utf8'))
      .toMatch(/\d/);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => hasEnded(Number(readFileSync(join(home.dir, 'pid'), 'utf8')))).toBe(true);
  });

  it.each([
    ['prints HTML', `echo '<html>${CANARY}</html>'`, 'bad-answer'],
    ['prints nothing', 'true', 'bad-answer'],
    ['prints JSON of another shape', `echo '["${CANARY}"]'`, 'bad-answer'],
    ['prints a user name without a secret', answering('alice', ''), 'bad-answer'],
    ['prints without end', `while :; do echo ${CANARY}; done`, 'bad-answer'],
    ['exits with 1 after its answer', `${answering('alice', CANARY)}; exit 1`, 'failed'],
    ['exits with 1 and says its secret', `echo "cannot use ${CANARY}" >&2; exit 1`, 'failed'],
    ['is killed', `kill -9 $$`, 'failed'],
  ])('A16 is an error when the helper %s, and no secret is repeated', async (_name, script, reason) => {
    const home = configHome();
    home.addHelper('test', script);
    const error = await failureOf(ask(home));
    expect(error).toMatchObject({ reason });
    expect(error.message + error.detail).not.toContain(CANARY);
  });

  it.each([
    'error: login failed with password s3cret-pw! token ghp-abcd/efgh-ijkl',
    's3cret-pw!',
    'gpg: decryption failed: No secret key s3cret-pw! ghp-abcd/efgh-ijkl',
  ])('A16 repeats none of the words of a helper that says %j', async (words) => {
    const home = configHome();
    home.addHelper('test', `cat >&2 <<'END'\n${words}\nEND\nexit 2`);
    const error = await failureOf(ask(home));
    expect(error).toMatchObject({ reason: 'failed', detail: expect.stringContaining('exit status 2') });
    expect(error.message + error.detail).not.toMatch(/s3cret|ghp|efgh/);
  });

  it("tells the helper's own words when they are known ones", async () => {
    const home = configHome();
    home.addHelper('test', 'echo "gpg: decryption failed: No secret key" >&2; exit 2');
    const error = await failureOf(ask(home));
    expect(error).toMatchObject({ reason: 'failed', detail: 'gpg: decryption failed: No secret key (exit status 2)' });
  });

  it('is an error when the program cannot be started', async () => {
    const home = configHome();
    const path = home.addHelper('test', 'true');
    home.write('bin/docker-credential-test', '#!/no/such/interpreter\n');
    chmodSync(path, 0o700);
    expect(await failureOf(ask(home))).toMatchObject({ reason: 'failed', detail: 'it cannot be started (ENOENT)' });
  });

  it.each(['../x', 'a;b', 'a b', '', '.', '-x', 'a/b', 'a\nb', 'a\0b', 'x'.repeat(65)])(
    'A17 refuses the name %j before anything is started',
    async (helper) => {
      const home = configHome();
      const marker = join(home.dir, 'ran');
      home.write('docker-credential-x', `#!/bin/sh\ntouch '${marker}'\n`);
      expect(await failureOf(ask(home, helper))).toMatchObject({ reason: 'bad-name', source: SOURCE });
      expect(existsSync(marker)).toBe(false);
    },
  );

  it.each(['a.example\nhost=evil.example', 'a.example\0', 'a b', ''])(
    'A17 refuses the address %j before anything is started',
    async (serverUrl) => {
      const home = configHome();
      const marker = join(home.dir, 'ran');
      home.addHelper('test', `touch '${marker}'`);
      expect(await failureOf(ask(home, 'test', { serverUrl }))).toMatchObject({ reason: 'bad-name' });
      await delay(50);
      expect(existsSync(marker)).toBe(false);
    },
  );

  it('looks in folders named absolutely only, and only at files that may be run', async () => {
    const home = configHome();
    home.write('bin/docker-credential-test', '#!/bin/sh\n');
    mkdirSync(join(home.dir, 'other/docker-credential-test'), { recursive: true });
    const PATH = ['', '.', 'bin', join(home.dir, 'bin'), join(home.dir, 'other')].join(':');
    expect(await failureOf(ask(home, 'test', { env: { PATH } }))).toMatchObject({ reason: 'not-found' });
  });

  it('finds what docker puts into the home of a Mac, where an app gets a short PATH', async () => {
    const home = configHome();
    const path = home.write('.docker/bin/docker-credential-desktop', `#!/bin/sh\n${answering('alice', CANARY)}\n`);
    chmodSync(path, 0o700);
    const env = { PATH: '/usr/bin:/bin' };
    expect(await failureOf(ask(home, 'desktop', { env, platform: 'linux' }))).toMatchObject({ reason: 'not-found' });
    expect(await ask(home, 'desktop', { env, platform: 'darwin' })).toMatchObject({ username: 'alice' });
  });
});
