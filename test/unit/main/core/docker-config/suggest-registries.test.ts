import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#main/core/docker-config/read-config-file.ts';
import { suggestRegistries, WELL_KNOWN_REGISTRIES } from '#main/core/docker-config/suggest-registries.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const CANARY = 'canary-5ecret';
const auth = Buffer.from(`alice:${CANARY}`).toString('base64');

function write(path: string, content: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function suggest(homeDir: string, env: Record<string, string> = {}) {
  const logger = recordingLogger();
  const all = await suggestRegistries({ homeDir, env, logger });
  return { all, logger, fromFiles: all.filter((each) => each.source !== 'well-known') };
}

describe('suggestRegistries', () => {
  it('answers with the well-known registries when nothing is configured, and logs nothing', async () => {
    const { all, logger } = await suggest(temporaryFolder());
    expect(all.map((each) => each.host)).toEqual([...WELL_KNOWN_REGISTRIES.keys()]);
    expect(all.every((each) => !each.hasCredential)).toBe(true);
    expect(logger.lines).toEqual([]);
  });

  it('names the hosts of docker and podman config once each, and no secret', async () => {
    const home = temporaryFolder();
    write(join(home, '.docker/config.json'), {
      auths: { 'https://index.docker.io/v1/': { auth }, 'Registry.Example:5000': { auth: '' } },
    });
    write(join(home, '.config/containers/auth.json'), {
      auths: { 'quay.io/team/app': { auth }, 'docker.io': { auth } },
    });
    const { all, fromFiles, logger } = await suggest(home);
    expect(fromFiles).toEqual([
      { host: 'docker.io', label: 'Docker Hub', source: 'docker-config', hasCredential: true },
      { host: 'registry.example:5000', label: 'registry.example:5000', source: 'docker-config', hasCredential: false },
      { host: 'quay.io', label: 'Quay', source: 'podman-config', hasCredential: true },
    ]);
    expect(new Set(all.map((each) => each.host)).size).toBe(all.length);
    expect(JSON.stringify(all) + logger.text()).not.toContain(auth);
  });

  it('follows the variables of the tools', async () => {
    const home = temporaryFolder();
    write(join(home, 'd/config.json'), { auths: { 'one.example': {} } });
    write(join(home, 'run/containers/auth.json'), { auths: { 'two.example': {} } });
    const explicit = write(join(home, 'mine.json'), { auths: { 'three.example': {} } });
    const env = { DOCKER_CONFIG: join(home, 'd'), XDG_RUNTIME_DIR: join(home, 'run') };
    const hosts = async (more: Record<string, string> = {}) =>
      (await suggest(home, { ...env, ...more })).fromFiles.map((each) => each.host);
    expect(await hosts()).toEqual(['one.example', 'two.example']);
    expect(await hosts({ REGISTRY_AUTH_FILE: explicit })).toEqual(['one.example', 'three.example']);
  });

  it.each([
    ['not JSON', `{"auths": {"x.example": {"auth": "${auth}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['larger than 1 MiB', `{"auths":{"x.example":{}},"pad":"${'x'.repeat(1024 * 1024)}"}`],
  ])('skips a file that is %s, and logs no word of it', async (_name, content) => {
    const home = temporaryFolder();
    write(join(home, '.docker/config.json'), content);
    const { fromFiles, logger } = await suggest(home);
    expect(fromFiles).toEqual([]);
    expect(logger.lines).toMatchObject([{ level: 'warn', event: 'docker-config.skipped' }]);
    expect(logger.text()).not.toContain(auth.slice(0, 8));
  });

  it('skips a folder and a named pipe in the place of the file', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.docker/config.json'), { recursive: true });
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { fromFiles, logger } = await suggest(home, { REGISTRY_AUTH_FILE: pipe });
    expect(fromFiles).toEqual([]);
    expect(logger.lines).toHaveLength(2);
  });
});

describe('parseConfig', () => {
  it('takes an empty entry as a credential when a credential store is named', () => {
    expect(parseConfig('{"auths":{"a.example":{}},"credsStore":"desktop"}')).toEqual([
      { host: 'a.example', hasCredential: true },
    ]);
  });

  it('takes hosts of credential helpers', () => {
    expect(parseConfig('{"credHelpers":{"1.dkr.ecr.eu.amazonaws.com":"ecr-login"}}')).toEqual([
      { host: '1.dkr.ecr.eu.amazonaws.com', hasCredential: true },
    ]);
  });

  it('drops keys that are no host, __proto__ among them', () => {
    const text = '{"auths":{"__proto__":{"auth":"x"},"a b":{},"":{},"u:p@evil.example":{},"ok.example":{"auth":7}}}';
    expect(parseConfig(text)).toEqual([{ host: 'ok.example', hasCredential: false }]);
  });

  it('stops at 200 hosts', () => {
    const auths = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`h${index}.example`, {}]));
    expect(parseConfig(JSON.stringify({ auths }))).toHaveLength(200);
  });

  it('reads any JSON object as hosts and booleans, and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (auths, credHelpers) => {
        for (const entry of parseConfig(JSON.stringify({ auths, credHelpers }))) {
          expect(Object.keys(entry)).toEqual(['host', 'hasCredential']);
          expect(entry.host).toMatch(/^[a-z0-9.:[\]-]+$/);
        }
      }),
    );
  });
});
