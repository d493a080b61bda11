import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const child = resolve(import.meta.dirname, '../../../../support/keychain-child.ts');
const bookChild = resolve(import.meta.dirname, '../../../../support/keychain-book-child.ts');
const unlockAndRun = 'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"';
const tools = ['dbus-run-session', 'gnome-keyring-daemon'];
const missing = tools.filter((tool) => spawnSync('which', [tool]).status !== 0);
const canSkip = process.env['CI'] !== 'true' && missing.length > 0;

/** A keyring of its own in an empty home: the developer's real one is never touched. */
function privateEnvironment(): Record<string, string> {
  const home = temporaryFolder();
  const runtime = join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const { PATH = '', LD_LIBRARY_PATH } = process.env;
  return { PATH, HOME: home, XDG_RUNTIME_DIR: runtime, ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) };
}

async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<unknown> {
  const running = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: resolve('.') });
  let [out, err] = ['', ''];
  running.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  running.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(running, 'close');
  const line = out.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`no answer from the child: ${err.slice(0, 2000)}`);
  return JSON.parse(line);
}

describe('createKeychainStore', () => {
  it.skipIf(canSkip)(
    `writes, reads, changes and really deletes in a real Secret Service${canSkip ? ` (missing: ${missing.join(', ')})` : ''}`,
    async () => {
      const answer = await run(
        'dbus-run-session',
        ['--', 'bash', '-c', unlockAndRun, process.execPath, child],
        privateEnvironment(),
      );
      expect(answer).toEqual({
        status: { kind: 'keychain', name: 'Secret Service' },
        before: null,
        written: 'pa$$ wörd',
        readBySecond: 'pa$$ wörd',
        changed: 'changed',
        deleted: true,
        deletedAgain: false,
        after: null,
        left: 0,
        events: [],
      });
    },
  );

  it.skipIf(process.platform !== 'linux')('gives way to memory, with the reason, where no D-Bus is', async () => {
    const env = { ...privateEnvironment(), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    expect(await run(process.execPath, [child], env)).toMatchObject({
      status: {
        kind: 'memory',
        reason: 'No secret service answers on this desktop: passwords are kept until Gantry closes.',
      },
      written: 'pa$$ wörd',
      readBySecond: null,
      deleted: true,
      deletedAgain: false,
      after: null,
      events: ['credentials.memory-only', 'credentials.memory-only'],
    });
  });

  it.skipIf(process.platform !== 'linux')('gives way to memory where no D-Bus address is set at all', async () => {
    expect(await run(process.execPath, [child], privateEnvironment())).toMatchObject({ status: { kind: 'memory' } });
  });

  it.skipIf(canSkip)('gives way to memory where a bus answers but no secret service', async () => {
    const env = { ...privateEnvironment(), XDG_DATA_DIRS: '/nonexistent' };
    expect(await run('dbus-run-session', ['--', process.execPath, child], env)).toMatchObject({
      status: { kind: 'memory', reason: expect.stringContaining('passwords are kept until Gantry closes') },
    });
  });
});

describe('the list of registries over a real keychain', () => {
  it.skipIf(canSkip)(
    'names its entries so that a person knows them, and leaves none behind, also of what was removed without it',
    async () => {
      const folder = temporaryFolder();
      const { certificate, key } = await selfSigned();
      const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
      writeFileSync(certificateFile, certificate);
      writeFileSync(keyFile, key);
      const command = [process.execPath, bookChild, folder, certificateFile, keyFile];
      const all = ['--', 'bash', '-c', unlockAndRun, ...command];
      expect(await run('dbus-run-session', all, privateEnvironment())).toEqual({
        added: ['one.example (alice)', 'one.example, client key', 'two.example (alice)', 'two.example, client key'],
        isWhole: true,
        removed: ['two.example (alice)', 'two.example, client key'],
        removedWithout: ['two.example (alice)', 'two.example, client key'],
        left: [],
        noted: [],
      });
    },
  );
});
