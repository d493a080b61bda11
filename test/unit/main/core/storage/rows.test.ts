import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConflictError } from '#main/core/gantry-error.ts';
import { isSameEntry, PLAIN_REACH } from '#main/core/storage/registry-rows.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { aRegistryRow } from '#test/support/registry-row.ts';
import { openTestStorage } from '#test/support/storage.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

function isConflict(write: () => void): boolean {
  try {
    write();
    return false;
  } catch (error) {
    if (error instanceof ConflictError) return true;
    throw error;
  }
}

describe('registryRows', () => {
  it('has the Local registry from the first moment, and first', () => {
    const { registries } = openTestStorage();
    registries.insert(aRegistryRow());
    expect(registries.list().map(({ id, kind }) => [id, kind])).toEqual([
      ['local', 'local'],
      ['a1b2c3', 'remote'],
    ]);
  });

  it('takes a reach that somebody has edited into nonsense for a plain one', () => {
    const dataDir = temporaryFolder();
    const { registries } = openTestStorage(dataDir);
    registries.insert(aRegistryRow({ reach: { ...PLAIN_REACH, apiPrefix: '/mine' } }));
    expect(registries.find('a1b2c3')?.reach).toEqual({ ...PLAIN_REACH, apiPrefix: '/mine' });
    const db = new DatabaseSync(join(dataDir, 'gantry.db'));
    for (const reach of ['[]', '7', '{"proxy":7}', '{"trustedTokenHosts":"evil.example"}']) {
      db.prepare('UPDATE registries SET reach = ? WHERE id = ?').run(reach, 'a1b2c3');
      expect(registries.find('a1b2c3')?.reach).toEqual(PLAIN_REACH);
    }
    db.close();
  });

  it('gives back every field as written, whatever its text', () => {
    const { registries } = openTestStorage();
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.boolean(), (label, username, plainHttp, skipVerification) => {
        const row = aRegistryRow({
          label,
          username,
          plainHttp,
          skipVerification,
          authKind: 'password',
          account: label,
        });
        registries.insert(row);
        expect(registries.find(row.id)).toEqual({ ...row, kind: 'remote' });
        expect(registries.remove(row.id)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('lists in the order added, and keeps it through a change', () => {
    const { registries } = openTestStorage();
    for (const id of ['c', 'a', 'b']) registries.insert(aRegistryRow({ id, host: `${id}.example` }));
    registries.update(aRegistryRow({ id: 'c', host: 'changed.example' }));
    expect(registries.list().map((row) => row.host)).toEqual(['', 'changed.example', 'a.example', 'b.example']);
  });

  it('refuses the same host with the same sign-in as a conflict', () => {
    const { registries } = openTestStorage();
    registries.insert(aRegistryRow({ id: 'one', authKind: 'password', username: 'alice' }));
    expect(() => registries.insert(aRegistryRow({ id: 'two', authKind: 'password', username: 'alice' }))).toThrow(
      expect.objectContaining({ kind: 'conflict', what: 'registry.example.com as alice is already in the list' }),
    );
    registries.insert(aRegistryRow({ id: 'three', authKind: 'password', username: 'bob' }));
    registries.insert(aRegistryRow({ id: 'four' }));
    expect(registries.list()).toHaveLength(4);
  });

  it('has one entry where isSameEntry says so', () => {
    const { registries } = openTestStorage();
    const entry = fc.record({
      authKind: fc.constantFrom('anonymous', 'password', 'bearer', 'identity'),
      username: fc.constantFrom(undefined, 'alice'),
      label: fc.constantFrom(undefined, 'Team A'),
      apiPrefix: fc.constantFrom('', '/team-a'),
      repositoryPrefix: fc.constantFrom('', 'hub'),
    });
    const rowOf = (
      id: string,
      { apiPrefix, repositoryPrefix, ...rest }: { apiPrefix: string; repositoryPrefix: string },
    ) => aRegistryRow({ id, ...rest, reach: { ...PLAIN_REACH, apiPrefix, repositoryPrefix } });
    fc.assert(
      fc.property(entry, entry, (first, second) => {
        const [one, other] = [rowOf('one', first), rowOf('other', second)];
        registries.insert(one);
        expect(isConflict(() => registries.insert(other))).toBe(isSameEntry(one, other));
        registries.remove('one');
        registries.remove('other');
      }),
      { numRuns: 300 },
    );
  });

  it('never removes or changes the Local registry', () => {
    const { registries } = openTestStorage();
    expect(registries.remove('local')).toBe(false);
    registries.update(aRegistryRow({ id: 'local', host: 'evil.example' }));
    expect(registries.find('local')?.host).toBe('');
  });
});

describe('pinRows', () => {
  it('keeps the order of pinning and pins nothing twice', () => {
    const { pins } = openTestStorage();
    const pin = (repository: string) => pins.add({ registryId: 'local', repository });
    expect([pin('zebra'), pin('ant'), pin('zebra')]).toEqual([true, true, false]);
    expect(pins.list().map((entry) => entry.repository)).toEqual(['zebra', 'ant']);
    expect(pins.remove({ registryId: 'local', repository: 'zebra' })).toBe(true);
    expect(pins.remove({ registryId: 'local', repository: 'zebra' })).toBe(false);
  });

  it('go with their registry', () => {
    const { pins, registries } = openTestStorage();
    registries.insert(aRegistryRow());
    pins.add({ registryId: 'a1b2c3', repository: 'team/app' });
    pins.add({ registryId: 'local', repository: 'sample' });
    registries.remove('a1b2c3');
    expect(pins.list()).toEqual([{ registryId: 'local', repository: 'sample' }]);
  });
});

describe('settingRows', () => {
  const theme = z.enum(['light', 'dark']);

  it('reads what was written, else the fallback', () => {
    const { settings } = openTestStorage();
    expect(settings.read('theme', theme, 'light')).toBe('light');
    settings.write({ theme: 'dark' });
    expect(settings.read('theme', theme, 'light')).toBe('dark');
  });

  it.each([['"purple"'], ['not json'], ['{"theme":"dark"}']])('ignores a stored %s and says so', (value) => {
    const dataDir = temporaryFolder();
    const logger = recordingLogger();
    const { settings } = openTestStorage(dataDir, logger);
    const db = new DatabaseSync(join(dataDir, 'gantry.db'));
    db.prepare("INSERT INTO settings VALUES ('theme', ?)").run(value);
    db.close();
    expect(settings.read('theme', theme, 'light')).toBe('light');
    expect(logger.lines).toMatchObject([{ event: 'storage.setting-ignored', fields: { key: 'theme' } }]);
  });

  it('writes all or nothing', () => {
    const { settings } = openTestStorage();
    expect(() => settings.write({ theme: 'dark', broken: undefined })).toThrow(/cannot be bound/);
    expect(settings.read('theme', theme, 'light')).toBe('light');
  });
});
