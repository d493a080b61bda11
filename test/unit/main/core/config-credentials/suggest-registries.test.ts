import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConfigCredentials } from '#main/core/config-credentials/config-credentials.ts';
import { suggestRegistries, WELL_KNOWN_REGISTRIES } from '#main/core/config-credentials/suggest-registries.ts';
import { configHome, type ConfigHome, encodeAuth } from '#test/support/config-home.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';

const CANARY = 'canary-5ecret';
const auth = encodeAuth('alice', CANARY);

async function suggest(home: ConfigHome, env: Record<string, string> = {}) {
  const logger = recordingLogger();
  const config = createConfigCredentials({ homeDir: home.dir, env: { ...home.env, ...env }, logger });
  const all = suggestRegistries(await config.readPlaces());
  return { all, logger, fromFiles: all.filter((each) => each.source !== 'well-known') };
}

async function suggestFrom(docker: unknown, podman: unknown = {}) {
  const home = configHome();
  home.write('.docker/config.json', docker);
  home.write('.config/containers/auth.json', podman);
  return (await suggest(home)).fromFiles;
}

describe('suggestRegistries', () => {
  it('answers with the well-known registries when nothing is configured, and logs nothing', async () => {
    const { all, logger } = await suggest(configHome());
    expect(all.map((each) => each.host)).toEqual([...WELL_KNOWN_REGISTRIES.keys()]);
    expect(all.every((each) => !each.hasCredential)).toBe(true);
    expect(logger.lines).toEqual([]);
  });

  it('names the hosts of docker and podman once each, with their user names, and no secret', async () => {
    const home = configHome();
    home.write('.docker/config.json', {
      auths: { 'https://index.docker.io/v1/': { auth }, 'Registry.Example:5000': { auth: '' } },
    });
    home.write('.config/containers/auth.json', {
      auths: { 'quay.io/team/app': { auth }, 'docker.io': { auth: encodeAuth('bob', CANARY) } },
    });
    const { all, fromFiles, logger } = await suggest(home);
    expect(fromFiles).toEqual([
      { host: 'docker.io', label: 'Docker Hub', source: 'docker-config', hasCredential: true, username: 'alice' },
      { host: 'registry.example:5000', label: 'registry.example:5000', source: 'docker-config', hasCredential: false },
      { host: 'quay.io', label: 'Quay', source: 'podman-config', hasCredential: true, username: 'alice' },
    ]);
    expect(new Set(all.map((each) => each.host)).size).toBe(all.length);
    expect(JSON.stringify(all) + logger.text()).not.toMatch(new RegExp(`${CANARY}|${auth}`));
  });

  it('merges what docker and podman say of one host', async () => {
    expect(await suggestFrom({ auths: { 'a.example': {} } }, { auths: { 'a.example': { auth } } })).toEqual([
      { host: 'a.example', label: 'a.example', source: 'docker-config', hasCredential: true, username: 'alice' },
    ]);
  });

  it('takes an empty entry as a credential when a credential store is named, and asks no helper', async () => {
    const home = configHome();
    home.addHelper('desktop', `touch '${home.dir}/asked'`);
    home.write('.docker/config.json', { auths: { 'a.example': {} }, credsStore: 'desktop' });
    expect((await suggest(home)).fromFiles).toMatchObject([{ host: 'a.example', hasCredential: true }]);
    expect(() => execFileSync('ls', [join(home.dir, 'asked')], { stdio: 'ignore' })).toThrow('ls');
  });

  it('takes hosts of credential helpers', async () => {
    expect(await suggestFrom({ credHelpers: { '1.dkr.ecr.eu.amazonaws.com': 'ecr-login', 'b.example': '' } })).toEqual([
      {
        host: '1.dkr.ecr.eu.amazonaws.com',
        label: '1.dkr.ecr.eu.amazonaws.com',
        source: 'docker-config',
        hasCredential: true,
      },
    ]);
  });

  it('drops keys that are no host, __proto__ among them', async () => {
    const text = '{"auths":{"__proto__":{"auth":"x"},"a b":{},"":{},"u:p@evil.example":{},"ok.example":{"auth":7}}}';
    expect(await suggestFrom(text)).toMatchObject([{ host: 'ok.example', hasCredential: false }]);
  });

  it('stops at 200 hosts', async () => {
    const auths = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`h${index}.example`, {}]));
    expect(await suggestFrom({ auths })).toHaveLength(200);
  });

  it.each([
    ['not JSON', `{"auths": {"x.example": {"auth": "${auth}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['larger than 1 MiB', `{"auths":{"x.example":{}},"pad":"${'x'.repeat(1024 * 1024)}"}`],
  ])('skips a file that is %s, and logs no word of it', async (_name, content) => {
    const home = configHome();
    home.write('.docker/config.json', content);
    const { fromFiles, logger } = await suggest(home);
    expect(fromFiles).toEqual([]);
    expect(logger.lines).toMatchObject([{ level: 'warn', event: 'config-credentials.unreadable' }]);
    expect(logger.text()).not.toContain(auth.slice(0, 8));
  });

  it('skips a folder and a named pipe in the place of the file', async () => {
    const home = configHome();
    mkdirSync(home.dockerFile, { recursive: true });
    const pipe = join(home.dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { fromFiles, logger } = await suggest(home, { REGISTRY_AUTH_FILE: pipe });
    expect(fromFiles).toEqual([]);
    expect(logger.lines).toHaveLength(2);
  });

  it('reads any JSON object as hosts, sources and user names, and nothing else', async () => {
    const home = configHome();
    const objects = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(objects, async ([auths, credHelpers, credsStore]) => {
        home.write('.docker/config.json', { auths, credHelpers, credsStore });
        for (const entry of (await suggest(home)).fromFiles) {
          expect(entry.host).toMatch(/^[a-z0-9.:[\]-]+$/);
          expect(Object.keys(entry).filter((key) => key !== 'username')).toEqual([
            'host',
            'label',
            'source',
            'hasCredential',
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
